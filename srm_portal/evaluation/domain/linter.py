"""Reads a formula before it is published: can an offer that loses decide who wins? With offers that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations

from srm_portal.evaluation.domain.additive import Cells
from srm_portal.evaluation.domain.criteria import Criterion, leaves, shares
from srm_portal.evaluation.domain.figures import as_exact
from srm_portal.evaluation.domain.values import (
    BestWorst,
    Direction,
    Exponential,
    Linear,
    Piecewise,
    PriceAbsolute,
    Raw,
    ValueFunction,
    evaluate,
    is_relative,
)

MARKS = tuple(Fraction(mark) for mark in (100, 80, 90, 120, 110, 60, 70, 150, 200, 300, 50, 125, 105, 95, 99, 101))
ANCHORS = (Fraction(250), Fraction(40))
FAR = Fraction(1000)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A few offers: `marks` on the criterion, `rest` the value (0..1) of everything else together.

    With all of them `first_with` wins; take away `withdrawn`, which loses, and `first_without` wins.
    """

    marks: tuple[Fraction, ...]
    rest: tuple[Fraction, ...]
    withdrawn: int
    first_with: int
    first_without: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Codes: `relative_price_formula` (with an example where one exists), `raw_without_scale`, `not_monotone`,
    `all_alike` (offers known: everybody stands at the same value), `all_clipped` (beyond the published range)."""

    criterion: str
    code: str
    example: Counterexample | None = None


def lint(tree: Sequence[Criterion]) -> list[Finding]:
    """What to say about a criterion tree whose weights are set, before offers are known."""
    found = []
    for leaf, share in zip(leaves(tree), shares(tree), strict=True):
        function = leaf.value
        if function is None or share == 0:
            continue
        if is_relative(function):
            example = counterexample(function, share, leaf.direction or "max")
            found.append(Finding(leaf.name, "relative_price_formula", example))
        if isinstance(function, Raw):
            found.append(Finding(leaf.name, "raw_without_scale"))
        if isinstance(function, Piecewise) and not _monotone(function.vs):
            found.append(Finding(leaf.name, "not_monotone"))
    return found


def independent(tree: Sequence[Criterion]) -> bool:
    """Whether no bidder can move another's score: every criterion that weighs is judged on its own, published range."""
    weighing = (leaf for leaf, share in zip(leaves(tree), shares(tree), strict=True) if share)
    return not any(leaf.value is not None and is_relative(leaf.value) for leaf in weighing)


def counterexample(function: ValueFunction, weight: Fraction, direction: Direction = "min") -> Counterexample | None:
    """Search round marks for offers among which a loser's withdrawal changes the winner; None where none are found.

    For marks (a, b, c) the lead of a over b on the criterion differs with and without c; a lead of b on the rest that
    lies between the two turns the order round.
    """
    if not is_relative(function) or not 0 < weight < 1:
        return None
    candidates = (_turned(function, weight, direction, marks) for marks in _marks(function))
    return next((example for example in candidates if example is not None), None)


def _marks(function: ValueFunction) -> Iterator[tuple[Fraction, ...]]:
    """Rivals a and b, at times an offer that stays without a chance, and last the offer that is withdrawn."""
    stretched = isinstance(function, (BestWorst, Exponential))
    for stays in ((), *((mark,) for mark in ANCHORS if stretched)):
        for a, b in permutations(MARKS, 2):
            for c in (*MARKS, FAR):
                if c not in (a, b):
                    yield a, b, *stays, c


def _turned(
    function: ValueFunction, weight: Fraction, direction: Direction, marks: tuple[Fraction, ...]
) -> Counterexample | None:
    with_all = evaluate(function, as_exact(list(marks)), direction)
    without_last = evaluate(function, as_exact(list(marks[:-1])), direction)
    leads = (weight * (with_all[0] - with_all[1]), weight * (without_last[0] - without_last[1]))
    between = (leads[0] + leads[1]) / 2 / (1 - weight)
    if leads[0] == leads[1] or not 0 < between <= 1:
        return None
    rest = (1 - between, Fraction(1), *([Fraction(0)] * (len(marks) - 2)))
    with_rest = [weight * value + (1 - weight) * other for value, other in zip(with_all, rest, strict=True)]
    left = [weight * value + (1 - weight) * other for value, other in zip(without_last, rest[:-1], strict=True)]
    if max(with_rest[2:]) >= max(with_rest[:2]) or max(left[2:], default=Fraction(-1)) >= max(left[:2]):
        return None
    first_with, first_without = (0, 1) if leads[0] > leads[1] else (1, 0)
    return Counterexample(marks, rest, len(marks) - 1, first_with, first_without)


def lint_offers(tree: Sequence[Criterion], cells: Cells) -> list[Finding]:
    """What the offers show: criteria that do not tell them apart, and published ranges that all offers lie beyond."""
    found = []
    for j, leaf in enumerate(leaves(tree)):
        column = [row[j] for row in cells if row[j] is not None]
        if len(column) < 2 or leaf.value is None:
            continue
        values = set(evaluate(leaf.value, as_exact([*column]), leaf.direction or "max"))  # type: ignore[list-item]
        if len(values) == 1:
            beyond = isinstance(leaf.value, (Linear, PriceAbsolute)) and len(set(column)) > 1
            found.append(Finding(leaf.name, "all_clipped" if beyond else "all_alike"))
    return found


def _monotone(vs: Sequence[Fraction]) -> bool:
    steps = [right - left for left, right in pairwise(vs)]
    return all(step >= 0 for step in steps) or all(step <= 0 for step in steps)
