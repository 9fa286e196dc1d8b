"""Prices that follow an index."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from srm_portal.kernel.money import plain

_SIX = Decimal("0.000001")


def index_factor(base: Decimal, value: Decimal, share: int, cap: int | None) -> Decimal:
    """By what prices are multiplied: 1 + (value / base - 1) x share %, held within plus or minus `cap` %.

    `share` is the part of the price that follows the index, in percent. Six digits, half to even.
    """
    change = (value / base - 1) * share / 100
    if cap is not None:
        change = max(Decimal(-cap) / 100, min(Decimal(cap) / 100, change))
    return (1 + change).quantize(_SIX, ROUND_HALF_EVEN)


def indexed(
    prices: Sequence[dict[str, Any]], factor: Decimal, cents: Decimal = Decimal("0.01")
) -> list[dict[str, Any]]:
    """The price list with every unit price and lot total multiplied, rounded to the coin (half to even)."""

    def moved(text: str | None) -> str | None:
        return None if text is None else plain((Decimal(text) * factor).quantize(cents, ROUND_HALF_EVEN))

    return [row | {name: moved(row[name]) for name in ("unit_price", "lot_total") if name in row} for row in prices]
