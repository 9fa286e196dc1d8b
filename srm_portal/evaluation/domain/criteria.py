"""The criterion tree: weights down to the leaves, knock-outs, and what is wrong with a tree before it is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from srm_portal.evaluation.domain.figures import Array, printed
from srm_portal.evaluation.domain.values import Direction, Linear, PriceAbsolute, ValueFunction
from srm_portal.kernel.errors import FieldProblem

Cell = Fraction | str | None
"""What an offer says on a leaf: a number, an answer, or nothing."""


@dataclass(frozen=True, slots=True)
class KnockOut:
    """What an offer must reach to stay in: bounds on the raw number, accepted answers, a least value (0..1).

    `min_score` may stand on a group as well: it is compared with the weighted value of the group.
    """

    least: Fraction | None = None
    most: Fraction | None = None
    must: tuple[Fraction | str, ...] = ()
    min_score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A leaf (a column of the matrix) or, with `children`, a group. `weight` is relative to its siblings.

    Not given is None: it counts as 0, and as "more is better", where a method can do without.
    """

    name: str
    weight: Fraction | None = None
    direction: Direction | None = None
    value: ValueFunction | None = None
    knock_out: KnockOut | None = None
    children: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why an offer is out: its row, the criterion, a code.

    Codes: `missing`, `below_min`, `above_max`, `not_accepted`, `score_below_min`.
    """

    row: int
    criterion: str
    why: str


def leaves(tree: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The columns of the matrix, in order."""
    found: list[Criterion] = []
    for criterion in tree:
        found.extend(leaves(criterion.children) if criterion.children else (criterion,))
    return tuple(found)


def weight_sum(tree: Sequence[Criterion]) -> Fraction:
    """What the weights of these siblings add up to, as given."""
    return sum((criterion.weight or Fraction(0) for criterion in tree), Fraction(0))


def shares(tree: Sequence[Criterion], whole: Fraction = Fraction(1)) -> tuple[Fraction, ...]:
    """Weight of each leaf, summing to `whole`: the product of the normalised weights down the tree.

    Raises ZeroDivisionError where the weights of siblings are all zero; `problems` names that first.
    """
    total = weight_sum(tree)
    found: list[Fraction] = []
    for criterion in tree:
        share = whole * (criterion.weight or 0) / total
        found.extend(shares(criterion.children, share) if criterion.children and share else _spread(criterion, share))
    return tuple(found)


def _spread(criterion: Criterion, share: Fraction) -> list[Fraction]:
    return [share] if not criterion.children else [Fraction(0)] * len(leaves(criterion.children))


def weight_vector(tree: Sequence[Criterion]) -> Array:
    """Leaf weights as floats, for simulations: shape (n,)."""
    return np.array([float(share) for share in shares(tree)], dtype=np.float64)


def groups(tree: Sequence[Criterion], start: int = 0) -> Iterator[tuple[Criterion, range]]:
    """Each group of the tree with the columns below it."""
    for criterion in tree:
        width = len(leaves(criterion.children)) if criterion.children else 1
        if criterion.children:
            yield criterion, range(start, start + width)
            yield from groups(criterion.children, start)
        start += width


def excluded_by_cells(tree: Sequence[Criterion], rows: Sequence[Sequence[Cell]]) -> list[Exclusion]:
    """Knock-outs that look at the offer alone, before anything is scored. One reason for each broken rule."""
    found = []
    for index, row in enumerate(rows):
        for leaf, cell in zip(leaves(tree), row, strict=True):
            why = _broken(leaf.knock_out, cell) if leaf.knock_out else None
            if why:
                found.append(Exclusion(index, leaf.name, why))
    return found


def _broken(rule: KnockOut, cell: Cell) -> str | None:
    if cell is None:
        return "missing"
    if rule.must and cell not in rule.must:
        return "not_accepted"
    if isinstance(cell, str):
        return None
    if rule.least is not None and cell < rule.least:
        return "below_min"
    if rule.most is not None and cell > rule.most:
        return "above_max"
    return None


def problems(tree: Sequence[Criterion], field: str = "criteria") -> list[FieldProblem]:
    """What keeps a tree from being published: strict where the scoring file is lenient.

    Codes: `no_criteria`, `name_missing`, `name_twice`, `weight_missing`, `weight_negative`, `weights_zero`,
    `weights_not_100` (facts: sum, missing), `value_missing`, `range_empty`.
    """
    if not tree:
        return [FieldProblem(field, "no_criteria")]
    found = []
    names: set[str] = set()
    for index, criterion in enumerate(tree):
        place = f"{field}[{index}]"
        name = criterion.name.strip()
        if not name:
            found.append(FieldProblem(f"{place}.name", "name_missing"))
        elif name.casefold() in names:
            found.append(FieldProblem(f"{place}.name", "name_twice", value=name))
        names.add(name.casefold())
        if criterion.weight is None:
            found.append(FieldProblem(f"{place}.weight", "weight_missing"))
        elif criterion.weight < 0:
            found.append(FieldProblem(f"{place}.weight", "weight_negative", value=printed(criterion.weight)))
        below = criterion.children
        found.extend(problems(below, f"{place}.children") if below else _leaf(criterion, place))
    return found + _sum_problems(tree, field)


def _leaf(criterion: Criterion, place: str) -> list[FieldProblem]:
    function = criterion.value
    if function is None:
        return [FieldProblem(f"{place}.value", "value_missing")] if criterion.weight else []
    if isinstance(function, Linear) and function.worst == function.best:
        return [FieldProblem(f"{place}.value", "range_empty", value=printed(function.best))]
    if isinstance(function, PriceAbsolute) and function.ceiling <= function.floor:
        return [FieldProblem(f"{place}.value", "range_empty", value=printed(function.floor))]
    return []


def _sum_problems(tree: Sequence[Criterion], field: str) -> list[FieldProblem]:
    total = weight_sum(tree)
    if total == 0:
        return [FieldProblem(field, "weights_zero")]
    if total != 100:
        facts = (("sum", printed(total)), ("missing", printed(100 - total)))
        return [FieldProblem(field, "weights_not_100", value=printed(total), facts=facts)]
    return []
