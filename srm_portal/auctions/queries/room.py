"""What one bidder's screen is sent. Made from the engine's projection; a key the rules hide is absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from srm_portal.auctions import store
from srm_portal.auctions.domain import clocks, timing
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.decrement import decrement
from srm_portal.auctions.domain.figures import amount_text
from srm_portal.auctions.domain.projections import bidder_lot, own_packages
from srm_portal.auctions.domain.public import is_hidden, lot_head, public_close, quiet
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.domain.state import LotState, State
from srm_portal.auctions.domain.steps import shows_lead
from srm_portal.auctions.models import Auction, AuctionMessage, AuctionParticipant
from srm_portal.auctions.store import Live
from srm_portal.infra.db import db
from srm_portal.kernel.money import minor_units
from srm_portal.kernel.permissions import Actor

LOG_MAX = 40
PUSHED_LOG_MAX = 6
HISTORY_MAX = 300
_KINDS = {"ended": "close", "lot_closed": "close", "lot_opened": "open", "reopen": "open"}
_OWN_REASONS = ("outage", "clock_stepped")
"""Why the portal itself pauses: codes, which the notice puts into words."""
_STATES = {"prebid": "open", "overtime": "open"}


@dataclass(frozen=True, slots=True)
class Seat:
    """A bidder's place in an auction, as their pages need it."""

    auction_id: str
    organisation_id: str
    project_id: str
    event_id: str | None
    reference: str
    title: str
    profile: str
    state: str
    opens_at: datetime
    closes_at: datetime
    practice: bool
    simulated: bool
    contact: str
    phone: str
    alias: str
    accepted_terms_at: datetime | None
    rules: Rules
    rules_sha256: str
    must_accept: bool
    seq: int


@dataclass(frozen=True, slots=True)
class MessageView:
    text: str
    at: datetime
    from_buyer: bool
    by_name: str
    to_all: bool


def seat(actor: Actor, auction_id: str) -> Seat:
    """NotFound for everybody who does not take part."""
    row, person = store.participant_row(actor, auction_id)
    known = store.live(row.id, row.seq)
    return _seat(row, person, known)


def _seat(row: Auction, person: AuctionParticipant, known: Live) -> Seat:
    with known.lock:
        standing = known.state.bidders[person.alias]
        behind = standing.accepted_version < known.state.required_version
        rules = known.state.rules
        closes = max(lot.close for lot in known.state.lots.values())
    return Seat(
        row.id, row.organisation_id, row.project_id, row.event_id, row.reference, row.title, row.profile, row.state,
        row.opens_at, closes, row.practice, row.simulated, row.contact, row.phone, person.alias,
        person.accepted_terms_at, rules, rules_sha256(rules), person.accepted_terms_at is None or behind, row.seq,
    )  # fmt: skip


def messages(auction_id: str, supplier_id: str | None = None) -> list[MessageView]:
    """For a bidder: the buyer's to all and to them, and their own. For the buyer (None): all."""
    query = select(AuctionMessage).where(AuctionMessage.auction_id == auction_id)
    if supplier_id is not None:
        own = AuctionMessage.supplier_id == supplier_id
        query = query.where(or_(own, AuctionMessage.supplier_id.is_(None)))
    rows = db.session.scalars(query.order_by(AuctionMessage.at.desc()).limit(50))
    return [MessageView(row.text, row.at, row.from_buyer, row.by_name, row.supplier_id is None) for row in rows]


def short(amount: str | None) -> str | None:
    """An amount as screens spell it: without ".00"."""
    if amount is None:
        return None
    whole, _, rest = amount.partition(".")
    return whole if not rest.strip("0") else amount


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def auction_state(state: State, now: datetime) -> str:
    """waiting, running, paused or closed, for the whole auction."""
    lots = list(state.lots.values())
    if any(lot.paused_at is not None and lot.ended is None for lot in lots):
        return "paused"
    if all(timing.phase(state, lot, now) in ("closed", "cancelled", "review") for lot in lots):
        return "closed"
    return "waiting" if all(now < lot.open - timedelta(seconds=state.rules.prebid_s) for lot in lots) else "running"


def paused_by(known: Live) -> str | None:
    """Who stopped the clocks: the buyer, or the portal after an interruption; None while nothing is paused."""
    if not any(lot.paused_at is not None and lot.ended is None for lot in known.state.lots.values()):
        return None
    why = next((mark.reason for mark in reversed(known.story) if mark.kind == "pause"), "")
    return "portal" if why in _OWN_REASONS else "buyer"


