"""Loading rows to change them: absent and forbidden are the same NotFound."""

from __future__ import annotations

from sqlalchemy import Select, select

from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing.models import Event, Project


def visible(actor: Actor) -> Select[tuple[Project]]:
    """The projects this actor may know of: those of the organisation; a requester's own and approved ones."""
    query = select(Project).where(Project.organisation_id == actor.organisation_id)
    if not actor.is_staff:
        return query.where(Project.id.is_(None))
    if not actor.may("project:read"):
        return query.where(Project.id.is_(None))
    if actor.roles == {"requester"}:
        query = query.where(Project.requester_id == actor.user_id)
    return query


def project_row(actor: Actor, project_id: str) -> Project:
    """The project as a row to change; archived and cancelled ones are refused."""
    query = visible(actor).where(Project.id == project_id).execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None:
        raise NotFound
    if row.archived or row.cancelled_at is not None:
        raise Refused("project_is_closed")
    return row


def event_row(actor: Actor, event_id: str) -> Event:
    query = select(Event).where(Event.id == event_id, Event.organisation_id == actor.organisation_id)
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None or not actor.is_staff:
        raise NotFound
    return row
