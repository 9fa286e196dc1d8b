"""The auction as a document: the replay file of the contract, and each screen as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from srm_portal.auctions import store
from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.commands_document import command_from_json
from srm_portal.auctions.domain.export import export as export_document
from srm_portal.auctions.domain.public import is_hidden
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.replay import replay
from srm_portal.auctions.models import Auction, AuctionEntry
from srm_portal.auctions.store import Live
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers


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
    if row.state not in ("closed", "cancelled"):
        raise Refused("auction_still_runs")
    known = store.live(row.id, row.seq)
    with known.lock:
        if any(is_hidden(known.state, lot) and lot.bids for lot in known.state.lots.values()):
            raise Refused("seals_not_opened")
    return known


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


def frames(actor: Actor, auction_id: str) -> list[Frame]:
    """The moments of the slider."""
    row = store.auction_row(actor, auction_id)
    seal = _readable(row).seal
    return [Frame(each.seq, each.recv, each.kind, each.code, _by(seal, each.command)) for each in store.entries(row.id)]


def _by(seal: store.Seal, text: str) -> str:
    return str(json.loads(seal.opened(text))["by"]) if text else ""


def screen(actor: Actor, auction_id: str, viewer: str, at: datetime) -> dict[str, Any]:
    """What a viewer (an alias, "buyer" or "observer") was shown at a moment, rebuilt from the log alone."""
    _readable(store.auction_row(actor, auction_id))
    return dict(replay(export(auction_id), at=at, view=viewer))
