"""How far a constraint must give before there is an award: the nearest value at which the others can hold too."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from srm_portal.awards.domain.aim import ANY
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.problem import COUNT_KINDS, SHARE_KINDS, Problem

QUALITY_MAX = 100


def nearest_value(problem: Problem, index: int, *, seconds: float) -> Fraction | None:
    """The value closest to the constraint's own at which the problem has an award.

    Counts move in ones, shares in hundredths, quality in tenths. None if no value helps (or the constraint has
    none), or if time ends.
    """
    rule = problem.constraints[index]
    if rule.kind in COUNT_KINDS:
        step, most = Fraction(1), Fraction(len(problem.suppliers))
    elif rule.kind in SHARE_KINDS:
        step, most = Fraction(1, 100), Fraction(1)
    elif rule.kind == "min_quality":
        step, most = Fraction(1, 10), Fraction(QUALITY_MAX)
    else:
        return None
    left = seconds

    def holds(steps: int) -> bool:
        nonlocal left
        loosened = replace(rule, value=steps * step)
        constraints = (*problem.constraints[:index], loosened, *problem.constraints[index + 1 :])
        outcome = optimise(replace(problem, constraints=constraints), aim=ANY, seconds=max(left, 0.01))
        left -= outcome.seconds
        return outcome.allocation is not None

    rising = rule.kind.startswith("max_")
    own, loosest = rule.value / step, int(most / step) if rising else 0
    tight = -int(-own // 1) if rising else int(own // 1)
    tight = min(tight, loosest) if rising else tight
    if not holds(loosest):
        return None
    while tight != loosest:
        middle = (tight + loosest) // 2 if rising else -((-tight - loosest) // 2)
        if holds(middle):
            loosest = middle
        elif middle == tight or left <= 0:
            tight += 1 if rising else -1
        else:
            tight = middle + (1 if rising else -1)
    return loosest * step
