"""A good award and a proven bound at once, for the problems most scenarios are: whole lots, no packages or tiers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.check import cost_of, measure, violations
from srm_portal.awards.domain.columns import Bools, Columns, Floats, Ints, columns_of
from srm_portal.awards.domain.pipeline.kernel import Kernel
from srm_portal.awards.domain.pipeline.location import Bound, assign, bound, choose
from srm_portal.awards.domain.problem import Allocation, Problem

SAFETY = 1e-9


@dataclass(frozen=True, slots=True)
class Prepared:
    """A problem's arrays, to be made once for many sliders' positions. `cost` (m, k) is inf where nobody bids."""

    columns: Columns
    cost: Floats
    place: Ints
    fixed: Floats


@dataclass(frozen=True, slots=True)
class First:
    """An award that keeps all rules and its cost (or None), a bound in money, and what forcing each column costs."""

    allocation: Allocation | None
    cost: Fraction | None
    bound: float
    forced: Floats | None
    seconds: float
    infeasible: bool = False

    def outcome(self) -> Outcome | None:
        """The award with its gap; None where there is no award or no bound."""
        if self.allocation is None or self.cost is None or math.isinf(self.bound):
            return None
        bound = max(Fraction(math.floor((self.bound - SAFETY * abs(self.bound)) * 100), 100), Fraction(0))
        if bound >= self.cost:
            return Outcome("optimal", self.allocation, self.cost, self.cost, self.seconds)
        return Outcome("feasible", self.allocation, self.cost, bound, self.seconds)

    def survivors(self, target: float) -> Bools | None:
        """Columns that an award of at most `target` money may contain; None if nothing is known."""
        if self.forced is None:
            return None
        kept: Bools = self.forced <= target + SAFETY * abs(target)
        return kept


def suits(problem: Problem) -> bool:
    """Whether the pipeline can work on this problem."""
    simple = problem.split is None and not problem.overlap and not problem.packages and not problem.discounts
    per_lot = problem.rules("min_suppliers_per_lot") + problem.rules("max_suppliers_per_lot")
    return simple and not per_lot and bool(problem.lots)


def prepare(problem: Problem) -> Prepared:
    """Arrays that only change with offers, switching costs and the rules `exclude` and `fix`."""
    columns = columns_of(problem)
    shape = (columns.lots, columns.suppliers)
    cost, place = np.full(shape, np.inf), np.full(shape, -1)
    at = columns.entry_lot, columns.supplier
    cost[at] = np.where(columns.allowed, columns.cost, np.inf)
    place[at] = np.arange(columns.n)
    return Prepared(columns, cost, place, np.array([float(s.fixed_cost) for s in problem.suppliers]))


def first_award(problem: Problem, prepared: Prepared, *, seconds: float) -> First:
    """Plant location where only the number of suppliers is limited; the kernel where there are more rules."""
    most = min([len(problem.suppliers), *(int(rule.value) for rule in problem.rules("max_suppliers"))])
    least = max([0, *(int(rule.value) for rule in problem.rules("min_suppliers"))])
    chosen = choose(prepared.cost, prepared.fixed, most, least=least)
    if chosen.missing:
        return First(None, None, -np.inf, None, 0.0)
    allocation = _award(prepared, assign(prepared.cost, chosen.used))
    measures = measure(problem, allocation)
    if not violations(problem, allocation, measures):
        lower = bound(prepared.cost, prepared.fixed, most, chosen.cost)
        forced = _forced(prepared, lower, most)
        return First(allocation, cost_of(problem, measures), lower.value, forced, 0.0)
    kernel = Kernel(problem, prepared.columns, prepared.cost, seconds)
    found = kernel.run(chosen)
    cost = None if found.allocation is None else cost_of(problem, measure(problem, found.allocation))
    if found.certificate is None:
        return First(found.allocation, cost, -np.inf, None, found.seconds, found.infeasible)
    value, forced = found.certificate.value / kernel.model.scale, found.certificate.forced / kernel.model.scale
    return First(found.allocation, cost, value, forced, found.seconds)


def _award(prepared: Prepared, winners: Ints) -> Allocation:
    won = prepared.place[np.arange(len(winners)), winners].astype(np.int64)
    return Allocation(tuple((int(c), Fraction(1)) for c in np.sort(won)))


def _forced(prepared: Prepared, lower: Bound, most: int) -> Floats:
    """A bound of every award in which the column wins, from the prices of the lots."""
    columns = prepared.columns
    ranked = np.sort(lower.reduced)
    weakest = min(float(ranked[most - 1]), 0.0) if 0 < most < len(ranked) else 0.0
    extra = np.maximum(lower.reduced - weakest, 0.0)
    priced = np.where(columns.allowed, columns.cost, np.inf) - lower.multipliers[columns.entry_lot]
    forced: Floats = lower.value + np.maximum(priced, 0.0) + extra[columns.supplier]
    return forced
