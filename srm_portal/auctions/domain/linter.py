"""Warnings about rules before the start: codes and facts, nothing is refused (R14, R43)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from srm_portal.auctions.domain import clocks
from srm_portal.auctions.domain.metrics import on_tick
from srm_portal.auctions.domain.rules import Rules

RANK_FROM = 3
LEAD_PRICE_FROM = 4
LONG_S = 4 * 3600


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning; `facts` fill its sentence at the edge."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()


def lint(rules: Rules, bidder_count: int) -> list[Warned]:
    """What a buyer should know before publishing these rules for so many bidders."""
    return [*_participation(rules, bidder_count), *_leaks(rules), *_steps(rules), *_time(rules, bidder_count)]


def _warned(code: str, **facts: object) -> Warned:
    return Warned(code, tuple((name, str(each)) for name, each in facts.items()))


def _participation(rules: Rules, bidders: int) -> Iterator[Warned]:
    shown = rules.visibility
    if bidders < 2:
        yield _warned("one_bidder", bidders=bidders)
    if shown.rank and not rules.has_clock and bidders < RANK_FROM:
        yield _warned("rank_needs_bidders", bidders=bidders, least=RANK_FROM)
    if shown.lead_price and bidders < LEAD_PRICE_FROM:
        yield _warned("lead_price_needs_bidders", bidders=bidders, least=LEAD_PRICE_FROM)
    if rules.japanese is not None and rules.format == "japanese" and rules.japanese.min_active >= bidders:
        yield _warned("min_active_not_below_bidders", min_active=rules.japanese.min_active, bidders=bidders)
    if rules.dutch is not None and rules.format == "dutch" and rules.dutch.winners > bidders:
        yield _warned("more_winners_than_bidders", winners=rules.dutch.winners, bidders=bidders)


def _leaks(rules: Rules) -> Iterator[Warned]:
    shown = rules.visibility
    if not shown.lead_price:
        if shown.distance:
            yield _warned("distance_tells_lead_price")
        if shown.history:
            yield _warned("history_tells_lead_price")
        if shown.to_beat:
            yield _warned("to_beat_tells_lead_price")
        if rules.decrement.base != "own" and not rules.has_clock:
            yield _warned("decrement_base_tells_prices", base=rules.decrement.base)
        if rules.lead_buffer is not None:
            yield _warned("lead_buffer_tells_lead_price")
    if shown.competitors and not shown.bidder_count:
        yield _warned("competitors_need_bidder_count")


def _steps(rules: Rules) -> Iterator[Warned]:
    if rules.has_clock:
        yield from _clock_steps(rules)
        return
    step = rules.decrement
    amounts = [tier.amount for tier in step.tiers] if step.tiers else [step.amount]
    if any(not on_tick(amount, rules.tick) for amount in amounts):
        yield _warned("decrement_off_tick", tick=rules.tick)
    if step.percent is None and min(amounts) == 0:
        yield _warned("no_decrement")
    if rules.max_change_percent is None and rules.format != "sealed":
        yield _warned("no_confirmation_of_large_changes")


def _clock_steps(rules: Rules) -> Iterator[Warned]:
    if rules.format == "dutch" and rules.dutch is not None:
        clock = rules.dutch
        if rules.sign * clock.start >= rules.sign * clock.cap:
            yield _warned("dutch_start_at_cap", start=clock.start, cap=clock.cap)
        if any(not on_tick(price, rules.tick) for price in (clock.start, clock.step, clock.cap)):
            yield _warned("clock_off_tick", tick=rules.tick)
    if rules.format == "japanese" and rules.japanese is not None:
        start, target = rules.japanese.start, rules.japanese.target
        if target is not None and rules.sign * start <= rules.sign * target:
            yield _warned("japanese_target_at_start", start=start, target=target)


def _time(rules: Rules, bidders: int) -> Iterator[Warned]:
    overtime, timing = rules.extension, rules.lots_timing
    if overtime is None and rules.format == "english":
        yield _warned("no_overtime")
    if overtime is not None and (rules.has_clock or rules.format == "rounds"):
        yield _warned("overtime_unused", format=rules.format)
    if overtime is not None and overtime.hard_stop_s < overtime.window_s:
        yield _warned("hard_stop_within_window", hard_stop_s=overtime.hard_stop_s)
    if timing.kind == "staggered" and timing.min_gap_s > timing.spacing_s:
        yield _warned("min_gap_above_spacing", min_gap_s=timing.min_gap_s, spacing_s=timing.spacing_s)
    length = _longest(rules, bidders)
    if length > LONG_S:
        yield _warned("takes_long", seconds=length)


def _longest(rules: Rules, bidders: int) -> int:
    """Seconds that the format may take at most; 0 where the lot's own times say it."""
    if rules.format == "dutch" and rules.dutch is not None:
        return rules.dutch.tick_s * (clocks.dutch_last_tick(rules.dutch, rules.sign) + 1)
    if rules.format == "rounds":
        return int(clocks.turns_length(rules.turns, bidders).total_seconds())
    if rules.format == "japanese" and rules.japanese is not None:
        return rules.japanese.tick_s * len(clocks.japanese_prices(rules.japanese, rules.sign, rules.tick))
    return 0
