"""Making, inviting, changing and disabling people; the organisation's settings."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import url_for
from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import domain
from srm_portal.identity.models import Organisation, User
from srm_portal.identity.queries import actor_of
from srm_portal.identity.services import secrets as keep
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.live import kick_user
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import after_commit, command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.web.sessions import end_sessions
from srm_portal.web.zone import known_zone

_CURRENCY = re.compile(r"[A-Z]{3}")


def _checked_email(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Invalid([FieldProblem("email", "not_an_email", value=email)]) from None


def _user_for(actor: Actor, user_id: str) -> User:
    user = db.session.get(User, user_id)
    if user is None or user.organisation_id != actor.organisation_id:
        raise NotFound
    return user


def _administrators(organisation_id: str) -> list[User]:
    query = select(User).where(User.organisation_id == organisation_id, User.state == "active")
    return [user for user in db.session.scalars(query) if "administrator" in user.roles]


@command
def create_organisation(
    name: str,
    *,
    now: datetime,
    country: str = "",
    currency: str = "EUR",
    zone: str = "UTC",
    language: str = "en",
    second_factor_needed: bool = True,
    competition_min: int = 3,
    demonstration: bool = False,
) -> str:
    """A new buying organisation; returns its id."""
    row = Organisation(
        name=name.strip(),
        country=country,
        currency=currency,
        zone=zone,
        language=language,
        second_factor_needed=second_factor_needed,
        competition_min=competition_min,
        demonstration=demonstration,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(system_actor(row.id), "organisation.created", "organisation", row.id, now=now, label=row.name)
    return row.id


@command
def create_user(
    by: Actor,
    *,
    email: str,
    name: str,
    roles: list[str],
    now: datetime,
    supplier_id: str | None = None,
    password: str | None = None,
    may_bid: bool = False,
    limit: Decimal | None = None,
    language: str = "en",
    zone: str = "UTC",
    title: str = "",
) -> str:
    """A person, active at once when a password is given, else waiting for their invitation; returns the id."""
    problems = domain.role_problems(roles, supplier=supplier_id is not None)
    address = _checked_email(email)
    if not name.strip():
        problems.append(FieldProblem("name", "required"))
    if db.session.scalar(select(User.id).where(User.email_key == domain.email_key(address))):
        problems.append(FieldProblem("email", "email_taken", value=address))
    if password is not None and (weak := domain.password_problem(password, address, name)):
        problems.append(weak)
    if problems:
        raise Invalid(problems)
    user = User(
        organisation_id=by.organisation_id,
        supplier_id=supplier_id,
        email=address,
        email_key=domain.email_key(address),
        name=name.strip(),
        roles=roles,
        state="active" if password is not None else "invited",
        may_bid=may_bid,
        limit=limit,
        language=language,
        zone=zone,
        password_hash=keep.hash_password(password) if password is not None else None,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    record(by, "user.created", "user", user.id, now=now, label=user.name, roles=roles, limit=limit, may_bid=may_bid)
    return user.id


@command
def create_first_administrator(
    *, organisation: str, name: str, email: str, password: str, now: datetime, currency: str = "EUR", zone: str = "UTC"
) -> str:
    """The first visit: an organisation and its administrator; refused once anybody exists."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        raise Refused("already_set_up")
    organisation_id = create_organisation(organisation, now=now, currency=currency, zone=zone)
    return create_user(
        system_actor(organisation_id),
        email=email,
        name=name,
        roles=["administrator"],
        password=password,
        zone=zone,
        now=now,
    )


@command
def invite(by: Actor, user_id: str, *, now: datetime) -> None:
    """Mail the invitation link by which a person sets their password."""
    user = _user_for(by, user_id)
    if user.state == "disabled":
        raise Refused("account_not_active")
    token = keep.new_token(user.id, "invitation", now=now, lives=timedelta(days=domain.INVITATION_DAYS))
    queue_mail(
        "account_invitation",
        user.email,
        language=user.language,
        now=now,
        organisation_id=user.organisation_id,
        user_id=user.id,
        about=user.id,
        secret=True,
        name=user.name,
        by=by.name,
        link=url_for("identity.set_password", token=token, _external=True),
        days=domain.INVITATION_DAYS,
    )
    record(by, "user.invited", "user", user.id, now=now, label=user.name)


@command
def start_reset(email: str, *, now: datetime) -> None:
    """Mail a reset link to an active staff account; silent for every other address."""
    user = db.session.scalar(select(User).where(User.email_key == domain.email_key(email)))
    if user is None or user.state != "active" or user.supplier_id is not None:
        return
    token = keep.new_token(user.id, "invitation", now=now, lives=timedelta(minutes=domain.RESET_MINUTES))
    queue_mail(
        "password_reset",
        user.email,
        language=user.language,
        now=now,
        organisation_id=user.organisation_id,
        user_id=user.id,
        secret=True,
        name=user.name,
        link=url_for("identity.set_password", token=token, _external=True),
        minutes=domain.RESET_MINUTES,
    )
    record(actor_of(user), "password.reset_asked", "user", user.id, now=now, label=user.name)


@command
def set_password(token: str, password: str, *, now: datetime) -> str:
    """From an invitation or reset link: sets the password, ends all sessions, returns the user's id."""
    found = keep.find_token(token, "invitation", now)
    if found is None:
        raise Refused("link_expired")
    user = db.session.get_one(User, found.user_id)
    if user.state == "disabled":
        raise Refused("link_expired")
    weak = domain.password_problem(password, user.email, user.name)
    if weak:
        raise Invalid([weak])
    found.used_at = now
    user.password_hash = keep.hash_password(password)
    user.state = "active"
    user.touch()
    end_sessions(user.id)
    record(actor_of(user), "password.set", "user", user.id, now=now, label=user.name)
    return user.id


