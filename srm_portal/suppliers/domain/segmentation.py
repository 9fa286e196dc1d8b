"""Segmentation: where a category stands between supply risk and impact (Kraljic 1983), and the ABC of spend.

Risk and impact are means of factors 0..1; the quadrant changes only when a value leaves the middle by 0.05, so that
nothing flaps. ABC classes go by the cumulative share before the item: under 80 percent A, under 95 B, else C.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

CUT = Decimal("0.5")
MARGIN = Decimal("0.05")
RISK_FACTORS = ("substitutes", "switching", "scarcity", "logistics")
IMPACT_FACTORS = ("product", "growth")
FACTORS = (*RISK_FACTORS, *IMPACT_FACTORS)
_CLASS_IMPACT = {"A": Decimal(1), "B": Decimal("0.5"), "C": Decimal(0)}
_SUPPLIERS_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Spend:
    key: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AbcRow:
    """`share` of the whole and `cumulative` with everything before it, 0..1."""

    key: str
    amount: Decimal
    share: Decimal
    cumulative: Decimal
    klass: str


def abc(items: Iterable[Spend]) -> list[AbcRow]:
    """Largest first, ties by key; the first item is always A, nothing or less is C; [] without any spend."""
    ordered = sorted(items, key=lambda one: (-one.amount, one.key))
    total = sum((one.amount for one in ordered if one.amount > 0), Decimal(0))
    if total <= 0:
        return []
    rows, before = [], Decimal(0)
    for one in ordered:
        share = max(one.amount, Decimal(0)) / total
        klass = "C" if one.amount <= 0 else "A" if before < Decimal("0.8") else "B" if before < Decimal("0.95") else "C"
        before += share
        rows.append(AbcRow(one.key, one.amount, share, before, klass))
    return rows


def concentration(amounts: Sequence[Decimal]) -> int | None:
    """The Herfindahl-Hirschman index, 0..10,000; None without spend. Above 2,500 few suppliers hold most."""
    total = sum((one for one in amounts if one > 0), Decimal(0))
    if total <= 0:
        return None
    return round(10_000 * sum((one / total) ** 2 for one in amounts if one > 0))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a category stands; `quadrant` strategic, leverage, bottleneck or routine."""

    risk: Decimal
    impact: Decimal
    quadrant: str


def _scale(mark: int) -> Decimal:
    return Decimal(mark - 1) / 4


def _high(value: Decimal, was_high: bool | None) -> bool:
    if was_high is None:
        return value >= CUT
    return value >= CUT - MARGIN if was_high else value >= CUT + MARGIN


_QUADRANTS = {
    (True, True): "strategic",
    (True, False): "leverage",
    (False, True): "bottleneck",
    (False, False): "routine",
}
"""(impact high, risk high)."""


def position(factors: Mapping[str, int], suppliers: int, klass: str, before: str = "") -> Position | None:
    """From marks 1..5, the number of approved suppliers and the ABC class of the category's spend.

    None while a factor is missing: a category is not put anywhere by guess. `before` is the quadrant it was in.
    """
    if any(name not in factors for name in FACTORS):
        return None
    few = Decimal(max(0, _SUPPLIERS_ENOUGH - max(1, suppliers))) / (_SUPPLIERS_ENOUGH - 1)
    risks = [few, *(_scale(factors[name]) for name in RISK_FACTORS)]
    impacts = [_CLASS_IMPACT.get(klass, Decimal(0)), *(_scale(factors[name]) for name in IMPACT_FACTORS)]
    risk, impact = sum(risks, Decimal(0)) / len(risks), sum(impacts, Decimal(0)) / len(impacts)
    was = next((key for key, name in _QUADRANTS.items() if name == before), (None, None))
    return Position(risk, impact, _QUADRANTS[_high(impact, was[0]), _high(risk, was[1])])
