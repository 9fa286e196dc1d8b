"""Ranking methods as models that score many weight vectors at once.

A model is made from the admissible offers; `scores(W)` takes weights of shape (B, n), rows summing to 1, and
returns (B, N), larger is better. One row gives the ranking; a million rows give its robustness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from srm_portal.evaluation.domain.figures import Array
from srm_portal.evaluation.domain.values import Direction

Normalisation = Literal["vector", "minmax"]
CELLS_MAX = 4_000_000
"""Largest block of intermediate numbers that a model holds at once."""


class Model(Protocol):
    """Scores for weight vectors; all scores lie within `bounds`."""

    @property
    def offers(self) -> int: ...

    @property
    def bounds(self) -> tuple[float, float]: ...

    def scores(self, weights: Array) -> Array: ...


@dataclass(frozen=True, slots=True)
class Additive:
    """score = sum of weight * contribution: the weighted sum, and PROMETHEE II on the flows of single criteria."""

    contributions: Array

    @property
    def offers(self) -> int:
        return int(self.contributions.shape[0])

    @property
    def bounds(self) -> tuple[float, float]:
        if self.contributions.size == 0:
            return 0.0, 0.0
        return float(self.contributions.min()), float(self.contributions.max())

    def scores(self, weights: Array) -> Array:
        result: Array = weights @ self.contributions.T
        return result


@dataclass(frozen=True, slots=True)
class Stretched:
    """The weighted sum of best-to-worst values, straight from the marks: values are never written down.

    v = (x - start) * slope, so sum w v is one product with the weights times the slopes: what a slider needs.
    """

    marks: Array
    start: Array
    slope: Array

    @property
    def offers(self) -> int:
        return int(self.marks.shape[0])

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, 1.0

    def scores(self, weights: Array) -> Array:
        folded = weights * self.slope
        result: Array = folded @ self.marks.T
        result += (weights.sum(axis=1) - weights[:, self.slope != 0].sum(axis=1) - folded @ self.start)[:, None]
        return result


def stretched(marks: Array, directions: Sequence[Direction]) -> Stretched:
    """Best-to-worst values of marks (N, n), N >= 1; a criterion on which all are alike counts 1 for everybody."""
    low, high = marks.min(axis=0), marks.max(axis=0)
    worst = np.where(_signs(directions) > 0, low, high)
    way = np.where(_signs(directions) > 0, high, low) - worst
    slope = np.divide(1.0, way, out=np.zeros_like(way), where=way != 0)
    return Stretched(marks, np.where(way != 0, worst, 0.0), slope)


@dataclass(frozen=True, slots=True)
class Closeness:
    """TOPSIS (Hwang & Yoon 1981): closeness to the ideal, d- / (d+ + d-), Euclidean distances."""

    from_worst: Array
    """Squared distance of each offer to the anti-ideal on each criterion, before weighting: (N, n)."""
    from_best: Array

    @property
    def offers(self) -> int:
        return int(self.from_worst.shape[0])

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, 1.0

    def scores(self, weights: Array) -> Array:
        squared = weights * weights
        near = np.sqrt(squared @ self.from_worst.T)
        far = np.sqrt(squared @ self.from_best.T)
        whole = near + far
        result: Array = np.divide(near, whole, out=np.ones_like(near), where=whole > 0)
        return result


@dataclass(frozen=True, slots=True)
class Compromise:
    """VIKOR (Opricovic & Tzeng 2004). `scores` is 1 - Q, so that larger is better."""

    regrets: Array
    """(f* - f) / (f* - f-) of each offer on each criterion: (N, n); 0 on a criterion where all are alike."""
    v: float = 0.5

    @property
    def offers(self) -> int:
        return int(self.regrets.shape[0])

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, 1.0

    def parts(self, weights: Array) -> tuple[Array, Array, Array]:
        """S (group utility), R (greatest single regret) and Q, each (B, N); smaller is better."""
        s = weights @ self.regrets.T
        if len(weights) == 1 and self.regrets.size:
            r: Array = (self.regrets * weights[0]).max(axis=1)[None, :]
            return s, r, self.v * _unit(s) + (1 - self.v) * _unit(r)
        r = np.zeros_like(s)
        for column in range(self.regrets.shape[1]):
            np.maximum(r, weights[:, column, None] * self.regrets[None, :, column], out=r)
        return s, r, self.v * _unit(s) + (1 - self.v) * _unit(r)

    def scores(self, weights: Array) -> Array:
        return 1.0 - self.parts(weights)[2]


def _unit(rows: Array) -> Array:
    """Each row stretched to 0..1; a row whose items are all alike becomes 0."""
    if rows.shape[1] == 0:
        return rows
    low = rows.min(axis=1, keepdims=True)
    span = rows.max(axis=1, keepdims=True) - low
    unit: Array = np.divide(rows - low, span, out=np.zeros_like(rows), where=span > 1e-14)
    return unit


def _signs(directions: Sequence[Direction]) -> Array:
    return np.array([1.0 if direction == "max" else -1.0 for direction in directions])


def _spans(matrix: Array) -> tuple[Array, Array]:
    low = matrix.min(axis=0)
    return low, matrix.max(axis=0) - low


def closeness(matrix: Array, directions: Sequence[Direction], normalisation: Normalisation = "vector") -> Closeness:
    """TOPSIS of a matrix (N, n). `vector` divides by the column's length (the textbook), `minmax` by its range."""
    if matrix.shape[0] == 0:
        return Closeness(matrix, matrix)
    if normalisation == "vector":
        length = np.sqrt((matrix * matrix).sum(axis=0))
    else:
        length = _spans(matrix)[1]
    scaled = np.divide(matrix, length, out=np.zeros_like(matrix), where=length > 0) * _signs(directions)
    return Closeness((scaled - scaled.min(axis=0)) ** 2, (scaled.max(axis=0) - scaled) ** 2)


