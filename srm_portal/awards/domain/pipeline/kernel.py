"""All rules of single awards on the bids that matter: prices of the rules, then suppliers, then whole lots.

1. Prices: a linear program on a kernel of promising bids (of a sample of the lots where there are many), other
   bids priced in; then the lots' own prices for the whole problem. They certify a bound for the whole problem.
2. Suppliers: at these prices the rules are part of every bid's cost, so plant location finds the suppliers.
3. Repair: with these suppliers, the closest decisions are freed and solved as whole lots under all rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from srm_portal.awards.domain.check import check
from srm_portal.awards.domain.columns import Bools, Columns, Floats, Ints
from srm_portal.awards.domain.pipeline.certificate import Certificate, certify
from srm_portal.awards.domain.pipeline.location import Choice, assign, bound, choose
from srm_portal.awards.domain.problem import Allocation, Problem
from srm_portal.awards.domain.shares import whole
from srm_portal.awards.domain.solver.assembly import build
from srm_portal.awards.domain.solver.highs import solve
from srm_portal.awards.domain.solver.rows import Mip

KERNEL_BIDS = 6
EXTRA_SUPPLIERS = 8
PRICING_ROUNDS = 6
SAMPLED_LOTS = 1000
CLOSE_LOTS = (40, 200, 1000)


@dataclass(frozen=True, slots=True)
class Found:
    """An award that keeps every rule (or None), and the certificate (or None where time ended before).

    `infeasible`: it is proved that there is no award.
    """

    allocation: Allocation | None
    certificate: Certificate | None
    seconds: float
    infeasible: bool = False


class Kernel:
    """One run of the pipeline. `cost` is (m lots, k suppliers), inf where there is no bid."""

    def __init__(self, problem: Problem, columns: Columns, cost: Floats, seconds: float) -> None:
        self.problem, self.columns, self.cost, self.seconds = problem, columns, cost, seconds
        self.model = build(problem, columns)
        self.place = np.full(cost.shape, -1)
        self.place[columns.entry_lot, columns.supplier] = np.arange(columns.n)
        counts = [int(rule.value) for rule in problem.rules("max_suppliers")]
        self.most = min([columns.suppliers, *counts])
        self.least = max([0, *(int(rule.value) for rule in problem.rules("min_suppliers"))])
        self.spent = 0.0
        self.infeasible = False

    @property
    def left(self) -> float:
        return max(self.seconds - self.spent, 0.01)

    def run(self, first: Choice) -> Found:
        """`first` is a choice of suppliers made without the other rules."""
        certificate = self.prices(first)
        if certificate is None:
            return Found(None, None, self.spent, self.infeasible)
        matrix = self._matrix(certificate.reduced)
        chosen = choose(matrix, certificate.fixed, self.most, least=self.least)
        return Found(self._repair(chosen, matrix), certificate, self.spent)

    # prices ----------------------------------------------------------------------------------------------------
    def prices(self, first: Choice) -> Certificate | None:
        """The best certificate found for the whole problem."""
        sample = self._sample()
        kernel = self._first_kernel(first) & sample[self.columns.entry_lot]
        best: Certificate | None = None
        for _ in range(PRICING_ROUNDS):
            result = solve(self._only(kernel, sample), seconds=self.left, relax=True)
            self.spent += result.seconds
            everything = self.columns.allowed & sample[self.columns.entry_lot]
            if result.status == "infeasible" and not (kernel == everything).all():
                kernel = everything
                continue
            self.infeasible = result.status == "infeasible" and bool(sample.all())
            if result.duals is None or result.status != "optimal":
                break
            certificate = certify(self.model, self._lots_priced(result.duals, sample))
            if best is None or certificate.value > best.value:
                best = certificate
            saves = (certificate.reduced < -1e-7) & (certificate.opening < -1e-7)[self.columns.supplier]
            helps = saves & ~kernel & sample[self.columns.entry_lot]
            if not helps.any() or not sample.all():
                break
            kernel = kernel | helps
        return best

    def _sample(self) -> Bools:
        """All lots, or of very many every so-manieth in the order of their cheapest bid, and those that rules name."""
        lots = self.columns.lots
        sample = np.ones(lots, dtype=np.bool_)
        step = lots // SAMPLED_LOTS
        if step > 1:
            order = np.argsort(self.cost.min(axis=1), kind="stable")
            sample[:] = False
            sample[order[::step]] = True
            sample[[rule.lot for rule in self.problem.rules("fix") if rule.lot is not None]] = True
        return sample

    def _first_kernel(self, first: Choice) -> Bools:
        """The promising suppliers' cheapest bids per lot, and the incumbents'."""
        columns = self.columns
        fixed = np.array([float(s.fixed_cost) for s in self.problem.suppliers])
        simple = bound(self.cost, fixed, self.most, first.cost)
        promising = first.used.copy()
        promising[np.argsort(simple.reduced, kind="stable")[: int(first.used.sum()) + EXTRA_SUPPLIERS]] = True
        usable = columns.allowed & promising[columns.supplier]
        order = np.lexsort((np.where(usable, columns.cost, np.inf), columns.entry_lot))
        lot = columns.entry_lot[order]
        rank = np.arange(len(order)) - np.searchsorted(lot, lot)
        kernel = np.zeros(columns.n, dtype=np.bool_)
        kernel[order[rank < KERNEL_BIDS]] = True
        if columns.switching.any():
            kernel |= columns.switching == 0
        kept: Bools = kernel & usable
        return kept

    def _only(self, kernel: Bools, sample: Bools) -> Mip:
        """The program of the kernel's columns; lots outside the sample and their part of the costs fall away."""
        mip, n = self.model.mip, self.columns.n
        upper, cost = mip.upper.copy(), mip.cost.copy()
        upper[:n][~kernel] = 0.0
        low, high = mip.row_lower.copy(), mip.row_upper.copy()
        low[: len(sample)][~sample] = 0.0
        if self.model.used is not None:
            cost[self.model.used : self.model.used + self.columns.suppliers] *= sample.mean()
        high[self.model.capacities[0] : self.model.capacities[1]] *= sample.mean()
        return replace(mip, upper=upper, cost=cost, row_lower=low, row_upper=high)

    def _lots_priced(self, duals: Floats, sample: Bools) -> Floats:
        """Keep the rules' prices; where lots were left out, price all lots anew for the whole problem."""
        if sample.all():
            return duals
        rules = duals.copy()
        rules[: len(sample)] = 0.0
        bare = certify(self.model, rules)
        matrix = self._matrix(bare.reduced)
        target = choose(matrix, bare.fixed, self.most)
        rules[: len(sample)] = bound(matrix, bare.fixed, self.most, target.cost).multipliers
        return rules

    def _matrix(self, values: Floats) -> Floats:
        matrix = np.full(self.cost.shape, np.inf)
        matrix[self.columns.entry_lot, self.columns.supplier] = values
        return matrix

    # whole lots ------------------------------------------------------------------------------------------------
    def _repair(self, chosen: Choice, matrix: Floats) -> Allocation | None:
        """Whole lots with the chosen suppliers: free ever more lots until all rules can be kept."""
        winners = assign(matrix, chosen.used)
        own = np.sort(matrix[:, chosen.used], axis=1)
        regret = own[:, 1] - own[:, 0] if own.shape[1] > 1 else np.full(len(own), np.inf)
        order = np.argsort(np.nan_to_num(regret, nan=0.0, posinf=1e300), kind="stable")
        for count in (*CLOSE_LOTS, len(own)):
            free = np.zeros(len(own), dtype=np.bool_)
            free[order[:count]] = True
            allocation = self._whole_lots(winners, chosen.used, free)
            if allocation is not None or count >= len(own) or self.left < 0.05:
                return allocation
        return None

    def _whole_lots(self, winners: Ints, used: Bools, free: Bools) -> Allocation | None:
        columns, mip, n = self.columns, self.model.mip, self.columns.n
        lower, upper = mip.lower.copy(), mip.upper.copy()
        won = np.zeros(n, dtype=np.bool_)
        won[self.place[np.arange(len(winners)), winners]] = True
        opened = free[columns.entry_lot]
        upper[:n] = np.where(opened, columns.allowed & used[columns.supplier], won)
        lower[:n] = np.where(opened, 0.0, won)
        if self.model.used is not None:
            upper[self.model.used : self.model.used + len(used)] = used
        model = self.model.limited(lower, upper)
        result = solve(model.mip, seconds=min(self.left, max(self.seconds / 4, 0.5)), relative_gap=1e-5)
        self.spent += result.seconds
        if result.x is None:
            return None
        allocation = whole(model.structure(result.x))
        return None if check(self.problem, allocation) else allocation
