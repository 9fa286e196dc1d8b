"""Ranking the offers by the published criteria, kept with its whole input; the recommendation."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.evaluation import queries
from srm_portal.evaluation.domain import assembly, scoring_file
from srm_portal.evaluation.models import Recommendation, ScoreRun
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

    Refusals: `offers_not_opened`, `scorecards_open`, `criteria_missing`, `ranking_impossible` (with the field).
    """
    project = sourcing.project_for(actor, project_id)
    criteria = [one.value for one in queries.criteria(project_id)]
    offers = queries.offer_facts(project_id)
    if not criteria:
        raise Refused("criteria_missing")
    event = sourcing.main_event(project_id)
    if not offers or event is None or event.state != "opened":
        raise Refused("offers_not_opened")
    if any(one.manual for one in criteria) and any(one.state == "open" for one in queries.evaluators(project_id)):
        raise Refused("scorecards_open")
    marks = queries.agreed_marks(project_id)
    document = assembly.document(criteria, offers, marks)
    try:
        result = scoring_file.run(document)
    except InputError as wrong:
        raise Refused("ranking_impossible", field=wrong.field, remedy=wrong.remedy) from None
    text, answer = _text(document), _text(result)
    number = db.session.scalar(select(func.max(ScoreRun.number)).where(ScoreRun.project_id == project_id)) or 0
    row = ScoreRun(
        project_id=project_id,
        number=number + 1,
        document=text,
        result=answer,
        suppliers=[one.supplier_id for one in offers],
        criteria=[one.id for one in criteria],
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
