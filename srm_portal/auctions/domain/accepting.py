"""Accepting a clock's price: Dutch (R31-R36) and Japanese (R37-R45)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from srm_portal.auctions.domain import answers, clocks, timing
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.events import BidPlaced, Event, LotEnded, Refusal
from srm_portal.auctions.domain.ranking import Draft
from srm_portal.auctions.domain.state import LotState, State


def clock_now(state: State, lot: LotState, moment: datetime) -> tuple[int, Decimal]:
    """(tick, price) of an open Dutch or Japanese lot; the last price where the clock has run out."""
    rules = state.rules
    if rules.format == "dutch":
        assert rules.dutch is not None
        tick = min(
            clocks.ticks_between(lot.grid, moment, rules.dutch.tick_s), clocks.dutch_last_tick(rules.dutch, rules.sign)
        )
        return tick, clocks.dutch_price(rules.dutch, tick, rules.sign)
    assert rules.japanese is not None
    prices = clocks.japanese_prices(rules.japanese, rules.sign, rules.tick)
    tick = min(clocks.ticks_between(lot.grid, moment, rules.japanese.tick_s), len(prices) - 1)
    return tick, prices[tick]


def accept(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    """Answer an acceptance; the bidder is known and may bid."""
    door = timing.takes_bids(state, lot, recv)
    if door is not None:
        return answers.closed_door(door, lot, recv, command.tick)
    if command.version is not None and command.version != state.version:
        return Refusal("rules_changed")
    if state.rules.format == "dutch":
        return _accept_dutch(state, lot, command, recv)
    return _accept_japanese(state, lot, command, recv)


def _accept_dutch(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    clock = state.rules.dutch
    assert clock is not None
    tick, price = clock_now(state, lot, recv)
    rest = lot.lot.quantity - lot.taken
    if not clock.partial and lot.best(command.by) is not None:
        return Refusal("taken")
    if command.tick != tick:
        return Refusal("moved", price)
    quantity = _quantity(command, rest if clock.partial else lot.lot.quantity)
    if quantity is None:
        return Refusal("not_a_number")
    if quantity > rest or (not clock.partial and quantity != lot.lot.quantity):
        return Refusal("outside_limits", rest)
    seq = state.seq + 1
    placed = BidPlaced(
        seq, lot.lot.id, command.by, price, recv, tick=tick, quantity=quantity if clock.partial else None
    )  # fmt: skip
    events: list[Event] = [placed]
    plan = timing.new_plan(state, recv)
    winners = len(lot.ranked) + 1
    full = quantity == rest or (clock.winners > 1 and winners >= clock.winners) if clock.partial else None
    if full or (full is None and winners >= clock.winners):
        events.append(LotEnded(lot.lot.id, "taken", recv))
        plan.set(lot, "taken", close=recv)
    events += plan.events()
    events.append(answers.receipt(command, recv, seq, lot, rank=winners, plan=plan))
    return events


def _quantity(command: Command, default: Decimal) -> Decimal | None:
    return default if command.quantity is None else answers.number(command.quantity)


def _accept_japanese(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    tick, price = clock_now(state, lot, recv)
    stayed = lot.stayed.get(command.by, 0)
    if stayed < tick:
        return Refusal("dropped")
    if command.tick != tick:
        return Refusal("moved", price)
    if stayed > tick:
        return Refusal("not_an_improvement")
    seq = state.seq + 1
    draft = Draft(state, lot)
    draft.place(command.by, price, seq)
    counts = {who: lot.stayed.get(who, 0) for who in state.bidders}
    counts[command.by] = tick + 1
    plan = timing.new_plan(state, recv)
    timing.recompute_clock(plan, lot, tuple(counts.values()))
    events: list[Event] = [BidPlaced(seq, lot.lot.id, command.by, price, recv, tick=tick), *plan.events()]
    events.append(answers.receipt(command, recv, seq, lot, rank=draft.rank(command.by), plan=plan))
    return events
