"""Value functions: from what an offer says on one criterion to a value between 0 and 1.

Each formula is written once and works on a float array (cubes, simulations) and on an object array of
`Fraction` (the ranking that decides). Fixed-range functions look at one offer only; relative ones
(`RELATIVE`) look at the other admissible offers, and an offer that loses can therefore change the order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Direction = Literal["max", "min"]
Column = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

FLAT = 1e-9
"""An exponential bent less than this is a straight line."""


@dataclass(frozen=True, slots=True)
class Linear:
    """clip((x - worst) / (best - worst), 0, 1); worst and best are published before the offers are opened."""

    worst: Fraction
    best: Fraction


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Straight lines through (xs, vs), flat outside; xs strictly increasing."""

    xs: tuple[Fraction, ...]
    vs: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """The number itself."""


@dataclass(frozen=True, slots=True)
class Points:
    """x / full marks."""

    full: Fraction


@dataclass(frozen=True, slots=True)
class BestWorst:
    """Between the worst and the best offer (relative)."""


@dataclass(frozen=True, slots=True)
class OfBest:
    """x / best, or best / x where less is better (relative)."""


@dataclass(frozen=True, slots=True)
class PriceInverse:
    """lowest / price (relative)."""


@dataclass(frozen=True, slots=True)
class PriceFromLowest:
    """max(0, 2 - price / lowest) (relative)."""


@dataclass(frozen=True, slots=True)
class PriceAbsolute:
    """clip((ceiling - price) / (ceiling - floor), 0, 1); both published: bidders do not move each other."""

    ceiling: Fraction
    floor: Fraction


@dataclass(frozen=True, slots=True)
class Exponential:
    """(1 - exp(-rho d)) / (1 - exp(-rho D)), d the way from worst, D the whole way (Kirkwood 1997).

    rho > 0 rewards the first improvements most. Without worst and best the range of the offers is used.
    """

    rho: Fraction
    worst: Fraction | None = None
    best: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """max(0, 1 - |x - ideal| / tolerance of that side): nominal is best; 0 at `worst` and `best`, the two ends."""

    worst: Fraction
    best: Fraction
    ideal: Fraction


@dataclass(frozen=True, slots=True)
class Table:
    """A value for each answer that may be given."""

    values: Mapping[str, Fraction]


ValueFunction = (
    Linear
    | Piecewise
    | Raw
    | Points
    | BestWorst
    | OfBest
    | PriceInverse
    | PriceFromLowest
    | PriceAbsolute
    | Exponential
    | Target
    | Table
)
RELATIVE_PRICE = (PriceInverse, PriceFromLowest)
PRICE = (*RELATIVE_PRICE, PriceAbsolute)
NEVER_NEGATIVE = (*PRICE, OfBest)


def is_relative(function: ValueFunction) -> bool:
    """Whether the value of an offer depends on the other offers."""
    if isinstance(function, Exponential):
        return function.worst is None
    return isinstance(function, (BestWorst, OfBest, PriceInverse, PriceFromLowest))


def evaluate(function: ValueFunction, x: Column, direction: Direction = "max", among: Mask | None = None) -> Column:
    """Values of one column: shape (N,) of float or Fraction, returned in the same kind of number.

    `among` marks the offers that relative formulas look at (the admissible ones; all where none is left).
    A `Table` takes a column of answers and gives fractions. Offers outside `among` are held in 0..1 too.
    """
    if len(x) == 0:
        return x
    kin = x if among is None or not among.any() else x[among]
    match function:
        case Raw():
            return x
        case Table(values):
            return _objects([values[answer] for answer in x])
        case Points(full):
            points: Column = x / _like(x, full)
            return points
        case Linear(worst, best):
            return _between(x, _like(x, worst), _like(x, best))
        case PriceAbsolute(ceiling, floor):
            return _between(x, _like(x, ceiling), _like(x, floor))
        case Piecewise(xs, vs):
            return _interpolated(x, xs, vs)
        case Target(worst, best, ideal):
            return _nominal(x, _like(x, min(worst, best)), _like(x, max(worst, best)), _like(x, ideal))
        case Exponential(rho, worst, best):
            ends = _ends(kin, direction) if worst is None or best is None else (_like(x, worst), _like(x, best))
            return _bent(x, *ends, float(rho))
        case BestWorst():
            return _between(x, *_ends(kin, direction))
        case OfBest():
            return _share_of_most(x, kin) if direction == "max" else _share_of_least(x, kin)
        case PriceInverse():
            return _share_of_least(x, kin)
        case PriceFromLowest():
            lowest = kin.min()
            if lowest == 0:
                return _flags(x, x <= 0)
            return _clipped(2 - x / lowest)


