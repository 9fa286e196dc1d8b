"""How suppliers stand: facts of a period, plans, flags, gates, spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, literal, null, or_, select, union_all

from srm_portal.infra.db import db
from srm_portal.infra.once import once
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
    PlanTask,
    RiskFlag,
    Supplier,
    Survey,
)
from srm_portal.suppliers.ports import measures_elsewhere
from srm_portal.suppliers.queries.onboarding import settings
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


def gates(organisation_id: str, scores: dict[str, int | None], on: date) -> dict[str, list[Gate]]:
    """What warns or blocks for each of these suppliers (id -> score): two statements whatever their number."""
    ids = list(scores)
    if not ids:
        return {}
    late_task = select(PlanTask.id).where(
        PlanTask.plan_id == ImprovementPlan.id, PlanTask.done_at.is_(None), PlanTask.due_on < on
    )
    known = union_all(
        select(RiskFlag.supplier_id, literal("risk"), RiskFlag.kind).where(
            RiskFlag.supplier_id.in_(ids), RiskFlag.closed_at.is_(None), RiskFlag.level == "high"
        ),
        select(Certificate.supplier_id, literal("certificate"), Certificate.kind).where(
            Certificate.supplier_id.in_(ids),
            Certificate.state != "refused",
            or_(Certificate.valid_until_on.is_(None), Certificate.valid_until_on >= on),
        ),
        select(Certificate.supplier_id, literal("ended"), Certificate.kind).where(
            Certificate.supplier_id.in_(ids), Certificate.state != "refused", Certificate.valid_until_on < on
        ),
        select(ImprovementPlan.supplier_id, literal("plan"), ImprovementPlan.title).where(
            ImprovementPlan.supplier_id.in_(ids),
            ImprovementPlan.state == "open",
            or_(ImprovementPlan.due_on < on, late_task.exists()),
        ),
    )
    facts: dict[tuple[str, str], list[str]] = {}
    for supplier_id, what, text in db.session.execute(known):
        facts.setdefault((supplier_id, what), []).append(text)

    def of(supplier_id: str, what: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(facts.get((supplier_id, what), ())))

    rules = settings(organisation_id).gates
    return {
        one: judge(
            Standing(scores[one], of(one, "risk"), of(one, "certificate"), of(one, "ended"), of(one, "plan")), rules
        )
        for one in ids
    }


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
