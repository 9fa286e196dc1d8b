"""Passing and reopening the six steps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries
from srm_portal.sourcing.domain import stages
from srm_portal.sourcing.models import Project, StageMove
from srm_portal.sourcing.store import project_row


def _note(actor: Actor, row: Project, stage: str, act: str, now: datetime, reason: str = "") -> None:
    number = 1 + (db.session.scalar(select(func.max(StageMove.number)).where(StageMove.project_id == row.id)) or 0)
    db.session.add(
        StageMove(
            project_id=row.id,
            number=number,
            stage=stage,
            act=act,
            at=now,
            by_id=actor.user_id,
            by_name=actor.name,
            reason=reason,
        )
    )
    record(
        actor,
        f"step.{act}",
        "project",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.id}",
        reason=reason,
        step=stage,
    )


def move_on(actor: Actor, row: Project, stage: str, now: datetime) -> None:
    """Pass a step inside another use case (approval of the need, publication, contract)."""
    view = queries.project(row.id)
    row.stage = stages.check_pass(row.stage, stage, queries.blockers(view, now, stage))
    row.touch()
    _note(actor, row, stage, "passed", now)
    jobs.publish("StepPassed", {"project": row.id, "step": stage}, now=now)


@command
def pass_stage(actor: Actor, project_id: str, stage: str, *, now: datetime) -> None:
    """Pass the current step, once nothing blocks it."""
    move_on(actor, project_row(actor, project_id), stage, now)


@command
def reopen_stage(actor: Actor, project_id: str, stage: str, *, reason: str, now: datetime) -> None:
    """Go back to a passed step, with a reason; the steps after it have to be passed again."""
    row = project_row(actor, project_id)
    event = queries.main_event(project_id)
    published = event is not None and event.state != "draft"
    stages.check_reopen(row.stage, stage, reason, event_published=published)
    row.stage = stage
    if stage == "need":
        row.need_state = "draft"
    row.touch()
    _note(actor, row, stage, "reopened", now, reason)


@command
def finish(actor: Actor, project_id: str, *, now: datetime) -> None:
    """The contract stands: pass the last step. Called by `contracts`."""
    move_on(actor, project_row(actor, project_id), "contract", now)
