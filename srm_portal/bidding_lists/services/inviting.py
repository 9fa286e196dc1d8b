"""Writing an invitation: the contact's account, the link of which only the hash is kept, the mail."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import current_app

from srm_portal.bidding_lists.models import Invitation
from srm_portal.bidding_lists.queries.invitations import digest
from srm_portal.bidding_lists.store import invitation_row
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.outbox import queue_mail
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing.queries import EventView
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers import services as supplier_services
from srm_portal.suppliers.queries import ContactView
from srm_portal.web import formats, names


def account_of(actor: Actor, contact: ContactView, supplier_name: str, now: datetime) -> str:
    """The contact's user id; an account that may bid is made when there is none."""
    user_id = contact.user_id
    if user_id is None:
        known = identity.actor_by_email(contact.email)
        if known is None:
            return supplier_services.open_access(actor, contact.id, may_bid=True, now=now)
        if (known.organisation_id, known.supplier_id) != (actor.organisation_id, contact.supplier_id):
            raise Refused("contact_address_taken", name=supplier_name, email=contact.email)
        user_id = known.user_id
    person = identity.person(user_id)
    if person is None or person.state == "disabled":
        raise Refused("contact_disabled", name=supplier_name, email=contact.email)
    return user_id


def invite(
    actor: Actor, event: EventView, supplier_id: str, contact: ContactView | None, language: str, *, category: str,
    now: datetime,
) -> Invitation:  # fmt: skip
    """Make (or, after a withdrawal, renew) the supplier's invitation and queue its mail."""
    name = suppliers.suppliers([supplier_id])[supplier_id].name
    if contact is None:
        raise Refused("list_contact_missing", name=name)
    row = invitation_row(event.id, supplier_id)
    if row is None:
        row = Invitation(
            organisation_id=event.organisation_id,
            event_id=event.id,
            project_id=event.project_id,
            supplier_id=supplier_id,
            category=category,
            created_at=now,
        )
    row.language, row.state, row.reason = language, "queued", ""
    row.sent_at = row.seen_at = row.answered_at = None
    send(actor, row, event, contact, name, now)
    return row


def send(
    actor: Actor, row: Invitation, event: EventView, contact: ContactView, supplier_name: str, now: datetime
) -> None:
    """A fresh link to the contact; the link sent before ends."""
    user_id, token = account_of(actor, contact, supplier_name, now), secrets.token_urlsafe(32)
    organisation = identity.organisation(event.organisation_id)
    row.user_id, row.token_hash = user_id, digest(token)
    row.contact_id, row.contact_name, row.email = contact.id, contact.name, contact.email
    db.session.add(row)
    db.session.flush()
    assert event.deadline_at is not None
    queue_mail(
        "invitation",
        contact.email,
        language=row.language,
        now=now,
        organisation_id=event.organisation_id,
        user_id=user_id,
        about=row.id,
        secret=True,
        name=contact.name,
        buyer=organisation.name,
        company=supplier_name,
        title=event.title,
        reference=event.reference,
        kind=names.EVENT_KINDS[event.kind],
        information=event.kind == "rfi",
        deadline_utc=formats.moment(event.deadline_at, row.language, "UTC"),
        deadline_here=formats.moment(event.deadline_at, row.language, organisation.zone),
        zone=organisation.zone,
        link=f"{current_app.config['PUBLIC_URL']}/i/{token}?lang={row.language}",
    )
    notify(
        [user_id], "invited", path=f"/s/events/{event.id}", now=now, mail=False, title=event.title,
        buyer=organisation.name,
    )  # fmt: skip
