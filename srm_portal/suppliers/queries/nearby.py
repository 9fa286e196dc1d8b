"""Who offers something in the neighbourhood of a category: the pool from which suppliers are suggested."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from srm_portal.infra.db import db
from srm_portal.suppliers.domain.categories import is_cpv, subtree
from srm_portal.suppliers.models import Supplier, SupplierCategory, SupplierRegion
from srm_portal.suppliers.queries.cards import SupplierCard, card

_DIVISION = 2


@dataclass(frozen=True, slots=True)
class Offering:
    """A supplier with what it says it offers and where it delivers."""

    supplier: SupplierCard
    codes: tuple[str, ...]
    regions: tuple[str, ...]


def offering_near(organisation_id: str, category: str) -> list[Offering]:
    """Everybody who offers something of the category's division, blocked and archived ones left out, by name."""
    low, high = subtree(category[:_DIVISION].ljust(len(category), "0")) if is_cpv(category) else (category, category)
    query = (
        select(Supplier, SupplierCategory.code)
        .join(SupplierCategory, SupplierCategory.supplier_id == Supplier.id)
        .where(
            Supplier.organisation_id == organisation_id,
            Supplier.state.not_in(("blocked", "archived")),
            SupplierCategory.code.between(low, high),
        )
        .order_by(Supplier.sort_key, SupplierCategory.code)
    )
    rows: dict[str, Supplier] = {}
    codes: dict[str, list[str]] = {}
    for row, code in db.session.execute(query):
        rows[row.id] = row
        codes.setdefault(row.id, []).append(code)
    served = regions_of(list(rows))
    return [Offering(card(row), tuple(codes[row.id]), served[row.id]) for row in rows.values()]


def regions_of(supplier_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Where several suppliers deliver; every asked id has its regions."""
    found: dict[str, list[str]] = {one: [] for one in supplier_ids}
    query = select(SupplierRegion).where(SupplierRegion.supplier_id.in_(supplier_ids)).order_by(SupplierRegion.region)
    for row in db.session.scalars(query):
        found[row.supplier_id].append(row.region)
    return {one: tuple(regions) for one, regions in found.items()}
