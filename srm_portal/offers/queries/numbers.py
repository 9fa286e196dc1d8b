"""What may be known before the opening: how many. And the act of opening itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra.db import db
from srm_portal.offers.models import Offer, Opening
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import Blocker


@dataclass(frozen=True, slots=True)
class OpeningView:
    at: datetime
    by_name: str
    count: int


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


def opening(event_id: str) -> OpeningView | None:
    row = db.session.scalar(select(Opening).where(Opening.event_id == event_id))
    return OpeningView(row.at, row.by_name, row.count) if row is not None else None


def fact(project_id: str, now: datetime) -> str:
    """The step's one fact: "5 of 6 received", then "opened"."""
    event = sourcing.main_event(project_id)
    if event is None or event.state == "draft":
        return ""
    if event.state == "opened":
        return _("offers opened")
    received, invited = submitted_count(event.id), len(bidding.supplier_ids(event.id))
    return _("%(received)s of %(invited)s received", received=received, invited=invited)


def gate(project_id: str) -> list[Blocker]:
    """The selection cannot be passed before the offers are opened."""
    event = sourcing.main_event(project_id)
    return [] if event is not None and event.state == "opened" else [Blocker("offers_not_opened")]
