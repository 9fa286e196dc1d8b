"""The life of a contract and the dates that matter in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from srm_portal.kernel.lifecycle import Lifecycle

LIFE = Lifecycle(
    {
        "draft": ("in_approval", "cancelled"),
        "in_approval": ("draft", "approved"),
        "approved": ("active", "draft"),
        "active": ("terminated",),
        "terminated": (),
        "cancelled": (),
    }
)
EXPIRING_DAYS = 90


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day, and the notice in days."""

    starts_on: date
    ends_on: date
    notice_days: int

    @property
    def notice_on(self) -> date:
        """The last day on which notice still works."""
        return self.ends_on - timedelta(days=self.notice_days)

    def phase(self, state: str, today: date) -> str:
        """The state as people see it: an active contract is also expiring or expired by its dates."""
        if state != "active":
            return state
        if today > self.ends_on:
            return "expired"
        if (self.ends_on - today).days <= EXPIRING_DAYS:
            return "expiring"
        return "active"
