"""Requests for information: asked of candidates, answered in words and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from srm_portal.bidding_lists import policy
from srm_portal.bidding_lists.domain import invitations as rules
from srm_portal.bidding_lists.models import RfiAnswer
from srm_portal.bidding_lists.queries.candidates import candidates, considered
from srm_portal.bidding_lists.queries.lists import contact_of
from srm_portal.bidding_lists.queries.rfi import FILES
from srm_portal.bidding_lists.services.candidates import open_project
from srm_portal.bidding_lists.services.invitations import trail
from srm_portal.bidding_lists.services.inviting import invite
from srm_portal.bidding_lists.store import own_invitation_row
from srm_portal.documents import services as documents
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as sourcing_services
from srm_portal.suppliers import queries as suppliers

TEXT_MAX = 20_000


@command
def publish_rfi(
    actor: Actor,
    project_id: str,
    *,
    title: str,
    questions: str,
    deadline_at: datetime | None,
    supplier_ids: Sequence[str],
    now: datetime,
) -> str:
    """Ask candidates for information; returns the event's id. Nobody is bound by it, and no step is passed."""
    project = open_project(actor, project_id)
    chosen = {one.supplier_id: one for one in considered(candidates(project.id)) if one.supplier_id in supplier_ids}
    problems = [FieldProblem("questions", "required")] if not questions.strip() else []
    if not chosen or len(chosen) != len(set(supplier_ids)):
        problems.append(FieldProblem("suppliers", "choose_candidates"))
    if problems:
        raise Invalid(problems)
    event_id = sourcing_services.create_event(
        actor, project.id, "rfi", title=title.strip() or project.title, instructions=questions.strip(),
        deadline_at=deadline_at, now=now,
    )  # fmt: skip
    sourcing_services.open_event(actor, event_id, now=now)
    event = sourcing.event(event_id)
    contacts = suppliers.contacts(chosen)
    for supplier_id, candidate in chosen.items():
        contact = contact_of(candidate, contacts[supplier_id])
        language = candidate.language or (contact.language if contact else "en")
        row = invite(actor, event, supplier_id, contact, language, category=project.category, now=now)
        trail(actor, "invitation.information_asked", row, event, now)
    return event_id


@command
def answer_rfi(actor: Actor, event_id: str, text: str, *, now: datetime, upload: documents.Upload | None = None) -> str:
    """Answer, or replace the answer, before the deadline; a file is kept beside it. Returns the answer's id."""
    supplier_id = policy.check_supplier(actor)
    invitation, event = own_invitation_row(supplier_id, event_id)
    if event.kind != "rfi":
        raise Refused("event_asks_offers")
    rules.check_answerable(event.state, event.deadline_at, now)
    if not text.strip():
        raise Invalid([FieldProblem("text", "required")])
    if len(text) > TEXT_MAX:
        raise Invalid([FieldProblem("text", "too_long", facts=(("max", str(TEXT_MAX)),))])
    query = select(RfiAnswer).where(RfiAnswer.event_id == event.id, RfiAnswer.supplier_id == supplier_id)
    row = db.session.scalar(query)
    if row is None:
        row = RfiAnswer(event_id=event.id, supplier_id=supplier_id)
        db.session.add(row)
    row.text, row.answered_by, row.answered_name, row.answered_at = text.strip(), actor.user_id, actor.name, now
    if invitation.state != "accepted":
        invitation.state = rules.INVITATION.move(invitation.state, "accepted")
    invitation.answered_at, invitation.answered_name = now, actor.name
    db.session.flush()
    if upload is not None and upload.filename:
        documents.store(actor, FILES, row.id, upload, now=now, stream=event.stream)
    trail(actor, "information.answered", invitation, event, now, answer=row.id)
    project = sourcing.project(event.project_id)
    name = suppliers.suppliers([supplier_id])[supplier_id].name
    notify(
        [project.owner_id], "rfi_answered", path=f"/projects/{project.id}/suppliers/rfi", now=now, name=name,
        title=event.title,
    )  # fmt: skip
    return row.id
