"""Rows for the services of this room: authorised here, or not found."""

from __future__ import annotations

from sqlalchemy import select

from srm_portal.bidding_lists.models import Candidate, Invitation, Waiver
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing


def candidate_row(project_id: str, supplier_id: str) -> Candidate | None:
    return db.session.scalar(
        select(Candidate).where(Candidate.project_id == project_id, Candidate.supplier_id == supplier_id)
    )


def candidate_row_for(actor: Actor, project_id: str, supplier_id: str) -> tuple[Candidate, sourcing.ProjectView]:
    project = sourcing.project_for(actor, project_id)
    row = candidate_row(project_id, supplier_id)
    if row is None:
        raise NotFound
    return row, project


def waiver_row_for(actor: Actor, waiver_id: str) -> Waiver:
    row = db.session.get(Waiver, waiver_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    sourcing.project_for(actor, row.project_id)
    return row


def newest_waiver(project_id: str, kind: str, supplier_id: str | None = None) -> Waiver | None:
    query = select(Waiver).where(Waiver.project_id == project_id, Waiver.kind == kind)
    if supplier_id is not None:
        query = query.where(Waiver.supplier_id == supplier_id)
    return db.session.scalar(query.order_by(Waiver.asked_at.desc(), Waiver.id).limit(1))


def invitation_row(event_id: str, supplier_id: str) -> Invitation | None:
    return db.session.scalar(
        select(Invitation).where(Invitation.event_id == event_id, Invitation.supplier_id == supplier_id)
    )


def invitation_row_for(actor: Actor, invitation_id: str) -> tuple[Invitation, sourcing.EventView]:
    """For the buyer: an invitation of an event that this actor may see."""
    row = db.session.get(Invitation, invitation_id)
    if row is None:
        raise NotFound
    return row, sourcing.event_for(actor, row.event_id)


def own_invitation_row(supplier_id: str, event_id: str) -> tuple[Invitation, sourcing.EventView]:
    """For the supplier: their own invitation; withdrawn ones are gone."""
    row = invitation_row(event_id, supplier_id)
    if row is None or row.state == "withdrawn":
        raise NotFound
    return row, sourcing.event(event_id)
