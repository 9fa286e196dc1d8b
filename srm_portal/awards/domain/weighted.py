"""The weighted objective: price_weight * clamp(2 - cost/cheapest, 0, 1) + quality_weight * quality/100, at most.

`cheapest` is the lowest cost under the same constraints, so the clamp can only bite at 0, where an award costs
twice the cheapest or more. Up to there the score is linear in money and quality; beyond, only quality counts.
The better of the two optima is the answer; equal scores go to the lower cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from srm_portal.awards.domain.aim import Aim, Outcome
from srm_portal.awards.domain.check import cost_of, measure, quality_of
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.kernel.errors import InputError

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Score:
    """Points of an allocation, and its cost."""

    points: Fraction
    cost: Fraction


def score(problem: Problem, allocation: Allocation, cheapest: Fraction) -> Score:
    """The exact weighted score. Where the cheapest award is free, only a free award gets the price points."""
    measures = measure(problem, allocation)
    cost = cost_of(problem, measures)
    if cheapest:
        price = min(max(2 - cost / cheapest, ZERO), ONE)
    else:
        price = Fraction(1 if cost == 0 else 0)
    quality = quality_of(problem, measures) or ZERO
    objective = problem.objective
    return Score(objective.price_weight * price + objective.quality_weight * quality / 100, cost)


def best_weighted(problem: Problem, *, seconds: float) -> Outcome:
    """The award with the most points.

    Raises InputError for split awards with coverage `at_least`, where the mean quality is not linear.
    """
    if problem.overlap and problem.split is not None:
        raise InputError("objective.kind", 'must be "cost" where a split award has coverage "at_least"')
    gap, objective = problem.limits.gap, problem.objective
    cheap = optimise(problem, seconds=seconds, gap=gap)
    if cheap.allocation is None or cheap.cost is None or not objective.quality_weight:
        return cheap
    spent = cheap.seconds
    found = [cheap]

    def attempt(aim: Aim) -> Outcome:
        nonlocal spent
        outcome = optimise(problem, aim=aim, seconds=max(seconds - spent, 0.01), gap=gap)
        spent += outcome.seconds
        found.append(outcome)
        return outcome

    weight = sum((problem.baseline(lot) for lot in range(len(problem.lots))), ZERO)

    def valuing(point: Fraction, money: int = 1, cap: Fraction | None = None) -> Aim:
        """The aim at which a point of mean quality is worth so much money."""
        if problem.overlap:
            return Aim(money=money, mean=point, cap=cap)
        return Aim(money=money, reward=point / weight, cap=cap)

    if objective.price_weight and cheap.cost:
        point = objective.quality_weight * cheap.cost / (100 * objective.price_weight)
        linear = attempt(valuing(point))
        if linear.cost is None or linear.cost > 2 * cheap.cost:
            attempt(valuing(point, cap=2 * cheap.cost))
    else:
        attempt(valuing(ONE, money=0, cap=cheap.cost))
    best = max(score(problem, o.allocation, cheap.cost).points for o in found if o.allocation is not None)
    if best < objective.quality_weight * _quality_ceiling(problem, weight) / 100:
        top = attempt(valuing(ONE, money=0))
        if top.allocation is not None:
            quality = quality_of(problem, measure(problem, top.allocation)) or ZERO
            found.append(optimise(problem.at_least_quality(quality), seconds=max(seconds - spent, 0.01)))
    return _answer(problem, found, cheap.cost, spent)


def _quality_ceiling(problem: Problem, weight: Fraction) -> Fraction:
    """No award can have a better mean quality: each lot at the best quality among those who bid for it.

    Where lots may be won more than once, good ones may weigh more: then it is the best supplier's quality.
    """
    if problem.overlap:
        return max((Fraction(supplier.quality) for supplier in problem.suppliers), default=ZERO)
    best = [ZERO] * len(problem.lots)
    for offer in problem.offers:
        best[offer.lot] = max(best[offer.lot], Fraction(problem.suppliers[offer.supplier].quality))
    for package in problem.packages:
        for lot in package.lots:
            best[lot] = max(best[lot], Fraction(problem.suppliers[package.supplier].quality))
    return sum((problem.baseline(lot) * quality for lot, quality in enumerate(best)), ZERO) / weight


def _answer(problem: Problem, found: list[Outcome], cheapest: Fraction, seconds: float) -> Outcome:
    def rank(outcome: Outcome) -> tuple[Fraction, Fraction]:
        assert outcome.allocation is not None
        result = score(problem, outcome.allocation, cheapest)
        return -result.points, result.cost

    best = min((outcome for outcome in found if outcome.allocation is not None), key=rank)
    assert best.cost is not None
    proved = all(outcome.status in ("optimal", "infeasible") for outcome in found)
    bound = best.cost if proved else (found[0].bound or ZERO)
    return Outcome("optimal" if proved else "feasible", best.allocation, best.cost, bound, seconds)
