"""The only reads of projects and events; every view is built field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import Select, func, or_, select

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports
from srm_portal.sourcing.domain import stages
from srm_portal.sourcing.domain.events import phase
from srm_portal.sourcing.domain.need import NeedFacts
from srm_portal.sourcing.domain.need import gate as need_gate
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.models import Amendment, Clarification, Event, Line, Lot, Project, StageMove
from srm_portal.sourcing.store import visible


@dataclass(frozen=True, slots=True)
class ProjectView:
    id: str
    organisation_id: str
    reference: str
    title: str
    description: str
    stage: str
    need_state: str
    owner_id: str
    requester_id: str
    category: str
    product: str
    market: str
    strategic_aim: str
    sector: str
    region: str
    engagement: str
    currency: str
    budget: Decimal | None
    baseline: Decimal | None
    needed_on: date | None
    customer_id: str | None
    opportunity_id: str | None
    customer_price: Decimal | None
    target_margin: Decimal | None
    archived: bool
    cancelled_at: datetime | None
    source_id: str | None
    version: int
    created_at: datetime

    @property
    def stream(self) -> str:
        """The audit stream of everything about this project."""
        return f"project:{self.id}"


@dataclass(frozen=True, slots=True)
class LotView:
    id: str
    number: int
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class LineView:
    id: str
    lot_id: str
    number: int
    title: str
    description: str
    quantity: Decimal
    unit: str
    target_price: Decimal | None
    baseline_price: Decimal | None
    needed_on: date | None
    lot_number: int


@dataclass(frozen=True, slots=True)
class EventView:
    id: str
    organisation_id: str
    project_id: str
    reference: str
    kind: str
    title: str
    state: str
    level: str
    instructions: str
    terms: str
    currency: str
    payment_days: int | None
    validity_days: int
    deadline_at: datetime | None
    questions_until: datetime | None
    published_at: datetime | None
    publication: dict[str, Any] | None
    publication_sha256: str
    opened_at: datetime | None
    version: int

    def phase(self, now: datetime) -> str:
        """draft, open, closed, opened or cancelled."""
        return phase(self.state, self.deadline_at, now)

    @property
    def stream(self) -> str:
        return f"project:{self.project_id}"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the six steps as the bar shows it."""

    stage: str
    state: str
    fact: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class MoveView:
    stage: str
    act: str
    at: datetime
    by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClarificationView:
    id: str
    question: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    to_all: bool
    supplier_id: str | None


@dataclass(frozen=True, slots=True)
class AmendmentView:
    number: int
    text: str
    at: datetime
    deadline_before: datetime | None
    deadline_after: datetime | None


@dataclass(frozen=True, slots=True)
class ImportMark:
    """Where a thing from elsewhere went: the project it became, and which state of it came in."""

    project_id: str
    reference: str
    release_id: str


_PROJECT_FIELDS = tuple(ProjectView.__slots__)
_EVENT_FIELDS = tuple(EventView.__slots__)


def _project(row: Project) -> ProjectView:
    return ProjectView(**{name: getattr(row, name) for name in _PROJECT_FIELDS})


def _event(row: Event) -> EventView:
    return EventView(**{name: getattr(row, name) for name in _EVENT_FIELDS})


def _keep(row: Project | Event) -> None:
    """The session forgets rows that nobody holds; held for the request, the next question by id costs nothing."""
    if has_request_context():
        g.setdefault("sourcing_rows", []).append(row)


def project_for(actor: Actor, project_id: str) -> ProjectView:
    row = db.session.scalar(visible(actor).where(Project.id == project_id))
    if row is None:
        raise NotFound
    _keep(row)
    return _project(row)


def project(project_id: str) -> ProjectView:
    """By id, for rooms that have already authorised the actor (jobs, supplier pages)."""
    row = db.session.get(Project, project_id)
    if row is None:
        raise NotFound
    return _project(row)


def projects_by_id(ids: Iterable[str]) -> dict[str, ProjectView]:
    return {row.id: _project(row) for row in db.session.scalars(select(Project).where(Project.id.in_(list(ids))))}


