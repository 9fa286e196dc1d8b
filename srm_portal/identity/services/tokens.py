"""Tokens for programs: shown once, kept as hash, limited to scopes their owner has."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity.models import ApiToken, User
from srm_portal.identity.queries import actor_of
from srm_portal.identity.services.secrets import digest
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound
from srm_portal.kernel.permissions import Actor

DAYS_MAX = 366


@command
def create_token(actor: Actor, name: str, *, days: int, now: datetime) -> str:
    """A new token of the actor's; the text is returned this once."""
    if not name.strip():
        raise Invalid([FieldProblem("name", "required")])
    text = "srm_" + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=actor.user_id,
        name=name.strip()[:100],
        hash=digest(text),
        scopes=[],
        created_at=now,
        expires_at=now + timedelta(days=min(max(days, 1), DAYS_MAX)),
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "api_token.created", "api_token", row.id, now=now, label=row.name, expires_at=row.expires_at)
    return text


@command
def revoke_token(actor: Actor, token_id: str, *, now: datetime) -> None:
    row = db.session.get(ApiToken, token_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    row.revoked_at = now
    record(actor, "api_token.revoked", "api_token", row.id, now=now, label=row.name)


def actor_of_token(text: str, *, now: datetime) -> Actor | None:
    query = select(ApiToken, User).join(User, User.id == ApiToken.user_id).where(ApiToken.hash == digest(text))
    found = db.session.execute(query).first()
    if found is None:
        return None
    token, user = found
    if token.revoked_at is not None or token.expires_at <= now or user.state != "active":
        return None
    return replace(actor_of(user), session_id=f"token:{token.id}")


def tokens_of(actor: Actor) -> list[ApiToken]:
    query = select(ApiToken).where(ApiToken.user_id == actor.user_id, ApiToken.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(ApiToken.created_at.desc())))
