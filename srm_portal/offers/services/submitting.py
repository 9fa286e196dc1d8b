"""Handing in: sealed to the event's key, committed to in the journal, receipted at once. Until the deadline it may be
replaced or withdrawn; a late attempt is refused and leaves a trace that says nothing of its content."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update

from srm_portal.audit.domain import receipt
from srm_portal.audit.queries import newest_checkpoint
from srm_portal.audit.services import record, record_row
from srm_portal.identity import queries as identity
from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db
from srm_portal.infra.keys import server_keys
from srm_portal.infra.outbox import queue_mail
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import Forbidden, Invalid, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain import sealing
from srm_portal.offers.models import Offer, OfferFile
from srm_portal.offers.services.drafting import asked_of, check_writable
from srm_portal.sourcing.queries import EventView

UNNAMED = "supplier"
"""The buyer reads the project's trail: before the opening it must not tell who has answered."""


def submit_offer(actor: Actor, event_id: str, *, now: datetime) -> str:
    """Hand in the draft as it stands; returns the offer's id. The same content twice is one offer.

    Refusals: NotFound (not invited), Forbidden `may_not_bid`, `late` (recorded with a hash only), `event_called_off`,
    `invitation_not_accepted`, `offer_incomplete`, Invalid with wrong values.
    """
    try:
        return _submit(actor, event_id, now)
    except Refused as refusal:
        if refusal.code == "offer_late":
            _record_late(actor, event_id, now)
        raise


def _unnamed(actor: Actor) -> Actor:
    return replace(actor, name=UNNAMED)


def _check_may_bid(actor: Actor) -> None:
    if not actor.may_bid:
        raise Forbidden("may_not_bid")


@command
def _submit(actor: Actor, event_id: str, now: datetime) -> str:
    event = store.invited_event(actor, event_id)
    _check_may_bid(actor)
    key = store.event_key(event_id, now)
    check_writable(actor, event, now)
    contents = _contents(actor, event, now)
    standing = store.current_offer(event_id, contents.place.supplier)
    if standing is not None and _same(standing, contents):
        return standing.id
    box = sealing.seal_offer(contents, key, boxes.seal)
    row = _write(actor, event, contents, box, standing, now)
    _mail_receipt(actor, event, row, now)
    return row.id


def _contents(actor: Actor, event: EventView, now: datetime) -> sealing.Contents:
    """What will be sealed: the draft, complete and right, with its files."""
    assert actor.supplier_id is not None
    asked = asked_of(event)
    draft = offer.in_order(store.read_draft(store.draft_row(event.id, actor.supplier_id)), asked)
    wrong = offer.problems(draft, asked, now.date())
    if wrong:
        raise Invalid(wrong)
    missing = [one for one in offer.findings(draft, asked) if one.blocking]
    if missing:
        raise Refused("offer_incomplete", count=len(missing))
    rows = store.draft_files(event.id, actor.supplier_id)
    metas = [store.read_meta(row.wrapped, row.stored_name) for row in rows]
    answer: dict[str, Any] = offer.to_plain(draft) | {
        "currency": event.currency,
        "files": [row.id for row in rows],
    }
    version = store.next_version(event.id, actor.supplier_id)
    return sealing.Contents(
        sealing.Place(event.id, actor.supplier_id, store.SINGLE, version),
        answer,
        boxes.random_bytes(sealing.NONCE_BYTES),
        tuple(sealing.Attachment(meta.name, meta.size, meta.sha256, meta.key) for meta in metas),
    )


def _same(standing: Offer, contents: sealing.Contents) -> bool:
    return bool(store.read_copy(standing)["offer"] == contents.offer_bytes().decode())


def _write(
    actor: Actor, event: EventView, contents: sealing.Contents, box: bytes, standing: Offer | None, now: datetime
) -> Offer:
    place, commitment = contents.place, contents.commitment()
    if standing is not None:
        standing.state = "replaced"
        db.session.flush()
    journal = record_row(
        _unnamed(actor),
        "offer.submitted",
        "event",
        event.id,
        now=now,
        label=event.reference,
        stream=event.stream,
        event=event.id,
        supplier=place.supplier,
        version=place.version,
        commitment=commitment,
    )
    copy = {"offer": contents.offer_bytes().decode(), "nonce": contents.nonce.hex()}
    row = Offer(
        organisation_id=event.organisation_id,
        event_id=event.id,
        supplier_id=place.supplier,
        version=place.version,
        state="submitted",
        sealed=box,
        own_copy=store.wrap(copy, store.copy_context(event.id, place.supplier, place.version)),
        commitment=commitment,
        submitted_at=now,
        submitted_by=actor.user_id,
        receipt=receipt.to_bytes(receipt.issue(journal, server_keys().signer)).decode(),
    )
    db.session.add(row)
    files = contents.answer["files"]
    if files:
        db.session.execute(update(OfferFile).where(OfferFile.id.in_(files)).values(submitted=True))
    db.session.flush()
    return row


def _mail_receipt(actor: Actor, event: EventView, row: Offer, now: datetime) -> None:
    person = identity.person(actor.user_id)
    if person is None:
        return
    statement = from_canonical(row.receipt.rstrip("\n").encode())["statement"]
    queue_mail(
        "offer_receipt",
        person.email,
        language=person.language,
        now=now,
        organisation_id=event.organisation_id,
        user_id=person.id,
        about=row.id,
        name=person.name,
        title=event.title,
        reference=event.reference,
        version=row.version,
        at=statement["at"],
        commitment=row.commitment,
        chain_hash=statement["chain_hash"],
        receipt=row.receipt.rstrip("\n"),
        checkpoint=newest.note if (newest := newest_checkpoint()) else "",
        path=f"/s/events/{event.id}/offer/receipt",
    )


@command
def _record_late(actor: Actor, event_id: str, now: datetime) -> None:
    """A late attempt leaves its time and a salted hash; the offer itself is not kept."""
    event = store.invited_event(actor, event_id)
    assert actor.supplier_id is not None and event.deadline_at is not None
    draft = store.read_draft(store.draft_row(event_id, actor.supplier_id))
    place = sealing.Place(event_id, actor.supplier_id, store.SINGLE, 0)
    attempt = sealing.Contents(place, offer.to_plain(draft), boxes.random_bytes(sealing.NONCE_BYTES))
    record(
        _unnamed(actor),
        "offer.late",
        "event",
        event_id,
        now=now,
        label=event.reference,
        stream=event.stream,
        event=event_id,
        supplier=actor.supplier_id,
        deadline=event.deadline_at,
        commitment=attempt.commitment(),
    )


@command
def withdraw_offer(actor: Actor, event_id: str, *, now: datetime) -> None:
    """Take the offer back before the deadline. It stays sealed for ever; the draft stays for another try.

    Refusals: those of `submit_offer`, `nothing_submitted`.
    """
    event = store.invited_event(actor, event_id)
    _check_may_bid(actor)
    store.event_key(event_id, now)
    check_writable(actor, event, now)
    assert actor.supplier_id is not None
    row = store.current_offer(event_id, actor.supplier_id)
    if row is None:
        raise Refused("nothing_submitted")
    row.state, row.withdrawn_at = "withdrawn", now
    record(
        _unnamed(actor),
        "offer.withdrawn",
        "event",
        event_id,
        now=now,
        label=event.reference,
        stream=event.stream,
        event=event_id,
        supplier=actor.supplier_id,
        version=row.version,
        commitment=row.commitment,
    )
