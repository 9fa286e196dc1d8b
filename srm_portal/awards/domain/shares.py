"""Exact shares: once it is known who wins, which packages and which tiers, the rest is a small linear program."""

from __future__ import annotations

from fractions import Fraction

from srm_portal.awards.domain.problem import SMALLEST_SHARE, Allocation, Discount, Problem
from srm_portal.awards.domain.simplex import Range, Row, minimise
from srm_portal.awards.domain.solver.model import Structure

ONE, ZERO = Fraction(1), Fraction(0)


def whole(structure: Structure) -> Allocation:
    """The allocation where every winner gets the whole lot."""
    return Allocation(tuple((o, ONE) for o in structure.winners), structure.packages)


def settle(problem: Problem, structure: Structure, *, sure: bool, reward: Fraction = ZERO) -> Allocation | None:
    """The cheapest exact shares with this yes-or-no part; None if the rules leave none.

    `sure`: the winners must win (they were decided one by one), else a share may fall to zero. `reward` is the
    money a point of baseline-weighted quality is worth.
    """
    if problem.split is None:
        return whole(structure)
    low = max(problem.split.share_min, SMALLEST_SHARE) if sure else ZERO
    return _Shares(problem, structure, low, reward).solve()


class _Shares:
    """Variables are the winning offers; `fixed_*` collect what the packages contribute."""

    def __init__(self, problem: Problem, structure: Structure, low: Fraction, reward: Fraction) -> None:
        assert problem.split is not None
        self.problem, self.structure, self.low, self.high = problem, structure, low, problem.split.share_max
        self.offers = [problem.offers[o] for o in structure.winners]
        self.won = [problem.packages[p] for p in structure.packages]
        self.price = [Fraction(offer.price) for offer in self.offers]
        self.reward = reward
        self.rows: list[Range] = []

    def solve(self) -> Allocation | None:
        self._cover()
        self._capacity()
        self._rules()
        rate = {
            d.supplier: self._tier(d, tier)
            for d, tier in zip(self.problem.discounts, self.structure.tiers, strict=True)
        }
        cost = []
        for offer, price in zip(self.offers, self.price, strict=True):
            quality = self.problem.baseline(offer.lot) * Fraction(self.problem.suppliers[offer.supplier].quality)
            paid = price * rate.get(offer.supplier, ONE) + self.problem.switching(offer.lot, offer.supplier)
            cost.append(paid - self.reward * quality)
        n = len(self.offers)
        shares = minimise(cost, [self.low] * n, [self.high] * n, self.rows)
        if shares is None:
            return None
        pairs = zip(self.structure.winners, shares, strict=True)
        return Allocation(tuple((o, share) for o, share in pairs if share), self.structure.packages)

    def _cover(self) -> None:
        by_lot: dict[int, Row] = {lot: {} for lot in range(len(self.problem.lots))}
        for i, offer in enumerate(self.offers):
            by_lot[offer.lot][i] = ONE
        covered = [lot for package in self.won for lot in package.lots]
        for lot, row in by_lot.items():
            left = ONE - covered.count(lot)
            if row or left > 0 or not self.problem.overlap:
                self.rows.append(Range(row, left, None if self.problem.overlap else left))

    def _capacity(self) -> None:
        for s, supplier in enumerate(self.problem.suppliers):
            if supplier.capacity is None:
                continue
            row = {i: Fraction(self.problem.capacity_use(o)) for i, o in enumerate(self.offers) if o.supplier == s}
            lots = (lot for package in self.won if package.supplier == s for lot in package.lots)
            taken = sum((Fraction(self.problem.lots[lot].quantity) for lot in lots), ZERO)
            self.rows.append(Range(row, None, Fraction(supplier.capacity) - taken))

    def _spend(self, members: set[int], total: Fraction) -> tuple[Row, Fraction]:
        """Coefficients and constant of: the members' spend - total * everybody's spend."""
        row = {
            i: p * ((o.supplier in members) - total)
            for i, (o, p) in enumerate(zip(self.offers, self.price, strict=True))
        }
        constant = sum((Fraction(p.price) * ((p.supplier in members) - total) for p in self.won), ZERO)
        return row, constant

    def _rules(self) -> None:
        used = sorted({offer.supplier for offer in self.offers} | {package.supplier for package in self.won})
        for rule in self.problem.constraints:
            if rule.kind == "max_share":
                everyone = rule.supplier is None and rule.group is None
                for members in [{s} for s in used] if everyone else [set(self.problem.members(rule))]:
                    row, constant = self._spend(members, rule.value)
                    self.rows.append(Range(row, None, -constant))
            elif rule.kind == "min_share":
                row, constant = self._spend(set(self.problem.members(rule)), rule.value)
                self.rows.append(Range(row, -constant, None))
            elif rule.kind == "min_share_if_used":
                for s in used:
                    row, constant = self._spend({s}, rule.value)
                    self.rows.append(Range(row, -constant, None))
            elif rule.kind == "min_quality":
                self._quality(rule.value)

    def _quality(self, least: Fraction) -> None:
        def points(lot: int, supplier: int) -> Fraction:
            return self.problem.baseline(lot) * (Fraction(self.problem.suppliers[supplier].quality) - least)

        row = {i: points(offer.lot, offer.supplier) for i, offer in enumerate(self.offers)}
        constant = sum((points(lot, package.supplier) for package in self.won for lot in package.lots), ZERO)
        self.rows.append(Range(row, -constant, None))

    def _tier(self, discount: Discount, tier: int) -> Fraction:
        """Keep the supplier's spend inside its tier; returns what one unit of spend costs there."""
        row = {
            i: p
            for i, (o, p) in enumerate(zip(self.offers, self.price, strict=True))
            if o.supplier == discount.supplier
        }
        constant = sum((Fraction(p.price) for p in self.won if p.supplier == discount.supplier), ZERO)
        starts = [t.start for t in discount.tiers]
        end = starts[tier + 1] - constant if tier + 1 < len(starts) else None
        falling = end is not None and discount.tiers[tier + 1].percent < discount.tiers[tier].percent
        if end is not None and falling and discount.kind == "all_units":
            end -= SMALLEST_SHARE
        self.rows.append(Range(row, starts[tier] - constant, end))
        return 1 - discount.tiers[tier].percent / 100
