"""Every single award of a small problem, one after another: exact where amounts differ too much for floats."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

from srm_portal.awards.domain.aim import Aim, Outcome
from srm_portal.awards.domain.check import check
from srm_portal.awards.domain.problem import Allocation, Problem

ONE = Fraction(1)


def count_at_most(problem: Problem, limit: int) -> bool:
    """Whether there are surely no more than `limit` awards to try."""
    if problem.overlap:
        return 1 << (len(problem.offers) + len(problem.packages)) <= limit
    choices = _choices(problem)
    return bool(math.prod(max(len(columns), 1) for columns in choices) <= limit)


def awards(problem: Problem) -> Iterator[Allocation]:
    """All ways to cover the lots, rules aside: each lot once, or at least once where lots may overlap."""
    if problem.overlap:
        columns = range(len(problem.offers) + len(problem.packages))
        for size in range(len(columns) + 1):
            for chosen in itertools.combinations(columns, size):
                yield _allocation(problem, chosen)
    else:
        yield from _extend(problem, _choices(problem), 0, frozenset(), ())


def _extend(
    problem: Problem, choices: list[list[int]], lot: int, covered: frozenset[int], chosen: tuple[int, ...]
) -> Iterator[Allocation]:
    while lot in covered:
        lot += 1
    if lot == len(problem.lots):
        yield _allocation(problem, chosen)
        return
    for column in choices[lot]:
        lots = _lots(problem, column)
        if covered.isdisjoint(lots):
            yield from _extend(problem, choices, lot + 1, covered.union(lots), (*chosen, column))


def _choices(problem: Problem) -> list[list[int]]:
    """The columns that cover each lot: offers by position, packages after them."""
    choices: list[list[int]] = [[] for _ in problem.lots]
    for column in range(len(problem.offers) + len(problem.packages)):
        for lot in _lots(problem, column):
            choices[lot].append(column)
    return choices


def _lots(problem: Problem, column: int) -> tuple[int, ...]:
    offers = len(problem.offers)
    return (problem.offers[column].lot,) if column < offers else problem.packages[column - offers].lots


def _allocation(problem: Problem, chosen: tuple[int, ...]) -> Allocation:
    offers = len(problem.offers)
    return Allocation(
        tuple((column, ONE) for column in sorted(chosen) if column < offers),
        tuple(column - offers for column in sorted(chosen) if column >= offers),
    )


def try_all(problem: Problem, aim: Aim) -> Outcome:
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
