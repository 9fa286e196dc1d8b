"""Offers after their opening: lists, one in full, and the comparison. Before it there is nothing to read."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, select, type_coerce

from srm_portal.infra.db import MONEY_SCALE, db, money_of
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain import comparison as side_by_side
from srm_portal.offers.domain.asked import Asked, broken_knock_out, read_publication
from srm_portal.offers.domain.comparison import Comparison, LineFacts, OfferFacts, Quote, Wanted
from srm_portal.offers.domain.sealing import Attachment, check_attachment
from srm_portal.offers.models import OpenedFile, OpenedLine, OpenedOffer, Opening
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView


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
    more: dict[str, Any] | None = None

    def beside(self) -> Beside:
        """What the line says beside its price."""
        return _beside("", self.line_id, self.more or {})


@dataclass(frozen=True, slots=True)
class OfferView:
    """An opened offer. `knocked_out` names the published criteria that exclude it (empty: still in);
    `record` is the buyer's own rating of the supplier, 0 to 100."""

    id: str
    event_id: str
    supplier_id: str
    supplier_name: str
    country: str
    record: int | None
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
    made_in: side_by_side.MadeIn | None = None
    costs: dict[str, Decimal] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class OpeningView:
    """The act: when, by whom, how many were opened."""

    at: datetime
    by_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What the selection page shows after the opening."""

    opening: OpeningView
    not_opened: tuple[NotOpened, ...]
    comparison: Comparison


def opened(event_id: str, *, lines: bool = True) -> list[OfferView]:
    """Every offer that was opened, by name of the supplier; [] before the opening. Without `lines`, totals only."""
    event = sourcing.event(event_id)
    return _views(event, _rows(event)[1], lines) if event.state == "opened" else []


def line_totals(event_id: Any) -> list[tuple[str, str, str, Decimal | None]]:
    """(supplier, name, line, total) of every opened offer, of an event's id or of a query for it."""
    query = (
        select(OpenedOffer.supplier_id, OpenedOffer.supplier_name, OpenedLine.line_id, OpenedLine.total)
        .join(OpenedLine, OpenedLine.opened_offer_id == OpenedOffer.id)
        .where(OpenedOffer.event_id == event_id, OpenedOffer.state == "opened")
    )
    return [(supplier, name, line, total) for supplier, name, line, total in db.session.execute(query)]


def technical(event_id: str) -> list[OfferView]:
    """Every offer whose technical envelope was opened, while the prices are sealed; [] at any other time."""
    event = sourcing.event(event_id)
    return _views(event, store.opened_offers(event_id)) if event.state == "technical" else []


def scores_locked(event_id: str) -> tuple[datetime, str] | None:
    """When and by whom the technical scores were locked."""
    row = store.score_lock(event_id)
    return (row.at, row.by_name) if row is not None else None


def opening(event_id: str) -> OpeningView | None:
    """The last act of opening."""
    row = db.session.scalar(select(Opening).where(Opening.event_id == event_id).order_by(Opening.at.desc()).limit(1))
    return OpeningView(row.at, row.by_name, row.count) if row is not None else None


def not_opened(event_id: str) -> list[NotOpened]:
    """Who handed something in that was not opened, and why: never silently dropped."""
    query = select(OpenedOffer).where(OpenedOffer.event_id == event_id, OpenedOffer.state != "opened")
    return [_not_opened(row) for row in db.session.scalars(query)]


def _not_opened(row: OpenedOffer) -> NotOpened:
    return NotOpened(row.supplier_id, row.supplier_name, row.state, row.problem)


def _rows(event: EventView) -> tuple[OpeningView | None, list[OpenedOffer]]:
    """The act and every offer that it found, in one read."""
    query = (
        select(Opening, OpenedOffer)
        .outerjoin(OpenedOffer, OpenedOffer.event_id == Opening.event_id)
        .where(Opening.event_id == event.id, Opening.envelope != "technical")
    )
    found = db.session.execute(query).all()
    if not found:
        return None, []
    act = found[0][0]
    rows = [row for _act, row in found if row is not None]
    rows.sort(key=lambda row: (row.supplier_name.casefold(), row.id))
    return OpeningView(act.at, act.by_name, act.count), rows


