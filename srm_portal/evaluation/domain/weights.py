"""Ways to weights: direct points and swings, ranks (ROC), pairwise comparisons (AHP), and from the offers' spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from srm_portal.evaluation.domain.figures import NOISE, Array
from srm_portal.evaluation.domain.values import Direction

Derivation = Literal["eigenvector", "geometric_mean"]

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random matrices of size 1..15, Saaty (1980). Other tables differ in the third digit."""
CR_LIMIT = 0.10
RECIPROCITY = Fraction(1, 1_000_000)
SQUARINGS = 60


def direct(points: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Points, percent or swings (100 for the criterion whose worst-to-best step matters most): w = s / sum(s).

    Raises ValueError("weight_negative") or ValueError("weights_zero").
    """
    if any(point < 0 for point in points):
        raise ValueError("weight_negative")
    total = sum(points, Fraction(0))
    if total == 0:
        raise ValueError("weights_zero")
    return tuple(point / total for point in points)


def rank_order_centroid(count: int) -> tuple[Fraction, ...]:
    """Weights of criteria listed from the most to the least important: w_k = (1/n) sum_{t=k..n} 1/t (SMARTER)."""
    return tuple(sum((Fraction(1, t) for t in range(k, count + 1)), Fraction(0)) / count for k in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Weights of a comparison matrix and how consistent it is.

    `doubtful` is the comparison (row, column) that disagrees most with the weights, `suggested` what they imply;
    None where the matrix is consistent.
    """

    weights: tuple[float, ...]
    lambda_max: float
    ci: float
    cr: float
    doubtful: tuple[int, int] | None
    suggested: float | None

    @property
    def consistent(self) -> bool:
        return self.cr <= CR_LIMIT


def broken_pair(matrix: Sequence[Sequence[Fraction]]) -> tuple[int, int] | None:
    """The first cell that is not the reciprocal of its mirror image (1e-6 relative), diagonal included."""
    for i, row in enumerate(matrix):
        for j in range(i + 1):
            if abs(row[j] * matrix[j][i] - 1) > RECIPROCITY:
                return i, j
    return None


def analytic_hierarchy(matrix: Sequence[Sequence[Fraction]], derivation: Derivation = "eigenvector") -> Pairwise:
    """AHP: weights from a reciprocal matrix of up to 15 criteria (Saaty 1980).

    `eigenvector`: the principal one. `geometric_mean`: of each row; both agree up to three criteria.
    CI = (lambda_max - n) / (n - 1), CR = CI / RI, 0 up to two criteria.
    """
    a = np.array([[float(cell) for cell in row] for row in matrix], dtype=np.float64)
    count = len(a)
    weights = _principal(a) if derivation == "eigenvector" else _row_means(a)
    lambda_max = float(np.mean(a @ weights / weights))
    ci = max(0.0, (lambda_max - count) / (count - 1)) if count > 2 else 0.0
    ci = 0.0 if ci < NOISE else ci
    cr = ci / RANDOM_INDEX[count - 1] if count > 2 else 0.0
    doubtful, suggested = _most_doubtful(a, weights)
    if ci == 0.0:
        lambda_max, doubtful, suggested = float(count), None, None
    return Pairwise(tuple(float(weight) for weight in weights), lambda_max, ci, cr, doubtful, suggested)


def _principal(a: Array) -> Array:
    """Repeated squaring of a positive matrix: its columns become the principal eigenvector."""
    power = a / a.sum()
    for _ in range(SQUARINGS):
        following = power @ power
        following /= following.sum()
        if np.abs(following - power).max() < 1e-17:
            break
        power = following
    weights = power.sum(axis=1)
    result: Array = weights / weights.sum()
    return result


def _row_means(a: Array) -> Array:
    means = np.exp(np.log(a).mean(axis=1))
    result: Array = means / means.sum()
    return result


def _most_doubtful(a: Array, weights: Array) -> tuple[tuple[int, int] | None, float | None]:
    """The pair whose judgement is furthest, as a ratio, from the ratio of the weights."""
    if len(a) < 3:
        return None, None
    gap = np.triu(np.round(np.abs(np.log(a * weights[None, :] / weights[:, None])), 12), 1)
    row, column = np.unravel_index(int(gap.argmax()), gap.shape)
    return (int(row), int(column)), float(weights[row] / weights[column])


def from_incomplete(matrix: Sequence[Sequence[Fraction | None]]) -> tuple[float, ...]:
    """Weights where some comparisons were left out: logarithmic least squares over the answered ones.

    Solves L ln w = b, L the Laplacian of the graph of answers. Raises ValueError("not_connected") where the
    answers fall apart into groups that were never compared.
    """
    count = len(matrix)
    laplacian, b = np.zeros((count, count)), np.zeros(count)
    for i, row in enumerate(matrix):
        for j, cell in enumerate(row):
            if i != j and cell is not None:
                laplacian[i, i] += 1
                laplacian[i, j] -= 1
                b[i] += math.log(cell)
    if count > 1 and np.linalg.eigvalsh((laplacian + laplacian.T) / 2)[1] < 1e-9:
        raise ValueError("not_connected")
    laplacian += 1.0 / max(1, count)
    weights = np.exp(np.linalg.solve(laplacian, b))
    return tuple(float(weight) for weight in weights / weights.sum())


def joint_judgements(matrices: Sequence[Sequence[Sequence[Fraction]]]) -> Array:
    """One matrix of a group: the geometric mean of its members' judgements (AIJ), which stays reciprocal."""
    logs = [np.log(np.array([[float(cell) for cell in row] for row in matrix])) for matrix in matrices]
    result: Array = np.exp(np.mean(logs, axis=0))
    return result


def entropy(matrix: Array) -> Array:
    """Shannon entropy weights of a matrix without negative numbers: P = x / sum x, E = -sum P ln P / ln m, w ~ 1 - E.

    A diagnostic ("this criterion does not tell the offers apart"), no award weights: bidders move them.
    Equal weights where no criterion tells anything apart.
    """
    offers, criteria = matrix.shape
    totals = matrix.sum(axis=0)
    share = np.divide(matrix, totals, out=np.zeros_like(matrix), where=totals > 0)
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    spread = 1 + (share * logs).sum(axis=0) / math.log(offers) if offers > 1 else np.zeros(criteria)
    return _normalised(np.where((matrix == matrix[:1]).all(axis=0), 0.0, np.maximum(spread, 0.0)))


def critic(matrix: Array, directions: Sequence[Direction]) -> Array:
    """CRITIC weights (Diakoulaki et al. 1995): sd_j * sum_k (1 - corr_jk) on columns scaled to 0..1, best = 1.

    A column without spread weighs nothing and is correlated with none.
    """
    span = matrix.max(axis=0) - matrix.min(axis=0)
    scaled = np.divide(matrix - matrix.min(axis=0), span, out=np.zeros_like(matrix), where=span > 0)
    flipped = np.array([direction == "min" for direction in directions])
    scaled = np.where(flipped & (span > 0), 1 - scaled, scaled)
    centred = scaled - scaled.mean(axis=0)
    deviation = np.sqrt((centred**2).mean(axis=0))
    covariance = centred.T @ centred / len(matrix)
    scale = np.outer(deviation, deviation)
    correlation = np.divide(covariance, scale, out=np.zeros_like(covariance), where=scale > 0)
    np.fill_diagonal(correlation, 1.0)
    return _normalised(deviation * (1 - correlation).sum(axis=0))


def _normalised(weights: Array) -> Array:
    total = weights.sum()
    return weights / total if total > NOISE else np.full(len(weights), 1 / len(weights))
