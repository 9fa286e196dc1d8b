"""Hashes and one-time secrets. Argon2id runs outside the event loop; tokens are kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import gevent.monkey
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app
from sqlalchemy import select

from srm_portal.identity.models import OneTimeToken
from srm_portal.infra.db import db
from srm_portal.infra.transaction import housekeeping

T = TypeVar("T")
_DUMMY: dict[str, str] = {}


def _hasher() -> PasswordHasher:
    cost: dict[str, int] = current_app.config.get("ARGON2", {})
    return PasswordHasher(**cost)


def _outside_loop(work: Callable[[], T]) -> T:
    """Hashing releases the interpreter lock: a native thread keeps live auctions undisturbed."""
    if gevent.monkey.is_module_patched("threading"):
        result: T = gevent.get_hub().threadpool.apply(work)
        return result
    return work()


def hash_password(password: str) -> str:
    hasher = _hasher()
    return _outside_loop(lambda: hasher.hash(password))


def password_matches(stored: str | None, password: str) -> bool:
    """Takes the same time for people without a password: nothing tells whether an address is known."""
    hasher = _hasher()
    if stored is None:
        key = str(current_app.config.get("ARGON2", ""))
        if key not in _DUMMY:
            _DUMMY[key] = hasher.hash(secrets.token_hex(16))
        stored, password = _DUMMY[key], password + "-"

    def check() -> bool:
        try:
            return hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    return _outside_loop(check)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def new_token(
    user_id: str, purpose: str, *, now: datetime, lives: timedelta, data: dict[str, Any] | None = None, digits: int = 0
) -> str:
    """A one-time secret: a long link token, or a code of `digits` figures. Earlier ones of its kind end."""
    earlier = select(OneTimeToken).where(
        OneTimeToken.user_id == user_id, OneTimeToken.purpose == purpose, OneTimeToken.used_at.is_(None)
    )
    for old in db.session.scalars(earlier):
        old.used_at = now
    token = "".join(secrets.choice("0123456789") for _ in range(digits)) if digits else secrets.token_urlsafe(32)
    kept = digest(f"{user_id}:{token}" if digits else token)
    db.session.add(
        OneTimeToken(
            user_id=user_id, purpose=purpose, hash=kept, data=data or {}, created_at=now, expires_at=now + lives
        )
    )
    db.session.flush()
    return token


def find_token(token: str, purpose: str, now: datetime) -> OneTimeToken | None:
    """The unused, unexpired link token, or None."""
    query = select(OneTimeToken).where(OneTimeToken.hash == digest(token), OneTimeToken.purpose == purpose)
    found = db.session.scalar(query)
    if found is None or found.used_at is not None or found.expires_at <= now:
        return None
    return found


@housekeeping
def take_code(user_id: str, purpose: str, code: str, now: datetime, attempts_max: int) -> dict[str, Any] | None:
    """Use up a code of figures: its data when right, None when wrong, old or tried too often."""
    query = select(OneTimeToken).where(
        OneTimeToken.user_id == user_id, OneTimeToken.purpose == purpose, OneTimeToken.used_at.is_(None)
    )
    found = db.session.scalar(query.order_by(OneTimeToken.created_at.desc()).limit(1))
    if found is None or found.expires_at <= now or found.attempts >= attempts_max:
        return None
    found.attempts += 1
    if not secrets.compare_digest(found.hash, digest(f"{user_id}:{code.strip()}")):
        return None
    found.used_at = now
    return dict(found.data) | {"ok": True}
