"""Does an award keep a rule? It does where it breaks none of the rule's constraints and is as good as its optimum."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from srm_portal.awards.domain.check import cost_of, measure, violations
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.weighted import score


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` in money (proposal minus rule's award); `broken` are indexes of the rule's constraints."""

    kept: bool
    difference: Fraction
    broken: tuple[int, ...]


def compare(problem: Problem, proposal: Allocation, best: Allocation, cheapest: Fraction) -> Comparison:
    """Judge a proposal by the rule's own award file; `best` is the award that the rule gives.

    `cheapest` is the lowest cost there is, from which points of price are counted.
    """
    measures, ideal = measure(problem, proposal), measure(problem, best)
    wrong = violations(problem, proposal, measures)
    cost, least = cost_of(problem, measures), cost_of(problem, ideal)
    broken = tuple(sorted({one.index for one in wrong if one.index is not None}))
    if problem.objective.kind == "weighted":
        as_good = score(problem, proposal, cheapest).points >= score(problem, best, cheapest).points
    else:
        as_good = cost <= least
    return Comparison(not wrong and as_good, cost - least, broken)
