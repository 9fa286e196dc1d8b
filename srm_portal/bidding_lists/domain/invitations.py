"""The life of an invitation, and what may still be answered."""

from __future__ import annotations

from datetime import datetime

from srm_portal.kernel.errors import Refused
from srm_portal.kernel.lifecycle import Lifecycle
from srm_portal.sourcing.domain.events import is_late

INVITATION = Lifecycle(
    {
        "queued": ("sent", "undeliverable", "seen", "accepted", "declined", "withdrawn"),
        "sent": ("queued", "undeliverable", "seen", "accepted", "declined", "withdrawn"),
        "undeliverable": ("queued", "seen", "accepted", "declined", "withdrawn"),
        "seen": ("queued", "accepted", "declined", "withdrawn"),
        "accepted": ("declined", "withdrawn"),
        "declined": ("accepted", "withdrawn"),
        "withdrawn": ("queued",),
    }
)
WAITING = ("queued", "sent", "undeliverable", "seen")
INVITED = (*WAITING, "accepted")
"""States in which the supplier still takes part or may."""


def check_answerable(state: str, deadline_at: datetime | None, now: datetime) -> None:
    """Answers are taken while the event is published and before its deadline."""
    if state != "published" or deadline_at is None:
        raise Refused("event_not_published")
    if is_late(deadline_at, now):
        raise Refused("deadline_has_passed")


def after_delivery(current: str, delivered: bool) -> str | None:
    """The state once the mail server has spoken, or None when the supplier was quicker."""
    if current == "queued" or (current == "sent" and not delivered):
        return "sent" if delivered else "undeliverable"
    return None
