"""Rankings in money: the Prozorro reduced price, and the price of a point of quality. Exact; the least wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from srm_portal.evaluation.domain import remarks
from srm_portal.evaluation.domain.additive import admitted, valued
from srm_portal.evaluation.domain.criteria import Criterion, Exclusion, leaves, shares, weight_sum
from srm_portal.evaluation.domain.figures import Exact, printed, printed_all
from srm_portal.evaluation.domain.outcome import Outcome
from srm_portal.evaluation.domain.score_input import Problem
from srm_portal.evaluation.domain.values import PRICE, Raw, Table
from srm_portal.kernel.errors import InputError


def price_column(columns: Sequence[Criterion]) -> int:
    """The criterion that is the price: named so, or the only one with a price formula, or the only "min"."""
    for found in (
        [j for j, leaf in enumerate(columns) if leaf.name.strip().casefold() == "price"],
        [j for j, leaf in enumerate(columns) if isinstance(leaf.value, PRICE)],
        [j for j, leaf in enumerate(columns) if leaf.direction == "min"],
    ):
        if len(found) == 1:
            return found[0]
    raise InputError("criteria", 'one criterion named "price" is needed')


def feature_shares(columns: Sequence[Criterion], price: int) -> tuple[list[Fraction], Fraction]:
    """The greatest share vmax of each feature (0 for the price), and the number that weights were divided by.

    Weights below 1 in sum are shares as they stand; others are parts of the whole in which the price takes part.
    A feature without a weight whose answers have a table takes the greatest value of the table.
    """
    given = [Fraction(0) if j == price else _own_share(leaf, j) for j, leaf in enumerate(columns)]
    features = sum(given, Fraction(0))
    if features < 1:
        return given, Fraction(1)
    whole = features + (columns[price].weight or Fraction(0))
    if whole == features:
        raise InputError("criteria", "weights of the features must add up to less than 1, or the price needs a weight")
    return [share / whole for share in given], whole


def _own_share(leaf: Criterion, column: int) -> Fraction:
    if leaf.weight is not None:
        return leaf.weight
    if isinstance(leaf.value, Table):
        return max(leaf.value.values.values())
    raise InputError(f"criteria[{column}].weight", "the greatest share that this feature may reach is needed")


def reduced_price(problem: Problem) -> Outcome:
    """price / (1 + sum v / (1 - sum vmax)), as in Prozorro's tenders with features; the least wins.

    A feature's v is the share itself (`raw`, `table` or no value function), or its value in 0..1 times vmax.
    """
    columns = problem.columns
    price = price_column(columns)
    greatest, unit = feature_shares(columns, price)
    exclusions, values = _valued(problem, price, greatest)
    rest = 1 - sum(greatest, Fraction(0))
    coefficients = []
    for i, row in enumerate(values):
        won = [_won(leaf, value, most, unit) for leaf, value, most in zip(columns, row, greatest, strict=True)]
        for j, (share, most) in enumerate(zip(won, greatest, strict=True)):
            if not 0 <= share <= most:
                raise InputError(
                    f"matrix[{i}][{j}]", f"a share from 0 to the feature's {printed(most * unit)} is needed"
                )
        coefficients.append(1 + sum(won, Fraction(0)) / rest)
    return _outcome(
        problem,
        price,
        [rest if j == price else most for j, most in enumerate(greatest)],
        [amount / by for amount, by in zip(_prices(problem, price), coefficients, strict=True)],
        exclusions,
        {"price": columns[price].name, "coefficients": printed_all(coefficients)},
    )


def _won(leaf: Criterion, value: Fraction, most: Fraction, unit: Fraction) -> Fraction:
    is_share = leaf.value is None or isinstance(leaf.value, (Raw, Table))
    return value / unit if is_share else value * most


def price_per_quality(problem: Problem) -> Outcome:
    """price / quality score, the least wins; quality = sum w v over the other criteria, their weights normalised."""
    columns = problem.columns
    price = price_column(columns)
    tree = _without_price(problem.tree, columns[price])
    if len(columns) < 2:
        raise InputError("criteria", "at least one criterion of quality is needed beside the price")
    if weight_sum(tree) == 0:
        if len(columns) > 2:
            raise InputError("criteria", "weights of the quality criteria are needed")
        tree = tuple(replace(leaf, weight=Fraction(0 if j == price else 1)) for j, leaf in enumerate(leaves(tree)))
    weights = shares(tree)
    exclusions, values = _valued(problem, price, weights)
    quality = [sum((w * v for w, v in zip(weights, row, strict=True)), Fraction(0)) for row in values]
    out = {exclusion.row for exclusion in exclusions}
    for i, score in enumerate(quality):
        if score <= 0 and i not in out:
            raise InputError(f"matrix[{i}]", "a quality score above 0 is needed to divide the price by")
    prices = _prices(problem, price)
    return _outcome(
        problem,
        price,
        weights,
        [amount / score if score > 0 else None for amount, score in zip(prices, quality, strict=True)],
        exclusions,
        {"price": columns[price].name, "quality": printed_all(quality)},
    )


def _without_price(tree: Sequence[Criterion], price: Criterion) -> tuple[Criterion, ...]:
    return tuple(
        replace(criterion, weight=Fraction(0))
        if criterion is price
        else replace(criterion, children=_without_price(criterion.children, price))
        for criterion in tree
    )


def _valued(problem: Problem, price: int, weights: Sequence[Fraction]) -> tuple[list[Exclusion], Exact]:
    """Values of the quality criteria, raw where no value function is given."""
    tree = _with_raw(problem.tree, problem.columns[price])
    exclusions, values = valued(tree, problem.cells, weights)
    if len(values):
        values[:, price] = Fraction(0)
    return exclusions, values


def _with_raw(tree: Sequence[Criterion], price: Criterion) -> tuple[Criterion, ...]:
    return tuple(
        replace(criterion, value=Raw())
        if criterion is price or (criterion.value is None and not criterion.children)
        else replace(criterion, children=_with_raw(criterion.children, price))
        for criterion in tree
    )


def _prices(problem: Problem, price: int) -> list[Fraction]:
    prices = []
    for i, row in enumerate(problem.cells):
        amount = row[price]
        if not isinstance(amount, Fraction) or amount < 0:
            raise InputError(f"matrix[{i}][{price}]", "a price of 0 or more is needed")
        prices.append(amount)
    return prices


def _outcome(
    problem: Problem,
    price: int,
    weights: Sequence[Fraction],
    scores: Sequence[Fraction | None],
    exclusions: Sequence[Exclusion],
    details: dict[str, object],
) -> Outcome:
    rows = admitted(len(problem.cells), exclusions)
    kept = [problem.cells[row] for row in rows]
    names = [problem.alternatives[row] for row in rows]
    return Outcome(
        weights=tuple(weights),
        scores=tuple(scores),
        rows=rows,
        exclusions=tuple(exclusions),
        smaller_is_better=True,
        details=details,
        remarks=(
            *remarks.on_spread(problem.columns, kept),
            *remarks.on_zero_prices(problem.columns, kept, names, price),
        ),
    )
