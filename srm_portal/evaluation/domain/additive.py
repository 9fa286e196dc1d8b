"""The weighted sum, exact: knock-outs, values and scores of a problem as fractions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from srm_portal.evaluation.domain import remarks
from srm_portal.evaluation.domain.criteria import (
    Cell,
    Criterion,
    Exclusion,
    excluded_by_cells,
    groups,
    leaves,
    shares,
    weight_sum,
)
from srm_portal.evaluation.domain.figures import Array, Exact, as_exact, as_floats, printed, printed_all, whole_numbers
from srm_portal.evaluation.domain.methods import Additive
from srm_portal.evaluation.domain.outcome import Outcome
from srm_portal.evaluation.domain.score_input import Problem
from srm_portal.evaluation.domain.values import Exponential, Mask, Raw, Table, ValueFunction, evaluate, is_relative

Missing = Literal["refuse", "zero", "exclude"]
Cells = Sequence[Sequence[Cell]]


def weighted_sum(problem: Problem, missing: Missing = "refuse") -> Outcome:
    """S_i = sum_j w_j v_j(x_ij), weights normalised to 1. Excluded offers keep their score but take no rank, and
    relative formulas do not look at them. A missing mark has no score of its own: `missing` says what it means.
    """
    weights = shares(problem.tree)
    exclusions, values = valued(problem.tree, problem.cells, weights, missing)
    rows = admitted(len(problem.cells), exclusions)
    scores = tuple(sum((w * v for w, v in zip(weights, row, strict=True)), Fraction(0)) for row in values)
    unscored = {exclusion.row for exclusion in exclusions if exclusion.why == "missing"}
    floats = as_floats(values)[list(rows)]
    kept = [problem.cells[row] for row in rows]
    names = [problem.alternatives[row] for row in rows]
    without, candidates = _withdrawal(problem.columns, kept, floats, weights)
    return Outcome(
        weights=weights,
        scores=tuple(None if row in unscored else score for row, score in enumerate(scores)),
        rows=rows,
        exclusions=tuple(exclusions),
        model=Additive(floats),
        without=without,
        candidates=candidates,
        details={
            "weight_sum": printed(weight_sum(problem.tree)),
            "values": [printed_all(row) for row in values],
        },
        remarks=(
            *remarks.on_weights(problem.tree),
            *remarks.on_spread(problem.columns, values[list(rows)]),
            *remarks.on_zero_prices(problem.columns, kept, names),
        ),
    )


def admitted(count: int, exclusions: Sequence[Exclusion]) -> tuple[int, ...]:
    out = {exclusion.row for exclusion in exclusions}
    return tuple(row for row in range(count) if row not in out)


def valued(
    tree: Sequence[Criterion], cells: Cells, weights: Sequence[Fraction], missing: Missing = "refuse"
) -> tuple[list[Exclusion], Exact]:
    """Who is out, and the value (N, n) of every mark as a fraction.

    Knock-outs on raw marks come first; then marks are valued among those left; then least values are asked for,
    and relative formulas look once more at those that remain.
    """
    columns = leaves(tree)
    exclusions = excluded_by_cells(tree, cells)
    if missing == "exclude":
        exclusions += _unanswered(columns, cells, exclusions)
    values = _values(columns, cells, _mask(len(cells), exclusions))
    fallen = _below_least_value(tree, values, weights, {exclusion.row for exclusion in exclusions})
    if fallen:
        exclusions = sorted([*exclusions, *fallen], key=lambda exclusion: exclusion.row)
        values = _values(columns, cells, _mask(len(cells), exclusions))
    return exclusions, values


def _unanswered(columns: Sequence[Criterion], cells: Cells, known: Sequence[Exclusion]) -> list[Exclusion]:
    named = {(exclusion.row, exclusion.criterion) for exclusion in known}
    return [
        Exclusion(i, leaf.name, "missing")
        for i, row in enumerate(cells)
        for leaf, cell in zip(columns, row, strict=True)
        if cell is None and (i, leaf.name) not in named
    ]


def _mask(count: int, exclusions: Sequence[Exclusion]) -> Mask:
    mask = np.ones(count, dtype=np.bool_)
    mask[[exclusion.row for exclusion in exclusions]] = False
    return mask


def _values(columns: Sequence[Criterion], cells: Cells, among: Mask) -> Exact:
    """Values by column; a missing mark, and a leaf that is only a knock-out, count 0."""
    values = np.full((len(cells), len(columns)), Fraction(0), dtype=object)
    for j, leaf in enumerate(columns):
        known = np.array([row[j] is not None for row in cells], dtype=np.bool_)
        if leaf.value is not None and known.any():
            held = _objects([row[j] for row in cells if row[j] is not None])
            values[known, j] = evaluate(leaf.value, held, leaf.direction or "max", among[known])
    return values


def _objects(cells: Sequence[Any]) -> Exact:
    return as_exact(list(cells))


def _below_least_value(
    tree: Sequence[Criterion], values: Exact, weights: Sequence[Fraction], out: set[int]
) -> list[Exclusion]:
    rules = [(leaf, range(j, j + 1)) for j, leaf in enumerate(leaves(tree))] + list(groups(tree))
    found = []
    for criterion, columns in rules:
        least = criterion.knock_out.min_score if criterion.knock_out else None
        if least is None:
            continue
        for row in range(len(values)):
            if row not in out and _mean(values[row], weights, columns) < least:
                found.append(Exclusion(row, criterion.name, "score_below_min"))
    return found


def _mean(row: Exact, weights: Sequence[Fraction], columns: range) -> Fraction:
    """Weighted value of some columns; the plain mean where they weigh nothing."""
    total = sum((weights[j] for j in columns), Fraction(0))
    if total == 0:
        return sum((Fraction(row[j]) for j in columns), Fraction(0)) / len(columns)
    return sum((weights[j] * row[j] for j in columns), Fraction(0)) / total


def _withdrawal(
    columns: Sequence[Criterion], cells: Cells, values: Array, weights: Sequence[Fraction]
) -> tuple[Callable[[int], Array], list[int]]:
    """Scores without one offer. Only an offer that alone holds an end of a relative criterion can move the others."""
    held: dict[int, list[int]] = {}
    for j, leaf in enumerate(columns):
        if leaf.value is not None and is_relative(leaf.value):
            for row in lone_ends([line[j] for line in cells]):
                held.setdefault(row, []).append(j)
    floats = np.array([float(weight) for weight in weights])
    marks: dict[int, Array] = {}

    def without(row: int) -> Array:
        rest = np.delete(values, row, axis=0)
        for j in held.get(row, ()):
            function = columns[j].value
            assert function is not None
            if j not in marks:
                marks[j] = _float_marks(function, [line[j] for line in cells])
            others = np.delete(marks[j], row)
            known = ~np.isnan(others)
            rest[known, j] = evaluate(function, others[known], columns[j].direction or "max")
        result: Array = rest @ floats
        return result

    return without, sorted(held)


def _float_marks(function: ValueFunction, column: Sequence[Any]) -> Array:
    """A relative column as floats, NaN where nothing was said; scaled so that differences are exact where the
    formula does not care about the unit."""
    known = [cell for cell in column if cell is not None]
    scaled = as_floats(_objects(known)) if isinstance(function, Exponential) else whole_numbers(known)[0]
    marks = np.full(len(column), np.nan)
    marks[[cell is not None for cell in column]] = scaled
    return marks


def lone_ends(column: Sequence[Any]) -> set[int]:
    """Rows that alone hold the least or the greatest number of a column."""
    known = [cell for cell in column if cell is not None]
    ends = {end for end in (min(known), max(known)) if known.count(end) == 1} if len(known) > 1 else set()
    return {row for row, cell in enumerate(column) if cell in ends}


def numeric(columns: Sequence[Criterion], cells: Cells) -> list[list[Fraction]]:
    """Columns of plain numbers for methods without value functions; answers count what their table says."""
    return [
        list(evaluate(leaf.value if isinstance(leaf.value, Table) else Raw(), _objects([row[j] for row in cells])))
        for j, leaf in enumerate(columns)
    ]
