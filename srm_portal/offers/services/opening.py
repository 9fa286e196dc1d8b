"""The opening: after the deadline, by a named person, as an act in the journal. Every offer is opened or named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import undefer

from srm_portal.audit.queries import stream_acts
from srm_portal.audit.services import record
from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain import comparison, sealing
from srm_portal.offers.domain.asked import Asked
from srm_portal.offers.models import Offer as OfferRow
from srm_portal.offers.models import OfferFile, OpenedFile, OpenedLine, OpenedOffer, Opening
from srm_portal.offers.services.drafting import asked_of
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.events import is_late
from srm_portal.sourcing.queries import EventView
from srm_portal.sourcing.services import mark_opened
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.queries import SupplierCard

NOTE_MAX = 2_000
RULINGS = ("accepted", "rejected", "")


@dataclass(frozen=True, slots=True)
class _Judged:
    """What became of one supplier's offer: its contents, or the state and code that say why there are none."""

    supplier_id: str
    row: OfferRow | None
    contents: sealing.Contents | None
    state: str = "opened"
    problem: str = ""


@command
def open_offers(actor: Actor, event_id: str, *, envelope: str = "all", now: datetime) -> int:
    """Open every offer that stands, after the deadline; returns how many were opened.

    Each is checked against its commitment and against the journal. One that is damaged, gone or no longer invited is
    kept by name with the reason. Withdrawn and replaced versions stay sealed. Refusals: NotFound,
    `before_deadline`, `offers_already_opened`, `event_not_published`, `unknown_envelope`, `sealing_key_missing`.
    """
    event = sourcing.event_for(actor, event_id)
    if not actor.may("offer:open"):
        raise NotFound
    if envelope != "all":
        raise Refused("unknown_envelope", envelope=envelope)
    private = store.private_key(event_id)
    _check_time(event, now)
    judged = _judge(event, private)
    asked = asked_of(event)
    cards = suppliers.suppliers({one.supplier_id for one in judged})
    for one in judged:
        _write(event, asked, one, cards[one.supplier_id])
    opened = sum(1 for one in judged if one.contents is not None)
    db.session.add(
        Opening(event_id=event_id, envelope=envelope, at=now, by_id=actor.user_id, by_name=actor.name, count=opened)
    )
    mark_opened(actor, event_id, now=now)
    record(
        actor,
        "offers.opened",
        "event",
        event_id,
        now=now,
        label=event.reference,
        stream=event.stream,
        envelope=envelope,
        opened=opened,
        offers=[
            {"supplier": one.supplier_id, "commitment": one.row.commitment if one.row else "", "problem": one.problem}
            for one in judged
        ],
    )
    return opened


def _check_time(event: EventView, now: datetime) -> None:
    if event.state == "opened":
        raise Refused("offers_already_opened")
    if event.state != "published" or event.deadline_at is None:
        raise Refused("event_not_published")
    if not is_late(event.deadline_at, now):
        raise Refused("before_deadline", deadline=event.deadline_at)


def _journal(event: EventView) -> dict[str, str]:
    """What the journal says stands: supplier -> commitment."""
    standing: dict[str, str] = {}
    for line in stream_acts(event.stream, ["offer.submitted", "offer.withdrawn"]):
        if line.details["event"] != event.id:
            continue
        if line.action == "offer.submitted":
            standing[line.details["supplier"]] = line.details["commitment"]
        else:
            standing.pop(line.details["supplier"], None)
    return standing


def _judge(event: EventView, private: bytes | None) -> list[_Judged]:
    query = (
        select(OfferRow)
        .where(OfferRow.event_id == event.id, OfferRow.state == "submitted")
        .options(undefer(OfferRow.sealed))
    )
    rows = {row.supplier_id: row for row in db.session.scalars(query.order_by(OfferRow.submitted_at, OfferRow.id))}
    standing, invited = _journal(event), set(bidding.supplier_ids(event.id))
    judged = [_open(row, standing.get(row.supplier_id), invited, private) for row in rows.values()]
    lost = standing.keys() - rows.keys()
    return judged + [_Judged(supplier, None, None, "missing", "offer_missing") for supplier in sorted(lost)]


def _open(row: OfferRow, committed: str | None, invited: set[str], private: bytes | None) -> _Judged:
    if row.supplier_id not in invited:
        return _Judged(row.supplier_id, row, None, "excluded", "invitation_withdrawn")
    if committed is None:
        return _Judged(row.supplier_id, row, None, "damaged", "offer_not_in_journal")
    if committed != row.commitment:
        return _Judged(row.supplier_id, row, None, "damaged", "offer_differs_from_journal")
    if private is None:
        return _Judged(row.supplier_id, row, None, "damaged", "event_key_missing")
    place = sealing.Place(row.event_id, row.supplier_id, store.SINGLE, row.version)
    try:
        return _Judged(row.supplier_id, row, sealing.open_offer(row.sealed, private, place, committed, boxes.unseal))
    except Refused as refusal:
        return _Judged(row.supplier_id, row, None, "damaged", refusal.code)


