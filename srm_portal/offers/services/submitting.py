"""Handing in: sealed to the event's key, committed to in the journal, receipted at once. Until the deadline it may be
replaced or withdrawn; a late attempt is refused and leaves a trace that says nothing of its content."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.offers import store
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain import sealing
from srm_portal.offers.domain.answer import Answer
from srm_portal.offers.domain.envelopes import TWO, part_of
from srm_portal.offers.models import Offer, OfferFile
from srm_portal.offers.services.drafting import asked_of, check_writable, keep_draft
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView

KEPT_FORMAT = "srm-portal/kept-offer/1"
UNNAMED = "supplier"
"""The buyer reads the project's trail: before the opening it must not tell who has answered."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The offer as it stands, with all that proves it; `kept` where the portal forgets what it accepted (S2).

    At S2 `offer` and `nonce` are empty when the same offer is handed in again: only the supplier has them then.
    """

    offer_id: str
    version: int
    commitment: str
    receipt: str
    offer: bytes
    nonce: str
    kept: bytes | None = None

    @classmethod
    def of(cls, row: Offer, offer_bytes: bytes, nonce: str, kept: bytes | None = None) -> HandedIn:
        return cls(row.id, row.version, row.commitment, row.receipt, offer_bytes, nonce, kept)


def submit_offer(actor: Actor, event_id: str, *, now: datetime) -> str:
    """`hand_in` for those who need no more than the offer's id."""
    return hand_in(actor, event_id, now=now).offer_id


def hand_in(
    actor: Actor, event_id: str, *, now: datetime, answer: Answer | None = None, version: int | None = None
) -> HandedIn:
    """Hand in the draft as it stands, or `answer` in its place at once. The same content twice is one offer.

    At level S2 draft, own copy and the keys of the files are forgotten in the same transaction: from then on nobody
    reads the offer before k of n openers act. What the supplier needs to prove or change it is returned once.

    Refusals: NotFound (not invited), Forbidden `may_not_bid`, `late` (recorded with a hash only), `event_called_off`,
    `invitation_not_accepted`, `offer_incomplete`, Invalid with wrong values.
    """
    try:
        return _submit(actor, event_id, now, answer, version)
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
def _submit(
    actor: Actor, event_id: str, now: datetime, answer: Answer | None = None, version: int | None = None
) -> HandedIn:
    event = store.invited_event(actor, event_id)
    _check_may_bid(actor)
    keys = store.event_keys(event, now)
    check_writable(actor, event, now)
    if answer is not None:
        keep_draft(actor, event, answer, version, now)
    assert actor.supplier_id is not None
    standing = store.current_offer(event_id, actor.supplier_id)
    forgets = event.level == "S2"
    if forgets and standing is not None and store.draft_is_empty(event_id, actor.supplier_id):
        return HandedIn.of(standing, b"", "")
    contents = _contents(actor, event, now)
    if not forgets and standing is not None and (copy := _same(standing, contents)):
        return HandedIn.of(standing, copy["offer"].encode(), copy["nonce"])
    sealed = _seal(event, contents, keys)
    row = _write(actor, event, contents, sealed, standing, now)
    _mail_receipt(actor, event, row, now)
    kept = _forget(contents, row) if forgets else None
    return HandedIn.of(row, contents.offer_bytes(), contents.nonce.hex(), kept)


def _forget(contents: sealing.Contents, row: Offer) -> bytes:
    """Take every copy that this server could read out of the database; the supplier's is the last."""
    place = contents.place
    metas = store.forget_draft(place.event, place.supplier)
    return canonical(
        {
            "format": KEPT_FORMAT,
            "event": place.event,
            "supplier": place.supplier,
            "version": place.version,
            "offer": contents.offer_bytes().decode(),
            "nonce": contents.nonce.hex(),
            "receipt": row.receipt,
            "files": metas,
        }
    )


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
    rows = sorted(store.draft_files(event.id, actor.supplier_id), key=lambda row: row.envelope == "price")
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


@dataclass(frozen=True, slots=True)
class _Sealed:
    """The boxes; with two envelopes also the commitment of each."""

    price: bytes
    technical: bytes | None = None
    parts: dict[str, str] | None = None


