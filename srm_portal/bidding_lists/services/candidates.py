"""Step 2 and the shortlist of step 3: who is considered, who is to be invited, and through whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from srm_portal.audit.services import record
from srm_portal.bidding_lists.domain import bidding_list as rules
from srm_portal.bidding_lists.models import Candidate
from srm_portal.bidding_lists.queries import reasons_for
from srm_portal.bidding_lists.queries.candidates import stored
from srm_portal.bidding_lists.store import candidate_row, candidate_row_for, newest_waiver
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import ProjectView
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers import services as supplier_services
from srm_portal.suppliers.domain.record import SupplierData


def open_project(actor: Actor, project_id: str) -> ProjectView:
    """The project, unless it is closed."""
    project = sourcing.project_for(actor, project_id)
    if project.archived or project.cancelled_at is not None:
        raise Refused("project_is_closed")
    return project


def _trail(actor: Actor, action: str, project: ProjectView, row: Candidate, now: datetime, **details: Any) -> None:
    name = suppliers.suppliers([row.supplier_id])[row.supplier_id].name
    record(
        actor, action, "candidate", row.id, now=now, label=name, stream=project.stream, supplier=row.supplier_id,
        **details,
    )  # fmt: skip


@command
def add_candidate(actor: Actor, project_id: str, supplier_id: str, *, now: datetime, note: str = "") -> str:
    """Consider a supplier; returns the candidate's id. A dropped one comes back."""
    project = open_project(actor, project_id)
    rules.check_addition(project.stage)
    supplier = suppliers.supplier_for(actor, supplier_id)
    if supplier.state in ("blocked", "archived"):
        raise Refused("list_supplier_blocked", name=supplier.name)
    row = candidate_row(project.id, supplier.id)
    if row is not None and row.state != "dropped":
        raise Refused("already_candidate", name=supplier.name)
    found = reasons_for(project, supplier.id, now.date())
    if row is None:
        row = Candidate(organisation_id=project.organisation_id, project_id=project.id, supplier_id=supplier.id)
    row.state, row.note = "candidate", note.strip()
    row.points = found.points if found else None
    row.reasons = stored(found.reasons) if found else []
    row.added_by, row.added_name, row.added_at = actor.user_id, actor.name, now
    db.session.add(row)
    db.session.flush()
    _trail(actor, "candidate.added", project, row, now, reasons=row.reasons)
    return row.id


@command
def add_new_prospect(
    actor: Actor,
    project_id: str,
    data: SupplierData,
    *,
    contact_name: str,
    contact_email: str,
    now: datetime,
    language: str = "en",
    accept_duplicates: bool = False,
) -> str:
    """A company that is not in the registry yet, with its first contact, as candidate; returns the supplier's id."""
    rules.check_addition(open_project(actor, project_id).stage)
    supplier_id = supplier_services.add_prospect(actor, data, now=now, accept_duplicates=accept_duplicates)
    try:
        supplier_services.add_contact(
            actor, supplier_id, name=contact_name, email=contact_email, language=language, now=now
        )
    except Invalid as wrong:
        raise Invalid([FieldProblem(f"contact_{p.field}", p.code, value=p.value) for p in wrong.problems]) from None
    add_candidate(actor, project_id, supplier_id, now=now)
    return supplier_id


@command
def drop_candidate(actor: Actor, project_id: str, supplier_id: str, *, note: str, now: datetime) -> None:
    """Consider a supplier no longer, with the reason."""
    if not note.strip():
        raise Refused("reason_needed")
    rules.check_stage(open_project(actor, project_id).stage)
    row, project = candidate_row_for(actor, project_id, supplier_id)
    row.state, row.note = rules.CANDIDATE.move(row.state, "dropped"), note.strip()
    _trail(actor, "candidate.dropped", project, row, now, reason=row.note)


@command
def shortlist(actor: Actor, project_id: str, supplier_id: str, *, now: datetime) -> None:
    """Put a supplier of the panel (or one with a waiver) on the list of those to invite."""
    rules.check_stage(open_project(actor, project_id).stage)
    known = candidate_row(project_id, supplier_id)
    if known is None or known.state == "dropped":
        add_candidate(actor, project_id, supplier_id, now=now)
    row, project = candidate_row_for(actor, project_id, supplier_id)
    waiver = newest_waiver(project.id, "off_panel", supplier_id)
    rules.check_shortlist(on_panel(project, supplier_id, now), waiver.state if waiver else "")
    row.state = rules.CANDIDATE.move(row.state, "shortlisted")
    _trail(actor, "candidate.shortlisted", project, row, now)


@command
def unlist(actor: Actor, project_id: str, supplier_id: str, *, now: datetime) -> None:
    """Take a supplier off the shortlist; it stays a candidate."""
    rules.check_stage(open_project(actor, project_id).stage)
    row, project = candidate_row_for(actor, project_id, supplier_id)
    row.state = rules.CANDIDATE.move(row.state, "candidate")
    _trail(actor, "candidate.unlisted", project, row, now)


@command
def choose_contact(
    actor: Actor, project_id: str, supplier_id: str, *, contact_id: str, language: str, now: datetime
) -> None:
    """Through whom and in which language the supplier will be invited."""
    if open_project(actor, project_id).stage not in (*rules.EDITABLE_STAGES, "criteria"):
        raise Refused("list_is_fixed")
    row, project = candidate_row_for(actor, project_id, supplier_id)
    contact = suppliers.contact(contact_id)
    if contact is None or contact.supplier_id != supplier_id:
        raise NotFound
    if language not in current_app.config["LANGUAGES"]:
        choices = ", ".join(current_app.config["LANGUAGES"])
        raise Invalid([FieldProblem("language", "unknown_value", value=language, facts=(("choices", choices),))])
    row.contact_id, row.language = contact.id, language
    _trail(actor, "candidate.contact_chosen", project, row, now, contact=contact.id, language=language)


def on_panel(project: ProjectView, supplier_id: str, now: datetime) -> bool:
    """Approved today, and no rule for suppliers blocks an invitation."""
    if not suppliers.is_qualified(supplier_id, project.category, project.region, now.date()):
        return False
    score = suppliers.suppliers([supplier_id])[supplier_id].score
    gates = suppliers.gates(project.organisation_id, {supplier_id: score}, now.date())[supplier_id]
    return not any(gate.blocks for gate in gates)
