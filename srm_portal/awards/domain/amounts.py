"""What each winner is paid for each lot: packages and discounts brought down to lots, exact to the last digit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from srm_portal.awards.domain.check import discounted, measure
from srm_portal.awards.domain.problem import Allocation, Problem

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Won:
    """A supplier's part of a lot: what share of it, for how much, and in which package."""

    lot: int
    supplier: int
    share: Fraction
    amount: Decimal
    package: int | None = None


def amounts_of(problem: Problem, allocation: Allocation, digits: int = 2) -> tuple[Won, ...]:
    """One row per lot and supplier (and package), by lot then supplier.

    A package's price is laid on its lots in proportion to their baselines (evenly without), a supplier's discount
    on all they win. Each supplier's rows add up to their discounted spend, rounded once.
    """
    rows: list[tuple[int, int, Fraction, Fraction, int | None]] = []
    for index, share in allocation.shares:
        offer = problem.offers[index]
        rows.append((offer.lot, offer.supplier, share, share * Fraction(offer.price), None))
    for index in allocation.packages:
        package = problem.packages[index]
        weights = {lot: problem.baseline(lot) for lot in package.lots}
        if not sum(weights.values()):
            weights = dict.fromkeys(package.lots, Fraction(1))
        whole = sum(weights.values(), ZERO)
        for lot, weight in weights.items():
            rows.append((lot, package.supplier, Fraction(1), Fraction(package.price) * weight / whole, index))
    rows.sort(key=lambda row: (row[0], row[1], -1 if row[4] is None else row[4]))
    spend = measure(problem, allocation).spend
    tiers = {one.supplier: one for one in problem.discounts}
    paid = {s: discounted(tiers[s], bought) if s in tiers else bought for s, bought in spend.items()}
    cents: dict[int, int] = {}
    for supplier in spend:
        own = {at: row[3] for at, row in enumerate(rows) if row[1] == supplier}
        cents |= _rounded(own, paid[supplier], digits)
    return tuple(
        Won(lot, supplier, share, Decimal(cents[at]).scaleb(-digits), package)
        for at, (lot, supplier, share, _price, package) in enumerate(rows)
    )


def _rounded(parts: Mapping[int, Fraction], total: Fraction, digits: int) -> dict[int, int]:
    """The parts scaled to `total`, in the smallest unit, adding up to it: largest remainders get the rest."""
    whole = sum(parts.values(), ZERO)
    target = round(total * 10**digits)
    exact = {at: (part * total / whole if whole else ZERO) * 10**digits for at, part in parts.items()}
    found = {at: int(value // 1) for at, value in exact.items()}
    order = sorted(parts, key=lambda at: (found[at] - exact[at], at))
    for at in order[: target - sum(found.values())]:
        found[at] += 1
    return found
