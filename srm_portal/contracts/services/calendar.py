"""The dates of contracts as a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from srm_portal.contracts import queries

_FOLD = 73


def _text(value: str) -> str:
    for sign, shown in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        value = value.replace(sign, shown)
    return value


def _folded(line: str) -> str:
    """At most 75 octets a line, never within a character."""
    parts, held = [], ""
    for sign in line:
        if len((held + sign).encode()) > _FOLD:
            parts.append(held)
            held = ""
        held += sign
    return "\r\n ".join([*parts, held])


def _event(uid: str, on: date, title: str, url: str, alarm_days: int, stamp: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title)}",
        f"URL:{url}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(title)}",
        f"TRIGGER:-P{alarm_days}D",
        "END:VALARM",
        "END:VEVENT",
    ]


def calendar(
    held: Iterable[tuple[queries.ContractView, Sequence[queries.ObligationView]]], *, url: str, now: datetime
) -> bytes:
    """The notice day, the end or renewal, and the open obligations of each contract, with an alarm before each."""
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//srm-portal//contracts//EN", "CALSCALE:GREGORIAN"]
    for view, owed in held:
        link = f"{url}/contracts/{view.id}"
        notice = _("Notice possible until today: %(title)s", title=view.title)
        end = (
            _("Renews itself: %(title)s", title=view.title)
            if view.renews_months
            else _("Contract ends: %(title)s", title=view.title)
        )
        lines += _event(f"{view.id}-notice@srm-portal", view.term.notice_on, notice, link, 30, stamp)
        lines += _event(f"{view.id}-end@srm-portal", view.ends_on, end, link, 30, stamp)
        for one in owed:
            if one.done_on is None:
                title = f"{one.title} ({view.reference})"
                lines += _event(f"{one.id}@srm-portal", one.due_on, title, link, 7, stamp)
    lines.append("END:VCALENDAR")
    return ("\r\n".join(_folded(line) for line in lines) + "\r\n").encode()
