"""What may be known before the opening: how many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import g, has_request_context
from flask_babel import gettext as _
from sqlalchemy import func, select

from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra.db import db
from srm_portal.offers.models import Offer
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.queries import EventView

Found = TypeVar("Found")


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
    return _once(f"event {project_id}", lambda: sourcing.main_event(project_id))


def counts_once(event_id: str) -> dict[str, int]:
    """As `counts`, read once a request."""
    return _once(f"counts {event_id}", lambda: counts(event_id))


def _once(name: str, read: Callable[[], Found]) -> Found:
    if not has_request_context():
        return read()
    kept: dict[str, Any] = g.setdefault("offers_read", {})
    if name not in kept:
        kept[name] = read()
    found: Found = kept[name]
    return found


def fact(project_id: str, now: datetime) -> str:
    """The step's one fact: "5 of 6 received", then "opened"."""
    event = asking_event(project_id)
    if event is None or event.state == "draft":
        return ""
    if event.state == "opened":
        return _("offers opened")
    known = counts_once(event.id)
    return _("%(received)s of %(invited)s received", received=known["submitted"], invited=known["invited"])


def gate(project_id: str, _now: datetime) -> list[Blocker]:
    """The selection cannot be passed before the offers are opened."""
    event = sourcing.main_event(project_id)
    return [] if event is not None and event.state == "opened" else [Blocker("offers_not_opened")]
