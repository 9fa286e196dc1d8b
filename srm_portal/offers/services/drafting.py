"""Writing an offer: the draft and its attachments. Sealed from the first letter, seen by the supplier alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from srm_portal.bidding_lists import queries as bidding
from srm_portal.documents.domain.inspection import inspect_file
from srm_portal.documents.domain.names import display_name
from srm_portal.infra.db import db
from srm_portal.infra.transaction import after_commit, housekeeping
from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import Invalid, Refused, Stale
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain.answer import Answer
from srm_portal.offers.domain.asked import Asked, read_publication
from srm_portal.offers.models import OfferFile
from srm_portal.sourcing.domain.events import is_late
from srm_portal.sourcing.queries import EventView

FILES_MAX = 20


class Upload(Protocol):
    """What a form hands over (Werkzeug's `FileStorage` is one)."""

    filename: str | None

    @property
    def stream(self) -> BinaryIO: ...


def asked_of(event: EventView) -> Asked:
    """What the event asks, with the deadline as amended."""
    assert event.publication is not None
    return read_publication(event.publication, deadline_at=event.deadline_at)


def check_writable(actor: Actor, event: EventView, now: datetime) -> None:
    """Refusals: `event_called_off`, `late`, `invitation_not_accepted`."""
    if event.state == "cancelled":
        raise Refused("event_called_off")
    assert event.deadline_at is not None
    if event.state != "published" or is_late(event.deadline_at, now):
        raise Refused("offer_late", deadline=event.deadline_at, by=now - event.deadline_at)
    if bidding.own_state(actor, event.id) != "accepted":
        raise Refused("invitation_not_accepted")


@housekeeping
def save_draft(actor: Actor, event_id: str, answer: Answer, *, version: int | None, now: datetime) -> int:
    """Keep what is written so far, under the server's keys; returns the draft's new version.

    Refusals: those of `check_writable`, Invalid with the wrong values, Stale when a colleague saved meanwhile.
    """
    event = store.invited_event(actor, event_id)
    check_writable(actor, event, now)
    return keep_draft(actor, event, answer, version, now)


def keep_draft(actor: Actor, event: EventView, answer: Answer, version: int | None, now: datetime) -> int:
    """`save_draft` for a caller that has asked whether the offer may be written."""
    assert actor.supplier_id is not None
    asked = asked_of(event)
    wrong = offer.problems(answer, asked, now.date())
    if wrong:
        raise Invalid(wrong)
    tidy = offer.in_order(answer, asked)
    row = store.draft_row(event.id, actor.supplier_id, lock=True)
    if row is not None and not row.check_version(version):
        raise Stale(_differences(store.read_draft(row), tidy, asked))
    if row is not None and store.read_draft(row) == tidy:
        return row.version
    return store.write_draft(row, event.id, actor.supplier_id, tidy, actor.user_id, now).version


def _differences(theirs: Answer, yours: Answer, asked: Asked) -> dict[str, tuple[str, str]]:
    found = {}
    for line in asked.lines:
        before, after = theirs.line(line.id).unit_price, yours.line(line.id).unit_price
        if before != after:
            found[line.title] = (_shown(before), _shown(after))
    for name in ("payment_days", "validity_on", "delivery"):
        left, right = getattr(theirs.terms, name), getattr(yours.terms, name)
        if left != right:
            found[name] = (_shown(left), _shown(right))
    return found


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return plain(value) if hasattr(value, "normalize") else str(value)


@housekeeping
def attach_file(
    actor: Actor, event_id: str, upload: Upload | None, *, envelope: str = "technical", now: datetime
) -> str:
    """Inspect a file and keep it as an encrypted stream; returns its id. `envelope`: which of two it goes into.

    Refusals: those of `check_writable` and of the inspection, `file_missing`, `too_many_files`.
    """
    event = store.invited_event(actor, event_id)
    assert actor.supplier_id is not None
    check_writable(actor, event, now)
    if upload is None or not upload.filename:
        raise Refused("file_missing")
    if len(store.draft_files(event_id, actor.supplier_id)) >= FILES_MAX:
        raise Refused("too_many_files", max=FILES_MAX)
    found = inspect_file(upload.filename, upload.stream)
    stored_name, key, summary = store.write_stream(upload.stream)
    name = display_name(upload.filename)
    meta = store.FileMeta(name, found.kind.media_type, summary.size, summary.sha256, key)
    try:
        row = OfferFile(
            event_id=event_id,
            supplier_id=actor.supplier_id,
            stored_name=stored_name,
            envelope=envelope,
            wrapped=store.wrap_meta(meta, stored_name),
            attached_at=now,
        )
        db.session.add(row)
        db.session.flush()
    except BaseException:
        store.stream_path(stored_name).unlink(missing_ok=True)
        raise
    return row.id


@housekeeping
def remove_file(actor: Actor, event_id: str, file_id: str, *, now: datetime) -> None:
    """Take a file out of the draft. What was part of a submitted offer stays on the disk with that offer."""
    event = store.invited_event(actor, event_id)
    row = store.own_file(actor, event_id, file_id)
    check_writable(actor, event, now)
    if row.submitted:
        row.removed = True
        return
    path = store.stream_path(row.stored_name)
    db.session.delete(row)
    after_commit(lambda: path.unlink(missing_ok=True))


@housekeeping
def restore_draft(actor: Actor, event_id: str, kept: Mapping[str, Any], *, version: int | None, now: datetime) -> None:
    """Take a kept offer back into the draft, with its files, to be changed and handed in again.

    Refusals: those of `save_draft`, `not_a_kept_file` (another form), `kept_file_of_another` (event, supplier, file).
    """
    event = store.invited_event(actor, event_id)
    assert actor.supplier_id is not None
    try:
        place = (kept["event"], kept["supplier"])
        said = offer.from_plain(from_canonical(kept["offer"].encode())["answer"])
        metas = {str(one["id"]): store.meta_of(one) for one in kept["files"]}
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise Refused("not_a_kept_file") from None
    if place != (event_id, actor.supplier_id):
        raise Refused("kept_file_of_another")
    save_draft(actor, event_id, offer.in_order(said, asked_of(event)), version=version, now=now)
    for file_id, meta in metas.items():
        row = db.session.get(OfferFile, file_id)
        if row is None or (row.event_id, row.supplier_id) != place:
            raise Refused("kept_file_of_another")
        row.wrapped, row.removed = store.wrap_meta(meta, row.stored_name), False
