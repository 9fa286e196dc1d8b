"""How suppliers stand: facts of a period, plans, flags, gates, spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal, null, or_, select, union_all

from srm_portal.infra.db import db
from srm_portal.infra.once import keep, once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import scorecard, segmentation
from srm_portal.suppliers.domain.gates import Gate, Standing
from srm_portal.suppliers.domain.gates import gates as judge
from srm_portal.suppliers.domain.performance import coverage, overall, period_days
from srm_portal.suppliers.domain.scorecard import DeliveryFact, Measure
from srm_portal.suppliers.domain.segmentation import AbcRow, Position, Spend
from srm_portal.suppliers.models import (
    CategoryRating,
    Certificate,
    Delivery,
    ImprovementPlan,
    Performance,
    PlanTask,
    RiskFlag,
    Supplier,
    SupplierContact,
    SupplierSettings,
    Survey,
)
from srm_portal.suppliers.ports import measures_elsewhere
from srm_portal.suppliers.queries import cards
from srm_portal.suppliers.queries.cards import ContactView, PerformanceView, SupplierCard
from srm_portal.suppliers.queries.onboarding import settings, settings_view
from srm_portal.suppliers.queries.records import panels


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """What the facts of a period say, before and after they are kept."""

    period: str
    measures: tuple[Measure, ...]
    marks: dict[str, int | None]
    overall: int | None
    coverage: int
    weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class SurveyView:
    id: str
    supplier_id: str
    supplier_name: str
    period: str
    user_id: str
    user_name: str
    marks: dict[str, int]
    comment: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskView:
    id: str
    title: str
    side: str
    due_on: date
    done_at: datetime | None
    done_name: str
    note: str


@dataclass(frozen=True, slots=True)
class PlanView:
    id: str
    supplier_id: str
    title: str
    dimension: str
    target: int | None
    due_on: date
    state: str
    result: str
    created_name: str
    created_at: datetime
    tasks: tuple[TaskView, ...]

    @property
    def done(self) -> int:
        return sum(task.done_at is not None for task in self.tasks)

    def late(self, on: date) -> bool:
        return self.state == "open" and (
            self.due_on < on or any(t.due_on < on and t.done_at is None for t in self.tasks)
        )


@dataclass(frozen=True, slots=True)
class FlagView:
    id: str
    kind: str
    level: str
    text: str
    source: str
    seen_on: date
    review_on: date | None
    raised_name: str
    closed_at: datetime | None
    closed_name: str
    closed_reason: str


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A category: spend, its class, approved suppliers, and where it stands (None while not rated)."""

    category: str
    abc: AbcRow | None
    suppliers: int
    factors: dict[str, int]
    note: str
    rated_name: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Segments:
    """The whole house: categories, suppliers by spend, concentration; `left_out` lines in other currencies."""

    categories: tuple[SegmentRow, ...]
    suppliers: tuple[AbcRow, ...]
    names: dict[str, str]
    total: Decimal
    currency: str
    hhi: int | None
    left_out: int


def deliveries(supplier_id: str, first: date, last: date) -> list[DeliveryFact]:
    query = select(Delivery).where(Delivery.supplier_id == supplier_id, Delivery.due_on.between(first, last))
    return [
        DeliveryFact(row.due_on, row.delivered_on, row.ordered, row.received, row.rejected)
        for row in db.session.scalars(query)
    ]


def measures(organisation_id: str, supplier_id: str, period: str, on: date) -> list[Measure]:
    """Everything that is known of a supplier in a period, from here and from later rooms."""
    first, last = period_days(period)
    found = scorecard.of_deliveries(deliveries(supplier_id, first, last), on)
    found += scorecard.of_surveys(one.marks for one in surveys(supplier_id, period) if one.answered_at)
    return found + measures_elsewhere(organisation_id, supplier_id, first, last)


def scorecard_of(organisation_id: str, supplier_id: str, period: str, on: date) -> ScorecardView:
    found = measures(organisation_id, supplier_id, period, on)
    marks, weights = scorecard.marks_of(found), settings(organisation_id).weights
    return ScorecardView(period, tuple(found), marks, overall(marks, weights), coverage(marks, weights), weights)


def kept_periods(organisation_id: str, supplier_id: str) -> list[PerformanceView]:
    """All kept periods, oldest first; brings the organisation's settings along, which the scorecard asks for next."""
    query = (
        select(Performance, SupplierSettings)
        .select_from(Supplier)
        .outerjoin(Performance, Performance.supplier_id == Supplier.id)
        .outerjoin(SupplierSettings, SupplierSettings.organisation_id == Supplier.organisation_id)
        .where(Supplier.id == supplier_id)
        .order_by(Performance.period)
    )
    rows = db.session.execute(query).all()
    if rows:
        keep(settings, settings_view(rows[0][1]), organisation_id)
    return [cards.performance(row) for row, _settings in rows if row is not None]


