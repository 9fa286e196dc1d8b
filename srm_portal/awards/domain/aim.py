"""What an award is optimised for, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from srm_portal.awards.domain.check import cost_of, measure, quality_of
from srm_portal.awards.domain.problem import Allocation, Problem

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`cost` and `bound` in money (for an aim other than cost, `bound` is that aim's); `seconds` the solver ran."""

    status: Status
    allocation: Allocation | None = None
    cost: Fraction | None = None
    bound: Fraction | None = None
    seconds: float = 0.0

    def within(self, gap: Fraction) -> bool:
        """Whether the award is known to cost at most this share more than the best one."""
        return self.cost is not None and self.bound is not None and self.cost - self.bound <= gap * self.cost


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
