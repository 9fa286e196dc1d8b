"""The exact judge: what an allocation costs and which rules it breaks, in fractions, without any solver.

Every award that leaves this package, found or made by hand, has passed `check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction

from srm_portal.awards.domain.problem import Allocation, Constraint, Discount, Problem

ZERO = Fraction(0)
NOTHING = Decimal(0)
EXACT_DIGITS = 60
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `index` is the position in the problem's constraints, None for what always holds."""

    code: str
    index: int | None = None
    lot: int | None = None
    supplier: int | None = None


@dataclass(frozen=True, slots=True)
class Measures:
    """An allocation in numbers, keyed by position. `wins[lot][supplier]` is a share (above 1 if lots overlap)."""

    wins: dict[int, dict[int, Fraction]]
    spend: dict[int, Fraction]
    capacity: dict[int, Fraction]
    total: Fraction

    @property
    def used(self) -> list[int]:
        return sorted(self.spend)


def measure(problem: Problem, allocation: Allocation) -> Measures:
    """Add up shares, spend at bid price and use of capacity.

    Whole lots are added as decimals, wide enough to be exact: most awards have nothing else, and many lots.
    """
    wins: dict[int, dict[int, Fraction]] = {}
    whole: dict[int, Decimal] = {}
    parts: dict[int, Fraction] = {}
    capacity: dict[int, Fraction] = {}
    limited = [supplier.capacity is not None for supplier in problem.suppliers]
    with localcontext(Context(prec=EXACT_DIGITS, traps=[Inexact])):
        for index, share in allocation.shares:
            offer = problem.offers[index]
            s = offer.supplier
            won = wins.setdefault(offer.lot, {})
            won[s] = won[s] + share if s in won else share
            if share == 1:
                whole[s] = whole.get(s, NOTHING) + offer.price
            else:
                parts[s] = parts.get(s, ZERO) + share * Fraction(offer.price)
            if limited[s]:
                capacity[s] = capacity.get(s, ZERO) + share * Fraction(problem.capacity_use(offer))
        for index in allocation.packages:
            package = problem.packages[index]
            s = package.supplier
            whole[s] = whole.get(s, NOTHING) + package.price
            for lot in package.lots:
                won = wins.setdefault(lot, {})
                won[s] = won.get(s, ZERO) + ONE
                if limited[s]:
                    capacity[s] = capacity.get(s, ZERO) + Fraction(problem.lots[lot].quantity)
    spend = {s: Fraction(whole.get(s, NOTHING)) + parts.get(s, ZERO) for s in (*whole, *parts)}
    return Measures(wins, spend, capacity, sum(spend.values(), ZERO))


def discounted(discount: Discount, spend: Fraction) -> Fraction:
    """What a spend at bid price costs after the supplier's discount; a threshold belongs to the better tier."""
    if discount.kind == "all_units":
        percent = ZERO
        for tier in discount.tiers:
            if spend >= tier.start:
                percent = tier.percent
        return spend * (100 - percent) / 100
    cost = ZERO
    starts = [tier.start for tier in discount.tiers]
    for tier, end in zip(discount.tiers, [*starts[1:], None], strict=True):
        if spend > tier.start:
            band = (spend if end is None else min(spend, end)) - tier.start
            cost += band * (100 - tier.percent) / 100
    return cost


def cost_of(problem: Problem, measures: Measures) -> Fraction:
    """Discounted spend + fixed costs of the suppliers used + switching costs, exactly."""
    spend = dict(measures.spend)
    for discount in problem.discounts:
        if discount.supplier in spend:
            spend[discount.supplier] = discounted(discount, spend[discount.supplier])
    cost = sum(spend.values(), ZERO)
    cost += sum((Fraction(problem.suppliers[s].fixed_cost) for s in measures.spend), ZERO)
    if problem.switching_rate:
        for lot, won in measures.wins.items():
            cost += sum((problem.switching(lot, s) * share for s, share in won.items()), ZERO)
    return cost


def quality_of(problem: Problem, measures: Measures) -> Fraction | None:
    """The baseline-weighted mean of the winners' quality; None where nothing weighs anything."""
    weight = points = ZERO
    for lot, won in measures.wins.items():
        base = problem.baseline(lot)
        for s, share in won.items():
            weight += base * share
            points += base * share * Fraction(problem.suppliers[s].quality)
    return points / weight if weight else None


