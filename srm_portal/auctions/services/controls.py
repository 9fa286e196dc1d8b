"""What the buyer does to a running auction: each act through the same log, with its reason, told to everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.auctions import store
from srm_portal.auctions.domain.commands import BUYER, Command
from srm_portal.auctions.domain.events import Receipt, Refusal
from srm_portal.auctions.models import Auction, AuctionMessage
from srm_portal.auctions.services.setup import kick
from srm_portal.auctions.services.writer import writer
from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import live as sockets
from srm_portal.infra.db import db
from srm_portal.infra.transaction import after_commit, command
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify

MESSAGE_MAX = 1000


def pause(actor: Actor, auction_id: str, *, reason: str, now: datetime, lot: str | None = None) -> int:
    """Stop the clock; what remains is kept (R46). Returns the act's number, as the others do."""
    return _act(actor, auction_id, now, "auction_paused", reason, do="pause", lot=lot)


def resume(actor: Actor, auction_id: str, *, now: datetime, lot: str | None = None) -> int:
    """Go on with what was left, at least a minute."""
    return _act(actor, auction_id, now, "auction_resumed", "", needs_reason=False, do="resume", lot=lot)


def extend(actor: Actor, auction_id: str, seconds: int, *, reason: str, now: datetime, lot: str | None = None) -> int:
    return _act(actor, auction_id, now, "auction_extended", reason, do="extend", lot=lot, seconds=seconds)


def remove_bid(actor: Actor, auction_id: str, seq: int, *, reason: str, now: datetime) -> int:
    """Strike a bid through, paused or after the close; its bidder is told (R60)."""
    known = store.live(_published(actor, auction_id).id)
    owner = next((lot.by_seq[seq].placed.bidder for lot in known.state.lots.values() if seq in lot.by_seq), None)
    number = _act(actor, auction_id, now, "", reason, do="remove_bid", seq=seq)
    if owner is not None:
        _tell(auction_id, "auction_bid_removed", reason, now, only=known.suppliers[owner])
    return number


def cancel(actor: Actor, auction_id: str, *, reason: str, now: datetime) -> int:
    """Call the auction off; receipts stay valid (R63)."""
    number = _act(actor, auction_id, now, "auction_cancelled", reason, do="cancel")
    _finish(actor, auction_id, "cancelled", now)
    return number


def close(actor: Actor, auction_id: str, *, reason: str, now: datetime, lot: str | None = None) -> int:
    """End before the time."""
    return _act(actor, auction_id, now, "auction_closed_early", reason, do="close", lot=lot)


def reopen(
    actor: Actor, auction_id: str, *, reason: str, now: datetime, lot: str | None = None, seconds: int = 300
) -> int:  # fmt: skip
    """Open again for all bidders after a fault (R3)."""
    number = _act(actor, auction_id, now, "auction_reopened", reason, do="reopen", lot=lot, seconds=seconds)
    _finish(actor, auction_id, "published", now)
    return number


def block(actor: Actor, auction_id: str, supplier_id: str, *, reason: str, now: datetime, blocked: bool = True) -> int:
    """Take a company's right to bid, or give it back; its sockets end at once."""
    known = store.live(_published(actor, auction_id).id)
    name = known.alias_of(supplier_id)
    if name is None:
        raise Refused("unknown_bidder")
    number = _act(actor, auction_id, now, "", reason, do="block" if blocked else "unblock", bidder=name)
    if blocked:
        kick(auction_id, supplier_id)
    return number


def open_seals(
    actor: Actor, auction_id: str, *, now: datetime, lot: str | None = None, live_s: int | None = None
) -> int:  # fmt: skip
    """Open the sealed bids after their close (R51); with `live_s` the best bid on for so many seconds (R52)."""
    rules = store.live(_published(actor, auction_id).id).state.rules
    seconds = live_s if rules.closed_then_open_percent is not None else None
    number = _act(
        actor, auction_id, now, "auction_seals_opened", "", needs_reason=False, do="open", lot=lot, seconds=seconds
    )  # fmt: skip
    if seconds:
        _finish(actor, auction_id, "published", now)
    return number