def _views(event: EventView, rows: Sequence[OpenedOffer], with_lines: bool = True) -> list[OfferView]:
    rows = [row for row in rows if row.state == "opened"]
    if not rows:
        return []
    asked = _asked(event)
    if event.state == "technical":
        asked = replace(asked, questions=tuple(one for one in asked.questions if not one.commercial))
    lines = _lines([row.id for row in rows]) if with_lines else defaultdict(list)
    place = {line.id: position for position, line in enumerate(asked.lines)}
    return [_view(row, asked, sorted(lines[row.id], key=lambda line: place[line[0]])) for row in rows]


def _view(row: OpenedOffer, asked: Asked, lines: Sequence[_Cells]) -> OfferView:
    rulings = _rulings(row)
    return OfferView(
        row.id,
        row.event_id,
        row.supplier_id,
        row.supplier_name,
        row.country,
        row.record,
        row.total,
        row.currency,
        row.lead_days,
        row.payment_days,
        row.validity_on,
        row.delivery,
        row.submitted_at,
        row.state,
        _knocked_out(row, asked),
        tuple(OfferLineView(*line[:6], rulings.get(line[0], ""), line[6]) for line in lines),
        dict(row.answers),
        rulings,
        _made_in(row),
        _costs(row),
    )


def _made_in(row: OpenedOffer) -> side_by_side.MadeIn | None:
    said = row.offered or {}
    if "currency" not in said:
        return None
    return side_by_side.MadeIn(said["currency"], Decimal(said["rate"]), date.fromisoformat(said["on"]), said["source"])


def _costs(row: OpenedOffer) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in (row.offered or {}).get("costs", {}).items()}


_Cells = tuple[str, Decimal | None, Decimal | None, int | None, str, str, dict[str, Any] | None]


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
        OpenedLine.more,
    ).where(OpenedLine.opened_offer_id.in_(ids))
    for opened_id, line_id, price, total, lead, comment, deviation, more in db.session.execute(query):
        found[opened_id].append((line_id, price, total, lead, comment, deviation, more))
    return found


COLUMNS = 5


def comparison(event_id: str, shown: Sequence[str] | None = None, *, everybody: bool = False) -> Comparison | None:
    """The offers side by side; None before the opening.

    Columns: the supplier ids in `shown`, otherwise the five lowest like-for-like totals (`everybody`: all offers).
    """
    event = sourcing.event(event_id)
    if event.state != "opened":
        return None
    return _compare(event, _rows(event)[1], shown, everybody)


def selection(event: EventView, shown: Sequence[str] | None = None) -> Selection:
    """The opening, who was not opened, and the comparison, of an opened event that the caller has loaded."""
    act, rows = _rows(event)
    assert act is not None, "an opened event has its opening"
    refused = tuple(_not_opened(row) for row in rows if row.state != "opened")
    return Selection(act, refused, _compare(event, rows, shown, False))


