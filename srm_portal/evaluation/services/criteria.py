"""Step 4: the criteria, and who evaluates. Fixed once the event is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from srm_portal.audit.services import record
from srm_portal.evaluation import queries
from srm_portal.evaluation.domain.plan import PlanValue, plan_problems
from srm_portal.evaluation.domain.sheet import COMMERCIAL, CriterionValue, criterion_problems, group_paths
from srm_portal.evaluation.models import CriteriaTemplate, Criterion, Evaluator, Plan
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as events

VOICE_MAX = Decimal(100)


def not_published(project_id: str) -> None:
    event = sourcing.main_event(project_id)
    if event is not None and event.state != "draft":
        raise Refused("event_is_published")


def _columns(one: CriterionValue, position: int, description: str) -> dict[str, Any]:
    return {
        "position": position,
        "group": " / ".join(one.path),
        "name": one.name.strip(),
        "description": description,
        "kind": one.kind,
        "envelope": "commercial" if one.kind in COMMERCIAL else one.envelope,
        "weight": one.weight,
        "worst": one.worst,
        "best": one.best,
        "scale": one.scale,
        "options": [[label, plain(value)] for label, value in one.options],
        "minimum": one.minimum,
        "must": one.must,
        "formula": one.formula,
        "points": [[plain(x), plain(v)] for x, v in one.points],
        "bend": one.bend,
        "ideal": one.ideal,
        "years": one.years,
        "rate": one.rate,
    }


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
    not_published(project_id)
    problems = criterion_problems(criteria)
    if not complete:
        problems = [one for one in problems if one.code != "weights_sum"]
    if problems:
        raise Invalid(problems)
    known = set(db.session.scalars(select(Criterion.id).where(Criterion.project_id == project_id)))
    db.session.execute(delete(Criterion).where(Criterion.project_id == project_id))
    for position, one in enumerate(criteria):
        columns = _columns(one, position, descriptions.get(position, ""))
        db.session.add(Criterion(id=one.id if one.id in known else new_id(), project_id=project_id, **columns))
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
def amend_criteria(
    actor: Actor,
    project_id: str,
    criteria: Sequence[CriterionValue],
    descriptions: Mapping[int, str],
    *,
    reason: str,
    now: datetime,
) -> None:
    """Change weights, ranges, thresholds and wording after the publication: a numbered amendment told to everybody.

    Only until the deadline, and criteria are neither added, removed nor turned into another kind, because suppliers
    may have answered them. Refusals: `event_not_published`, `deadline_has_passed`, `reason_needed`,
    `criteria_must_stay`, `nothing_changed`; Invalid as for `save_criteria`.
    """
    project = sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    if event is None or event.state != "published":
        raise Refused("event_not_published")
    if len(reason.strip()) < 10:
        raise Refused("reason_needed")
    before = {view.value.id: view for view in queries.criteria(project_id)}
    if [(one.id, one.kind) for one in criteria] != [(key, view.value.kind) for key, view in before.items()]:
        raise Refused("criteria_must_stay")
    problems = criterion_problems(criteria)
    if problems:
        raise Invalid(problems)
    changes: dict[str, Any] = {}
    for position, one in enumerate(criteria):
        view = before[one.id]
        description = descriptions.get(position, view.description)
        row = db.session.get_one(Criterion, one.id)
        wished = _columns(one, position, description)
        changed = {
            name: (str(getattr(row, name)), str(new)) for name, new in wished.items() if getattr(row, name) != new
        }
        for name in changed:
            setattr(row, name, wished[name])
        if changed:
            changes[view.value.name] = changed
    if not changes:
        raise Refused("nothing_changed")
    db.session.flush()
    record(
        actor,
        "criteria.amended",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        reason=reason.strip(),
        changes=changes,
    )
    events.amend_event(actor, event.id, reason.strip(), refresh=("criteria",), now=now)


@command
def save_plan(actor: Actor, project_id: str, plan: PlanValue, *, now: datetime) -> None:
    """How it is evaluated: what suppliers are told, blind or not, joint marks, comments, ties, least values of groups."""
    project = sourcing.project_for(actor, project_id)
    not_published(project_id)
    problems = plan_problems(plan, group_paths([one.value for one in queries.criteria(project_id)]))
    if problems:
        raise Invalid(problems)
    row = plan_row(project_id)
    row.told, row.blind, row.rule, row.comments = plan.told, plan.blind, plan.rule, plan.comments
    row.ties = list(plan.ties)
    row.group_minimums = {path: plain(least) for path, least in plan.group_minimums.items()}
    record(
        actor,
        "evaluation.planned",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        told=plan.told,
        blind=plan.blind,
        rule=plan.rule,
        ties=list(plan.ties),
        group_minimums=row.group_minimums,
    )


def plan_row(project_id: str) -> Plan:
    row = db.session.scalar(select(Plan).where(Plan.project_id == project_id))
    if row is None:
        row = Plan(project_id=project_id, ties=list(PlanValue().ties), group_minimums={})
        db.session.add(row)
    return row


@command
def copy_criteria(actor: Actor, project_id: str, source: str, *, now: datetime) -> int:
    """Replace the criteria by those of a template ("template:ID") or of another project ("project:ID")."""
    sourcing.project_for(actor, project_id)
    kind, _sign, key = source.partition(":")
    if kind == "template":
        held = [_from_plain(row) for row in queries.template_rows(actor, key)]
    elif kind == "project":
        other = sourcing.project_for(actor, key)
        views = queries.criteria(other.id)
        held = [(replace(view.value, id=""), view.description) for view in views]
    else:
        raise NotFound
    descriptions = {at: description for at, (_value, description) in enumerate(held)}
    save_criteria(actor, project_id, [value for value, _description in held], descriptions, now=now)
    return len(held)


@command
def keep_template(actor: Actor, project_id: str, name: str, *, now: datetime) -> None:
    """Keep the criteria of a project under a name; a template of that name is replaced."""
    project = sourcing.project_for(actor, project_id)
    held = queries.criteria(project_id)
    if not name.strip():
        raise Invalid([FieldProblem("name", "required")])
    if not held:
        raise Refused("criteria_missing")
    query = select(CriteriaTemplate).where(
        CriteriaTemplate.organisation_id == actor.organisation_id, CriteriaTemplate.name == name.strip()
    )
    row = db.session.scalar(query) or CriteriaTemplate(organisation_id=actor.organisation_id, name=name.strip())
    row.rows = [_plain(view.value) | {"description": view.description} for view in held]
    row.at, row.by_name = now, actor.name
    db.session.add(row)
    record(
        actor,
        "criteria.kept_as_template",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        name=name.strip(),
        criteria=len(held),
    )


_NUMBERS = ("weight", "worst", "best", "scale", "minimum", "bend", "ideal", "rate")


def _plain(one: CriterionValue) -> dict[str, Any]:
    held = asdict(one)
    for name in _NUMBERS:
        held[name] = None if held[name] is None else plain(held[name])
    held["options"] = [[label, plain(value)] for label, value in one.options]
    held["points"] = [[plain(x), plain(v)] for x, v in one.points]
    return held


def _from_plain(row: dict[str, Any]) -> tuple[CriterionValue, str]:
    held = dict(row)
    description = held.pop("description")
    for name in _NUMBERS:
        held[name] = None if held[name] is None else Decimal(held[name])
    held["options"] = tuple((label, Decimal(value)) for label, value in held["options"])
    held["points"] = tuple((Decimal(x), Decimal(v)) for x, v in held["points"])
    return CriterionValue(**(held | {"id": ""})), description


@command
def assign_evaluators(
    actor: Actor,
    project_id: str,
    user_ids: Sequence[str],
    *,
    voices: Mapping[str, Decimal] | None = None,
    criteria: Mapping[str, Sequence[str]] | None = None,
    now: datetime,
) -> None:
    """Say who marks the offers, how much their marks count, and which criteria they mark (all where none are named).

    Somebody whose scorecard is in stays as they are.
    """
    project = sourcing.project_for(actor, project_id)
    able = {one.id for one in identity.staff(actor.organisation_id) if {"evaluator", "buyer"} & set(one.roles)}
    if any(one not in able for one in user_ids):
        raise Invalid([FieldProblem("evaluators", "not_an_evaluator")])
    manual = {one.value.id for one in queries.criteria(project_id) if one.value.manual}
    _check_shares(voices or {}, criteria or {}, manual)
    rows = {row.user_id: row for row in db.session.scalars(select(Evaluator).where(Evaluator.project_id == project_id))}
    for user_id, row in rows.items():
        if user_id not in user_ids:
            if row.state == "submitted":
                raise Refused("scorecard_is_in")
            db.session.delete(row)
    fresh = [one for one in user_ids if one not in rows]
    for user_id in user_ids:
        row = rows.get(user_id) or Evaluator(project_id=project_id, user_id=user_id, criteria=[], voice=Decimal(1))
        if row.state == "submitted":
            continue
        row.voice = (voices or {}).get(user_id, row.voice)
        row.criteria = list((criteria or {}).get(user_id, row.criteria))
        db.session.add(row)
    record(
        actor,
        "evaluators.assigned",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        evaluators=sorted(user_ids),
        voices={user: plain(voice) for user, voice in sorted((voices or {}).items())},
    )
    path = f"/projects/{project_id}/scorecard"
    notify(set(fresh) - {actor.user_id}, "evaluator_assigned", path=path, now=now, title=project.title)


def _check_shares(voices: Mapping[str, Decimal], criteria: Mapping[str, Sequence[str]], manual: set[str]) -> None:
    for voice in voices.values():
        if not voice.is_finite() or not 0 < voice <= VOICE_MAX:
            raise Invalid([FieldProblem("voice", "voice_out_of_range", value=str(voice))])
    if any(set(named) - manual for named in criteria.values()):
        raise Invalid([FieldProblem("criteria", "no_such_criterion")])
