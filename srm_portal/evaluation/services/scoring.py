"""Step 5: marks, scorecards, consensus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select

from srm_portal.audit.services import record
from srm_portal.evaluation import queries
from srm_portal.evaluation.domain.plan import comment_owed
from srm_portal.evaluation.models import Consensus, Evaluator, Mark
from srm_portal.evaluation.services.criteria import plan_row
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing

HALF = Decimal("0.5")


def _open_row(actor: Actor, project_id: str) -> Evaluator:
    view = queries.own_evaluator(actor, project_id)
    if view.state != "open":
        raise Refused("scorecard_is_in")
    return db.session.get_one(Evaluator, view.id)


@command
def declare(actor: Actor, project_id: str, *, conflict: str, suppliers: Sequence[str] = (), now: datetime) -> None:
    """No conflict of interest, or which one: with `suppliers`, whose offers the person then does not mark, or with all.

    It can be declared until the scorecard is in; marks already given to those offers are taken out. Refusals:
    `scorecard_is_in`, `offers_not_opened`, `reason_needed`.
    """
    project = sourcing.project_for(actor, project_id)
    row = _open_row(actor, project_id)
    bidders = {one.supplier_id for one in queries.offer_facts(project_id)}
    if not bidders:
        raise Refused("offers_not_opened")
    if not set(suppliers) <= bidders:
        raise NotFound
    if suppliers and not conflict.strip():
        raise Refused("reason_needed")
    row.declared_at, row.conflict, row.recused = now, conflict.strip(), sorted(set(suppliers))
    if row.conflict and (not suppliers or set(suppliers) == bidders):
        row.state, row.recused = "excluded", []
    out = delete(Mark).where(Mark.evaluator_id == row.id)
    if row.state == "excluded":
        db.session.execute(out)
    elif suppliers:
        db.session.execute(out.where(Mark.supplier_id.in_(suppliers)))
    record(
        actor,
        "evaluator.declared",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        conflict=bool(row.conflict),
        suppliers=row.recused,
    )


@command
def save_mark(
    actor: Actor,
    project_id: str,
    criterion_id: str,
    supplier_id: str,
    *,
    points: Decimal | None,
    comment: str,
    now: datetime,
) -> None:
    """One mark; None takes it back. "Not graded" is not zero. The ends of the scale owe a comment."""
    project = sourcing.project_for(actor, project_id)
    queries.check_scores_open(project_id)
    row = _open_row(actor, project_id)
    if row.declared_at is None:
        raise Refused("declare_first")
    views = {one.value.id: one.value for one in queries.criteria(project_id)}
    criterion = views.get(criterion_id)
    offers = {one.supplier_id for one in queries.offers_to_mark(queries.own_evaluator(actor, project_id), project_id)}
    if criterion is None or not criterion.manual or supplier_id not in offers:
        raise NotFound
    if row.criteria and criterion_id not in row.criteria:
        raise Refused("criterion_of_others", criterion=criterion.name)
    if queries.plan(project_id).locked_at is not None:
        raise Refused("technical_locked")
    query = select(Mark).where(
        Mark.evaluator_id == row.id, Mark.criterion_id == criterion_id, Mark.supplier_id == supplier_id
    )
    mark = db.session.scalar(query)
    if points is None:
        if mark is not None:
            db.session.delete(mark)
    else:
        if not 0 <= points <= criterion.scale or points % HALF:
            facts = (("max", plain(criterion.scale)),)
            raise Invalid([FieldProblem("points", "mark_out_of_scale", value=plain(points), facts=facts)])
        if mark is None:
            mark = Mark(evaluator_id=row.id, criterion_id=criterion_id, supplier_id=supplier_id)
            db.session.add(mark)
        mark.points, mark.comment = points, comment.strip()[:2000]
    record(
        actor,
        "mark.saved",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        criterion=criterion_id,
        supplier=supplier_id,
        points=points,
    )


@command
def submit_scorecard(actor: Actor, project_id: str, *, now: datetime) -> None:
    """Hand the marks in: from now on they are fixed, and the others' become visible when all are in."""
    project = sourcing.project_for(actor, project_id)
    row = _open_row(actor, project_id)
    marks = queries.own_marks(row.id)
    own = queries.own_evaluator(actor, project_id)
    owed = [one.value for one in queries.owed(own, project_id)]
    offers = queries.offers_to_mark(own, project_id)
    if not offers:
        raise Refused("offers_not_opened")
    if row.declared_at is None:
        raise Refused("declare_first")
    missing = [(c.name, o.name) for c in owed for o in offers if (c.id, o.supplier_id) not in marks]
    if missing:
        raise Refused("marks_missing", count=len(missing), first=f"{missing[0][0]} / {missing[0][1]}")
    rule = queries.plan(project_id).comments
    given = [(c, marks[(c.id, o.supplier_id)]) for c in owed for o in offers]
    silent = [c.name for c, mark in given if comment_owed(rule, mark.points, c.scale) and not mark.comment]
    if silent:
        raise Refused("comment_owed" if rule == "ends" else "comments_owed", criterion=silent[0])
    row.state, row.submitted_at = "submitted", now
    record(actor, "scorecard.submitted", "project", project_id, now=now, label=project.reference, stream=project.stream)
    path = f"/projects/{project_id}/ranking"
    notify([project.owner_id], "scorecard_submitted", path=path, now=now, title=project.title, by=actor.name)


