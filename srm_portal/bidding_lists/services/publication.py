"""Publishing: the list is frozen, everybody on it is invited, the event opens; all of it or nothing."""

from __future__ import annotations

from datetime import datetime

from srm_portal.audit.services import record
from srm_portal.bidding_lists.domain.bidding_list import basis
from srm_portal.bidding_lists.models import ListEntry
from srm_portal.bidding_lists.queries.lists import BiddingList, bidding_list
from srm_portal.bidding_lists.services.inviting import invite
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as sourcing_services
from srm_portal.sourcing.queries import EventView, ProjectView


def _freeze(event: EventView, current: BiddingList, now: datetime) -> None:
    for row in current.shortlisted:
        way = basis(row.listed)
        assert way is not None, "the gate lets nobody through without a basis"
        waiver_id = row.waiver.id if way == "waiver" and row.waiver else None
        db.session.add(
            ListEntry(event_id=event.id, supplier_id=row.supplier.id, basis=way, waiver_id=waiver_id, added_at=now)
        )
    db.session.flush()


def check_ready(event: EventView, project: ProjectView, now: datetime) -> None:
    """Refuses: `event_asks_information`, `already_done`, `not_current_step`, `step_blocked`."""
    if event.kind == "rfi":
        raise Refused("event_asks_information")
    if event.state != "draft":
        raise Refused("already_done")
    if project.stage != "criteria":
        raise Refused("not_current_step", current=project.stage)
    blockers = [b for stage in ("bidding_list", "criteria") for b in sourcing.blockers(project, now, stage)]
    if blockers:
        raise Refused("step_blocked", count=len(blockers))


@command
def publish_event(actor: Actor, event_id: str, *, now: datetime) -> None:
    """Publish a prepared event: freeze the bidding list, open the event, mail the invitations.

    The list is judged again as it stands today: a qualification that ran out meanwhile blocks.
    """
    event = sourcing.event_for(actor, event_id)
    project = sourcing.project(event.project_id)
    check_ready(event, project, now)
    current = bidding_list(project, now.date())
    sourcing_services.open_event(actor, event.id, now=now)
    _freeze(event, current, now)
    for row in current.shortlisted:
        invite(actor, event, row.supplier.id, row.contact, row.language, category=project.category, now=now)
    record(
        actor, "list.frozen", "event", event.id, now=now, label=event.reference, stream=event.stream,
        suppliers=[{"supplier": row.supplier.id, "basis": basis(row.listed)} for row in current.shortlisted],
        competition_waiver=current.competition.id if current.competition and current.waived_down_to else None,
    )  # fmt: skip
