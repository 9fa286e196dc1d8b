"""What the buying side may do (R26, R46, R47, R60, R63), each act with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from srm_portal.auctions.domain import answers, clocks, timing
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.events import (
    BidderBlocked,
    BidRemoved,
    Event,
    LotEnded,
    LotPaused,
    LotReopened,
    LotResumed,
    OutageNoted,
    Refusal,
    RulesChanged,
)  # fmt: skip
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.sealed import open_seals
from srm_portal.auctions.domain.state import LotState, State
from srm_portal.auctions.domain.timing import Plan

Answer = list[Event] | Refusal

MATERIAL = (
    "format",
    "direction",
    "currency",
    "metric",
    "dutch",
    "japanese",
    "qualification_price",
    "packages",
    "limits",
)
"""Rules whose change asks every bidder to confirm the terms again (R2)."""


def _chosen(state: State, command: Command) -> list[LotState] | Refusal:
    if command.lot is None:
        return list(state.lots.values())
    lot = state.lots.get(command.lot)
    return Refusal("unknown_lot") if lot is None else [lot]


def _each_lot(
    state: State, command: Command, recv: datetime, fits: Callable[[LotState], str | None],
    act: Callable[[Plan, LotState], list[Event]],
) -> Answer:  # fmt: skip
    """Do `act` on the named lot, or on every lot it fits; refused where it fits none. `fits` gives a code or None."""
    chosen = _chosen(state, command)
    if isinstance(chosen, Refusal):
        return chosen
    codes = [fits(lot) for lot in chosen]
    lots = [lot for lot, code in zip(chosen, codes, strict=True) if code is None]
    if not lots:
        return Refusal(next((code for code in codes if code is not None), "unknown_lot"))
    plan = timing.new_plan(state, recv)
    events: list[Event] = []
    for lot in lots:
        events += act(plan, lot)
    events += plan.events()
    shown = lots[0] if command.lot is not None or len(state.lots) == 1 else None
    events.append(answers.receipt(command, recv, state.seq + 1, shown, plan=plan))
    return events


def _over(state: State, lot: LotState, recv: datetime) -> str | None:
    if lot.ended is not None:
        return {"cancelled": "cancelled", "taken": "taken"}.get(lot.ended, "late")
    return "late" if timing.is_over(state, lot, recv) else None


def pause(state: State, command: Command, recv: datetime) -> Answer:
    """R46: what remains is kept per lot."""

    def fits(lot: LotState) -> str | None:
        return _over(state, lot, recv) or ("paused" if lot.paused_at is not None else None)

    return _each_lot(
        state, command, recv, fits, lambda _, lot: [LotPaused(lot.lot.id, recv, "buyer", command.reason)]
    )  # fmt: skip


def resume(state: State, command: Command, recv: datetime) -> Answer:
    """R46: `close = resume + max(remaining, 60 s)`; Dutch and Japanese restart the broken tick."""

    def fits(lot: LotState) -> str | None:
        return _over(state, lot, recv) or (None if lot.paused_at is not None else "not_paused")

    return _each_lot(state, command, recv, fits, lambda plan, lot: _resume_lot(plan, lot))


def _resume_lot(plan: Plan, lot: LotState) -> list[Event]:
    state, recv, since = plan.state, plan.recv, lot.paused_at
    assert since is not None
    if since < lot.open:
        shift = max(recv - lot.open, timedelta(0))
        if shift and not (state.rules.lots_timing.kind == "serial" and lot.index > 0):
            _shift(plan, lot, shift, "resume", open_too=True)
        return [LotResumed(lot.lot.id, recv)]
    if recv < lot.open:  # the clock was set back meanwhile
        plan.set(lot, "resume", open=recv)
    if state.rules.has_clock:
        return _restart_tick(plan, lot, since)
    remaining = max(lot.close - since, timedelta(seconds=state.rules.resume_min_s))
    _shift(plan, lot, recv + remaining - lot.close, "resume")
    return [LotResumed(lot.lot.id, recv)]


def _shift(plan: Plan, lot: LotState, by: timedelta, cause: str, *, open_too: bool = False) -> None:
    plan.set(
        lot, cause, open=lot.open + by if open_too else None, close=lot.close + by, scheduled=lot.scheduled + by,
        grid=lot.grid + by,
    )  # fmt: skip


def _restart_tick(plan: Plan, lot: LotState, since: datetime) -> list[Event]:
    """The broken tick begins anew at the resumption; its Japanese acceptances are void (R45)."""
    rules = plan.state.rules
    if rules.format == "dutch":
        assert rules.dutch is not None
        tick = clocks.ticks_between(lot.grid, since, rules.dutch.tick_s)
        begun = lot.grid + timedelta(seconds=tick * rules.dutch.tick_s)
        _shift(plan, lot, plan.recv - begun, "resume")
        return [LotResumed(lot.lot.id, plan.recv)]
    assert rules.japanese is not None
    tick = clocks.ticks_between(lot.grid, since, rules.japanese.tick_s)
    grid = plan.recv - timedelta(seconds=tick * rules.japanese.tick_s)
    stayed = tuple(min(lot.stayed.get(who, 0), tick) for who in plan.state.bidders)
    last = clocks.japanese_last_tick(rules.japanese, rules.sign, rules.tick, stayed)
    close = grid + timedelta(seconds=rules.japanese.tick_s * (last + 1))
    plan.set(lot, "resume", grid=grid, close=close, scheduled=close)
    return [LotResumed(lot.lot.id, plan.recv, void_tick=tick)]


def outage(state: State, command: Command, recv: datetime) -> Answer:
    """R47: away for longer than the grace while a lot was open means paused from the moment it went away."""
    until = command.until
    if until is None or until < recv:
        return Refusal("not_allowed")
    running = [lot for lot in state.lots.values() if lot.paused_at is None and _over(state, lot, recv) is None]
    was_open = any(lot.open < until for lot in running)
    events: list[Event] = [OutageNoted(recv, until)]
    if was_open and until - recv > timedelta(seconds=state.rules.outage_grace_s):
        events += [LotPaused(lot.lot.id, recv, "outage", command.reason) for lot in running]
    return [*events, answers.receipt(command, recv, state.seq + 1)]


def extend(state: State, command: Command, recv: datetime) -> Answer:
    """R26: adds to the current close."""
    if not command.reason:
        return Refusal("reason_required")
    if command.seconds is None or command.seconds <= 0:
        return Refusal("not_a_number")
    if state.rules.has_clock or state.rules.format == "rounds":
        return Refusal("not_allowed")
    by = timedelta(seconds=command.seconds)

    def act(plan: Plan, lot: LotState) -> list[Event]:
        plan.set(lot, "buyer", close=lot.close + by, reason=command.reason)
        return []

    return _each_lot(state, command, recv, lambda lot: _over(state, lot, recv), act)


def cancel(state: State, command: Command, recv: datetime) -> Answer:
    """R63: with a reason; receipts stay valid."""
    return _end(state, command, recv, "cancelled", lambda lot: "cancelled" if lot.ended == "cancelled" else None)


def close(state: State, command: Command, recv: datetime) -> Answer:
    """End lots before their time."""
    return _end(state, command, recv, "closed", lambda lot: _over(state, lot, recv))


def _end(state: State, command: Command, recv: datetime, cause: str, fits: Callable[[LotState], str | None]) -> Answer:
    if not command.reason:
        return Refusal("reason_required")

    def act(plan: Plan, lot: LotState) -> list[Event]:
        if recv < lot.close or lot.paused_at is not None:
            plan.set(lot, cause, close=recv)
        return [LotEnded(lot.lot.id, cause, recv, command.reason)]

    return _each_lot(state, command, recv, fits, act)


def reopen(state: State, command: Command, recv: datetime) -> Answer:
    """R3: only after the close, only with a reason, and for all bidders; for `seconds`, at least the resume minimum."""
    if not command.reason:
        return Refusal("reason_required")
    if state.rules.has_clock or state.rules.format == "rounds":
        return Refusal("not_allowed")
    length = timedelta(seconds=max(command.seconds or 0, state.rules.resume_min_s))

    def fits(lot: LotState) -> str | None:
        if lot.ended in ("cancelled", "taken"):
            return lot.ended
        if state.rules.format == "sealed" and lot.seal_opened is not None and not lot.live_stage:
            return "not_allowed"
        return None if timing.is_over(state, lot, recv) else "still_open"

    def act(plan: Plan, lot: LotState) -> list[Event]:
        end = recv + length
        plan.set(lot, "reopen", close=end, scheduled=end, reason=command.reason)
        return [LotReopened(lot.lot.id, recv, command.reason or "")]

    return _each_lot(state, command, recv, fits, act)


def remove_bid(state: State, command: Command, recv: datetime) -> Answer:
    """R60: while paused or after the close, with a reason."""
    chosen = _chosen(state, command)
    if isinstance(chosen, Refusal):
        return chosen
    if not command.reason:
        return Refusal("reason_required")
    for lot in chosen:
        bid = lot.by_seq.get(command.seq) if command.seq else None
        if bid is None or not bid.live:
            continue
        if lot.ended == "cancelled":
            return Refusal("cancelled")
        if lot.paused_at is None and not timing.is_over(state, lot, recv):
            return Refusal("not_paused")
        removed = BidRemoved(lot.lot.id, bid.placed.bidder, bid.seq, command.reason)
        return [removed, answers.receipt(command, recv, state.seq + 1, lot)]
    return Refusal("unknown_bid")


def block(state: State, command: Command, recv: datetime) -> Answer:
    """Take a participant's right to bid, or give it back."""
    name = command.bidder or command.surrogate_for
    if name not in state.bidders:
        return Refusal("unknown_bidder")
    blocked = BidderBlocked(name, command.do == "block", command.reason)
    return [blocked, answers.receipt(command, recv, state.seq + 1)]


def change_rules(state: State, command: Command, recv: datetime) -> Answer:
    """R2: while paused, as version n+1; the format stays."""
    rules = command.rules
    if not isinstance(rules, Rules):
        return Refusal("not_allowed")
    running = [lot for lot in state.lots.values() if _over(state, lot, recv) is None]
    if not running:
        return Refusal("late")
    if any(lot.paused_at is None and recv >= lot.open for lot in running):
        return Refusal("not_paused")
    if rules.format != state.rules.format or rules.direction != state.rules.direction:
        return Refusal("not_allowed")
    material = any(getattr(rules, name) != getattr(state.rules, name) for name in MATERIAL)
    changed = RulesChanged(state.version + 1, replace(rules), material, command.reason)
    return [changed, answers.receipt(command, recv, state.seq + 1)]


ACTS: dict[str, Callable[[State, Command, datetime], Answer]] = {
    "pause": pause, "resume": resume, "outage": outage, "extend": extend, "cancel": cancel, "close": close,
    "reopen": reopen, "remove_bid": remove_bid, "block": block, "unblock": block, "change_rules": change_rules,
    "open": open_seals,
}  # fmt: skip
