"""What the clock alone says: prices of ticks (R31, R41), turns (R50), closings without any act."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil

from srm_portal.auctions.domain.metrics import ceil_tick
from srm_portal.auctions.domain.rules import DutchClock, JapaneseClock, Rules, Turns

TICKS_MAX = 100_000


def ticks_between(grid: datetime, moment: datetime, tick_s: int) -> int:
    """`floor((moment - grid) / tick)`."""
    return (moment - grid) // timedelta(seconds=tick_s)


def dutch_price(clock: DutchClock, tick: int, sign: int) -> Decimal:
    """R31: `min(cap, p0 + k*step)`; a forward auction falls to the cap."""
    price = clock.start + sign * tick * clock.step
    return min(clock.cap, price) if sign > 0 else max(clock.cap, price)


def dutch_last_tick(clock: DutchClock, sign: int) -> int:
    """The tick at which the cap is reached; the price stays there for exactly this tick (R33)."""
    way = sign * (Fraction(clock.cap) - Fraction(clock.start))
    return max(ceil(way / Fraction(clock.step)), 0)


@lru_cache(maxsize=256)
def japanese_prices(clock: JapaneseClock, sign: int, tick: Decimal) -> tuple[Decimal, ...]:
    """All prices the clock can show, from the start until the target or the last positive price (R39, R41)."""
    prices = [clock.start]
    while len(prices) < TICKS_MAX and not _at_target(clock, prices[-1], sign):
        price = _next_price(clock, prices[-1], len(prices), sign, tick)
        if price <= 0:
            break
        prices.append(price)
    return tuple(prices)


def _next_price(clock: JapaneseClock, latest: Decimal, index: int, sign: int, tick: Decimal) -> Decimal:
    if clock.step_amount is not None:
        return clock.start - sign * index * clock.step_amount
    if clock.step_percent_of_latest is not None:
        return latest - sign * ceil_tick(Fraction(latest) * Fraction(clock.step_percent_of_latest) / 100, tick)
    assert clock.step_percent_of_start is not None
    moved = Fraction(clock.start) * Fraction(clock.step_percent_of_start) * index / 100
    return clock.start - sign * ceil_tick(moved, tick)


def _at_target(clock: JapaneseClock, price: Decimal, sign: int) -> bool:
    return clock.target is not None and sign * price <= sign * clock.target


def japanese_last_tick(clock: JapaneseClock, sign: int, tick: Decimal, stayed: tuple[int, ...]) -> int:
    """The tick after which the lot ends if nobody does anything more. `stayed`: ticks accepted, per bidder (R39)."""
    final = len(japanese_prices(clock, sign, tick)) - 1
    order = sorted(stayed, reverse=True)
    enough = max(clock.min_active, 0)
    deepest = order[enough] if enough < len(order) else 0
    return min(final, deepest)


def turns_length(turns: Turns, bidders: int) -> timedelta:
    """R50: three bidders take 29 minutes."""
    playing = turns.count * bidders * turns.turn_s
    breaks = turns.first_pause_s + max(turns.count - 1, 0) * turns.pause_s + turns.announce_s
    return timedelta(seconds=playing + breaks)


def turn_at(turns: Turns, bidders: int, since: timedelta) -> tuple[int, int] | None:
    """(round, place within it) after `since` from the start, both from 0; None in a pause."""
    seconds = since - timedelta(seconds=turns.first_pause_s)
    if seconds < timedelta(0):
        return None
    length = timedelta(seconds=turns.turn_s * bidders)
    number, inside = divmod(seconds, length + timedelta(seconds=turns.pause_s))
    if number >= turns.count or inside >= length:
        return None
    return number, inside // timedelta(seconds=turns.turn_s)


def close_without_acts(rules: Rules, bidders: int, opened: datetime) -> datetime | None:
    """Where the format itself says when a lot closes: Dutch, Japanese and turns. None: the lot's own close."""
    if rules.format == "dutch":
        assert rules.dutch is not None
        return opened + timedelta(seconds=rules.dutch.tick_s * (dutch_last_tick(rules.dutch, rules.sign) + 1))
    if rules.format == "japanese":
        assert rules.japanese is not None
        return opened + timedelta(seconds=rules.japanese.tick_s)
    if rules.format == "rounds":
        return opened + turns_length(rules.turns, bidders)
    return None


def turn_edges(turns: Turns, bidders: int) -> list[timedelta]:
    """Where turns and pauses begin and end, from the start, ascending."""
    edges, at = [], turns.first_pause_s
    for number in range(turns.count):
        edges += [timedelta(seconds=at + turns.turn_s * place) for place in range(bidders + 1)]
        at += turns.turn_s * bidders + (turns.pause_s if number < turns.count - 1 else 0)
    return edges
