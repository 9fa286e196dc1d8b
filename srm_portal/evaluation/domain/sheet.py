"""The criteria as the buyer fixes them before the opening, and what keeps them from being published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import plain

KINDS = ("price", "life_cycle", "points", "number", "yes_no", "choice", "date", "file", "lead_time")
MANUAL = frozenset({"points", "file"})
COMMERCIAL = frozenset({"price", "life_cycle"})
HUNDRED = Decimal(100)
DEPTH_MAX = 3
YEARS_MAX = 50

_RANGED = ("linear", "piecewise", "exponential", "target", "linear_best_worst", "linear_max")
FORMULAS: Mapping[str, tuple[str, ...]] = {
    "price": (
        "price_absolute",
        "price_inverse",
        "price_linear_from_lowest",
        "linear_best_worst",
        "piecewise",
        "exponential",
    ),
    "life_cycle": (
        "price_absolute",
        "price_inverse",
        "price_linear_from_lowest",
        "linear_best_worst",
        "piecewise",
        "exponential",
    ),
    "points": ("points", "piecewise"),
    "file": ("points", "piecewise"),
    "number": _RANGED,
    "lead_time": _RANGED,
    "date": ("linear", "piecewise", "exponential", "target", "linear_best_worst"),
    "yes_no": ("table",),
    "choice": ("table",),
}
"""The value functions of each kind, by their names in the scoring file; the first is the default."""
NEEDS_RANGE = frozenset({"price_absolute", "linear", "exponential", "target"})


@dataclass(frozen=True, slots=True)
class CriterionValue:
    """One criterion as fixed before the opening.

    `weight` in percent of the whole. `group` is its place in the tree, "Quality / Tests". `worst` and `best` are the
    fixed ends of the value function (for a price: ceiling and floor; for a date: its ordinal). `options` gives the
    value 0..1 of each answer of a choice. `minimum` knocks an offer out below it, or above it where less is better;
    `must` knocks out a "no", an answer that is worth nothing, or a document that is not there. `formula` is empty for
    the default of the kind; `points` are the corners of a piecewise function, `bend` the rho of an exponential one,
    `ideal` the peak of a target. A life-cycle cost is the price plus the yearly cost over `years`, discounted by
    `rate` percent.
    """

    id: str
    name: str
    kind: str
    weight: Decimal
    group: str = ""
    envelope: str = "technical"
    worst: Decimal | None = None
    best: Decimal | None = None
    scale: Decimal = Decimal(5)
    options: tuple[tuple[str, Decimal], ...] = ()
    minimum: Decimal | None = None
    must: bool = False
    formula: str = ""
    points: tuple[tuple[Decimal, Decimal], ...] = ()
    bend: Decimal | None = None
    ideal: Decimal | None = None
    years: int = 0
    rate: Decimal = Decimal(0)

    @property
    def manual(self) -> bool:
        """Whether people mark it; everything else is computed from the offer."""
        return self.kind in MANUAL

    @property
    def function(self) -> str:
        """The name of its value function in the scoring file."""
        return self.formula or FORMULAS[self.kind][0]

    @property
    def path(self) -> tuple[str, ...]:
        """The groups above it, outermost first."""
        return tuple(part for part in (one.strip() for one in self.group.split("/")) if part)

    @property
    def falling(self) -> bool:
        """Whether less is better: the best end lies below the worst, or it is a cost or a time."""
        if self.function == "piecewise" and len(self.points) > 1:
            return self.points[0][1] > self.points[-1][1]
        if self.worst is not None and self.best is not None:
            return self.best < self.worst
        return self.kind in ("price", "life_cycle", "lead_time")


@dataclass(frozen=True, slots=True)
class Node:
    """A group of the tree with what its criteria weigh together, or a criterion (`at` its place in the sheet)."""

    name: str
    weight: Decimal
    path: tuple[str, ...]
    at: int | None = None
    children: tuple[Node, ...] = ()


def tree(criteria: Sequence[CriterionValue], path: tuple[str, ...] = ()) -> tuple[Node, ...]:
    """The sheet as a tree: groups in the order in which they first appear, their weights the sums below them."""
    found: list[Node] = []
    seen: set[str] = set()
    for at, one in enumerate(criteria):
        if one.path[: len(path)] != path:
            continue
        if len(one.path) == len(path):
            found.append(Node(one.name, one.weight, one.path, at))
            continue
        name = one.path[len(path)]
        if name not in seen:
            seen.add(name)
            below = tree(criteria, (*path, name))
            found.append(Node(name, sum((child.weight for child in below), Decimal(0)), (*path, name), None, below))
    return tuple(found)


def leaf_order(nodes: Sequence[Node]) -> list[int]:
    """Places in the sheet in the order of the tree's leaves: the columns of the matrix."""
    return [at for node in nodes for at in ([node.at] if node.at is not None else leaf_order(node.children))]


