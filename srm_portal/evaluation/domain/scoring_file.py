"""The scoring file: a JSON document in, a JSON document out. The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from srm_portal.evaluation.domain import additive, price_ratio, second_opinion, weight_file
from srm_portal.evaluation.domain.criteria import Criterion
from srm_portal.evaluation.domain.fields import Fields, items
from srm_portal.evaluation.domain.figures import printed, printed_all
from srm_portal.evaluation.domain.methods import Normalisation, Preference, Shape
from srm_portal.evaluation.domain.outcome import Outcome
from srm_portal.evaluation.domain.remarks import Remark, has_relative_price, remark
from srm_portal.evaluation.domain.score_input import WEIGHT_METHODS, Problem, Wishes, read_frame, read_problem
from srm_portal.evaluation.domain.sensitivity import (
    Reversal,
    Stability,
    intervals,
    smallest_change,
    withdrawals,
)
from srm_portal.evaluation.domain.smaa import acceptability
from srm_portal.kernel.errors import InputError

SHAPES: tuple[Shape, ...] = ("usual", "u_shape", "v_shape", "level", "linear", "gaussian")
_SHAPE_FIELDS: dict[str, tuple[str, ...]] = {
    "usual": (),
    "u_shape": ("q",),
    "v_shape": ("p",),
    "level": ("q", "p"),
    "linear": ("q", "p"),
    "gaussian": ("s",),
}
NORMALISATIONS: tuple[Normalisation, ...] = ("vector", "minmax")
MISSING: tuple[additive.Missing, ...] = ("refuse", "zero", "exclude")
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "weighted_sum": ("missing",),
    "topsis": ("normalisation",),
    "vikor": ("v",),
    "promethee_ii": ("preferences",),
    "reduced_price": (),
    "price_per_quality": (),
}


def run(document: Mapping[str, Any]) -> dict[str, Any]:
    """Rank the alternatives, or derive the weights, that a scoring file describes.

    Raises InputError naming the first field that is wrong and what would be right.
    """
    outer, method = read_frame(document)
    if method in WEIGHT_METHODS:
        return weight_file.as_document(method, weight_file.weigh(outer, method))
    problem = read_problem(outer, method)
    outcome = _rank(problem, outer.inner("parameters", _PARAMETERS[method]))
    reversals = _reversals(problem, outcome)
    answer = {
        "method": method,
        "weights": printed_all(outcome.weights),
        "scores": outcome.printed(),
        "ranking": outcome.ranking(),
        "ties": "competition",
        "knocked_out": [
            {"alternative": problem.alternatives[out.row], "criterion": out.criterion, "why": out.why}
            for out in outcome.exclusions
        ],
        "details": outcome.details,
        "warnings": [note.as_document() for note in (*outcome.remarks, *_on_reversals(problem, outcome, reversals))],
    }
    if problem.wishes is not None and outcome.model is not None:
        answer["sensitivity"] = _sensitivity(problem, outcome, problem.wishes)
    return answer


def _rank(problem: Problem, parameters: Fields) -> Outcome:
    missing = parameters.choice("missing", MISSING, "refuse") if problem.method == "weighted_sum" else "refuse"
    if missing == "refuse":
        _refuse_missing(problem)
    match problem.method:
        case "weighted_sum":
            _need_weights(problem.tree, "criteria")
            _need_values(problem.tree, "criteria")
            return additive.weighted_sum(problem, missing)
        case "reduced_price":
            return price_ratio.reduced_price(problem)
        case "price_per_quality":
            return price_ratio.price_per_quality(problem)
    _need_weights(problem.tree, "criteria")
    _need_directions(problem.tree, "criteria")
    match problem.method:
        case "topsis":
            return second_opinion.topsis(problem, parameters.choice("normalisation", NORMALISATIONS, "vector"))
        case "vikor":
            v = parameters.number_or("v", Fraction(1, 2))
            if not 0 <= v <= 1:
                raise InputError(parameters.at("v"), "a number from 0 to 1 is needed")
            return second_opinion.vikor(problem, float(v))
        case _:
            return second_opinion.promethee(problem, *_preferences(parameters, len(problem.columns)))


def _refuse_missing(problem: Problem) -> None:
    for i, row in enumerate(problem.cells):
        for j, cell in enumerate(row):
            if cell is None:
                raise InputError(f"matrix[{i}][{j}]", "a mark is missing here; a missing mark is never guessed")


def _need_weights(tree: Sequence[Criterion], path: str) -> None:
    """Every criterion weighs something or says 0; a leaf that only knocks out may leave its weight away."""
    for i, criterion in enumerate(tree):
        if criterion.weight is None and not (criterion.knock_out and criterion.value is None):
            raise InputError(f"{path}[{i}].weight", "missing; a number of 0 or more is needed")
        if criterion.children and criterion.weight:
            _need_weights(criterion.children, f"{path}[{i}].children")
    if not any(criterion.weight for criterion in tree):
        raise InputError(f"{path}[0].weight", "weights that are not all zero are needed")


def _need_values(tree: Sequence[Criterion], path: str) -> None:
    for i, criterion in enumerate(tree):
        if criterion.children:
            _need_values(criterion.children, f"{path}[{i}].children")
        elif criterion.value is None and criterion.weight:
            example = '{"kind": "linear", "worst": "0", "best": "10"}'
            raise InputError(f"{path}[{i}].value", f"missing; for example {example}")


def _need_directions(tree: Sequence[Criterion], path: str) -> None:
    for i, criterion in enumerate(tree):
        if criterion.children:
            _need_directions(criterion.children, f"{path}[{i}].children")
        elif criterion.direction is None and criterion.weight:
            raise InputError(f"{path}[{i}].direction", 'missing; "max" or "min" is needed')


def _preferences(parameters: Fields, count: int) -> tuple[list[Preference], list[tuple[Fraction, Fraction, Fraction]]]:
    """The shapes and, exactly, their thresholds (q, p, s); `usual` for all where nothing is said."""
    if "preferences" not in parameters:
        return [Preference()] * count, [(Fraction(0), Fraction(1), Fraction(1))] * count
    held = items(parameters.get("preferences"), parameters.at("preferences"))
    if len(held) != count:
        remedy = f"{count} are needed, one for each leaf criterion, not {len(held)}"
        raise InputError(parameters.at("preferences"), remedy)
    shapes, thresholds = [], []
    for j, item in enumerate(held):
        fields = Fields(item, f"{parameters.at('preferences')}[{j}]", ("kind", "q", "p", "s"))
        kind = fields.choice("kind", SHAPES)
        needed = {name: fields.number(name) for name in _SHAPE_FIELDS[kind]}
        q, p, s = needed.get("q", Fraction(0)), needed.get("p", Fraction(1)), needed.get("s", Fraction(1))
        if q < 0:
            raise InputError(fields.at("q"), "a number of 0 or more is needed")
        if "p" in needed and (p < q or p <= 0):
            raise InputError(fields.at("p"), "a number above 0 and not below q is needed")
        if s <= 0:
            raise InputError(fields.at("s"), "a number above 0 is needed")
        shapes.append(Preference(kind))
        thresholds.append((q, p, s))
    return shapes, thresholds


def _reversals(problem: Problem, outcome: Outcome) -> list[Reversal]:
    if outcome.without is None:
        return []
    ranking = outcome.ranking()
    ranks = [ranking[row] for row in outcome.rows]
    formulas = problem.method == "weighted_sum" and any(has_relative_price(leaf) for leaf in problem.columns)
    return withdrawals(ranks, outcome.without, outcome.candidates, winner_only=not formulas)


def _on_reversals(problem: Problem, outcome: Outcome, reversals: Sequence[Reversal]) -> list[Remark]:
    def facts(reversal: Reversal) -> dict[str, str]:
        first = " and ".join(problem.alternatives[outcome.rows[row]] for row in reversal.first)
        change = "the order of the others changes" if reversal.order_only else f"{first} would be first"
        return {"withdrawn": problem.alternatives[outcome.rows[reversal.withdrawn]], "change": change}

    changed = [reversal for reversal in reversals if not reversal.order_only]
    shown = (changed or list(reversals))[:1]
    found = []
    for j, leaf in enumerate(problem.columns):
        if problem.method == "weighted_sum" and has_relative_price(leaf):
            column = [problem.cells[row][j] for row in outcome.rows]
            ends = additive.lone_ends(column)
            example = next((reversal for reversal in (*changed, *reversals) if reversal.withdrawn in ends), None)
            more = facts(example) if example else {}
            variant = "_shown" if example else ""
            found.append(remark("relative_price_formula", variant=variant, criterion=leaf.name, **more))
    return found + [remark("rank_reversal", **facts(reversal)) for reversal in shown if not reversal.order_only]


def _sensitivity(problem: Problem, outcome: Outcome, wishes: Wishes) -> dict[str, Any]:
    assert outcome.model is not None
    weights = np.array([float(weight) for weight in outcome.weights])
    ranking = outcome.ranking()
    first = next((place for place, row in enumerate(outcome.rows) if ranking[row] == 1), None)
    found = [] if first is None else intervals(outcome.model, weights, first)
    answer: dict[str, Any] = {}
    if wishes.intervals:
        answer["intervals"] = [[printed(_edge(range_.low)), printed(_edge(range_.high))] for range_ in found]
    if wishes.smaa is not None:
        answer["smaa"] = _smaa(problem, outcome, wishes.smaa.samples, wishes.smaa.seed)
    answer["smallest_change"] = _smallest(problem, outcome, found, weights)
    return answer


def _edge(share: float) -> float:
    """Ends that are a whole weight or none, to within the arithmetic."""
    return 0.0 if abs(share) < 1e-13 else 1.0 if abs(share - 1) < 1e-13 else share


def _smallest(problem: Problem, outcome: Outcome, found: Sequence[Stability], weights: Any) -> dict[str, Any] | None:
    change = smallest_change(found, weights) if found else None
    if change is None:
        return None
    return {
        "criterion": problem.columns[change.criterion].name,
        "from": printed(outcome.weights[change.criterion]),
        "to": printed(_edge(change.to)),
        "new_winner": problem.alternatives[outcome.rows[change.new_winner]],
    }


def _smaa(problem: Problem, outcome: Outcome, samples: int, seed: int) -> dict[str, Any]:
    """One row for each alternative, one column for each rank; those knocked out have zeros and no weights."""
    assert outcome.model is not None
    found = acceptability(outcome.model, len(outcome.weights), samples=samples, seed=seed)
    count = len(problem.alternatives)
    places = {row: place for place, row in enumerate(outcome.rows)}
    ranks: list[list[str]] = []
    central: list[list[str] | None] = []
    for row in range(count):
        place = places.get(row)
        shares = [] if place is None else [float(share) for share in found.ranks[place]]
        ranks.append(printed_all([*shares, *[0.0] * (count - len(shares))]))
        wins = place is not None and found.ranks[place, 0] > 0
        central.append(printed_all(float(weight) for weight in found.central[place]) if wins else None)
    return {"rank_acceptability": ranks, "central_weights": central}
