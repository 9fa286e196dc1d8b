"""Webhooks in: sources that may tell us things, and each message done once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.keys import open_secret, seal_secret
from srm_portal.infra.transaction import command
from srm_portal.integrations.domain import signing
from srm_portal.integrations.models import WebhookReceipt, WebhookSource
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor

Act = Callable[[Actor], dict[str, Any]]


def source_row_for(actor: Actor, source_id: str) -> WebhookSource:
    row = db.session.get(WebhookSource, source_id)
    if row is None or row.organisation_id != actor.organisation_id or row.state == "removed":
        raise NotFound
    return row


@command
def add_source(actor: Actor, *, name: str, user_id: str, now: datetime) -> tuple[str, str]:
    """A system that may send us messages in the name of a person; returns its id and secret, shown this once."""
    problems = [] if name.strip() else [FieldProblem("name", "required")]
    if user_id not in {one.id for one in identity.staff(actor.organisation_id)}:
        problems.append(FieldProblem("user_id", "person_unknown"))
    if problems:
        raise Invalid(problems)
    secret = signing.secret_text(secrets.token_bytes(signing.SECRET_BYTES))
    row = WebhookSource(
        organisation_id=actor.organisation_id,
        user_id=user_id,
        name=name.strip()[:100],
        secret=seal_secret(secret),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "webhook_source.added", "webhook_source", row.id, now=now, label=row.name, acts_for=user_id)
    return row.id, secret


@command
def remove_source(actor: Actor, source_id: str, *, now: datetime) -> None:
    row = source_row_for(actor, source_id)
    row.state = "removed"
    row.touch()
    record(actor, "webhook_source.removed", "webhook_source", row.id, now=now, label=row.name)


def secret_of(source_id: str) -> bytes | None:
    """The secret of a source that is in use, or None."""
    row = db.session.get(WebhookSource, source_id)
    return signing.secret_bytes(open_secret(row.secret)) if row is not None and row.state == "active" else None


@command
def receive(
    source_id: str, message: str, kind: str, content: str, act: Act, *, now: datetime
) -> tuple[dict[str, Any], bool]:
    """Do what a verified message says, once: (answer, whether it was done before).

    `content` is the hash of its bytes: another content under a known id is refused. Its rows, its receipt and its
    trail are one transaction, so a message is done whole or not at all.
    """
    source = db.session.get(WebhookSource, source_id)
    actor = identity.active_actor(source.user_id) if source is not None else None
    if source is None or source.state != "active":
        raise NotFound
    if actor is None or not actor.may("customer:edit"):
        raise Refused("source_without_person")
    query = select(WebhookReceipt).where(WebhookReceipt.source_id == source.id, WebhookReceipt.message == message)
    known = db.session.scalar(query)
    if known is not None:
        if known.content != content:
            raise Refused("message_changed")
        return known.answer, True
    answer = act(actor)
    receipt = WebhookReceipt(source_id=source.id, message=message, kind=kind, content=content, answer=answer, at=now)
    db.session.add(receipt)
    db.session.flush()
    record(actor, "webhook_message.received", "webhook_source", source.id, now=now, label=kind, message=message)
    return answer, False
