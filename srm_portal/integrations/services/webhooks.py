"""Webhooks out: targets, queueing, sending with retries, sending again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.gateways import gateway
from srm_portal.infra.keys import open_secret, seal_secret
from srm_portal.infra.transaction import command, housekeeping
from srm_portal.integrations.domain import events, retries, signing
from srm_portal.integrations.models import WebhookDelivery, WebhookTarget
from srm_portal.integrations.ports import Unreachable, WebhookTransport
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor

DELIVER = "webhooks.deliver"
TEST = "webhook.test"


def _transport() -> WebhookTransport:
    return gateway(WebhookTransport)  # type: ignore[type-abstract]


def _row_for(actor: Actor, target_id: str) -> WebhookTarget:
    row = db.session.get(WebhookTarget, target_id)
    if row is None or row.organisation_id != actor.organisation_id or row.state == "removed":
        raise NotFound
    return row


def _checked(url: str, wanted: Collection[str]) -> None:
    problems = []
    try:
        _transport().check(url)
    except Unreachable as wrong:
        problems.append(FieldProblem("url", wrong.code, value=url))
    unknown = [one for one in wanted if one not in events.EVENTS]
    if unknown or not wanted:
        facts = (("choices", ", ".join(events.EVENTS)),)
        problems.append(FieldProblem("events", "unknown_value", value=unknown[0] if unknown else "", facts=facts))
    if problems:
        raise Invalid(problems)


@command
def add_target(
    actor: Actor, *, url: str, wanted: Collection[str], now: datetime, description: str = ""
) -> tuple[str, str]:
    """An address that hears of events; returns its id and its secret, which is shown this once."""
    _checked(url.strip(), wanted)
    secret = signing.secret_text(secrets.token_bytes(signing.SECRET_BYTES))
    row = WebhookTarget(
        organisation_id=actor.organisation_id,
        url=url.strip(),
        description=description.strip()[:200],
        events=sorted(set(wanted)),
        secret=seal_secret(secret),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "webhook_target.added", "webhook_target", row.id, now=now, label=row.url, events=row.events)
    return row.id, secret


@command
def edit_target(
    actor: Actor,
    target_id: str,
    *,
    url: str,
    wanted: Collection[str],
    description: str,
    active: bool,
    now: datetime,
) -> None:
    row = _row_for(actor, target_id)
    _checked(url.strip(), wanted)
    row.url, row.events, row.description = url.strip(), sorted(set(wanted)), description.strip()[:200]
    row.state = "active" if active else "paused"
    row.touch()
    record(
        actor, "webhook_target.changed", "webhook_target", row.id, now=now, label=row.url,
        events=row.events, state=row.state,
    )  # fmt: skip


@command
def renew_secret(actor: Actor, target_id: str, *, now: datetime) -> str:
    """A new secret, shown this once; the old one no longer signs."""
    row = _row_for(actor, target_id)
    secret = signing.secret_text(secrets.token_bytes(signing.SECRET_BYTES))
    row.secret = seal_secret(secret)
    row.touch()
    record(actor, "webhook_target.secret_renewed", "webhook_target", row.id, now=now, label=row.url)
    return secret


@command
def remove_target(actor: Actor, target_id: str, *, now: datetime) -> None:
    """Nothing is sent there any more; what was sent stays on record."""
    row = _row_for(actor, target_id)
    row.state = "removed"
    row.touch()
    record(actor, "webhook_target.removed", "webhook_target", row.id, now=now, label=row.url)


@command
def send_test(actor: Actor, target_id: str, *, now: datetime) -> str:
    """A message without content, to see whether it arrives."""
    row = _row_for(actor, target_id)
    delivery = _queue(row, TEST, {"target": row.id}, secrets.token_hex(10), now)
    record(actor, "webhook_target.tested", "webhook_target", row.id, now=now, label=row.url)
    assert delivery is not None
    return delivery


@command
def replay(actor: Actor, delivery_id: str, *, now: datetime) -> str:
    """Send a message again, under its own id: a target that has it already can tell. Returns the target's id."""
    row = db.session.get(WebhookDelivery, delivery_id)
    if row is None:
        raise NotFound
    target = _row_for(actor, row.target_id)
    if row.state == "queued":
        raise Refused("already_queued")
    row.state, row.attempts, row.last_error, row.next_at = "queued", 0, "", now
    jobs.enqueue(DELIVER, {"delivery": row.id}, now=now)
    record(actor, "webhook_delivery.replayed", "webhook_target", target.id, now=now, label=target.url, message=row.id)
    return target.id


def _queue(target: WebhookTarget, event: str, facts: Mapping[str, Any], message: str, now: datetime) -> str | None:
    """None when this very message was queued before."""
    if db.session.get(WebhookDelivery, message) is not None:
        return None
    body = events.body(event, facts, now)
    db.session.add(
        WebhookDelivery(id=message, target_id=target.id, event=event, body=body, next_at=now, created_at=now)
    )
    db.session.flush()
    jobs.enqueue(DELIVER, {"delivery": message}, now=now)
    return message


@housekeeping
def announce(organisation_id: str, event: str, facts: Mapping[str, Any], *, cause: str, now: datetime) -> int:
    """Queue a message for every target that asked for the event; done twice for one `cause`, it is queued once."""
    query = select(WebhookTarget).where(
        WebhookTarget.organisation_id == organisation_id, WebhookTarget.state == "active"
    )
    queued = 0
    for target in db.session.scalars(query):
        if event in target.events:
            message = hashlib.sha256(f"{cause}:{target.id}".encode()).hexdigest()[:20]
            queued += _queue(target, event, facts, message, now) is not None
    return queued


@housekeeping
def _settle(delivery_id: str, now: datetime, status: int | None, error: str) -> None:
    row = db.session.get(WebhookDelivery, delivery_id)
    if row is None or row.state != "queued":
        return
    row.attempts += 1
    row.status, row.last_error, row.next_at = status, error, None
    if status is not None and retries.arrived(status):
        row.state, row.delivered_at = "delivered", now
        return
    wait = None if status == retries.GONE else retries.delay_after(row.attempts)
    if wait is None:
        row.state = "dead"
        return
    row.next_at = now + wait
    jobs.enqueue(DELIVER, {"delivery": row.id}, now=now, due_at=row.next_at)


def deliver(delivery_id: str, now: datetime) -> None:
    """One attempt. Signed now, so that the receiver finds it fresh."""
    row = db.session.get(WebhookDelivery, delivery_id)
    target = db.session.get(WebhookTarget, row.target_id) if row is not None else None
    if row is None or target is None or row.state != "queued":
        return
    if target.state != "active":
        _settle(delivery_id, now, retries.GONE, "target_" + target.state)
        return
    body, url = row.body.encode(), target.url
    secret = signing.secret_bytes(open_secret(target.secret))
    db.session.rollback()
    headers = signing.headers(secret, delivery_id, body, now) | {"Content-Type": "application/json"}
    try:
        status = _transport().post(url, headers, body)
    except Unreachable as wrong:
        _settle(delivery_id, now, None, wrong.code)
    else:
        _settle(delivery_id, now, status, "" if retries.arrived(status) else f"HTTP {status}")
