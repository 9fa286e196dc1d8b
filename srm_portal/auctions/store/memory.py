"""The folded state of auctions in memory, checked against the database by the number of the last entry.

A `Live` auction is changed by the writer only, under its lock, and only together with the transaction that stores the
entry; what a transaction did not store is forgotten with the whole `Live`.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from srm_portal.auctions.domain import codec
from srm_portal.auctions.domain.commands import BIDDER_ACTS
from srm_portal.auctions.domain.events import BidPlaced, Event, Receipt
from srm_portal.auctions.domain.evolution import evolve, start
from srm_portal.auctions.domain.public import quiet
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules
from srm_portal.auctions.domain.rules_reading import lot_from_json, rules_from_json
from srm_portal.auctions.domain.state import State
from srm_portal.auctions.models import Auction, AuctionEntry, AuctionParticipant
from srm_portal.auctions.store.seals import Seal
from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.canonical import sha256_hex
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor

GENESIS = "0" * 64
_CACHE = "srm_auctions"
MARKS_MAX = 400


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of an auction's story, in the order of the log. `bidder` is an alias, empty for the buyer's acts."""

    seq: int
    at: datetime
    kind: str
    lot: str | None
    bidder: str = ""
    amount: str = ""
    reason: str = ""
    made: bool = False


@dataclass(slots=True)
class Live:
    """One auction in memory. `loud`: the last entry that everybody may know of; `told`: what bidders were shown of it."""

    id: str
    organisation_id: str
    project_id: str
    title: str
    reference: str
    initial: Rules
    lots: tuple[Lot, ...]
    lot_facts: dict[str, dict[str, Any]]
    bidders: tuple[Bidder, ...]
    suppliers: dict[str, str]
    state: State
    practice: bool
    seal: Seal
    seq: int = 0
    loud: int = 0
    told: int = -1
    seats: dict[str, str] = field(default_factory=dict)
    head: str = GENESIS
    cancelled: bool = False
    story: list[Mark] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)
    lock: Any = field(default_factory=threading.RLock)

    def alias_of(self, supplier_id: str | None) -> str | None:
        for alias, known in self.suppliers.items():
            if known == supplier_id:
                return alias
        return None


def auction_row(actor: Actor, auction_id: str, *, lock: bool = False) -> Auction:
    """The row for staff of its organisation; NotFound for everybody else."""
    query = select(Auction).where(Auction.id == auction_id, Auction.organisation_id == actor.organisation_id)
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query.with_for_update() if lock and not is_sqlite() else query)
    if row is None or actor.supplier_id is not None:
        raise NotFound
    return row


def participant_row(actor: Actor, auction_id: str) -> tuple[Auction, AuctionParticipant]:
    """Auction and participation of a supplier's own person; NotFound where they were not invited or it is a draft."""
    query = (
        select(Auction, AuctionParticipant)
        .join(AuctionParticipant, AuctionParticipant.auction_id == Auction.id)
        .where(
            Auction.id == auction_id,
            Auction.organisation_id == actor.organisation_id,
            AuctionParticipant.supplier_id == actor.supplier_id,
            AuctionParticipant.withdrawn_at.is_(None),
            Auction.state != "draft",
        )
    )
    found = db.session.execute(query.execution_options(populate_existing=True)).first()
    if actor.supplier_id is None or found is None:
        raise NotFound
    return found[0], found[1]


def participants(auction_id: str) -> list[AuctionParticipant]:
    query = select(AuctionParticipant).where(AuctionParticipant.auction_id == auction_id)
    return list(db.session.scalars(query.order_by(AuctionParticipant.position)))


def told(auction_id: str) -> list[str]:
    """The companies that hear of this auction."""
    return [person.supplier_id for person in participants(auction_id) if person.withdrawn_at is None]


def live(auction_id: str, seq: int | None = None) -> Live:
    """The auction in memory, as far as it is committed. `seq`: what the caller has just read from its row."""
    cache: dict[str, Live] = current_app.extensions.setdefault(_CACHE, {})
    known = cache.get(auction_id)
    if seq is None:
        seq = db.session.scalar(select(Auction.seq).where(Auction.id == auction_id))
        if seq is None:
            raise NotFound
    if known is None:
        known = cache.setdefault(auction_id, _begin(auction_id))
    if known.seq < seq:
        with known.lock:
            _catch_up(known)
    return known


def remembered(auction_id: str) -> Live | None:
    """The auction as this process last knew it, without a look at the database."""
    cache: dict[str, Live] = current_app.extensions.setdefault(_CACHE, {})
    return cache.get(auction_id)