def _write(event: EventView, asked: Asked, one: _Judged, supplier: SupplierCard) -> None:
    opened_id = new_id()
    made = OpenedOffer(
        id=opened_id,
        event_id=event.id,
        supplier_id=one.supplier_id,
        offer_id=one.row.id if one.row else None,
        supplier_name=supplier.name,
        country=supplier.country,
        record=supplier.score,
        state=one.state,
        problem=one.problem,
        currency=event.currency,
        submitted_at=one.row.submitted_at if one.row else None,
    )
    db.session.add(made)
    if one.contents is None:
        return
    said = offer.from_plain(one.contents.answer)
    made.total = offer.total_of(said, asked)
    made.lead_days = max((line.lead_days for line in said.lines if line.lead_days is not None), default=None)
    made.payment_days, made.validity_on = said.terms.payment_days, said.terms.validity_on
    made.delivery, made.answers = said.terms.delivery, dict(said.questions)
    db.session.flush()
    _insert(OpenedLine, _lines(opened_id, said, asked))
    _insert(OpenedFile, _files(opened_id, one.contents))


def _insert(table: type, rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if values:
        db.session.execute(insert(table), values)


def _lines(opened_id: str, said: offer.Answer, asked: Asked) -> Iterable[dict[str, Any]]:
    quantities = {line.id: line.quantity for line in asked.lines}
    for line in said.lines:
        if line.line_id not in quantities:
            continue
        total: Decimal | None = None
        if line.unit_price is not None:
            total = offer.line_total(line.unit_price, quantities[line.line_id])
        yield {
            "id": new_id(),
            "opened_offer_id": opened_id,
            "line_id": line.line_id,
            "unit_price": line.unit_price,
            "total": total,
            "lead_days": line.lead_days,
            "deviation": line.deviation,
            "comment": line.comment,
        }


def _files(opened_id: str, contents: sealing.Contents) -> Iterable[dict[str, Any]]:
    ids = contents.answer.get("files", [])
    stored = {
        row.id: row
        for row in db.session.scalars(
            select(OfferFile).where(OfferFile.id.in_(ids), OfferFile.supplier_id == contents.place.supplier)
        )
    }
    for file_id, file in zip(ids, contents.attachments, strict=True):
        row = stored.get(file_id)
        stored_name = row.stored_name if row else ""
        kind = store.read_meta(row.wrapped, row.stored_name).media_type if row else ""
        meta = store.FileMeta(file.name, kind, file.size, file.sha256, file.key)
        yield {
            "id": new_id(),
            "opened_offer_id": opened_id,
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "stored_name": stored_name,
            "wrapped": store.wrap_meta(meta, stored_name),
        }


@command
def rule_deviation(
    actor: Actor, opened_offer_id: str, subject: str, ruling: str, *, note: str = "", now: datetime
) -> None:
    """Accept or reject a deviation, or take the ruling back (""). Accepted counts as asked, rejected counts not at all.

    Refusals: NotFound, `no_such_deviation`, Invalid for an unknown ruling or too long a note.
    """
    row = db.session.get(OpenedOffer, opened_offer_id)
    if row is None or not actor.may("project:edit"):
        raise NotFound
    event = sourcing.event_for(actor, row.event_id)
    if ruling not in RULINGS:
        raise Invalid(
            [FieldProblem("ruling", "unknown_value", value=ruling, facts=(("choices", "accepted, rejected"),))]
        )
    if len(note) > NOTE_MAX:
        raise Invalid([FieldProblem("note", "text_too_long", facts=(("max", str(NOTE_MAX)),))])
    if not _deviates(row, event, subject):
        raise Refused("no_such_deviation")
    said = {"ruling": ruling, "note": note.strip(), "by": actor.name, "at": moment_text(now)}
    row.rulings = {**row.rulings, subject: said}
    record(
        actor,
        "deviation.ruled",
        "event",
        event.id,
        now=now,
        label=event.reference,
        reason=note.strip(),
        stream=event.stream,
        supplier=row.supplier_id,
        subject=subject,
        ruling=ruling,
    )


def _deviates(row: OpenedOffer, event: EventView, subject: str) -> bool:
    asked = asked_of(event)
    if subject == comparison.PAYMENT:
        return offer.payment_deviates(row.payment_days, asked.payment_days)
    if subject == comparison.VALIDITY:
        return comparison.validity_deviates(row.validity_on, asked.valid_until())
    query = select(OpenedLine.deviation).where(OpenedLine.opened_offer_id == row.id, OpenedLine.line_id == subject)
    return bool(db.session.scalar(query))
