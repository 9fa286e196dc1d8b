"""Level S2: people with keys, the rehearsal before the publication, the acts of opening after the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db
from srm_portal.infra.keys import server_keys
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.offers import store
from srm_portal.offers.domain import openers as rules
from srm_portal.offers.domain.envelopes import envelopes_of
from srm_portal.offers.domain.sealing import EventKey as Key
from srm_portal.offers.models import EventKey, EventOpener, OpenerKey, OpeningShare
from srm_portal.offers.services.opening import check_time, next_envelope
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView


def read_hex(text: str, field: str) -> bytes:
    """Bytes as people copy them; Invalid `not_hexadecimal` names the field."""
    try:
        return bytes.fromhex("".join(text.split()))
    except ValueError:
        raise Invalid([FieldProblem(field, "not_hexadecimal", value=text[:20])]) from None


@command
def register_opener_key(actor: Actor, public: bytes, *, now: datetime) -> None:
    """Take a person's public key; one that was in use before counts for events already sealed to it.

    Refusals: NotFound (no staff), Invalid `not_a_public_key`, `key_known_already`.
    """
    if not actor.may("opener:act"):
        raise NotFound
    if len(public) != rules.KEY_BYTES or not any(public):
        raise Invalid([FieldProblem("public", "not_a_public_key")])
    if db.session.scalar(select(OpenerKey.id).where(OpenerKey.public == public)) is not None:
        raise Refused("key_known_already")
    _retire(actor, now)
    row = OpenerKey(organisation_id=actor.organisation_id, user_id=actor.user_id, public=public, created_at=now)
    db.session.add(row)
    db.session.flush()
    record(actor, "opener.key_registered", "user", actor.user_id, now=now, label=actor.name, public=public.hex())


def _retire(actor: Actor, now: datetime) -> None:
    row = store.opener_key(actor.user_id)
    if row is not None:
        row.state, row.lost_at = "retired", now
        db.session.flush()


@command
def report_lost_key(actor: Actor, *, now: datetime) -> None:
    """The key file or its pass-phrase is gone: say so, so that who runs open events knows. Refuses `no_opener_key`."""
    row = store.opener_key(actor.user_id)
    if row is None:
        raise Refused("no_opener_key")
    row.state, row.lost_at = "lost", now
    record(actor, "opener.key_lost", "user", actor.user_id, now=now, label=actor.name, public=row.public.hex())
    for event in store.events_of_key(row.public):
        owner = sourcing.project(sourcing.event(event).project_id).owner_id
        notify([owner], "opener_key_lost", path=f"/events/{event}/openers", now=now, name=actor.name)


@command
def name_openers(actor: Actor, event_id: str, people: Sequence[str], threshold: int, *, now: datetime) -> None:
    """Say who opens, and how many of them suffice. Each gets a fresh test value to open before the publication.

    Refusals: NotFound, `event_is_published`, `openers_need_s2`, `openers_out_of_range`, `same_opener_twice`,
    `opener_without_key` (names the person).
    """
    event = _draft(actor, event_id)
    known = {one.id: one for one in identity.staff(actor.organisation_id)}
    keys = {row.user_id: row.public for row in store.opener_keys(actor.organisation_id)}
    listed = []
    for user_id in people:
        if user_id not in known:
            raise NotFound
        if user_id not in keys:
            raise Refused("opener_without_key", name=known[user_id].name)
        listed.append(rules.Opener(user_id, known[user_id].name, keys[user_id]))
    checked = rules.check_openers(listed, threshold)
    db.session.execute(delete(EventOpener).where(EventOpener.event_id == event_id))
    for one in checked:
        test = rules.rehearse(one, boxes.random_bytes, boxes.seal)
        db.session.add(
            EventOpener(
                event_id=event_id, user_id=one.person, name=one.name, public=one.public, threshold=threshold,
                box=test.box, digest=test.digest,
            )
        )  # fmt: skip
    record(
        actor, "openers.named", "event", event_id, now=now, label=event.reference, stream=event.stream,
        openers=[{"person": one.person, "name": one.name, "public": one.public.hex()} for one in checked],
        threshold=threshold,
    )  # fmt: skip
    notify(
        [one.person for one in checked], "rehearsal_asked", path=f"/openings/{event_id}", now=now,
        title=event.title, reference=event.reference,
    )  # fmt: skip


def _draft(actor: Actor, event_id: str) -> EventView:
    event = sourcing.event_for(actor, event_id)
    if not actor.may("event:publish"):
        raise NotFound
    if event.state != "draft":
        raise Refused("event_is_published")
    if event.level != "S2":
        raise Refused("openers_need_s2")
    return event


def opener_row(actor: Actor, event_id: str) -> tuple[EventOpener, EventView]:
    """The opener's own row; NotFound for everybody else."""
    row = db.session.scalar(
        select(EventOpener).where(EventOpener.event_id == event_id, EventOpener.user_id == actor.user_id)
    )
    event = sourcing.event(event_id) if row is not None else None
    if row is None or event is None or event.organisation_id != actor.organisation_id:
        raise NotFound
    return row, event


