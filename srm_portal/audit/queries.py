"""Reading the trail: history beside a record, and search for auditors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from srm_portal.audit.models import AuditEntry
from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    object_type: str
    object_id: str
    label: str
    reason: str
    details: dict[str, Any]
    stream: str
    seq: int
    hash: str


def _line(entry: AuditEntry) -> HistoryLine:
    return HistoryLine(
        entry.at,
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.object_label,
        entry.reason,
        json.loads(entry.details),
        entry.stream,
        entry.seq,
        entry.hash,
    )


def history_of(actor: Actor, object_ids: list[str], limit: int = 50) -> list[HistoryLine]:
    """What happened to these objects, newest first. The caller has authorised the actor for them."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.organisation_id == actor.organisation_id, AuditEntry.object_id.in_(object_ids))
        .order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
        .limit(limit)
    )
    return [_line(entry) for entry in db.session.scalars(query)]


def stream_history(actor: Actor, stream: str, limit: int = 50) -> list[HistoryLine]:
    """A stream's newest entries (a project's whole story). The caller has authorised the actor."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.organisation_id == actor.organisation_id, AuditEntry.stream == stream)
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )
    return [_line(entry) for entry in db.session.scalars(query)]


def stream_acts(stream: str, actions: list[str]) -> list[HistoryLine]:
    """A stream's entries of these acts, oldest first. For rooms that compare their rows with the journal."""
    query = (
        select(AuditEntry).where(AuditEntry.stream == stream, AuditEntry.action.in_(actions)).order_by(AuditEntry.seq)
    )
    return [_line(entry) for entry in db.session.scalars(query)]


def actors_of(object_id: str, actions: list[str]) -> set[str]:
    """Who did one of these acts to an object: four eyes are judged from history, not from columns."""
    query = select(AuditEntry.actor_id).where(AuditEntry.object_id == object_id, AuditEntry.action.in_(actions))
    return set(db.session.scalars(query))


def search(
    actor: Actor, *, text: str = "", action: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[HistoryLine], int]:
    """The organisation's trail for auditors: newest first, with the number of all that match."""
    query = select(AuditEntry).where(AuditEntry.organisation_id == actor.organisation_id)
    if text:
        like = f"%{text}%"
        query = query.where(
            or_(
                AuditEntry.object_label.ilike(like),
                AuditEntry.actor_name.ilike(like),
                AuditEntry.object_id == text,
                AuditEntry.stream == text,
            )
        )
    if action:
        query = query.where(AuditEntry.action.startswith(action))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc()).limit(limit).offset(offset)
    return [_line(entry) for entry in db.session.scalars(page)], total


def objects_of(actor_id: str, actions: list[str]) -> Select[tuple[str]]:
    """The objects to which this person did one of these acts, as a part of a bigger question."""
    return select(AuditEntry.object_id).where(AuditEntry.actor_id == actor_id, AuditEntry.action.in_(actions))
