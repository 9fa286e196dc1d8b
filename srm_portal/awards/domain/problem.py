"""An award problem as values: lots, suppliers, offers, packages, rules and the objective.

Lots, suppliers, offers and packages are named by their position (0, 1, ...) in the problem's tuples.
Amounts are exact: `Decimal` where they are only kept, `Fraction` where they are multiplied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Kind = Literal[
    "max_suppliers",
    "min_suppliers",
    "max_suppliers_per_lot",
    "min_suppliers_per_lot",
    "max_share",
    "min_share",
    "min_share_if_used",
    "min_quality",
    "fix",
    "exclude",
]
COUNT_KINDS = ("max_suppliers", "min_suppliers", "max_suppliers_per_lot", "min_suppliers_per_lot")
SHARE_KINDS = ("max_share", "min_share", "min_share_if_used")

ABSENT = -1
"""The position of an incumbent who is named but does not take part: every winner is a switch."""

SMALLEST_SHARE = Fraction(1, 1_000_000)
"""The smallest share that counts as a win in a split award without a `share_min`: the last printed digit."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What is bought. `baseline` is None when unknown (it then weighs nothing and savings are not shown)."""

    id: str
    quantity: Decimal = Decimal(1)
    baseline: Decimal | None = None
    incumbent: int | None = None


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who may win. `fixed_cost` is paid once when anything is won; `capacity` None is unlimited."""

    id: str
    fixed_cost: Decimal = Decimal(0)
    capacity: Decimal | None = None
    quality: Decimal = Decimal(0)
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """One supplier's price for one whole lot. `capacity_use` None means the lot's quantity."""

    supplier: int
    lot: int
    price: Decimal
    capacity_use: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """One price for several whole lots, all or nothing."""

    id: str
    supplier: int
    lots: tuple[int, ...]
    price: Decimal
    xor_group: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The share of a lot that one offer may win, if it wins anything of it."""

    share_min: Fraction = Fraction(0)
    share_max: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One business rule. Which of the fields matter depends on `kind`."""

    kind: Kind
    value: Fraction = Fraction(0)
    supplier: int | None = None
    group: str | None = None
    lot: int | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """From this spend on (the threshold itself included) the percentage holds."""

    start: Fraction
    percent: Fraction


@dataclass(frozen=True, slots=True)
class Discount:
    """Rising tiers, the first at zero. `all_units`: the tier reached counts for all the spend."""

    supplier: int
    kind: Literal["all_units", "incremental"]
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Objective:
    """`cost`, or `weighted`: price_weight * clamp(2 - cost/cheapest, 0, 1) + quality_weight * quality/100."""

    kind: Literal["cost", "weighted"] = "cost"
    price_weight: Fraction = Fraction(0)
    quality_weight: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to search, and the relative gap at which to be content (0: prove the optimum)."""

    seconds: float = 30.0
    gap: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that decides an award. `split` None is a single award; `overlap` is coverage `at_least`."""

    currency: str
    lots: tuple[Lot, ...]
    suppliers: tuple[Supplier, ...]
    offers: tuple[Offer, ...]
    packages: tuple[Package, ...] = ()
    split: Split | None = None
    overlap: bool = False
    constraints: tuple[Constraint, ...] = ()
    switching_rate: Fraction = Fraction(0)
    discounts: tuple[Discount, ...] = ()
    objective: Objective = field(default_factory=Objective)
    limits: Limits = field(default_factory=Limits)

    def having(self, indexes: Iterable[int]) -> Problem:
        """The same problem with only these of its constraints."""
        return replace(self, constraints=tuple(self.constraints[i] for i in indexes))

    def without(self, index: int) -> Problem:
        return self.having(i for i in range(len(self.constraints)) if i != index)

    def at_least_quality(self, quality: Fraction) -> Problem:
        """The same problem with one more constraint, last: this mean quality or better."""
        return replace(self, constraints=(*self.constraints, Constraint("min_quality", quality)))

    def rules(self, kind: Kind) -> list[Constraint]:
        return [rule for rule in self.constraints if rule.kind == kind]

    def members(self, rule: Constraint) -> list[int]:
        """The suppliers whose common share a `min_share` or `max_share` limits."""
        if rule.supplier is not None:
            return [rule.supplier]
        return [s for s, supplier in enumerate(self.suppliers) if rule.group in supplier.groups]

    def capacity_use(self, offer: Offer) -> Decimal:
        return self.lots[offer.lot].quantity if offer.capacity_use is None else offer.capacity_use

    def baseline(self, lot: int) -> Fraction:
        return Fraction(self.lots[lot].baseline or 0)

    def switching(self, lot: int, supplier: int) -> Fraction:
        """What winning this whole lot costs because its supplier changes."""
        incumbent = self.lots[lot].incumbent
        if not self.switching_rate or incumbent is None or incumbent == supplier:
            return Fraction(0)
        return self.switching_rate * self.baseline(lot)


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who wins what: (offer, share) in the offers' order, and the packages won."""

    shares: tuple[tuple[int, Fraction], ...] = ()
    packages: tuple[int, ...] = ()
