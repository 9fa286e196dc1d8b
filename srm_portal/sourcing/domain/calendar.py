"""A timetable as a calendar file (RFC 5545): moments in UTC, which every calendar shows in its owner's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

_LINE_BYTES = 75


def calendar(name: str, entries: Iterable[tuple[str, str, datetime]], made_at: datetime) -> str:
    """One file with an entry for each (uid, title, moment)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//SRM Portal//EN", f"X-WR-CALNAME:{_text(name)}"]
    for uid, title, moment in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(uid)}",
            f"DTSTAMP:{_moment(made_at)}",
            f"DTSTART:{_moment(moment)}",
            f"DTEND:{_moment(moment)}",
            f"SUMMARY:{_text(title)}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(title)}",
            "TRIGGER:-P1D",
            "END:VALARM",
            "END:VEVENT",
        ]
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Escaped as the format asks; no letter of it can begin a line of its own."""
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """At most 75 bytes a line, never inside a letter."""
    found, rest = [], ""
    for letter in line:
        if len((rest + letter).encode()) > _LINE_BYTES:
            found.append(rest)
            rest = " "
        rest += letter
    return [*found, rest]
