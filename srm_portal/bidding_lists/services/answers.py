"""What suppliers do with an invitation: accept the terms, decline with a reason, ask."""

from __future__ import annotations

from datetime import datetime

from srm_portal.bidding_lists import policy
from srm_portal.bidding_lists.domain import invitations as rules
from srm_portal.bidding_lists.models import Invitation
from srm_portal.bidding_lists.services.invitations import trail
from srm_portal.bidding_lists.store import own_invitation_row
from srm_portal.infra import jobs
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as sourcing_services
from srm_portal.sourcing.queries import EventView
from srm_portal.suppliers import queries as suppliers


def _answer(actor: Actor, row: Invitation, state: str, reason: str, now: datetime) -> None:
    row.state, row.reason = rules.INVITATION.move(row.state, state), reason
    row.answered_at, row.answered_name = now, actor.name


def _tell(row: Invitation, event: EventView, now: datetime) -> None:
    owner = sourcing.project(row.project_id).owner_id
    name = suppliers.suppliers([row.supplier_id])[row.supplier_id].name
    notify(
        [owner], f"invitation_{row.state}", path=f"/events/{event.id}/invitations", now=now, name=name,
        title=event.title, reason=row.reason,
    )  # fmt: skip


@command
def accept_invitation(actor: Actor, event_id: str, *, now: datetime) -> None:
    """Take part and accept the terms as published. A second click changes nothing."""
    row, event = own_invitation_row(policy.check_supplier(actor), event_id)
    policy.check_binds(actor)
    rules.check_answerable(event.state, event.deadline_at, now)
    if row.state == "accepted":
        return
    _answer(actor, row, "accepted", "", now)
    row.terms_sha256 = event.publication_sha256
    trail(actor, "invitation.accepted", row, event, now, publication=event.publication_sha256)
    _tell(row, event, now)


@command
def decline_invitation(actor: Actor, event_id: str, reason: str, *, now: datetime) -> None:
    """Not take part, with the reason; may be taken back by accepting before the deadline."""
    row, event = own_invitation_row(policy.check_supplier(actor), event_id)
    policy.check_binds(actor)
    if not reason.strip():
        raise Refused("reason_needed")
    rules.check_answerable(event.state, event.deadline_at, now)
    _answer(actor, row, "declined", reason.strip(), now)
    trail(actor, "invitation.declined", row, event, now, reason=row.reason)
    _tell(row, event, now)
    jobs.publish("InvitationDeclined", {"event": event.id, "supplier": row.supplier_id}, now=now)


@command
def ask(actor: Actor, event_id: str, question: str, *, now: datetime) -> str:
    """A question of a supplier that takes part; returns its id."""
    row, event = own_invitation_row(policy.check_supplier(actor), event_id)
    if event.kind != "rfi" and row.state != "accepted":
        raise Refused("accept_first")
    return sourcing_services.ask_question(actor, event_id, question, now=now)
