"""Who saw what of the opened offers: written where it is shown."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command, housekeeping
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import store
from srm_portal.offers.models import Exposure
from srm_portal.sourcing.queries import EventView

AGAIN_AFTER = timedelta(minutes=10)
"""Looks closer together than this are one."""


def note_sight(actor: Actor, event: EventView, what: str, *, now: datetime) -> None:
    """This person is shown `what` (one of `models.SEEN`) of an event's offers now. The first time stands in the journal."""
    row = store.exposure(event.id, actor.user_id, what)
    if row is None:
        with suppress(IntegrityError):  # another window of theirs was shown it in this very moment
            _first(actor, event, what, now)
    elif now - row.last_at >= AGAIN_AFTER:
        _again(row.id, now)


@command
def _first(actor: Actor, event: EventView, what: str, now: datetime) -> None:
    db.session.add(
        Exposure(
            event_id=event.id, user_id=actor.user_id, name=actor.name, what=what, first_at=now, last_at=now, times=1
        )
    )
    record(actor, "offers.seen", "event", event.id, now=now, label=event.reference, stream=event.stream, what=what)


@housekeeping
def _again(exposure_id: str, now: datetime) -> None:
    row = db.session.get_one(Exposure, exposure_id)
    row.last_at, row.times = now, row.times + 1
