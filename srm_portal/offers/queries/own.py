"""A supplier's own offer: draft, files, what was handed in, and the proof of it. For nobody else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from srm_portal.audit import queries as audit
from srm_portal.audit.domain import receipt as receipts
from srm_portal.infra.db import db
from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain.answer import Answer, Finding, LineAnswer
from srm_portal.offers.domain.asked import Asked, read_publication
from srm_portal.offers.models import Offer
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView


@dataclass(frozen=True, slots=True)
class OwnFile:
    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionView:
    id: str
    version: int
    state: str
    commitment: str
    submitted_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submission:
    """The version that stands, with what its receipt says, and the nonce, which at S2 only the supplier holds."""

    id: str
    version: int
    commitment: str
    submitted_at: datetime
    receipt: str
    statement: dict[str, Any]
    key_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """Everything the supplier's pages show.

    `changed`: the draft says something else than what was handed in. `unconfirmed`: the amendment it must be confirmed
    after, or 0.
    """

    event: EventView
    asked: Asked
    draft: Answer
    draft_version: int | None
    saved_at: datetime | None
    files: tuple[OwnFile, ...]
    versions: tuple[VersionView, ...]
    submission: Submission | None
    changed: bool
    unconfirmed: int
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.blocking)


def _versions(event_id: str, supplier_id: str) -> list[Offer]:
    query = select(Offer).where(Offer.event_id == event_id, Offer.supplier_id == supplier_id)
    return list(db.session.scalars(query.order_by(Offer.version.desc()).options(undefer(Offer.own_copy))))


def _submission(row: Offer, copy: dict[str, Any] | None) -> Submission:
    document = from_canonical(row.receipt.rstrip("\n").encode())
    return Submission(
        row.id,
        row.version,
        row.commitment,
        row.submitted_at,
        row.receipt,
        document["statement"],
        document["key_id"],
        copy["nonce"] if copy else "",
    )


def own_offer(actor: Actor, event_id: str) -> OwnOffer:
    """NotFound for everybody but an invited supplier. Reads the draft and the own copy with the server's keys."""
    event = store.invited_event(actor, event_id)
    assert actor.supplier_id is not None and event.publication is not None
    asked = read_publication(event.publication, deadline_at=event.deadline_at)
    row = store.draft_row(event_id, actor.supplier_id)
    draft = offer.in_order(store.read_draft(row), asked)
    files = []
    for file in store.draft_files(event_id, actor.supplier_id):
        meta = store.read_meta(file.wrapped, file.stored_name)
        files.append(OwnFile(file.id, meta.name, meta.media_type, meta.size, meta.sha256, file.attached_at))
    rows = _versions(event_id, actor.supplier_id)
    standing = next((one for one in rows if one.state == "submitted"), None)
    copy = store.read_copy(standing) if standing and standing.own_copy is not None else None
    return OwnOffer(
        event,
        asked,
        draft,
        row.version if row else None,
        row.saved_at if row else None,
        tuple(files),
        tuple(
            VersionView(one.id, one.version, one.state, one.commitment, one.submitted_at, one.withdrawn_at)
            for one in rows
        ),
        _submission(standing, copy) if standing else None,
        standing is None or _changed(copy, draft, files),
        _unconfirmed(event_id, standing),
        tuple(offer.findings(draft, asked)),
    )


def _unconfirmed(event_id: str, standing: Offer | None) -> int:
    """The amendment after which the offer that stands was not confirmed yet; 0 when nothing is owed."""
    number = sourcing.to_confirm(event_id) if standing is not None else 0
    return number if standing is not None and standing.amendment < number else 0


def _changed(copy: dict[str, Any] | None, draft: Answer, files: list[OwnFile]) -> bool:
    if copy is None:  # only the supplier holds what was handed in: anything written since is a change
        return bool(files) or any(line != LineAnswer(line.line_id) for line in draft.lines) or bool(draft.questions)
    said = from_canonical(copy["offer"].encode())["answer"]
    return said.get("files") != [file.id for file in files] or offer.from_plain(said) != draft


def invited_event(actor: Actor, event_id: str) -> EventView:
    """The event, for an invited supplier; NotFound for everybody else."""
    return store.invited_event(actor, event_id)


def own_summary(actor: Actor, event_id: str) -> tuple[str, datetime | None]:
    """("submitted" | "draft" | "withdrawn" | "none", when), for the event's page: two cheap reads."""
    assert actor.supplier_id is not None
    query = select(Offer.state, Offer.submitted_at, Offer.withdrawn_at).where(
        Offer.event_id == event_id, Offer.supplier_id == actor.supplier_id
    )
    last = db.session.execute(query.order_by(Offer.version.desc()).limit(1)).first()
    if last is not None and last.state == "submitted":
        return "submitted", last.submitted_at
    row = store.draft_row(event_id, actor.supplier_id)
    if last is not None:
        return "withdrawn", last.withdrawn_at
    return ("draft", row.saved_at) if row is not None else ("none", None)


def own_proof(actor: Actor, event_id: str, version: int) -> tuple[bytes, bytes, str]:
    """(receipt, offer file, nonce) of one own version: what the stand-alone verifier asks for.

    At S2 the supplier alone holds offer and nonce: both are empty here.
    """
    store.invited_event(actor, event_id)
    query = select(Offer).where(
        Offer.event_id == event_id, Offer.supplier_id == actor.supplier_id, Offer.version == version
    )
    row = db.session.scalar(query.options(undefer(Offer.own_copy)))
    if row is None:
        raise NotFound
    if row.own_copy is None:
        return _proven(row.receipt), b"", ""
    copy = store.read_copy(row)
    return _proven(row.receipt), copy["offer"].encode(), copy["nonce"]


def _proven(issued: str) -> bytes:
    """The receipt with its proof of inclusion, once a checkpoint covers its entry."""
    held = receipts.parse(issued.encode())
    proof = audit.proof_of(held.statement["entry"]["id"])
    return receipts.to_bytes(held if proof is None else held.with_proof(proof))


@dataclass(frozen=True, slots=True)
class Standing:
    """An offer that stands: who handed it in, its receipt with the proof of inclusion if there is one."""

    offer_id: str
    by_id: str
    version: int
    receipt: str


def standing(event_id: str) -> list[Standing]:
    """The offers that stand, for mails to those who handed them in."""
    query = select(Offer).where(Offer.event_id == event_id, Offer.state == "submitted").order_by(Offer.id)
    rows = db.session.scalars(query)
    return [Standing(row.id, row.submitted_by, row.version, _proven(row.receipt).decode()) for row in rows]


def own_attachment(actor: Actor, event_id: str, file_id: str) -> tuple[store.FileMeta, bytes]:
    """An own attachment in clear, for the supplier who attached it."""
    store.invited_event(actor, event_id)
    row = store.own_file(actor, event_id, file_id)
    meta = store.read_meta(row.wrapped, row.stored_name)
    target = io.BytesIO()
    store.read_stream(row.stored_name, meta.key, target)
    return meta, target.getvalue()
