"""The timekeeper: wakes when something is due, at least once a second, and lets simulated bidders act."""

from __future__ import annotations

import threading
from datetime import datetime

from flask import Flask

from srm_portal.auctions.services.simulation import simulate
from srm_portal.auctions.services.timekeeping import keep_time
from srm_portal.infra.logs import log
from srm_portal.infra.moment import app_now

LONGEST_S = 1.0
SHORTEST_S = 0.02


class Timekeeper:
    """One per serving process; several do no harm, the log's row lock puts their notes in order."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """The first look comes before the first bid: what was open during an outage is paused by then."""
        with self._app.app_context():
            self.turn()
        self._thread = threading.Thread(target=self.run, name="timekeeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join(timeout=5)

    def run(self) -> None:
        wait = 0.0
        while not self._stopped.wait(wait):
            with self._app.app_context():
                wait = self.turn()

    def turn(self) -> float:
        """One look at the clock; returns the seconds until the next. A failure is logged and tried again."""
        try:
            now = app_now()
            due = keep_time(now)
            simulate(now)
        except Exception as error:
            log().error("timekeeper_failed", error=type(error).__name__)
            return LONGEST_S
        return _until(due, app_now())


def _until(due: datetime | None, now: datetime) -> float:
    if due is None:
        return LONGEST_S
    return min(LONGEST_S, max(SHORTEST_S, (due - now).total_seconds()))
