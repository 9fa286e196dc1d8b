"""`srm-portal award FILE [--compare]`: an award file in, the answer as one JSON document out."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.check import measure, savings_of
from srm_portal.awards.domain.conflict import explain
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.weighted import best_weighted
from srm_portal.kernel.money import plain

DONE, NO = 0, 1
PLACES = 6


def run(document: dict[str, Any], *, compare: bool = False) -> tuple[int, dict[str, Any]]:
    """Solve an award file. Returns (exit status, answer); the same document gives the same answer.

    Exit status 0: an award was found; 1: there is none, or none was found in time.
    Raises InputError naming the wrong field and what would be right.
    """
    problem = read(document)
    outcome = best(problem)
    answer = answer_of(problem, outcome)
    if compare:
        answer["price_of"] = prices(problem, outcome)
    return (NO if outcome.allocation is None else DONE), answer


def best(problem: Problem) -> Outcome:
    """The best award for the problem's own objective within its own limits."""
    if problem.objective.kind == "weighted":
        return best_weighted(problem, seconds=problem.limits.seconds)
    return optimise(problem, seconds=problem.limits.seconds, gap=problem.limits.gap)


def answer_of(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    """The answer in the format of the award file's output. Amounts are exact up to 6 decimals."""
    allocation = outcome.allocation or Allocation()
    measures = measure(problem, allocation)
    cost, bound = outcome.cost, outcome.bound
    savings = None if cost is None else savings_of(problem, cost)

    def by_lot(won: tuple[int, Fraction]) -> tuple[int, int]:
        return problem.offers[won[0]].lot, problem.offers[won[0]].supplier

    answer: dict[str, Any] = {
        "status": outcome.status,
        "cost": _text(cost),
        "bound": _text(bound, ROUND_FLOOR if outcome.status == "feasible" else ROUND_HALF_UP),
        "gap": None if cost is None or bound is None else _text((cost - bound) / cost if cost else cost, ROUND_CEILING),
        "allocation": [_won(problem, index, share) for index, share in sorted(allocation.shares, key=by_lot)],
        "packages": [problem.packages[index].id for index in allocation.packages],
        "suppliers": [problem.suppliers[s].id for s in measures.used],
        "savings": _text(savings),
        "conflict": [],
    }
    if outcome.status == "infeasible":
        conflict = explain(problem, seconds=problem.limits.seconds)
        answer["conflict"] = list(conflict.indexes)
        if conflict.reason is not None:
            answer["reason"] = conflict.reason
            answer["lots"] = [problem.lots[lot].id for lot in conflict.lots]
    return answer


def prices(problem: Problem, outcome: Outcome) -> list[dict[str, Any]]:
    """What each constraint costs: the cost with all of them minus the cost without this one.

    Null where one of the two awards does not exist.
    """
    rows = []
    for index in range(len(problem.constraints)):
        without = best(problem.without(index)).cost
        price = None if outcome.cost is None or without is None else outcome.cost - without
        rows.append({"constraint": index, "cost_without": _text(without), "price": _text(price)})
    return rows


def _won(problem: Problem, index: int, share: Fraction) -> dict[str, Any]:
    offer = problem.offers[index]
    return {
        "lot": problem.lots[offer.lot].id,
        "supplier": problem.suppliers[offer.supplier].id,
        "share": _text(share),
        "price": plain(offer.price),
    }


def _text(value: Fraction | None, rounding: str = ROUND_HALF_UP) -> str | None:
    """A decimal text with at most 6 decimals, exact where the value has no more."""
    if value is None:
        return None
    scaled = value * 10**PLACES
    with localcontext(prec=60):
        whole = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).to_integral_value(rounding=rounding)
        return plain(whole.scaleb(-PLACES))
