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
from srm_portal.offers.domain import openers, sealing
from srm_portal.offers.domain.answer import Answer, from_plain, to_plain
from srm_portal.offers.domain.envelopes import envelopes_of
from srm_portal.offers.models import (
    Draft,
    EventKey,
    EventOpener,
    Exposure,
    Offer,
    OfferFile,
    OpenedOffer,
    OpenerKey,
    OpeningShare,
    ScoreLock,
)
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
    bidding.own_state(actor, event_id)
    event = sourcing.event(event_id)
    if event.publication is None:
        raise NotFound
    return event


def event_keys(event: EventView, now: datetime) -> dict[sealing.Envelope, sealing.EventKey]:
    """The public half of each envelope's key; their rows are locked, which puts submissions in order.

    Below level S2 they are made on first use. At S2 they were made at the publication: Refused `event_key_missing`.
    """
    rows = {row.envelope: row for row in _key_rows(event.id)}
    found: dict[sealing.Envelope, sealing.EventKey] = {}
    for envelope in envelopes_of(event.envelopes):
        row = rows.get(envelope)
        if row is None:
            if event.level == "S2":
                raise Refused("event_key_missing")
            private, public = boxes.new_pair()
            key = sealing.EventKey(event.id, envelope, public)
            wrapped = server_keys().wrap(private, key.context())
            db.session.add(
                EventKey(event_id=event.id, envelope=envelope, public=public, wrapped=wrapped, created_at=now)
            )
            db.session.flush()
        else:
            key = sealing.EventKey(event.id, envelope, row.public)
        found[envelope] = key
    return found


def _key_rows(event_id: str) -> list[EventKey]:
    query = select(EventKey).where(EventKey.event_id == event_id).order_by(EventKey.envelope)
    return list(db.session.scalars(query if is_sqlite() else query.with_for_update()))


def key_row(event_id: str, envelope: str) -> EventKey | None:
    return next((row for row in _key_rows(event_id) if row.envelope == envelope), None)


def private_key(event_id: str, envelope: sealing.Envelope) -> bytes | None:
    """The private half of an envelope's key; None where nothing was ever sealed.

    Refusals: `sealing_key_missing`, and at S2 those of `gather` (`too_few_openers`, `false_share` ...).
    """
    row = key_row(event_id, envelope)
    if row is None:
        return None
    if row.manifest is not None:
        manifest = openers.parse_manifest(row.manifest)
        acts = [(one.user_id, _share(one)) for one in shares(event_id, envelope) if one.wrapped is not None]
        return openers.gather(manifest, acts, boxes.public_of)
    assert row.wrapped is not None
    return server_keys().unwrap(row.wrapped, sealing.EventKey(event_id, envelope, row.public).context())


def shares(event_id: str, envelope: str) -> list[OpeningShare]:
    query = select(OpeningShare).where(OpeningShare.event_id == event_id, OpeningShare.envelope == envelope)
    return list(db.session.scalars(query.order_by(OpeningShare.at, OpeningShare.id)))


def share_context(event_id: str, envelope: str, user_id: str) -> str:
    return f"opening share|{event_id}|{envelope}|{user_id}"


def _share(row: OpeningShare) -> bytes:
    assert row.wrapped is not None
    return server_keys().unwrap(row.wrapped, share_context(row.event_id, row.envelope, row.user_id))


def forget_shares(event_id: str, envelope: str) -> None:
    """The envelope is open: its shares are not kept any longer than their names."""
    for row in shares(event_id, envelope):
        row.wrapped = None
    db.session.flush()


def opened_offers(event_id: str) -> list[OpenedOffer]:
    """By name of the supplier."""
    rows = db.session.scalars(select(OpenedOffer).where(OpenedOffer.event_id == event_id))
    return sorted(rows, key=lambda row: (row.supplier_name.casefold(), row.id))


def score_lock(event_id: str) -> ScoreLock | None:
    return db.session.scalar(select(ScoreLock).where(ScoreLock.event_id == event_id))