@command
def change_password(actor: Actor, old: str, new: str, *, now: datetime) -> None:
    user = db.session.get_one(User, actor.user_id)
    if not keep.password_matches(user.password_hash, old):
        raise Invalid([FieldProblem("old", "password_wrong")])
    weak = domain.password_problem(new, user.email, user.name)
    if weak:
        raise Invalid([weak])
    user.password_hash = keep.hash_password(new)
    user.touch()
    end_sessions(user.id, but=actor.session_id)
    record(actor, "password.changed", "user", user.id, now=now, label=user.name)


def _end_everything(user_id: str, now: datetime) -> None:
    """Sessions end in this transaction, sockets right after it."""
    end_sessions(user_id)
    jobs.publish("AccessEnded", {"user": user_id}, now=now)
    after_commit(lambda: kick_user(user_id))


@command
def change_user(
    by: Actor,
    user_id: str,
    *,
    roles: list[str],
    limit: Decimal | None,
    may_bid: bool,
    name: str,
    version: int | None,
    now: datetime,
) -> None:
    """Roles, limit and name of a person. Nobody changes their own; the last administrator stays one."""
    user = _user_for(by, user_id)
    if not user.check_version(version):
        raise Stale({"roles": (", ".join(user.roles), ", ".join(roles)), "name": (user.name, name)})
    if user.id == by.user_id and (set(roles) != set(user.roles) or limit != user.limit):
        raise Forbidden("own_rights")
    problems = domain.role_problems(roles, supplier=user.supplier_id is not None)
    if problems:
        raise Invalid(problems)
    administrators = _administrators(by.organisation_id)
    if "administrator" not in roles and [one.id for one in administrators] == [user.id]:
        raise Refused("last_administrator")
    before = {"roles": user.roles, "limit": user.limit, "may_bid": user.may_bid, "name": user.name}
    if set(roles) != set(user.roles) or limit != user.limit or may_bid != user.may_bid:
        _end_everything(user.id, now)
    user.roles, user.limit, user.may_bid, user.name = roles, limit, may_bid, name.strip() or user.name
    user.touch()
    after = {"roles": roles, "limit": limit, "may_bid": may_bid, "name": user.name}
    record(by, "user.changed", "user", user.id, now=now, label=user.name, before=before, after=after)


@command
def disable_user(by: Actor, user_id: str, *, reason: str, now: datetime) -> None:
    user = _user_for(by, user_id)
    if user.id == by.user_id:
        raise Forbidden("own_rights")
    if not reason.strip():
        raise Refused("reason_needed")
    if [one.id for one in _administrators(by.organisation_id)] == [user.id]:
        raise Refused("last_administrator")
    user.state = "disabled"
    user.touch()
    _end_everything(user.id, now)
    record(by, "user.disabled", "user", user.id, now=now, label=user.name, reason=reason)


@command
def enable_user(by: Actor, user_id: str, *, now: datetime) -> None:
    user = _user_for(by, user_id)
    if user.state != "disabled":
        raise Refused("already_done")
    user.state = "active" if user.password_hash or user.supplier_id else "invited"
    user.touch()
    record(by, "user.enabled", "user", user.id, now=now, label=user.name)


@command
def change_profile(actor: Actor, *, now: datetime, **values: Any) -> None:
    """One's own language, zone, theme, density and mail wishes."""
    user = db.session.get_one(User, actor.user_id)
    zone = values.get("zone", user.zone)
    if not known_zone(zone):
        raise Invalid([FieldProblem("zone", "zone_unknown", value=zone)])
    for name in ("name", "language", "zone", "theme", "density", "mail_notices"):
        if name in values:
            setattr(user, name, values[name])
    user.touch()
    record(actor, "profile.changed", "user", user.id, now=now, label=user.name)


@command
def change_organisation(by: Actor, *, version: int | None, now: datetime, **values: Any) -> None:
    row = db.session.get_one(Organisation, by.organisation_id)
    if not row.check_version(version):
        raise Stale({"name": (row.name, str(values.get("name", "")))})
    if not _CURRENCY.fullmatch(values.get("currency", row.currency)):
        raise Invalid([FieldProblem("currency", "currency_unknown", value=values["currency"])])
    if not known_zone(values.get("zone", row.zone)):
        raise Invalid([FieldProblem("zone", "zone_unknown", value=values["zone"])])
    changed = {}
    for name in ("name", "country", "currency", "zone", "language", "second_factor_needed", "competition_min"):
        if name in values and values[name] != getattr(row, name):
            changed[name] = [str(getattr(row, name)), str(values[name])]
            setattr(row, name, values[name])
    row.touch()
    record(by, "organisation.changed", "organisation", row.id, now=now, label=row.name, changed=changed)


@command
def rescue_administrator(email: str, password: str, *, now: datetime) -> str:
    """The way back for a locked-out last administrator; only the command line of the server offers it."""
    user = db.session.scalar(select(User).where(User.email_key == domain.email_key(email)))
    if user is None or "administrator" not in user.roles:
        raise Refused("no_such_administrator")
    weak = domain.password_problem(password, user.email, user.name)
    if weak:
        raise Invalid([weak])
    user.password_hash, user.second_factor, user.second_factor_at = keep.hash_password(password), None, None
    user.state = "active"
    user.touch()
    end_sessions(user.id)
    record(
        system_actor(user.organisation_id, "command line"),
        "administrator.rescued",
        "user",
        user.id,
        now=now,
        label=user.name,
    )
    return user.id
