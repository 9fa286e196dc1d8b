"""The life of a contract and the dates that matter in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
SIDES = ("buyer", "supplier")


def turn(first: str, signed: Collection[str]) -> str | None:
    """The side that signs next: `first`, then the other one; None when both have."""
    second = "supplier" if first == "buyer" else "buyer"
    return next((side for side in (first, second) if side not in signed), None)


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day, the notice in days, and the months by which it renews itself (0: it ends)."""

    starts_on: date
    ends_on: date
    notice_days: int
    renews_months: int = 0

    @property
    def notice_on(self) -> date:
        """The last day on which notice still works."""
        return self.ends_on - timedelta(days=self.notice_days)

    @property
    def renewed_until(self) -> date | None:
        """The last day after the next renewal."""
        if not self.renews_months:
            return None
        return months_later(self.ends_on + timedelta(days=1), self.renews_months) - timedelta(days=1)

    def phase(self, state: str, today: date) -> str:
        """The state as people see it: an active contract is also expiring or expired by its dates."""
        if state != "active":
            return state
        if today > self.ends_on:
            return "expired"
        if (self.ends_on - today).days <= EXPIRING_DAYS:
            return "expiring"
        return "active"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due: obligation, notice, renewal or end."""

    kind: str
    on: date
    title: str = ""


def dues(term: Term, owed: Sequence[tuple[str, date]], today: date, days: int) -> list[Due]:
    """What falls due until `today` + `days`, the overdue obligations too."""
    last = today + timedelta(days=days)
    found = [Due("obligation", on, title) for title, on in owed if on <= last]
    if today <= term.notice_on <= last:
        found.append(Due("notice", term.notice_on))
    if today <= term.ends_on <= last:
        found.append(Due("renewal" if term.renews_months else "end", term.ends_on))
    return sorted(found, key=lambda one: one.on)
