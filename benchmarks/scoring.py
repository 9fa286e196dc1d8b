"""Scoring speed as ratios within one run: against one pass over the same bytes, and against pymcdm.

python -m benchmarks.scoring
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import numpy as np

from srm_portal.evaluation.domain.consensus import group_scores
from srm_portal.evaluation.domain.methods import Additive, Preference, single_flows, stretched
from srm_portal.evaluation.domain.smaa import acceptability

OFFERS, CRITERIA, EVALUATORS = 10_000, 50, 20
SAMPLES, SUPPLIERS, WEIGHTS = 100_000, 50, 20
THEIR_SAMPLES = 2_000


def seconds(work: Callable[[], object], rounds: int = 7) -> float:
    """Least time of a few rounds: what the work costs when nothing else runs."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def cube_against_one_pass() -> dict[str, float]:
    """The group score of every offer, and a dot product that reads the same 80 MB once."""
    generator = np.random.default_rng(1)
    cube = generator.random((EVALUATORS, OFFERS, CRITERIA))
    weights = generator.dirichlet(np.ones(CRITERIA))
    voices = generator.random(EVALUATORS)
    flat = cube.ravel()
    once = seconds(lambda: flat @ flat)
    ours = seconds(lambda: group_scores(cube, weights, voices))
    return {"one_pass_ms": once * 1e3, "cube_ms": ours * 1e3, "cube_over_one_pass": ours / once}


def weighted_sum_against_pymcdm() -> dict[str, float]:
    """Twenty weightings of one matrix with best-to-worst values."""
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    generator = np.random.default_rng(2)
    matrix = generator.random((OFFERS, CRITERIA)) * 100
    weights = generator.dirichlet(np.ones(CRITERIA), EVALUATORS)
    types = np.ones(CRITERIA)
    body = WSM(minmax_normalization)

    def ours() -> object:
        return stretched(matrix, ["max"] * CRITERIA).scores(weights)

    def theirs() -> object:
        return [body(matrix, row, types, validation=False) for row in weights]

    assert np.allclose(ours(), theirs())  # type: ignore[arg-type]
    mine, other = seconds(ours), seconds(theirs, 3)
    return {"weighted_sum_ms": mine * 1e3, "pymcdm_ms": other * 1e3, "weighted_sum_times_faster": other / mine}


def smaa_against_pymcdm() -> dict[str, float]:
    """Rank acceptabilities of 100,000 weightings; theirs draw by draw on values made before."""
    from pymcdm.methods import WSM

    values = np.random.default_rng(3).random((SUPPLIERS, WEIGHTS))
    draws = np.random.default_rng(4).dirichlet(np.ones(WEIGHTS), THEIR_SAMPLES)
    types = np.ones(WEIGHTS)
    body = WSM(lambda column, cost=False: column)

    def theirs() -> object:
        counts = np.zeros((SUPPLIERS, SUPPLIERS))
        suppliers = np.arange(SUPPLIERS)
        for row in draws:
            order = np.argsort(-body(values, row, types, validation=False))
            counts[order, suppliers] += 1
        return counts

    mine = seconds(lambda: acceptability(Additive(values), WEIGHTS, samples=SAMPLES, seed=1), 5)
    other = seconds(theirs, 2) * SAMPLES / THEIR_SAMPLES
    return {"smaa_ms": mine * 1e3, "pymcdm_loop_ms": other * 1e3, "smaa_times_faster": other / mine}


def promethee_by_sorting() -> dict[str, float]:
    """One criterion of 1,000 offers, usual shape: sorting against comparing all pairs."""
    column = np.random.default_rng(5).random(1_000)
    pairs = seconds(lambda: single_flows(column, "max", Preference("u_shape", q=0.0)))
    sorting = seconds(lambda: single_flows(column, "max", Preference()))
    return {"promethee_pairs_ms": pairs * 1e3, "promethee_sort_ms": sorting * 1e3, "sort_over_pairs": sorting / pairs}


TARGETS = {
    "cube_over_one_pass": ("at most", 2.5),
    "weighted_sum_times_faster": ("at least", 20.0),
    "smaa_times_faster": ("at least", 30.0),
    "sort_over_pairs": ("at most", 0.2),
}


def run() -> dict[str, object]:
    """All figures, and for each ratio whether it reaches its target."""
    figures: dict[str, float] = {}
    for part in (cube_against_one_pass, weighted_sum_against_pymcdm, smaa_against_pymcdm, promethee_by_sorting):
        figures |= part()
    reached = {
        name: figures[name] <= limit if kind == "at most" else figures[name] >= limit
        for name, (kind, limit) in TARGETS.items()
    }
    return {
        "figures": {name: round(value, 3) for name, value in figures.items()},
        "targets": {name: f"{kind} {limit:g}" for name, (kind, limit) in TARGETS.items()},
        "reached": reached,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
