"""Several evaluators: one score from many, and where they disagree.

A cube holds marks as float values on one scale, shape (E evaluators, N offers, n criteria); NaN is a mark not given
(declared interest, not yet scored) and counts in nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from srm_portal.evaluation.domain.figures import NOISE, Array

Rule = Literal["mean", "median", "trimmed"]

RANGE_SHARE = 0.40
"""Marks of one cell that lie this share of the scale apart are flagged."""
DISTANCE_SHARE = 0.20
"""A mark this share of the scale away from the median of its cell is flagged."""
ROBUST_Z = 3.5
ROBUST_Z_VOICES_MIN = 5
BIAS_SHARE = 0.10


def group_scores(cube: Array, weights: Array, voices: Array | None = None) -> Array:
    """Scores (N,) of complete marks: weighted mean over evaluators of sum_j w_j v_ij. One pass over the cube.

    `weights` (n,) sum to 1; `voices` (E,) are the evaluators' weights, equal where not given.
    """
    evaluators, offers, criteria = cube.shape
    marks = (cube.reshape(evaluators * offers, criteria) @ weights).reshape(evaluators, offers)
    if voices is None:
        result: Array = marks.mean(axis=0)
        return result
    weighted: Array = voices @ marks / voices.sum()
    return weighted


def agreed(cube: Array, rule: Rule = "mean", voices: Array | None = None, trim: float = 0.2) -> Array:
    """One mark for each cell, (N, n), from those given; NaN where nobody gave one.

    `mean` weighs evaluators by `voices`; `median` and `trimmed` (the share `trim` cut off at either end, rounded
    down) resist a single extreme evaluator and count heads.
    """
    known = ~np.isnan(cube)
    if rule == "mean":
        voice = (np.ones(len(cube)) if voices is None else voices)[:, None, None] * known
        heard = voice.sum(axis=0)
        total = (np.where(known, cube, 0.0) * voice).sum(axis=0)
        return _ratio(total, heard)
    ordered = np.sort(cube, axis=0)
    count = known.sum(axis=0)
    cut = (count - 1) // 2 if rule == "median" else np.floor(count * trim).astype(np.int64)
    place = np.arange(len(cube))[:, None, None]
    kept = (place >= cut) & (place < count - cut)
    total = np.where(kept, ordered, 0.0).sum(axis=0)
    left = kept.sum(axis=0)
    return _ratio(total, left)


def _ratio(total: Array, count: Any) -> Array:
    result: Array = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return result


@dataclass(frozen=True, slots=True)
class CellFlag:
    """A mark worth talking about. Codes: `wide_range` (evaluator -1: the cell as a whole), `far_from_median`,
    `outlier`."""

    offer: int
    criterion: int
    evaluator: int
    code: str
    size: float


def flags(cube: Array, scale: float = 1.0) -> list[CellFlag]:
    """Disagreements, ordered by offer and criterion; `scale` is the width of the marks' scale (1 for values, 10 for
    marks of 0..10). The robust z = |x - median| / (1.4826 MAD) is looked at from five marks on."""
    found: list[CellFlag] = []
    if len(cube) < 2:
        return found
    known = ~np.isnan(cube)
    shown = known.any(axis=0)
    spread = np.where(shown, _end(cube, known, -np.inf, np.fmax) - _end(cube, known, np.inf, np.fmin), 0.0)
    median = agreed(cube, "median")
    distance = np.where(known, np.abs(cube - median), 0.0)
    deviation = agreed(np.where(known, np.abs(cube - median), np.nan), "median")
    robust = np.divide(distance, 1.4826 * deviation, out=np.zeros_like(distance), where=deviation > NOISE)
    odd = (robust > ROBUST_Z) & (known.sum(axis=0) >= ROBUST_Z_VOICES_MIN)
    far = distance > DISTANCE_SHARE * scale + NOISE
    for offer, criterion in np.argwhere(spread >= RANGE_SHARE * scale - NOISE):
        found.append(CellFlag(int(offer), int(criterion), -1, "wide_range", float(spread[offer, criterion])))
    for evaluator, offer, criterion in np.argwhere(far | odd):
        size = float(distance[evaluator, offer, criterion])
        code = "outlier" if odd[evaluator, offer, criterion] else "far_from_median"
        found.append(CellFlag(int(offer), int(criterion), int(evaluator), code, size))
    return sorted(found, key=lambda flag: (flag.offer, flag.criterion, flag.evaluator))


def _end(cube: Array, known: npt.NDArray[np.bool_], empty: float, end: np.ufunc) -> Array:
    result: Array = end.reduce(np.where(known, cube, empty), axis=0)
    return result


@dataclass(frozen=True, slots=True)
class Habit:
    """How an evaluator marks: mean distance to the group on the same cells, own spread, and codes of what stands out.

    Codes: `lenient`, `strict` (beyond 10 % of the scale), `no_spread` (the same mark everywhere, on several cells).
    """

    evaluator: int
    bias: float
    deviation: float
    codes: tuple[str, ...]


def habits(cube: Array, scale: float = 1.0) -> list[Habit]:
    """One line for each evaluator; those who gave no mark have bias and deviation 0 and no codes."""
    group = agreed(cube, "mean")
    found = []
    for evaluator, marks in enumerate(cube):
        known = ~np.isnan(marks)
        if not known.any():
            found.append(Habit(evaluator, 0.0, 0.0, ()))
            continue
        bias = float((marks - group)[known].mean())
        deviation = float(marks[known].std())
        codes = []
        if abs(bias) > BIAS_SHARE * scale:
            codes.append("lenient" if bias > 0 else "strict")
        if known.sum() > 1 and deviation < NOISE:
            codes.append("no_spread")
        found.append(Habit(evaluator, bias, deviation, tuple(codes)))
    return found


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W: 0 no agreement on the order, 1 full agreement; chi2 has k - 1 degrees of freedom."""

    w: float
    chi2: float
    freedom: int

    @property
    def reading(self) -> str:
        return "weak" if self.w < 0.3 else "moderate" if self.w <= 0.7 else "strong"


