"""SQLite has one writing process: a second one on the same file refuses to start."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.errors import InputError


@contextmanager
def only_process(app: Flask) -> Iterator[None]:
    """Hold the lock beside the database file while serving. PostgreSQL needs none."""
    database = db.engine.url.database
    if not is_sqlite() or not database or database == ":memory:":
        yield
        return
    with Path(database + ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                "database", f"{database} is served by another process; stop it, or use PostgreSQL for several processes"
            ) from None
        yield
