"""What may be known before the opening: how many."""

from __future__ import annotations

from datetime import datetime

from flask import g, has_request_context
from flask_babel import gettext as _
from sqlalchemy import func, select

from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra.db import db
from srm_portal.offers.models import Offer
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.queries import EventView


def submitted_count(event_id: str) -> int:
    query = select(func.count()).select_from(Offer).where(Offer.event_id == event_id, Offer.state == "submitted")
    return db.session.scalar(query) or 0


def counts(event_id: str) -> dict[str, int]:
    """All that is known before the opening: `invited` (neither withdrawn nor declined), `accepted`, `submitted`."""
    return {
        "invited": len(bidding.supplier_ids(event_id)),
        "accepted": len(bidding.bidders(event_id)),
        "submitted": submitted_count(event_id),
    }


def asking_event(project_id: str) -> EventView | None:
    """The project's event, read once a request: the page and the step's fact both speak of it."""
    if not has_request_context():
        return sourcing.main_event(project_id)
    kept: dict[str, EventView | None] = g.setdefault("offers_events", {})
    if project_id not in kept:
        kept[project_id] = sourcing.main_event(project_id)
    return kept[project_id]


def fact(project_id: str, now: datetime) -> str:
    """The step's one fact: "5 of 6 received", then "opened"."""
    event = asking_event(project_id)
    if event is None or event.state == "draft":
        return ""
    if event.state == "opened":
        return _("offers opened")
    received, invited = submitted_count(event.id), len(bidding.supplier_ids(event.id))
    return _("%(received)s of %(invited)s received", received=received, invited=invited)


def gate(project_id: str, _now: datetime | None = None) -> list[Blocker]:
    """The selection cannot be passed before the offers are opened."""
    event = sourcing.main_event(project_id)
    return [] if event is not None and event.state == "opened" else [Blocker("offers_not_opened")]
