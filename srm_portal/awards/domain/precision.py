"""How finely two awards' costs can differ, and whether floats can tell such amounts apart."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from srm_portal.awards.domain.problem import Problem

FLOAT_RANGE = 10**10


def too_wide(problem: Problem) -> bool:
    """Whether the amounts of a single award span more digits than the solver's tolerance tells apart."""
    unit = unit_of(problem)
    prices = [*(offer.price for offer in problem.offers), *(package.price for package in problem.packages)]
    dearest = max(prices, default=Decimal(0))
    return unit is not None and Fraction(dearest) / unit > FLOAT_RANGE


def unit_of(problem: Problem) -> Fraction | None:
    """The smallest possible difference between the costs of two single awards; None for split awards."""
    if problem.split is not None:
        return None
    amounts = [*(o.price for o in problem.offers), *(p.price for p in problem.packages)]
    places = max((_places(amount) for amount in amounts), default=0)
    tiers = [tier for discount in problem.discounts for tier in discount.tiers]
    if tiers:
        places = max(places, *(_decimals(tier.start) for tier in tiers))
        places += 2 + max(_decimals(tier.percent) for tier in tiers)
    places = max(places, *(_places(supplier.fixed_cost) for supplier in problem.suppliers), 0)
    if problem.switching_rate:
        baselines = max((_places(lot.baseline) for lot in problem.lots if lot.baseline is not None), default=0)
        places = max(places, baselines + _decimals(problem.switching_rate))
    return Fraction(1, 10**places)


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _decimals(value: Fraction) -> int:
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return places
