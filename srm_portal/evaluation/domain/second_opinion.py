"""TOPSIS, VIKOR and PROMETHEE II as second opinions on the same offers. All three are relative to the offers given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from srm_portal.evaluation.domain import remarks
from srm_portal.evaluation.domain.additive import admitted, numeric
from srm_portal.evaluation.domain.criteria import excluded_by_cells, shares, weight_sum
from srm_portal.evaluation.domain.figures import Array, printed, settled, whole_numbers
from srm_portal.evaluation.domain.methods import (
    Additive,
    Model,
    Normalisation,
    Preference,
    closeness,
    compromise,
    outranking,
    verdict,
)
from srm_portal.evaluation.domain.outcome import Outcome
from srm_portal.evaluation.domain.score_input import Problem
from srm_portal.evaluation.domain.values import Direction

WITHDRAWALS_MAX = 2_000
"""Up to so many offers the withdrawal test is made: it ranks once for each loser."""


@dataclass(frozen=True, slots=True)
class _Admissible:
    """The offers that passed the knock-outs, as numbers in units that keep differences exact."""

    outcome: Outcome
    matrix: Array
    weights: Array
    directions: tuple[Direction, ...]
    preferences: tuple[Preference, ...]

    def spread_out(self, positions: Array) -> tuple[float | None, ...]:
        """Scores of the admissible back in their rows; None for the others."""
        held = dict(zip(self.outcome.rows, (float(score) for score in settled(positions)), strict=True))
        return tuple(held.get(row) for row in range(len(self.outcome.scores)))


def topsis(problem: Problem, normalisation: Normalisation = "vector") -> Outcome:
    """Closeness to the ideal offer; `vector` normalisation is the textbook's."""
    base = _admissible(problem)

    def remake(matrix: Array) -> Model:
        return closeness(matrix, base.directions, normalisation)

    model = remake(base.matrix)
    details = {"weight_sum": printed(weight_sum(problem.tree)), "normalisation": normalisation}
    return _finished(base, model, model.scores(base.weights[None, :])[0], details, _remaking(base, remake))


def vikor(problem: Problem, v: float = 0.5) -> Outcome:
    """Q (smaller is better) with S, R and the two conditions for a clear winner."""
    base = _admissible(problem)

    def remake(matrix: Array) -> Model:
        return compromise(matrix, base.directions, v)

    model = compromise(base.matrix, base.directions, v)
    s, r, q = (part[0] for part in model.parts(base.weights[None, :]))
    judged = verdict(s, r, q)
    details = {
        "weight_sum": printed(weight_sum(problem.tree)),
        "v": printed(v),
        **{name: _texts(base.spread_out(part)) for name, part in (("S", s), ("R", r), ("Q", q))},
        "acceptable_advantage": judged.acceptable_advantage,
        "acceptable_stability": judged.acceptable_stability,
        "compromise": [problem.alternatives[base.outcome.rows[row]] for row in judged.compromise],
    }
    return _finished(base, model, q, details, _remaking(base, remake), smaller_is_better=True)


def promethee(problem: Problem, preferences: Sequence[Preference], thresholds: Sequence[Any]) -> Outcome:
    """Net flow = leaving - entering. `thresholds` are the (q, p, s) of each criterion as fractions."""
    base = _admissible(problem, preferences, thresholds)
    leaving, entering = outranking(base.matrix, base.directions, base.preferences)
    model = Additive(leaving - entering)
    net = model.scores(base.weights[None, :])[0]
    details = {
        "weight_sum": printed(weight_sum(problem.tree)),
        "phi_plus": _texts(base.spread_out(leaving @ base.weights)),
        "phi_minus": _texts(base.spread_out(entering @ base.weights)),
        "phi": _texts(base.spread_out(net)),
    }
    return _finished(base, model, net, details, _without_pairs(base))


def _texts(scores: Sequence[float | None]) -> list[str | None]:
    return [None if score is None else printed(score) for score in scores]


def _admissible(
    problem: Problem, preferences: Sequence[Preference] = (), thresholds: Sequence[Any] = ()
) -> _Admissible:
    exclusions = excluded_by_cells(problem.tree, problem.cells)
    rows = admitted(len(problem.cells), exclusions)
    kept = [problem.cells[row] for row in rows]
    names = [problem.alternatives[row] for row in rows]
    columns, scaled = [], []
    for j, column in enumerate(numeric(problem.columns, kept)):
        numbers, limits = whole_numbers(column, thresholds[j] if thresholds else ())
        columns.append(numbers)
        if preferences:
            scaled.append(Preference(preferences[j].kind, *(float(limit) for limit in limits)))
    weights = shares(problem.tree)
    outcome = Outcome(
        weights=weights,
        scores=(None,) * len(problem.cells),
        rows=rows,
        exclusions=tuple(exclusions),
        remarks=(
            *remarks.on_weights(problem.tree),
            *remarks.on_spread(problem.columns, kept),
            *remarks.on_zero_prices(problem.columns, kept, names),
        ),
    )
    matrix = np.column_stack(columns) if kept else np.zeros((0, len(columns)))
    directions = tuple(leaf.direction or "max" for leaf in problem.columns)
    return _Admissible(outcome, matrix, np.array([float(weight) for weight in weights]), directions, tuple(scaled))


def _finished(
    base: _Admissible,
    model: Model,
    scores: Array,
    details: dict[str, Any],
    without: Callable[[int], Array],
    *,
    smaller_is_better: bool = False,
) -> Outcome:
    return Outcome(
        weights=base.outcome.weights,
        scores=base.spread_out(scores),
        rows=base.outcome.rows,
        exclusions=base.outcome.exclusions,
        smaller_is_better=smaller_is_better,
        model=model,
        without=without,
        candidates=None if len(base.outcome.rows) <= WITHDRAWALS_MAX else (),
        details=details,
        remarks=base.outcome.remarks,
    )


def _remaking(base: _Admissible, remake: Callable[[Array], Model]) -> Callable[[int], Array]:
    def without(row: int) -> Array:
        result: Array = remake(np.delete(base.matrix, row, axis=0)).scores(base.weights[None, :])[0]
        return result

    return without


def _without_pairs(base: _Admissible) -> Callable[[int], Array]:
    """PROMETHEE compares in pairs: taking an offer away takes its pairs away, nothing is compared anew."""
    held: list[tuple[Array, Array]] = []

    def preference_of_pairs() -> tuple[Array, Array]:
        count = len(base.matrix)
        pairs = np.zeros((count, count))
        for j, (direction, preference) in enumerate(zip(base.directions, base.preferences, strict=True)):
            better = base.matrix[:, j] if direction == "max" else -base.matrix[:, j]
            pairs += base.weights[j] * preference.of(better[:, None] - better[None, :])
        net = pairs - pairs.T
        return net, net.sum(axis=1)

    def without(row: int) -> Array:
        if not held:
            held.append(preference_of_pairs())
        net, sums = held[0]
        result: Array = np.delete(sums - net[:, row], row) / max(1, len(net) - 2)
        return result

    return without
