"""At what price would an offer win? Exact to the smallest coin, for every price formula."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from srm_portal.evaluation.domain.additive import Cells, valued
from srm_portal.evaluation.domain.criteria import Criterion, leaves, shares
from srm_portal.evaluation.domain.figures import as_exact
from srm_portal.evaluation.domain.values import evaluate

CENT = Fraction(1, 100)


def break_even_price(
    tree: Sequence[Criterion], cells: Cells, row: int, column: int, *, tick: Fraction = CENT
) -> Fraction | None:
    """Highest price (a multiple of `tick`, at most twice the dearest) at which offer `row` is first or level with it.

    `cells` are the admissible offers, their marks complete; all but this price stay as they are. For today's winner
    this is how far the price could rise. None where not even one tick would win. A lower price never lowers the rank,
    so halving the span finds the boundary; relative formulas are valued anew at each step.
    """
    leaf = leaves(tree)[column]
    weights = shares(tree)
    _exclusions, values = valued(tree, cells, weights)
    values[:, column] = Fraction(0)
    rest = values @ as_exact(weights)
    prices = as_exact([_price(line[column]) for line in cells])
    function = leaf.value
    assert function is not None

    def wins(ticks: int) -> bool:
        asked = prices.copy()
        asked[row] = ticks * tick
        scores = rest + evaluate(function, asked, leaf.direction or "min") * weights[column]
        return bool(scores[row] >= np.max(scores))

    low, high = 1, max(1, int(2 * max(prices) / tick))
    if not wins(low):
        return None
    if wins(high):
        return high * tick
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wins(middle) else (low, middle)
    return low * tick


def _price(cell: object) -> Fraction:
    assert isinstance(cell, Fraction)
    return cell