def event_openers(event_id: str) -> list[EventOpener]:
    query = select(EventOpener).where(EventOpener.event_id == event_id).order_by(EventOpener.name, EventOpener.id)
    return list(db.session.scalars(query))


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


def write_draft(row: Draft | None, event_id: str, supplier_id: str, answer: Answer, by: str, now: datetime) -> Draft:
    """`row`: the draft as it stands, locked; None where there is none."""
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
    """The supplier's own copy: `offer` (the bytes committed to, as text) and `nonce`; at S2 there is none."""
    assert row.own_copy is not None
    return unwrap(row.own_copy, copy_context(row.event_id, row.supplier_id, row.version))


def draft_files(event_id: str, supplier_id: str) -> list[OfferFile]:
    query = (
        select(OfferFile)
        .where(OfferFile.event_id == event_id, OfferFile.supplier_id == supplier_id, OfferFile.removed.is_(False))
        .order_by(OfferFile.attached_at, OfferFile.id)
    )
    return list(db.session.scalars(query))


def file_envelopes(ids: list[str]) -> dict[str, sealing.Envelope]:
    """File id -> the envelope it goes into."""
    if not ids:
        return {}
    rows = db.session.execute(select(OfferFile.id, OfferFile.envelope).where(OfferFile.id.in_(ids)))
    return {name: "price" if envelope == "price" else "technical" for name, envelope in rows}


def own_file(actor: Actor, event_id: str, file_id: str) -> OfferFile:
    row = db.session.get(OfferFile, file_id)
    if row is None or row.removed or (row.event_id, row.supplier_id) != (event_id, actor.supplier_id):
        raise NotFound
    return row


def draft_is_empty(event_id: str, supplier_id: str) -> bool:
    row = draft_row(event_id, supplier_id)
    return row is None or read_draft(row) == Answer()


def forget_draft(event_id: str, supplier_id: str) -> list[dict[str, Any]]:
    """Empty the draft and take the keys of its files away; returns what the supplier keeps of the files."""
    row = draft_row(event_id, supplier_id)
    if row is not None:
        row.wrapped = wrap(to_plain(Answer()), draft_context(event_id, supplier_id))
        row.touch()
    kept = []
    for file in draft_files(event_id, supplier_id):
        meta = read_meta(file.wrapped, file.stored_name)
        kept.append({"id": file.id, "envelope": file.envelope} | _plain_meta(meta))
        file.wrapped = wrap_meta(FileMeta("", meta.media_type, 0, "", b""), file.stored_name)
        file.removed = True
    db.session.flush()
    return kept


def wrap_meta(meta: FileMeta, stored_name: str) -> bytes:
    return wrap(_plain_meta(meta), file_context(stored_name))


def _plain_meta(meta: FileMeta) -> dict[str, Any]:
    return {
        "name": meta.name,
        "media_type": meta.media_type,
        "size": meta.size,
        "sha256": meta.sha256,
        "key": meta.key.hex(),
    }


def meta_of(value: Mapping[str, Any]) -> FileMeta:
    return FileMeta(value["name"], value["media_type"], value["size"], value["sha256"], bytes.fromhex(value["key"]))


def read_meta(wrapped: bytes, stored_name: str) -> FileMeta:
    return meta_of(unwrap(wrapped, file_context(stored_name)))


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


def opener_key(user_id: str) -> OpenerKey | None:
    """The key that a person uses now."""
    query = select(OpenerKey).where(OpenerKey.user_id == user_id, OpenerKey.state == "active")
    return db.session.scalar(query)


def opener_keys(organisation_id: str) -> list[OpenerKey]:
    query = select(OpenerKey).where(OpenerKey.organisation_id == organisation_id, OpenerKey.state == "active")
    return list(db.session.scalars(query))


def events_of_key(public: bytes) -> list[str]:
    """The events that were sealed, or are prepared to be sealed, to a key."""
    return list(db.session.scalars(select(EventOpener.event_id).where(EventOpener.public == public)))


def exposure(event_id: str, user_id: str, what: str) -> Exposure | None:
    return db.session.scalar(
        select(Exposure).where(Exposure.event_id == event_id, Exposure.user_id == user_id, Exposure.what == what)
    )
