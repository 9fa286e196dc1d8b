"""The minutes of a finished auction, with names for the buyer's side and without for a bidder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from srm_portal.auctions import store
from srm_portal.auctions.domain import results
from srm_portal.auctions.domain.commands import BUYER
from srm_portal.auctions.domain.public import is_hidden
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.replay import END
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_writing import rules_sha256
from srm_portal.auctions.models import Auction, AuctionEntry, AuctionParticipant
from srm_portal.auctions.queries.minutes import still_sealed
from srm_portal.auctions.store import Live
from srm_portal.identity import queries as identity
from srm_portal.kernel.canonical import sha256_hex
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers

OVER = ("closed", "cancelled")


@dataclass(frozen=True, slots=True)
class MinutesPlace:
    rank: int
    who: str
    amount: Decimal
    won: bool


@dataclass(frozen=True, slots=True)
class MinutesLot:
    number: int
    title: str
    closed_at: datetime
    extensions: int
    ranking: tuple[MinutesPlace, ...]


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """One entry of the log. `code` says why something was refused; `who` is a name, a letter, the buyer or the clock."""

    seq: int
    at: datetime
    kind: str
    who: str
    lot: str
    amount: Decimal | None
    reason: str
    code: str
    hash: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """`names` tells whether companies are named. `sha256` is over everything here but itself."""

    auction_id: str
    reference: str
    title: str
    buyer: str
    state: str
    practice: bool
    opened_at: datetime
    closed_at: datetime
    currency: str
    rules: Rules
    rules_sha256: str
    head: str
    released_at: datetime | None
    named: bool
    participants: tuple[tuple[str, datetime | None], ...]
    lots: tuple[MinutesLot, ...]
    lines: tuple[MinutesLine, ...]
    sha256: str


def full_minutes(actor: Actor, auction_id: str) -> Minutes:
    """For staff of the organisation, once the auction is over. Raises NotFound."""
    row = store.auction_row(actor, auction_id)
    people = store.participants(row.id)
    cards = suppliers.suppliers({person.supplier_id for person in people})
    names = {person.alias: cards[person.supplier_id].name for person in people}
    return _minutes(row, people, lambda alias: names[alias], None)


def released_minutes(actor: Actor, auction_id: str) -> Minutes:
    """For a bidder after the release: letters for the others, "you" for themselves. Raises NotFound before."""
    row, mine = store.participant_row(actor, auction_id)
    if row.minutes_released_at is None:
        raise NotFound
    called = {mine.alias: _("you")}
    people = store.participants(row.id)
    return _minutes(row, people, lambda alias: called.get(alias) or _("Bidder %(letter)s", letter=alias), mine.alias)


def _minutes(
    row: Auction, people: list[AuctionParticipant], name: Callable[[str], str], own: str | None
) -> Minutes:  # fmt: skip
    if row.state not in OVER:
        raise NotFound
    known = store.live(row.id, row.seq)
    if still_sealed(known):
        raise NotFound
    with known.lock:
        lots = tuple(_lot(known, lot_id, name) for lot_id in known.state.lots)
        rules = known.state.rules
    lines = tuple(
        line
        for entry in store.entries(row.id)
        if own is None or _is_told(entry, known.seal, own)
        for line in _lines(entry, known, name)
    )
    closed = max(lot.closed_at for lot in lots)
    taking_part = tuple((name(person.alias), person.accepted_terms_at) for person in people)
    shown = [row.reference, row.title, rules_sha256(rules), row.head, row.state]
    facts = {
        "auction": shown,
        "participants": [[who, _text(at)] for who, at in taking_part],
        "lots": [
            [
                lot.number,
                lot.title,
                moment_text(lot.closed_at),
                [[p.rank, p.who, format(p.amount, "f")] for p in lot.ranking],
            ]
            for lot in lots
        ],
        "lines": [[line.seq, moment_text(line.at), line.kind, line.who, line.code, line.hash] for line in lines],
    }
    digest = sha256_hex(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    return Minutes(
        row.id, row.reference, row.title, identity.organisation(row.organisation_id).name, row.state, row.practice,
        row.opens_at, closed, rules.currency, rules, rules_sha256(rules), row.head, row.minutes_released_at,
        own is None, taking_part, lots, lines, digest,
    )  # fmt: skip


def _text(at: datetime | None) -> str:
    return "" if at is None else moment_text(at)


def _is_told(entry: AuctionEntry, seal: store.Seal, own: str) -> bool:
    """A bidder's copy leaves out what others were refused, and automatic bidding, which is nobody else's to know."""
    by = json.loads(seal.opened(entry.command))["by"] if entry.command else ""
    if by in ("", BUYER, own):
        return True
    return entry.code == "" and entry.kind not in ("proxy", "cancel_proxy", "accept_terms")


def _lot(known: Live, lot_id: str, name: Callable[[str], str]) -> MinutesLot:
    lot, facts = known.state.lots[lot_id], known.lot_facts[lot_id]
    won = results.winners(known.state, lot, END)
    places = tuple(
        MinutesPlace(each.rank, name(each.bidder), each.amount, each.bidder in won)
        for each in results.ranking(known.state, lot)
    )
    return MinutesLot(facts["number"], facts["title"] or known.title, lot.close, lot.extensions, places)


def _lines(entry: AuctionEntry, known: Live, name: Callable[[str], str]) -> Iterator[MinutesLine]:
    """What was asked, and the bids that automatic bidding made of it."""
    asked: dict[str, Any] = json.loads(known.seal.opened(entry.command)) if entry.command else {}
    placed = [event for event in json.loads(known.seal.opened(entry.events)) if event["event"] == "BidPlaced"]
    by = asked.get("surrogate_for") or asked.get("by", "")
    who = _("the clock") if not asked else _("the buyer") if by == BUYER else name(by)
    kind, lot_id, code = entry.kind, asked.get("lot") or "", entry.code
    if kind == "note":
        kind, lot_id, code = entry.code.partition(":")[0], entry.code.split(":")[1], ""
    amount = Decimal(placed[0]["amount"]) if placed and "trigger" not in placed[0] else _typed(asked)
    told = (str(known.lot_facts[lot_id]["number"]) if lot_id in known.lot_facts else "", asked.get("reason") or "")
    yield MinutesLine(entry.seq, entry.recv, kind, who, told[0], amount, told[1], code, entry.hash)
    for made in placed:
        if "trigger" in made:
            amount = Decimal(made["amount"])
            yield MinutesLine(entry.seq, entry.recv, "made", name(made["bidder"]), told[0], amount, "", "", entry.hash)


def _typed(asked: dict[str, Any]) -> Decimal | None:
    """What was typed, where it is a number: of a late bid only the hash was kept."""
    try:
        return Decimal(str(asked.get("amount") or ""))
    except InvalidOperation:
        return None


def own_entries(actor: Actor, auction_id: str) -> list[tuple[int | None, datetime, str, str, Decimal | None, str]]:
    """A bidder's own accepted acts: (number, moment, kind, lot, amount, hash of the entry), newest first.

    While a lot is sealed the number is left out: it would count the others' bids.
    """
    row, mine = store.participant_row(actor, auction_id)
    known = store.live(row.id, row.seq)
    with known.lock:
        counted = not any(is_hidden(known.state, lot) for lot in known.state.lots.values())
    found = []
    for entry in store.entries(row.id):
        if entry.bidder == mine.alias:
            line = next(_lines(entry, known, str))
            found.append((line.seq if counted else None, line.at, line.kind, line.lot, line.amount, line.hash))
    return found[::-1]
