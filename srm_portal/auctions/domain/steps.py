"""The amounts a bidder's page offers: next valid, a few steps, and the one that takes the lead (R14, R19)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from srm_portal.auctions.domain import bounds
from srm_portal.auctions.domain.rules import Visibility
from srm_portal.auctions.domain.state import LotState, State, is_blind

STEPS_SHOWN = 3


def shows_lead(lot: LotState, bidder: str, policy: Visibility) -> bool:
    """`lead_after_own_bid` restricts `lead_price`; alone it shows nothing."""
    return policy.lead_price and (not policy.lead_after_own_bid or lot.best(bidder) is not None)


def open_next_valid(state: State, lot: LotState, bidder: str, policy: Visibility) -> Decimal | None:
    """The next valid amount, where it tells nothing of others that the policy hides."""
    rules = state.rules
    tells = rules.decrement.base != "own" or rules.ties.startswith("forbid") or rules.lead_buffer is not None
    if not tells or shows_lead(lot, bidder, policy) or policy.to_beat:
        return bounds.next_valid(state, lot, bidder)
    own = lot.best(bidder)
    bound = bounds.ceiling(rules, lot)
    return bound if own is None else bounds.tighter(rules, bound, bounds.own_bound(rules, own.amount))


def takes_the_lead(state: State, lot: LotState, bidder: str) -> Decimal | None:
    """The adjusted bid to beat (R19): the weakest amount that takes the lead by the decrement. None for the leader."""
    if not lot.ranked or lot.leader() == bidder:
        return None
    price = bounds.price_to_lead(state, lot, bidder, lot.ranked[0][0])
    buffered = bounds.buffer_bound(state, lot, bidder)
    best = bounds.tighter(state.rules, bounds.tighter(state.rules, price, buffered), bounds.ceiling(state.rules, lot))
    return best if best is not None and best.is_finite() and best > 0 else None


@dataclass(frozen=True, slots=True)
class QuickSteps:
    """What the page's buttons say. `steps` are ever better amounts from `next_valid` on."""

    next_valid: Decimal | None
    steps: tuple[Decimal, ...]
    takes_the_lead: Decimal | None


def quick_steps(state: State, bidder: str, lot_id: str, policy: Visibility | None = None) -> QuickSteps:
    """The buttons of a typed-bid lot for one bidder; tells nothing that the policy (the rules' own) hides."""
    shown, lot = policy or state.rules.visibility, state.lots[lot_id]
    first = open_next_valid(state, lot, bidder, shown)
    amounts: list[Decimal] = [] if first is None else [first]
    while amounts and len(amounts) < STEPS_SHOWN:
        amount = bounds.own_bound(state.rules, amounts[-1])
        if amount <= 0:
            break
        amounts.append(amount)
    tells = (shown.to_beat or shows_lead(lot, bidder, shown)) and not is_blind(state, lot)
    return QuickSteps(first, tuple(amounts), takes_the_lead(state, lot, bidder) if tells else None)
