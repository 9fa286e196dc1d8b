"""The event's facts as an award file: standing amounts, what the buyer knows of lots and suppliers, packages, tiers.

`known` is what the buyer wrote down, in the award file's own words:
{"lots": {lot: {"baseline", "incumbent"}}, "suppliers": {supplier: {"fixed_cost", "capacity", "quality", "groups"}},
"packages": [...], "discounts": [...], "switching_cost_rate": "0.03"}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from srm_portal.kernel.money import plain

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LotFact:
    """A lot by its number; `baseline` is what its lines cost today, where that is known."""

    id: str
    quantity: Decimal
    baseline: Decimal | None


@dataclass(frozen=True, slots=True)
class SupplierFact:
    """Who may win; `quality` (0..100) comes from the ranking's marks."""

    id: str
    quality: Decimal


@dataclass(frozen=True, slots=True)
class Bid:
    """One supplier's standing amount for a whole lot."""

    lot: str
    supplier: str
    amount: Decimal


def assemble(
    currency: str,
    lots: Sequence[LotFact],
    suppliers: Sequence[SupplierFact],
    bids: Sequence[Bid],
    known: Mapping[str, Any],
) -> Document:
    """An award file without constraints. What is known of lots and suppliers that are gone is left out."""
    names = {one.id for one in suppliers}
    numbers = {one.id for one in lots}
    about_lots, about_suppliers = known.get("lots", {}), known.get("suppliers", {})
    packages = [
        one for one in known.get("packages", []) if one["supplier"] in names and numbers.issuperset(one["lots"])
    ]
    return {
        "currency": currency,
        "lots": [_lot(one, about_lots.get(one.id, {})) for one in lots],
        "suppliers": [_supplier(one, about_suppliers.get(one.id, {})) for one in suppliers],
        "offers": [{"supplier": one.supplier, "lot": one.lot, "price": plain(one.amount)} for one in bids],
        "packages": packages,
        "discounts": [one for one in known.get("discounts", []) if one["supplier"] in names],
        "switching_cost_rate": known.get("switching_cost_rate", "0"),
    }


def _lot(lot: LotFact, known: Mapping[str, Any]) -> Document:
    baseline = known.get("baseline") or (plain(lot.baseline) if lot.baseline is not None else None)
    row: Document = {"id": lot.id, "quantity": plain(lot.quantity), "baseline": baseline}
    return row | ({"incumbent": known["incumbent"]} if known.get("incumbent") else {})


def _supplier(supplier: SupplierFact, known: Mapping[str, Any]) -> Document:
    return {
        "id": supplier.id,
        "fixed_cost": known.get("fixed_cost") or "0",
        "capacity": known.get("capacity") or None,
        "quality": known.get("quality") or plain(supplier.quality),
        "groups": list(known.get("groups", [])),
    }
