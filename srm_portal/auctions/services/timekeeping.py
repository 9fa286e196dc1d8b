"""What time does to auctions: openings and closings are noted in the log, and an outage pauses what was open.

Nothing here decides: the engine closes by comparison. A late note changes no result.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from srm_portal.auctions import store
from srm_portal.auctions.domain import timing
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.models import Auction, AuctionEntry, AuctionPulse
from srm_portal.auctions.services.writer import CLOCK_STEPPED, writer
from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command, housekeeping
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.notifications.services import notify

BEAT_EVERY = timedelta(seconds=1)
AHEAD = timedelta(seconds=30)
OVER = ("closed", "cancelled")


def keep_time(now: datetime) -> datetime | None:
    """Note what has opened or closed, feel the pulse; returns when something is due next."""
    for auction_id in writer().check_clock():
        _tell_outage(auction_id, now)
    db.session.rollback()
    query = select(Auction.id, Auction.organisation_id, Auction.seq, Auction.opens_at)
    rows = db.session.execute(query.where(Auction.state == "published")).all()
    db.session.rollback()
    upcoming = [row.opens_at for row in rows if row.opens_at > now + AHEAD]
    due: list[datetime] = list(upcoming)
    for row in rows:
        if row.opens_at > now + AHEAD:
            continue
        actor = system_actor(row.organisation_id)
        _feel_pulse(actor, row.id, now)
        due += _note(actor, row.id, now)
    return min(due, default=None)


def _feel_pulse(actor: Actor, auction_id: str, now: datetime) -> None:
    """R47: away longer than the grace while a lot was open means paused from the moment it went away."""
    beat = db.session.get(AuctionPulse, auction_id)
    last = beat.beat_at if beat else now
    known = store.live(auction_id)
    grace = timedelta(seconds=known.state.rules.outage_grace_s)
    if last - now > grace:
        writer().submit(actor, auction_id, CLOCK_STEPPED, fixed_recv=last)
        _tell_outage(auction_id, now)
    if now - last > grace:
        with known.lock:
            running = [
                lot for lot in known.state.lots.values()
                if lot.paused_at is None and lot.ended is None and lot.open < now and lot.close > last
            ]  # fmt: skip
            since = max(last, min((lot.open for lot in running), default=last))
        if running and now - since > grace:
            writer().submit(
                actor, auction_id, Command("outage", BUYER, until=now, reason="outage"), fixed_recv=since
            )  # fmt: skip
            _tell_outage(auction_id, now)
    if beat is None or abs(now - last) >= BEAT_EVERY:
        _beat(auction_id, now)


@housekeeping
def _beat(auction_id: str, now: datetime) -> None:
    row = db.session.get(AuctionPulse, auction_id)
    if row is None:
        db.session.add(AuctionPulse(auction_id=auction_id, beat_at=now))
    else:
        row.beat_at = now


@command
def _tell_outage(auction_id: str, now: datetime) -> None:
    row = db.session.get(Auction, auction_id)
    if row is None:
        return
    ids = store.told(auction_id)
    people = identity.supplier_people(row.organisation_id, ids)
    told = [person.id for group in people.values() for person in group]
    notify(told, "auction_outage", path=f"/s/auctions/{auction_id}", now=now, about=auction_id, title=row.title)
    notify(
        [row.created_by], "auction_outage", path=f"/auctions/{auction_id}", now=now, about=auction_id, title=row.title
    )


def _note(actor: Actor, auction_id: str, now: datetime) -> list[datetime]:
    """Notes for what has happened by now, and the moments at which more will."""
    known = store.live(auction_id)
    notes, due = [], []
    with known.lock:
        for name, lot in known.state.lots.items():
            phase = timing.phase(known.state, lot, now)
            if lot.open <= now and lot.ended != "cancelled":
                notes.append((f"lot_opened:{name}", lot.open))
            elif lot.open > now:
                due.append(lot.open)
            if phase == "review":
                notes.append((f"lot_review:{name}:{lot.close.isoformat()}", lot.close))
                due.append(lot.close + timedelta(seconds=known.state.rules.review_s))
            elif phase == "closed":
                notes.append((f"lot_closed:{name}:{lot.close.isoformat()}", lot.close))
            elif lot.paused_at is None and lot.close > now:
                due.append(lot.close)
        over = all(timing.phase(known.state, lot, now) in OVER for lot in known.state.lots.values())
        fresh = [note for note, _at in notes if note not in known.noted]
    for note in fresh:
        writer().submit(actor, auction_id, None, note=note)
    if over:
        _close(actor, auction_id, now)
    return due


@command
def _close(actor: Actor, auction_id: str, now: datetime) -> None:
    row = db.session.get_one(Auction, auction_id, populate_existing=True)
    if row.state != "published":
        return
    known = store.live(auction_id, row.seq)
    row.state, row.closed_at = "closed", now
    row.closes_at = max(lot.close for lot in known.state.lots.values())
    row.touch()
    record(
        actor, "auction.closed", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"project:{row.project_id}", organisation_id=row.organisation_id, entries=row.seq, head=row.head,
    )  # fmt: skip
    limits = db.session.scalar(
        select(func.count()).where(AuctionEntry.auction_id == row.id, AuctionEntry.kind == "proxy")
    )  # fmt: skip
    if limits:
        record(
            actor, "auction.limits_opened", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
            stream=f"project:{row.project_id}", organisation_id=row.organisation_id, entries=limits,
        )  # fmt: skip
    notify([row.created_by], "auction_closed", path=f"/auctions/{row.id}", now=now, about=row.id, title=row.title)
