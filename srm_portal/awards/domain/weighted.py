"""The weighted objective: price_weight * clamp(2 - cost/cheapest, 0, 1) + quality_weight * quality/100, at most.

`cheapest` is the lowest cost under the same constraints, so the clamp can only bite at 0, where an award costs
twice the cheapest or more. Up to there the score is linear in money and quality; beyond, only quality counts.
The better of the two optima is the answer; equal scores go to the lower cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from srm_portal.awards.domain.check import cost_of, measure, quality_of
from srm_portal.awards.domain.optimise import Aim, Outcome, optimise
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.kernel.errors import InputError

ZERO = Fraction(0)


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
        price = min(max(2 - cost / cheapest, ZERO), Fraction(1))
    else:
        price = Fraction(1 if cost == 0 else 0)
    quality = quality_of(problem, measures) or ZERO
    objective = problem.objective
    return Score(objective.price_weight * price + objective.quality_weight * quality / 100, cost)


def best_weighted(problem: Problem, *, seconds: float) -> Outcome:
    """The award with the most points.

    Raises InputError for coverage `at_least`, where a lot may have several winners for the whole of it.
    """
    if problem.overlap:
        raise InputError("objective.kind", 'must be "cost" with coverage "at_least"')
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
    quality_only = Aim(money=0, reward=Fraction(1))
    if objective.price_weight and cheap.cost:
        reward = objective.quality_weight * cheap.cost / (100 * objective.price_weight * weight)
        linear = attempt(Aim(reward=reward))
        if linear.cost is None or linear.cost > 2 * cheap.cost:
            attempt(Aim(reward=reward, cap=2 * cheap.cost))
    else:
        attempt(Aim(money=0, reward=Fraction(1), cap=cheap.cost))
    best = max(score(problem, o.allocation, cheap.cost).points for o in found if o.allocation is not None)
    if best < objective.quality_weight * _quality_ceiling(problem, weight) / 100:
        top = attempt(quality_only)
        if top.allocation is not None:
            quality = quality_of(problem, measure(problem, top.allocation)) or ZERO
            _cheapest_of_quality(problem, quality * weight, found, seconds - spent)
    return _answer(problem, found, cheap.cost, spent)


def _quality_ceiling(problem: Problem, weight: Fraction) -> Fraction:
    """No award can have a better mean quality: each lot at the best quality among those who bid for it."""
    best = [ZERO] * len(problem.lots)
    for offer in problem.offers:
        best[offer.lot] = max(best[offer.lot], Fraction(problem.suppliers[offer.supplier].quality))
    for package in problem.packages:
        for lot in package.lots:
            best[lot] = max(best[lot], Fraction(problem.suppliers[package.supplier].quality))
    return sum((problem.baseline(lot) * quality for lot, quality in enumerate(best)), ZERO) / weight


def _cheapest_of_quality(problem: Problem, points: Fraction, found: list[Outcome], seconds: float) -> None:
    """Among the awards of the best quality the cheapest, so that equal scores go to the lower cost."""
    weight = sum((problem.baseline(lot) for lot in range(len(problem.lots))), ZERO)
    found.append(optimise(problem.at_least_quality(points / weight), seconds=max(seconds, 0.01)))


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
