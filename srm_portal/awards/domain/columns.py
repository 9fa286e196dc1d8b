"""A problem as numpy arrays: one column per offer, then one per package. Floats here only steer; `check` decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from srm_portal.awards.domain.problem import Offer, Package, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """Shapes: n columns, e >= n entries (column, lot), m lots, k suppliers. Money in units of the currency."""

    offers: int
    supplier: Ints  # (n,)
    price: Floats  # (n,)
    switching: Floats  # (n,)
    use: Floats  # (n,) use of capacity
    weight: Floats  # (n,) sum of the baselines of the lots covered
    quality: Floats  # (n,) of the supplier
    allowed: Bools  # (n,) False where an `exclude` or another's `fix` forbids it
    entry_column: Ints  # (e,)
    entry_lot: Ints  # (e,)
    lots: int
    suppliers: int

    @property
    def n(self) -> int:
        return len(self.supplier)

    @property
    def cost(self) -> Floats:
        """What winning the whole column costs before discounts and fixed costs."""
        total: Floats = self.price + self.switching
        return total


def columns_of(problem: Problem) -> Columns:
    """Turn offers and packages into arrays, in document order."""
    offers, packages = problem.offers, problem.packages
    columns: list[Offer | Package] = [*offers, *packages]
    n = len(columns)
    supplier = np.fromiter((column.supplier for column in columns), np.int64, n)
    price = np.fromiter((column.price for column in columns), np.float64, n)
    entry_column = np.concatenate(
        [np.arange(len(offers)), np.repeat(np.arange(len(offers), n), [len(p.lots) for p in packages])]
    ).astype(np.int64)
    entry_lot = np.array([*(o.lot for o in offers), *(lot for p in packages for lot in p.lots)], dtype=np.int64)
    baseline = np.array([float(lot.baseline or 0) for lot in problem.lots])
    quantity = np.array([float(lot.quantity) for lot in problem.lots])
    incumbent = np.array([-2 if lot.incumbent is None else lot.incumbent for lot in problem.lots], dtype=np.int64)
    quality = np.array([float(s.quality) for s in problem.suppliers])

    base, use = _per_lot(baseline, entry_lot), _per_lot(quantity, entry_lot)
    for i, offer in enumerate(offers):
        if offer.capacity_use is not None:
            use[i] = float(offer.capacity_use)
    held = incumbent[entry_lot] if len(entry_lot) else incumbent[:0]
    switched = base * ((held != -2) & (held != supplier[entry_column])) * float(problem.switching_rate)
    return Columns(
        offers=len(offers),
        supplier=supplier,
        price=price,
        switching=_sums(entry_column, switched, n),
        use=_sums(entry_column, use, n),
        weight=_sums(entry_column, base, n),
        quality=_per_lot(quality, supplier),
        allowed=_allowed(problem, supplier, entry_column, entry_lot),
        entry_column=entry_column,
        entry_lot=entry_lot,
        lots=len(problem.lots),
        suppliers=len(problem.suppliers),
    )


def _sums(index: Ints, values: Floats, n: int) -> Floats:
    return np.bincount(index, values, n).astype(np.float64)


def _per_lot(values: Floats, index: Ints) -> Floats:
    return values[index] if len(index) else np.zeros(0)


def _allowed(problem: Problem, supplier: Ints, entry_column: Ints, entry_lot: Ints) -> Bools:
    allowed = np.ones(len(supplier), dtype=np.bool_)
    for rule in problem.rules("exclude"):
        if rule.lot is None:
            allowed &= supplier != rule.supplier
        else:
            hit = (entry_lot == rule.lot) & (supplier[entry_column] == rule.supplier)
            allowed[entry_column[hit]] = False
    if problem.split is None and not problem.overlap:  # who is fixed wins the lot alone
        for rule in problem.rules("fix"):
            allowed[entry_column[(entry_lot == rule.lot) & (supplier[entry_column] != rule.supplier)]] = False
    return allowed
