"""What steps 2 to 4 still lack, as far as this room knows."""

from __future__ import annotations

from datetime import date, datetime

from srm_portal.bidding_lists.queries.candidates import candidates, considered
from srm_portal.bidding_lists.queries.lists import bidding_list
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.events import is_late
from srm_portal.sourcing.domain.stages import Blocker


def potential(project_id: str) -> list[Blocker]:
    """Step 2 is passed with at least one candidate."""
    return [] if considered(candidates(project_id)) else [Blocker("candidates_missing")]


def list_stands(project_id: str, on: date) -> list[Blocker]:
    return bidding_list(sourcing.project(project_id), on).blockers()


def event_ready(project_id: str, now: datetime) -> list[Blocker]:
    """Before publication there is an event, and its deadline lies ahead."""
    event = sourcing.main_event(project_id)
    if event is None or event.deadline_at is None or is_late(event.deadline_at, now):
        return [Blocker("event_needs_deadline")]
    return []
