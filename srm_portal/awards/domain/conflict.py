"""Why there is no award: a smallest set of constraints that cannot hold together, or the lots nobody can serve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from srm_portal.awards.domain.aim import ANY, Outcome
from srm_portal.awards.domain.check import check
from srm_portal.awards.domain.columns import columns_of
from srm_portal.awards.domain.optimise import optimise
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.solver.assembly import build
from srm_portal.awards.domain.solver.highs import solve

GROW_COLUMNS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """`indexes` of the constraints at fault, or (`reason`, `lots`) where none is. `proved` is False if time ended."""

    indexes: tuple[int, ...] = ()
    reason: str | None = None
    lots: tuple[int, ...] = ()
    proved: bool = True


def explain(problem: Problem, *, seconds: float) -> Conflict:
    """Explain an infeasible problem.

    The set found has the fewest constraints possible; among several such sets it is the first in the order of
    the document. Every feasible award met on the way tells which constraints can hold together, so each set
    tried must contain one constraint broken by each of them (a hitting set): few sets are ever solved.
    """
    tests = _Tests(problem, seconds)
    if not tests.feasible(0):
        return unserved(problem, seconds=seconds)
    count = len(problem.constraints)
    quick = len(problem.offers) + len(problem.packages) <= GROW_COLUMNS_MAX
    everything = (1 << count) - 1
    known = everything
    size = 1
    while size <= count:
        candidate = first_hitting_set(tests.broken, count, size)
        if candidate is None:
            size += 1
        elif tests.feasible(candidate):
            if quick:
                tests.grow()
        elif not tests.out_of_time:
            known = candidate
            break
        if tests.out_of_time:
            break
    return Conflict(_bits(known), proved=not tests.out_of_time)


class _Tests:
    """Feasibility of subsets (bit masks) of the constraints. `broken`: what each award met does not keep."""

    def __init__(self, problem: Problem, seconds: float) -> None:
        self.problem, self.left = problem, seconds
        self.everything = (1 << len(problem.constraints)) - 1
        self.broken: list[int] = []
        self.out_of_time = False

    def feasible(self, subset: int) -> bool:
        outcome = self._solve(subset)
        if outcome.allocation is None:
            self.out_of_time |= outcome.status == "unknown"
            return False
        self.broken.append(self._breaks(outcome.allocation))
        return True

    def grow(self) -> None:
        """From the constraints the last award keeps to a largest set around them: what is left out says the most."""
        held = self.everything & ~self.broken.pop()
        for index in range(len(self.problem.constraints)):
            if held >> index & 1 or self.out_of_time:
                continue
            outcome = self._solve(held | 1 << index)
            if outcome.allocation is not None:
                held |= self.everything & ~self._breaks(outcome.allocation)
        self.broken.append(self.everything & ~held)

    def _solve(self, subset: int) -> Outcome:
        outcome = optimise(self.problem.having(_bits(subset)), aim=ANY, seconds=max(self.left, 0.01))
        self.left -= outcome.seconds
        return outcome

    def _breaks(self, allocation: Allocation) -> int:
        found = {violation.index for violation in check(self.problem, allocation)}
        return sum(1 << index for index in found if index is not None)


def first_hitting_set(sets: list[int], count: int, size: int) -> int | None:
    """The first (in document order) `size`-element mask that meets every mask in `sets`; None if there is none."""

    def extend(chosen: int, start: int, left: int) -> int | None:
        missed = [mask for mask in sets if not mask & chosen]
        if left == 0:
            return None if missed else chosen
        if _disjoint(missed) > left:
            return None
        latest = count - left
        for mask in missed:
            latest = min(latest, mask.bit_length() - 1) if left == 1 else latest
        for index in range(start, latest + 1):
            if left == 1 and any(not mask >> index & 1 for mask in missed):
                continue
            found = extend(chosen | 1 << index, index + 1, left - 1)
            if found is not None:
                return found
        return None

    return extend(0, 0, size)


def _disjoint(masks: list[int]) -> int:
    """How many of the masks can be picked without two sharing a bit: so many elements are needed at least."""
    taken = picked = 0
    for mask in sorted(masks, key=int.bit_count):
        if not mask & taken:
            taken |= mask
            picked += 1
    return picked


def _bits(mask: int) -> tuple[int, ...]:
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def unserved(problem: Problem, *, seconds: float) -> Conflict:
    """The lots left over by an award that serves as many lots as possible, no listed constraint applied.

    Reason `uncovered_lot` where offers are missing, `capacity` where they would do if capacity were unlimited.
    """
    free = problem.having(())
    limitless = replace(free, suppliers=tuple(replace(s, capacity=None) for s in free.suppliers))
    lots = _left_over(limitless, seconds)
    if lots:
        return Conflict(reason="uncovered_lot", lots=lots)
    return Conflict(reason="capacity", lots=_left_over(free, seconds))


def _left_over(problem: Problem, seconds: float) -> tuple[int, ...]:
    """Solve with one spare "nobody" per lot; a later lot is left over rather than an earlier one."""
    columns = columns_of(problem)
    model = build(problem, columns)
    mip = model.mip
    m = len(problem.lots)
    cover = np.arange(m)  # the model's first rows
    first = len(mip.cost)
    cost = np.concatenate([np.zeros(first), 1.0 + (m - np.arange(m)) / (4.0 * m * (m + 1))])
    row = np.repeat(np.arange(len(mip.row_lower)), np.diff(mip.start))
    at = np.concatenate([row, cover])
    order = np.argsort(at, kind="stable")
    padded = replace(
        mip,
        cost=cost,
        lower=np.concatenate([mip.lower, np.zeros(m)]),
        upper=np.concatenate([mip.upper, np.ones(m)]),
        integer=np.concatenate([mip.integer, np.ones(m, dtype=np.bool_)]),
        start=np.concatenate([[0], np.cumsum(np.bincount(at, minlength=len(mip.row_lower)))]),
        index=np.concatenate([mip.index, first + np.arange(m)])[order],
        value=np.concatenate([mip.value, np.ones(m)])[order],
    )
    result = solve(padded, seconds=seconds)
    if result.x is None:
        return tuple(range(m))
    return tuple(int(lot) for lot in np.flatnonzero(result.x[first:] > 0.5))