def _compare(event: EventView, rows: Sequence[OpenedOffer], shown: Sequence[str] | None, everybody: bool) -> Comparison:
    asked = _asked(event)
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
    read = [row for row in rows if row.state == "opened"]
    ids, quotes = {row.supplier_id: row.id for row in read}, _quotes(tuple(row.id for row in read))
    return side_by_side.compare(
        lines,
        [_facts(row, asked, quotes[row.id]) for row in read],
        Wanted(asked.currency, asked.payment_days, asked.valid_until()),
        [ids[one] for one in shown if one in ids] if shown is not None else None,
        sourcing.project(event.project_id).baseline,
        None if everybody else COLUMNS,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What an offer says of a line beside its price: quantity breaks, or another product."""

    supplier_name: str
    line_id: str
    breaks: tuple[tuple[Decimal, Decimal], ...]
    alternative: str
    alternative_price: Decimal | None


def beside(event_id: str) -> list[Beside]:
    """Quantity breaks and alternatives of every opened offer, by supplier; they are shown and do not count."""
    query = (
        select(OpenedOffer.supplier_name, OpenedLine.line_id, OpenedLine.more)
        .join(OpenedLine, OpenedLine.opened_offer_id == OpenedOffer.id)
        .where(OpenedOffer.event_id == event_id, OpenedOffer.state == "opened", OpenedLine.more.is_not(None))
        .order_by(OpenedOffer.supplier_name, OpenedLine.id)
    )
    return [_beside(name, line, more) for name, line, more in db.session.execute(query)]


def _beside(name: str, line_id: str, more: dict[str, Any]) -> Beside:
    return Beside(
        name,
        line_id,
        tuple((Decimal(quantity), Decimal(price)) for quantity, price in more.get("breaks", ())),
        more.get("alternative", ""),
        Decimal(more["alternative_price"]) if "alternative_price" in more else None,
    )


@lru_cache(maxsize=4)
def _quotes(ids: tuple[str, ...]) -> dict[str, dict[str, Quote]]:
    """Offer -> line -> quote, read only once in a process: the lines of opened offers never change again.

    Amounts come as the scaled integers they are stored as: a thousand lines of fifty suppliers are fifty thousand.
    """
    found: dict[str, dict[str, Quote]] = {one: {} for one in ids}
    query = select(
        OpenedLine.opened_offer_id,
        OpenedLine.line_id,
        type_coerce(OpenedLine.unit_price, BigInteger),
        OpenedLine.lead_days,
        OpenedLine.deviation,
        OpenedLine.comment,
        type_coerce(OpenedLine.total, BigInteger),
    ).where(OpenedLine.opened_offer_id.in_(ids))
    for opened_id, line_id, scaled, lead, deviation, comment, total in db.session.execute(query):
        price = None if scaled is None else money_of(scaled)
        whole = None if total is None else Decimal(total).scaleb(-MONEY_SCALE)
        found[opened_id][line_id] = Quote(price, lead, deviation, comment, whole)
    return found


def _facts(row: OpenedOffer, asked: Asked, quotes: dict[str, Quote]) -> OfferFacts:
    return OfferFacts(
        row.id,
        row.supplier_id,
        row.supplier_name,
        quotes,
        row.payment_days,
        row.validity_on,
        row.country,
        _knocked_out(row, asked),
        _rulings(row),
        row.record,
        _costs(row),
        _made_in(row),
    )


def _rulings(row: OpenedOffer) -> dict[str, str]:
    return {subject: said["ruling"] for subject, said in row.rulings.items() if said["ruling"]}


def _knocked_out(row: OpenedOffer, asked: Asked) -> tuple[str, ...]:
    return tuple(one.name for one in asked.questions if broken_knock_out(one, row.answers.get(one.id, "")))


def offer_for(actor: Actor, opened_id: str) -> tuple[EventView, OfferView, list[OfferFileView]]:
    """One opened offer in full, for staff who may compare offers."""
    row = db.session.get(OpenedOffer, opened_id)
    if row is None or not actor.may("offer:compare"):
        raise NotFound
    event = sourcing.event_for(actor, row.event_id)
    views = _views(event, [row])
    if not views:
        raise NotFound
    files = db.session.scalars(select(OpenedFile).where(OpenedFile.opened_offer_id == opened_id))
    return event, views[0], [OfferFileView(file.id, file.name, file.size, file.sha256) for file in files]


def file_of(actor: Actor, opened_id: str, file_id: str) -> tuple[EventView, store.FileMeta, bytes]:
    """An attachment of an opened offer in clear, checked against the size and hash the offer states."""
    event, _view, _files = offer_for(actor, opened_id)
    row = db.session.get(OpenedFile, file_id)
    if row is None or row.opened_offer_id != opened_id:
        raise NotFound
    meta = store.read_meta(row.wrapped, row.stored_name)
    target = io.BytesIO()
    summary = store.read_stream(row.stored_name, meta.key, target)
    check_attachment(Attachment(meta.name, meta.size, meta.sha256, meta.key), summary.size, summary.sha256)
    return event, meta, target.getvalue()
