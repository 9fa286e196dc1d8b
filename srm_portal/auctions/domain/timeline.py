"""What time alone will change: for timers that only announce what the state already says (R1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from srm_portal.auctions.domain import clocks, timing
from srm_portal.auctions.domain.state import LotState, State


@dataclass(frozen=True, slots=True)
class Change:
    """At `at` the lot `opens`, `closes`, ends its `review`, or its clock shows another `tick` or `turn`."""

    at: datetime
    lot: str
    what: str


def next_change(state: State, after: datetime) -> Change | None:
    """The first change strictly after a moment if nobody does anything more; None where time changes nothing."""
    changes = [change for lot in state.lots.values() for change in _of_lot(state, lot, after)]
    return min(changes, key=lambda change: change.at, default=None)


def due(state: State, after: datetime, until: datetime) -> list[Change]:
    """Every opening, closing and end of review in `(after, until]`, in order of time."""
    changes = [
        change for lot in state.lots.values() for change in _ends(state, lot, after) if after < change.at <= until
    ]
    return sorted(changes, key=lambda change: change.at)


def auction_phase(state: State, moment: datetime) -> str:
    """R3 for the whole auction: published, prebid, running, review, closed or cancelled."""
    phases = {timing.phase(state, lot, moment) for lot in state.lots.values()}
    if phases & {"open", "overtime"}:
        return "running"
    if phases <= {"cancelled"}:
        return "cancelled"
    if "prebid" in phases:
        return "prebid"
    if "waiting" in phases:
        return "running" if phases & {"review", "closed"} else "published"
    return "review" if "review" in phases else "closed"


def _ends(state: State, lot: LotState, after: datetime) -> list[Change]:
    if lot.ended is not None or lot.paused_at is not None or timing.is_held(state, lot, after):
        return []
    name = lot.lot.id
    found = [Change(lot.open, name, "opens"), Change(lot.close, name, "closes")]
    if state.rules.review_s:
        found.append(Change(lot.close + timedelta(seconds=state.rules.review_s), name, "review"))
    return found


def _of_lot(state: State, lot: LotState, after: datetime) -> list[Change]:
    found = [change for change in _ends(state, lot, after) if change.at > after]
    if not found or not lot.open <= after < lot.close:
        return found
    beat = _next_beat(state, lot, after)
    return found if beat is None or beat.at >= lot.close else [*found, beat]


def _next_beat(state: State, lot: LotState, after: datetime) -> Change | None:
    """The next tick of a clock, or the next edge of a turn."""
    clock = state.rules.dutch if state.rules.format == "dutch" else state.rules.japanese
    if state.rules.has_clock and clock is not None:
        tick = clocks.ticks_between(lot.grid, after, clock.tick_s) + 1
        return Change(lot.grid + timedelta(seconds=clock.tick_s * tick), lot.lot.id, "tick")
    if state.rules.format != "rounds":
        return None
    edges = clocks.turn_edges(state.rules.turns, len(state.bidders))
    coming = [edge for edge in edges if lot.grid + edge > after]
    return Change(lot.grid + coming[0], lot.lot.id, "turn") if coming else None