def _seal(event: EventView, whole: sealing.Contents, keys: dict[sealing.Envelope, sealing.EventKey]) -> _Sealed:
    """One box, or two of which each opens alone. The price envelope also holds the nonce of the whole."""
    if "single" in keys:
        return _Sealed(sealing.seal_offer(whole, keys["single"], boxes.seal))
    commercial = {question.id for question in asked_of(event).questions if question.commercial}
    ids: list[str] = whole.answer["files"]
    placed = store.file_envelopes(ids)
    made = {}
    for envelope in TWO:
        part = part_of(whole.answer, envelope, commercial, placed)
        if envelope == "price":
            part["whole_nonce"] = whole.nonce.hex()
        place = replace(whole.place, envelope=envelope)
        files = tuple(file for name, file in zip(ids, whole.attachments, strict=True) if name in part["files"])
        made[envelope] = sealing.Contents(place, part, boxes.random_bytes(sealing.NONCE_BYTES), files)
    return _Sealed(
        sealing.seal_offer(made["price"], keys["price"], boxes.seal),
        sealing.seal_offer(made["technical"], keys["technical"], boxes.seal),
        {envelope: one.commitment() for envelope, one in made.items()},
    )


def _same(standing: Offer, contents: sealing.Contents) -> dict[str, Any] | None:
    """The supplier's own copy, if it says the same."""
    copy = store.read_copy(standing)
    return copy if copy["offer"] == contents.offer_bytes().decode() else None


def _write(
    actor: Actor, event: EventView, contents: sealing.Contents, sealed: _Sealed, standing: Offer | None, now: datetime
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
        **({"envelopes": sealed.parts} if sealed.parts else {}),
    )
    copy = None if event.level == "S2" else {"offer": contents.offer_bytes().decode(), "nonce": contents.nonce.hex()}
    row = Offer(
        organisation_id=event.organisation_id,
        event_id=event.id,
        supplier_id=place.supplier,
        version=place.version,
        state="submitted",
        sealed=sealed.price,
        technical=sealed.technical,
        parts=sealed.parts,
        own_copy=copy and store.wrap(copy, store.copy_context(event.id, place.supplier, place.version)),
        commitment=commitment,
        amendment=sourcing.to_confirm(event.id),
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
    store.event_keys(event, now)
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


@command
def confirm_offer(actor: Actor, event_id: str, *, now: datetime) -> None:
    """After an amendment: what was handed in before holds for what is asked now.

    Refusals: those of `submit_offer`, `nothing_submitted`, `nothing_to_confirm`.
    """
    event = store.invited_event(actor, event_id)
    _check_may_bid(actor)
    store.event_keys(event, now)
    check_writable(actor, event, now)
    assert actor.supplier_id is not None
    row, number = store.current_offer(event_id, actor.supplier_id), sourcing.to_confirm(event_id)
    if row is None:
        raise Refused("nothing_submitted")
    if row.amendment >= number:
        raise Refused("nothing_to_confirm")
    row.amendment = number
    record(
        _unnamed(actor),
        "offer.confirmed",
        "event",
        event_id,
        now=now,
        label=event.reference,
        stream=event.stream,
        event=event_id,
        supplier=actor.supplier_id,
        version=row.version,
        commitment=row.commitment,
        amendment=number,
    )


HELP_MAX = 1_000


@command
def ask_for_help(actor: Actor, event_id: str, text: str, *, now: datetime) -> None:
    """ "I need help": who runs the event is told who asks, why, and how to reach them.

    Refusals: NotFound, `event_called_off`, `offer_late`, `reason_needed`, Invalid `text_too_long`.
    """
    event = store.invited_event(actor, event_id)
    if event.state == "cancelled":
        raise Refused("event_called_off")
    if event.phase(now) != "open":
        assert event.deadline_at is not None
        raise Refused("offer_late", deadline=event.deadline_at, by=now - event.deadline_at)
    if not text.strip():
        raise Refused("reason_needed")
    if len(text) > HELP_MAX:
        raise Invalid([FieldProblem("reason", "text_too_long", facts=(("max", str(HELP_MAX)),))])
    person = identity.person(actor.user_id)
    record(actor, "help.asked", "event", event.id, now=now, label=event.reference, reason=text.strip(),
        stream=event.stream)  # fmt: skip
    owner = sourcing.project(event.project_id).owner_id
    notify(
        [owner], "help_asked", path=f"/events/{event.id}/invitations", now=now, name=actor.name,
        email=person.email if person else "", title=event.title, text=text.strip(),
    )  # fmt: skip
