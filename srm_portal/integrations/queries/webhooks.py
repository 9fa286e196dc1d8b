"""Targets, deliveries and sources as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from srm_portal.infra.db import db
from srm_portal.integrations.models import WebhookDelivery, WebhookReceipt, WebhookSource, WebhookTarget
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.web.paging import Page


@dataclass(frozen=True, slots=True)
class TargetView:
    id: str
    url: str
    description: str
    events: tuple[str, ...]
    state: str
    delivered: int
    queued: int
    dead: int

    @property
    def active(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class DeliveryView:
    id: str
    event: str
    body: str
    state: str
    attempts: int
    status: int | None
    last_error: str
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceView:
    id: str
    name: str
    user_id: str
    messages: int
    last_at: datetime | None


def _target(row: WebhookTarget, counts: dict[tuple[str, str], int]) -> TargetView:
    numbers = (counts.get((row.id, state), 0) for state in ("delivered", "queued", "dead"))
    return TargetView(row.id, row.url, row.description, tuple(row.events), row.state, *numbers)


def _counts(ids: list[str]) -> dict[tuple[str, str], int]:
    query = select(WebhookDelivery.target_id, WebhookDelivery.state, func.count())
    found = db.session.execute(
        query.where(WebhookDelivery.target_id.in_(ids)).group_by(WebhookDelivery.target_id, WebhookDelivery.state)
    )
    return {(target, state): number for target, state, number in found}


def targets(actor: Actor) -> list[TargetView]:
    query = select(WebhookTarget).where(
        WebhookTarget.organisation_id == actor.organisation_id, WebhookTarget.state != "removed"
    )
    rows = list(db.session.scalars(query.order_by(WebhookTarget.created_at)))
    counts = _counts([row.id for row in rows])
    return [_target(row, counts) for row in rows]


def target_for(actor: Actor, target_id: str) -> TargetView:
    row = db.session.get(WebhookTarget, target_id)
    if row is None or row.organisation_id != actor.organisation_id or row.state == "removed":
        raise NotFound
    return _target(row, _counts([row.id]))


def deliveries(target_id: str, state: str, page: Page) -> tuple[list[DeliveryView], int]:
    """Messages of a target, newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.target_id == target_id)
    if state:
        query = query.where(WebhookDelivery.state == state)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id).limit(page.size).offset(page.offset)
    )
    return [
        DeliveryView(
            one.id,
            one.event,
            one.body,
            one.state,
            one.attempts,
            one.status,
            one.last_error,
            one.next_at,
            one.created_at,
            one.delivered_at,
        )
        for one in rows
    ], total


def sources(actor: Actor) -> list[SourceView]:
    query = select(WebhookSource).where(
        WebhookSource.organisation_id == actor.organisation_id, WebhookSource.state != "removed"
    )
    rows = list(db.session.scalars(query.order_by(WebhookSource.created_at)))
    counted = select(WebhookReceipt.source_id, func.count(), func.max(WebhookReceipt.at))
    counted = counted.where(WebhookReceipt.source_id.in_([row.id for row in rows]))
    found = {one: (number, at) for one, number, at in db.session.execute(counted.group_by(WebhookReceipt.source_id))}
    return [SourceView(row.id, row.name, row.user_id, *found.get(row.id, (0, None))) for row in rows]
