"""Loading rows to change them: absent and forbidden are the same NotFound."""

from __future__ import annotations

from sqlalchemy import select

from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries
from srm_portal.sourcing.models import Event, Project


def project_row(actor: Actor, project_id: str) -> Project:
    """The project as a row to change; archived and cancelled ones are refused."""
    query = queries.visible(actor).where(Project.id == project_id).execution_options(populate_existing=True)
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
