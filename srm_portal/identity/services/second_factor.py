"""Setting up, renewing and removing the second factor."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete

from srm_portal.audit.services import record
from srm_portal.identity import domain
from srm_portal.identity.models import RecoveryCode, User
from srm_portal.identity.queries import actor_of
from srm_portal.identity.services import secrets as keep
from srm_portal.infra import keys
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound
from srm_portal.kernel.permissions import Actor

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_secret() -> str:
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str, issuer: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


@command
def confirm(user_id: str, secret: str, code: str, *, now: datetime) -> list[str]:
    """Keep the secret once a code proves that the app has it; returns ten recovery codes, shown once."""
    user = db.session.get_one(User, user_id)
    if not pyotp.TOTP(secret).verify(code.replace(" ", ""), for_time=now, valid_window=1):
        raise Invalid([FieldProblem("code", "code_wrong")])
    user.second_factor, user.second_factor_at = keys.seal_secret(secret), now
    user.touch()
    record(actor_of(user), "second_factor.set", "user", user.id, now=now, label=user.name)
    return _new_recovery_codes(user.id)


def _new_recovery_codes(user_id: str) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(domain.RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user_id, hash=keep.digest(f"{user_id}:{code}")) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@command
def renew_recovery_codes(actor: Actor, *, now: datetime) -> list[str]:
    record(actor, "recovery_codes.renewed", "user", actor.user_id, now=now, label=actor.name)
    return _new_recovery_codes(actor.user_id)


@command
def reset_by_administrator(by: Actor, user_id: str, *, reason: str, now: datetime) -> None:
    """For a lost phone: the person sets up a new factor at the next sign-in. Nobody does it for themselves."""
    user = db.session.get(User, user_id)
    if user is None or user.organisation_id != by.organisation_id:
        raise NotFound
    if user.id == by.user_id:
        raise Forbidden("own_rights")
    user.second_factor, user.second_factor_at = None, None
    user.touch()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    record(by, "second_factor.reset", "user", user.id, now=now, label=user.name, reason=reason)
