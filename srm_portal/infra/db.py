"""The database: one `db`, exact money, moments in UTC, and SQLite set up to keep its promises."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, Integer, MetaData, String, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

MONEY_SCALE = 6
"""Digits kept after the point: unit prices of screws need more than the coin."""

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def new_id() -> str:
    """An opaque id of 20 letters and digits: nothing can be guessed or counted from it."""
    return secrets.token_hex(10)


@lru_cache(maxsize=65_536)
def money_of(scaled: int) -> Decimal:
    """The amount of so many millionths, with two digits or as many as it needs. Prices repeat: worth remembering."""
    amount = Decimal(scaled).scaleb(-MONEY_SCALE)
    digits = -int(amount.normalize().as_tuple().exponent)
    return amount.quantize(Decimal(1).scaleb(-max(digits, 2)))


class MoneyType(TypeDecorator[Decimal]):
    """An exact amount kept as a whole number of millionths; more digits than that are refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"money must be Decimal, not {type(value).__name__}")
        scaled = value.scaleb(MONEY_SCALE)
        if scaled != scaled.to_integral_value():
            raise ValueError("money has more than six digits after the point")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else money_of(value)


class QuantityType(MoneyType):
    """An exact quantity; kept like money, read back without trailing zeros."""

    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        amount = Decimal(value).scaleb(-MONEY_SCALE)
        whole = amount.to_integral_value()
        return whole if whole == amount else amount.normalize()


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Only aware datetimes go in, only UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Identified:
    """A row with an opaque id."""

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)


class Versioned:
    """A row that people edit: `version` counts saves, a stale save is refused."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    def check_version(self, seen: int | None) -> bool:
        """Whether the form was made from the row as it stands; None means no form was shown."""
        return seen is None or seen == self.version

    def touch(self) -> None:
        self.version += 1


def writing() -> bool:
    """Whether a command is under way here."""
    return _writing.get()


@contextmanager
def write_intent() -> Iterator[None]:
    """Transactions begun inside take the write lock at once (`BEGIN IMMEDIATE` on SQLite)."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def prepare_sqlite(connection: sqlite3.Connection, _record: Any = None) -> None:
    """How every connection to SQLite is set up; nothing acknowledged is lost with the power."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=5000",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def install(engine: Engine) -> None:
    """Attach the SQLite behaviour to an engine (also used by migrations and benchmarks)."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def init_db(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        install(db.engine)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
