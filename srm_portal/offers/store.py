"""Rows of sealed offers, and how they are kept: wrapped, padded, bound to their place."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import func, select

from srm_portal.bidding_lists import queries as bidding
from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.keys import server_keys
from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.offers.domain import sealing
from srm_portal.offers.domain.answer import Answer, from_plain, to_plain
from srm_portal.offers.models import Draft, EventKey, Offer, OfferFile
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView

SINGLE: sealing.Envelope = "single"


@dataclass(frozen=True, slots=True)
class FileMeta:
    """What an attachment is called and how it opens."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: bytes


def invited_event(actor: Actor, event_id: str) -> EventView:
    """The event this supplier is invited to; for everybody else it does not exist."""
    if actor.supplier_id is None:
        raise NotFound
    bidding.invitation_of(actor, event_id)
    event = sourcing.event(event_id)
    if event.publication is None:
        raise NotFound
    return event


def event_key(event_id: str, now: datetime) -> sealing.EventKey:
    """The public half of the event's key, made on first use; its row is locked, which puts submissions in order."""
    query = select(EventKey).where(EventKey.event_id == event_id, EventKey.envelope == SINGLE)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None:
        private, public = boxes.new_pair()
        key = sealing.EventKey(event_id, SINGLE, public)
        wrapped = server_keys().wrap(private, key.context())
        db.session.add(EventKey(event_id=event_id, envelope=SINGLE, public=public, wrapped=wrapped, created_at=now))
        db.session.flush()
        return key
    return sealing.EventKey(event_id, SINGLE, row.public)


def private_key(event_id: str) -> bytes | None:
    """The private half of the event's key; None where nothing was ever sealed. Refuses without the server's keys."""
    query = select(EventKey).where(EventKey.event_id == event_id, EventKey.envelope == SINGLE)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None:
        return None
    return server_keys().unwrap(row.wrapped, sealing.EventKey(event_id, SINGLE, row.public).context())


def wrap(value: Mapping[str, Any], context: str) -> bytes:
    """A canonical value, padded and under the server's keys: opens only in the same context."""
    return server_keys().wrap(sealing.pad(canonical(dict(value))), context)


def unwrap(wrapped: bytes, context: str) -> dict[str, Any]:
    value: dict[str, Any] = from_canonical(sealing.unpad(server_keys().unwrap(wrapped, context)))
    return value


def draft_context(event_id: str, supplier_id: str) -> str:
    return f"offer draft|{event_id}|{supplier_id}"


def copy_context(event_id: str, supplier_id: str, version: int) -> str:
    return f"offer copy|{event_id}|{supplier_id}|{version}"


def file_context(stored_name: str) -> str:
    return f"offer file|{stored_name}"


def draft_row(event_id: str, supplier_id: str, *, lock: bool = False) -> Draft | None:
    """`lock`: colleagues who save at the same time wait for each other."""
    query = select(Draft).where(Draft.event_id == event_id, Draft.supplier_id == supplier_id)
    return db.session.scalar(query.with_for_update() if lock and not is_sqlite() else query)


def read_draft(row: Draft | None) -> Answer:
    if row is None:
        return Answer()
    return from_plain(unwrap(row.wrapped, draft_context(row.event_id, row.supplier_id)))


def write_draft(event_id: str, supplier_id: str, answer: Answer, by: str, now: datetime) -> Draft:
    row = draft_row(event_id, supplier_id)
    wrapped = wrap(to_plain(answer), draft_context(event_id, supplier_id))
    if row is None:
        row = Draft(event_id=event_id, supplier_id=supplier_id, wrapped=wrapped, saved_at=now, saved_by=by)
        db.session.add(row)
    else:
        row.wrapped, row.saved_at, row.saved_by = wrapped, now, by
        row.touch()
    db.session.flush()
    return row


def current_offer(event_id: str, supplier_id: str) -> Offer | None:
    """The version that stands: submitted and neither replaced nor withdrawn."""
    return db.session.scalar(
        select(Offer).where(Offer.event_id == event_id, Offer.supplier_id == supplier_id, Offer.state == "submitted")
    )


def next_version(event_id: str, supplier_id: str) -> int:
    query = select(func.max(Offer.version)).where(Offer.event_id == event_id, Offer.supplier_id == supplier_id)
    return (db.session.scalar(query) or 0) + 1


def read_copy(row: Offer) -> dict[str, Any]:
    """The supplier's own copy: `offer` (the bytes committed to, as text), `nonce` and `answer`."""
    return unwrap(row.own_copy, copy_context(row.event_id, row.supplier_id, row.version))


def draft_files(event_id: str, supplier_id: str) -> list[OfferFile]:
    query = (
        select(OfferFile)
        .where(OfferFile.event_id == event_id, OfferFile.supplier_id == supplier_id, OfferFile.removed.is_(False))
        .order_by(OfferFile.attached_at, OfferFile.id)
    )
    return list(db.session.scalars(query))


def own_file(actor: Actor, event_id: str, file_id: str) -> OfferFile:
    row = db.session.get(OfferFile, file_id)
    if row is None or row.removed or (row.event_id, row.supplier_id) != (event_id, actor.supplier_id):
        raise NotFound
    return row


def wrap_meta(meta: FileMeta, stored_name: str) -> bytes:
    value = {
        "name": meta.name,
        "media_type": meta.media_type,
        "size": meta.size,
        "sha256": meta.sha256,
        "key": meta.key.hex(),
    }
    return wrap(value, file_context(stored_name))


def read_meta(wrapped: bytes, stored_name: str) -> FileMeta:
    value = unwrap(wrapped, file_context(stored_name))
    return FileMeta(value["name"], value["media_type"], value["size"], value["sha256"], bytes.fromhex(value["key"]))


def stream_path(stored_name: str) -> Path:
    return Path(current_app.config["UPLOAD_DIR"]) / stored_name[:2] / stored_name


def write_stream(source: BinaryIO) -> tuple[str, bytes, boxes.StreamSummary]:
    """Seal a file under a key of its own, on the disk before it counts: (stored name, key, summary)."""
    stored_name, key = secrets.token_hex(24), boxes.new_stream_key()
    path = stream_path(stored_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    source.seek(0)
    try:
        with path.open("xb") as target:
            summary = boxes.seal_stream(source, target, key)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return stored_name, key, summary


def read_stream(stored_name: str, key: bytes, target: BinaryIO) -> boxes.StreamSummary:
    """Refuses `stream_damaged`, `file_lost`."""
    try:
        with stream_path(stored_name).open("rb") as source:
            return boxes.open_stream(source, target, key)
    except FileNotFoundError:
        raise Refused("file_lost") from None