def _objects(values: list[Fraction]) -> Column:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _like(x: Column, value: Fraction) -> Any:
    return value if x.dtype == object else float(value)


def _flags(x: Column, true: Any) -> Column:
    """1 and 0 in the kind of number of `x`."""
    flags: Column = np.where(true, _like(x, Fraction(1)), _like(x, Fraction(0)))
    return flags


def _clipped(values: Column) -> Column:
    low, high = _like(values, Fraction(0)), _like(values, Fraction(1))
    result: Column = np.minimum(np.maximum(values, low), high)
    return result


def _ends(kin: Column, direction: Direction) -> tuple[Any, Any]:
    return (kin.min(), kin.max()) if direction == "max" else (kin.max(), kin.min())


def _between(x: Column, worst: Any, best: Any) -> Column:
    """A criterion whose ends are equal cannot tell offers apart: all get 1."""
    if worst == best:
        return _flags(x, np.ones(len(x), dtype=bool))
    return _clipped((x - worst) / (best - worst))


def _share_of_most(x: Column, kin: Column) -> Column:
    """x / most; where the most is 0 all are alike and get 1."""
    most = kin.max()
    if most == 0:
        return _flags(x, np.ones(len(x), dtype=bool))
    return _clipped(x / most)


def _share_of_least(x: Column, kin: Column) -> Column:
    """least / x; where the least is 0, those at 0 get 1 and the others 0."""
    least = kin.min()
    if least == 0:
        return _flags(x, x <= 0)
    result: Column = least / np.maximum(x, least)
    return result


def _interpolated(x: Column, xs: tuple[Fraction, ...], vs: tuple[Fraction, ...]) -> Column:
    if x.dtype != object:
        return np.asarray(np.interp(x, [float(v) for v in xs], [float(v) for v in vs]), dtype=np.float64)
    return _objects([_on_the_line(value, xs, vs) for value in x])


def _on_the_line(x: Fraction, xs: tuple[Fraction, ...], vs: tuple[Fraction, ...]) -> Fraction:
    if x <= xs[0]:
        return vs[0]
    for left, right, low, high in zip(xs, xs[1:], vs, vs[1:], strict=False):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return vs[-1]


def _nominal(x: Column, low: Any, high: Any, ideal: Any) -> Column:
    """A side without tolerance takes nothing but the ideal itself."""
    one = _like(x, Fraction(1))
    below = 1 - (ideal - x) / (ideal - low or one)
    above = 1 - (x - ideal) / (high - ideal or one)
    below = np.where((x < ideal) & (ideal == low), 0 * one, below)
    above = np.where((x > ideal) & (ideal == high), 0 * one, above)
    return _clipped(np.where(x <= ideal, below, above))


def _bent(x: Column, worst: Any, best: Any, rho: float) -> Column:
    way = _between(x, worst, best)
    bend = rho * float(abs(best - worst))
    if abs(bend) < FLAT:
        return way
    if x.dtype != object:
        return np.asarray(_curve(way, bend), dtype=np.float64)
    return _objects([Fraction(float(_curve(float(share), bend))) for share in way])


def _curve(way: Any, bend: float) -> Any:
    """(1 - exp(-bend way)) / (1 - exp(-bend)), for a negative bend turned so that no power can overflow."""
    curve = np.expm1(-abs(bend) * way) / math.expm1(-abs(bend))
    return curve if bend > 0 else curve * np.exp(bend * (1 - way))
