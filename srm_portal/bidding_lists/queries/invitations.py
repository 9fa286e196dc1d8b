"""Who is invited to an event, for the buyer, for later rooms and for the supplier."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from srm_portal.bidding_lists.domain.invitations import INVITED
from srm_portal.bidding_lists.models import Invitation
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.once import once
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
    query = select(Invitation).where(Invitation.event_id == event_id)
    return list(db.session.scalars(query.order_by(Invitation.created_at, Invitation.id)))


@once
def invited(event_id: str) -> list[InvitationView]:
    """Everybody who was ever invited, by name; withdrawn ones with their state."""
    return _named(_rows(event_id))


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


@once
def invitation_of(actor: Actor, event_id: str) -> InvitationView:
    """The supplier's own invitation; NotFound for everybody else and once it is withdrawn."""
    return _named([_own(actor, event_id)])[0]


@once
def own_state(actor: Actor, event_id: str) -> str:
    """The state of the supplier's own invitation, in one cheap read; NotFound as for `invitation_of`."""
    return _own(actor, event_id).state


def my_invitations(actor: Actor) -> list[tuple[InvitationView, EventView]]:
    """The supplier's invitations with their events, the next deadline first."""
    if actor.supplier_id is None:
        return []
    query = select(Invitation).where(Invitation.supplier_id == actor.supplier_id, Invitation.state != "withdrawn")
    views = _named(list(db.session.scalars(query)))
    events = sourcing.events_by_id([one.event_id for one in views]) if views else {}
    pairs = [(one, events[one.event_id]) for one in views]
    return sorted(pairs, key=lambda pair: (str(pair[1].deadline_at or ""), pair[0].id))


def asked_of(organisation_id: str, supplier_id: str, limit: int = 20) -> list[tuple[InvitationView, EventView]]:
    """For staff: the events a supplier was invited to, newest first."""
    query = select(Invitation).where(
        Invitation.organisation_id == organisation_id, Invitation.supplier_id == supplier_id
    )
    rows = list(db.session.scalars(query.order_by(Invitation.created_at.desc(), Invitation.id).limit(limit)))
    events = sourcing.events_by_id([row.event_id for row in rows])
    cards = suppliers.suppliers([supplier_id])
    return [(_view(row, cards[supplier_id].name), events[row.event_id]) for row in rows]


def open_of(organisation_id: str, supplier_id: str) -> list[tuple[str, EventView]]:
    """(invitation, event) of every invitation of a supplier that can still be taken back, by published events."""
    query = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.supplier_id == supplier_id,
        Invitation.state != "withdrawn",
    )
    rows = list(db.session.scalars(query.order_by(Invitation.created_at, Invitation.id)))
    events = sourcing.events_by_id([row.event_id for row in rows])
    return [(row.id, events[row.event_id]) for row in rows if events[row.event_id].state == "published"]


def bidders(event_id: str) -> list[str]:
    """The suppliers that accepted."""
    return [row.supplier_id for row in _rows(event_id) if row.state == "accepted"]


def supplier_ids(event_id: str) -> list[str]:
    """The suppliers that take part or still may: neither withdrawn nor declined."""
    return [row.supplier_id for row in _rows(event_id) if row.state in INVITED]


def invited_count(event_id: Any) -> Select[tuple[int]]:
    """How many take part or still may, of an event's id or of a query for it."""
    return select(func.count(Invitation.id)).where(Invitation.event_id == event_id, Invitation.state.in_(INVITED))


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


def answered_share(organisation_id: str, supplier_id: str, first: date, last: date) -> tuple[int, int]:
    """Invitations of a time that were answered (accepted or declined), and all that were delivered."""
    begin, end = datetime.combine(first, time(), UTC), datetime.combine(last + timedelta(days=1), time(), UTC)
    query = select(func.count(Invitation.answered_at), func.count()).where(
        Invitation.organisation_id == organisation_id,
        Invitation.supplier_id == supplier_id,
        Invitation.sent_at >= begin,
        Invitation.sent_at < end,
        Invitation.state.not_in(("withdrawn", "undeliverable")),
    )
    answered, sent = db.session.execute(query).one()
    return answered, sent


def invited_projects(organisation_id: str, supplier_id: str) -> list[str]:
    """Projects to which a supplier was invited, the newest first."""
    query = (
        select(Invitation.project_id)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.supplier_id == supplier_id,
            Invitation.state != "withdrawn",
        )
        .group_by(Invitation.project_id)
        .order_by(func.max(Invitation.created_at).desc())
    )
    return list(db.session.scalars(query.limit(30)))
