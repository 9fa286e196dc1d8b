"""A portal in a folder that is thrown away, and an ear at its database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from config import Config
from srm_portal.app import create_app
from srm_portal.infra import migrate
from srm_portal.infra.db import db
from srm_portal.kernel.clock import Clock


@contextmanager
def temporary_portal(clock: Clock, uri: str = "") -> Iterator[Flask]:
    """A migrated, empty portal on SQLite (or at `uri`) as an installation runs it, without rate limits and mail."""
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as folder:
        config = Config()
        config.VAR_DIR = Path(folder)
        config.UPLOAD_DIR, config.KEYRING_FILE = config.VAR_DIR / "uploads", config.VAR_DIR / "keys" / "keyring.json"
        config.SQLALCHEMY_DATABASE_URI = uri or f"sqlite:///{folder}/portal.sqlite3"
        config.REDIS_URL = config.SMTP_URL = None
        config.RATELIMIT_ENABLED, config.RATELIMIT_STORAGE_URI = False, "memory://"
        config.PUBLIC_URL, config.SESSION_COOKIE_SECURE = "http://localhost", False
        config.LOG_FORMAT = "text"
        app = create_app(config, clock)
        with app.test_request_context(base_url=config.PUBLIC_URL):
            migrate.upgrade()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


_EDGES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK TO")


@dataclass
class Tape:
    """What the database was told, in order: (connection, act, statement, values)."""

    acts: list[tuple[int, str, str, Any]] = field(default_factory=list)

    @property
    def statements(self) -> int:
        return sum(act in ("one", "many") for _connection, act, _text, _values in self.acts)


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@contextmanager
def recorded(engine: Engine) -> Iterator[Tape]:
    """Record the statements that run inside, and the edges of their transactions."""
    tape = Tape()

    def note(connection: Connection, act: str, text: str = "", values: Any = None) -> None:
        tape.acts.append((id(connection.connection.dbapi_connection), act, text, values))

    def before(connection: Connection, _cursor: Any, text: str, values: Any, _context: Any, _many: bool) -> None:
        many = "many" if isinstance(values, list) else "one"
        note(connection, "edge" if text.startswith(_EDGES) else many, text, values)

    listeners = {
        "before_cursor_execute": before,
        "begin": lambda connection: note(connection, "begin"),
        "commit": lambda connection: note(connection, "commit"),
        "rollback": lambda connection: note(connection, "rollback"),
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield tape
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
