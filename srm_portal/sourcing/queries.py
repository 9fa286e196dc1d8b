"""The only reads of projects and events; every view is built field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from srm_portal.infra.db import db
from srm_portal.infra.once import keep, once, once_each
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
    envelopes: str
    instructions: str
    terms: str
    currency: str
    rates: list[dict[str, str]]
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
    confirm: bool
    changes: tuple[dict[str, Any], ...]


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


@once
def project_for(actor: Actor, project_id: str) -> ProjectView:
    row = db.session.scalar(visible(actor).where(Project.id == project_id))
    if row is None:
        raise NotFound
    return keep(project, _project(row), project_id)


@once
def project(project_id: str) -> ProjectView:
    """By id, for rooms that have already authorised the actor (jobs, supplier pages)."""
    row = db.session.get(Project, project_id)
    if row is None:
        raise NotFound
    return _project(row)


@once_each
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


@once
def projects_for(
    actor: Actor, *, customer_id: str | None = None, opportunity_id: str | None = None
) -> list[ProjectView]:
    """What is bought for a customer or an opportunity, as far as this actor may know, newest first; at most 50."""
    if not actor.may("project:read"):
        return []
    query = visible(actor)
    query = query.where(Project.customer_id == customer_id) if customer_id else query
    query = query.where(Project.opportunity_id == opportunity_id) if opportunity_id else query
    rows = db.session.scalars(query.order_by(Project.created_at.desc(), Project.id).limit(50))
    return [_project(row) for row in rows]


def projects_of_opportunities(actor: Actor) -> list[ProjectView]:
    """Every project that began with an opportunity, as far as this actor may know, oldest first."""
    if not actor.may("project:read"):
        return []
    query = visible(actor).where(Project.opportunity_id.is_not(None))
    return [_project(row) for row in db.session.scalars(query.order_by(Project.created_at, Project.id))]


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


def stage_counts(actor: Actor) -> dict[str, Select[Any]]:
    """How many live projects stand in each step, as queries of one number."""
    live = visible(actor).where(Project.archived.is_(False), Project.cancelled_at.is_(None))
    return {
        stage: select(func.count()).select_from(live.where(Project.stage == stage).subquery())
        for stage in stages.STAGES
    }


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


def waiting_needs_and(actor: Actor, ids: Iterable[str]) -> tuple[list[ProjectView], dict[str, ProjectView]]:
    """The needs that wait for this manager and the projects named, in one read."""
    waits = _waiting(actor).with_only_columns(Project.id)
    query = select(Project).where(or_(Project.id.in_(waits), Project.id.in_(list(ids)))).order_by(Project.created_at)
    found = {row.id: _project(row) for row in db.session.scalars(query)}
    needs = [
        one
        for one in found.values()
        if one.need_state == "submitted" and one.requester_id != actor.user_id and not one.archived
        if one.cancelled_at is None
    ]
    return needs, found


def waiting_count(actor: Actor) -> Select[tuple[int]]:
    """How many needs wait, for the top bar."""
    return select(func.count()).select_from(_waiting(actor).subquery())


@once
def _content(project_id: str) -> tuple[list[LotView], list[LineView]]:
    """Lots and their lines, in one read."""
    query = select(Lot, Line).outerjoin(Line, Line.lot_id == Lot.id).where(Lot.project_id == project_id)
    lot_views: dict[str, LotView] = {}
    line_views = []
    for lot, row in db.session.execute(query.order_by(Lot.number, Line.number)):
        lot_views.setdefault(lot.id, LotView(lot.id, lot.number, lot.title, lot.description))
        if row is not None:
            line_views.append(_line(row, lot.number))
    return list(lot_views.values()), sorted(line_views, key=lambda one: one.number)


def _line(row: Line, lot_number: int) -> LineView:
    return LineView(
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


def lots(project_id: str) -> list[LotView]:
    return list(_content(project_id)[0])


def lines(project_id: str) -> list[LineView]:
    return list(_content(project_id)[1])


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
        return need_gate(need_facts(view, len(lines(view.id))))
    return [blocker for gate in ports.gates(wanted) for blocker in gate(view.id, now)]


def _reopenings(project_id: str, stage: str) -> Select[tuple[int]]:
    return select(func.count(StageMove.id)).where(
        StageMove.project_id == project_id, StageMove.act == "reopened", StageMove.stage == stage
    )


@once
def steps(view: ProjectView) -> list[Step]:
    """The six-step bar: state, one fact and the page of each step; a later step has no fact yet. One statement.

    Of a project that was finished elsewhere the rooms of the steps know nothing, so they are not asked.
    """
    if view.need_state == "imported":
        return [
            Step(mark.stage, mark.state, "", ports.page(mark.stage)) for mark in stages.marks(view.stage, frozenset())
        ]
    asked = [_reopenings(view.id, stage) for stage in stages.STAGES]
    told: dict[str, tuple[slice, ports.Fact]] = {}
    for stage in stages.STAGES:
        fact = ports.fact(stage)
        if fact is not None:
            columns = fact.columns(view.id)
            told[stage] = (slice(len(asked), len(asked) + len(columns)), fact)
            asked += columns
    row = tuple(db.session.execute(select(*(query.scalar_subquery() for query in asked))).one())
    reopened = frozenset(stage for stage, times in zip(stages.STAGES, row, strict=False) if times)
    shown = []
    for mark in stages.marks(view.stage, reopened):
        place, fact = told.get(mark.stage, (slice(0), None))
        text = fact.text(*row[place]) if fact is not None and mark.state != "later" else ""
        shown.append(Step(mark.stage, mark.state, text, ports.page(mark.stage)))
    return shown


def need_state_of(project_id: str) -> list[Select[Any]]:
    """For the bar: how far the need is."""
    return [select(Project.need_state).where(Project.id == project_id)]


def event_for(actor: Actor, event_id: str) -> EventView:
    view = event(event_id)
    if view.organisation_id != actor.organisation_id or not actor.is_staff:
        raise NotFound
    project_for(actor, view.project_id)
    return view


@once
def event(event_id: str) -> EventView:
    """By id, for rooms that have already authorised the actor."""
    row = db.session.get(Event, event_id)
    if row is None:
        raise NotFound
    return _event(row)


@once
def events(project_id: str) -> list[EventView]:
    query = select(Event).where(Event.project_id == project_id).order_by(Event.created_at, Event.id)
    return [keep(event, _event(row), row.id) for row in db.session.scalars(query)]


@once_each
def events_by_id(ids: Iterable[str]) -> dict[str, EventView]:
    return {row.id: _event(row) for row in db.session.scalars(select(Event).where(Event.id.in_(list(ids))))}


def timetable(view: EventView) -> list[tuple[str, str, datetime]]:
    """(what, reference, when) of the moments that people put into their calendars."""
    moments = [("questions", view.questions_until), ("deadline", view.deadline_at)]
    return [(what, view.reference, at) for what, at in moments if at is not None]


def events_to_copy(actor: Actor, limit: int = 10) -> list[EventView]:
    """The organisation's newest events that were published: their settings can be copied into a new one."""
    query = (
        select(Event)
        .where(Event.organisation_id == actor.organisation_id, Event.kind != "rfi", Event.published_at.is_not(None))
        .order_by(Event.published_at.desc())
        .limit(limit)
    )
    return [_event(row) for row in db.session.scalars(query)]


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
    found = [one for one in events(project_id) if one.kind != "rfi" and one.state != "cancelled"]
    return found[-1] if found else None


def _main(project_id: str, *columns: Any) -> Select[Any]:
    query = select(*columns).where(Event.project_id == project_id, Event.kind != "rfi", Event.state != "cancelled")
    return query.order_by(Event.created_at.desc(), Event.id.desc()).limit(1)


def main_event_id(project_id: str) -> Select[Any]:
    """The id of `main_event` as a query, for questions about it within one statement."""
    return _main(project_id, Event.id)


def main_event_state(project_id: str) -> Select[Any]:
    return _main(project_id, Event.state)


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


def to_confirm(event_id: str) -> int:
    """The number of the last amendment that offers have to be confirmed after; 0 where there is none."""
    query = select(func.max(Amendment.number)).where(Amendment.event_id == event_id, Amendment.confirm)
    return db.session.scalar(query) or 0


def amendments(event_id: str) -> list[AmendmentView]:
    query = select(Amendment).where(Amendment.event_id == event_id).order_by(Amendment.number)
    return [
        AmendmentView(
            row.number, row.text, row.at, row.deadline_before, row.deadline_after, row.confirm, tuple(row.changes)
        )
        for row in db.session.scalars(query)
    ]
