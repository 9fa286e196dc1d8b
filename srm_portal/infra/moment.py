"""The clock that was bound at the start; who asks is given `now`."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app

from srm_portal.kernel.clock import Clock


def bind_clock(app: Flask, clock: Clock) -> None:
    app.extensions["srm_clock"] = clock


def app_now(app: Flask | None = None) -> datetime:
    clock: Clock = (app or current_app).extensions["srm_clock"]
    return clock.now()
