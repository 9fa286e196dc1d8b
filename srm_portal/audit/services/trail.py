"""Leaving a trail: `record` writes the entry in the caller's transaction and marks it as audited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select, update

from srm_portal.audit.domain.chain import GENESIS, BadRow, entry_hash, verify
from srm_portal.audit.models import AuditEntry, AuditStream
from srm_portal.infra.db import db, is_sqlite, new_id
from srm_portal.infra.transaction import mark_audited
from srm_portal.kernel.canonical import canonical, moment_text
from srm_portal.kernel.money import Money, plain
from srm_portal.kernel.permissions import Actor

LAYOUT = 1


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": plain(value.amount), "currency": value.currency}
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return value


def entry_row(entry: AuditEntry | SimpleNamespace) -> dict[str, Any]:
    """What is hashed: every stored column, as stored."""
    return {
        "layout": entry.layout,
        "id": entry.id,
        "stream": entry.stream,
        "seq": entry.seq,
        "at": moment_text(entry.at),
        "organisation": entry.organisation_id,
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "object_type": entry.object_type,
        "object": entry.object_id,
        "label": entry.object_label,
        "reason": entry.reason,
        "details": entry.details,
        "prev": entry.prev,
    }


def _head(stream: str) -> AuditStream:
    query = select(AuditStream).where(AuditStream.name == stream).execution_options(populate_existing=True)
    head = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if head is None:
        head = AuditStream(name=stream, seq=0, head=GENESIS)
        db.session.add(head)
        db.session.flush()
    return head


def record(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: str,
    *,
    now: datetime,
    label: str = "",
    reason: str = "",
    stream: str | None = None,
    organisation_id: str | None = None,
    **details: Any,
) -> str:
    """Append one entry and return its hash.

    `action` is `noun.verb_past` ("need.approved"), `label` how people call the object, `details` plain values
    (Money, Decimal, moments and days are written exactly). `stream` names the chain; by default the
    organisation's. Entries about one sourcing project go to `"project:<id>"`, so that its story is one chain.
    """
    organisation = organisation_id or actor.organisation_id
    return _append(actor, action, object_type, object_id, now, label, reason, stream, organisation, details).hash


_STREAMS: Any = AuditStream.__table__
_ADDED: Any = AuditEntry.__table__.insert()  # type: ignore[attr-defined]
_MOVED = update(_STREAMS).where(_STREAMS.c.name == bindparam("stream")).values(seq=bindparam("n"), head=bindparam("h"))


@dataclass(frozen=True, slots=True)
class Act:
    """One entry to come, for `record_many`; fields as in `record`."""

    actor: Actor
    action: str
    object_type: str
    object_id: str
    now: datetime
    label: str
    reason: str
    stream: str
    organisation_id: str
    details: dict[str, Any] = field(default_factory=dict)


def record_many(acts: Sequence[Act]) -> None:
    """Append many entries in their order, with few statements; for the writer that stores hundreds of acts at once."""
    if acts:
        heads = _heads(sorted({act.stream for act in acts}))
        rows = [_next_row(heads, act) for act in acts]
        link = db.session.connection()
        link.execute(_ADDED, rows)
        link.execute(_MOVED, [{"stream": name, "n": seq, "h": head} for name, (seq, head) in heads.items()])
    mark_audited()


def _heads(names: list[str]) -> dict[str, tuple[int, str]]:
    """Number and hash of each stream's last entry, the streams locked in the order of their names."""
    table: Any = AuditStream.__table__
    query = select(table.c.name, table.c.seq, table.c.head).where(table.c.name.in_(names)).order_by(table.c.name)
    found = {name: (seq, head) for name, seq, head in _locked(query)}
    missing = [name for name in names if name not in found]
    if missing:
        db.session.execute(table.insert(), [{"name": name, "seq": 0, "head": GENESIS} for name in missing])
    return {name: found.get(name, (0, GENESIS)) for name in names}


def _locked(query: Any) -> Any:
    return db.session.connection().execute(query if is_sqlite() else query.with_for_update())


def _next_row(heads: dict[str, tuple[int, str]], act: Act) -> dict[str, Any]:
    seq, prev = heads[act.stream]
    found = {
        "id": new_id(),
        "stream": act.stream,
        "seq": seq + 1,
        "at": act.now.replace(microsecond=act.now.microsecond // 1000 * 1000),
        "organisation_id": act.organisation_id,
        "actor_id": act.actor.user_id,
        "actor_name": act.actor.name,
        "action": act.action,
        "object_type": act.object_type,
        "object_id": act.object_id,
        "object_label": act.label[:300],
        "reason": act.reason,
        "details": canonical(_plain(act.details)).decode(),
        "prev": prev,
        "layout": LAYOUT,
    }
    found["hash"] = entry_hash(entry_row(SimpleNamespace(**found)))
    heads[act.stream] = (seq + 1, str(found["hash"]))
    return found


def record_row(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: str,
    *,
    now: datetime,
    label: str = "",
    stream: str | None = None,
    **details: Any,
) -> dict[str, Any]:
    """Like `record`, but returns the whole row as it was hashed: what a receipt states."""
    return entry_row(
        _append(actor, action, object_type, object_id, now, label, "", stream, actor.organisation_id, details)
    )


def _append(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: str,
    now: datetime,
    label: str,
    reason: str,
    stream: str | None,
    organisation: str,
    details: dict[str, Any],
) -> AuditEntry:
    name = stream or f"organisation:{organisation}"
    head = _head(name)
    entry = AuditEntry(
        id=new_id(),
        stream=name,
        seq=head.seq + 1,
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        organisation_id=organisation,
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        object_type=object_type,
        object_id=object_id,
        object_label=label[:300],
        reason=reason,
        details=canonical(_plain(details)).decode(),
        prev=head.head,
        layout=LAYOUT,
    )
    entry.hash = entry_hash(entry_row(entry))
    head.seq, head.head = entry.seq, entry.hash
    db.session.add(entry)
    db.session.flush()
    mark_audited()
    return entry


def _rows(stream: str) -> Iterator[tuple[dict[str, Any], str]]:
    query = select(AuditEntry).where(AuditEntry.stream == stream).order_by(AuditEntry.seq)
    for entry in db.session.scalars(query.execution_options(yield_per=500)):
        yield entry_row(entry), entry.hash


def verify_streams() -> tuple[int, list[tuple[str, BadRow]]]:
    """Check every chain from its first entry to its head: (entries read, bad rows by stream)."""
    count, bad = 0, []
    for stream in db.session.scalars(select(AuditStream).order_by(AuditStream.name)).all():
        count += stream.seq
        fault = verify(_rows(stream.name))
        if fault is None:
            last = db.session.scalar(
                select(AuditEntry).where(AuditEntry.stream == stream.name).order_by(AuditEntry.seq.desc()).limit(1)
            )
            if last is None or last.seq != stream.seq or last.hash != stream.head:
                fault = BadRow(stream.seq, stream.seq, "broken_link")
        if fault is not None:
            bad.append((stream.name, fault))
    orphans = select(AuditEntry.stream).where(AuditEntry.stream.not_in(select(AuditStream.name))).distinct()
    bad += [(name, BadRow(0, 1, "broken_link")) for name in db.session.scalars(orphans)]
    return count, bad
