"""The opening: after the deadline, by a named person, as an act in the journal. Every offer is opened or named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import undefer

from srm_portal.audit.queries import stream_acts
from srm_portal.audit.services import record
from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import ports, store
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain import comparison, sealing
from srm_portal.offers.domain.asked import Asked, Rate
from srm_portal.offers.domain.envelopes import joined
from srm_portal.offers.models import Offer as OfferRow
from srm_portal.offers.models import OfferFile, OpenedFile, OpenedLine, OpenedOffer, Opening, ScoreLock
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
def open_offers(actor: Actor, event_id: str, *, envelope: str = "", now: datetime) -> int:
    """Open the next envelope of every offer that stands, after the deadline; returns how many were opened.

    Each is checked against its commitment and against the journal. One that is damaged, gone or no longer invited is
    kept by name with the reason. Withdrawn and replaced versions stay sealed. With two envelopes the technical one
    comes first and the price after the scores are locked. `envelope` names the one that is meant, if it matters.
    Refusals: NotFound, `before_deadline`, `offers_already_opened`, `event_not_published`, `unknown_envelope`,
    `scores_not_locked`, `scores_changed`, `sealing_key_missing`, `too_few_openers`, `false_share`.
    """
    event = sourcing.event_for(actor, event_id)
    if not actor.may("offer:open"):
        raise NotFound
    due = next_envelope(event)
    if envelope not in ("", due):
        raise Refused("unknown_envelope", envelope=envelope)
    check_time(event, now)
    private = store.private_key(event_id, due)
    judged = _judge(event, due, private)
    asked = asked_of(event)
    if due == "price":
        _add_prices(event, asked, judged)
    else:
        cards = suppliers.suppliers({one.supplier_id for one in judged})
        for one in judged:
            _write(event, asked, one, cards[one.supplier_id])
    store.forget_shares(event_id, due)
    opened = sum(1 for one in judged if one.contents is not None)
    db.session.add(
        Opening(event_id=event_id, envelope=due, at=now, by_id=actor.user_id, by_name=actor.name, count=opened)
    )
    mark_opened(actor, event_id, now=now, technical=due == "technical")
    record(
        actor,
        "offers.opened",
        "event",
        event_id,
        now=now,
        label=event.reference,
        stream=event.stream,
        envelope=due,
        opened=opened,
        openers=[one.name for one in store.shares(event_id, due)],
        offers=[
            {"supplier": one.supplier_id, "commitment": one.row.commitment if one.row else "", "problem": one.problem}
            for one in judged
        ],
    )
    return opened


def next_envelope(event: EventView) -> sealing.Envelope:
    """The envelope whose turn it is."""
    if event.envelopes != "two":
        return "single"
    return "price" if event.state in ("technical", "opened") else "technical"


def check_time(event: EventView, now: datetime) -> None:
    """Whether the next envelope may be opened now; for the prices, whether the scores are locked as they stand."""
    if event.state == "opened":
        raise Refused("offers_already_opened")
    if event.state not in ("published", "technical") or event.deadline_at is None:
        raise Refused("event_not_published")
    if not is_late(event.deadline_at, now):
        raise Refused("before_deadline", deadline=event.deadline_at)
    if event.state == "technical":
        locked = [line for line in stream_acts(event.stream, ["scores.locked"]) if line.object_id == event.id]
        if not locked:
            raise Refused("scores_not_locked")
        if locked[-1].details["scores"] != ports.scores_digest(event.project_id):
            raise Refused("scores_changed")


@command
def lock_scores(actor: Actor, event_id: str, *, now: datetime) -> None:
    """Fix the technical scores: from now on no mark changes, and the prices may be opened.

    Refusals: NotFound, `technical_not_opened`, `already_done`, `scores_missing` (what the evaluation still lacks).
    """
    event = sourcing.event_for(actor, event_id)
    if not actor.may("offer:open"):
        raise NotFound
    if event.state != "technical":
        raise Refused("technical_not_opened")
    if store.score_lock(event_id) is not None:
        raise Refused("already_done")
    missing = ports.scores_missing(event.project_id, now)
    if missing:
        raise Refused("scores_missing", count=len(missing))
    ports.lock_scores(actor, event.project_id, now)
    digest = ports.scores_digest(event.project_id)
    db.session.add(ScoreLock(event_id=event_id, at=now, by_name=actor.name, digest=digest))
    record(
        actor, "scores.locked", "event", event_id, now=now, label=event.reference, stream=event.stream, scores=digest
    )


_Standing = dict[str, dict[str, str]]


def _journal(event: EventView) -> _Standing:
    """What the journal says stands: supplier -> envelope -> commitment; `whole` is that of the whole offer."""
    standing: _Standing = {}
    for line in stream_acts(event.stream, ["offer.submitted", "offer.withdrawn"]):
        if line.details["event"] != event.id:
            continue
        if line.action == "offer.submitted":
            whole = line.details["commitment"]
            standing[line.details["supplier"]] = {"whole": whole, "single": whole} | line.details.get("envelopes", {})
        else:
            standing.pop(line.details["supplier"], None)
    return standing


def _judge(event: EventView, envelope: sealing.Envelope, private: bytes | None) -> list[_Judged]:
    query = (
        select(OfferRow)
        .where(OfferRow.event_id == event.id, OfferRow.state == "submitted")
        .options(undefer(OfferRow.technical if envelope == "technical" else OfferRow.sealed))
    )
    asked_last = sourcing.to_confirm(event.id)
    rows = {row.supplier_id: row for row in db.session.scalars(query.order_by(OfferRow.submitted_at, OfferRow.id))}
    standing, invited = _journal(event), set(bidding.supplier_ids(event.id))
    judged = [
        _Judged(row.supplier_id, row, None, "excluded", "amendment_not_confirmed")
        if row.amendment < asked_last
        else _open(row, envelope, standing.get(row.supplier_id), invited, private)
        for row in rows.values()
    ]
    lost = standing.keys() - rows.keys()
    return judged + [_Judged(supplier, None, None, "missing", "offer_missing") for supplier in sorted(lost)]


def _open(
    row: OfferRow,
    envelope: sealing.Envelope,
    said: dict[str, str] | None,
    invited: set[str],
    private: bytes | None,
) -> _Judged:
    if row.supplier_id not in invited:
        return _Judged(row.supplier_id, row, None, "excluded", "invitation_withdrawn")
    if said is None:
        return _Judged(row.supplier_id, row, None, "damaged", "offer_not_in_journal")
    box, committed = row.technical if envelope == "technical" else row.sealed, said.get(envelope)
    if said["whole"] != row.commitment or committed is None or box is None:
        return _Judged(row.supplier_id, row, None, "damaged", "offer_differs_from_journal")
    if private is None:
        return _Judged(row.supplier_id, row, None, "damaged", "event_key_missing")
    place = sealing.Place(row.event_id, row.supplier_id, envelope, row.version)
    try:
        return _Judged(row.supplier_id, row, sealing.open_offer(box, private, place, committed, boxes.unseal))
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
    if one.contents.place.envelope == "technical":
        made.technical = {
            "answer": dict(one.contents.answer),
            "files": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in one.contents.attachments],
        }
    said = _fill(made, joined(one.contents.answer), asked)
    db.session.flush()
    _insert(OpenedLine, _lines(opened_id, said, asked))
    _insert(OpenedFile, _files(opened_id, one.contents))


def _fill(made: OpenedOffer, answer: dict[str, Any], asked: Asked) -> offer.Answer:
    said = offer.from_plain(answer)
    rate = asked.rate_of(said.terms.currency)
    said = offer.converted(said, rate.rate) if rate is not None else said
    made.offered = _offered(said, rate)
    made.total = offer.total_of(said, asked)
    made.lead_days = max((line.lead_days for line in said.lines if line.lead_days is not None), default=None)
    made.payment_days, made.validity_on = said.terms.payment_days, said.terms.validity_on
    made.delivery, made.answers = said.terms.delivery, dict(said.questions)
    return said


def _offered(said: offer.Answer, rate: Rate | None) -> dict[str, Any] | None:
    """The currency of the offer with its rate, and the costs on top, already in the event's currency."""
    found: dict[str, Any] = {}
    if rate is not None:
        found |= {"currency": rate.currency, "rate": plain(rate.rate), "on": rate.on.isoformat(), "source": rate.source}
    if costs := {name: plain(amount) for name, amount in said.terms.costs().items()}:
        found["costs"] = costs
    return found or None


