"""Random matrices give the same scores as other people's code: pymcdm, and scipy's linear programming."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pymcdm import methods as theirs
from pymcdm import normalizations, weights
from scipy.optimize import linprog

from srm_portal.evaluation.domain.best_worst import best_worst
from srm_portal.evaluation.domain.scoring_file import run

from .builders import BEST_WORST, file_of, scores

ROUNDS = 1000
VARIANTS = 1000 if os.environ.get("SRM_FULL") else 200
"""Each method is compared on a thousand matrices; its further variants on fewer, all of them in the long run."""


def random_problems() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Matrices of 3..9 offers on 2..7 criteria with one decimal, so that ties happen; weights; types (1, -1)."""
    generator = np.random.default_rng(20)
    problems = []
    while len(problems) < ROUNDS:
        shape = generator.integers(3, 10), generator.integers(2, 8)
        matrix = np.round(generator.uniform(1, 100, shape), 1)
        if (matrix.max(axis=0) > matrix.min(axis=0)).all():
            weights_ = generator.integers(1, 50, shape[1]).astype(float)
            problems.append((matrix, weights_, generator.choice([1, -1], shape[1])))
    return problems


PROBLEMS = random_problems()


def rounds(first: bool) -> int:
    return ROUNDS if first else VARIANTS


def ours(matrix: np.ndarray, weights_: np.ndarray, types: np.ndarray, method: str, **more: Any) -> list[float]:
    directions = ["max" if type_ > 0 else "min" for type_ in types]
    rows = [[float(cell) for cell in row] for row in matrix]
    return scores(file_of(rows, list(weights_), method=method, directions=directions, **more))


@pytest.mark.parametrize(
    ("value", "normalisation"),
    [
        (BEST_WORST, normalizations.minmax_normalization),
        ({"kind": "linear_max"}, normalizations.linear_normalization),
    ],
)
def test_weighted_sums_agree(value: dict[str, str], normalisation: Any) -> None:
    body = theirs.WSM(normalisation)
    for matrix, weights_, types in PROBLEMS[: rounds(value is BEST_WORST)]:
        found = ours(matrix, weights_, types, "weighted_sum", values=value)
        assert found == pytest.approx(list(body(matrix, weights_ / weights_.sum(), types, validation=False)), abs=1e-11)


@pytest.mark.parametrize(
    ("name", "normalisation"),
    [("vector", normalizations.vector_normalization), ("minmax", normalizations.minmax_normalization)],
)
def test_topsis_agrees(name: str, normalisation: Any) -> None:
    body = theirs.TOPSIS(normalisation)
    for matrix, weights_, types in PROBLEMS[: rounds(name == "vector")]:
        found = ours(matrix, weights_, types, "topsis", parameters={"normalisation": name})
        assert found == pytest.approx(list(body(matrix, weights_ / weights_.sum(), types, validation=False)), abs=1e-11)


def test_vikor_agrees() -> None:
    body = theirs.VIKOR()
    for matrix, weights_, types in PROBLEMS:
        with np.errstate(invalid="ignore", divide="ignore"):
            expected = np.nan_to_num(body(matrix, weights_ / weights_.sum(), types, validation=False))
        found = ours(matrix, weights_, types, "vikor")
        assert found == pytest.approx(list(expected), abs=1e-10)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("usual", "usual"), ("u_shape", "ushape"), ("v_shape", "vshape"), ("level", "level"), ("linear", "vshape_2")],
)
def test_promethee_agrees(kind: str, name: str) -> None:
    """Thresholds of 5.25 and 30.25 are no difference of two marks, so that rounding on either side plays no part."""
    known = {"u_shape": ("q",), "v_shape": ("p",), "level": ("q", "p"), "linear": ("q", "p")}.get(kind, ())
    preference = {"kind": kind, **{limit: {"q": "5.25", "p": "30.25"}[limit] for limit in known}}
    for matrix, weights_, types in PROBLEMS[: rounds(kind == "usual")]:
        count = matrix.shape[1]
        body = theirs.PROMETHEE_II(name, p=[30.25] * count, q=[5.25] * count)
        found = ours(matrix, weights_, types, "promethee_ii", parameters={"preferences": [preference] * count})
        assert found == pytest.approx(list(body(matrix, weights_ / weights_.sum(), types, validation=False)), abs=1e-11)


def our_weights(matrix: np.ndarray, method: str) -> list[float]:
    rows = [[float(cell) for cell in row] for row in matrix]
    return [float(weight) for weight in run(file_of(rows, [1] * matrix.shape[1], method=method))["weights"]]


def test_entropy_weights_agree() -> None:
    for matrix, _weights, _types in PROBLEMS:
        assert our_weights(matrix, "entropy_weights") == pytest.approx(list(weights.entropy_weights(matrix)), abs=1e-10)


def test_critic_weights_agree() -> None:
    """pymcdm does not look at directions; on criteria that all go up, neither do we."""
    for matrix, _weights, _types in PROBLEMS:
        assert our_weights(matrix, "critic_weights") == pytest.approx(list(weights.critic_weights(matrix)), abs=1e-10)


def test_best_worst_weights_are_the_linear_programme_s() -> None:
    dice = random.Random(5)
    for _ in range(VARIANTS // 4):
        count = dice.randint(3, 9)
        best, worst = dice.sample(range(count), 2)
        most = dice.randint(2, 9)
        over = [dice.randint(1, most) for _ in range(count)]
        under = [dice.randint(1, most) for _ in range(count)]
        over[best] = under[worst] = 1
        over[worst] = under[best] = most
        rows = []
        for j in range(count):
            for one, other, ratio in ((best, j, over[j]), (j, worst, under[j])):
                if one != other:
                    line = [0.0] * (count + 1)
                    line[one] += 1
                    line[other] -= ratio
                    rows += [[*line[:-1], -1], [*(-cell for cell in line[:-1]), -1]]
        solved = linprog(
            [0] * count + [1], A_ub=rows, b_ub=[0] * len(rows), A_eq=[[1] * count + [0]], b_eq=[1], method="highs"
        )
        found = best_worst(best, worst, [Fraction(a) for a in over], [Fraction(a) for a in under])
        assert float(found.xi) == pytest.approx(solved.fun, abs=1e-9)
        assert sum(found.weights) == 1
