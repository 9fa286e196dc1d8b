"""Scoring files that ask for weights alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from srm_portal.evaluation.domain import remarks, weights
from srm_portal.evaluation.domain.additive import numeric
from srm_portal.evaluation.domain.best_worst import best_worst
from srm_portal.evaluation.domain.criteria import Criterion, weight_sum
from srm_portal.evaluation.domain.fields import Fields, items
from srm_portal.evaluation.domain.figures import judgement, number, printed, printed_all
from srm_portal.evaluation.domain.remarks import Remark, remark
from srm_portal.evaluation.domain.score_input import read_names, read_problem, read_tree, read_wishes
from srm_portal.kernel.errors import InputError

DERIVATIONS: tuple[weights.Derivation, ...] = ("eigenvector", "geometric_mean")


@dataclass(frozen=True, slots=True)
class Weighing:
    weights: Sequence[Fraction | float]
    details: dict[str, Any]
    remarks: tuple[Remark, ...] = ()


def weigh(outer: Fields, method: str) -> Weighing:
    match method:
        case "ahp_weights":
            return _pairwise(outer)
        case "bwm_weights":
            return _best_worst(outer)
        case "swing_weights":
            return _swing(outer)
        case _:
            return _from_offers(outer, method)


def _criteria(outer: Fields) -> tuple[Criterion, ...]:
    """Flat criteria: comparisons are made between siblings. What the method does not use is still checked."""
    tree = read_tree(outer.items("criteria"), "criteria")
    for i, criterion in enumerate(tree):
        if criterion.children:
            raise InputError(f"criteria[{i}].children", "compare the criteria of one level; children are not used here")
    read_wishes(outer)
    if "alternatives" in outer:
        read_names(outer, 0, optional=False)
    return tree


def _parameters(outer: Fields, known: Sequence[str]) -> Fields:
    return outer.inner("parameters", known)


def _pairwise(outer: Fields) -> Weighing:
    tree = _criteria(outer)
    count = len(tree)
    derivation = _parameters(outer, ("derivation",)).choice("derivation", DERIVATIONS, "eigenvector")
    if count > len(weights.RANDOM_INDEX):
        raise InputError("criteria", f"at most {len(weights.RANDOM_INDEX)} criteria can be compared in pairs")
    matrix = _judgements(outer, count)
    broken = weights.broken_pair(matrix)
    if broken:
        i, j = broken
        right = "1" if i == j else f"the reciprocal of matrix[{j}][{i}], {printed(1 / matrix[j][i])},"
        raise InputError(f"matrix[{i}][{j}]", f"{right} is needed")
    found = weights.analytic_hierarchy(matrix, derivation)
    details: dict[str, Any] = {
        "derivation": derivation,
        "lambda_max": printed(found.lambda_max),
        "ci": printed(found.ci),
        "ri": printed(weights.RANDOM_INDEX[count - 1]),
        "cr": printed(found.cr),
        "most_inconsistent": None,
    }
    notes: tuple[Remark, ...] = ()
    if found.doubtful and found.suggested is not None:
        i, j = found.doubtful
        pair = f"{tree[i].name} against {tree[j].name}"
        details["most_inconsistent"] = {
            "row": i,
            "column": j,
            "given": printed(matrix[i][j]),
            "suggested": printed(found.suggested),
        }
        if not found.consistent:
            notes = (remark("inconsistent_pairwise", cr=f"{found.cr:.4f}", pair=pair),)
    return Weighing(found.weights, details, notes)


def _judgements(outer: Fields, count: int) -> list[list[Fraction]]:
    rows = outer.items("matrix")
    if len(rows) != count:
        raise InputError("matrix", f"{count} rows are needed, one for each criterion, not {len(rows)}")
    matrix = []
    for i, held in enumerate(rows):
        row = items(held, f"matrix[{i}]")
        if len(row) != count:
            raise InputError(f"matrix[{i}]", f"{count} entries are needed, one for each criterion, not {len(row)}")
        matrix.append([judgement(cell, f"matrix[{i}][{j}]") for j, cell in enumerate(row)])
    return matrix


def _best_worst(outer: Fields) -> Weighing:
    tree = _criteria(outer)
    count = len(tree)
    fields = _parameters(outer, ("best", "worst", "best_to_others", "others_to_worst"))
    best, worst = fields.whole("best", 0, count - 1), fields.whole("worst", 0, count - 1)
    if best == worst and count > 1:
        raise InputError(fields.at("worst"), "another criterion than the best is needed")
    over = _comparisons(fields, "best_to_others", count, best)
    under = _comparisons(fields, "others_to_worst", count, worst)
    if over[worst] != under[best]:
        raise InputError(
            f"{fields.at('others_to_worst')}[{best}]",
            f"best over worst must be the same in both lists: {printed(over[worst])} is needed",
        )
    found = best_worst(best, worst, over, under)
    notes: tuple[Remark, ...] = ()
    if found.cr > weights.CR_LIMIT:
        pair = f"{tree[best].name} and {tree[worst].name} against the others"
        notes = (remark("inconsistent_pairwise", cr=f"{found.cr:.4f}", pair=pair),)
    return Weighing(found.weights, {"xi": printed(found.xi), "cr": printed(found.cr)}, notes)


def _comparisons(fields: Fields, name: str, count: int, itself: int) -> list[Fraction]:
    held = fields.items(name)
    if len(held) != count:
        raise InputError(fields.at(name), f"{count} comparisons are needed, one for each criterion, not {len(held)}")
    found = [number(cell, f"{fields.at(name)}[{j}]") for j, cell in enumerate(held)]
    for j, value in enumerate(found):
        if not 1 <= value <= 9:
            raise InputError(f"{fields.at(name)}[{j}]", "a comparison from 1 to 9 is needed")
    if found[itself] != 1:
        raise InputError(f"{fields.at(name)}[{itself}]", "1 is needed: the criterion against itself")
    return found


def _swing(outer: Fields) -> Weighing:
    """Points stand as the weights of the criteria, or as the only row of the matrix."""
    tree = _criteria(outer)
    _parameters(outer, ())
    if all(criterion.weight is not None for criterion in tree):
        points = [criterion.weight or Fraction(0) for criterion in tree]
    elif "matrix" in outer:
        points = _points_row(outer, len(tree))
    else:
        missing = next(i for i, criterion in enumerate(tree) if criterion.weight is None)
        raise InputError(f"criteria[{missing}].weight", "the points of this criterion's swing are needed")
    if sum(points) == 0:
        raise InputError("criteria[0].weight", "weights that are not all zero are needed")
    return Weighing(weights.direct(points), {"weight_sum": printed(sum(points, Fraction(0)))})


def _points_row(outer: Fields, count: int) -> list[Fraction]:
    rows = outer.items("matrix")
    row = items(rows[0], "matrix[0]") if len(rows) == 1 else []
    if len(row) != count:
        raise InputError("matrix", f"one row with {count} points is needed, one for each criterion")
    points = [number(cell, f"matrix[0][{j}]") for j, cell in enumerate(row)]
    for j, point in enumerate(points):
        if point < 0:
            raise InputError(f"matrix[0][{j}]", "points of 0 or more are needed")
    return points


def _from_offers(outer: Fields, method: str) -> Weighing:
    problem = read_problem(outer, method)
    _parameters(outer, ())
    if not problem.cells:
        raise InputError("matrix", "at least one row is needed")
    for i, row in enumerate(problem.cells):
        for j, cell in enumerate(row):
            if cell is None:
                raise InputError(f"matrix[{i}][{j}]", "a mark is missing here; a number is needed")
    columns = numeric(problem.columns, problem.cells)
    matrix = np.column_stack([np.array([float(cell) for cell in column]) for column in columns])
    if method == "entropy_weights":
        for j, column in enumerate(columns):
            for i, cell in enumerate(column):
                if cell < 0:
                    raise InputError(f"matrix[{i}][{j}]", "a number of 0 or more is needed for entropy weights")
        found = weights.entropy(matrix)
    else:
        found = weights.critic(matrix, [leaf.direction or "max" for leaf in problem.columns])
    details = {"weight_sum": printed(weight_sum(problem.tree))} if weight_sum(problem.tree) else {}
    notes = tuple(remarks.on_spread(problem.columns, problem.cells))
    return Weighing([float(weight) for weight in found], details, notes)


def as_document(method: str, found: Weighing) -> dict[str, Any]:
    return {
        "method": method,
        "weights": printed_all(found.weights),
        "details": found.details,
        "warnings": [note.as_document() for note in found.remarks],
    }
