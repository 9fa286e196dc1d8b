"""`srm-portal run` or `demo` as it is, except that its clock is ahead by the seconds in a file that a test writes."""

from gevent import monkey

monkey.patch_all()

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from srm_portal.cli.demo import _Demonstration
from srm_portal.cli.serve import _Plain, serve
from srm_portal.kernel.clock import SystemClock


class SteppingClock:
    """The system's clock plus a step that can only grow."""

    def __init__(self, file: Path) -> None:
        self._file, self._real = file, SystemClock()

    def now(self) -> datetime:
        step = float(self._file.read_text() or 0) if self._file.exists() else 0.0
        return self._real.now() + timedelta(milliseconds=round(step * 1000))

    def stamp(self, _read: Callable[[], datetime] | None = None) -> datetime:
        return self.now()

    def trust(self, _read: Callable[[], datetime] | None = None) -> None:
        """Its steps are wanted."""


def main(kind: str, port: str, step_file: str) -> None:
    serve("127.0.0.1", int(port), _Demonstration() if kind == "demo" else _Plain(), SteppingClock(Path(step_file)))


if __name__ == "__main__":
    main(*sys.argv[1:])