def group_paths(criteria: Sequence[CriterionValue]) -> list[str]:
    """Every group of the tree as "A / B", in the order of the tree."""

    def below(nodes: Sequence[Node]) -> list[str]:
        return [
            path
            for node in nodes
            if node.at is None
            for path in (" / ".join(node.path), *below(node.children))
        ]  # fmt: skip

    return below(tree(criteria))


def criterion_problems(criteria: Sequence[CriterionValue]) -> list[FieldProblem]:
    """Every wrong row with its number (from 1); the sum of the weights as a problem of the whole."""
    problems: list[FieldProblem] = []
    names: set[str] = set()
    groups = {part for one in criteria for part in one.path}
    for row, one in enumerate(criteria, start=1):
        if not one.name.strip():
            problems.append(FieldProblem("name", "required", row))
        if one.name in names:
            problems.append(FieldProblem("name", "criterion_twice", row, one.name))
        if one.name in groups:
            problems.append(FieldProblem("name", "named_like_group", row, one.name))
        names.add(one.name)
        if len(one.path) > DEPTH_MAX:
            problems.append(FieldProblem("group", "tree_too_deep", row, one.group, (("max", str(DEPTH_MAX)),)))
        problems += _numbers(one, row)
        if one.kind not in KINDS:
            problems.append(FieldProblem("kind", "unknown_value", row, one.kind, (("choices", ", ".join(KINDS)),)))
            continue
        problems += _function(one, row)
    total = sum((one.weight for one in criteria if one.weight.is_finite()), Decimal(0))
    if criteria and total != HUNDRED:
        problems.append(FieldProblem("weight", "weights_sum", value=plain(total), facts=(("total", plain(total)),)))
    return problems


def _numbers(one: CriterionValue, row: int) -> list[FieldProblem]:
    """Weights and bounds that are no numbers at all, and weights below 0."""
    held = {"weight": one.weight, "worst": one.worst, "best": one.best, "minimum": one.minimum, "ideal": one.ideal}
    problems = [
        FieldProblem(field, "not_a_number", row, str(value), (("example", "12.5"),))
        for field, value in held.items()
        if value is not None and not value.is_finite()
    ]
    if one.weight.is_finite() and one.weight < 0:
        problems.append(FieldProblem("weight", "weight_negative", row, plain(one.weight)))
    return problems


def _function(one: CriterionValue, row: int) -> list[FieldProblem]:
    """What the value function of a criterion lacks."""
    choices = FORMULAS[one.kind]
    if one.function not in choices:
        return [FieldProblem("formula", "unknown_value", row, one.formula, (("choices", ", ".join(choices)),))]
    problems: list[FieldProblem] = []
    if one.function in NEEDS_RANGE:
        if one.worst is None or one.best is None:
            problems.append(FieldProblem("worst", "range_needed", row))
        elif one.worst == one.best:
            problems.append(FieldProblem("best", "range_empty", row))
        elif one.function == "price_absolute" and one.worst < one.best:
            problems.append(FieldProblem("worst", "ceiling_below_floor", row))
        elif one.function == "target" and not _between(one.ideal, one.worst, one.best):
            problems.append(FieldProblem("ideal", "ideal_outside", row))
    if one.function == "piecewise" and not _rising(one.points):
        problems.append(FieldProblem("points", "corners_needed", row))
    if one.function == "exponential" and (one.bend is None or not one.bend.is_finite()):
        problems.append(FieldProblem("bend", "bend_needed", row))
    if one.kind == "choice" and len(one.options) < 2:
        problems.append(FieldProblem("options", "options_needed", row))
    if one.kind == "life_cycle" and not 1 <= one.years <= YEARS_MAX:
        problems.append(FieldProblem("years", "years_needed", row, facts=(("max", str(YEARS_MAX)),)))
    if one.kind in MANUAL and not (one.scale.is_finite() and 1 <= one.scale <= HUNDRED):
        problems.append(FieldProblem("scale", "scale_out_of_range", row))
    return problems


def _between(value: Decimal | None, one: Decimal, other: Decimal) -> bool:
    return value is not None and min(one, other) <= value <= max(one, other)


def _rising(points: Sequence[tuple[Decimal, Decimal]]) -> bool:
    xs = [x for x, _v in points]
    return len(xs) > 1 and all(a < b for a, b in pairwise(xs)) and all(0 <= v <= 1 for _x, v in points)
