"""The award problem as a mixed-integer program with strong links (x <= y per column, never their sum).

Variables, in order: x per column (offer or package); z per offer of a split award that needs to know "wins or
not"; y per supplier that needs to know "used or not"; spend per supplier, the total, and the tiers of discounts.
The first rows are the lots' cover rows, in order. Money is scaled so that the dearest column is around 1000.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from srm_portal.awards.domain.columns import Columns, Floats, Ints
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.solver.rows import INF, Mip


@dataclass(frozen=True, slots=True)
class Structure:
    """The yes-or-no part of an award: what is left open is only the shares of the winning offers."""

    winners: tuple[int, ...]
    packages: tuple[int, ...]
    tiers: tuple[int, ...]  # per discount


@dataclass(frozen=True, slots=True)
class Tiers:
    """Where a discount's variables stand: spend in the tier, and tier reached, `count` of each."""

    spend: int
    reached: int
    count: int
    cumulative: bool


@dataclass(frozen=True, slots=True)
class Model:
    """`mip.cost` is money times `scale`; x of column c is variable c; `wins[c]` is the variable of "c wins"."""

    mip: Mip
    scale: float
    wins: Ints
    columns: Columns
    tiers: tuple[Tiers, ...]
    used: int | None
    links: tuple[int, int] = (0, 0)  # the rows x <= y, from and up to
    counts: tuple[int, int] = (0, 0)  # the rows of max_suppliers
    capacities: tuple[int, int] = (0, 0)
    definitions: tuple[tuple[int, int], ...] = ()  # (variable, row) of the total, then of each supplier's spend

    def structure(self, x: Floats) -> Structure:
        """Read the yes-or-no part off a solution, rounding what is a hair from 0 or 1."""
        won = x[self.wins[: self.columns.n]] > (0.5 if self.mip.integer[self.wins].all() else 1e-9)
        packages = x[self.columns.offers : self.columns.n] > 0.5
        return Structure(
            winners=tuple(int(c) for c in np.flatnonzero(won[: self.columns.offers])),
            packages=tuple(int(c) for c in np.flatnonzero(packages)),
            tiers=tuple(self._tier(x, tier) for tier in self.tiers),
        )

    @staticmethod
    def _tier(x: Floats, tier: Tiers) -> int:
        reached = np.flatnonzero(x[tier.reached : tier.reached + tier.count] > 0.5)
        return int(reached.max()) if len(reached) else 0

    def start(self, problem: Problem, allocation: Allocation) -> Floats | None:
        """A known single award as a starting point; None where it would need more than x and y."""
        if problem.split is not None or self.tiers:
            return None
        x = np.zeros(len(self.mip.cost))
        won = [*(c for c, _ in allocation.shares), *(self.columns.offers + p for p in allocation.packages)]
        x[won] = 1.0
        if self.used is not None:
            x[self.used + self.columns.supplier[won]] = 1.0
        return x if self.mip.integer[x > 0].all() else None

    def limited(self, lower: Floats, upper: Floats) -> Model:
        """The same model with other bounds of its variables."""
        return replace(self, mip=replace(self.mip, lower=lower, upper=upper))

    def aiming(self, cost: Floats) -> Model:
        return replace(self, mip=replace(self.mip, cost=cost))

    def with_row(self, variable: Ints, value: Floats, low: float, high: float) -> Model:
        """The same model and one more row."""
        mip = self.mip
        more = replace(
            mip,
            start=np.append(mip.start, mip.start[-1] + len(variable)),
            index=np.concatenate([mip.index, variable]),
            value=np.concatenate([mip.value, value]),
            row_lower=np.append(mip.row_lower, low),
            row_upper=np.append(mip.row_upper, high),
        )
        return replace(self, mip=more)

    def forbidding(self, structure: Structure) -> Model | None:
        """A no-good cut: any answer but this yes-or-no part. None where nothing is yes-or-no.

        Where every winner gets the whole lot, the winners decide the tiers; else the tiers are part of it.
        """
        ones = [*self.wins[list(structure.winners)], *(self.columns.offers + p for p in structure.packages)]
        binary = list(self.wins)
        whole = bool(self.mip.integer[: self.columns.offers].all())
        for tier, reached in [] if whole else zip(self.tiers, structure.tiers, strict=True):
            binary += range(tier.reached, tier.reached + tier.count)
            ones += [tier.reached + k for k in range(tier.count) if k == reached or (tier.cumulative and k < reached)]
        chosen = np.zeros(len(self.mip.cost), dtype=np.bool_)
        chosen[ones] = True
        at = np.array(binary, dtype=np.int64)
        at = at[self.mip.integer[at]]
        if not len(at):
            return None
        return self.with_row(at, np.where(chosen[at], -1.0, 1.0), 1.0 - float(chosen[at].sum()), INF)


def unit_scale(largest: float) -> float:
    """A power of ten that brings the largest amount to between 100 and 1000."""
    return 1.0 if largest <= 0 else 10.0 ** (2 - math.floor(math.log10(largest)))
