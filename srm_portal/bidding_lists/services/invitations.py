"""What the buyer does with invitations once the event is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.bidding_lists.domain import invitations as rules
from srm_portal.bidding_lists.models import Invitation, ListEntry, Waiver
from srm_portal.bidding_lists.queries.candidates import view as candidate_view
from srm_portal.bidding_lists.queries.invitations import open_of
from srm_portal.bidding_lists.queries.lists import contact_of
from srm_portal.bidding_lists.services.candidates import add_candidate, on_panel
from srm_portal.bidding_lists.services.inviting import invite, send
from srm_portal.bidding_lists.store import candidate_row, invitation_row, invitation_row_for, newest_waiver
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.live import kick_scope
from srm_portal.infra.transaction import after_commit, command
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.events import is_late
from srm_portal.sourcing.queries import EventView
from srm_portal.suppliers import queries as suppliers


def trail(actor: Actor, action: str, row: Invitation, event: EventView, now: datetime, **details: Any) -> None:
    name = suppliers.suppliers([row.supplier_id])[row.supplier_id].name
    record(
        actor, action, "invitation", row.id, now=now, label=name, stream=event.stream, event=event.id,
        supplier=row.supplier_id, **details,
    )  # fmt: skip


@command
def resend_invitation(actor: Actor, invitation_id: str, *, now: datetime, contact_id: str | None = None) -> None:
    """Mail a fresh link, to the same contact or another one of the supplier. The earlier link ends."""
    row, event = invitation_row_for(actor, invitation_id)
    rules.check_answerable(event.state, event.deadline_at, now)
    row.state = rules.INVITATION.move(row.state, "queued") if row.state != "queued" else "queued"
    contact = suppliers.contact(contact_id or row.contact_id)
    if contact is None or contact.supplier_id != row.supplier_id:
        raise NotFound
    row.sent_at = None
    send(actor, row, event, contact, suppliers.suppliers([row.supplier_id])[row.supplier_id].name, now)
    trail(actor, "invitation.resent", row, event, now, email=row.email)


@command
def invite_late(actor: Actor, event_id: str, supplier_id: str, reason: str, *, now: datetime) -> str:
    """Invite one more supplier while the event is open, with the reason; panel and waiver count as before."""
    if not reason.strip():
        raise Refused("reason_needed")
    event = sourcing.event_for(actor, event_id)
    rules.check_answerable(event.state, event.deadline_at, now)
    if event.kind == "rfi":
        raise Refused("event_asks_information")
    project = sourcing.project(event.project_id)
    earlier = invitation_row(event.id, supplier_id)
    if earlier is not None and earlier.state != "withdrawn":
        raise Refused("already_invited")
    supplier = suppliers.supplier_for(actor, supplier_id)
    if supplier.state in ("blocked", "archived"):
        raise Refused("list_supplier_blocked", name=supplier.name)
    waiver = newest_waiver(project.id, "off_panel", supplier_id)
    approved = waiver is not None and waiver.state == "approved"
    known = on_panel(project, supplier_id, now)
    if not known and not approved:
        raise Refused("waiver_needed")
    if candidate_row(project.id, supplier_id) is None:
        add_candidate(actor, project.id, supplier_id, now=now)
    candidate = candidate_row(project.id, supplier_id)
    assert candidate is not None
    contact = contact_of(candidate_view(candidate), suppliers.contacts([supplier_id])[supplier_id])
    language = candidate.language or (contact.language if contact else "en")
    candidate.state = "shortlisted"
    row = invite(actor, event, supplier_id, contact, language, category=project.category, now=now)
    _enter(event, supplier_id, None if known else waiver, reason, now)
    trail(actor, "invitation.late", row, event, now, reason=reason.strip())
    return row.id


def _enter(event: EventView, supplier_id: str, waiver: Waiver | None, reason: str, now: datetime) -> None:
    query = select(ListEntry).where(ListEntry.event_id == event.id, ListEntry.supplier_id == supplier_id)
    entry = db.session.scalar(query)
    if entry is None:
        entry = ListEntry(event_id=event.id, supplier_id=supplier_id, added_at=now)
        db.session.add(entry)
    entry.basis, entry.waiver_id = ("waiver", waiver.id) if waiver is not None else ("panel", None)
    entry.late_reason = reason.strip()


@command
def withdraw_invitation(actor: Actor, invitation_id: str, reason: str, *, now: datetime) -> None:
    """Take an invitation back before the deadline; the supplier's pages and sockets of the event end at once."""
    if not reason.strip():
        raise Refused("reason_needed")
    row, event = invitation_row_for(actor, invitation_id)
    rules.check_answerable(event.state, event.deadline_at, now)
    _take_back(actor, row, event, reason, now)
    if row.user_id:
        notify(
            [row.user_id], "invitation_withdrawn", path="/s", now=now, about=row.id, title=event.title,
            reason=row.reason,
        )  # fmt: skip


@command
def withdraw_from_blocked(organisation_id: str, supplier_id: str, *, now: datetime) -> int:
    """A blocked supplier loses every invitation that could still be answered; returns how many.

    The reason of the block is kept with the invitation for staff; the supplier is told that it ended, not why.
    """
    card = suppliers.suppliers([supplier_id])[supplier_id]
    if card.state != "blocked":
        return 0
    by = system_actor(organisation_id)
    ended = 0
    for invitation_id, event in open_of(organisation_id, supplier_id):
        if event.deadline_at is not None and is_late(event.deadline_at, now):
            continue
        row = db.session.get_one(Invitation, invitation_id)
        _take_back(by, row, event, card.state_reason, now)
        if row.user_id:
            notify([row.user_id], "invitation_ended", path="/s", now=now, about=row.id, title=event.title)
        ended += 1
    return ended


def _take_back(actor: Actor, row: Invitation, event: EventView, reason: str, now: datetime) -> None:
    row.state, row.reason = rules.INVITATION.move(row.state, "withdrawn"), reason.strip()
    trail(actor, "invitation.withdrawn", row, event, now, reason=row.reason)
    facts = {"event": event.id, "supplier": row.supplier_id, "invitation": row.id}
    jobs.publish("InvitationWithdrawn", facts, now=now)
    scope = f"event:{event.id}:{row.supplier_id}"
    after_commit(lambda: kick_scope(scope))


@command
def note_delivery(invitation_id: str, *, delivered: bool, now: datetime) -> None:
    """What the mail server said. An undeliverable invitation is told to the buyer."""
    row = db.session.get(Invitation, invitation_id)
    state = rules.after_delivery(row.state, delivered) if row is not None else None
    if row is None or state is None:
        return
    event = sourcing.event(row.event_id)
    row.state = state
    if delivered:
        row.sent_at = now
    trail(system_actor(row.organisation_id), f"invitation.{state}", row, event, now, email=row.email)
    if not delivered:
        owner = sourcing.project(row.project_id).owner_id
        notify(
            [owner], "invitation_undeliverable", path=f"/events/{event.id}/invitations", now=now,
            recipient=row.email, title=event.title,
        )  # fmt: skip


@command
def mark_seen(invitation_id: str, *, now: datetime) -> None:
    """Somebody opened the link of the mail."""
    row = db.session.get(Invitation, invitation_id)
    if row is None or not (row.state in rules.WAITING and row.state != "seen"):
        return
    row.state, row.seen_at = rules.INVITATION.move(row.state, "seen"), now
    by = system_actor(row.organisation_id, row.contact_name)
    trail(by, "invitation.seen", row, sourcing.event(row.event_id), now)
