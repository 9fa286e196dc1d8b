"""Moments in interchange files: RFC 3339, with the two usual lapses mended and named."""

from __future__ import annotations

import re
from datetime import UTC, datetime

YEAR_MIN, YEAR_MAX = 1970, 2200

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


def read_moment(text: str) -> tuple[datetime | None, str | None]:
    """An aware datetime (the zone as written, so that its day stays), cut to milliseconds, and the fault if any.

    Mended: `day_without_time` (taken as its midnight in UTC), `time_without_zone` (taken as UTC). Not mended, the
    moment is then None: `bad_date` and `date_out_of_range` (years outside 1970..2200).
    """
    text = text.strip()
    if _DAY.fullmatch(text):
        return _build(text + "T00:00:00+00:00", "day_without_time")
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None, "bad_date"
    day, clock, fraction, zone = match.groups()
    millis = ((fraction or ".0")[1:] + "000")[:3]
    zone_text = "+00:00" if zone is None or zone in "Zz" else zone
    return _build(f"{day}T{clock}{':00' if len(clock) == 5 else ''}.{millis}{zone_text}", _no_zone(zone))


def _no_zone(zone: str | None) -> str | None:
    return "time_without_zone" if zone is None else None


def _build(text: str, fault: str | None) -> tuple[datetime | None, str | None]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, "bad_date"
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        return None, "date_out_of_range"
    return moment, fault


def write_moment(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as every file that leaves the portal has it."""
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
