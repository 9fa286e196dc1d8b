"""What everybody may know of a lot, and how those parts of a screen are written."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from srm_portal.auctions.domain import accepting, clocks, timing
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.figures import amount_text
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.state import LotState, State, is_blind


def lot_head(state: State, lot: LotState, moment: datetime) -> dict[str, Any]:
    """What everybody may know of a lot."""
    rules = state.rules
    line: dict[str, Any] = {
        "id": lot.lot.id,
        "state": timing.phase(state, lot, moment),
        "paused": lot.paused_at is not None,
        "open": moment_text(lot.open),
        "close": moment_text(lot.close),
        "extensions": lot.extensions,
        "quantity": format(lot.lot.quantity, "f"),
        "ceiling": maybe_amount(rules, lot.lot.ceiling),
    }
    if rules.has_clock:
        line["clock"] = _clock(state, lot, moment)
    return line


def public_lot(state: State, lot: LotState, moment: datetime) -> dict[str, Any]:
    """A lot for those who must not learn how many stay in: a Japanese lot closes with its tick until it has (R42)."""
    return lot_head(state, lot, moment) | {"close": moment_text(public_close(state, lot, moment))}


def public_close(state: State, lot: LotState, moment: datetime) -> datetime:
    """The closing time that may be told to bidders."""
    if state.rules.format != "japanese" or timing.is_over(state, lot, moment):
        return lot.close
    clock = state.rules.japanese
    assert clock is not None
    tick = max(clocks.ticks_between(lot.grid, lot.paused_at or moment, clock.tick_s), 0)
    return lot.grid + timedelta(seconds=clock.tick_s * (tick + 1))


def quiet(state: State) -> bool:
    """Whether bidders may not even notice that another one acted: sealed and not opened (R51), or Japanese (R42)."""
    return state.rules.format == "japanese" or any(is_hidden(state, lot) for lot in state.lots.values())


def heard(state: State, viewer: str) -> int:
    """R15: the number a viewer's screen carries. Where others' acts are hidden it counts only what the viewer may know."""
    if not quiet(state) or (viewer == BUYER and state.rules.format == "japanese"):
        return state.seq
    return state.acts.get(BUYER, 0) + (state.acts.get(viewer, 0) if viewer != BUYER else 0)


def _clock(state: State, lot: LotState, moment: datetime) -> dict[str, Any] | None:
    if timing.takes_bids(state, lot, moment) is not None:
        return None
    tick, price = accepting.clock_now(state, lot, moment)
    length = (state.rules.dutch or state.rules.japanese).tick_s  # type: ignore[union-attr]
    ends = lot.grid + timedelta(seconds=length * (tick + 1))
    return {"tick": tick, "price": amount_text(state.rules, price), "until": moment_text(ends)}


def is_hidden(state: State, lot: LotState) -> bool:
    """Sealed and not opened yet."""
    return is_blind(state, lot) and lot.seal_opened is None


def maybe_amount(rules: Rules, amount: Decimal | None) -> str | None:
    return None if amount is None else amount_text(rules, amount)
