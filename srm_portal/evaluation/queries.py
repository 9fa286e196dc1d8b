"""Criteria, scorecards and rankings as pages and later rooms see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.assembly import MANUAL, CriterionValue, OfferFacts, mean_marks
from srm_portal.evaluation.models import Consensus, Criterion, Evaluator, Mark, Recommendation, ScoreRun
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import InputError, NotFound
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class CriterionView:
    value: CriterionValue
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class EvaluatorView:
    id: str
    user_id: str
    name: str
    state: str
    conflict: str
    declared_at: datetime | None
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts: criteria that people mark, evaluators, of them those not done, kept runs, recommendations."""

    manual: int
    evaluators: int
    waiting: int
    runs: int
    recommendations: int


@dataclass(frozen=True, slots=True)
class MarkView:
    points: Decimal
    comment: str


@dataclass(frozen=True, slots=True)
class RankingRow:
    supplier_id: str
    supplier_name: str
    rank: int | None
    score: str
    percent: Decimal
    contributions: tuple[Decimal, ...]
    knocked_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankingView:
    """The newest kept run. `contributions` in points of 100, in the order of `criteria`."""

    id: str
    number: int
    at: datetime
    by_name: str
    sha256: str
    criteria: tuple[str, ...]
    weights: tuple[Decimal, ...]
    rows: tuple[RankingRow, ...]
    warnings: tuple[dict[str, Any], ...]
    sensitivity: dict[str, Any]
    missing: tuple[tuple[str, str], ...]
    values: tuple[tuple[Decimal, ...], ...]
    document: dict[str, Any]
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecommendationView:
    supplier_id: str
    supplier_name: str
    text: str
    at: datetime
    by_name: str
    run_id: str


def _value(row: Criterion) -> CriterionValue:
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
    )


@once
def _criteria(project_id: str) -> tuple[list[CriterionView], dict[tuple[str, str], Decimal]]:
    """The criteria and the marks agreed on for them, in one read."""
    query = select(Criterion, Consensus).outerjoin(Consensus, Consensus.criterion_id == Criterion.id)
    views: dict[str, CriterionView] = {}
    agreed = {}
    for row, mark in db.session.execute(query.where(Criterion.project_id == project_id).order_by(Criterion.position)):
        if row.id not in views:
            views[row.id] = CriterionView(_value(row), row.description, row.position)
        if mark is not None:
            agreed[(mark.criterion_id, mark.supplier_id)] = mark.points
    return list(views.values()), agreed


def criteria(project_id: str) -> list[CriterionView]:
    return list(_criteria(project_id)[0])


def criteria_count(project_id: str) -> list[Select[Any]]:
    """For the step bar."""
    return [select(func.count(Criterion.id)).where(Criterion.project_id == project_id)]


def _published_knock_out(one: CriterionValue) -> dict[str, Any]:
    """What excludes an answer: `must` for a no, `min` or `max` for a number. Marks of people exclude later."""
    if one.must and one.kind == "yes_no":
        return {"must": ["yes"]}
    if one.minimum is not None and one.kind == "number":
        falling = one.worst is not None and one.best is not None and one.best < one.worst
        return {"max" if falling else "min": plain(one.minimum)}
    return {}


def published_part(project_id: str) -> dict[str, Any]:
    """What suppliers are promised about the evaluation, as plain values."""
    items = []
    for view in criteria(project_id):
        one = view.value
        items.append(
            {
                "id": one.id,
                "parent": one.group,
                "name": one.name,
                "description": view.description,
                "kind": one.kind,
                "weight": plain(one.weight),
                "direction": "min" if one.kind in ("price", "lead_time") else "max",
                "envelope": one.envelope,
                "choices": [label for label, _value in one.options],
                "unit": "",
                "knock_out": _published_knock_out(one),
                "value": {
                    "worst": plain(one.worst) if one.worst is not None else None,
                    "best": plain(one.best) if one.best is not None else None,
                    "scale": plain(one.scale),
                    "options": [[label, plain(value)] for label, value in one.options],
                },
            }
        )
    return {"items": items}


