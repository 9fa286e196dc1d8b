"""A company whose invitation was taken back takes part no more: it may not bid, its sockets end, its pages are gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from srm_portal.auctions import store
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.models import Auction, AuctionParticipant
from srm_portal.auctions.services.setup import kick
from srm_portal.auctions.services.writer import writer
from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.permissions import system_actor


def withdraw_participant(event_id: str, supplier_id: str, *, now: datetime) -> int:
    """Take a company out of the event's auctions that are not over; returns of how many. Safe to call again."""
    query = (
        select(Auction.id, Auction.organisation_id, Auction.state, AuctionParticipant.alias)
        .join(AuctionParticipant, AuctionParticipant.auction_id == Auction.id)
        .where(
            Auction.event_id == event_id,
            Auction.state.in_(("draft", "published")),
            AuctionParticipant.supplier_id == supplier_id,
            AuctionParticipant.withdrawn_at.is_(None),
        )
    )
    rows = db.session.execute(query).all()
    db.session.rollback()
    for row in rows:
        _withdraw(row.id, supplier_id, now)
        if row.state == "published":
            asked = Command("block", BUYER, bidder=row.alias, reason="invitation_withdrawn")
            writer().submit(system_actor(row.organisation_id), row.id, asked)
        store.live(row.id).seats.pop(supplier_id, None)
        kick(row.id, supplier_id)
    return len(rows)


@command
def _withdraw(auction_id: str, supplier_id: str, now: datetime) -> None:
    row = db.session.get_one(Auction, auction_id)
    person = next(one for one in store.participants(auction_id) if one.supplier_id == supplier_id)
    person.withdrawn_at = now
    record(
        system_actor(row.organisation_id), "auction.participant_withdrawn", "auction", row.id, now=now,
        label=f"{row.reference} {row.title}", stream=f"project:{row.project_id}", supplier=supplier_id,
    )  # fmt: skip
