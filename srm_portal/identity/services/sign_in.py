"""Signing in: password, second factor or recovery code; mail code for suppliers; every way out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import domain
from srm_portal.identity.models import Organisation, RecoveryCode, SignInState, User
from srm_portal.identity.queries import actor_of
from srm_portal.identity.services import secrets as keep
from srm_portal.infra import keys
from srm_portal.infra.db import db
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor


def _user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email_key == domain.email_key(email)))


def _state(user_id: str) -> SignInState:
    state = db.session.get(SignInState, user_id)
    if state is None:
        state = SignInState(user_id=user_id, failures=0, last_step=0)
        db.session.add(state)
    return state


def check_password(email: str, password: str, *, now: datetime) -> domain.SignInStep:
    """The first step. Known and unknown addresses get the same answer in the same time."""
    user = _user_by_email(email)
    usable = user is not None and user.state == "active" and user.password_hash is not None
    stored = user.password_hash if user is not None and usable and not _locked(user.id, now) else None
    user_id = user.id if user else ""
    db.session.rollback()
    right = keep.password_matches(stored, password)
    return _judge(user_id, right, now)


def _locked(user_id: str, now: datetime) -> bool:
    state = db.session.get(SignInState, user_id)
    return bool(state and state.locked_until and state.locked_until > now)


@command
def _judge(user_id: str, right: bool, now: datetime) -> domain.SignInStep:
    user = db.session.get(User, user_id) if user_id else None
    if user is None or not right:
        if user is not None and not _locked(user.id, now):
            _failed(user, now, "password")
            db.session.flush()
        return domain.SignInStep(user_id="", next="refused")
    organisation = db.session.get(Organisation, user.organisation_id)
    assert organisation is not None
    needed = user.supplier_id is None and organisation.second_factor_needed
    return domain.next_step(user.id, has_factor=user.second_factor is not None, factor_needed=needed)


def _failed(user: User, now: datetime, what: str) -> None:
    state = _state(user.id)
    state.failures += 1
    state.locked_until = domain.lock_after(state.failures, now)
    record(
        actor_of(user),
        "sign_in.failed",
        "user",
        user.id,
        now=now,
        label=user.name,
        what=what,
        failures=state.failures,
        locked_until=state.locked_until,
    )


@command
def complete(user_id: str, *, now: datetime, how: str) -> Actor:
    """The person is who they say: forget failures, leave the trail, hand out the actor."""
    user = db.session.get_one(User, user_id)
    if user.state != "active":
        raise Refused("account_not_active")
    state = _state(user.id)
    state.failures, state.locked_until, state.signed_in_at = 0, None, now
    actor = actor_of(user)
    record(actor, "sign_in.done", "user", user.id, now=now, label=user.name, how=how)
    return actor


@command
def check_second_factor(user_id: str, code: str, *, now: datetime) -> bool:
    """A TOTP code (each works once) or a recovery code."""
    user = db.session.get_one(User, user_id)
    state = _state(user.id)
    if state.locked_until and state.locked_until > now:
        return False
    code = code.replace(" ", "").strip()
    if user.second_factor and code.isascii() and code.isdigit():
        step = _matching_step(keys.open_secret(user.second_factor), code, now)
        if step is not None and step > state.last_step:
            state.last_step = step
            return True
    elif _take_recovery_code(user.id, code, now):
        record(actor_of(user), "recovery_code.used", "user", user.id, now=now, label=user.name)
        return True
    _failed(user, now, "second_factor")
    return False


def _matching_step(secret: str, code: str, now: datetime) -> int | None:
    totp = pyotp.TOTP(secret)
    moment = int(now.timestamp())
    for drift in (0, -1, 1):
        step = moment // totp.interval + drift
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def _take_recovery_code(user_id: str, code: str, now: datetime) -> bool:
    wanted = keep.digest(f"{user_id}:{code.replace('-', '').upper()}")
    query = select(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    for kept in db.session.scalars(query):
        if kept.hash == wanted:
            kept.used_at = now
            return True
    return False


@command
def send_code(email: str, *, now: datetime) -> str | None:
    """Mail a one-time sign-in code to a supplier user; the caller shows the same page for every address."""
    user = _user_by_email(email)
    if user is None or user.supplier_id is None or user.state == "disabled":
        return None
    code = keep.new_token(user.id, "sign_in_code", now=now, lives=timedelta(minutes=domain.CODE_MINUTES), digits=8)
    queue_mail(
        "sign_in_code",
        user.email,
        language=user.language,
        now=now,
        organisation_id=user.organisation_id,
        user_id=user.id,
        secret=True,
        name=user.name,
        code=code,
        minutes=domain.CODE_MINUTES,
    )
    return user.id


@command
def check_code(email: str, code: str, *, now: datetime) -> str | None:
    """The user's id when the mailed code is right. A first right code makes an invited person active."""
    user = _user_by_email(email)
    if user is None or user.supplier_id is None or user.state == "disabled":
        return None
    if keep.take_code(user.id, "sign_in_code", code, now, domain.CODE_ATTEMPTS_MAX) is None:
        _failed(user, now, "code")
        return None
    if user.state == "invited":
        user.state = "active"
        user.touch()
        record(actor_of(user), "user.activated", "user", user.id, now=now, label=user.name, how="code")
    return user.id