@once
def standing(project_id: str) -> Standing:
    """What the gates ask, in one statement."""
    people = select(func.count(Evaluator.id)).where(Evaluator.project_id == project_id)
    manual = select(func.count(Criterion.id)).where(Criterion.project_id == project_id, Criterion.kind.in_(MANUAL))
    runs = select(func.count(ScoreRun.id)).where(ScoreRun.project_id == project_id)
    advice = select(func.count(Recommendation.id)).where(Recommendation.project_id == project_id)
    asked = (manual, people, people.where(Evaluator.state == "open"), runs, advice)
    return Standing(*db.session.execute(select(*(one.scalar_subquery() for one in asked))).one())


@once
def _scorecards(project_id: str) -> tuple[list[Evaluator], list[tuple[Evaluator, Mark]]]:
    """The evaluators and every mark they gave, in one read."""
    query = select(Evaluator, Mark).outerjoin(Mark, Mark.evaluator_id == Evaluator.id)
    found = [(one, mark) for one, mark in db.session.execute(query.where(Evaluator.project_id == project_id))]
    rows = list({one.id: one for one, _mark in found}.values())
    return rows, [(one, mark) for one, mark in found if mark is not None]


@once
def evaluators(project_id: str) -> list[EvaluatorView]:
    rows, _marks = _scorecards(project_id)
    people = identity.people([row.user_id for row in rows])
    found = [
        EvaluatorView(
            row.id, row.user_id, people[row.user_id].name, row.state, row.conflict, row.declared_at, row.submitted_at
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.name)


def own_evaluator(actor: Actor, project_id: str) -> EvaluatorView:
    """The actor as evaluator of the project; NotFound when they are none."""
    sourcing.project_for(actor, project_id)
    found = next((one for one in evaluators(project_id) if one.user_id == actor.user_id), None)
    if found is None:
        raise NotFound
    return found


def own_marks(evaluator_id: str) -> dict[tuple[str, str], MarkView]:
    query = select(Mark).where(Mark.evaluator_id == evaluator_id)
    return {(row.criterion_id, row.supplier_id): MarkView(row.points, row.comment) for row in db.session.scalars(query)}


def submitted_marks(project_id: str) -> dict[tuple[str, str, str], Decimal]:
    """(criterion, supplier, evaluator's user) -> points of the scorecards that are in."""
    _rows, marks = _scorecards(project_id)
    return {
        (mark.criterion_id, mark.supplier_id, one.user_id): mark.points
        for one, mark in marks
        if one.state == "submitted"
    }


def consensus(project_id: str) -> dict[tuple[str, str], Decimal]:
    return dict(_criteria(project_id)[1])


def agreed_marks(project_id: str) -> dict[tuple[str, str], Decimal]:
    return mean_marks(submitted_marks(project_id), consensus(project_id))


@once
def offer_facts(project_id: str) -> list[OfferFacts]:
    """The opened offers as the criteria look at them, in the order of names; empty before the opening."""
    event = sourcing.main_event(project_id)
    if event is None:
        return []
    found = [
        OfferFacts(one.supplier_id, one.supplier_name, one.total, one.lead_days, dict(one.answers))
        for one in offers.opened(event.id, lines=False)
    ]
    return sorted(found, key=lambda one: (one.name, one.supplier_id))


@dataclass(frozen=True, slots=True)
class StandingIf:
    """Where an offer would stand: points of 100 and rank (None: knocked out)."""

    score: Decimal | None
    rank: int | None


def standing_if(
    project_id: str, supplier_id: str, *, total: Decimal | None, lead_days: int | None
) -> StandingIf | None:
    """The score and rank of one offer in the newest kept run if its total and lead time were these.

    None when nothing was ranked yet, or not this offer.
    """
    run = ranking(project_id)
    row = next((one for one in run.rows if one.supplier_id == supplier_id), None) if run else None
    if run is None or row is None:
        return None
    text = {name: value for name, value in run.document.items() if name != "sensitivity"}
    place = text["alternatives"].index(row.supplier_name)
    kinds = {one.value.name: one.value.kind for one in criteria(project_id)}
    cells = list(text["matrix"][place])
    for column, one in enumerate(text["criteria"]):
        kind = kinds.get(one["name"])
        if kind == "price" and total is not None:
            cells[column] = plain(total)
        elif kind == "lead_time" and lead_days is not None:
            cells[column] = str(lead_days)
    text["matrix"] = [cells if number == place else line for number, line in enumerate(text["matrix"])]
    try:
        result = scoring_file.run(text)
    except InputError:
        return None
    score = result["scores"][place]
    points = None if score is None else (Decimal(str(score)) * 100).quantize(Decimal("0.1"))
    return StandingIf(points, result["ranking"][place])


def _ranking(row: ScoreRun) -> RankingView:
    document, result = json.loads(row.document), json.loads(row.result)
    weights = [Decimal(str(one)) for one in result["weights"]]
    details = result.get("details", {})
    values = [[Decimal(str(cell)) for cell in line] for line in details.get("values", [])]
    excluded: dict[str, list[str]] = {}
    for out in result["knocked_out"]:
        excluded.setdefault(out["alternative"], []).append(out["criterion"])
    rows = []
    for index, supplier_id in enumerate(row.suppliers):
        score = result["scores"][index]
        line = values[index] if index < len(values) else []
        rows.append(
            RankingRow(
                supplier_id,
                document["alternatives"][index],
                result["ranking"][index],
                "–" if score is None else str((Decimal(score) * 100).quantize(Decimal("0.1"))),
                Decimal(0) if score is None else Decimal(score) * 100,
                tuple((w * v * 100).quantize(Decimal("0.01")) for w, v in zip(weights, line, strict=False)),
                tuple(excluded.get(document["alternatives"][index], [])),
            )
        )
    return RankingView(
        row.id,
        row.number,
        row.at,
        row.by_name,
        row.sha256,
        tuple(one["name"] for one in document["criteria"]),
        tuple((w * 100).quantize(Decimal("0.1")) for w in weights),
        tuple(sorted(rows, key=lambda one: (one.rank is None, one.rank or 0, one.supplier_name))),
        tuple(result["warnings"]),
        result.get("sensitivity", {}),
        tuple((one[0], one[1]) for one in row.missing),
        tuple(tuple(line) for line in values),
        document,
        result,
    )


@once
def _outcome(project_id: str) -> tuple[RankingView | None, Recommendation | None]:
    """The newest run and the newest recommendation, in one read; there is none without a run."""
    newest = select(ScoreRun.id).where(ScoreRun.project_id == project_id).order_by(ScoreRun.number.desc()).limit(1)
    advice = select(Recommendation.id).where(Recommendation.project_id == project_id)
    latest = advice.order_by(Recommendation.at.desc()).limit(1).scalar_subquery()
    query = select(ScoreRun, Recommendation).outerjoin(Recommendation, Recommendation.id == latest)
    found = db.session.execute(query.where(ScoreRun.id == newest.scalar_subquery())).first()
    return (_ranking(found[0]), found[1]) if found is not None else (None, None)


def ranking(project_id: str) -> RankingView | None:
    return _outcome(project_id)[0]


def recommendation(project_id: str) -> RecommendationView | None:
    run, row = _outcome(project_id)
    if row is None:
        return None
    names = {one.supplier_id: one.supplier_name for one in run.rows} if run else {}
    name = names.get(row.supplier_id) or suppliers.suppliers([row.supplier_id])[row.supplier_id].name
    return RecommendationView(row.supplier_id, name, row.text, row.at, row.by_name, row.run_id)


def waiting_scorecards(actor: Actor) -> list[sourcing.ProjectView]:
    """Projects whose offers are opened and wait for this evaluator's marks."""
    query = select(Evaluator.project_id).where(Evaluator.user_id == actor.user_id, Evaluator.state == "open")
    found = sourcing.projects_by_id(list(db.session.scalars(query)))
    return [one for one in found.values() if one.stage == "selection" and one.cancelled_at is None]


def document_text(project_id: str) -> str | None:
    """The scoring file of the newest run, byte for byte as it was kept."""
    query = select(ScoreRun.document).where(ScoreRun.project_id == project_id).order_by(ScoreRun.number.desc())
    return db.session.scalar(query.limit(1))
