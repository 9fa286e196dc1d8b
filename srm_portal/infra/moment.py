"""The clock that was bound at the start; who asks is given `now`."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import text

from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.clock import Clock


def bind_clock(app: Flask, clock: Clock) -> None:
    app.extensions["srm_clock"] = clock


def app_now(app: Flask | None = None) -> datetime:
    clock: Clock = (app or current_app).extensions["srm_clock"]
    return clock.now()


def binding_now() -> datetime:
    """The moment of a binding act: the database's clock where several processes share it, else this machine's.

    Raises `kernel.clock.ClockStepped` where that clock jumped.
    """
    clock: Clock = current_app.extensions["srm_clock"]
    return clock.stamp(None if is_sqlite() else _database_now)


def trust_clock() -> None:
    """After a jump: what the clock says now counts."""
    clock: Clock = current_app.extensions["srm_clock"]
    clock.trust(None if is_sqlite() else _database_now)


def _database_now() -> datetime:
    moment: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment
