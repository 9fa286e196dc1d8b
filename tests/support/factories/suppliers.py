"""Suppliers as a test wants them: known, approved, with people."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.qualification import Decision
from srm_portal.suppliers.domain.record import SupplierData
from tests.support.world import World

MACHINE_TOOLS = "42600000"
CASTINGS = "44470000"
_numbers = itertools.count(1)


def the_categories(world: World) -> None:
    """The demonstration tree, once per test."""
    if queries.category(MACHINE_TOOLS) is None:
        services.load_demonstration_categories(world.system, world.now)


def supplier_data(name: str = "", **values: Any) -> SupplierData:
    values.setdefault("country", "FR")
    return SupplierData(name=name or f"Supplier number {next(_numbers)}", **values)


def a_supplier(
    world: World,
    name: str = "",
    *,
    by: Actor | None = None,
    categories: tuple[str, ...] = (),
    account_confirmed: bool = True,
    **values: Any,
) -> str:
    """A prospect; returns its id. A given account has had its second look."""
    the_categories(world)
    data = supplier_data(name, categories=categories, **values)
    supplier_id = services.add_prospect(by or world.buyer, data, now=world.now, accept_duplicates=True)
    for account in queries.accounts(supplier_id) if values.get("iban") and account_confirmed else ():
        services.confirm_account(world.manager, account.id, evidence="called back", now=world.now)
    return supplier_id


def a_cell(world: World, supplier_id: str, category: str = MACHINE_TOOLS, **values: Any) -> str:
    """A request for qualification that waits; returns its id."""
    the_categories(world)
    return services.ask_qualification(world.buyer, supplier_id, category=category, now=world.now, **values)


def approval(status: str = "qualified", until: date = date(2027, 3, 1), **values: Any) -> Decision:
    return Decision(status, date(2026, 1, 1), until, **({"score": 80, "reason": "audit passed"} | values))


def a_qualified_supplier(
    world: World,
    name: str = "",
    *,
    category: str = MACHINE_TOOLS,
    region: str = "",
    status: str = "qualified",
    until: date = date(2027, 3, 1),
    **values: Any,
) -> str:
    """A supplier that offers a category and is approved for it; returns its id."""
    supplier_id = a_supplier(world, name, categories=(category,), **values)
    cell_id = a_cell(world, supplier_id, category, region=region)
    services.decide_qualification(world.manager, cell_id, approval(status, until), now=world.now)
    return supplier_id


def a_contact(world: World, supplier_id: str, name: str = "Ana Contact", email: str = "", **values: Any) -> str:
    address = email or f"contact{next(_numbers)}@example.com"
    return services.add_contact(world.buyer, supplier_id, name=name, email=address, now=world.now, **values)