@command
def answer_rehearsal(actor: Actor, event_id: str, answer: bytes, *, now: datetime) -> None:
    """The opened test value: this person's key works. Refusals: NotFound, `event_is_published`, `rehearsal_failed`."""
    row, event = opener_row(actor, event_id)
    if event.state != "draft":
        raise Refused("event_is_published")
    if not rules.rehearsed(rules.Rehearsal(row.user_id, row.box, row.digest), answer):
        raise Refused("rehearsal_failed")
    row.rehearsed_at = now
    record(actor, "opener.rehearsed", "event", event_id, now=now, label=event.reference, stream=event.stream)


def make_event_keys(actor: Actor, event_id: str, now: datetime) -> None:
    """Inside the publication of an S2 event: each envelope's key is made, split among the openers, and forgotten.

    Refusals: `openers_missing`, `rehearsal_missing` (names who), those of `share_out`.
    """
    event = sourcing.event(event_id)
    if event.level != "S2":
        return
    rows = store.event_openers(event_id)
    if not rows:
        raise Refused("openers_missing")
    waiting = [row.name for row in rows if row.rehearsed_at is None]
    if waiting:
        raise Refused("rehearsal_missing", names=waiting)
    people = [rules.Opener(row.user_id, row.name, row.public) for row in rows]
    for envelope in envelopes_of(event.envelopes):
        private, public = boxes.new_pair()
        key = Key(event_id, envelope, public)
        manifest = rules.share_out(private, key, people, rows[0].threshold, boxes.random_bytes, boxes.seal)
        stored = rules.manifest_bytes(manifest)
        db.session.add(EventKey(event_id=event_id, envelope=envelope, public=public, manifest=stored, created_at=now))
        record(
            actor, "event.key_split", "event", event_id, now=now, label=event.reference, stream=event.stream,
            envelope=envelope, public=public.hex(), threshold=rows[0].threshold,
            openers=[{"person": one.opener.person, "digest": one.digest} for one in manifest.shares],
        )  # fmt: skip
    db.session.flush()


@command
def give_share(actor: Actor, event_id: str, share: bytes, *, now: datetime) -> int:
    """An opener's act after the deadline; returns how many have acted for the envelope whose turn it is.

    Refusals: NotFound (not an opener), those of `check_time`, `false_share`, `already_acted`.
    """
    row, event = opener_row(actor, event_id)
    check_time(event, now)
    envelope = next_envelope(event)
    key = store.key_row(event_id, envelope)
    if key is None or key.manifest is None:
        raise Refused("event_key_missing")
    acted = store.shares(event_id, envelope)
    if any(one.user_id == actor.user_id for one in acted):
        raise Refused("already_acted", name=actor.name)
    try:
        rules.accept_share(rules.parse_manifest(key.manifest), actor.user_id, share)
    except Refused as refusal:
        raise Refused(refusal.code, name=row.name) from None
    context = store.share_context(event_id, envelope, actor.user_id)
    db.session.add(
        OpeningShare(
            event_id=event_id, envelope=envelope, user_id=actor.user_id, name=actor.name, at=now,
            wrapped=server_keys().wrap(share, context),
        )
    )  # fmt: skip
    db.session.flush()
    record(
        actor, "opening.share_given", "event", event_id, now=now, label=event.reference, stream=event.stream,
        envelope=envelope, acted=len(acted) + 1, needed=row.threshold,
    )  # fmt: skip
    if len(acted) + 1 == row.threshold:
        owner = sourcing.project(event.project_id).owner_id
        path = f"/projects/{event.project_id}/selection"
        notify([owner], "openers_ready", path=path, now=now, title=event.title, reference=event.reference)
    return len(acted) + 1
