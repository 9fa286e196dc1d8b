"""Offers after their opening: lists, one in full, and the comparison. Before it there is nothing to read."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain import comparison as side_by_side
from srm_portal.offers.domain.asked import Asked, broken_knock_out, read_publication
from srm_portal.offers.domain.comparison import Comparison, LineFacts, OfferFacts, Quote, Wanted
from srm_portal.offers.domain.sealing import Attachment, check_attachment
from srm_portal.offers.models import OpenedAnswer, OpenedFile, OpenedLine, OpenedOffer, Ruling
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class OfferLineView:
    """`unit_price` None: not quoted. `ruling` on the deviation: accepted, rejected or empty."""

    line_id: str
    unit_price: Decimal | None
    total: Decimal | None
    lead_days: int | None
    comment: str
    deviation: str
    ruling: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """An opened offer. `knocked_out` names the published criteria that exclude it (empty: still in)."""

    id: str
    event_id: str
    supplier_id: str
    supplier_name: str
    country: str
    total: Decimal | None
    currency: str
    lead_days: int | None
    payment_days: int | None
    validity_on: date | None
    delivery: str
    submitted_at: datetime | None
    state: str
    knocked_out: tuple[str, ...]
    lines: tuple[OfferLineView, ...]
    answers: dict[str, str]
    rulings: dict[str, str]


@dataclass(frozen=True, slots=True)
class NotOpened:
    """An offer that could not or must not be opened, by name, with the code that says why."""

    supplier_id: str
    supplier_name: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class OfferFileView:
    id: str
    name: str
    size: int
    sha256: str


def _asked(event: EventView) -> Asked:
    assert event.publication is not None
    return read_publication(event.publication, deadline_at=event.deadline_at)


def opened(event_id: str) -> list[OfferView]:
    """Every offer that was opened, by name of the supplier; [] before the opening."""
    return _opened(sourcing.event(event_id))


def _opened(event: EventView, only: str | None = None) -> list[OfferView]:
    if event.state != "opened":
        return []
    query = select(OpenedOffer).where(OpenedOffer.event_id == event.id, OpenedOffer.state == "opened")
    if only is not None:
        query = query.where(OpenedOffer.id == only)
    rows = list(db.session.scalars(query))
    if not rows:
        return []
    ids = [row.id for row in rows]
    cards = suppliers.suppliers({row.supplier_id for row in rows})
    rulings, lines, answers = _rulings(ids), _lines(ids), _answers(ids)
    asked = _asked(event)
    views = [
        OfferView(
            row.id,
            row.event_id,
            row.supplier_id,
            cards[row.supplier_id].name,
            cards[row.supplier_id].country,
            row.total,
            row.currency,
            row.lead_days,
            row.payment_days,
            row.validity_on,
            row.terms.get("delivery", ""),
            row.submitted_at,
            row.state,
            _knocked_out(asked, answers[row.id]),
            tuple(OfferLineView(*line, rulings[row.id].get(line[0], "")) for line in lines[row.id]),
            answers[row.id],
            rulings[row.id],
        )
        for row in rows
    ]
    return sorted(views, key=lambda view: (view.supplier_name.casefold(), view.id))


def _knocked_out(asked: Asked, answers: dict[str, str]) -> tuple[str, ...]:
    return tuple(q.name for q in asked.questions if broken_knock_out(q, answers.get(q.id, "")))


def _rulings(ids: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    query = select(Ruling.opened_offer_id, Ruling.subject, Ruling.ruling).where(Ruling.opened_offer_id.in_(ids))
    for opened_id, subject, ruling in db.session.execute(query):
        if ruling:
            found[opened_id][subject] = ruling
    return found


_Cells = tuple[str, Decimal | None, Decimal | None, int | None, str, str]


def _lines(ids: Sequence[str]) -> dict[str, list[_Cells]]:
    """Plain tuples, not rows: fifty offers of two hundred lines are ten thousand of them."""
    found: dict[str, list[_Cells]] = defaultdict(list)
    query = select(
        OpenedLine.opened_offer_id,
        OpenedLine.line_id,
        OpenedLine.unit_price,
        OpenedLine.total,
        OpenedLine.lead_days,
        OpenedLine.comment,
        OpenedLine.deviation,
    ).where(OpenedLine.opened_offer_id.in_(ids))
    for opened_id, line_id, price, total, lead, comment, deviation in db.session.execute(query):
        found[opened_id].append((line_id, price, total, lead, comment, deviation))
    return found


def _answers(ids: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    query = select(OpenedAnswer.opened_offer_id, OpenedAnswer.criterion_id, OpenedAnswer.value)
    for opened_id, criterion_id, value in db.session.execute(query.where(OpenedAnswer.opened_offer_id.in_(ids))):
        found[opened_id][criterion_id] = value
    return found


def not_opened(event_id: str) -> list[NotOpened]:
    """Who handed something in that was not opened, and why: never silently dropped."""
    query = select(OpenedOffer).where(OpenedOffer.event_id == event_id, OpenedOffer.state != "opened")
    rows = list(db.session.scalars(query))
    cards = suppliers.suppliers({row.supplier_id for row in rows}) if rows else {}
    return [
        NotOpened(
            row.supplier_id, cards[row.supplier_id].name if row.supplier_id in cards else "–", row.state, row.problem
        )
        for row in rows
    ]


def comparison(event_id: str, shown: Sequence[str] | None = None) -> Comparison | None:
    """The offers side by side, columns for the supplier ids in `shown` (all by default); None before the opening."""
    event = sourcing.event(event_id)
    if event.state != "opened":
        return None
    asked, views = _asked(event), _opened(event)
    today = {line.id: line.baseline_price for line in sourcing.lines(event.project_id)}
    lines = [
        LineFacts(
            line.id,
            line.lot,
            line.number,
            line.title,
            line.description,
            line.quantity,
            line.unit,
            today.get(line.id),
        )
        for line in asked.lines
    ]
    ids = {view.supplier_id: view.id for view in views}
    return side_by_side.compare(
        lines,
        [_facts(view) for view in views],
        Wanted(asked.currency, asked.payment_days, asked.valid_until()),
        [ids[one] for one in shown if one in ids] if shown is not None else None,
        sourcing.project(event.project_id).baseline,
    )


def _facts(view: OfferView) -> OfferFacts:
    return OfferFacts(
        view.id,
        view.supplier_id,
        view.supplier_name,
        {line.line_id: Quote(line.unit_price, line.lead_days, line.deviation, line.comment) for line in view.lines},
        view.payment_days,
        view.validity_on,
        view.country,
        view.knocked_out,
        view.rulings,
    )


def offer_for(actor: Actor, opened_id: str) -> tuple[EventView, OfferView, list[OfferFileView]]:
    """One opened offer in full, for staff who may compare offers."""
    row = db.session.get(OpenedOffer, opened_id)
    if row is None or not actor.may("offer:compare"):
        raise NotFound
    event = sourcing.event_for(actor, row.event_id)
    views = _opened(event, opened_id)
    if not views:
        raise NotFound
    files = db.session.scalars(select(OpenedFile).where(OpenedFile.opened_offer_id == opened_id))
    return event, views[0], [OfferFileView(file.id, file.name, file.size, file.sha256) for file in files]


def file_of(actor: Actor, opened_id: str, file_id: str) -> tuple[store.FileMeta, bytes]:
    """An attachment of an opened offer in clear, checked against the size and hash the offer states."""
    offer_for(actor, opened_id)
    row = db.session.get(OpenedFile, file_id)
    if row is None or row.opened_offer_id != opened_id:
        raise NotFound
    meta = store.read_meta(row.wrapped, row.stored_name)
    target = io.BytesIO()
    summary = store.read_stream(row.stored_name, meta.key, target)
    check_attachment(Attachment(meta.name, meta.size, meta.sha256, meta.key), summary.size, summary.sha256)
    return meta, target.getvalue()
