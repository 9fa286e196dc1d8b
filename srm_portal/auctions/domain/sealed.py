"""Sealed lots: withdraw, open, and the live stage after the opening (R51, R52)."""

from __future__ import annotations

from datetime import datetime, timedelta

from srm_portal.auctions.domain import answers, timing
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.events import BidWithdrawn, Event, Refusal, SealOpened
from srm_portal.auctions.domain.state import LotState, State, qualified


def withdraw(state: State, lot: LotState, command: Command, recv: datetime) -> list[Event] | Refusal:
    """R51: until the close, only in a sealed lot, only what is there."""
    door = timing.takes_bids(state, lot, recv)
    if door is not None:
        return answers.closed_door(door, lot, recv)
    if state.rules.format != "sealed" or lot.live_stage:
        return Refusal("not_allowed")
    if lot.best(command.by) is None:
        return Refusal("unknown_bid")
    return [BidWithdrawn(lot.lot.id, command.by, recv), answers.receipt(command, recv, state.seq + 1, lot)]


def open_seals(state: State, command: Command, recv: datetime) -> list[Event] | Refusal:
    """Open the sealed values of the named lot, or of every closed lot; with `seconds` the live stage begins at once."""
    if state.rules.format != "sealed":
        return Refusal("not_allowed")
    if command.lot is not None and command.lot not in state.lots:
        return Refusal("unknown_lot")
    named = [state.lots[command.lot]] if command.lot is not None else list(state.lots.values())
    if all(lot.ended == "cancelled" for lot in named):
        return Refusal("cancelled")
    closed = [lot for lot in named if lot.ended != "cancelled" and timing.is_over(state, lot, recv)]
    ready = [lot for lot in closed if lot.seal_opened is None]
    if not ready:
        return Refusal("not_open")
    plan = timing.new_plan(state, recv)
    events: list[Event] = []
    for lot in ready:
        events.append(SealOpened(lot.lot.id, recv, command.by, qualified(state, lot)))
        if state.rules.closed_then_open_percent is not None and command.seconds:
            end = recv + timedelta(seconds=command.seconds)
            plan.set(lot, "live", open=recv, close=end, scheduled=end, grid=recv)
    shown = ready[0] if len(named) == 1 else None
    return [*events, *plan.events(), answers.receipt(command, recv, state.seq + 1, shown, plan=plan)]