def savings_of(problem: Problem, cost: Fraction) -> Fraction | None:
    """All baselines minus the cost; None unless every lot has a baseline."""
    if not problem.lots or any(lot.baseline is None for lot in problem.lots):
        return None
    return sum((problem.baseline(lot) for lot in range(len(problem.lots))), ZERO) - cost


def check(problem: Problem, allocation: Allocation) -> list[Violation]:
    """Every rule this allocation breaks: the standing ones first, then the constraints in their order."""
    return violations(problem, allocation, measure(problem, allocation))


def violations(problem: Problem, allocation: Allocation, measures: Measures) -> list[Violation]:
    """As `check`, where the measures are at hand."""
    found = [*_coverage(problem, measures), *_shares(problem, allocation), *_standing(problem, allocation, measures)]
    for index, rule in enumerate(problem.constraints):
        found += (Violation(rule.kind, index, lot, s) for lot, s in _broken(problem, measures, rule))
    return found


def _coverage(problem: Problem, measures: Measures) -> Iterator[Violation]:
    for lot in range(len(problem.lots)):
        shares = measures.wins.get(lot, {}).values()
        if len(shares) == 1 and ONE in shares:
            continue
        share = sum(shares, ZERO)
        if share < 1:
            yield Violation("uncovered_lot", lot=lot)
        elif share > 1 and not problem.overlap:
            yield Violation("covered_twice", lot=lot)


def _shares(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    low, high = (ONE, ONE) if problem.split is None else (problem.split.share_min, problem.split.share_max)
    for index, share in allocation.shares:
        if share == high:
            continue
        if share <= 0 or not low <= share <= high:
            offer = problem.offers[index]
            yield Violation("share_range", lot=offer.lot, supplier=offer.supplier)


def _standing(problem: Problem, allocation: Allocation, measures: Measures) -> Iterator[Violation]:
    for s, use in sorted(measures.capacity.items()):
        if use > Fraction(problem.suppliers[s].capacity or 0):
            yield Violation("capacity", supplier=s)
    seen: set[tuple[int, str]] = set()
    for index in allocation.packages:
        package = problem.packages[index]
        if package.xor_group is not None:
            key = (package.supplier, package.xor_group)
            if key in seen:
                yield Violation("xor_group", supplier=package.supplier)
            seen.add(key)


def _broken(problem: Problem, m: Measures, rule: Constraint) -> Iterator[tuple[int | None, int | None]]:
    """Where (lot, supplier) a constraint does not hold; nothing if it holds."""
    if rule.kind in ("max_suppliers", "min_suppliers"):
        used = len(m.used)
        if used > rule.value if rule.kind == "max_suppliers" else used < rule.value:
            yield None, None
    elif rule.kind in ("max_suppliers_per_lot", "min_suppliers_per_lot"):
        for lot in range(len(problem.lots)):
            winners = len(m.wins.get(lot, {}))
            if winners > rule.value if rule.kind == "max_suppliers_per_lot" else winners < rule.value:
                yield lot, None
    elif rule.kind in ("max_share", "min_share", "min_share_if_used"):
        yield from ((None, s) for s in _broken_share(problem, m, rule))
    elif rule.kind == "min_quality":
        quality = quality_of(problem, m)
        if quality is not None and quality < rule.value:
            yield None, None
    elif rule.kind == "fix":
        assert rule.lot is not None and rule.supplier is not None
        if rule.supplier not in m.wins.get(rule.lot, {}):
            yield rule.lot, rule.supplier
    else:
        for lot, won in sorted(m.wins.items()):
            if rule.supplier in won and rule.lot in (None, lot):
                yield lot, rule.supplier


def _broken_share(problem: Problem, m: Measures, rule: Constraint) -> Iterator[int | None]:
    limit = rule.value * m.total
    if rule.kind == "min_share_if_used":
        yield from (s for s in m.used if m.spend[s] < limit)
    elif rule.kind == "max_share" and rule.supplier is None and rule.group is None:
        yield from (s for s in m.used if m.spend[s] > limit)
    else:
        spend = sum((m.spend.get(s, ZERO) for s in problem.members(rule)), ZERO)
        if spend > limit if rule.kind == "max_share" else spend < limit:
            yield rule.supplier