@command
def set_consensus(
    actor: Actor,
    project_id: str,
    criterion_id: str,
    supplier_id: str,
    *,
    points: Decimal | None,
    reason: str,
    now: datetime,
) -> None:
    """The moderated mark after talking: replaces the mean, with its reason; the single marks stay."""
    project = sourcing.project_for(actor, project_id)
    queries.check_scores_open(project_id)
    criterion = next((c.value for c in queries.criteria(project_id) if c.value.id == criterion_id), None)
    if criterion is None or not criterion.manual:
        raise NotFound
    if any(one.state == "open" for one in queries.evaluators(project_id)):
        raise Refused("scorecards_open")
    if queries.plan(project_id).locked_at is not None:
        raise Refused("technical_locked")
    if points is None or not 0 <= points <= criterion.scale:
        raise Invalid([FieldProblem("points", "mark_out_of_scale", facts=(("max", plain(criterion.scale)),))])
    if not reason.strip():
        raise Refused("reason_needed")
    query = select(Consensus).where(Consensus.criterion_id == criterion_id, Consensus.supplier_id == supplier_id)
    row = db.session.scalar(query) or Consensus(criterion_id=criterion_id, supplier_id=supplier_id)
    row.points, row.reason, row.at, row.by_name = points, reason.strip(), now, actor.name
    db.session.add(row)
    record(
        actor,
        "consensus.set",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        reason=reason,
        criterion=criterion_id,
        supplier=supplier_id,
        points=points,
    )


@command
def lock_technical(actor: Actor, project_id: str, *, now: datetime) -> None:
    """The marks are final: from now on nothing about them changes, and prices may be opened.

    Refusals: `offers_not_opened`, `scorecards_open`, `criterion_without_evaluator`, `technical_locked`.
    """
    project = sourcing.project_for(actor, project_id)
    if not queries.offer_facts(project_id):
        raise Refused("offers_not_opened")
    if any(one.state == "open" for one in queries.evaluators(project_id)):
        raise Refused("scorecards_open")
    unmarked = queries.unmarked(project_id)
    if unmarked:
        raise Refused("criterion_without_evaluator", criterion=unmarked[0])
    row = plan_row(project_id)
    if row.locked_at is not None:
        raise Refused("technical_locked")
    row.locked_at, row.locked_by = now, actor.name
    record(actor, "technical.locked", "project", project_id, now=now, label=project.reference, stream=project.stream)


@command
def unlock_technical(actor: Actor, project_id: str, *, reason: str, now: datetime) -> None:
    """Take the lock back, with a reason, for another round in the meeting; never once a ranking exists.

    Refusals: `technical_not_locked`, `ranking_exists`, `reason_needed`.
    """
    project = sourcing.project_for(actor, project_id)
    queries.check_scores_open(project_id)
    row = plan_row(project_id)
    if row.locked_at is None:
        raise Refused("technical_not_locked")
    if queries.standing(project_id).runs:
        raise Refused("ranking_exists")
    if len(reason.strip()) < 10:
        raise Refused("reason_needed")
    row.locked_at, row.locked_by = None, ""
    record(
        actor,
        "technical.unlocked",
        "project",
        project_id,
        now=now,
        label=project.reference,
        stream=project.stream,
        reason=reason.strip(),
    )
