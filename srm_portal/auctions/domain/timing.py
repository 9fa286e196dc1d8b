"""A lot's state at a moment, and the moving of times: overtime (R22-R24), cascade and serial chain (R25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from srm_portal.auctions.domain import clocks
from srm_portal.auctions.domain.events import LotTimed
from srm_portal.auctions.domain.ranking import Moved
from srm_portal.auctions.domain.rules import Extension
from srm_portal.auctions.domain.state import LotState, State


def is_over(state: State, lot: LotState, moment: datetime) -> bool:
    """Ended by an act, or by time. A paused lot does not close, nor one that waits for a lot before it."""
    if lot.ended is not None:
        return True
    return lot.paused_at is None and moment >= lot.close and not is_held(state, lot, moment)


def is_held(state: State, lot: LotState, moment: datetime) -> bool:
    """R25, serial: the lot before has not ended, whatever the clock says (it may be paused)."""
    if state.rules.lots_timing.kind != "serial" or lot.index == 0:
        return False
    before = list(state.lots.values())[lot.index - 1]
    return not is_over(state, before, moment)


def phase(state: State, lot: LotState, moment: datetime) -> str:
    """R3: waiting, prebid, open, overtime, review, closed or cancelled. Paused is a flag, not a state."""
    if lot.ended == "cancelled":
        return "cancelled"
    if is_over(state, lot, moment):
        review = timedelta(seconds=state.rules.review_s)
        return "review" if lot.ended is None and moment < lot.close + review else "closed"
    seen = lot.paused_at or moment
    if is_held(state, lot, moment):
        return "waiting"
    if seen < lot.open:
        return "prebid" if seen >= lot.open - _prebid(state) else "waiting"
    return "overtime" if seen >= lot.scheduled else "open"


def _prebid(state: State) -> timedelta:
    """For how long before the opening bids are taken; never where a clock or turns decide."""
    none = state.rules.has_clock or state.rules.format == "rounds"
    return timedelta(0) if none else timedelta(seconds=state.rules.prebid_s)


def takes_bids(state: State, lot: LotState, recv: datetime) -> str | None:
    """R4, checks 3 and 4: the code of what stands against a bid now, or None."""
    if lot.ended is not None:
        return {"cancelled": "cancelled", "taken": "taken"}.get(lot.ended, "late")
    if lot.paused_at is not None:
        return "paused"
    if recv < lot.open - _prebid(state) or is_held(state, lot, recv):
        return "not_open"
    return "late" if recv >= lot.close else None


@dataclass(slots=True)
class Plan:
    """Times that are being moved within one transaction, before they become events."""

    state: State
    recv: datetime
    moved: dict[str, LotTimed]

    def close(self, lot: LotState) -> datetime:
        change = self.moved.get(lot.lot.id)
        return change.close if change is not None else lot.close

    def set(
        self, lot: LotState, cause: str, *, open: datetime | None = None, close: datetime | None = None,
        scheduled: datetime | None = None, grid: datetime | None = None, extended_from: datetime | None = None,
        reason: str | None = None,
    ) -> None:  # fmt: skip
        """Change some times of a lot; what is not named stays."""
        now = self.moved.get(lot.lot.id)
        self.moved[lot.lot.id] = LotTimed(
            lot.lot.id,
            open or (now.open if now else lot.open),
            close or (now.close if now else lot.close),
            scheduled or (now.scheduled if now else lot.scheduled),
            grid or (now.grid if now else lot.grid),
            now.cause if now else cause,
            extended_from or (now.extended_from if now else None),
            reason or (now.reason if now else None),
        )

    def events(self) -> list[LotTimed]:
        """The moves, with those that follow from them in serial lots."""
        self._chain()
        return list(self.moved.values())

    def _chain(self) -> None:
        """R25, serial: the next lot opens at the actual close plus the gap, if it has not opened yet."""
        timing = self.state.rules.lots_timing
        if timing.kind != "serial" or not self.moved:
            return
        lots = list(self.state.lots.values())
        for before, lot in pairwise(lots):
            if before.lot.id not in self.moved or lot.ended is not None or is_over(self.state, before, self.recv):
                continue
            opened = self.close(before) + timedelta(seconds=timing.gap_s)
            if opened == lot.open:
                continue
            shift = opened - lot.open
            self.set(
                lot,
                "serial",
                open=opened,
                close=lot.close + shift,
                scheduled=lot.scheduled + shift,
                grid=lot.grid + shift,
            )


def new_plan(state: State, recv: datetime) -> Plan:
    return Plan(state, recv, {})


def triggered(extension: Extension, moved: Moved) -> bool:
    """R24; a leader who improves their own lead extends only where any bid does (R11)."""
    match extension.trigger:
        case "any":
            return True
        case "new_leader":
            return moved.leads and not moved.led_before
        case "beats_other":
            return moved.beats_other
        case rank:
            return moved.rank <= int(rank) and not (moved.led_before and moved.leads)


def in_window(extension: Extension, lot: LotState, recv: datetime) -> bool:
    """R22: `close - W <= recv < close`; with `add`, once per window."""
    if not lot.close - timedelta(seconds=extension.window_s) <= recv < lot.close:
        return False
    return extension.mode != "add" or lot.extended_from is None or recv >= lot.extended_from


def extend(plan: Plan, lot: LotState, moves: list[Moved]) -> None:
    """Overtime after an accepted bid and the bids it set off: at most one extension per transaction (R56)."""
    extension = plan.state.rules.extension
    if extension is None or not in_window(extension, lot, plan.recv):
        return
    if not any(triggered(extension, each) for each in moves):
        return
    for each in plan.state.lots.values() if extension.scope == "all" else (lot,):
        if takes_bids(plan.state, each, plan.recv) is None and each.open <= plan.recv:
            _extend_one(plan, each, extension)
    _cascade(plan)


def _extend_one(plan: Plan, lot: LotState, extension: Extension) -> None:
    if extension.max_count is not None and lot.extensions >= extension.max_count:
        return
    match extension.mode:
        case "reset":
            candidate = plan.recv + timedelta(seconds=extension.window_s)
        case "add":
            candidate = lot.close + timedelta(seconds=extension.length_s)
        case "receipt":
            candidate = plan.recv + timedelta(seconds=extension.length_s)
    candidate = min(candidate, lot.scheduled + timedelta(seconds=extension.hard_stop_s))
    if candidate > lot.close:
        plan.set(lot, "extension", close=candidate, extended_from=lot.close)


def _cascade(plan: Plan) -> None:
    """R25, staggered: one pass in order; a lot closing too soon after its neighbour moves by the increment."""
    timing = plan.state.rules.lots_timing
    if timing.kind != "staggered" or not plan.moved:
        return
    lots = [each for each in plan.state.lots.values() if not is_over(plan.state, each, plan.recv)]
    gap, step = timedelta(seconds=timing.min_gap_s), timedelta(seconds=timing.increment_s)
    for before, lot in pairwise(lots):
        if plan.close(lot) - plan.close(before) < gap:
            plan.set(lot, "cascade", close=plan.close(lot) + step)


def recompute_clock(plan: Plan, lot: LotState, stayed: tuple[int, ...]) -> None:
    """The Japanese close follows from the acceptances (R39)."""
    clock = plan.state.rules.japanese
    assert clock is not None
    last = clocks.japanese_last_tick(clock, plan.state.rules.sign, plan.state.rules.tick, stayed)
    close = lot.grid + timedelta(seconds=clock.tick_s * (last + 1))
    if close != plan.close(lot):
        plan.set(lot, "tick", close=close, scheduled=close)
