"""A bid in an English, sealed or turn-based lot: R4's checks 3 to 10, in that order, the first failure answered."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from srm_portal.auctions.domain import answers, bounds, clocks, proxy, timing
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.domain.events import BidPlaced, Event, MadeBid, Refusal
from srm_portal.auctions.domain.metrics import cost, floor_tick, on_tick
from srm_portal.auctions.domain.ranking import Draft
from srm_portal.auctions.domain.state import LotState, State, is_blind


def place_bid(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    """Answer a bid; `command.participant` is known and may bid (R4, checks 1 and 2 have passed)."""
    bidder = command.participant
    assert bidder is not None
    refused = _may_bid_now(state, lot, bidder, command, recv)
    if refused is not None:
        return refused
    amount = answers.number(command.amount)
    if amount is None:
        return Refusal("not_a_number")
    refused = _value(state, lot, bidder, amount, command.confirm)
    if refused is not None:
        return refused
    return _accepted(state, lot, bidder, amount, command, recv)


def _may_bid_now(state: State, lot: LotState, bidder: str, command: Command, recv: datetime) -> Refusal | None:
    """Checks 3, 4 and 5, and whose turn it is."""
    door = timing.takes_bids(state, lot, recv)
    if door is not None:
        return answers.closed_door(door, lot, recv, command.amount)
    if command.version is not None and command.version != state.version:
        return Refusal("rules_changed")
    if lot.qualified is not None and bidder not in lot.qualified:
        return Refusal("blocked")
    if state.rules.format == "rounds" and bidder != whose_turn(state, lot, recv):
        return Refusal("not_your_turn")
    return None


def _value(state: State, lot: LotState, bidder: str, amount: Decimal, confirmed: bool) -> Refusal | None:
    """Checks 6 to 10."""
    rules = state.rules
    if not on_tick(amount, rules.tick):
        return Refusal("not_on_tick", bounds.next_valid(state, lot, bidder, floor_tick(amount, rules.tick, rules.sign)))
    if answers.outside_limits(rules, amount):
        return Refusal("outside_limits", bounds.next_valid(state, lot, bidder))
    ceiling = bounds.ceiling(rules, lot)
    if ceiling is not None and not bounds.better_or_equal(rules, amount, ceiling):
        return Refusal("above_ceiling", bounds.next_valid(state, lot, bidder))
    if is_blind(state, lot):
        own = lot.best(bidder)
        return Refusal("not_an_improvement") if own is not None and own.amount == amount else None
    return _improvement(state, lot, bidder, amount) or _care(state, lot, bidder, amount, confirmed)


def _improvement(state: State, lot: LotState, bidder: str, amount: Decimal) -> Refusal | None:
    """Check 8 (R8-R12)."""
    rules = state.rules
    own = lot.best(bidder)
    if own is not None and bounds.better_or_equal(rules, own.amount, amount):
        return Refusal("not_an_improvement", bounds.next_valid(state, lot, bidder))
    if not rules.leader_may_improve and lot.leader() == bidder:
        return Refusal("not_an_improvement")
    bound = bounds.improvement_bound(state, lot, bidder)
    if bound is not None and not bounds.better_or_equal(rules, amount, bound):
        return Refusal("decrement", bounds.next_valid(state, lot, bidder))
    value = cost(rules, lot.lot, state.bidders[bidder].bidder, amount)
    if bounds.breaks_buffer(state, lot, bidder, amount, value):
        return Refusal("lead_buffer", bounds.next_valid(state, lot, bidder, amount))
    return None


def _care(state: State, lot: LotState, bidder: str, amount: Decimal, confirmed: bool) -> Refusal | None:
    """Checks 9 and 10 (R13, R16)."""
    rules = state.rules
    own = lot.best(bidder)
    if rules.max_change_percent is not None and own is not None and not confirmed:
        change = abs(Fraction(own.amount) - Fraction(amount)) * 100 / Fraction(own.amount)
        if change > Fraction(rules.max_change_percent):
            return Refusal("needs_confirmation")
    value = cost(rules, lot.lot, state.bidders[bidder].bidder, amount)
    if bounds.ties_refused(state, lot, bidder, value):
        return Refusal("tie", bounds.next_valid(state, lot, bidder, amount))
    return None


def _accepted(
    state: State, lot: LotState, bidder: str, amount: Decimal, command: Command, recv: datetime
) -> list[Event]:
    seq = state.seq + 1
    placed = BidPlaced(
        seq, lot.lot.id, bidder, amount, recv,
        turn=round_number(state, lot, recv),
        author=BUYER if command.by == BUYER else None,
        evidence=command.reason if command.by == BUYER else None,
    )  # fmt: skip
    events: list[Event] = [placed]
    draft = Draft(state, lot)
    moves = [draft.place(bidder, amount, seq)]
    plan = timing.new_plan(state, recv)
    made: tuple[MadeBid, ...] = ()
    if not is_blind(state, lot):
        made_bids, made_moves = proxy.answer(state, lot, draft, seq, recv)
        events += made_bids
        made = proxy.listed(made_bids)
        timing.extend(plan, lot, moves + made_moves)
    events += plan.events()
    rank = None if is_blind(state, lot) else draft.rank(bidder)
    events.append(answers.receipt(command, recv, seq, lot, rank=rank, plan=plan, made=made))
    return events


def round_number(state: State, lot: LotState, recv: datetime) -> int | None:
    if state.rules.format != "rounds":
        return None
    turn = clocks.turn_at(state.rules.turns, len(state.bidders), recv - lot.grid)
    return None if turn is None else turn[0]


def whose_turn(state: State, lot: LotState, moment: datetime) -> str | None:
    """R50: highest price first, of equal bids the later acts earlier; None in a pause."""
    turn = clocks.turn_at(state.rules.turns, len(state.bidders), moment - lot.grid)
    return None if turn is None else turn_order(state, lot, turn[0])[turn[1]]


def turn_order(state: State, lot: LotState, number: int) -> list[str]:
    """Who acts when in round `number`, from the bids as they stood when it began; without a bid comes first."""

    def key(bidder: str) -> tuple[object, ...]:
        order = state.bidders[bidder].order
        for bid in reversed(lot.bids.get(bidder, ())):
            if bid.live and (bid.placed.turn is None or bid.placed.turn < number):
                return (0, bid.cost, bid.tie_seq, order)
        return (1, order)

    return sorted(state.bidders, key=key, reverse=True)
