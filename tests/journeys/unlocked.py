"""Everything that this server's own keys open in its database, as a thief of both would print it."""

from __future__ import annotations

import sys

from srm_portal.cli.common import portal
from tests.offers.test_canary import with_the_servers_key


def main() -> None:
    with portal():
        sys.stdout.buffer.write(with_the_servers_key())


if __name__ == "__main__":
    main()
