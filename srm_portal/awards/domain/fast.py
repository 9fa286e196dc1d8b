"""Quick awards for sliders and scenarios: a good award at once, and how far from the best it can be at most."""

from __future__ import annotations

from fractions import Fraction

from srm_portal.awards.domain.aim import Outcome
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.pipeline.first import Prepared, first_award, prepare, suits
from srm_portal.awards.domain.problem import Problem
from srm_portal.awards.domain.weighted import best_weighted

GAP = Fraction(1, 1000)


def fast(problem: Problem, *, prepared: Prepared | None = None, seconds: float = 15.0) -> Outcome:
    """A good award: status `optimal` where the bound proves it, else `feasible` with its bound.

    Whole lots without packages and tiers go through the pipeline; `prepared` saves making its arrays again while
    only constraints other than `exclude` and `fix` change. Everything else, and what the pipeline cannot repair,
    goes to the exact optimiser with a gap of a per mille. Never returns an award that breaks a rule.
    """
    if problem.objective.kind == "weighted":
        return best_weighted(problem, seconds=seconds)
    gap = max(problem.limits.gap, GAP)
    if not suits(problem):
        return optimise(problem, seconds=seconds, gap=gap)
    first = first_award(problem, prepared or prepare(problem), seconds=seconds)
    outcome = first.outcome()
    if outcome is not None or first.infeasible:
        return outcome or Outcome("infeasible", seconds=first.seconds)
    return optimise(problem, seconds=max(seconds - first.seconds, 1.0), gap=gap, pipeline=False)
