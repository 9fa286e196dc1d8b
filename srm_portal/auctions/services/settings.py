"""What a buyer sets for an auction, and how it becomes frozen rules: every value checked, wrong ones named."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.auctions.domain.metrics import on_tick
from srm_portal.auctions.domain.profiles import PROFILES
from srm_portal.auctions.domain.rules import (
    Decrement,
    DutchClock,
    Extension,
    JapaneseClock,
    LotsTiming,
    Rules,
    Visibility,
)
from srm_portal.auctions.domain.rules_reading import TIES
from srm_portal.auctions.domain.rules_writing import VISIBLE
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.money import tick

BASES = ("own", "leader", "next_rank")
TRIGGERS = ("any", "new_leader", "beats_other", "rank_3")
TIMINGS = ("parallel", "serial", "staggered")
LEAST_NOTICE = timedelta(0)
LONGEST_MIN = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of the set-up form. None keeps what the profile says."""

    title: str = ""
    profile: str = "rank_english"
    direction: str = "reverse"
    opens_at: datetime | None = None
    minutes: int = 30
    decrement: Decimal | None = None
    decrement_percent: Decimal | None = None
    base: str | None = None
    max_change_percent: Decimal | None = None
    window_s: int | None = None
    trigger: str | None = None
    hard_stop_min: int | None = None
    ties: str | None = None
    timing: str = "parallel"
    gap_s: int = 0
    package: bool = False
    ceiling: Decimal | None = None
    reserve: Decimal | None = None
    shown: tuple[str, ...] | None = None
    start: Decimal | None = None
    step: Decimal | None = None
    tick_s: int | None = None
    cap: Decimal | None = None
    min_active: int | None = None
    practice: bool = False
    simulated: bool = False
    blind: bool = False
    contact: str = ""
    phone: str = ""
    override_reason: str = ""
    outage_grace_s: int = 10
    prebid_min: int | None = None
    review_min: int | None = None
    price_weight: Decimal | None = None
    floor: Decimal | None = None
    live_percent: Decimal | None = None
    factors: dict[str, Decimal] = field(default_factory=dict)
    additions: dict[str, Decimal] = field(default_factory=dict)
    qualities: dict[str, Decimal] = field(default_factory=dict)
    start_prices: dict[str, Decimal] = field(default_factory=dict)


class Problems:
    """Collects every wrong value before saying no."""

    def __init__(self) -> None:
        self.found: list[FieldProblem] = []

    def add(self, name: str, code: str, value: Any = "", **facts: Any) -> None:
        shown = tuple((key, str(each)) for key, each in facts.items())
        self.found.append(FieldProblem(name, code, value=str(value), facts=shown))

    def choice(self, name: str, value: str | None, options: tuple[str, ...]) -> None:
        if value is not None and value not in options:
            self.add(name, "unknown_value", value, choices=", ".join(options))

    def number(self, name: str, value: Decimal | int | None, low: Any, high: Any) -> None:
        if value is not None and not low <= value <= high:
            self.add(name, "outside_range", value, min=low, max=high)

    def amount(self, name: str, value: Decimal | None, step: Decimal) -> None:
        if value is None:
            return
        if value <= 0:
            self.add(name, "not_positive", value)
        elif not on_tick(value, step):
            self.add(name, "off_tick", value, tick=step)

    def stop(self) -> None:
        if self.found:
            raise Invalid(self.found)


