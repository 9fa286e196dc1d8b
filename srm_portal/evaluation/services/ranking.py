"""Ranking the offers by the published criteria, kept with its whole input; the recommendation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.evaluation import queries
from srm_portal.evaluation.domain import assembly, scoring_file
from srm_portal.evaluation.domain.analysis import winners_of
from srm_portal.evaluation.domain.assembly import OfferFacts
from srm_portal.evaluation.domain.joint import joint_marks
from srm_portal.evaluation.domain.places import tie_facts
from srm_portal.evaluation.domain.sheet import COMMERCIAL, CriterionValue, leaf_order, tree
from srm_portal.evaluation.models import Recommendation, ScoreRun
from srm_portal.evaluation.services.scoring import lock_technical
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import sha256_hex
from srm_portal.kernel.errors import FieldProblem, InputError, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)


@command
def run_ranking(actor: Actor, project_id: str, *, now: datetime) -> str:
    """Rank by the published criteria and keep document and result: running the document again gives the same bytes.

    The first run locks the marks of people if that was not done before. Refusals: `offers_not_opened`,
    `prices_not_opened`, `scorecards_open`, `criteria_missing`, `criterion_without_evaluator`, `ranking_impossible`
    (with the field).
    """
    project = sourcing.project_for(actor, project_id)
    criteria = [one.value for one in queries.criteria(project_id)]
    offers = queries.offer_facts(project_id)
    if not criteria:
        raise Refused("criteria_missing")
    event = sourcing.main_event(project_id)
    if not offers or event is None or event.state != "opened":
        raise Refused("offers_not_opened")
    plan = queries.plan(project_id)
    if any(one.manual for one in criteria):
        if any(one.state == "open" for one in queries.evaluators(project_id)):
            raise Refused("scorecards_open")
        if plan.locked_at is None:
            lock_technical(actor, project_id, now=now)
    if any(one.kind in COMMERCIAL for one in criteria) and all(one.total is None for one in offers):
        raise Refused("prices_not_opened")
    marks = queries.agreed_marks(project_id)
    document = assembly.document(criteria, offers, marks, group_minimums=plan.group_minimums)
    try:
        result = scoring_file.run(document)
    except InputError as wrong:
        raise Refused("ranking_impossible", field=wrong.field, remedy=wrong.remedy) from None
    columns = [criteria[at] for at in leaf_order(tree(criteria))]
    text, answer = _text(document), _text(result)
    number = db.session.scalar(select(func.max(ScoreRun.number)).where(ScoreRun.project_id == project_id)) or 0
    row = ScoreRun(
        project_id=project_id,
        number=number + 1,
        document=text,
        result=answer,
        suppliers=[one.supplier_id for one in offers],
        criteria=[one.id for one in columns],
        facts=_facts(project_id, columns, offers, result),
        missing=[list(pair) for pair in assembly.missing_cells(criteria, offers, marks)],
        sha256=sha256_hex((text + answer).encode()),
        at=now,
        by_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "ranking.run",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        run=row.id,
        sha256=row.sha256,
    )
    return row.id


def _facts(
    project_id: str, columns: Sequence[CriterionValue], offers: Sequence[OfferFacts], result: dict[str, Any]
) -> dict[str, Any]:
    """What is kept beside document and result: the rule for ties, where the price stands, each evaluator's weight."""
    commercial = [at for at, one in enumerate(columns) if one.kind in COMMERCIAL]
    plan = queries.plan(project_id)
    return {
        "ties": list(plan.ties),
        "offers": tie_facts(offers, result, commercial),
        "price_column": commercial[0] if len(commercial) == 1 else None,
        "rule": plan.rule,
        "without": _without_each(project_id, offers),
    }


def _without_each(project_id: str, offers: Sequence[OfferFacts]) -> list[dict[str, Any]]:
    """Who would be first if one evaluator had not marked; agreed marks stay, they are nobody's own.

    What only this one marked stays too: without it nothing would be left to compare.
    """
    views = [one.value for one in queries.criteria(project_id)]
    plan, voices = queries.plan(project_id), queries.voices(project_id)
    marks, agreed = queries.submitted_marks(project_id), queries.consensus(project_id)
    people = [one for one in queries.evaluators(project_id) if one.state == "submitted"]
    whole = joint_marks(marks, agreed, voices=voices, rule=plan.rule)
    found = []
    for one in people if len(people) > 1 else ():
        rest = {key: points for key, points in marks.items() if key[2] != one.user_id}
        left = whole | joint_marks(rest, agreed, voices=voices, rule=plan.rule)
        document = assembly.document(views, offers, left, group_minimums=plan.group_minimums)
        document.pop("sensitivity")
        found.append({"name": one.name, "first": list(winners_of(document))})
    return found


@command
def recommend(actor: Actor, project_id: str, supplier_id: str, text: str, *, now: datetime) -> None:
    """Say which supplier should be negotiated with first, or be awarded, and why."""
    project = sourcing.project_for(actor, project_id)
    ranking = queries.ranking(project_id)
    if ranking is None:
        raise Refused("ranking_missing")
    row = next((one for one in ranking.rows if one.supplier_id == supplier_id), None)
    if row is None:
        raise NotFound
    if row.rank is None:
        raise Refused("knocked_out", supplier=row.supplier_name)
    if len(text.strip()) < 10:
        raise Invalid([FieldProblem("text", "justification_needed")])
    db.session.add(
        Recommendation(
            project_id=project_id,
            supplier_id=supplier_id,
            run_id=ranking.id,
            text=text.strip(),
            at=now,
            by_id=actor.user_id,
            by_name=actor.name,
        )
    )
    record(
        actor,
        "recommendation.given",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        supplier=supplier_id,
        rank=row.rank,
    )
