"""The only place that reads the clock. Everything else is given `now`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

STEP_MAX_US = 250_000
"""A disagreement of wall and monotonic time beyond this is a step of the clock."""

STEER_PER_MILLION = 500
"""How fast stamps follow a wall clock that runs at another pace; NTP itself never slews faster."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


Read = Callable[[], datetime]


class Clock(Protocol):
    def now(self) -> datetime: ...

    def stamp(self, read: Read | None = None) -> datetime:
        """The moment for a binding act; `read` asks the database's clock, where several processes share it."""

    def trust(self, read: Read | None = None) -> None:
        """After a jump: what the clock says now counts."""


class ClockStepped(Exception):
    """The wall clock jumped by `step_us`. `last` is the moment it would be without the jump: the last one to trust."""

    def __init__(self, last: datetime, step_us: int) -> None:
        super().__init__(f"the clock jumped by {step_us / 1e6:.3f} s")
        self.last, self.step_us = last, step_us


class ClockGuard:
    """Judges readings of a wall clock by a clock that never steps, and gives stamps that follow it smoothly.

    A reading takes time: it was taken somewhere between two steady moments, and what it says is known that well. The
    anchor says what the wall clock shows at a steady moment, give or take `doubt`; each reading that fits narrows it. One
    that lies beside it by up to 250 ms moves it, by at most 500 millionths of the time that passed; one further off raises
    ClockStepped and is no stamp. Stamps never go back. `trust` takes a new anchor after a step.
    """

    def __init__(self) -> None:
        self._anchor: tuple[int, int, int] | None = None
        self._given = 0

    def admit(self, wall_us: int, before_us: int, after_us: int) -> int:
        """The stamp for a reading taken between two steady moments, all in microseconds."""
        if self._anchor is None:
            self.trust(wall_us, before_us, after_us)
        assert self._anchor is not None
        wall, doubt, steady = self._anchor
        passed = after_us - steady
        least, most = wall + passed, wall + doubt + passed
        low, high = max(least, wall_us), min(most, wall_us + after_us - before_us)
        if low > high:
            off = low - high if wall_us > most else high - low
            if abs(off) > STEP_MAX_US:
                raise ClockStepped(_EPOCH + timedelta(microseconds=least), off)
            slew = passed * STEER_PER_MILLION // 1_000_000
            low = high = least + min(max(off, -slew), slew)
        self._anchor = (low, high - low, after_us)
        self._given = max(self._given, low)
        return self._given

    def trust(self, wall_us: int, before_us: int, after_us: int) -> None:
        """From now on this reading holds, whatever was before."""
        self._anchor, self._given = (wall_us, after_us - before_us, after_us), wall_us


def _wall_us() -> int:
    return time.time_ns() // 1000


def _steady_us() -> int:
    return time.monotonic_ns() // 1000


class SystemClock:
    """Wall time in UTC, cut to milliseconds: what is stored equals what was decided upon."""

    def __init__(self, wall_us: Callable[[], int] = _wall_us, steady_us: Callable[[], int] = _steady_us) -> None:
        self._wall_us, self._steady_us = wall_us, steady_us
        self._guard = ClockGuard()

    def now(self) -> datetime:
        return in_milliseconds(self._wall_us())

    def stamp(self, read: Read | None = None) -> datetime:
        """The moment for a binding act, from this machine's wall clock or from `read` (the database's).

        Raises ClockStepped where the clock jumped since the last stamp. The database's own readings are given as they
        are, so that several processes order their stamps alike; this machine's are steered.
        """
        before = self._steady_us()
        moment = None if read is None else read()
        wall = self._wall_us() if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
        stamp = self._guard.admit(wall, before, self._steady_us())
        return in_milliseconds(wall if moment is not None else stamp)

    def trust(self, read: Read | None = None) -> None:
        """After a step: what the clock says now is the time."""
        before = self._steady_us()
        wall = self._wall_us() if read is None else (read() - _EPOCH) // timedelta(microseconds=1)
        self._guard.trust(wall, before, self._steady_us())


def in_milliseconds(microseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=microseconds // 1000)


class FixedClock:
    """A clock that tests move by hand."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def stamp(self, read: Read | None = None) -> datetime:
        return self._moment

    def trust(self, read: Read | None = None) -> None:
        return None

    def advance(self, **delta: float) -> datetime:
        self._moment += timedelta(**delta)
        return self._moment

    def set(self, moment: datetime) -> None:
        self._moment = moment


def monotonic() -> float:
    """Seconds of a clock that never steps; for durations only."""
    return time.monotonic()
