"""The criteria of a project, its plan, what suppliers are told, and where criteria can be copied from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from srm_portal.evaluation.domain.assembly import knock_out, value_function
from srm_portal.evaluation.domain.plan import PlanValue
from srm_portal.evaluation.domain.sheet import MANUAL, CriterionValue
from srm_portal.evaluation.models import (
    Consensus,
    CriteriaTemplate,
    Criterion,
    Evaluator,
    Plan,
    Recommendation,
    ScoreRun,
    WeightsFound,
)
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


@dataclass(frozen=True, slots=True)
class CriterionView:
    value: CriterionValue
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class AgreedView:
    """A moderated mark with its reason."""

    points: Decimal
    reason: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts: criteria that people mark, evaluators, of them those not done, kept runs, recommendations."""

    manual: int
    evaluators: int
    waiting: int
    runs: int
    recommendations: int


@dataclass(frozen=True, slots=True)
class WeightsView:
    """The newest answers to a question about weights, of one group of the tree."""

    path: str
    method: str
    document: dict[str, Any]
    result: dict[str, Any]
    at: datetime
    by_name: str


def criterion_value(row: Criterion) -> CriterionValue:
    return CriterionValue(
        row.id,
        row.name,
        row.kind,
        row.weight,
        row.group,
        row.envelope,
        row.worst,
        row.best,
        row.scale,
        tuple((label, Decimal(value)) for label, value in row.options),
        row.minimum,
        row.must,
        row.formula,
        tuple((Decimal(x), Decimal(v)) for x, v in row.points),
        row.bend,
        row.ideal,
        row.years,
        row.rate,
    )


@once
def _criteria(project_id: str) -> tuple[list[CriterionView], dict[tuple[str, str], AgreedView]]:
    """The criteria and the marks agreed on for them, in one read."""
    query = select(Criterion, Consensus).outerjoin(Consensus, Consensus.criterion_id == Criterion.id)
    views: dict[str, CriterionView] = {}
    agreed = {}
    for row, mark in db.session.execute(query.where(Criterion.project_id == project_id).order_by(Criterion.position)):
        if row.id not in views:
            views[row.id] = CriterionView(criterion_value(row), row.description, row.position)
        if mark is not None:
            agreed[(mark.criterion_id, mark.supplier_id)] = AgreedView(mark.points, mark.reason, mark.at, mark.by_name)
    return list(views.values()), agreed


def criteria(project_id: str) -> list[CriterionView]:
    return list(_criteria(project_id)[0])


def consensus(project_id: str) -> dict[tuple[str, str], Decimal]:
    return {key: one.points for key, one in _criteria(project_id)[1].items()}


def agreements(project_id: str) -> dict[tuple[str, str], AgreedView]:
    """(criterion, supplier) -> the moderated mark and why."""
    return dict(_criteria(project_id)[1])


def criteria_count(project_id: str) -> list[Select[Any]]:
    """For the step bar."""
    return [select(func.count(Criterion.id)).where(Criterion.project_id == project_id)]


@once
def plan(project_id: str) -> PlanValue:
    row = db.session.scalar(select(Plan).where(Plan.project_id == project_id))
    if row is None:
        return PlanValue()
    return replace(
        PlanValue(),
        told=row.told,
        blind=row.blind,
        rule=row.rule,
        comments=row.comments,
        ties=tuple(row.ties),
        group_minimums={path: Decimal(least) for path, least in row.group_minimums.items()},
        locked_at=row.locked_at,
        locked_by=row.locked_by,
    )


def technical_locked(project_id: str) -> bool:
    """Whether the marks of people are final, so that prices may be opened; true where people mark nothing."""
    return plan(project_id).locked_at is not None or not any(one.value.manual for one in criteria(project_id))


def published_part(project_id: str) -> dict[str, Any]:
    """What suppliers are promised about the evaluation, as plain values. Knock-outs are always told."""
    held, agreed = criteria(project_id), plan(project_id)
    ordered = sorted(held, key=lambda view: (-view.value.weight, view.position))
    places = {view.value.id: place for place, view in enumerate(ordered, start=1)}
    items = [_published(view, agreed.told, places[view.value.id]) for view in held]
    minimums = {path: plain(least) for path, least in sorted(agreed.group_minimums.items())}
    return {
        "items": items,
        "told": agreed.told,
        "ties": list(agreed.ties),
        "rule": agreed.rule,
        "group_minimums": minimums,
    }


def _published(view: CriterionView, told: str, place: int) -> dict[str, Any]:
    one = view.value
    shown: dict[str, Any] = {
        "id": one.id,
        "parent": one.group,
        "name": one.name,
        "description": view.description,
        "kind": one.kind,
        "envelope": one.envelope,
        "choices": [label for label, _value in one.options],
        "unit": "",
        "knock_out": (knock_out(one) or {}) if not one.manual else {},
        "direction": "min" if one.falling else "max",
        "weight": plain(one.weight) if told != "order" else None,
        "importance": place,
        "value": {},
    }
    if one.must and one.kind == "file":
        shown["knock_out"] = {"needed": True}
    if told == "full":
        shown["value"] = {
            "worst": plain(one.worst) if one.worst is not None else None,
            "best": plain(one.best) if one.best is not None else None,
            "scale": plain(one.scale),
            "options": [[label, plain(value)] for label, value in one.options],
            "formula": value_function(one),
            "years": one.years,
            "rate": plain(one.rate),
        }
    return shown


@once
def standing(project_id: str) -> Standing:
    """What the gates ask, in one statement."""
    people = select(func.count(Evaluator.id)).where(Evaluator.project_id == project_id)
    manual = select(func.count(Criterion.id)).where(Criterion.project_id == project_id, Criterion.kind.in_(MANUAL))
    runs = select(func.count(ScoreRun.id)).where(ScoreRun.project_id == project_id)
    advice = select(func.count(Recommendation.id)).where(Recommendation.project_id == project_id)
    asked = (manual, people, people.where(Evaluator.state == "open"), runs, advice)
    return Standing(*db.session.execute(select(*(one.scalar_subquery() for one in asked))).one())


def sources(actor: Actor, project_id: str) -> list[tuple[str, str]]:
    """(key, name) of the templates and of other projects whose criteria can be copied, newest first."""
    templates = db.session.execute(
        select(CriteriaTemplate.id, CriteriaTemplate.name)
        .where(CriteriaTemplate.organisation_id == actor.organisation_id)
        .order_by(CriteriaTemplate.name)
    )
    held = select(Criterion.project_id, func.max(Criterion.id)).where(Criterion.project_id != project_id)
    ids = [row[0] for row in db.session.execute(held.group_by(Criterion.project_id).limit(200))]
    known = sourcing.projects_by_id(ids)
    own = [one for one in known.values() if one.organisation_id == actor.organisation_id]
    own.sort(key=lambda one: one.reference, reverse=True)
    return [(f"template:{key}", name) for key, name in templates] + [
        (f"project:{one.id}", f"{one.reference} {one.title}") for one in own[:50]
    ]


def template_rows(actor: Actor, template_id: str) -> list[dict[str, Any]]:
    row = db.session.get(CriteriaTemplate, template_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    return list(row.rows)


def weights_found(project_id: str) -> dict[str, WeightsView]:
    """By group ("" for the whole): the newest answers."""
    query = select(WeightsFound).where(WeightsFound.project_id == project_id).order_by(WeightsFound.at, WeightsFound.id)
    return {
        row.path: WeightsView(row.path, row.method, row.document, row.result, row.at, row.by_name)
        for row in db.session.scalars(query)
    }
