"""A lower bound of every award's cost from any prices of the rows (Lagrangian duality), on the whole problem.

Prices may come from a linear program on a few promising bids or from subgradient steps: whatever they are, the
bound holds. What a column adds to it when it is forced to win says which columns no better award can contain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from srm_portal.awards.domain.columns import Bools, Floats
from srm_portal.awards.domain.solver.model import Model


@dataclass(frozen=True, slots=True)
class Certificate:
    """In the model's scale. `value` bounds every award; `forced` (n,) bounds those in which the column wins.

    `reduced` (n,) and `fixed` (k,) are what winning a column and using a supplier cost at these prices,
    `opening` (k,) is `fixed` plus what the supplier's bids then save.
    """

    value: float
    reduced: Floats
    fixed: Floats
    opening: Floats
    forced: Floats

    def survivors(self, target: float) -> Bools:
        """Columns that an award cheaper than `target` may contain."""
        kept: Bools = self.forced < target
        return kept


def certify(model: Model, prices: Floats) -> Certificate:
    """Turn row prices into a bound, with or without links of suppliers.

    Prices of links, definitions and supplier counts are ignored: the best ones are computed here.
    """
    mip, columns = model.mip, model.columns
    n, k = columns.n, columns.suppliers
    price, reduced = _reduced(model, prices)
    side = np.where(price > 0, mip.row_lower, mip.row_upper)
    constant = float(np.sum(price[price != 0] * side[price != 0]))

    x = np.where(columns.allowed, reduced[:n], np.inf)
    gains = np.bincount(columns.supplier, np.minimum(x, 0.0), k)
    fixed = np.zeros(k) if model.used is None else reduced[model.used : model.used + k]
    opening = fixed + gains
    most = int(min([k, *mip.row_upper[model.counts[0] : model.counts[1]]]))
    ranked = np.sort(opening)
    value = constant + float(np.minimum(ranked[:most], 0.0).sum())
    forced = value + np.maximum(x, 0.0)
    if model.used is not None:
        weakest = min(float(ranked[most - 1]), 0.0) if most > 0 else 0.0  # who makes room for a forced supplier
        extra = np.maximum(opening - (weakest if most < k else 0.0), 0.0)
        forced = forced + extra[columns.supplier]
    return Certificate(value, x, fixed, opening, forced)


def _reduced(model: Model, prices: Floats) -> tuple[Floats, Floats]:
    """Row prices with the right signs, and every variable's cost at these prices."""
    mip = model.mip
    row = np.repeat(np.arange(len(mip.row_lower)), np.diff(mip.start))
    price = prices.copy()
    for first, last in (model.links, model.counts):
        price[first:last] = 0.0
    for _, at in model.definitions:
        price[at] = 0.0
    price = np.where(np.isinf(mip.row_upper), np.maximum(price, 0.0), price)
    price = np.where(np.isinf(mip.row_lower), np.minimum(price, 0.0), price)
    for variable, at in model.definitions:  # the total first: the spends' prices depend on its
        hit = (mip.index == variable) & (row != at)
        price[at] = float((price[row[hit]] * mip.value[hit]).sum())
    reduced = mip.cost - np.bincount(mip.index, price[row] * mip.value, len(mip.cost))
    return price, reduced
