"""One application per run, an empty database per test. SQLite, or PostgreSQL with SRM_TEST_DB=postgres."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from config import Config
from srm_portal.adapters.smtp import MemoryTransport
from srm_portal.app import create_app
from srm_portal.infra import gateways
from srm_portal.infra.db import db
from srm_portal.infra.limits import limiter
from srm_portal.infra.outbox import MailTransport
from srm_portal.kernel.clock import FixedClock
from tests.support import database
from tests.support.replays import every_auction_replays
from tests.support.world import World

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Browser(FlaskClient):
    """Each request gets a context of its own, as in a serving process, though the test holds one open."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


class TestConfig(Config):
    __test__ = False

    def __init__(self, folder: Path, uri: str) -> None:
        super().__init__()
        self.VAR_DIR = folder
        self.UPLOAD_DIR = folder / "uploads"
        self.KEYRING_FILE = folder / "keys" / "keyring.json"
        self.SQLALCHEMY_DATABASE_URI = uri
        self.PUBLIC_URL = "http://localhost"
        self.SECRET_KEY = "tests only"
        self.TESTING = True
        self.WTF_CSRF_ENABLED = False
        self.RATELIMIT_ENABLED = False
        self.RATELIMIT_STORAGE_URI = "memory://"
        self.REDIS_URL = None
        self.SMTP_URL = None
        self.REALTIME_DRIVER = "threading"
        self.PROPAGATE_CRASHES = True
        self.ARGON2 = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
        self.LOG_FORMAT = "text"


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("portal")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with database.fresh(folder, worker) as uri:
        app = create_app(TestConfig(folder, uri), clock)
        app.test_client_class = Browser
        with app.app_context():
            if db.engine.dialect.name == "sqlite":
                event.listen(db.engine, "connect", _without_waiting_for_the_disk)
                db.engine.dispose()
            db.create_all()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """What these tests check does not hang on the disk; the tests that kill a process start the portal as it ships."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(portal: Flask, clock: FixedClock) -> Iterator[Flask]:
    """The application over an empty database, at nine on a Monday."""
    clock.set(START)
    gateways.bind(portal, MailTransport, MemoryTransport())  # type: ignore[type-abstract]
    limiter.enabled = False
    with portal.app_context():
        _empty()
    yield portal
    with portal.app_context():
        db.session.rollback()
        db.session.remove()


def _empty() -> None:
    """Empty the tables that hold something: asking all of them in one statement is cheap, emptying each is not."""
    tables = list(reversed(db.metadata.sorted_tables))
    holds = (f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")" for table in tables)
    with db.engine.begin() as connection:
        filled = set(connection.execute(text(" UNION ALL ".join(holds))).scalars())
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys, no triggers
            connection.execute(text("TRUNCATE job, mail_message"))  # their rows then lie in the order they came in
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in tables:
            if table.name in filled:
                connection.execute(table.delete())


@pytest.fixture
def world(app: Flask, clock: FixedClock) -> Iterator[World]:
    """A buying organisation with one person per role, and ways to make more. App context pushed."""
    with app.app_context():
        yield World(app, clock)
        db.session.rollback()
        every_auction_replays()


@pytest.fixture
def letters(app: Flask) -> Any:
    """The mails that left, as (recipient, subject, body); run `world.run_jobs()` first."""
    return app.extensions["srm_gateways"][MailTransport].letters


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The run on PostgreSQL repeats only what touches a database."""
    if os.environ.get("SRM_ONLY_DB") != "1":
        return
    uses = (item for item in items if "portal" in getattr(item, "fixturenames", ()))
    kept = [item for item in uses if not item.get_closest_marker("once")]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