def _add_prices(event: EventView, asked: Asked, judged: list[_Judged]) -> None:
    """The second envelope joins what the first one said; a damaged one leaves the offer without prices, by name."""
    made = {row.supplier_id: row for row in store.opened_offers(event.id)}
    for one in judged:
        row = made.get(one.supplier_id)
        if row is None or row.state != "opened":
            continue
        if one.contents is None:
            row.state, row.problem = one.state, one.problem
            continue
        assert row.technical is not None
        if not _is_the_whole(one, row.technical):
            row.state, row.problem = "damaged", "envelopes_differ"
            continue
        said = _fill(row, joined(row.technical["answer"], one.contents.answer), asked)
        db.session.execute(delete(OpenedLine).where(OpenedLine.opened_offer_id == row.id))
        _insert(OpenedLine, _lines(row.id, said, asked))
        _insert(OpenedFile, _files(row.id, one.contents))


def _is_the_whole(one: _Judged, technical: dict[str, Any]) -> bool:
    """Whether both envelopes together are the offer that the receipt commits to."""
    assert one.contents is not None and one.row is not None
    price = dict(one.contents.answer)
    nonce = bytes.fromhex(price.pop("whole_nonce"))
    files = [sealing.Attachment(**listed, key=b"") for listed in technical["files"]]
    place = replace(one.contents.place, envelope="single")
    whole = sealing.Contents(place, joined(technical["answer"], price), nonce, (*files, *one.contents.attachments))
    return whole.commitment() == one.row.commitment


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
            "more": offer.more_of(line) or None,
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
