"""Proxy bids (R53-R56): hidden limits, resolved in one transaction and in closed form."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from srm_portal.auctions.domain import answers, bounds, timing
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.decrement import decrement
from srm_portal.auctions.domain.events import BidPlaced, Event, MadeBid, ProxyCancelled, ProxySet, Refusal
from srm_portal.auctions.domain.metrics import Cost, cost, on_tick
from srm_portal.auctions.domain.ranking import Draft, Moved
from srm_portal.auctions.domain.state import LotState, Proxy, State


class _Contest:
    """The proxies of a lot against the draft's lead."""

    def __init__(self, state: State, lot: LotState, draft: Draft, seq: int, recv: datetime) -> None:
        self.state, self.lot, self.draft, self.trigger, self.recv = state, lot, draft, seq, recv
        self.next_seq = seq + 1
        self.made: list[BidPlaced] = []
        self.moves: list[Moved] = []

    def value(self, bidder: str, amount: Decimal) -> Cost:
        return cost(self.state.rules, self.lot.lot, self.state.bidders[bidder].bidder, amount)

    def make(self, bidder: str, amount: Decimal) -> bool:
        """Bid `amount` for the bidder if it takes the lead, improves their own bid and keeps within the ceiling."""
        rules, lead, own = self.state.rules, self.draft.lead(), self.draft.amount(bidder)
        ceiling = bounds.ceiling(rules, self.lot)
        if own is not None and bounds.better_or_equal(rules, own, amount):
            return False
        if amount <= 0 or (ceiling is not None and not bounds.better_or_equal(rules, amount, ceiling)):
            return False
        if lead is not None and self.value(bidder, amount) >= lead[1]:
            return False
        self.moves.append(self.draft.place(bidder, amount, self.next_seq))
        self.made.append(BidPlaced(self.next_seq, self.lot.lot.id, bidder, amount, self.recv, self.trigger))
        self.next_seq += 1
        return True


def answer(
    state: State, lot: LotState, draft: Draft, seq: int, recv: datetime, new: tuple[str, Proxy] | None = None
) -> tuple[list[BidPlaced], list[Moved]]:
    """The bids that the lot's proxies make after the draft's latest change.

    The weaker limits are bid at their limit, weakest first; the strongest answers the best of the rest.
    """
    proxies = dict(lot.proxies)
    if new is not None:
        proxies[new[0]] = new[1]
    allowed = {who: each for who, each in proxies.items() if not state.bidders[who].blocked}
    if not allowed:
        return [], []
    contest = _Contest(state, lot, draft, seq, recv)
    order = sorted(allowed, key=lambda who: (contest.value(who, allowed[who].limit), allowed[who].seq))
    strongest, weaker = order[0], order[1:]
    rival = None
    lead = draft.lead()
    if lead is None and not weaker:
        return [], []
    for who in sorted(weaker, key=lambda each: (-contest.value(each, allowed[each].limit), allowed[each].seq)):
        limit = contest.value(who, allowed[who].limit)
        if limit == contest.value(strongest, allowed[strongest].limit) or contest.make(who, allowed[who].limit):
            rival = limit
    _answer_for(contest, strongest, allowed[strongest], rival)
    return contest.made, contest.moves


def _answer_for(contest: _Contest, bidder: str, proxy: Proxy, rival: Cost | None) -> None:
    """R53, R54: one decrement better than the best of the others, never beyond the limit."""
    rules, lead = contest.state.rules, contest.draft.lead()
    if lead is not None and lead[0] == bidder and (rival is None or lead[1] < rival):
        return
    reference = lead[1] if lead is not None and lead[0] != bidder else rival
    if rival is not None and reference is not None:
        reference = min(reference, rival)
    if reference is None:
        return
    wanted: Decimal | None = bounds.price_to_lead(contest.state, contest.lot, bidder, reference)
    buffered = None
    if rules.lead_buffer is not None:
        buffered = bounds.price_to_beat(contest.state, contest.lot, bidder, reference, rules.lead_buffer)
        wanted = bounds.tighter(rules, wanted, buffered)
    own = contest.draft.amount(bidder)
    if rival is None and own is not None:
        wanted = bounds.tighter(rules, wanted, own - rules.sign * proxy.step)
    assert wanted is not None
    wanted = bounds.tighter(rules, wanted, bounds.ceiling(rules, contest.lot))
    assert wanted is not None
    if bounds.better_or_equal(rules, wanted, proxy.limit):
        wanted = proxy.limit
    if buffered is not None and rival is None and not bounds.better_or_equal(rules, wanted, buffered):
        return
    contest.make(bidder, wanted)


def listed(made: list[BidPlaced]) -> tuple[MadeBid, ...]:
    return tuple(MadeBid(each.bidder, each.amount, each.seq) for each in made)


def set_proxy(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    """Set or replace a limit; it acts at once where its owner does not lead."""
    rules, bidder = state.rules, command.by
    door = timing.takes_bids(state, lot, recv)
    if door is not None:
        return answers.closed_door(door, lot, recv, command.limit)
    if command.version is not None and command.version != state.version:
        return Refusal("rules_changed")
    if lot.qualified is not None and bidder not in lot.qualified:
        return Refusal("blocked")
    limit, step = answers.number(command.limit), answers.number(command.step)
    refused = _check_numbers(state, lot, bidder, limit, step)
    if refused is not None:
        return refused
    assert limit is not None and step is not None
    own = lot.best(bidder)
    base = own.amount if own is not None else limit
    if step < decrement(rules, base):
        return Refusal("step_below_decrement", decrement(rules, base))
    seq = state.seq + 1
    draft = Draft(state, lot)
    made, moves = answer(state, lot, draft, seq, recv, (bidder, Proxy(limit, step, seq)))
    plan = timing.new_plan(state, recv)
    timing.extend(plan, lot, moves)
    events: list[Event] = [ProxySet(seq, lot.lot.id, bidder, limit, step), *made, *plan.events()]
    events.append(
        answers.receipt(command, recv, seq, lot, rank=draft.rank(bidder), plan=plan, made=listed(made))
    )  # fmt: skip
    return events


def _check_numbers(
    state: State, lot: LotState, bidder: str, limit: Decimal | None, step: Decimal | None
) -> Refusal | None:
    rules = state.rules
    if limit is None or step is None:
        return Refusal("not_a_number")
    if not on_tick(limit, rules.tick) or not on_tick(step, rules.tick):
        return Refusal("not_on_tick")
    if answers.outside_limits(rules, limit):
        return Refusal("outside_limits")
    ceiling = bounds.ceiling(rules, lot)
    if ceiling is not None and not bounds.better_or_equal(rules, limit, ceiling):
        return Refusal("above_ceiling", ceiling)
    own = lot.best(bidder)
    if own is not None and bounds.better_or_equal(rules, own.amount, limit):
        return Refusal("not_an_improvement", bounds.next_valid(state, lot, bidder))
    return None


def cancel_proxy(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    door = timing.takes_bids(state, lot, recv)
    if door is not None:
        return answers.closed_door(door, lot, recv)
    return [ProxyCancelled(lot.lot.id, command.by), answers.receipt(command, recv, state.seq + 1, lot)]