def projects(
    actor: Actor,
    *,
    text: str = "",
    stage: str = "",
    archived: bool = False,
    customer_id: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[ProjectView], int]:
    """A page of the list, newest first, and the number of all that match."""
    query = visible(actor).where(Project.archived == archived)
    if text:
        like = f"%{text}%"
        query = query.where(or_(Project.title.ilike(like), Project.reference.ilike(like), Project.product.ilike(like)))
    if stage:
        query = query.where(Project.stage == stage)
    if customer_id:
        query = query.where(Project.customer_id == customer_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(query.order_by(Project.created_at.desc(), Project.id).limit(limit).offset(offset))
    return [_project(row) for row in rows], total


def imported(organisation_id: str, source_ids: Iterable[str]) -> dict[str, ImportMark]:
    """Those of the named sources that this organisation has taken in before."""
    wanted, found = list(dict.fromkeys(source_ids)), dict[str, ImportMark]()
    for start in range(0, len(wanted), 500):
        query = select(Project.source_id, Project.id, Project.reference, Project.source).where(
            Project.organisation_id == organisation_id, Project.source_id.in_(wanted[start : start + 500])
        )
        for source_id, project_id, reference, source in db.session.execute(query):
            found[source_id or ""] = ImportMark(project_id, reference, str((source or {}).get("release_id", "")))
    return found


def source(project_id: str) -> dict[str, Any] | None:
    """What was said of the project where it was imported from, as plain values."""
    return db.session.scalar(select(Project.source).where(Project.id == project_id))


def counts_by_stage(actor: Actor) -> dict[str, int]:
    query = visible(actor).where(Project.archived.is_(False), Project.cancelled_at.is_(None)).subquery()
    rows = db.session.execute(select(query.c.stage, func.count()).group_by(query.c.stage))
    return dict(rows.tuples().all())


def _waiting(actor: Actor) -> Select[tuple[Project]]:
    return visible(actor).where(
        Project.need_state == "submitted",
        Project.requester_id != actor.user_id,
        Project.archived.is_(False),
        Project.cancelled_at.is_(None),
    )


def waiting_needs(actor: Actor) -> list[ProjectView]:
    """Needs that wait for this manager's approval (never their own)."""
    return [_project(row) for row in db.session.scalars(_waiting(actor).order_by(Project.created_at))]


def waiting_count(actor: Actor) -> Select[tuple[int]]:
    """How many needs wait, for the top bar."""
    return select(func.count()).select_from(_waiting(actor).subquery())


def lots(project_id: str) -> list[LotView]:
    query = select(Lot).where(Lot.project_id == project_id).order_by(Lot.number)
    return [LotView(row.id, row.number, row.title, row.description) for row in db.session.scalars(query)]


def lines(project_id: str) -> list[LineView]:
    query = select(Line, Lot.number).join(Lot, Lot.id == Line.lot_id).where(Line.project_id == project_id)
    return [
        LineView(
            row.id,
            row.lot_id,
            row.number,
            row.title,
            row.description,
            row.quantity,
            row.unit,
            row.target_price,
            row.baseline_price,
            row.needed_on,
            lot_number,
        )
        for row, lot_number in db.session.execute(query.order_by(Line.number))
    ]


def history(project_id: str) -> list[MoveView]:
    query = select(StageMove).where(StageMove.project_id == project_id).order_by(StageMove.number.desc())
    return [MoveView(row.stage, row.act, row.at, row.by_name, row.reason) for row in db.session.scalars(query)]


def need_facts(view: ProjectView, line_count: int) -> NeedFacts:
    return NeedFacts(
        view.title,
        view.category,
        view.product,
        view.market,
        view.strategic_aim,
        view.sector,
        view.engagement,
        view.budget,
        view.needed_on,
        view.need_state,
        line_count,
    )


def line_count(project_id: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Line).where(Line.project_id == project_id)) or 0


def blockers(view: ProjectView, now: datetime, stage: str | None = None) -> list[Blocker]:
    """What the current step (or the one named) still lacks at this moment."""
    wanted = stage or view.stage
    if wanted == "need":
        return need_gate(need_facts(view, line_count(view.id)))
    return [blocker for gate in ports.gates(wanted) for blocker in gate(view.id, now)]