def version_for(known: Live, alias: str = "") -> int:
    """The number that a bidder's screen carries, growing with each newer view.

    Where bidders may not notice that others act it counts the buyer's acts, the notes of the clock and the bidder's own
    acts; without `alias` only what everybody may know, which is what the heartbeat tells.
    """
    if not quiet(known.state):
        return known.seq
    acts = known.state.acts
    return len(known.noted) + acts.get(BUYER, 0) + (acts.get(alias, 0) if alias else 0)


def ends(known: Live, now: datetime) -> dict[str, int]:
    """When each lot ends, as bidders may know it (R42)."""
    return {name: milliseconds(public_close(known.state, lot, now)) for name, lot in known.state.lots.items()}


def shared_view(known: Live, now: datetime) -> dict[str, Any]:
    """The part that is the same for every bidder."""
    state = known.state
    return {
        "state": auction_state(state, now),
        "paused_by": paused_by(known),
        "server_ms": milliseconds(now),
        "lots": [_head(known, lot, now) for lot in state.lots.values()],
    }


def _head(known: Live, lot: LotState, now: datetime) -> dict[str, Any]:
    rules, facts = known.state.rules, known.lot_facts[lot.lot.id]
    head = lot_head(known.state, lot, now)
    opens = lot.open - timedelta(seconds=rules.prebid_s)
    line: dict[str, Any] = {
        "id": lot.lot.id,
        "name": facts["title"],
        "number": facts["number"],
        "state": _STATES.get(head["state"], head["state"]),
        "opens_ms": milliseconds(opens),
        "ends_ms": milliseconds(public_close(known.state, lot, now)),
        "extended": lot.extensions,
        "currency": rules.currency,
        "digits": minor_units(rules.currency),
        "direction": "down" if rules.sign > 0 else "up",
        "max_change": _share(rules.max_change_percent),
    }
    if head["state"] == "prebid":
        line["prebid"] = True
    if rules.format == "sealed":
        line["sealed"] = is_hidden(known.state, lot)
        line["live"] = lot.live_stage
    if rules.has_clock:
        line["clock"] = _clock(known.state, lot, head, now)
    return line


