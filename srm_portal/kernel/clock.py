"""The only place that reads the clock. Everything else is given `now`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    """Wall time in UTC, cut to milliseconds: what is stored equals what was decided upon."""

    def now(self) -> datetime:
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class FixedClock:
    """A clock that tests move by hand."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def advance(self, **delta: float) -> datetime:
        self._moment += timedelta(**delta)
        return self._moment

    def set(self, moment: datetime) -> None:
        self._moment = moment


def monotonic() -> float:
    """Seconds of a clock that never steps; for durations only."""
    return time.monotonic()
