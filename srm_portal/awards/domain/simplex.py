"""An exact dual simplex in fractions for small programs whose variables are all bounded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Row = dict[int, Fraction]
Bound = Fraction | None


@dataclass(frozen=True, slots=True)
class Range:
    """low <= sum of coefficient * variable <= high; None leaves a side open."""

    coefficients: Row
    low: Bound
    high: Bound


def minimise(
    cost: list[Fraction], lower: list[Fraction], upper: list[Fraction], rows: list[Range]
) -> list[Fraction] | None:
    """The exact minimum, or None if there is none. Always the same one among several (least index first).

    Every variable has both bounds, so putting each at its cheaper end is dual feasible from the start; pivots
    then repair the rows one after another (bounded dual simplex, Bland's rule against cycling).
    """
    n = len(cost)
    low: list[Bound] = [*lower, *(row.low for row in rows)]
    high: list[Bound] = [*upper, *(row.high for row in rows)]
    value = [lower[j] if cost[j] >= 0 else upper[j] for j in range(n)]
    value += [sum((a * value[j] for j, a in row.coefficients.items()), Fraction(0)) for row in rows]
    reduced: Row = {j: c for j, c in enumerate(cost) if c}
    tableau: dict[int, Row] = {n + i: {j: a for j, a in row.coefficients.items() if a} for i, row in enumerate(rows)}
    while True:
        leaving = _violated(tableau, value, low, high)
        if leaving is None:
            return value[:n]
        bound = low[leaving]
        rising = bound is not None and value[leaving] < bound
        target = bound if rising else high[leaving]
        assert target is not None
        entering = _entering(tableau[leaving], reduced, value, low, high, rising)
        if entering is None:
            return None
        _pivot(tableau, reduced, value, leaving, entering, target)


def _violated(tableau: dict[int, Row], value: list[Fraction], low: list[Bound], high: list[Bound]) -> int | None:
    for b in sorted(tableau):
        below, above = low[b], high[b]
        if (below is not None and value[b] < below) or (above is not None and value[b] > above):
            return b
    return None


def _entering(
    row: Row, reduced: Row, value: list[Fraction], low: list[Bound], high: list[Bound], rising: bool
) -> int | None:
    """The nonbasic variable that can move the row the right way at the least loss of optimality."""
    best: tuple[Fraction, int] | None = None
    for j, a in row.items():
        if low[j] == high[j]:
            continue
        may_rise, may_fall = value[j] == low[j], value[j] == high[j]
        helps = (a > 0) == rising
        if (helps and may_rise) or (not helps and may_fall):
            key = (abs(reduced.get(j, Fraction(0)) / a), j)
            if best is None or key < best:
                best = key
    return None if best is None else best[1]


def _pivot(
    tableau: dict[int, Row], reduced: Row, value: list[Fraction], leaving: int, entering: int, target: Fraction
) -> None:
    """Swap the two variables; `leaving` moves to `target`, all basic values follow."""
    row = tableau.pop(leaving)
    a = row.pop(entering)
    step = (target - value[leaving]) / a
    value[leaving] = target
    value[entering] += step
    for b, other in tableau.items():
        if entering in other:
            value[b] += other[entering] * step
    solved = {j: -c / a for j, c in row.items()}
    solved[leaving] = 1 / a
    for other in (*tableau.values(), reduced):
        factor = other.pop(entering, None)
        if factor:
            for j, c in solved.items():
                total = other.get(j, Fraction(0)) + factor * c
                if total:
                    other[j] = total
                else:
                    other.pop(j, None)
    tableau[entering] = solved
