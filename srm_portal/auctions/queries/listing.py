"""Lists of auctions, and their results for later rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, exists, func, select

from srm_portal.auctions import store
from srm_portal.auctions.domain import results as engine_results
from srm_portal.auctions.domain import timing
from srm_portal.auctions.models import Auction, AuctionEntry, AuctionParticipant
from srm_portal.infra import live
from srm_portal.infra.db import db
from srm_portal.infra.moment import app_now
from srm_portal.kernel.permissions import Actor

LINKS = "srm_auction_links"
BIDS = ("bid", "accept", "proxy")
"""What a bidder does to take part, by hand or through an agent."""
PHASES = {
    "draft": _l("draft"),
    "waiting": _l("not open yet"),
    "running": _l("running"),
    "paused": _l("paused"),
    "closed": _l("closed"),
    "cancelled": _l("called off"),
    "discarded": _l("discarded"),
    "prebid": _l("first bids"),
    "open": _l("open"),
    "overtime": _l("overtime"),
    "review": _l("in review"),
}
PHASE_TONES = {
    "draft": "mute", "waiting": "info", "running": "good", "paused": "warn", "closed": "mute", "cancelled": "bad",
    "discarded": "mute",
}  # fmt: skip
FORMAT_NAMES = {
    "rank_english": _l("English, own rank shown"),
    "open_lead": _l("English, lead price shown"),
    "weighted_live": _l("English on price and quality"),
    "bonus_malus": _l("English with bonus and malus"),
    "dutch_fast": _l("Dutch: the price climbs"),
    "japanese": _l("Japanese: the price falls"),
    "fair_rounds": _l("Rounds in turns"),
    "sealed_then_live": _l("Sealed, then live"),
    "face_to_face": _l("Face to face"),
}


@dataclass(frozen=True, slots=True)
class AuctionView:
    """One auction as lists show it. `state` is draft, waiting, running, paused, closed or cancelled."""

    id: str
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
    bidders: int
    minutes_released: bool = False

    @property
    def state_name(self) -> str:
        return str(PHASES[self.state])

    @property
    def tone(self) -> str:
        return PHASE_TONES[self.state]


@dataclass(frozen=True, slots=True)
class AuctionResult:
    """How one lot ended: suppliers and amounts, best first."""

    auction_id: str
    lot_id: str
    lot_number: int
    ranking: tuple[tuple[str, Decimal], ...]
    closed_at: datetime


def phase_of(state: str, opens_at: datetime, closes_at: datetime, now: datetime, known: store.Live | None) -> str:
    """The state in one word. The clock decides, not the timekeeper's notes."""
    if state != "published":
        return state
    if now < opens_at:
        return "waiting"
    if known is None:
        return "running" if now < closes_at else "closed"
    lots = list(known.state.lots.values())
    if any(lot.paused_at is not None for lot in lots):
        return "paused"
    over = all(timing.phase(known.state, lot, now) in ("closed", "cancelled") for lot in lots)
    return "closed" if over else "running"


def _view(row: Auction, bidders: int, now: datetime) -> AuctionView:
    known = store.live(row.id, row.seq) if row.state == "published" and row.opens_at <= now else None
    state = phase_of(row.state, row.opens_at, row.closes_at, now, known)
    closes = row.closes_at
    if known is not None:
        closes = max(lot.close for lot in known.state.lots.values())
    return AuctionView(
        row.id, row.project_id, row.event_id, row.reference, row.title, row.profile, state, row.opens_at, closes,
        row.practice, row.simulated, bidders, row.minutes_released_at is not None,
    )  # fmt: skip


def _counts(ids: list[str]) -> dict[str, int]:
    query = select(AuctionParticipant.auction_id, func.count()).where(AuctionParticipant.auction_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(AuctionParticipant.auction_id))} if ids else {}


def auctions(actor: Actor, now: datetime, *, limit: int = 50, offset: int = 0) -> tuple[list[AuctionView], int]:
    """A page of the organisation's auctions, the latest opening first."""
    query = select(Auction).where(Auction.organisation_id == actor.organisation_id, Auction.state != "discarded")
    if actor.supplier_id is not None:
        return [], 0
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = list(db.session.scalars(query.order_by(Auction.opens_at.desc(), Auction.id).limit(limit).offset(offset)))
    counts = _counts([row.id for row in rows])
    return [_view(row, counts.get(row.id, 0), now) for row in rows], total


def of_project(project_id: str, now: datetime | None = None) -> list[AuctionView]:
    """A project's auctions, in the order they were set up; for rooms that have authorised the actor."""
    query = select(Auction).where(Auction.project_id == project_id, Auction.state != "discarded")
    rows = list(db.session.scalars(query.order_by(Auction.created_at)))
    counts = _counts([row.id for row in rows])
    return [_view(row, counts.get(row.id, 0), now or app_now()) for row in rows]


