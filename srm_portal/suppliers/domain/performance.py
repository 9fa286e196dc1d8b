"""Performance: five marks of 0..100 a period, one overall mark, a trend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from srm_portal.kernel.errors import FieldProblem

DIMENSIONS = ("quality", "delivery", "cost", "responsiveness", "sustainability")
_PERIOD = re.compile(r"[12][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?")


def overall(marks: Mapping[str, int | None]) -> int | None:
    """The plain mean of the marks that were given, half up; None when none was."""
    given = [mark for name in DIMENSIONS if (mark := marks.get(name)) is not None]
    if not given:
        return None
    return int((Decimal(sum(given)) / len(given)).quantize(Decimal(1), ROUND_HALF_UP))


def problems(period: str, marks: Mapping[str, int | None]) -> list[FieldProblem]:
    """A period is a year, a quarter or a month; marks are 0..100; at least one is given."""
    found = []
    if not _PERIOD.fullmatch(period):
        found.append(FieldProblem("period", "period_wrong", value=period))
    found += [
        FieldProblem(name, "mark_range", value=str(mark))
        for name, mark in marks.items()
        if mark is not None and not 0 <= mark <= 100
    ]
    if overall(marks) is None:
        found.append(FieldProblem("quality", "no_mark_given"))
    return found


def trend(overalls: Sequence[int]) -> int:
    """The newest overall mark against the one before; `overalls` oldest first. 0 with fewer than two."""
    return overalls[-1] - overalls[-2] if len(overalls) > 1 else 0