def rules_of(given: Settings, currency: str) -> Rules:
    """The profile with the buyer's settings in it. Raises Invalid with every wrong value."""
    problems, step = Problems(), tick(currency)
    problems.choice("profile", given.profile, tuple(PROFILES))
    problems.choice("direction", given.direction, directions(given.profile))
    problems.choice("base", given.base, BASES)
    problems.choice("trigger", given.trigger, TRIGGERS)
    problems.choice("ties", given.ties, TIES)
    problems.choice("timing", given.timing, TIMINGS)
    problems.number("minutes", given.minutes, 1, LONGEST_MIN)
    problems.number("decrement_percent", given.decrement_percent, Decimal(0), Decimal(50))
    problems.number("max_change_percent", given.max_change_percent, Decimal("0.1"), Decimal(100))
    problems.number("window_s", given.window_s, 0, 3600)
    problems.number("hard_stop_min", given.hard_stop_min, 0, 24 * 60)
    problems.number("gap_s", given.gap_s, 0, 24 * 3600)
    problems.number("tick_s", given.tick_s, 2, 3600)
    problems.number("outage_grace_s", given.outage_grace_s, 2, 600)
    problems.number("min_active", given.min_active, 0, 1000)
    problems.number("prebid_min", given.prebid_min, 0, 14 * 24 * 60)
    problems.number("review_min", given.review_min, 0, 24 * 60)
    problems.number("price_weight", given.price_weight, Decimal(1), Decimal(100))
    problems.number("live_percent", given.live_percent, Decimal("0.1"), Decimal(100))
    for quality in given.qualities.values():
        problems.number("suppliers", quality, Decimal(0), Decimal(100))
    for factor in given.factors.values():
        problems.number("suppliers", factor, Decimal("-0.9"), Decimal(10))
    for name in ("decrement", "ceiling", "floor", "reserve", "start", "step", "cap"):
        problems.amount(name, getattr(given, name), step)
    for name in given.shown or ():
        problems.choice("shown", name, tuple(VISIBLE))
    problems.stop()
    base = PROFILES[given.profile]
    rules = replace(
        base,
        direction=given.direction,  # type: ignore[arg-type]
        currency=currency,
        tick=step,
        decrement=_decrement(base.decrement, given),
        max_change_percent=given.max_change_percent or base.max_change_percent,
        extension=_extension(base.extension, given),
        ties=given.ties or base.ties,  # type: ignore[arg-type]
        lots_timing=_timing(given),
        visibility=_visibility(base.visibility, given),
        outage_grace_s=given.outage_grace_s,
        practice=given.practice,
        prebid_s=base.prebid_s if given.prebid_min is None else given.prebid_min * 60,
        review_s=base.review_s if given.review_min is None else given.review_min * 60,
        closed_then_open_percent=base.closed_then_open_percent
        and (given.live_percent or base.closed_then_open_percent),
    )
    return _clocks(rules, given, problems)


def directions(profile: str) -> tuple[str, ...]:
    """Selling is offered where people type prices and nothing but the price is ranked."""
    rules = PROFILES.get(profile)
    sells = rules is not None and rules.format == "english" and rules.metric == "price"
    return ("reverse", "forward") if sells else ("reverse",)


def _timing(given: Settings) -> LotsTiming:
    gap = given.gap_s
    return LotsTiming(given.timing, gap, gap, gap, 120)  # type: ignore[arg-type]


def _decrement(base: Decrement, given: Settings) -> Decrement:
    percent = base.percent if given.decrement_percent is None else (given.decrement_percent or None)
    return Decrement(given.decrement or base.amount, percent, base=given.base or base.base)  # type: ignore[arg-type]


def _extension(base: Extension | None, given: Settings) -> Extension | None:
    if base is None or given.window_s == 0:
        return None
    window = given.window_s or base.window_s
    trigger = base.trigger if given.trigger is None else (3 if given.trigger == "rank_3" else given.trigger)
    stop = base.hard_stop_s if given.hard_stop_min is None else given.hard_stop_min * 60
    return replace(base, window_s=window, length_s=window, trigger=trigger, hard_stop_s=stop)  # type: ignore[arg-type]


def _visibility(base: Visibility, given: Settings) -> Visibility:
    if given.shown is None:
        return base
    flags = {name: name in given.shown for name in VISIBLE if name != "lead_after_own_bid"}
    return Visibility(**flags, lead_after_own_bid="lead_after_own_bid" in given.shown)


def _clocks(rules: Rules, given: Settings, problems: Problems) -> Rules:
    """Dutch and Japanese want their start; a Dutch clock also its cap on the right side of it."""
    if rules.format == "dutch":
        assert rules.dutch is not None
        clock = rules.dutch
        for name in ("start", "step", "cap"):
            if getattr(given, name) is None:
                problems.add(name, "required")
        problems.stop()
        assert given.start is not None and given.step is not None and given.cap is not None
        dutch = replace(clock, start=given.start, step=given.step, cap=given.cap, tick_s=given.tick_s or clock.tick_s)
        if dutch.cap <= dutch.start:
            problems.add("cap", "cap_not_above_start", dutch.cap)
        elif (dutch.cap - dutch.start) / dutch.step > 2000:
            problems.add("step", "too_many_steps", dutch.step, max=2000)
        problems.stop()
        return replace(rules, dutch=DutchClock(**_fields(dutch)))
    if rules.format == "japanese":
        assert rules.japanese is not None
        if given.start is None:
            problems.add("start", "required")
        elif given.step is not None and given.step >= given.start:
            problems.add("step", "step_not_below_start", given.step)
        elif given.step is not None and given.start / given.step > 5000:
            problems.add("step", "too_many_steps", given.step, max=5000)
        problems.stop()
        seconds = given.tick_s or rules.japanese.tick_s
        active = rules.japanese.min_active if given.min_active is None else given.min_active
        percent = Decimal(1) if given.step is None else None
        assert given.start is not None
        return replace(rules, japanese=JapaneseClock(given.start, given.step, percent, None, seconds, active))
    return rules


def _fields(clock: DutchClock) -> dict[str, Any]:
    return {name: getattr(clock, name) for name in ("start", "step", "tick_s", "cap", "winners", "partial")}