def of_supplier(actor: Actor, now: datetime, event_id: str | None = None) -> list[AuctionView]:
    """The auctions a supplier takes part in, the next one first; the number of bidders is never told."""
    if actor.supplier_id is None:
        return []
    query = (
        select(Auction)
        .join(AuctionParticipant, AuctionParticipant.auction_id == Auction.id)
        .where(
            Auction.organisation_id == actor.organisation_id,
            AuctionParticipant.supplier_id == actor.supplier_id,
            Auction.state.not_in(("draft", "discarded")),
        )
    )
    if event_id is not None:
        query = query.where(Auction.event_id == event_id)
    return [_view(row, 0, now) for row in db.session.scalars(query.order_by(Auction.opens_at.desc()))]


def practice_for(actor: Actor, project_id: str, now: datetime) -> str | None:
    """The id of a practice auction of the project that this supplier may still enter."""
    query = (
        select(Auction.id)
        .join(AuctionParticipant, AuctionParticipant.auction_id == Auction.id)
        .where(AuctionParticipant.supplier_id == actor.supplier_id, Auction.project_id == project_id)
        .where(Auction.practice, Auction.state == "published", Auction.closes_at > now)
    )
    return db.session.scalar(query.order_by(Auction.opens_at).limit(1))


def results(project_id: str) -> list[AuctionResult]:
    """Rankings of closed lots of a project's real auctions; a later auction of a lot stands after an earlier one."""
    query = select(Auction).where(Auction.project_id == project_id, Auction.practice.is_(False))
    found = []
    now = app_now()
    for row in db.session.scalars(query.where(Auction.state.in_(("published", "closed"))).order_by(Auction.opens_at)):
        known = store.live(row.id, row.seq)
        with known.lock:
            for name, lot in known.state.lots.items():
                if timing.phase(known.state, lot, now) != "closed":
                    continue
                places = engine_results.ranking(known.state, lot)
                ranking = tuple((known.suppliers[place.bidder], place.amount) for place in places)
                facts = known.lot_facts[name]
                found.append(AuctionResult(row.id, facts["lot_id"], facts["number"], ranking, lot.close))
    return found


def attended(organisation_id: str, supplier_id: str, first: datetime, until: datetime) -> tuple[int, int]:
    """Real auctions closed in [first, until) in which the supplier bid at least once, and all they were invited to."""
    taken = exists().where(
        AuctionEntry.auction_id == Auction.id,
        AuctionEntry.bidder == AuctionParticipant.alias,
        AuctionEntry.kind.in_(BIDS),
        AuctionEntry.code == "",
    )
    query = (
        select(func.count().filter(taken), func.count())
        .select_from(AuctionParticipant)
        .join(Auction, AuctionParticipant.auction_id == Auction.id)
        .where(
            Auction.organisation_id == organisation_id,
            Auction.state == "closed",
            Auction.practice.is_(False),
            Auction.closed_at >= first,
            Auction.closed_at < until,
            AuctionParticipant.supplier_id == supplier_id,
            AuctionParticipant.withdrawn_at.is_(None),
        )
    )
    bid, invited = db.session.execute(query).one()
    return bid, invited


def watching(organisation_id: str, now: datetime) -> Select[tuple[int]]:
    """How many auctions run right now: the number in the navigation, as a query."""
    return (
        select(func.count())
        .select_from(Auction)
        .where(
            Auction.organisation_id == organisation_id,
            Auction.state == "published",
            Auction.opens_at <= now,
            Auction.closes_at > now,
        )
    )


def agreed_on(auction_id: str) -> tuple[str, list[str]]:
    """The hash of the rules that bidders accept, and who takes part; for callers that have authorised the actor."""
    row = db.session.get_one(Auction, auction_id)
    return row.rules_sha256, [person.supplier_id for person in store.participants(auction_id)]


@dataclass(frozen=True, slots=True)
class Link:
    """A company's line to this process: whether anybody of it is connected, and its round trip as its page measured it."""

    online: bool
    round_trip_ms: int | None
    measured_at: datetime | None


def links(auction_id: str, supplier_ids: list[str]) -> dict[str, Link]:
    """Evidence for the cockpit, nothing more: kept in memory, by the process that serves the sockets."""
    told: dict[tuple[str, str], tuple[int, datetime]] = current_app.extensions.get(LINKS, {})
    found = {}
    for one in supplier_ids:
        online = live.present(f"auction:{auction_id}:{one}")
        measured = told.get((auction_id, one)) if online else None
        found[one] = Link(online, measured[0] if measured else None, measured[1] if measured else None)
    return found
