"""The clock for binding acts: follows the wall clock smoothly, never goes back, and says so when the wall clock jumps."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta

import pytest

from srm_portal.kernel.clock import STEP_MAX_US, ClockGuard, ClockStepped, FixedClock, SystemClock

START_US = 1_767_600_000_000_000
DECISIONS = int(os.environ.get("SRM_CLOCK_DECISIONS", "20000"))


class Watch:
    """A wall clock and a steady one, moved by hand; `read` takes a moment, as a database's does."""

    def __init__(self) -> None:
        self.wall_us, self.steady_us = START_US, 5_000_000
        self.clock = SystemClock(lambda: self.wall_us, lambda: self.steady_us)

    def passes(self, seconds: float, *, wall: float | None = None) -> None:
        self.steady_us += round(seconds * 1e6)
        self.wall_us += round((seconds if wall is None else wall) * 1e6)


def test_without_a_jump_a_stamp_is_the_wall_clocks_time() -> None:
    watch = Watch()
    for _ in range(5):
        assert watch.clock.stamp() == watch.clock.now()
        watch.passes(7)


@pytest.mark.parametrize("jump", [0.251, 3600.0, -0.251, -3600.0])
def test_a_jump_gives_no_stamp_but_the_last_moment_to_trust(jump: float) -> None:
    watch = Watch()
    first = watch.clock.stamp()
    watch.passes(10, wall=10 + jump)
    with pytest.raises(ClockStepped) as stepped:
        watch.clock.stamp()
    assert stepped.value.last == first + timedelta(seconds=10)
    assert stepped.value.step_us == pytest.approx(jump * 1e6)
    with pytest.raises(ClockStepped):
        watch.clock.stamp()
    watch.clock.trust()
    assert watch.clock.stamp() == watch.clock.now()


@pytest.mark.parametrize("off", [0.249, -0.249])
def test_a_small_disagreement_is_followed_slowly_and_never_backwards(off: float) -> None:
    watch = Watch()
    last = watch.clock.stamp()
    watch.passes(1, wall=1 + off)
    for _ in range(600):
        stamp = watch.clock.stamp()
        assert abs((stamp - last) - timedelta(seconds=1)) <= timedelta(milliseconds=2)
        last = stamp
        watch.passes(1)
    assert abs(watch.clock.stamp() - watch.clock.now()) <= timedelta(milliseconds=1)


def test_a_slow_reading_is_no_jump() -> None:
    guard = ClockGuard()
    guard.admit(START_US, 0, 0)
    assert guard.admit(START_US + 1_000_000, 1_000_000, 3_000_000) == START_US + 3_000_000
    with pytest.raises(ClockStepped):
        guard.admit(START_US + 1_000_000, 3_000_000 + STEP_MAX_US, 3_500_000)


def test_a_slow_first_reading_is_held_against_nobody() -> None:
    """It was taken at an unknown moment of two seconds; the next ones tell which."""
    guard = ClockGuard()
    guard.admit(START_US, 0, 2_000_000)
    assert guard.admit(START_US + 2_900_000, 3_000_000, 3_001_000) == START_US + 2_900_000
    with pytest.raises(ClockStepped):
        guard.admit(START_US + 4_500_000, 4_000_000, 4_001_000)


def test_the_databases_clock_is_judged_and_given_as_it_is() -> None:
    watch = Watch()
    moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert watch.clock.stamp(lambda: moment) == moment
    watch.passes(2)
    later = moment + timedelta(seconds=2, milliseconds=40)
    assert watch.clock.stamp(lambda: later) == later
    with pytest.raises(ClockStepped):
        watch.clock.stamp(lambda: later + timedelta(seconds=1))


def test_a_clock_moved_by_hand_stamps_what_it_shows() -> None:
    clock = FixedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    clock.trust()
    assert clock.stamp() == clock.now()


def test_no_decision_is_wrong_across_jumps_of_the_clock() -> None:
    """In time means before the close by true time. Jumps are noticed, small slews bend no decision by more than 250 ms."""
    chance = random.Random(11)
    watch, true_us = Watch(), START_US
    wrong = noticed = 0
    for _ in range(DECISIONS):
        seconds = chance.choice([0.001, 0.02, 0.5, 2.0])
        jump = chance.choice([-7200.0, -2.0, 0.3, 5.0, 86400.0]) if chance.random() < 0.01 else 0.0
        true_us += round(seconds * 1e6)
        watch.passes(seconds, wall=seconds + jump)
        close_us = true_us + chance.randint(-400_000, 400_000)
        try:
            stamp = watch.clock.stamp()
        except ClockStepped:
            noticed += 1
            watch.wall_us = true_us  # the administrator sets it right, the buyer resumes
            watch.clock.trust()
            continue
        assert not jump, "a jump was stamped"
        stamp_us = round(stamp.timestamp() * 1e6)
        wrong += (stamp_us < close_us) != (true_us // 1000 * 1000 < close_us)
    assert wrong == 0
    assert noticed > DECISIONS // 200
