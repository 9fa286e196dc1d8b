"""Does a release make sense? Facts that contradict each other are named; the release goes in as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from srm_portal.exchange.domain.ocds_read.node import Node, Notes
from srm_portal.exchange.domain.ocds_read.values import ImportedPeriod, ImportedRelease

_OCID = re.compile(r"ocds-[a-z0-9]{6}-.+", re.ASCII)
_DAY = timedelta(days=1)


def check_sense(release: ImportedRelease, notes: Notes, read: tuple[Node, ...]) -> ImportedRelease:
    """Add the warnings that need the whole release, and the paths that hold something nobody asked for."""
    if not _OCID.fullmatch(release.ocid):
        notes.warn("ocid", "odd_ocid", release.ocid)
    _check_values(release, notes)
    _check_dates(release, notes)
    unread = tuple(path for node in read for path in node.unread() if path not in _PASSED_OVER)
    return replace(release, ignored=unread, warnings=tuple(notes.warnings))


_PASSED_OVER = frozenset({"initiationType", "tender.suitability", "tender.datePublished", "links"})


def _check_values(release: ImportedRelease, notes: Notes) -> None:
    low, high = release.min_value, release.value
    if low and high and low.currency == high.currency and high < low:
        notes.warn("tender.minValue", "min_above_value", low.amount)
    if release.kind == "archive" and not release.awards and not release.contracts and release.status == "complete":
        notes.warn("awards", "missing")
    for index, award in enumerate(release.awards):
        if not award.supplier_ids and award.status in ("", "active"):
            notes.warn(f"awards[{index}].suppliers", "missing")


def _check_dates(release: ImportedRelease, notes: Notes) -> None:
    closes = _end(release.tender_period)
    if release.kind == "tender":
        if closes is None:
            notes.warn("tender.tenderPeriod.endDate", "missing")
        elif closes + _DAY <= release.released_at:
            notes.warn("tender.tenderPeriod.endDate", "closed_before_published", f"{closes:%Y-%m-%d}")
    starts = release.contract_period.starts_at if release.contract_period else None
    if closes and starts and starts + _DAY <= closes:
        notes.warn("tender.contractPeriod.startDate", "contract_before_close", f"{starts:%Y-%m-%d}")
    for index, award in enumerate(release.awards):
        path, day = f"awards[{index}]", award.awarded_at
        if day is None:
            notes.warn(f"{path}.date", "missing")
            continue
        if day >= release.released_at + _DAY:
            notes.warn(f"{path}.date", "award_after_release", f"{day:%Y-%m-%d}")
        if closes and day + _DAY <= closes:
            notes.warn(f"{path}.date", "award_before_close", f"{day:%Y-%m-%d}")
        begins = award.contract_period.starts_at if award.contract_period else None
        if begins and begins + _DAY <= day:
            notes.warn(f"{path}.contractPeriod.startDate", "contract_before_award", f"{begins:%Y-%m-%d}")


def _end(span: ImportedPeriod | None) -> datetime | None:
    return span.ends_at if span else None
