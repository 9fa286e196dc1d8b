"""Tokens for programs: shown once, kept as hash, limited to scopes their owner has."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity.models import ApiToken, User
from srm_portal.identity.queries import actor_of
from srm_portal.identity.services.secrets import digest
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound
from srm_portal.kernel.permissions import SCOPES, Actor

DAYS_MAX = 366


@command
def create_token(actor: Actor, name: str, *, days: int, now: datetime, scopes: Collection[str] = ()) -> str:
    """A new token of the actor's; the text is returned this once. Without scopes it opens all that its owner may do."""
    problems = [] if name.strip() else [FieldProblem("name", "required")]
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        problems.append(
            FieldProblem("scopes", "unknown_value", value=unknown[0], facts=(("choices", ", ".join(SCOPES)),))
        )
    if problems:
        raise Invalid(problems)
    text = "srm_" + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=actor.user_id,
        name=name.strip()[:100],
        hash=digest(text),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=min(max(days, 1), DAYS_MAX)),
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor, "api_token.created", "api_token", row.id, now=now, label=row.name,
        expires_at=row.expires_at, scopes=row.scopes,
    )  # fmt: skip
    return text


@command
def revoke_token(actor: Actor, token_id: str, *, now: datetime) -> None:
    """One's own, or as administrator anybody's of the organisation."""
    row = db.session.get(ApiToken, token_id)
    owner = db.session.get(User, row.user_id) if row is not None else None
    if row is None or owner is None or owner.organisation_id != actor.organisation_id:
        raise NotFound
    if row.user_id != actor.user_id and not actor.may("user:manage"):
        raise NotFound
    if row.revoked_at is not None:
        return
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
    scopes = frozenset(token.scopes) if token.scopes else None
    return replace(actor_of(user), session_id=f"token:{token.id}", scopes=scopes)


def tokens_of(actor: Actor) -> list[ApiToken]:
    query = select(ApiToken).where(ApiToken.user_id == actor.user_id, ApiToken.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(ApiToken.created_at.desc())))


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as the administrator sees it: never its text."""

    id: str
    name: str
    owner: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


def all_tokens(actor: Actor, limit: int = 500) -> list[TokenView]:
    """Every token of the organisation, newest first."""
    query = select(ApiToken, User.name).join(User, User.id == ApiToken.user_id)
    query = query.where(User.organisation_id == actor.organisation_id).order_by(ApiToken.created_at.desc())
    return [
        TokenView(row.id, row.name, owner, tuple(row.scopes), row.created_at, row.expires_at, row.revoked_at)
        for row, owner in db.session.execute(query.limit(limit))
    ]