def _survey(row: Survey, name: str) -> SurveyView:
    return SurveyView(
        row.id, row.supplier_id, name, row.period, row.user_id, row.user_name, dict(row.marks), row.comment,
        row.asked_at, row.answered_at,
    )  # fmt: skip


@once
def surveys(supplier_id: str, period: str) -> list[SurveyView]:
    query = select(Survey).where(Survey.supplier_id == supplier_id, Survey.period == period).order_by(Survey.user_name)
    return [_survey(row, "") for row in db.session.scalars(query)]


def my_surveys(actor: Actor) -> list[SurveyView]:
    """What this person was asked, open ones first."""
    query = (
        select(Survey, Supplier.name)
        .join(Supplier, Supplier.id == Survey.supplier_id)
        .where(Survey.user_id == actor.user_id)
        .order_by(Survey.answered_at.is_not(None), Survey.asked_at.desc())
    )
    return [_survey(row, name) for row, name in db.session.execute(query.limit(100))]


def survey_for(actor: Actor, survey_id: str) -> SurveyView:
    row = db.session.get(Survey, survey_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    return _survey(row, db.session.get_one(Supplier, row.supplier_id).name)


def _plans(rows: list[ImprovementPlan]) -> list[PlanView]:
    tasks: dict[str, list[TaskView]] = {row.id: [] for row in rows}
    query = select(PlanTask).where(PlanTask.plan_id.in_(list(tasks))).order_by(PlanTask.due_on, PlanTask.id)
    for task in db.session.scalars(query) if rows else ():
        tasks[task.plan_id].append(
            TaskView(task.id, task.title, task.side, task.due_on, task.done_at, task.done_name, task.note)
        )
    return [
        PlanView(
            row.id, row.supplier_id, row.title, row.dimension, row.target, row.due_on, row.state, row.result,
            row.created_name, row.created_at, tuple(tasks[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def plans(supplier_id: str) -> list[PlanView]:
    """Open ones first, by their last day."""
    query = select(ImprovementPlan).where(ImprovementPlan.supplier_id == supplier_id)
    return _plans(list(db.session.scalars(query.order_by(ImprovementPlan.state != "open", ImprovementPlan.due_on))))


def plan_for(actor: Actor, plan_id: str) -> PlanView:
    row = db.session.get(ImprovementPlan, plan_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id not in (None, row.supplier_id):
        raise NotFound
    return _plans([row])[0]


def flags(supplier_id: str) -> list[FlagView]:
    """Open ones first, the newest in front. Never for the supplier's own pages."""
    query = select(RiskFlag).where(RiskFlag.supplier_id == supplier_id)
    return [
        FlagView(
            row.id, row.kind, row.level, row.text, row.source, row.seen_on, row.review_on, row.raised_name,
            row.closed_at, row.closed_name, row.closed_reason,
        )
        for row in db.session.scalars(query.order_by(RiskFlag.closed_at.is_not(None), RiskFlag.seen_on.desc()))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """What is open with a supplier: `what` flag, plan or certificate, with its words and its day."""

    what: str
    id: str
    title: str
    detail: str
    source: str
    day: date | None


def open_matters(supplier_id: str) -> list[OpenMatter]:
    """Open risks, open plans and all certificates, in one statement; the next day first."""
    known = union_all(
        select(literal("flag"), RiskFlag.id, RiskFlag.kind, RiskFlag.level, RiskFlag.source, RiskFlag.seen_on).where(
            RiskFlag.supplier_id == supplier_id, RiskFlag.closed_at.is_(None)
        ),
        select(
            literal("plan"),
            ImprovementPlan.id,
            ImprovementPlan.title,
            ImprovementPlan.dimension,
            literal(""),
            ImprovementPlan.due_on,
        ).where(ImprovementPlan.supplier_id == supplier_id, ImprovementPlan.state == "open"),
        select(
            literal("certificate"),
            Certificate.id,
            Certificate.kind,
            Certificate.state,
            literal(""),
            Certificate.valid_until_on,
        ).where(Certificate.supplier_id == supplier_id),
    )
    found = [OpenMatter(*row) for row in db.session.execute(known)]
    return sorted(found, key=lambda one: (one.day is None, one.day or date.max, one.id))


def flag_owner(actor: Actor, flag_id: str) -> str:
    row = db.session.get(RiskFlag, flag_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id:
        raise NotFound
    return row.supplier_id


@dataclass(frozen=True, slots=True)
class Invitable:
    """A supplier with its people by name, and what warns or blocks when it is to be invited."""

    card: SupplierCard
    contacts: tuple[ContactView, ...]
    gates: tuple[Gate, ...]


def _lines(column: Any, *where: Any) -> Any:
    """The texts of one supplier's rows, a line each."""
    return select(func.aggregate_strings(column, "\n")).where(*where).scalar_subquery()


@once
def invitable(supplier_ids: tuple[str, ...], on: date) -> dict[str, Invitable]:
    """Suppliers by id with all that an invitation asks about, in one statement: bidding lists count them."""
    late_task = select(PlanTask.id).where(
        PlanTask.plan_id == ImprovementPlan.id, PlanTask.done_at.is_(None), PlanTask.due_on < on
    )
    paper = (Certificate.supplier_id == Supplier.id, Certificate.state != "refused")
    ahead = or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= on)
    open_flag = (RiskFlag.supplier_id == Supplier.id, RiskFlag.closed_at.is_(None), RiskFlag.level == "high")
    late = (
        ImprovementPlan.supplier_id == Supplier.id,
        ImprovementPlan.state == "open",
        or_(ImprovementPlan.due_on < on, late_task.exists()),
    )
    query = (
        select(
            Supplier,
            SupplierContact,
            SupplierSettings.gates,
            _lines(RiskFlag.kind, *open_flag),
            _lines(Certificate.kind, *paper, ahead),
            _lines(Certificate.kind, *paper, Certificate.valid_until_on < on),
            _lines(ImprovementPlan.title, *late),
        )
        .outerjoin(SupplierContact, SupplierContact.supplier_id == Supplier.id)
        .outerjoin(SupplierSettings, SupplierSettings.organisation_id == Supplier.organisation_id)
        .where(Supplier.id.in_(supplier_ids))
        .order_by(SupplierContact.name)
    )
    people: dict[str, list[ContactView]] = {}
    found: dict[str, tuple[SupplierCard, list[Gate]]] = {}
    for row, person, rules, *texts in db.session.execute(query):
        if row.id not in found:
            facts = (tuple(dict.fromkeys((text or "").split("\n"))) if text else () for text in texts)
            found[row.id] = (cards.card(row), judge(Standing(row.score, *facts), rules or {}))
        if person is not None:
            people.setdefault(row.id, []).append(cards.contact(person))
    return {one: Invitable(card, tuple(people.get(one, ())), tuple(gates)) for one, (card, gates) in found.items()}


def segments(organisation_id: str, currency: str, first: date, last: date) -> Segments:
    """Kraljic and ABC of the lines due in a span of days, in the house's currency."""
    query = (
        select(Delivery.category, Delivery.supplier_id, Delivery.currency, func.sum(Delivery.amount), func.count())
        .where(
            Delivery.organisation_id == organisation_id,
            Delivery.due_on.between(first, last),
            Delivery.amount.is_not(null()),
        )
        .group_by(Delivery.category, Delivery.supplier_id, Delivery.currency)
    )
    by_category: dict[str, Decimal] = {}
    by_supplier: dict[str, Decimal] = {}
    left_out = 0
    for category, supplier_id, coin, amount, count in db.session.execute(query):
        if coin != currency:
            left_out += count
            continue
        by_category[category] = by_category.get(category, Decimal(0)) + amount
        by_supplier[supplier_id] = by_supplier.get(supplier_id, Decimal(0)) + amount
    approved = {one.category: one.suppliers for one in panels(organisation_id, last)}
    ratings = {
        row.category: row
        for row in db.session.scalars(select(CategoryRating).where(CategoryRating.organisation_id == organisation_id))
    }
    classes = {
        row.key: row for row in segmentation.abc(Spend(key, amount) for key, amount in by_category.items() if key)
    }
    rows = [
        _segment(one, classes.get(one), approved.get(one, 0), ratings.get(one))
        for one in sorted(classes.keys() | approved.keys() | ratings.keys())
    ]
    rows.sort(key=lambda row: (-(row.abc.amount if row.abc else Decimal(0)), row.category))
    names = dict(db.session.execute(select(Supplier.id, Supplier.name).where(Supplier.id.in_(list(by_supplier)))).all())  # type: ignore[arg-type]
    return Segments(
        tuple(rows),
        tuple(segmentation.abc(Spend(key, amount) for key, amount in by_supplier.items())),
        names,
        sum(by_supplier.values(), Decimal(0)),
        currency,
        segmentation.concentration(list(by_supplier.values())),
        left_out,
    )


def _segment(category: str, spend: AbcRow | None, suppliers: int, rating: CategoryRating | None) -> SegmentRow:
    factors = dict(rating.factors) if rating else {}
    where = segmentation.position(factors, suppliers, spend.klass if spend else "", rating.quadrant if rating else "")
    return SegmentRow(
        category, spend, suppliers, factors, rating.note if rating else "", rating.rated_name if rating else "", where
    )
