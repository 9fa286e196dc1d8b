"""The shared space as each side may see it, and the search for texts in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.names import folded
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.categories import is_cpv, subtree
from srm_portal.suppliers.models import Disqualification, Meeting, Publication, SharedMessage, SupplierCategory

MESSAGES_MAX = 200


@dataclass(frozen=True, slots=True)
class PageView:
    id: str
    supplier_id: str | None
    kind: str
    title: str
    body: str
    category: str
    period: str
    written_name: str
    written_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class MessageView:
    id: str
    project_id: str | None
    from_supplier: bool
    author_name: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingView:
    id: str
    supplier_id: str
    title: str
    starts_at: datetime
    place: str
    participants: str
    agenda: str
    minutes: str
    minutes_name: str
    minutes_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """A disqualification from suspension to decision."""

    id: str
    supplier_id: str
    category: str
    reason: str
    hearing_until_on: date
    started_by: str
    started_name: str
    started_at: datetime
    statement: str
    statement_name: str
    statement_at: datetime | None
    outcome: str
    decided_name: str
    decided_at: datetime | None
    decision_reason: str


def _page(row: Publication) -> PageView:
    return PageView(
        row.id, row.supplier_id, row.kind, row.title, row.body, row.category, row.period, row.written_name,
        row.written_at, row.version,
    )  # fmt: skip


def pages_of_buyer(actor: Actor, text: str = "") -> list[PageView]:
    """The house's pages: all for staff; for a supplier those for everybody and for what it offers."""
    query = select(Publication).where(
        Publication.organisation_id == actor.organisation_id,
        Publication.supplier_id.is_(None),
        Publication.withdrawn_at.is_(None),
    )
    for word in folded(text).split():
        query = query.where(Publication.search_key.contains(word, autoescape=True))
    rows = [_page(row) for row in db.session.scalars(query.order_by(Publication.kind, Publication.title))]
    if actor.supplier_id is None:
        return rows
    offered = select(SupplierCategory.code).where(SupplierCategory.supplier_id == actor.supplier_id)
    codes = list(db.session.scalars(offered))
    return [row for row in rows if not row.category or any(_meets(row.category, code) for code in codes)]


def _meets(category: str, offered: str) -> bool:
    """Whether one lies in the other's part of the tree."""
    if not (is_cpv(category) and is_cpv(offered)):
        return category == offered
    first, second = subtree(category), subtree(offered)
    return first[0] <= offered <= first[1] or second[0] <= category <= second[1]


def pages_of_supplier(supplier_id: str) -> list[PageView]:
    """The newest first."""
    query = select(Publication).where(Publication.supplier_id == supplier_id, Publication.withdrawn_at.is_(None))
    return [_page(row) for row in db.session.scalars(query.order_by(Publication.written_at.desc()))]


def page_for(actor: Actor, page_id: str) -> PageView:
    """A page that this actor may read: the buyer's as in the list, a supplier's by its own people and by staff."""
    row = db.session.get(Publication, page_id)
    if row is None or row.organisation_id != actor.organisation_id or row.withdrawn_at is not None:
        raise NotFound
    if actor.supplier_id is not None and row.supplier_id not in (None, actor.supplier_id):
        raise NotFound
    if (
        actor.supplier_id is not None
        and row.supplier_id is None
        and page_id not in {p.id for p in pages_of_buyer(actor)}
    ):
        raise NotFound
    return _page(row)


def own_page_for(actor: Actor, page_id: str) -> PageView:
    """A page that this actor's side wrote."""
    view = page_for(actor, page_id)
    if view.supplier_id != actor.supplier_id:
        raise NotFound
    return view


def messages(supplier_id: str, project_id: str | None = None) -> list[MessageView]:
    """Newest first; with a project only what is about it."""
    query = select(SharedMessage).where(SharedMessage.supplier_id == supplier_id)
    if project_id:
        query = query.where(SharedMessage.project_id == project_id)
    rows = db.session.scalars(query.order_by(SharedMessage.at.desc(), SharedMessage.id).limit(MESSAGES_MAX))
    return [MessageView(row.id, row.project_id, row.from_supplier, row.author_name, row.body, row.at) for row in rows]


def _meeting(row: Meeting) -> MeetingView:
    return MeetingView(
        row.id, row.supplier_id, row.title, row.starts_at, row.place, row.participants, row.agenda, row.minutes,
        row.minutes_name, row.minutes_at, row.version,
    )  # fmt: skip


def meetings(supplier_id: str) -> list[MeetingView]:
    """The latest first."""
    query = select(Meeting).where(Meeting.supplier_id == supplier_id)
    return [_meeting(row) for row in db.session.scalars(query.order_by(Meeting.starts_at.desc()).limit(50))]


def meeting_for(actor: Actor, meeting_id: str) -> MeetingView:
    row = db.session.get(Meeting, meeting_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id not in (None, row.supplier_id):
        raise NotFound
    return _meeting(row)


def _case(row: Disqualification) -> CaseView:
    return CaseView(
        row.id, row.supplier_id, row.category, row.reason, row.hearing_until_on, row.started_by, row.started_name,
        row.started_at, row.statement, row.statement_name, row.statement_at, row.outcome, row.decided_name,
        row.decided_at, row.decision_reason,
    )  # fmt: skip


def cases(supplier_id: str) -> list[CaseView]:
    """Open ones first."""
    query = select(Disqualification).where(Disqualification.supplier_id == supplier_id)
    return [
        _case(row)
        for row in db.session.scalars(query.order_by(Disqualification.outcome, Disqualification.started_at.desc()))
    ]


def open_cases(organisation_id: str) -> list[CaseView]:
    query = select(Disqualification).where(
        Disqualification.organisation_id == organisation_id, Disqualification.outcome == ""
    )
    return [_case(row) for row in db.session.scalars(query.order_by(Disqualification.started_at))]


def case_for(actor: Actor, case_id: str) -> CaseView:
    row = db.session.get(Disqualification, case_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id not in (None, row.supplier_id):
        raise NotFound
    return _case(row)
