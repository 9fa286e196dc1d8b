"""What a cheat with database and keys can do: change one offer's entry, then make chains, log and checkpoints again."""

from __future__ import annotations

import sys
from types import SimpleNamespace

from sqlalchemy import text

from srm_portal.cli.common import portal
from srm_portal.infra.db import db
from srm_portal.infra.moment import app_now
from tests.audit.test_log import rebuild

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'log_leaf', \
'log_node', 'log_checkpoint', 'log_mark', 'log_head')"


def main(entry: str) -> None:
    with portal() as app:
        for name in db.session.scalars(text(TRIGGERS)).all():
            db.session.execute(text(f'DROP TRIGGER "{name}"'))
        db.session.commit()
        rebuild(SimpleNamespace(now=app_now(app)), entry)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(*sys.argv[1:])
