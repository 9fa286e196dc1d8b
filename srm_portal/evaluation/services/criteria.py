"""Step 4: the criteria, and who evaluates. Fixed once the event is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from srm_portal.audit.services import record
from srm_portal.evaluation.domain.assembly import CriterionValue, criterion_problems
from srm_portal.evaluation.models import Criterion, Evaluator
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing


def _not_published(project_id: str) -> None:
    event = sourcing.main_event(project_id)
    if event is not None and event.state != "draft":
        raise Refused("event_is_published")


@command
def save_criteria(
    actor: Actor,
    project_id: str,
    criteria: Sequence[CriterionValue],
    descriptions: Mapping[int, str],
    *,
    complete: bool = False,
    now: datetime,
) -> None:
    """Replace the criteria. With `complete` the weights must make 100; a draft may still add up to less."""
    project = sourcing.project_for(actor, project_id)
    _not_published(project_id)
    problems = criterion_problems(criteria)
    if not complete:
        problems = [one for one in problems if one.code != "weights_sum"]
    if problems:
        raise Invalid(problems)
    known = set(db.session.scalars(select(Criterion.id).where(Criterion.project_id == project_id)))
    db.session.execute(delete(Criterion).where(Criterion.project_id == project_id))
    for position, one in enumerate(criteria):
        db.session.add(
            Criterion(
                id=one.id if one.id in known else new_id(),
                project_id=project_id,
                position=position,
                group=one.group,
                name=one.name.strip(),
                description=descriptions.get(position, ""),
                kind=one.kind,
                envelope="commercial" if one.kind == "price" else one.envelope,
                weight=one.weight,
                worst=one.worst,
                best=one.best,
                scale=one.scale,
                options=[[label, plain(value)] for label, value in one.options],
                minimum=one.minimum,
                must=one.must,
            )
        )
    weights = {one.name: plain(one.weight) for one in criteria}
    record(
        actor,
        "criteria.saved",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        weights=weights,
    )


@command
def assign_evaluators(actor: Actor, project_id: str, user_ids: Sequence[str], *, now: datetime) -> None:
    """Say who marks the offers. Somebody whose scorecard is in stays."""
    project = sourcing.project_for(actor, project_id)
    able = {one.id for one in identity.staff(actor.organisation_id) if {"evaluator", "buyer"} & set(one.roles)}
    wrong = [one for one in user_ids if one not in able]
    if wrong:
        raise Invalid([FieldProblem("evaluators", "not_an_evaluator")])
    rows = {row.user_id: row for row in db.session.scalars(select(Evaluator).where(Evaluator.project_id == project_id))}
    for user_id, row in rows.items():
        if user_id not in user_ids:
            if row.state == "submitted":
                raise Refused("scorecard_is_in")
            db.session.delete(row)
    fresh = [one for one in user_ids if one not in rows]
    db.session.add_all(Evaluator(project_id=project_id, user_id=one) for one in fresh)
    record(
        actor,
        "evaluators.assigned",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        evaluators=sorted(user_ids),
    )
    path = f"/projects/{project_id}/scorecard"
    notify(set(fresh) - {actor.user_id}, "evaluator_assigned", path=path, now=now, title=project.title)
