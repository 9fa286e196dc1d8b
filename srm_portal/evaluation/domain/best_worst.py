"""Best-worst method, linear model (Rezaei 2016), solved exactly with fractions.

min xi   s.t.  |w_B - a_Bj w_j| <= xi,  |w_j - a_jW w_W| <= xi,  sum w = 1,  w >= 0
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

CONSISTENCY_INDEX = (0.0, 0.44, 1.00, 1.63, 2.30, 3.00, 3.73, 4.47, 5.23)
"""Largest xi for a comparison of best with worst of 1..9 (Rezaei 2015, table 1)."""


@dataclass(frozen=True, slots=True)
class BestWorst:
    weights: tuple[Fraction, ...]
    xi: Fraction
    cr: float


def consistency_index(best_over_worst: Fraction) -> float:
    """From the table for whole comparisons, otherwise the smaller root of x^2 - (1 + 2a) x + a^2 - a = 0."""
    if best_over_worst.denominator == 1:
        return CONSISTENCY_INDEX[int(best_over_worst) - 1]
    a = float(best_over_worst)
    return (1 + 2 * a - math.sqrt(1 + 8 * a)) / 2


def best_worst(
    best: int, worst: int, best_to_others: Sequence[Fraction], others_to_worst: Sequence[Fraction]
) -> BestWorst:
    """Weights from 2n - 3 comparisons, each 1..9. CR = xi / CI(a_BW); 0 is consistent.

    The model is homogeneous: with u = w / xi the least xi for sum(w) = 1 is the greatest sum(u) for deviations of
    at most 1, and u = 0 is a place to start from. Consistent comparisons (xi = 0) give the weights directly.
    """
    count = len(best_to_others)
    if _is_consistent(worst, best_to_others, others_to_worst):
        total = sum((1 / ratio for ratio in best_to_others), Fraction(0))
        return BestWorst(tuple(1 / ratio / total for ratio in best_to_others), Fraction(0), 0.0)
    rows = []
    for j in range(count):
        if j != best:
            rows += _both_signs(count, best, j, best_to_others[j])
        if j not in (worst, best):
            rows += _both_signs(count, j, worst, others_to_worst[j])
    solution = greatest_sum(rows, [Fraction(1)] * len(rows), count)
    total = sum(solution, Fraction(0))
    xi = 1 / total
    index = consistency_index(best_to_others[worst])
    return BestWorst(tuple(value / total for value in solution), xi, float(xi) / index if index else 0.0)


def _is_consistent(worst: int, best_to_others: Sequence[Fraction], others_to_worst: Sequence[Fraction]) -> bool:
    whole = best_to_others[worst]
    return all(a * b == whole for a, b in zip(best_to_others, others_to_worst, strict=True))


def _both_signs(count: int, one: int, other: int, ratio: Fraction) -> list[list[Fraction]]:
    row = [Fraction(0)] * count
    row[one] = Fraction(1)
    row[other] = -ratio
    return [row, [-value for value in row]]


def greatest_sum(rows: Sequence[Sequence[Fraction]], limits: Sequence[Fraction], count: int) -> list[Fraction]:
    """Maximise the sum of `count` variables >= 0 with rows @ u <= limits, limits >= 0 (so u = 0 is a start).

    Simplex on a condensed tableau with Bland's rule: exact, ends, and the same on every machine. Raises
    ValueError("unbounded").
    """
    table = [[*row, limit] for row, limit in zip(rows, limits, strict=True)]
    gain = [Fraction(1)] * count + [Fraction(0)]
    outside = list(range(count))
    inside = list(range(count, count + len(rows)))
    while True:
        entering = min((k for k in range(count) if gain[k] > 0), key=lambda k: outside[k], default=None)
        if entering is None:
            break
        steps = [(row[-1] / row[entering], inside[i], i) for i, row in enumerate(table) if row[entering] > 0]
        if not steps:
            raise ValueError("unbounded")
        _pivot(table, gain, min(steps)[2], entering)
        leaving = min(steps)[2]
        outside[entering], inside[leaving] = inside[leaving], outside[entering]
    values = dict(zip(inside, (row[-1] for row in table), strict=True))
    return [values.get(k, Fraction(0)) for k in range(count)]


def _pivot(table: list[list[Fraction]], gain: list[Fraction], leaving: int, entering: int) -> None:
    pivot = table[leaving][entering]
    row = [value / pivot for value in table[leaving]]
    row[entering] = 1 / pivot
    table[leaving] = row
    for i, other in enumerate(table):
        if i != leaving and other[entering]:
            table[i] = _reduced(other, row, entering)
    gain[:] = _reduced(gain, row, entering)


def _reduced(target: list[Fraction], row: list[Fraction], entering: int) -> list[Fraction]:
    factor = target[entering]
    return [
        -factor * value if k == entering else target_value - factor * value if value else target_value
        for k, (target_value, value) in enumerate(zip(target, row, strict=True))
    ]
