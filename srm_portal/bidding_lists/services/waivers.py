"""Waivers: one person asks with a reason, a purchasing manager decides, never the asker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from srm_portal.audit.queries import actors_of
from srm_portal.audit.services import record
from srm_portal.bidding_lists import policy
from srm_portal.bidding_lists.domain import bidding_list as rules
from srm_portal.bidding_lists.models import Candidate, Waiver
from srm_portal.bidding_lists.services.candidates import on_panel, open_project
from srm_portal.bidding_lists.store import candidate_row, candidate_row_for, newest_waiver, waiver_row_for
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import ProjectView
from srm_portal.suppliers import queries as suppliers


def _ask(
    actor: Actor,
    project: ProjectView,
    kind: str,
    reason: str,
    now: datetime,
    supplier_id: str | None = None,
    covers: int | None = None,
) -> str:
    row = Waiver(
        organisation_id=project.organisation_id,
        project_id=project.id,
        kind=kind,
        supplier_id=supplier_id,
        covers=covers,
        reason=reason.strip(),
        state="asked",
        asked_by=actor.user_id,
        asked_name=actor.name,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()
    label = suppliers.suppliers([supplier_id])[supplier_id].name if supplier_id else project.reference
    record(
        actor, "waiver.asked", "waiver", row.id, now=now, label=label, reason=row.reason, stream=project.stream,
        kind=kind, supplier=supplier_id, covers=covers,
    )  # fmt: skip
    managers = {one.id for one in identity.staff(actor.organisation_id, "purchasing_manager")} - {actor.user_id}
    notify(
        managers, f"waiver_asked_{kind}", path=f"/waivers/{row.id}", now=now, about=row.id, by=actor.name,
        reference=project.reference, title=project.title, name=label,
    )  # fmt: skip
    return row.id


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_needed")


@command
def ask_waiver(actor: Actor, project_id: str, supplier_id: str, *, reason: str, now: datetime) -> str:
    """Ask to invite a candidate that is not on the panel; shortlists it at once, subject to the decision."""
    _check_reason(reason)
    project = open_project(actor, project_id)
    rules.check_addition(project.stage)
    candidate, _project = candidate_row_for(actor, project_id, supplier_id)
    if candidate.state == "dropped":
        raise Refused("wrong_state", current=candidate.state)
    if on_panel(project, supplier_id, now):
        raise Refused("waiver_not_needed")
    earlier = newest_waiver(project.id, "off_panel", supplier_id)
    if earlier is not None and earlier.state != "refused":
        raise Refused("already_done")
    if candidate.state == "candidate" and project.stage != rules.LATE_STAGE:
        candidate.state = "shortlisted"
    return _ask(actor, project, "off_panel", reason, now, supplier_id=supplier_id)


@command
def ask_competition_waiver(actor: Actor, project_id: str, *, reason: str, now: datetime) -> str:
    """Ask to invite fewer suppliers than the organisation demands; covers the list as long as it is now."""
    _check_reason(reason)
    project = open_project(actor, project_id)
    rules.check_stage(project.stage)
    count = db.session.scalar(
        select(func.count())
        .select_from(Candidate)
        .where(Candidate.project_id == project.id, Candidate.state == "shortlisted")
    )
    if not count:
        raise Refused("list_empty")
    earlier = newest_waiver(project.id, "competition")
    down_to = earlier.covers if earlier is not None and earlier.state == "approved" else None
    if rules.competition_met(count, identity.organisation(project.organisation_id).competition_min, down_to):
        raise Refused("waiver_not_needed")
    if earlier is not None and earlier.state == "asked":
        raise Refused("already_done")
    return _ask(actor, project, "competition", reason, now, covers=count)


@command
def decide_waiver(actor: Actor, waiver_id: str, *, approve: bool, now: datetime, note: str = "") -> None:
    """Approve or refuse (with a note) what somebody else asked for. Forbidden `own_work` is read from the trail."""
    row = waiver_row_for(actor, waiver_id)
    policy.check_decides(actor, actors_of(row.id, ["waiver.asked"]))
    project = sourcing.project(row.project_id)
    if row.state != "asked":
        raise Refused("already_done")
    if not approve:
        _check_reason(note)
    row.state = rules.WAIVER.move(row.state, "approved" if approve else "refused")
    row.decided_by, row.decided_name, row.decided_at, row.note = actor.user_id, actor.name, now, note.strip()
    label = suppliers.suppliers([row.supplier_id])[row.supplier_id].name if row.supplier_id else project.reference
    record(
        actor, f"waiver.{row.state}", "waiver", row.id, now=now, label=label, reason=row.note, stream=project.stream,
        kind=row.kind, supplier=row.supplier_id, covers=row.covers,
    )  # fmt: skip
    if not approve and row.supplier_id:
        _back_to_candidate(row.project_id, row.supplier_id)
    notify(
        {row.asked_by, project.owner_id} - {actor.user_id}, f"waiver_{row.state}", now=now, about=row.id,
        path=f"/projects/{project.id}/bidding-list", by=actor.name, name=label, reference=project.reference,
        note=row.note,
    )  # fmt: skip


def _back_to_candidate(project_id: str, supplier_id: str) -> None:
    candidate = candidate_row(project_id, supplier_id)
    if candidate is not None and candidate.state == "shortlisted":
        candidate.state = "candidate"
