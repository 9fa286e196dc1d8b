"""The auction as a document: the replay file of the contract, and each screen as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from srm_portal.auctions import store
from srm_portal.auctions.domain import codec
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.commands_document import command_from_json
from srm_portal.auctions.domain.export import export as export_document
from srm_portal.auctions.domain.projections import OBSERVER
from srm_portal.auctions.domain.projections import view as view_of
from srm_portal.auctions.domain.public import is_hidden
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.models import Auction, AuctionEntry
from srm_portal.auctions.queries.board import Board, board_then
from srm_portal.auctions.queries.example import unplayed
from srm_portal.auctions.queries.listing import phase_of
from srm_portal.auctions.store import Live
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers

OVER = ("closed", "cancelled")


@dataclass(frozen=True, slots=True)
class Frame:
    """A moment at which something happened, for the time slider."""

    seq: int
    at: datetime
    kind: str
    code: str
    who: str


def commands(auction_id: str) -> list[tuple[datetime, Command]]:
    """What was taken in, refused commands too, in order."""
    seal = store.live(auction_id).seal
    rows = [row for row in store.entries(auction_id) if row.command]
    return [command_from_json(json.loads(seal.opened(row.command)), f"entry {row.seq}") for row in rows]


def export(auction_id: str) -> dict[str, Any]:
    """The replay file of an auction as far as it is (contract "Auction replay file"); not for people before the end.

    Raises NotFound.
    """
    row = db.session.get(Auction, auction_id)
    if row is None:
        raise NotFound
    known = store.live(row.id, row.seq)
    return export_document(known.initial, known.lots, known.bidders, commands(auction_id))


def export_by_reference(reference: str) -> dict[str, Any]:
    """A finished auction by id, or by reference where only one auction has it.

    Raises NotFound, Refused("auction_still_runs"), Refused("seals_not_opened").
    """
    row = db.session.get(Auction, reference)
    if row is None:
        rows = db.session.query(Auction).filter(Auction.reference == reference).all()
        if len(rows) != 1:
            raise NotFound
        row = rows[0]
    _readable(row)
    return export(row.id)


def _readable(row: Auction) -> Live:
    """The auction, where everything in its log may be read: it is over, and sealed bids were opened (R51, R62)."""
    if row.state not in OVER:
        raise Refused("auction_still_runs")
    known = store.live(row.id, row.seq)
    if still_sealed(known):
        raise Refused("seals_not_opened")
    return known


def still_sealed(known: Live) -> bool:
    """Whether sealed bids wait for their opening: until then nobody reads the log (R51, R62)."""
    with known.lock:
        return any(is_hidden(known.state, lot) and lot.bids for lot in known.state.lots.values())


def outcomes_as_lived(auction_id: str) -> list[dict[str, Any]]:
    """What each command was answered when it was taken in: (accepted, code, seq) from the log."""
    lived, seal = [], store.live(auction_id).seal
    for row in store.entries(auction_id):
        if row.command:
            events = json.loads(seal.opened(row.events))
            lived.append({"accepted": row.code == "", "code": row.code, "seq": events[-1]["seq"] if events else None})
    return lived


def minutes(actor: Actor, auction_id: str) -> dict[str, Any]:
    """The record of a finished auction: the replay file, who is behind the aliases, and the log's hashes."""
    row = store.auction_row(actor, auction_id)
    _readable(row)
    people = store.participants(row.id)
    cards = suppliers.suppliers({person.supplier_id for person in people})
    return {
        "auction": {"reference": row.reference, "title": row.title, "rules_sha256": row.rules_sha256, "head": row.head},
        "participants": [
            {
                "alias": person.alias,
                "supplier": cards[person.supplier_id].name,
                "accepted_rules_at": moment_text(person.accepted_terms_at) if person.accepted_terms_at else None,
            }
            for person in people
        ],
        "log": [_entry(each) for each in store.entries(row.id)],
        "replay": export(row.id),
    }


def _entry(row: AuctionEntry) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "recv": moment_text(row.recv),
        "kind": row.kind,
        "code": row.code,
        "prev": row.prev,
        "hash": row.hash,
    }


def as_it_was(actor: Actor, auction_id: str, seq: int) -> tuple[Live, datetime]:
    """The auction after entry `seq`, folded from the log alone, and the entry's moment (the opening before the first)."""
    row = store.auction_row(actor, auction_id)
    return _folded(row, store.entries(row.id), seq)


def _folded(row: Auction, entries: list[AuctionEntry], seq: int) -> tuple[Live, datetime]:
    known, at = unplayed(store.live(row.id, row.seq)), row.opens_at
    for each in entries:
        if each.seq > seq:
            break
        events = [codec.event_from_json(event) for event in json.loads(known.seal.opened(each.events))]
        store.take(known, each.seq, each.recv, each.kind, each.code, events, each.hash)
        at = each.recv
    return known, at


@dataclass(frozen=True, slots=True)
class Replayed:
    """One moment of a finished auction: `known` is the auction as it was, `then` the buyer's board as it was."""

    frames: tuple[Frame, ...]
    seq: int
    known: Live
    at: datetime
    then: Board
    log_sha256: str


def replayed(actor: Actor, auction_id: str, seq: int | None, now: datetime) -> Replayed:
    """The moment after entry `seq`, or after the last. Raises NotFound before the end."""
    row = store.auction_row(actor, auction_id)
    live = store.live(row.id, row.seq)
    if phase_of(row.state, row.opens_at, row.closes_at, now, live) not in OVER or still_sealed(live):
        raise NotFound
    seal, entries = live.seal, store.entries(row.id)
    last = len(entries)
    chosen = min(max(seq, 1), last) if seq is not None else last
    known, at = _folded(row, entries, chosen)
    events = [codec.event_from_json(event) for each in entries for event in json.loads(seal.opened(each.events))]
    frames = tuple(Frame(each.seq, each.recv, each.kind, each.code, _by(seal, each.command)) for each in entries)
    return Replayed(frames, chosen, known, at, board_then(actor, row, known, at), codec.log_sha256(events))


def _by(seal: store.Seal, text: str) -> str:
    return str(json.loads(seal.opened(text))["by"]) if text else ""


def observer_screen(known: Live, at: datetime) -> dict[str, Any]:
    """What somebody who only watches is shown: times and states."""
    return view_of(known.state, OBSERVER, at)
