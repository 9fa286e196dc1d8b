"""RFx events: their life, their timetable, and when something is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.lifecycle import Lifecycle

KINDS = ("rfi", "rfp", "rfq", "itt")
LEVELS = ("S0", "S1", "S2")
ENVELOPES = ("single", "two")
EVENT = Lifecycle(
    {
        "draft": ("published", "cancelled"),
        "published": ("technical", "opened", "cancelled"),
        "technical": ("opened", "cancelled"),
        "opened": ("cancelled",),
        "cancelled": (),
    }
)
ANSWER_TIME_MIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Moments of an event. Equality with the deadline is late."""

    deadline_at: datetime | None
    questions_until: datetime | None

    def problems(self, now: datetime) -> list[FieldProblem]:
        if self.deadline_at is None:
            return [FieldProblem("deadline_at", "required")]
        found = []
        if self.deadline_at < now + ANSWER_TIME_MIN:
            found.append(FieldProblem("deadline_at", "deadline_too_near"))
        if self.questions_until is not None and self.questions_until > self.deadline_at:
            found.append(FieldProblem("questions_until", "questions_after_deadline"))
        return found


def is_late(deadline_at: datetime, moment: datetime) -> bool:
    """In time means before the deadline; the deadline itself is late."""
    return moment >= deadline_at


def phase(state: str, deadline_at: datetime | None, now: datetime) -> str:
    """draft, open (answers come in), closed (deadline passed, still sealed), technical (prices sealed), opened, cancelled."""
    if state != "published":
        return state
    assert deadline_at is not None
    return "closed" if is_late(deadline_at, now) else "open"
