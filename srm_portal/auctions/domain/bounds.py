"""How far a bid must go: improvement (R8-R10), lead buffer, ceilings, and the next valid value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from srm_portal.auctions.domain.decrement import decrement
from srm_portal.auctions.domain.metrics import Cost, cost, floor_tick, on_tick, price_for
from srm_portal.auctions.domain.ranking import position
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.state import LotState, State, is_blind

UNREACHABLE = Decimal("Infinity")


def better_or_equal(rules: Rules, one: Decimal, other: Decimal) -> bool:
    return one <= other if rules.sign > 0 else one >= other


def tighter(rules: Rules, one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The stricter of two bounds."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other) if rules.sign > 0 else max(one, other)


def ceiling(rules: Rules, lot: LotState) -> Decimal | None:
    """R4, check 7: the lot's ceiling or the qualification price, the stricter one (a floor in a forward auction)."""
    return tighter(rules, lot.lot.ceiling, rules.qualification_price)


def own_bound(rules: Rules, own: Decimal) -> Decimal:
    """R8: `own best - decrement(own best)`, on the tick, and at least one tick better."""
    bound = own - rules.sign * max(decrement(rules, own), rules.tick)
    return bound if on_tick(bound, rules.tick) else floor_tick(bound, rules.tick, rules.sign)


def price_to_lead(state: State, lot: LotState, bidder: str, reference: Cost) -> Decimal:
    """The weakest price that beats a metric by the decrement, and by at least one tick."""
    asked = price_to_beat(state, lot, bidder, reference)
    strict = price_to_beat(state, lot, bidder, reference, state.rules.tick)
    return min(asked, strict) if state.rules.sign > 0 else max(asked, strict)


def price_to_beat(state: State, lot: LotState, bidder: str, reference: Cost, step: Decimal | None = None) -> Decimal:
    """The weakest price at which `bidder` beats a metric by the decrement, or by `step` (R19); may be UNREACHABLE."""
    rules = state.rules
    who = state.bidders[bidder].bidder
    if rules.metric == "weighted":
        level = price_for(rules, lot.lot, who, -reference)
        if level is None:
            return -rules.sign * UNREACHABLE
        change = rules.sign * (decrement(rules, level) if step is None else step)
        return floor_tick(level - Fraction(change), rules.tick, rules.sign)
    value = rules.sign * reference
    change = rules.sign * (decrement(rules, value) if step is None else step)
    if isinstance(value, Decimal):
        bound = value - change
        return bound if on_tick(bound, rules.tick) else floor_tick(bound, rules.tick, rules.sign)
    price = price_for(rules, lot.lot, who, value - Fraction(change))
    assert price is not None
    return floor_tick(price, rules.tick, rules.sign)


def improvement_bound(state: State, lot: LotState, bidder: str) -> Decimal | None:
    """What the decrement asks of this bidder's next bid; None where there is nothing to improve on."""
    rules = state.rules
    own = lot.best(bidder)
    own_limit = None if own is None else own_bound(rules, own.amount)
    if rules.decrement.base == "own" or not lot.ranked:
        return own_limit
    place = position(lot.ranked, bidder)
    if place == 0:
        return own_limit
    if rules.decrement.base == "leader":
        reference = lot.ranked[0]
    else:
        reference = lot.ranked[-1 if place is None else place - 1]
    return price_to_beat(state, lot, bidder, reference[0])


def buffer_bound(state: State, lot: LotState, bidder: str) -> Decimal | None:
    """The weakest price with which a challenger may take the lead; None where no buffer applies."""
    if state.rules.lead_buffer is None or lot.leader() in (None, bidder):
        return None
    return price_to_beat(state, lot, bidder, lot.ranked[0][0], state.rules.lead_buffer)


def breaks_buffer(state: State, lot: LotState, bidder: str, amount: Decimal, value: Cost) -> bool:
    """True where the bid would take the lead by less than the buffer."""
    bound = buffer_bound(state, lot, bidder)
    if bound is None or value >= lot.ranked[0][0]:
        return False
    return not better_or_equal(state.rules, amount, bound)


def ties_refused(state: State, lot: LotState, bidder: str, value: Cost) -> bool:
    """R16, `forbid` and `forbid_first`."""
    ties = state.rules.ties
    if ties == "forbid":
        return any(each[0] == value and each[-1] != bidder for each in lot.ranked)
    if ties == "forbid_first" and lot.ranked:
        return bool(lot.ranked[0][0] == value and lot.ranked[0][-1] != bidder)
    return False


def next_valid(state: State, lot: LotState, bidder: str, below: Decimal | None = None) -> Decimal | None:
    """The weakest amount that would be accepted from this bidder now, no weaker than `below`; None if there is none.

    None also where nothing limits a first bid. Looks at improvement, ceilings, limits, buffer and ties; not at time.
    """
    rules, sign, tick = state.rules, state.rules.sign, state.rules.tick
    blind = is_blind(state, lot)
    if not blind and not rules.leader_may_improve and lot.leader() == bidder:
        return None
    bound = tighter(rules, None if blind else improvement_bound(state, lot, bidder), ceiling(rules, lot))
    bound = tighter(rules, bound, rules.limits.max if sign > 0 else rules.limits.min)
    bound = tighter(rules, bound, below)
    if bound is None or not bound.is_finite():
        return None
    price = floor_tick(bound, tick, sign)
    own = lot.best(bidder)
    if blind and own is not None and own.amount == price:
        price -= sign * tick
    who = state.bidders[bidder].bidder
    for _ in range(0 if blind else len(lot.ranked) + 2):
        value = cost(rules, lot.lot, who, price)
        if breaks_buffer(state, lot, bidder, price, value):
            buffered = buffer_bound(state, lot, bidder)
            assert buffered is not None
            price = buffered
        elif ties_refused(state, lot, bidder, value):
            price -= sign * tick
        else:
            break
    last = rules.limits.min if sign > 0 else rules.limits.max
    fits = price.is_finite() and price > 0 and (last is None or better_or_equal(rules, last, price))
    return price if fits else None
