"""Who is invited to an event, for the buyer, for later rooms and for the supplier."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import g, has_request_context, request
from sqlalchemy import select

from srm_portal.bidding_lists.domain.invitations import INVITED
from srm_portal.bidding_lists.models import Invitation
from srm_portal.bidding_lists.queries.candidates import beside
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class InvitationView:
    id: str
    event_id: str
    project_id: str
    supplier_id: str
    supplier_name: str
    contact_name: str
    email: str
    language: str
    state: str
    reason: str
    sent_at: datetime | None
    seen_at: datetime | None
    answered_at: datetime | None
    user_id: str | None
    answered_name: str


@dataclass(frozen=True, slots=True)
class Landing:
    """What the page behind the mail link shows before anybody signed in: no content, no terms, no other supplier."""

    invitation_id: str
    event_id: str
    user_id: str
    supplier_id: str
    supplier_name: str
    buyer: str
    zone: str
    event: EventView


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _view(row: Invitation, supplier_name: str) -> InvitationView:
    return InvitationView(
        row.id,
        row.event_id,
        row.project_id,
        row.supplier_id,
        supplier_name,
        row.contact_name,
        row.email,
        row.language,
        row.state,
        row.reason,
        row.sent_at,
        row.seen_at,
        row.answered_at,
        row.user_id,
        row.answered_name,
    )


def _named(rows: list[Invitation]) -> list[InvitationView]:
    cards = suppliers.suppliers({row.supplier_id for row in rows}) if rows else {}
    views = [_view(row, cards[row.supplier_id].name) for row in rows]
    return sorted(views, key=lambda one: (one.supplier_name.casefold(), one.id))


def _rows(event_id: str) -> list[Invitation]:
    """The invitations of an event, first made first. A page that only reads asks for them once."""
    query = select(Invitation).where(Invitation.event_id == event_id).order_by(Invitation.created_at, Invitation.id)
    if not _reading():
        return list(db.session.scalars(query))
    kept: dict[str, list[Invitation]] = g.setdefault("bidding_invitations", {})
    if event_id not in kept:
        kept[event_id] = list(db.session.scalars(query))
    return kept[event_id]


def _reading() -> bool:
    return has_request_context() and request.method == "GET"


def invited(event_id: str) -> list[InvitationView]:
    """Everybody who was ever invited, by name; withdrawn ones with their state."""
    return _named(_rows(event_id))


def invited_beside_candidates(event: EventView) -> list[InvitationView]:
    """As `invited`, for pages with the step bar: the candidates are read with them."""
    rows = beside(event.project_id, Invitation, event.id)
    if _reading():
        g.setdefault("bidding_invitations", {})[event.id] = rows
    return _named(rows)


def invited_to(event_ids: list[str]) -> dict[str, list[InvitationView]]:
    """As `invited`, for several events at once."""
    found: dict[str, list[InvitationView]] = {one: [] for one in event_ids}
    if event_ids:
        rows = list(db.session.scalars(select(Invitation).where(Invitation.event_id.in_(event_ids))))
        for one in _named(rows):
            found[one.event_id].append(one)
    return found


def invitation_for(actor: Actor, invitation_id: str) -> InvitationView:
    """For the buyer: one invitation of an event that this actor may see."""
    row = db.session.get(Invitation, invitation_id)
    if row is None:
        raise NotFound
    sourcing.event_for(actor, row.event_id)
    return _named([row])[0]


def _own(actor: Actor, event_id: str) -> Invitation:
    query = select(Invitation).where(Invitation.event_id == event_id, Invitation.supplier_id == actor.supplier_id)
    row = db.session.scalar(query) if actor.supplier_id else None
    if row is None or row.state == "withdrawn":
        raise NotFound
    return row


def invitation_of(actor: Actor, event_id: str) -> InvitationView:
    """The supplier's own invitation; NotFound for everybody else and once it is withdrawn."""
    return _named([_own(actor, event_id)])[0]


def my_invitations(actor: Actor) -> list[tuple[InvitationView, EventView]]:
    """The supplier's invitations with their events, the next deadline first."""
    if actor.supplier_id is None:
        return []
    query = select(Invitation).where(Invitation.supplier_id == actor.supplier_id, Invitation.state != "withdrawn")
    views = _named(list(db.session.scalars(query)))
    events = sourcing.events_by_id([one.event_id for one in views]) if views else {}
    pairs = [(one, events[one.event_id]) for one in views]
    return sorted(pairs, key=lambda pair: (str(pair[1].deadline_at or ""), pair[0].id))


def bidders(event_id: str) -> list[str]:
    """The suppliers that accepted."""
    return [row.supplier_id for row in _rows(event_id) if row.state == "accepted"]


def supplier_ids(event_id: str) -> list[str]:
    """The suppliers that take part or still may: neither withdrawn nor declined."""
    return [row.supplier_id for row in _rows(event_id) if row.state in INVITED]


def audience(event_id: str) -> set[str]:
    """Everybody who is told of amendments and answers: the people of the suppliers that take part or still may."""
    query = select(Invitation.organisation_id, Invitation.supplier_id, Invitation.user_id)
    rows = db.session.execute(query.where(Invitation.event_id == event_id, Invitation.state.in_(INVITED))).all()
    if not rows:
        return set()
    people = identity.supplier_people(rows[0].organisation_id, [row.supplier_id for row in rows])
    found = {person.id for group in people.values() for person in group if person.state != "disabled"}
    return found | {row.user_id for row in rows if row.user_id}


def landing(token: str) -> Landing:
    """What stands behind a mail link. Unknown, replaced and withdrawn links are the same NotFound."""
    row = db.session.scalar(select(Invitation).where(Invitation.token_hash == digest(token)))
    if row is None or row.state == "withdrawn" or row.user_id is None:
        raise NotFound
    organisation = identity.organisation(row.organisation_id)
    supplier = suppliers.suppliers([row.supplier_id])[row.supplier_id]
    event = sourcing.event(row.event_id)
    return Landing(
        row.id, row.event_id, row.user_id, row.supplier_id, supplier.name, organisation.name, organisation.zone, event
    )