def _reopened(project_id: str) -> frozenset[str]:
    query = select(StageMove.stage).where(StageMove.project_id == project_id, StageMove.act == "reopened").distinct()
    return frozenset(db.session.scalars(query))


def steps(view: ProjectView, now: datetime) -> list[Step]:
    """The six-step bar: state, one fact and the page of each step; a later step has no fact yet.

    Of a project that was finished elsewhere the rooms of the steps know nothing, so they are not asked.
    """
    shown, elsewhere = [], view.need_state == "imported"
    for mark in stages.marks(view.stage, frozenset() if elsewhere else _reopened(view.id)):
        fact = ports.fact(mark.stage) if mark.state != "later" and not elsewhere else None
        shown.append(Step(mark.stage, mark.state, fact(view.id, now) if fact else "", ports.page(mark.stage)))
    return shown


def event_for(actor: Actor, event_id: str) -> EventView:
    row = db.session.get(Event, event_id)
    if row is None or row.organisation_id != actor.organisation_id or not actor.is_staff:
        raise NotFound
    project_for(actor, row.project_id)
    return _event(row)


def event(event_id: str) -> EventView:
    """By id, for rooms that have already authorised the actor."""
    row = db.session.get(Event, event_id)
    if row is None:
        raise NotFound
    _keep(row)
    return _event(row)


def events(project_id: str) -> list[EventView]:
    query = select(Event).where(Event.project_id == project_id).order_by(Event.created_at)
    return [_event(row) for row in db.session.scalars(query)]


def events_by_id(ids: Iterable[str]) -> dict[str, EventView]:
    return {row.id: _event(row) for row in db.session.scalars(select(Event).where(Event.id.in_(list(ids))))}


def open_events(actor: Actor) -> list[EventView]:
    """The actor's own published events that were not opened yet, the nearest deadline first."""
    query = (
        select(Event)
        .join(Project, Project.id == Event.project_id)
        .where(
            Event.organisation_id == actor.organisation_id,
            Event.state == "published",
            Event.kind != "rfi",
            Project.owner_id == actor.user_id,
        )
        .order_by(Event.deadline_at)
        .limit(20)
    )
    return [_event(row) for row in db.session.scalars(query)]


def main_event(project_id: str) -> EventView | None:
    """The event that asks for offers (RFQ, RFP or tender), the newest that was not cancelled; RFIs do not count."""
    query = (
        select(Event)
        .where(Event.project_id == project_id, Event.kind != "rfi", Event.state != "cancelled")
        .order_by(Event.created_at.desc())
        .limit(1)
    )
    row = _kept_main(project_id) or db.session.scalar(query)
    if row is not None:
        _keep(row)
    return _event(row) if row else None


def _kept_main(project_id: str) -> Event | None:
    """The main event where this reading request has it already: a project has one at a time."""
    if not has_request_context() or request.method != "GET":
        return None
    kept = [row for row in g.get("sourcing_rows", []) if isinstance(row, Event) and row.project_id == project_id]
    return next((row for row in kept if row.kind != "rfi" and row.state != "cancelled"), None)


def clarifications(event_id: str, *, supplier_id: str | None = None) -> list[ClarificationView]:
    """All questions for the buyer; for a supplier their own and those answered to all, without the asker."""
    query = select(Clarification).where(Clarification.event_id == event_id).order_by(Clarification.asked_at)
    shown = []
    for row in db.session.scalars(query):
        own = row.supplier_id == supplier_id
        if supplier_id is not None and not own and not (row.to_all and row.answered_at):
            continue
        asker = row.supplier_id if supplier_id is None or own else None
        shown.append(
            ClarificationView(row.id, row.question, row.asked_at, row.answer, row.answered_at, row.to_all, asker)
        )
    return shown


def amendments(event_id: str) -> list[AmendmentView]:
    query = select(Amendment).where(Amendment.event_id == event_id).order_by(Amendment.number)
    return [
        AmendmentView(row.number, row.text, row.at, row.deadline_before, row.deadline_after)
        for row in db.session.scalars(query)
    ]
