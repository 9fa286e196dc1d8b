"""The register of who saw what of the opened offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.offers.models import Exposure
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView


@dataclass(frozen=True, slots=True)
class ExposureView:
    """One person and one class of fields; `times`: how many separate looks."""

    name: str
    what: str
    first_at: datetime
    last_at: datetime
    times: int


def exposures(actor: Actor, event_id: str) -> tuple[EventView, list[ExposureView]]:
    """Who saw what of this event's offers, the first look first; for those who may compare offers."""
    event = sourcing.event_for(actor, event_id)
    if not actor.may("offer:compare"):
        raise NotFound
    query = select(Exposure).where(Exposure.event_id == event_id).order_by(Exposure.first_at, Exposure.name)
    rows = db.session.scalars(query)
    return event, [ExposureView(row.name, row.what, row.first_at, row.last_at, row.times) for row in rows]
