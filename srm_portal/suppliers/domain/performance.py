"""Performance: five marks of 0..100 a period, one overall mark by stated weights, a trend."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from srm_portal.kernel.errors import FieldProblem

DIMENSIONS = ("quality", "delivery", "cost", "responsiveness", "sustainability")
WEIGHT_MAX = 100
_PERIOD = re.compile(r"[12][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?")


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def weights_of(weights: Mapping[str, int]) -> dict[str, int]:
    """What is not weighted counts once, so that without weights the overall mark is the plain mean."""
    return {name: weights.get(name, 1) for name in DIMENSIONS}


def overall(marks: Mapping[str, int | None], weights: Mapping[str, int] | None = None) -> int | None:
    """The weighted mean of the marks that were given, half up; None when none (that has a weight) was."""
    weighted = weights_of(weights or {})
    given = [(mark, weighted[name]) for name in DIMENSIONS if (mark := marks.get(name)) is not None]
    total = sum(weight for _mark, weight in given)
    if not total:
        return None
    return half_up(Decimal(sum(mark * weight for mark, weight in given)) / total)


def coverage(marks: Mapping[str, int | None], weights: Mapping[str, int]) -> int:
    """Percent of the whole weight that has a mark: a mark of few facts says so."""
    weighted = weights_of(weights)
    total = sum(weighted.values())
    have = sum(weight for name, weight in weighted.items() if marks.get(name) is not None)
    return half_up(Decimal(100 * have) / total) if total else 0


def weight_problems(weights: Mapping[str, int]) -> list[FieldProblem]:
    found = [
        FieldProblem(name, "weight_out_of_range", value=str(weight))
        for name, weight in weights.items()
        if name not in DIMENSIONS or not 0 <= weight <= WEIGHT_MAX
    ]
    return found or ([] if any(weights_of(weights).values()) else [FieldProblem("quality", "weights_all_zero")])


def is_period(text: str) -> bool:
    return _PERIOD.fullmatch(text) is not None


def period_days(period: str) -> tuple[date, date]:
    """First and last day of a year ("2026"), quarter ("2026-Q1") or month ("2026-03")."""
    year, _dash, part = period.partition("-")
    if not part:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    first, last = (int(part[1]) * 3 - 2, int(part[1]) * 3) if part.startswith("Q") else (int(part), int(part))
    return date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def problems(period: str, marks: Mapping[str, int | None]) -> list[FieldProblem]:
    """A period is a year, a quarter or a month; marks are 0..100; at least one is given."""
    found = []
    if not is_period(period):
        found.append(FieldProblem("period", "period_wrong", value=period))
    found += [
        FieldProblem(name, "mark_range", value=str(mark))
        for name, mark in marks.items()
        if mark is not None and not 0 <= mark <= 100
    ]
    if all(marks.get(name) is None for name in DIMENSIONS):
        found.append(FieldProblem("quality", "no_mark_given"))
    return found


def trend(overalls: Sequence[int]) -> int:
    """The newest overall mark against the one before; `overalls` oldest first. 0 with fewer than two."""
    return overalls[-1] - overalls[-2] if len(overalls) > 1 else 0
