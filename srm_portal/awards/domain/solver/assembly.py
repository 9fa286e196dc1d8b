"""Building the model, block of rows by block of rows."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from srm_portal.awards.domain.columns import Columns, Floats, Ints
from srm_portal.awards.domain.problem import SMALLEST_SHARE, Discount, Problem
from srm_portal.awards.domain.solver.model import Model, Tiers, unit_scale
from srm_portal.awards.domain.solver.rows import INF, Builder


def build(problem: Problem, columns: Columns) -> Model:
    """The whole model."""
    return _Assembly(problem, columns).model()


class _Assembly:
    """One build: adds variables and rows in the order of the module's docstring."""

    def __init__(self, problem: Problem, columns: Columns) -> None:
        self.problem, self.columns = problem, columns
        self.builder = Builder()
        self.scale = unit_scale(float(columns.cost.max(initial=0.0)))
        self.price = columns.price * self.scale
        self.kinds = {rule.kind for rule in problem.constraints}
        self.spend: dict[int, int] = {}
        self.total: int | None = None
        self.used: int | None = None
        self.links = self.counts = self.capacities = (0, 0)
        self.definitions: list[tuple[int, int]] = []
        self.tiers: list[Tiers] = []
        self.money: list[tuple[int, float]] = []

    def model(self) -> Model:
        self._x()
        self._cover()
        self._z()
        self._y()
        self._per_lot()
        self._xor_and_fix()
        self._capacity()
        self._shares()
        self._quality()
        for discount in self.problem.discounts:
            self._discount(discount)
        return Model(
            self.builder.mip(self._cost()),
            self.scale,
            self.wins,
            self.columns,
            tuple(self.tiers),
            self.used,
            self.links,
            self.counts,
            self.capacities,
            tuple(sorted(self.definitions, key=lambda pair: pair[0] != self.total)),
        )

    # variables -------------------------------------------------------------------------------------------------
    def _x(self) -> None:
        offers, n = self.columns.offers, self.columns.n
        upper = self.columns.allowed.astype(np.float64)
        split = self.problem.split
        if split is not None:
            upper[:offers] *= float(split.share_max)
        self.builder.add_variables(upper[:offers], integer=split is None)
        self.builder.add_variables(upper[offers:], integer=True)
        self.wins = np.arange(n)

    def _z(self) -> None:
        split, offers = self.problem.split, self.columns.offers
        knows = {"min_suppliers", "min_suppliers_per_lot", "max_suppliers_per_lot", "fix"} & self.kinds
        if split is None or not (split.share_min or knows):
            return
        first = self.builder.add_variables(self.columns.allowed[:offers].astype(np.float64), integer=True)
        self.wins = np.concatenate([first + np.arange(offers), np.arange(offers, self.columns.n)])
        row, z, x = np.arange(offers), first + np.arange(offers), np.arange(offers)
        low, high = float(max(split.share_min, SMALLEST_SHARE)), float(split.share_max)
        ones = np.ones(offers)
        for factor, bounds in ((-low, (0.0, INF)), (-high, (-INF, 0.0))):
            self.builder.add_rows(
                np.concatenate([row, row]),
                np.concatenate([x, z]),
                np.concatenate([ones, factor * ones]),
                np.full(offers, bounds[0]),
                np.full(offers, bounds[1]),
            )

    def _y(self) -> None:
        fixed = np.array([float(s.fixed_cost) for s in self.problem.suppliers])
        if not (fixed.any() or {"max_suppliers", "min_suppliers", "min_share_if_used"} & self.kinds):
            return
        k, columns = self.columns.suppliers, self.columns
        y = self.used = self.builder.add_variables(np.ones(k), integer=True)
        self.money += [(y + s, float(fixed[s]) * self.scale) for s in range(k) if fixed[s]]
        n = columns.n
        self.links = (self.builder.rows, self.builder.rows + n)
        self.builder.add_rows(
            np.tile(np.arange(n), 2),
            np.concatenate([self.wins, y + columns.supplier]),
            np.concatenate([np.ones(n), -np.ones(n)]),
            np.full(n, -INF),
            np.zeros(n),
        )
        everyone = y + np.arange(k)
        first = self.builder.rows
        for rule in self.problem.rules("max_suppliers"):
            self.builder.add_row(everyone, np.ones(k), -INF, float(rule.value))
        self.counts = (first, self.builder.rows)
        self._count_by_share(everyone)
        if rules := self.problem.rules("min_suppliers"):
            self.builder.add_row(everyone, np.ones(k), float(max(r.value for r in rules)), INF)
            self.builder.add_rows(
                np.concatenate([columns.supplier, np.arange(k)]),
                np.concatenate([self.wins, everyone]),
                np.concatenate([np.ones(n), -np.ones(k)]),
                np.zeros(k),
                np.full(k, INF),
            )

    def _count_by_share(self, everyone: Ints) -> None:
        """What share rules say about the number of suppliers, where anything is spent at all.

        Nobody above a share b: at least 1/b suppliers. Nobody used below a share a: at most 1/a.
        """
        worth = np.full(self.columns.lots, INF)
        np.minimum.at(worth, self.columns.entry_lot, self.columns.price[self.columns.entry_column])
        if not (worth > 0).any():
            return
        ones = np.ones(len(everyone))
        for rule in self.problem.constraints:
            if rule.value and rule.kind == "max_share" and rule.supplier is None and rule.group is None:
                self.builder.add_row(everyone, ones, float(math.ceil(1 / rule.value)), INF)
            elif rule.value and rule.kind == "min_share_if_used":
                self.builder.add_row(everyone, ones, -INF, float(math.floor(1 / rule.value)))

    def _spend(self, s: int) -> int:
        """The variable of a supplier's spend, made when first asked for."""
        if s not in self.spend:
            own = np.flatnonzero(self.columns.supplier == s)
            self.spend[s] = at = self.builder.add_variables(np.array([INF]), integer=False)
            self.definitions.append((at, self.builder.rows))
            self.builder.add_row(np.append(own, at), np.append(self.price[own], -1.0), 0.0, 0.0)
        return self.spend[s]

    def _whole(self) -> int:
        if self.total is None:
            parts = [self._spend(int(s)) for s in np.unique(self.columns.supplier)]
            self.total = self.builder.add_variables(np.array([INF]), integer=False)
            self.definitions.append((self.total, self.builder.rows))
            self.builder.add_row([*parts, self.total], [*[1.0] * len(parts), -1.0], 0.0, 0.0)
        return self.total

    # rows ------------------------------------------------------------------------------------------------------
    def _cover(self) -> None:
        columns = self.columns
        high = INF if self.problem.overlap else 1.0
        ones = np.ones(len(columns.entry_lot))
        self.builder.add_rows(
            columns.entry_lot, columns.entry_column, ones, np.ones(columns.lots), np.full(columns.lots, high)
        )

    def _per_lot(self) -> None:
        most = [r.value for r in self.problem.rules("max_suppliers_per_lot")]
        least = [r.value for r in self.problem.rules("min_suppliers_per_lot")]
        if not most and not least:
            return
        row, variable = self._winning_pairs()
        lots = self.columns.lots
        low = np.full(lots, float(max(least)) if least else -INF)
        high = np.full(lots, float(min(most)) if most else INF)
        self.builder.add_rows(row, variable, np.ones(len(row)), low, high)

    def _winning_pairs(self) -> tuple[Ints, Ints]:
        """(lot, variable) for each supplier that may win a lot, once even where its columns may overlap."""
        columns = self.columns
        key = columns.entry_lot * max(columns.suppliers, 1) + columns.supplier[columns.entry_column]
        pairs, place, counts = np.unique(key, return_inverse=True, return_counts=True)
        if not self.problem.overlap or (counts <= 1).all():
            return columns.entry_lot, self.wins[columns.entry_column]
        first = self.builder.add_variables(np.ones(len(pairs)), integer=True)
        e, p = len(key), len(pairs)
        won = self.wins[columns.entry_column]
        self.builder.add_rows(  # no more than its columns together
            np.concatenate([place, np.arange(p)]),
            np.concatenate([won, first + np.arange(p)]),
            np.concatenate([np.ones(e), -np.ones(p)]),
            np.zeros(p),
            np.full(p, INF),
        )
        self.builder.add_rows(  # no less than any of them
            np.tile(np.arange(e), 2),
            np.concatenate([first + place, won]),
            np.concatenate([np.ones(e), -np.ones(e)]),
            np.zeros(e),
            np.full(e, INF),
        )
        return pairs // max(columns.suppliers, 1), first + np.arange(p)

    def _xor_and_fix(self) -> None:
        groups: dict[tuple[int, str], list[int]] = {}
        for i, package in enumerate(self.problem.packages):
            if package.xor_group is not None:
                groups.setdefault((package.supplier, package.xor_group), []).append(self.columns.offers + i)
        for members in groups.values():
            self.builder.add_row(members, [1.0] * len(members), -INF, 1.0)
        columns = self.columns
        for rule in self.problem.rules("fix"):
            hit = (columns.entry_lot == rule.lot) & (columns.supplier[columns.entry_column] == rule.supplier)
            own = self.wins[columns.entry_column[hit]]
            self.builder.add_row(own, np.ones(len(own)), 1.0, INF)

    def _capacity(self) -> None:
        first = self.builder.rows
        for s, supplier in enumerate(self.problem.suppliers):
            own = np.flatnonzero(self.columns.supplier == s)
            if supplier.capacity is not None and len(own):
                use, limit = self.columns.use[own], float(supplier.capacity)
                factor = unit_scale(max(float(use.max()), limit))
                self.builder.add_row(own, use * factor, -INF, limit * factor)
        self.capacities = (first, self.builder.rows)

    def _shares(self) -> None:
        for rule in self.problem.constraints:
            value = float(rule.value)
            if rule.kind == "max_share" and rule.supplier is None and rule.group is None:
                for s in np.unique(self.columns.supplier):
                    self.builder.add_row([self._spend(int(s)), self._whole()], [1.0, -value], -INF, 0.0)
            elif rule.kind in ("max_share", "min_share"):
                parts = [self._spend(s) for s in self.problem.members(rule)]
                low, high = (-INF, 0.0) if rule.kind == "max_share" else (0.0, INF)
                self.builder.add_row([*parts, self._whole()], [*[1.0] * len(parts), -value], low, high)
            elif rule.kind == "min_share_if_used":
                most = value * float(self.price.sum() if self.problem.overlap else self._dearest())
                assert self.used is not None
                for s in np.unique(self.columns.supplier):
                    row = [self._spend(int(s)), self._whole(), self.used + int(s)]
                    self.builder.add_row(row, [1.0, -value, -most], -most, INF)

    def _dearest(self) -> float:
        """An upper bound of the total spend when every lot is bought once."""
        columns = self.columns
        worst = np.zeros(columns.lots)
        np.maximum.at(worst, columns.entry_lot, self.price[columns.entry_column])
        return float(worst.sum())

    def _quality(self) -> None:
        columns = self.columns
        for rule in self.problem.rules("min_quality"):
            value = columns.weight * (columns.quality - float(rule.value))
            factor = unit_scale(float(np.abs(value).max(initial=0.0)))
            self.builder.add_row(np.arange(columns.n), value * factor, 0.0, INF)

    def _discount(self, discount: Discount) -> None:
        """Tiers: spend W_k in tier k, t_k says whether the tier is the one reached (or the band is entered)."""
        starts = [float(tier.start) * self.scale for tier in discount.tiers]
        most = float(self.price[self.columns.supplier == discount.supplier].sum())
        count = len(starts)
        spend = self._spend(discount.supplier)
        w = self.builder.add_variables(np.full(count, INF), integer=False)
        t = self.builder.add_variables(np.array([float(start <= most) for start in starts]), integer=True)
        self.builder.add_row([*range(w, w + count), spend], [*[1.0] * count, -1.0], 0.0, 0.0)
        self.money += [(w + k, float(1 - tier.percent / 100)) for k, tier in enumerate(discount.tiers)]
        if discount.kind == "all_units":
            self.builder.add_row(range(t, t + count), [1.0] * count, 1.0, 1.0)
            for k in range(count):
                end = min(most, self._end(discount, k))
                self.builder.add_row([w + k, t + k], [1.0, -starts[k]], 0.0, INF)
                self.builder.add_row([w + k, t + k], [1.0, -end], -INF, 0.0)
        else:
            ends = [*starts[1:], max(most, starts[-1])]
            self.builder.add_row([t], [1.0], 1.0, 1.0)
            for k in range(count):
                width = ends[k] - starts[k]
                self.builder.add_row([w + k, t + k], [1.0, -width], -INF, 0.0)
                if k + 1 < count:
                    self.builder.add_row([w + k, t + k + 1], [1.0, -width], 0.0, INF)
        self.tiers.append(Tiers(w, t, count, cumulative=discount.kind == "incremental"))

    def _end(self, discount: Discount, k: int) -> float:
        """Where tier k ends. A next tier that is worse begins at its threshold: stay just below it."""
        if k + 1 == len(discount.tiers):
            return INF
        here, following = discount.tiers[k], discount.tiers[k + 1]
        below = SMALLEST_SHARE if following.percent < here.percent else Fraction(0)
        return float(following.start - below) * self.scale

    def _cost(self) -> Floats:
        cost = np.zeros(self.builder.variables)
        cost[: self.columns.n] = self.columns.cost * self.scale
        tiered = np.isin(self.columns.supplier, [d.supplier for d in self.problem.discounts])
        cost[: self.columns.n][tiered] = (self.columns.switching * self.scale)[tiered]
        for variable, value in self.money:
            cost[variable] += value
        return cost
