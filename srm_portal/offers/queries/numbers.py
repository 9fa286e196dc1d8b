"""What may be known before the opening: how many."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.offers.models import Offer
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import Blocker


def submitted_count(event_id: str) -> int:
    query = select(func.count()).select_from(Offer).where(Offer.event_id == event_id, Offer.state == "submitted")
    return db.session.scalar(query) or 0


@once
def counts(event_id: str) -> dict[str, int]:
    """All that is known before the opening: `invited` (neither withdrawn nor declined), `accepted`, `submitted`."""
    return {
        "invited": len(bidding.supplier_ids(event_id)),
        "accepted": len(bidding.bidders(event_id)),
        "submitted": submitted_count(event_id),
    }


def handed_in(supplier_id: str, event_ids: Iterable[str]) -> set[str]:
    """The events in which this supplier's offer stands; nothing of what it says."""
    query = select(Offer.event_id).where(
        Offer.supplier_id == supplier_id, Offer.event_id.in_(list(event_ids)), Offer.state == "submitted"
    )
    return set(db.session.scalars(query))


def fact_columns(project_id: str) -> list[Select[Any]]:
    """For the step bar: the event's state, how many handed in, how many are invited."""
    event_id = sourcing.main_event_id(project_id).scalar_subquery()
    received = select(func.count(Offer.id)).where(Offer.event_id == event_id, Offer.state == "submitted")
    return [sourcing.main_event_state(project_id), received, bidding.invited_count(event_id)]


def fact(state: str | None, received: int, invited: int) -> str:
    """The step's one fact: "5 of 6 received", then "opened"."""
    if state is None or state == "draft":
        return ""
    if state == "opened":
        return _("offers opened")
    if state == "technical":
        return _("technical envelopes opened")
    return _("%(received)s of %(invited)s received", received=received, invited=invited)


def gate(project_id: str, _now: datetime) -> list[Blocker]:
    """The selection cannot be passed before the offers are opened."""
    event = sourcing.main_event(project_id)
    return [] if event is not None and event.state == "opened" else [Blocker("offers_not_opened")]