def compromise(matrix: Array, directions: Sequence[Direction], v: float = 0.5) -> Compromise:
    """VIKOR of a matrix (N, n); `v` weighs the majority of criteria against the greatest regret."""
    if matrix.shape[0] == 0:
        return Compromise(matrix, v)
    better = matrix * _signs(directions)
    low, span = _spans(better)
    high = low + span
    return Compromise(np.divide(high - better, span, out=np.zeros_like(better), where=span > 0), v)


@dataclass(frozen=True, slots=True)
class CompromiseVerdict:
    """VIKOR's two conditions for a clear winner, and the set to propose where they do not hold (rows, best first)."""

    acceptable_advantage: bool
    acceptable_stability: bool
    compromise: tuple[int, ...]


def verdict(s: Array, r: Array, q: Array) -> CompromiseVerdict:
    """Condition 1: Q of the second is behind by at least 1/(m-1). Condition 2: the first is also best on S or on R."""
    count = len(q)
    order = sorted(range(count), key=lambda row: (round(float(q[row]), 12), row))
    if count < 2:
        return CompromiseVerdict(True, True, tuple(order))
    noise = 1e-12
    needed = 1 / (count - 1) - noise
    first = order[0]
    advantage = bool(q[order[1]] - q[first] >= needed)
    stability = bool(s[first] <= s.min() + noise or r[first] <= r.min() + noise)
    if not advantage:
        return CompromiseVerdict(False, stability, tuple(row for row in order if q[row] - q[first] < needed))
    return CompromiseVerdict(True, stability, (first,) if stability else tuple(order[:2]))


Shape = Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]


@dataclass(frozen=True, slots=True)
class Preference:
    """One of the six shapes of Brans & Vincke (1985): how an advantage d > 0 becomes a preference in 0..1."""

    kind: Shape = "usual"
    q: float = 0.0
    p: float = 1.0
    s: float = 1.0

    def of(self, d: Array) -> Array:
        """Preference for advantages of any shape; 0 where d <= 0."""
        match self.kind:
            case "usual":
                return (d > 0).astype(np.float64)
            case "u_shape":
                return ((d > self.q) & (d > 0)).astype(np.float64)
            case "v_shape":
                return self._ramp(d, 0.0)
            case "level":
                return 0.5 * ((d > self.q) & (d > 0)) + 0.5 * ((d > self.p) & (d > 0))
            case "linear":
                return self._ramp(d, self.q)
            case "gaussian":
                return np.where(d > 0, -np.expm1(-np.square(d) / (2 * self.s * self.s)), 0.0)

    def _ramp(self, d: Array, start: float) -> Array:
        if self.p <= start:
            return ((d > start) & (d > 0)).astype(np.float64)
        return np.clip((d - start) / (self.p - start), 0.0, 1.0) * (d > 0)


def single_flows(column: Array, direction: Direction, preference: Preference) -> tuple[Array, Array]:
    """Leaving and entering flow of each offer on one criterion, divided by N - 1.

    The usual shape only counts who is behind and who is ahead, which sorting does without comparing all pairs.
    """
    count = len(column)
    if count < 2:
        return np.zeros(count), np.zeros(count)
    better = column if direction == "max" else -column
    if preference.kind == "usual":
        ordered = np.sort(better)
        behind = np.searchsorted(ordered, better, side="left")
        ahead = count - np.searchsorted(ordered, better, side="right")
        return behind / (count - 1), ahead / (count - 1)
    leaving, entering = np.zeros(count), np.zeros(count)
    step = max(1, CELLS_MAX // count)
    for start in range(0, count, step):
        block = preference.of(better[start : start + step, None] - better[None, :])
        leaving[start : start + step] = block.sum(axis=1)
        entering += block.sum(axis=0)
    return leaving / (count - 1), entering / (count - 1)


def outranking(
    matrix: Array, directions: Sequence[Direction], preferences: Sequence[Preference]
) -> tuple[Array, Array]:
    """PROMETHEE II: leaving and entering flows by criterion, each (N, n); net = leaving - entering, times weights."""
    columns = [
        single_flows(matrix[:, j], direction, preference)
        for j, (direction, preference) in enumerate(zip(directions, preferences, strict=True))
    ]
    if not columns:
        return np.zeros(matrix.shape), np.zeros(matrix.shape)
    return np.column_stack([column[0] for column in columns]), np.column_stack([column[1] for column in columns])