def kendall_w(marks: Array) -> Concordance | None:
    """Agreement of m evaluators (rows) on the order of k offers (columns), corrected for ties (Kendall & Smith 1939).

    W = 12 S / (m^2 (k^3 - k) - m sum T), T = sum(t^3 - t) over the ties of an evaluator. None where there is no order
    to agree on: fewer than two evaluators or offers, or nobody tells offers apart. Marks must be complete.
    """
    evaluators, offers = marks.shape
    if evaluators < 2 or offers < 2:
        return None
    ranks = np.array([mean_ranks(row) for row in marks])
    totals = ranks.sum(axis=0)
    s = float(((totals - totals.mean()) ** 2).sum())
    ties = sum(float((counts**3 - counts).sum()) for counts in (_tie_sizes(row) for row in marks))
    whole = evaluators**2 * (offers**3 - offers) - evaluators * ties
    if whole <= 0:
        return None
    w = 12 * s / whole
    return Concordance(w, evaluators * (offers - 1) * w, offers - 1)


def mean_ranks(marks: Array) -> Array:
    """Rank 1 for the highest mark; equal marks share the mean of the ranks that they take up."""
    ordered = np.sort(-marks)
    before = np.searchsorted(ordered, -marks, side="left")
    upto = np.searchsorted(ordered, -marks, side="right")
    result: Array = (before + 1 + upto) / 2
    return result


def _tie_sizes(marks: Array) -> Array:
    return np.asarray(np.unique(marks, return_counts=True)[1], dtype=np.float64)


def mean_of_ranks(marks: Array) -> Array:
    """Mean rank of each offer, (E, N) -> (N,): shown beside the mean of scores where the two orders differ."""
    result: Array = np.mean([mean_ranks(row) for row in marks], axis=0)
    return result


def ahp_consensus(priorities: Sequence[Sequence[float]]) -> float:
    """How alike several evaluators' weights are, 0..1: S = (1/D_beta - 1/n) / (1 - 1/n) with Shannon diversity.

    D_beta = exp(entropy of the mean weights - mean of the entropies) (Goepel 2013); 1 means the same weights.
    """
    p = np.array(priorities, dtype=np.float64)
    count = len(p)
    if count < 2:
        return 1.0
    diversity = float(np.exp(_entropy(p.mean(axis=0)) - np.mean([_entropy(row) for row in p])))
    return (1 / diversity - 1 / count) / (1 - 1 / count)


def _entropy(shares: Array) -> float:
    held = shares[shares > 0]
    return float(-(held * np.log(held)).sum())
