"""The exact optimum: the solver proposes, fractions dispose.

Each proposal's yes-or-no part is read off, its shares are made exact, and `check` judges it against every rule.
A proposal that floats got wrong is forbidden and the search goes on.

Tie-break: among awards of equal cost the one whose winners stand first in the document's list of suppliers (the
smallest sum of winners' positions over the lots won). What is still equal then is settled by the solver's path,
which is fixed: one thread, one seed. Split awards and very large ones are settled by that path alone.

Precision: the solver tells amounts apart down to some 1e-12 of the dearest offer. Where a problem's amounts span
more digits and it is small, all its awards are tried instead.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from srm_portal.awards.domain.aim import ANY, CHEAPEST, Aim, Outcome
from srm_portal.awards.domain.check import check, measure
from srm_portal.awards.domain.columns import Columns, Floats, columns_of
from srm_portal.awards.domain.enumeration import count_at_most, try_all
from srm_portal.awards.domain.pipeline.first import First, first_award, prepare, suits
from srm_portal.awards.domain.precision import too_wide, unit_of
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.shares import settle
from srm_portal.awards.domain.solver.assembly import build
from srm_portal.awards.domain.solver.highs import TOLERANCE, Result, solve
from srm_portal.awards.domain.solver.mean_quality import with_mean_quality
from srm_portal.awards.domain.solver.model import Model, Structure
from srm_portal.awards.domain.solver.rows import INF

ZERO = Fraction(0)
TIES_COLUMNS_MAX = 5_000
TIES_NODES_MAX = 500
PROPOSALS_MAX = 200
LOOSE_TOLERANCE = 1e-6
AWARDS_TRIED_MAX = 5_000
PIPELINE_COLUMNS_MIN = 1_000


def optimise(
    problem: Problem,
    *,
    aim: Aim = CHEAPEST,
    seconds: float = INF,
    gap: Fraction = ZERO,
    pipeline: bool = True,
) -> Outcome:
    """The best award for this aim, proved (status `optimal`) unless time ends or a `gap` is allowed.

    Large problems start from the `pipeline`'s award and bound, unless the caller has tried it already.
    """
    if aim in (CHEAPEST, ANY) and (free := _each_lot_alone(problem)) is not None:
        cost = aim.value(problem, free)[1]
        return Outcome("optimal", free, cost, cost)
    if too_wide(problem) and count_at_most(problem, AWARDS_TRIED_MAX):
        return try_all(problem, aim)
    columns = columns_of(problem)
    if problem.lots and len(np.unique(columns.entry_lot[columns.allowed[columns.entry_column]])) < len(problem.lots):
        return Outcome("infeasible")
    first = None
    if pipeline and aim in (CHEAPEST, ANY) and columns.n >= PIPELINE_COLUMNS_MIN and suits(problem):
        first = first_award(problem, prepare(problem), seconds=seconds / 2)
        if first.infeasible:
            return Outcome("infeasible", seconds=first.seconds)
        if aim == ANY and first.allocation is not None:
            return Outcome("optimal", first.allocation, first.cost, ZERO, first.seconds)
        if gap and (known := first.outcome()) is not None and known.within(gap):
            return known
    search = _Search(problem, columns, aim, seconds, gap)
    return search.run(None if first is None else search.narrow(first))


def _each_lot_alone(problem: Problem) -> Allocation | None:
    """The cheapest offer per lot, where nothing links the lots and no rule is broken: a bound that is reached."""
    if problem.packages or problem.discounts or (problem.split is not None and problem.split.share_max < 1):
        return None
    barred = {(rule.supplier, rule.lot) for rule in problem.rules("exclude")}
    best: dict[int, tuple[Fraction | Decimal, int, int]] = {}
    for i, offer in enumerate(problem.offers):
        if barred and ((offer.supplier, None) in barred or (offer.supplier, offer.lot) in barred):
            continue
        extra = problem.switching(offer.lot, offer.supplier) if problem.switching_rate else ZERO
        key = (Fraction(offer.price) + extra if problem.switching_rate else offer.price, offer.supplier, i)
        if offer.lot not in best or key < best[offer.lot]:
            best[offer.lot] = key
    winners = sorted(i for _, _, i in best.values())
    if any(problem.suppliers[problem.offers[i].supplier].fixed_cost for i in winners):
        return None
    allocation = Allocation(tuple((i, Fraction(1)) for i in winners))
    return None if check(problem, allocation) else allocation


def alternatives(problem: Problem, count: int, *, seconds: float = INF) -> list[Outcome]:
    """The best award and the next best ones, each by other winners, cheapest first; fewer if there are no more.

    For single awards and split ones that decide winner by winner; elsewhere only the best is known.
    """
    found: list[Outcome] = []
    search = _Search(problem, columns_of(problem), CHEAPEST, seconds, ZERO)
    while len(found) < count:
        outcome = search.run(None)
        if outcome.allocation is None:
            return found
        found.append(outcome)
        narrower = search.model.forbidding(_structure(search.model, problem, outcome.allocation))
        if narrower is None:
            return found
        search.model, search.best = narrower, None
    return found


def _structure(model: Model, problem: Problem, allocation: Allocation) -> Structure:
    spend = measure(problem, allocation).spend
    tiers = []
    for discount in problem.discounts:
        bought = spend.get(discount.supplier, ZERO)
        reached = [k for k, tier in enumerate(discount.tiers) if tier.start <= bought]
        tiers.append(reached[-1])
    return Structure(tuple(o for o, _ in allocation.shares), allocation.packages, tuple(tiers))


class _Search:
    def __init__(self, problem: Problem, columns: Columns, aim: Aim, seconds: float, gap: Fraction) -> None:
        self.problem, self.columns, self.aim, self.left, self.gap = problem, columns, aim, seconds, gap
        model, self.mean = build(problem, columns), -1
        if aim.mean:
            assert problem.split is None
            model, self.mean = with_mean_quality(model)
        self.money = model.mip.cost
        self.unit = unit_of(problem) if aim in (CHEAPEST, ANY) else None
        self.model = self._capped(model.aiming(self._cost(model)))
        self.tolerance = TOLERANCE
        self.best: tuple[Fraction, Fraction, Allocation] | None = None
        self.spent = 0.0

    def _cost(self, model: Model) -> Floats:
        cost = self.aim.money * model.mip.cost
        if self.aim.reward:
            columns = self.columns
            cost[: columns.n] -= float(self.aim.reward) * columns.weight * columns.quality * model.scale
        if self.aim.mean:
            cost[self.mean] -= float(self.aim.mean) * model.scale
        return cost

    def _capped(self, model: Model) -> Model:
        if self.aim.cap is None:
            return model
        at = np.flatnonzero(self.money)
        return model.with_row(at, self.money[at], -INF, float(self.aim.cap) * model.scale)

    @property
    def step(self) -> float:
        """Half the smallest difference two values can have, in the model's scale (a hair for split awards)."""
        return 1e-7 if self.unit is None else float(self.unit) * self.model.scale / 2

    def narrow(self, first: First) -> Allocation | None:
        """Bar the columns that the pipeline proved no better award can use; returns its award to start from."""
        self.spent += first.seconds
        if first.allocation is None:
            return None
        self._propose(first.allocation)
        assert self.best is not None
        kept = first.survivors(float(self.best[0]))
        if kept is not None:
            upper = self.model.mip.upper.copy()
            upper[: self.columns.n][~kept] = 0.0
            self.model = self.model.limited(self.model.mip.lower, upper)
        return first.allocation

    def run(self, start: Allocation | None) -> Outcome:
        model: Model | None = self.model
        for _ in range(PROPOSALS_MAX):
            assert model is not None
            result = self._solve(model, start)
            if result.status == "infeasible" and self.best is None and self._loosened():
                continue
            if result.x is None:
                return self._end(result)
            structure = model.structure(result.x)
            sure = self.problem.split is None or bool(model.mip.integer[model.wins].all())
            self._propose(settle(self.problem, structure, sure=sure, reward=self.aim.reward))
            if self.best is not None and self._value() <= result.value + 1e-6 * (1 + abs(result.value)):
                return self._settled(result)
            model = model.forbidding(structure)
            if model is None:
                break
        return self._end(Result("unknown", None, 0.0, -INF, 0.0))

    def _loosened(self) -> bool:
        """Amounts of many digits may look contradictory to floats: look again less strictly, once; `check` decides."""
        if self.tolerance > TOLERANCE or not too_wide(self.problem):
            return False
        self.tolerance = LOOSE_TOLERANCE
        return True

    def _solve(self, model: Model, start: Allocation | None) -> Result:
        known = None if start is None or self.aim.mean else model.start(self.problem, start)
        absolute = self.step if self.step >= 1e-9 else 0.0
        left = max(self.left - self.spent, 0.01)
        result = solve(
            model.mip,
            seconds=left,
            relative_gap=float(self.gap),
            absolute_gap=absolute,
            start=known,
            tolerance=self.tolerance,
        )
        self.spent += result.seconds
        return result

    def _value(self) -> float:
        assert self.best is not None
        return float(self.best[0]) * self.model.scale

    def _propose(self, allocation: Allocation | None) -> None:
        if allocation is None or check(self.problem, allocation):
            return
        value, cost = self.aim.value(self.problem, allocation)
        if (self.aim.cap is None or cost <= self.aim.cap) and (self.best is None or value < self.best[0]):
            self.best = (value, cost, allocation)

    def _end(self, result: Result) -> Outcome:
        """The solver has nothing (more) to offer."""
        if result.status == "infeasible":
            return Outcome("infeasible", seconds=self.spent) if self.best is None else self._settled(result)
        if self.best is None:
            return Outcome("unknown", bound=self._bound(result.bound), seconds=self.spent)
        return self._settled(result)

    def _settled(self, result: Result) -> Outcome:
        assert self.best is not None
        value, cost, allocation = self.best
        slack = max(self.step, 1e-9 * abs(self._value()) if self.unit is None else 0.0)
        if result.bound >= self._value() - slack * 1.01 or (result.status == "optimal" and not self.gap):
            allocation = self._canonical()
            cost = self.aim.value(self.problem, allocation)[1]
            return Outcome("optimal", allocation, cost, value, self.spent)
        return Outcome("feasible", allocation, cost, min(self._bound(result.bound), value), self.spent)

    def _bound(self, bound: float) -> Fraction:
        """A proven bound of the aim in money, rounded down to cents past the solver's tolerance."""
        if math.isinf(bound):
            return ZERO
        money = (bound - 1e-6 * (1 + abs(bound))) / self.model.scale
        floor = Fraction(math.floor(money * 100), 100)
        return floor if self.aim.reward or self.aim.mean else max(floor, ZERO)

    def _canonical(self) -> Allocation:
        """Apply the tie-break with a second, bounded solve."""
        assert self.best is not None
        value, _, allocation = self.best
        if self.aim == ANY or self.problem.split is not None or self.columns.n > TIES_COLUMNS_MAX:
            return allocation
        mip, columns = self.model.mip, self.columns
        positions = np.zeros(len(mip.cost))
        positions[: columns.n] = np.bincount(columns.entry_column, minlength=columns.n) * (columns.supplier + 1.0)
        at = np.flatnonzero(mip.cost)
        tied = self.model.with_row(at, mip.cost[at], -INF, self._value() + min(self.step, 1e-6)).aiming(positions)
        start = None if self.aim.mean else tied.start(self.problem, allocation)
        left = max(self.left - self.spent, 0.01)
        result = solve(tied.mip, seconds=left, absolute_gap=0.5, nodes=TIES_NODES_MAX, start=start)
        self.spent += result.seconds
        if result.x is None:
            return allocation
        other = settle(self.problem, tied.structure(result.x), sure=True)
        if other is None or check(self.problem, other) or self.aim.value(self.problem, other)[0] != value:
            return allocation
        return other
