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
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from srm_portal.awards.domain.check import check, cost_of, measure, quality_of
from srm_portal.awards.domain.columns import Columns, Floats, columns_of
from srm_portal.awards.domain.enumeration import awards, count_at_most
from srm_portal.awards.domain.pipeline.first import First, first_award, prepare, suits
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.shares import settle
from srm_portal.awards.domain.solver.highs import Result, solve
from srm_portal.awards.domain.solver.mean_quality import with_mean_quality
from srm_portal.awards.domain.solver.model import Model, Structure, build
from srm_portal.awards.domain.solver.rows import INF

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
ZERO = Fraction(0)
TIES_COLUMNS_MAX = 5_000
TIES_NODES_MAX = 500
PROPOSALS_MAX = 200
FLOAT_RANGE = 10**9
AWARDS_TRIED_MAX = 20_000
PIPELINE_COLUMNS_MIN = 1_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """`cost` and `bound` in money (for an aim other than cost, `bound` is that aim's); `seconds` the solver ran."""

    status: Status
    allocation: Allocation | None = None
    cost: Fraction | None = None
    bound: Fraction | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Aim:
    """What to minimise: money * cost - reward * (sum of baseline * share * quality) - mean * (mean quality).

    `cap` limits the cost. `mean` is for whole lots only; where no lot is won twice, `reward` does the same, quicker.
    """

    money: int = 1
    reward: Fraction = ZERO
    mean: Fraction = ZERO
    cap: Fraction | None = None

    def value(self, problem: Problem, allocation: Allocation) -> tuple[Fraction, Fraction]:
        """(what is minimised, cost), exactly."""
        measures = measure(problem, allocation)
        cost = cost_of(problem, measures)
        value = self.money * cost
        if self.reward:
            for lot, won in measures.wins.items():
                points = sum((Fraction(problem.suppliers[s].quality) * share for s, share in won.items()), ZERO)
                value -= self.reward * problem.baseline(lot) * points
        if self.mean:
            value -= self.mean * (quality_of(problem, measures) or ZERO)
        return value, cost


CHEAPEST = Aim()
ANY = Aim(money=0)


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
    if _too_wide(problem) and count_at_most(problem, AWARDS_TRIED_MAX):
        return _tried_all(problem, aim)
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
        self.unit = _unit(problem) if aim in (CHEAPEST, ANY) else None
        self.model = self._capped(model.aiming(self._cost(model)))
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

    def _solve(self, model: Model, start: Allocation | None) -> Result:
        known = None if start is None or self.aim.mean else model.start(self.problem, start)
        absolute = self.step if self.step >= 1e-9 else 0.0
        left = max(self.left - self.spent, 0.01)
        result = solve(model.mip, seconds=left, relative_gap=float(self.gap), absolute_gap=absolute, start=known)
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
        return Fraction(math.floor(money * 100), 100)

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


def _tried_all(problem: Problem, aim: Aim) -> Outcome:
    """The optimum by enumeration, same tie-break."""
    best: tuple[Fraction, int, Fraction, Allocation] | None = None
    for allocation in awards(problem):
        if check(problem, allocation):
            continue
        value, cost = aim.value(problem, allocation)
        key = (value, _positions(problem, allocation))
        if (aim.cap is None or cost <= aim.cap) and (best is None or key < best[:2]):
            best = (*key, cost, allocation)
    if best is None:
        return Outcome("infeasible")
    return Outcome("optimal", best[3], best[2], best[0])


def _positions(problem: Problem, allocation: Allocation) -> int:
    alone = sum(problem.offers[o].supplier + 1 for o, _ in allocation.shares)
    packages = (problem.packages[p] for p in allocation.packages)
    return alone + sum((package.supplier + 1) * len(package.lots) for package in packages)


def _too_wide(problem: Problem) -> bool:
    """Whether the amounts of a single award span more digits than the solver's tolerance tells apart."""
    unit = _unit(problem)
    prices = [*(offer.price for offer in problem.offers), *(package.price for package in problem.packages)]
    dearest = max(prices, default=Decimal(0))
    return unit is not None and Fraction(dearest) / unit > FLOAT_RANGE


def _unit(problem: Problem) -> Fraction | None:
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
