"""Who opens a sealed event, how far they are, and what one of them has to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.domain.openers import parse_manifest
from srm_portal.offers.models import EventOpener, OpenerKey
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.events import is_late
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.queries import EventView

TASK_FORMAT = "srm-portal/opening-task/1"


@dataclass(frozen=True, slots=True)
class KeyView:
    """A person's own key as the portal knows it."""

    public: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OpenerView:
    """One opener of an event: whether the key was tried, is lost, and when the person acted for the envelope in turn."""

    user_id: str
    name: str
    rehearsed_at: datetime | None
    lost: bool
    acted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CeremonyView:
    """The openers of an event; `envelope` is the one whose turn it is."""

    threshold: int
    envelope: str
    openers: tuple[OpenerView, ...]

    @property
    def acted(self) -> int:
        return sum(1 for one in self.openers if one.acted_at)

    @property
    def rehearsed(self) -> bool:
        return all(one.rehearsed_at for one in self.openers)

    @property
    def ready(self) -> bool:
        return self.acted >= self.threshold

    @property
    def possible(self) -> bool:
        """Whether enough keys are left."""
        return sum(1 for one in self.openers if not one.lost or one.acted_at) >= self.threshold


@dataclass(frozen=True, slots=True)
class Duty:
    """What an opener has to do for an event: `rehearse`, `wait`, `act`, or nothing (`done`)."""

    event: EventView
    state: str
    at: datetime | None
    envelope: str


def own_key(actor: Actor) -> KeyView | None:
    row = store.opener_key(actor.user_id)
    return KeyView(row.public.hex(), row.created_at) if row is not None else None


def people_with_keys(actor: Actor) -> set[str]:
    """The users of the actor's organisation whose key is registered and in use."""
    return {row.user_id for row in store.opener_keys(actor.organisation_id)}


def envelope_in_turn(event: EventView) -> str:
    if event.envelopes != "two":
        return "single"
    return "price" if event.state in ("technical", "opened") else "technical"


def ceremony(event: EventView) -> CeremonyView | None:
    """None for an event that has no openers."""
    rows = store.event_openers(event.id)
    if not rows:
        return None
    envelope = envelope_in_turn(event)
    acted = {one.user_id: one.at for one in store.shares(event.id, envelope)}
    query = select(OpenerKey.public).where(
        OpenerKey.public.in_([row.public for row in rows]), OpenerKey.state == "lost"
    )
    lost = set(db.session.scalars(query))
    return CeremonyView(
        rows[0].threshold,
        envelope,
        tuple(
            OpenerView(row.user_id, row.name, row.rehearsed_at, row.public in lost, acted.get(row.user_id))
            for row in rows
        ),
    )


def duties(actor: Actor, now: datetime) -> list[Duty]:
    """The events that this person opens, those to act on first."""
    rows = list(db.session.scalars(select(EventOpener).where(EventOpener.user_id == actor.user_id)))
    events = sourcing.events_by_id([row.event_id for row in rows])
    found = [_duty(row, events[row.event_id], now) for row in rows if row.event_id in events]
    order = {"act": 0, "rehearse": 1, "wait": 2, "done": 3}
    return sorted(found, key=lambda one: (order[one.state], one.event.deadline_at is None, one.event.deadline_at))


def duty(actor: Actor, event_id: str, now: datetime) -> Duty:
    """NotFound for who is no opener of this event."""
    query = select(EventOpener).where(EventOpener.event_id == event_id, EventOpener.user_id == actor.user_id)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound
    return _duty(row, sourcing.event(event_id), now)


def _duty(row: EventOpener, event: EventView, now: datetime) -> Duty:
    envelope = envelope_in_turn(event)
    if event.state == "draft":
        return Duty(event, "rehearse" if row.rehearsed_at is None else "wait", row.rehearsed_at, envelope)
    if event.state in ("opened", "cancelled"):
        return Duty(event, "done", None, envelope)
    given = next((one for one in store.shares(event.id, envelope) if one.user_id == row.user_id), None)
    if given is not None:
        return Duty(event, "done", given.at, envelope)
    assert event.deadline_at is not None
    locked = event.state == "published" or store.score_lock(event.id) is not None
    return Duty(event, "act" if is_late(event.deadline_at, now) and locked else "wait", None, envelope)


def task(actor: Actor, event_id: str, now: datetime) -> dict[str, Any]:
    """What the opener's own machine has to open: the rehearsal's box or the sealed share, with what it is for."""
    said = duty(actor, event_id, now)
    query = select(EventOpener).where(EventOpener.event_id == event_id, EventOpener.user_id == actor.user_id)
    row = db.session.scalar(query)
    assert row is not None
    head = {"format": TASK_FORMAT, "event": event_id, "reference": said.event.reference, "envelope": said.envelope}
    if said.event.state == "draft":
        return head | {"purpose": "rehearsal", "box": row.box.hex()}
    key = store.key_row(event_id, said.envelope)
    if key is None or key.manifest is None:
        raise NotFound
    return head | {"purpose": "share", "box": parse_manifest(key.manifest).share_of(actor.user_id).box.hex()}


def openers_ready(project_id: str, _now: datetime) -> list[Blocker]:
    """Before publication an S2 event has openers, each of whom has opened a test value with a key that is not lost."""
    event = sourcing.main_event(project_id)
    if event is None or event.level != "S2" or event.state != "draft":
        return []
    found = ceremony(event)
    if found is None:
        return [Blocker("openers_missing")]
    waiting = [one.name for one in found.openers if one.rehearsed_at is None]
    lost = [one.name for one in found.openers if one.lost]
    blockers = [Blocker("rehearsal_missing", (("names", ", ".join(waiting)),))] if waiting else []
    return blockers + ([Blocker("opener_key_is_lost", (("names", ", ".join(lost)),))] if lost else [])
