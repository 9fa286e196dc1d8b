"""What to tell a buyer about a set-up before it is published: the engine's warnings, and those about these very lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from srm_portal.auctions.domain.linter import Warned, lint
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules

STEP_PERCENT_MAX = Decimal(5)
SHORT_S = 300
QUICK_TICK_S = 10
LIVE_FROM = 3


def advise(
    rules: Rules, lots: Sequence[Lot], bidders: Sequence[Bidder], today: Sequence[Decimal | None]
) -> list[Warned]:
    """Every warning; `today` is what each lot costs now, None where nobody knows. Nothing is refused."""
    prices = [lot.ceiling or price for lot, price in zip(lots, today, strict=True)]
    return [
        *lint(rules, len(bidders)),
        *_steps(rules, prices),
        *_times(rules, lots),
        *_prices(rules, lots, today),
        *_people(rules, bidders),
    ]


def _warned(code: str, **facts: object) -> Warned:
    return Warned(code, tuple((name, str(each)) for name, each in facts.items()))


def _steps(rules: Rules, prices: Sequence[Decimal | None]) -> Iterator[Warned]:
    if rules.has_clock:
        return
    step = rules.decrement
    if step.percent is not None and step.percent > STEP_PERCENT_MAX:
        yield _warned("step_above_percent", percent=step.percent, most=STEP_PERCENT_MAX)
    known = [price for price in prices if price]
    if step.tiers is None and known and step.amount > min(known) * STEP_PERCENT_MAX / 100:
        share = round(step.amount / min(known) * 100, 1)
        yield _warned("step_above_percent", percent=share, most=STEP_PERCENT_MAX)
    change = rules.max_change_percent
    if change is not None and step.percent is not None and step.percent >= change:
        yield _warned("every_step_asks", percent=step.percent)


def _times(rules: Rules, lots: Sequence[Lot]) -> Iterator[Warned]:
    if rules.has_clock or rules.format == "rounds":
        seconds = (rules.dutch or rules.japanese).tick_s if rules.has_clock else rules.turns.turn_s  # type: ignore[union-attr]
        if seconds < QUICK_TICK_S:
            yield _warned("clock_too_quick", seconds=seconds, least=QUICK_TICK_S)
        return
    shortest = min(round((lot.close - lot.open).total_seconds()) for lot in lots)
    overtime = rules.extension
    if overtime is not None and overtime.window_s >= shortest:
        yield _warned("window_covers_the_auction", window=overtime.window_s, length=shortest)
    if overtime is not None and overtime.hard_stop_s == 0:
        yield _warned("no_room_for_overtime")
    if shortest < SHORT_S and not rules.practice:
        yield _warned("short_auction", minutes=SHORT_S // 60)


def _prices(rules: Rules, lots: Sequence[Lot], today: Sequence[Decimal | None]) -> Iterator[Warned]:
    for lot, price in zip(lots, today, strict=True):
        if lot.ceiling is not None and lot.reserve is not None and rules.sign * (lot.reserve - lot.ceiling) > 0:
            yield _warned("reserve_above_ceiling", reserve=lot.reserve, ceiling=lot.ceiling)
        if price is None:
            continue
        if rules.format == "japanese" and rules.japanese is not None and rules.japanese.start < price * 9 / 10:
            yield _warned("japanese_starts_low", start=rules.japanese.start, today=price)
        if rules.format == "dutch" and rules.dutch is not None:
            if rules.dutch.start > price:
                yield _warned("dutch_starts_high", start=rules.dutch.start, today=price)
            if rules.dutch.cap < price * 9 / 10:
                yield _warned("dutch_cap_low", cap=rules.dutch.cap, today=price)


def _people(rules: Rules, bidders: Sequence[Bidder]) -> Iterator[Warned]:
    if rules.metric == "weighted" and len({each.quality for each in bidders}) < 2:
        yield _warned("quality_is_equal")
    if rules.metric == "transformed" and all(each.factor == 0 and each.addition == 0 for each in bidders):
        yield _warned("no_bonus_no_malus")
    if rules.format == "sealed" and rules.closed_then_open_percent is not None and len(bidders) < LIVE_FROM:
        yield _warned("live_stage_needs_bidders", least=LIVE_FROM)
    if rules.format == "rounds" and any(each.start_price is None for each in bidders):
        yield _warned("turns_need_opening_bids")
