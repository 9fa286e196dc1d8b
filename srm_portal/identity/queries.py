"""What others may know of people and organisations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, func, select

from srm_portal.identity.models import Organisation, RecoveryCode, SignInState, User
from srm_portal.infra.db import db
from srm_portal.infra.once import keep, keep_each, once, once_each
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.web.sessions import WebSession


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    state: str
    supplier_id: str | None
    language: str
    zone: str
    theme: str
    density: str
    mail_notices: bool
    may_bid: bool
    limit: Decimal | None
    has_second_factor: bool
    version: int
    signed_in_at: datetime | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrganisationView:
    id: str
    name: str
    country: str
    currency: str
    language: str
    zone: str
    second_factor_needed: bool
    competition_min: int
    demonstration: bool
    version: int


def actor_of(user: User, session_id: str | None = None) -> Actor:
    return Actor(
        user_id=user.id,
        name=user.name,
        organisation_id=user.organisation_id,
        roles=frozenset(user.roles),
        supplier_id=user.supplier_id,
        may_bid=user.may_bid,
        limit=plain(user.limit) if user.limit is not None else None,
        language=user.language,
        zone=user.zone,
        session_id=session_id,
    )


def _person(user: User, state: SignInState | None = None) -> PersonView:
    return PersonView(
        user.id,
        user.name,
        user.email,
        tuple(user.roles),
        user.state,
        user.supplier_id,
        user.language,
        user.zone,
        user.theme,
        user.density,
        user.mail_notices,
        user.may_bid,
        user.limit,
        user.second_factor is not None,
        user.version,
        state.signed_in_at if state else None,
        state.locked_until if state else None,
    )


@once
def active_actor(user_id: str, session_id: str | None = None) -> Actor | None:
    """The actor of an active account, or None: asked once per request and socket."""
    query = select(User, Organisation).join(Organisation, Organisation.id == User.organisation_id)
    found = db.session.execute(query.where(User.id == user_id, User.state == "active")).first()
    return _brought(*found, session_id) if found is not None else None


def session_with_person(key: str) -> WebSession | None:
    """A session by its id; with it comes, while active, the person that every page of it asks for."""
    query = (
        select(WebSession, User, Organisation)
        .outerjoin(User, and_(User.id == WebSession.user_id, User.state == "active"))
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
    )
    found = db.session.execute(query.where(WebSession.id == key)).first()
    if found is None:
        return None
    row, user, own = found
    if user is not None:
        keep(active_actor, _brought(user, own, key), user.id, key)
    return row


def _brought(user: User, own: Organisation, session_id: str | None) -> Actor:
    keep(organisation, _organisation(own), own.id)
    keep(person, _person(user), user.id)
    return actor_of(user, session_id)


def actor_of_person(user_id: str) -> Actor:
    """A person as actor whatever their state, for set-up and imports that act for them."""
    return actor_of(db.session.get_one(User, user_id))


def actor_by_email(email: str) -> Actor | None:
    user = db.session.scalar(select(User).where(User.email_key == email.strip().casefold()))
    return actor_of(user) if user is not None else None


@once
def person(user_id: str) -> PersonView | None:
    """A person by id, for rooms that already know they may (names beside scores, owners)."""
    user = db.session.get(User, user_id)
    return _person(user) if user else None


@once_each
def people(user_ids: Iterable[str]) -> dict[str, PersonView]:
    """Several people at once, by id."""
    found = db.session.scalars(select(User).where(User.id.in_(list(user_ids))))
    return {user.id: _person(user) for user in found}


def person_for(actor: Actor, user_id: str) -> PersonView:
    user = db.session.get(User, user_id)
    if user is None or user.organisation_id != actor.organisation_id:
        raise NotFound
    return _person(user, db.session.get(SignInState, user.id))


@once
def staff(organisation_id: str, role: str | None = None) -> list[PersonView]:
    """Active staff of an organisation, by name; `role` narrows."""
    query = select(User).where(
        User.organisation_id == organisation_id, User.supplier_id.is_(None), User.state == "active"
    )
    found = [_person(user) for user in db.session.scalars(query.order_by(User.name))]
    keep_each(people, {one.id: one for one in found})
    return [one for one in found if role is None or role in one.roles]


def all_people(actor: Actor) -> list[PersonView]:
    query = (
        select(User, SignInState)
        .outerjoin(SignInState, SignInState.user_id == User.id)
        .where(User.organisation_id == actor.organisation_id, User.supplier_id.is_(None))
        .order_by(User.name)
    )
    return [_person(user, state) for user, state in db.session.execute(query)]


def supplier_people(organisation_id: str, supplier_ids: list[str]) -> dict[str, list[PersonView]]:
    """The users of several suppliers, by supplier id."""
    query = select(User).where(User.organisation_id == organisation_id, User.supplier_id.in_(supplier_ids))
    grouped: dict[str, list[PersonView]] = {one: [] for one in supplier_ids}
    for user in db.session.scalars(query.order_by(User.name)):
        grouped[user.supplier_id or ""].append(_person(user))
    return grouped


@once
def organisation(organisation_id: str) -> OrganisationView:
    return _organisation(db.session.get_one(Organisation, organisation_id))


def _organisation(row: Organisation) -> OrganisationView:
    return OrganisationView(
        row.id,
        row.name,
        row.country,
        row.currency,
        row.language,
        row.zone,
        row.second_factor_needed,
        row.competition_min,
        row.demonstration,
        row.version,
    )


def organisation_ids() -> list[str]:
    """The organisations of this installation, the oldest first; for the command line."""
    return list(db.session.scalars(select(Organisation.id).order_by(Organisation.created_at, Organisation.id)))


def any_people() -> bool:
    """Whether the installation has its first administrator."""
    return db.session.scalar(select(func.count()).select_from(User)) != 0


def recovery_codes_left(user_id: str) -> int:
    query = select(func.count()).select_from(RecoveryCode)
    query = query.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0