def _clock(state: State, lot: LotState, head: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    clock = state.rules.dutch or state.rules.japanese
    assert clock is not None
    if head["clock"] is None:
        return None
    until = lot.grid + timedelta(seconds=clock.tick_s * (head["clock"]["tick"] + 1))
    return {
        "tick": head["clock"]["tick"],
        "price": short(head["clock"]["price"]),
        "until_ms": milliseconds(until),
        "tick_s": clock.tick_s,
    }


def _share(percent: Decimal | None) -> str | None:
    return None if percent is None else format(percent / 100, "f")


def own_part(known: Live, alias: str, lot: LotState, now: datetime, *, whole: bool) -> dict[str, Any]:
    """One lot's facts of one bidder. The same keys every time, so that a push replaces all of an older view."""
    state, rules = known.state, known.state.rules
    shown = rules.visibility
    seen = bidder_lot(state, lot, alias, now, shown)
    own = lot.best(alias)
    part: dict[str, Any] = {
        "own": short(seen["own"]["amount"]) if seen["own"] else None,
        "own_at_ms": milliseconds(own.placed.recv) if own is not None and own.seq else None,
    }
    if "won" in seen:
        part["won"] = seen["won"]
    if rules.format == "japanese":
        part["active"] = seen["active"]
    if not rules.has_clock:
        part["limit"] = short(seen.get("next_valid"))
        base = own.amount if own is not None else (lot.lot.ceiling or Decimal(0))
        part["step"] = short(amount_text(rules, max(decrement(rules, base), rules.tick)))
    _standing(part, seen, own is not None)
    if "reserve_met" in seen:
        part["reserve_met"] = seen["reserve_met"]
    if lot.live_stage and lot.qualified is not None:
        part["outside"] = alias not in lot.qualified
    if "turn" in seen:
        part["turn"] = seen["turn"] | {"ends_ms": _turn_ends(state, lot, now)}
    if "proxy" in seen:
        part["proxy"] = seen["proxy"]
    part["log"] = log_of(known, alias, lot, LOG_MAX if whole else PUSHED_LOG_MAX)
    if whole and not rules.has_clock:
        part["history"] = history_of(state, lot, alias)
    return part


def _turn_ends(state: State, lot: LotState, now: datetime) -> int | None:
    """When this turn or pause is over; None after the last."""
    edges = (lot.grid + edge for edge in clocks.turn_edges(state.rules.turns, len(state.bidders)))
    coming = next((edge for edge in edges if edge > (lot.paused_at or now)), None)
    return None if coming is None else milliseconds(coming)


def _standing(part: dict[str, Any], seen: dict[str, Any], has_bid: bool) -> None:
    """Rank, colour, lead: only what the projection let through."""
    if "rank" in seen:
        part["rank"] = seen["rank"]
        part["leading"] = seen["rank"] == 1
    if "colour" in seen:
        part["leading"] = seen["colour"] == "leading" if has_bid else False
    if "bidder_count" in seen:
        part["of"] = seen["bidder_count"]
    if "lead_price" in seen:
        part["best"] = short(seen["lead_price"])
    if "to_beat" in seen:
        part["lead"] = short(seen["to_beat"])
    if seen.get("distance") is not None and seen["own"] is not None:
        away, own = Decimal(seen["distance"]), Decimal(seen["own"]["amount"])
        part["gap"] = float(round(away / (own - away), 4)) if own != away else None
    elif "distance" in seen:
        part["gap"] = None


def log_of(known: Live, alias: str, lot: LotState, most: int) -> list[dict[str, Any]]:
    """The bidder's own acts and what concerns everybody; rivals' bids only where the rules show the history.

    `seq` tells lines apart and orders them; in formats whose acts are hidden for a time it counts nothing.
    """
    hidden, uncounted = quiet(known.state), known.state.rules.format in ("japanese", "sealed")
    history = known.state.rules.visibility.history and not hidden
    lines: list[dict[str, Any]] = []
    for mark in reversed(known.story):
        if mark.lot not in (None, lot.lot.id) or len(lines) >= most:
            continue
        own = mark.bidder == alias
        kind = _KINDS.get(mark.kind, mark.kind)
        if kind not in ("bid", "extension", "pause", "resume", "open", "close", "removed", "withdrawn"):
            continue
        if kind in ("bid", "removed", "withdrawn") and not own and not (history and kind == "bid"):
            continue
        number = milliseconds(mark.at) if uncounted else mark.seq
        line = {"seq": number, "at_ms": milliseconds(mark.at), "kind": kind, "own": own}
        if mark.amount:
            line["amount"] = short(amount_text(known.state.rules, Decimal(mark.amount)))
        if mark.reason and kind != "bid" and mark.reason not in _OWN_REASONS:
            line["reason"] = mark.reason
        lines.append(line)
    return lines


def history_of(state: State, lot: LotState, alias: str) -> list[list[Any]]:
    """The curve: own bids, and the best where the lead price is shown."""
    open_lead = shows_lead(lot, alias, state.rules.visibility) and not quiet(state)
    bids = sorted((bid for each in lot.bids.values() for bid in each if bid.live), key=lambda bid: bid.seq)
    points: list[list[Any]] = []
    own: float | None = None
    best: float | None = None
    for bid in bids:
        mine = bid.placed.bidder == alias
        value = float(bid.amount)
        if mine:
            own = value
        if best is None or state.rules.sign * value < state.rules.sign * best:
            best = value
        if mine or open_lead:
            points.append([milliseconds(bid.placed.recv) / 1000, own, best if open_lead else None])
    return points[-HISTORY_MAX:]


def snapshot(known: Live, alias: str, now: datetime) -> dict[str, Any]:
    """Everything for one bidder at once: the page's first view, and the answer to joining."""
    with known.lock:
        view = {"version": version_for(known, alias), **shared_view(known, now)}
        view["mine"] = {
            name: own_part(known, alias, lot, now, whole=True) for name, lot in known.state.lots.items()
        }  # fmt: skip
        view["packages"] = _packages(known, alias)
    return view


def pushed(known: Live, alias: str, now: datetime) -> dict[str, Any]:
    """The personal members of a push."""
    mine = {name: own_part(known, alias, lot, now, whole=False) for name, lot in known.state.lots.items()}
    return {"version": version_for(known, alias), "mine": mine, "packages": _packages(known, alias)}


def _packages(known: Live, alias: str) -> list[dict[str, Any]]:
    lines = own_packages(known.state, alias, known.state.rules.visibility)
    return [{"amount": short(line["amount"]), "rank": line.get("rank")} for line in lines]


def own_view(known: Live, alias: str, now: datetime) -> dict[str, Any]:
    """The whole of a push for one bidder."""
    with known.lock:
        return shared_view(known, now) | pushed(known, alias, now)
