"""Improvement plans, risk flags, ratings of categories, and the rules that a manager sets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import gates as gate_rules
from srm_portal.suppliers.domain import performance, segmentation
from srm_portal.suppliers.domain.categories import bare
from srm_portal.suppliers.domain.record import letter_problems
from srm_portal.suppliers.models import CategoryRating, ImprovementPlan, PlanTask, RiskFlag, Supplier
from srm_portal.suppliers.queries.categories import category as find_category
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for
from srm_portal.suppliers.services.settings import settings_row
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

SIDES = ("buyer", "supplier")
RISK_KINDS = ("financial", "delivery", "quality", "compliance", "sanctions", "dependency", "country", "cyber")
RISK_LEVELS = ("low", "medium", "high")
OWN_PLANS = "/supplier/plans"


def _one_of(field: str, value: str, choices: tuple[str, ...]) -> list[FieldProblem]:
    if value in choices:
        return []
    return [FieldProblem(field, "unknown_value", value=value, facts=(("choices", ", ".join(choices)),))]


def _plan_for(actor: Actor, plan_id: str) -> tuple[ImprovementPlan, Supplier]:
    row = db.session.get(ImprovementPlan, plan_id)
    if row is None:
        raise NotFound
    return row, supplier_row_for(actor, row.supplier_id)


@command
def open_plan(
    actor: Actor,
    supplier_id: str,
    *,
    title: str,
    dimension: str,
    target: int | None,
    due_on: date | None,
    now: datetime,
) -> str:
    """Agree what is to become better; the supplier's people are told. Returns the plan's id."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    problems = [] if title.strip() else [FieldProblem("title", "required")]
    problems += letter_problems("title", title) + _one_of("dimension", dimension, performance.DIMENSIONS)
    if target is not None and not 0 <= target <= 100:
        problems.append(FieldProblem("target", "mark_range", value=str(target)))
    if due_on is None or due_on < now.date():
        problems.append(FieldProblem("due_on", "already_over" if due_on else "required"))
    if problems or due_on is None:
        raise Invalid(problems)
    row = ImprovementPlan(
        organisation_id=supplier.organisation_id, supplier_id=supplier.id, title=title.strip(), dimension=dimension,
        target=target, due_on=due_on, created_name=actor.name, created_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(actor, "plan.opened", "supplier", supplier.id, now=now, label=supplier.name, plan=row.id, title=row.title)
    tell_supplier(supplier, "plan_opened", path=OWN_PLANS, now=now, about=row.id, title=row.title)
    return row.id


@command
def add_task(actor: Actor, plan_id: str, *, title: str, side: str, due_on: date | None, now: datetime) -> str:
    """One step, for the buyer's side or the supplier's."""
    only_staff(actor)
    plan, supplier = _plan_for(actor, plan_id)
    if plan.state != "open":
        raise Refused("wrong_state", current=plan.state)
    problems = [] if title.strip() else [FieldProblem("title", "required")]
    problems += letter_problems("title", title) + _one_of("side", side, SIDES)
    if due_on is None:
        problems.append(FieldProblem("due_on", "required"))
    elif due_on > plan.due_on:
        problems.append(FieldProblem("due_on", "after_the_plan"))
    if problems or due_on is None:
        raise Invalid(problems)
    row = PlanTask(plan_id=plan.id, title=title.strip(), side=side, due_on=due_on)
    db.session.add(row)
    db.session.flush()
    record(
        actor, "plan.task_added", "supplier", supplier.id, now=now, label=supplier.name, plan=plan.id, title=row.title
    )
    if side == "supplier":
        tell_supplier(
            supplier, "plan_task", path=OWN_PLANS, now=now, about=row.id, title=row.title, until=due_on.isoformat()
        )
    return row.id


@command
def finish_task(actor: Actor, task_id: str, *, note: str, now: datetime) -> None:
    """Done. The supplier finishes its own steps, the buyer either side's."""
    row = db.session.get(PlanTask, task_id)
    if row is None:
        raise NotFound
    plan, supplier = _plan_for(actor, row.plan_id)
    if actor.supplier_id and row.side != "supplier":
        raise NotFound
    if row.done_at is not None:
        raise Refused("already_done")
    if problems := letter_problems("note", note, one_line=False):
        raise Invalid(problems)
    row.done_at, row.done_name, row.note = now, actor.name, note.strip()
    record(
        actor, "plan.task_done", "supplier", supplier.id, now=now, label=supplier.name, plan=plan.id, title=row.title
    )
    if actor.supplier_id:
        tell_buyers(
            plan.organisation_id, "plan_task_done", but="", path=f"/suppliers/plans/{plan.id}", now=now, about=row.id,
            supplier=supplier.name, title=row.title,
        )  # fmt: skip


@command
def close_plan(actor: Actor, plan_id: str, *, result: str, now: datetime) -> None:
    """The end, with what came of it."""
    only_staff(actor)
    plan, supplier = _plan_for(actor, plan_id)
    if plan.state != "open":
        raise Refused("already_done")
    if not result.strip():
        raise Refused("reason_needed")
    plan.state, plan.result, plan.closed_at = "closed", result.strip(), now
    plan.touch()
    record(
        actor, "plan.closed", "supplier", supplier.id, now=now, label=supplier.name, plan=plan.id, reason=plan.result
    )
    tell_supplier(supplier, "plan_closed", path=OWN_PLANS, now=now, about=plan.id, title=plan.title)


@command
def raise_flag(
    actor: Actor,
    supplier_id: str,
    *,
    kind: str,
    level: str,
    text: str,
    source: str,
    seen_on: date | None,
    review_on: date | None,
    now: datetime,
) -> str:
    """Keep a risk with its day and its source; a rumour without a source is not kept. Staff only, never the supplier."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    problems = _one_of("kind", kind, RISK_KINDS) + _one_of("level", level, RISK_LEVELS)
    problems += [
        FieldProblem(field, "required") for field, value in (("text", text), ("source", source)) if not value.strip()
    ]
    if seen_on is None or seen_on > now.date():
        problems.append(FieldProblem("seen_on", "in_the_future" if seen_on else "required"))
    if problems or seen_on is None:
        raise Invalid(problems)
    row = RiskFlag(
        organisation_id=supplier.organisation_id, supplier_id=supplier.id, kind=kind, level=level, text=text.strip(),
        source=source.strip()[:500], seen_on=seen_on, review_on=review_on, raised_name=actor.name, raised_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        actor, "risk.raised", "supplier", supplier.id, now=now, label=supplier.name, flag=row.id, kind=kind,
        level=level, source=row.source,
    )  # fmt: skip
    return row.id


@command
def close_flag(actor: Actor, flag_id: str, *, reason: str, now: datetime) -> None:
    only_staff(actor)
    row = db.session.get(RiskFlag, flag_id)
    if row is None:
        raise NotFound
    supplier = supplier_row_for(actor, row.supplier_id)
    if row.closed_at is not None:
        raise Refused("already_done")
    if not reason.strip():
        raise Refused("reason_needed")
    row.closed_at, row.closed_name, row.closed_reason = now, actor.name, reason.strip()
    record(
        actor,
        "risk.closed",
        "supplier",
        supplier.id,
        now=now,
        label=supplier.name,
        flag=row.id,
        reason=row.closed_reason,
    )


@command
def rate_category(
    actor: Actor, category: str, factors: Mapping[str, int | None], *, quadrant: str, note: str, now: datetime
) -> None:
    """Marks 1..5 for what numbers do not say; `quadrant` is where it stands now, kept against flapping."""
    only_staff(actor)
    code = bare(category)
    if find_category(code) is None:
        raise Invalid([FieldProblem("category", "category_unknown", value=code)])
    given = {name: mark for name in segmentation.FACTORS if (mark := factors.get(name)) is not None}
    problems = [
        FieldProblem(name, "survey_mark_range", value=str(mark)) for name, mark in given.items() if not 1 <= mark <= 5
    ]
    if problems:
        raise Invalid(problems)
    query = select(CategoryRating).where(
        CategoryRating.organisation_id == actor.organisation_id, CategoryRating.category == code
    )
    row = db.session.scalar(query)
    if row is None:
        row = CategoryRating(organisation_id=actor.organisation_id, category=code)
        db.session.add(row)
    row.factors, row.quadrant, row.note = given, quadrant, note.strip()
    row.rated_name, row.rated_at = actor.name, now
    db.session.flush()
    row.touch()
    record(actor, "category.rated", "category", code, now=now, label=code, factors=given, quadrant=quadrant)


@command
def set_rules(actor: Actor, *, weights: Mapping[str, int], gates: Mapping[str, Any], now: datetime) -> None:
    """How marks are weighted, and what warns or blocks at an invitation. Marks kept before stay as they are."""
    only_staff(actor)
    problems = performance.weight_problems(weights)
    for rule in gate_rules.RULES:
        problems += _one_of(rule, str(gates.get(rule, "")), gate_rules.LEVELS)
    if not 0 <= int(gates.get("score_min", 0)) <= 100:
        problems.append(FieldProblem("score_min", "mark_range", value=str(gates.get("score_min"))))
    if problems:
        raise Invalid(problems)
    row = settings_row(actor)
    row.weights, row.gates = dict(weights), dict(gates)
    row.touch()
    record(
        actor, "settings.supplier_rules", "organisation", actor.organisation_id, now=now, weights=dict(weights),
        gates=dict(gates),
    )  # fmt: skip