def forget(auction_id: str) -> None:
    """Drop what is in memory: a transaction failed, or a draft changed."""
    current_app.extensions.setdefault(_CACHE, {}).pop(auction_id, None)


def _begin(auction_id: str) -> Live:
    row = db.session.get(Auction, auction_id, populate_existing=True)
    if row is None:
        raise NotFound
    rules = rules_from_json(json.loads(row.rules))
    lots = tuple(lot_from_json(facts["engine"], facts["engine"]["id"], rules) for facts in row.lots)
    people = participants(auction_id)
    bidders = tuple(bidder(person) for person in people)
    return Live(
        row.id,
        row.organisation_id,
        row.project_id,
        row.title,
        row.reference,
        rules,
        lots,
        {facts["engine"]["id"]: facts for facts in row.lots},
        bidders,
        {person.alias: person.supplier_id for person in people},
        start(rules, lots, bidders),
        row.practice,
        Seal(row.id, row.seal_public, row.seal_private),
    )


def bidder(person: AuctionParticipant) -> Bidder:
    return Bidder(
        person.alias, person.factor, person.addition, person.quality, start_price=person.start_price
    )  # fmt: skip


def entries(auction_id: str, after: int = 0) -> list[AuctionEntry]:
    query = select(AuctionEntry).where(AuctionEntry.auction_id == auction_id, AuctionEntry.seq > after)
    return list(db.session.scalars(query.order_by(AuctionEntry.seq)))


def _catch_up(known: Live) -> None:
    for row in entries(known.id, known.seq):
        if row.seq != known.seq + 1:
            raise AssertionError(f"entry {known.seq + 1} of auction {known.id} is missing")
        events = [codec.event_from_json(each) for each in json.loads(known.seal.opened(row.events))]
        take(known, row.seq, row.recv, row.kind, row.code, events, row.hash)


def take(
    known: Live, seq: int, recv: datetime, kind: str, code: str, events: list[Event], digest: str
) -> None:  # fmt: skip
    """Fold one stored entry into memory."""
    for event in events:
        evolve(known.state, event)
    known.seq, known.head = seq, digest
    if kind not in BIDDER_ACTS or not quiet(known.state):
        known.loud = seq
    if kind == "note":
        known.noted.add(code)
        name, _, lot = code.partition(":")
        known.story.append(Mark(seq, recv, name, lot or None))
    elif code == "":
        _tell(known, seq, recv, kind, events)
    if kind == "cancel" and code == "" and all(lot.ended == "cancelled" for lot in known.state.lots.values()):
        known.cancelled = True


def _tell(known: Live, seq: int, recv: datetime, kind: str, events: list[Event]) -> None:
    for event in events:
        name = type(event).__name__
        lot = getattr(event, "lot", None)
        if isinstance(event, BidPlaced):
            amount = format(event.amount, "f")
            made = event.trigger is not None
            known.story.append(Mark(seq, recv, "bid", lot, event.bidder, amount, made=made))
        elif name == "LotTimed" and event.cause in ("extension", "buyer", "cascade"):  # type: ignore[union-attr]
            known.story.append(Mark(seq, recv, "extension", lot, reason=getattr(event, "reason", None) or ""))
        elif name in _ACTS:
            reason = getattr(event, "reason", None) or ""
            who = getattr(event, "bidder", "") or ""
            known.story.append(Mark(seq, recv, _ACTS[name], lot, who, reason=reason))
        elif isinstance(event, Receipt) and kind in ("open", "change_rules"):
            known.story.append(Mark(seq, recv, kind, lot))
    del known.story[:-MARKS_MAX]


_ACTS = {
    "LotPaused": "pause",
    "LotResumed": "resume",
    "LotReopened": "reopen",
    "LotEnded": "ended",
    "BidRemoved": "removed",
    "BidderBlocked": "block",
    "BidWithdrawn": "withdrawn",
}


def entry_hash(
    auction_id: str, seq: int, recv: datetime, kind: str, code: str, command: str, events: str, prev: str
) -> str:  # fmt: skip
    """SHA-256 over the stored columns of an entry and the hash before it."""
    parts = [auction_id, str(seq), moment_text(recv), kind, code, command, events, prev]
    return sha256_hex("\n".join(json.dumps(part) for part in parts).encode())


def first_broken(auction_id: str) -> int | None:
    """The number of the first entry whose hash or place does not hold, or None."""
    prev, expected = GENESIS, 1
    for row in entries(auction_id):
        digest = entry_hash(auction_id, row.seq, row.recv, row.kind, row.code, row.command, row.events, prev)
        if row.seq != expected or row.prev != prev or row.hash != digest:
            return row.seq
        prev, expected = row.hash, expected + 1
    return None
