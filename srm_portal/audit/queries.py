"""Reading the trail: history beside a record, and search for auditors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from srm_portal.audit.domain import merkle
from srm_portal.audit.domain import receipt as receipts
from srm_portal.audit.models import AuditEntry, LogCheckpoint, LogLeaf
from srm_portal.audit.store import with_nodes
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


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A signed statement of the log: how many entries, when, and the note as it leaves the portal."""

    size: int
    at: datetime
    note: str


def newest_checkpoint() -> CheckpointView | None:
    """The log's newest checkpoint; None while nothing is in the log."""
    row = db.session.scalar(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))
    return CheckpointView(row.size, row.at, row.note) if row is not None else None


def proof_of(entry_id: str) -> receipts.Proof | None:
    """The proof that an entry stands in the log, against the first checkpoint that covers it; None until there is one.

    The same entry has the same proof for ever, so a receipt with its proof stays the same file.
    """
    query = (
        select(LogLeaf.index, LogCheckpoint.size, LogCheckpoint.note)
        .join(LogCheckpoint, LogCheckpoint.size > LogLeaf.index)
        .where(LogLeaf.entry_id == entry_id)
        .order_by(LogCheckpoint.size)
        .limit(1)
    )
    found = db.session.execute(query).first()
    if found is None:
        return None
    index, size, note = found
    return with_nodes(lambda node: receipts.prove(index, size, node, note))


def growth(old: int) -> tuple[CheckpointView, tuple[str, ...]] | None:
    """The newest checkpoint and the RFC 6962 proof (hex) that the log of `old` entries is its beginning."""
    newest = newest_checkpoint()
    if newest is None or not 0 < old <= newest.size:
        return None
    path = with_nodes(lambda node: merkle.consistency_proof(old, newest.size, node))
    return newest, tuple(step.hex() for step in path)