@command
def release_minutes(actor: Actor, auction_id: str, *, now: datetime) -> None:
    """Give the bidders the minutes, without names. Raises Refused("still_open") before the end."""
    row = store.auction_row(actor, auction_id, lock=True)
    if row.state not in ("closed", "cancelled"):
        raise Refused("still_open")
    if row.minutes_released_at is not None:
        return
    row.minutes_released_at = now
    row.touch()
    record(
        actor, "auction.minutes_released", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"project:{row.project_id}", head=row.head, entries=row.seq,
    )  # fmt: skip
    people = identity.supplier_people(row.organisation_id, store.told(row.id))
    told = [person.id for group in people.values() for person in group]
    notify(told, "auction_minutes", path=f"/s/auctions/{row.id}/minutes", now=now, about=row.id, title=row.title)


@command
def send_message(actor: Actor, auction_id: str, text: str, *, now: datetime, supplier_id: str | None = None) -> str:
    """To all bidders, or to one; from a bidder to the buyer. Returns the message's id."""
    words = text.strip()
    if not words or len(words) > MESSAGE_MAX:
        raise Refused("message_length", max=MESSAGE_MAX)
    if actor.supplier_id is not None:
        row, person = store.participant_row(actor, auction_id)
        target: str | None = person.supplier_id
    else:
        row = store.auction_row(actor, auction_id)
        if row.state == "draft":
            raise Refused("auction_not_published")
        target = supplier_id
        if target is not None and target not in {person.supplier_id for person in store.participants(row.id)}:
            raise Refused("unknown_bidder")
    message = AuctionMessage(
        auction_id=row.id,
        supplier_id=target,
        from_buyer=actor.supplier_id is None,
        by_name=actor.name,
        text=words,
        at=now,
    )
    db.session.add(message)
    db.session.flush()
    record(
        actor, "auction.message_sent", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"auction:{row.id}", to=target or "all", text=words,
    )  # fmt: skip
    after_commit(lambda: _push_message(row.id, message, actor))
    return message.id


def _push_message(auction_id: str, message: AuctionMessage, actor: Actor) -> None:
    """A bidder hears the buyer without a name; the buyer's board shows all of them."""
    payload = {"auction": auction_id, "text": message.text, "from_buyer": message.from_buyer}
    if message.from_buyer:
        scope = f"auction:{auction_id}:{message.supplier_id}" if message.supplier_id else f"auction:{auction_id}"
        sockets.tell("auction.message", payload, scope=scope)
    sockets.tell("auction.message", payload, scope=f"auction:{auction_id}:staff")


def _published(actor: Actor, auction_id: str) -> Auction:
    row = store.auction_row(actor, auction_id)
    if not actor.may("auction:run"):
        raise NotFound
    if row.state in ("draft", "discarded"):
        raise Refused("auction_not_published")
    return row


def _act(
    actor: Actor, auction_id: str, now: datetime, notice: str, reason: str, *, needs_reason: bool = True, **asked: Any
) -> int:  # fmt: skip
    _published(actor, auction_id)
    words = reason.strip()
    if needs_reason and not words:
        raise Refused("reason_required")
    answer = writer().submit(actor, auction_id, Command(by=BUYER, reason=words or None, **asked)).answer
    if isinstance(answer, Refusal):
        raise Refused("lot_is_over" if answer.code == "late" else answer.code)
    assert isinstance(answer, Receipt)
    if notice:
        _tell(auction_id, notice, words, now)
    return answer.seq


@command
def _tell(auction_id: str, kind: str, reason: str, now: datetime, only: str | None = None) -> None:
    """Notices to bidders; no names, no amounts."""
    row = db.session.get_one(Auction, auction_id)
    ids = [only] if only else store.told(auction_id)
    people = identity.supplier_people(row.organisation_id, ids)
    told = [person.id for group in people.values() for person in group]
    notify(
        told, kind, path=f"/s/auctions/{auction_id}", now=now, about=auction_id, title=row.title, reason=reason or "–"
    )  # fmt: skip


@command
def _finish(actor: Actor, auction_id: str, state: str, now: datetime) -> None:
    row = store.auction_row(actor, auction_id, lock=True)
    if row.state == state:
        return
    row.state, row.closed_at = state, now if state != "published" else None
    row.touch()
    record(
        actor, f"auction.{state}", "auction", row.id, now=now, label=f"{row.reference} {row.title}",
        stream=f"project:{row.project_id}",
    )  # fmt: skip
