"""A list costs the same for ten rows and for a thousand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from srm_portal.auctions.models import Auction
from srm_portal.audit.services import record
from srm_portal.contracts.models import Contract
from srm_portal.contracts.services import draft_for_supplier
from srm_portal.customers.models import Customer
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.models import Notice
from srm_portal.notifications.services import notify
from srm_portal.sourcing.models import Project
from srm_portal.suppliers.models import Supplier
from tests.support.factories.auctions import a_draft_auction
from tests.support.factories.customers import a_customer
from tests.support.factories.sourcing import a_need
from tests.support.factories.suppliers import a_supplier
from tests.support.statements import count_statements
from tests.support.world import World


@command
def _copies(world: World, model: type[db.Model], count: int) -> None:  # type: ignore[name-defined]
    """So many more rows like the one that is there; only what must be unique differs."""
    source = db.session.scalars(select(model)).first()
    columns = [column for column in model.__table__.columns if column.name not in ("id", "reference")]
    values = {column.name: getattr(source, column.name) for column in columns}
    named = "reference" in model.__table__.columns
    rows = [values | {"id": new_id()} | ({"reference": f"X-{new_id()[:12]}"} if named else {}) for _ in range(count)]
    db.session.execute(insert(model), rows)
    record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)


def _a_contract(world: World) -> None:
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
    draft_for_supplier(
        world.buyer, a_supplier(world), title="Pallets", kind="purchase", value=Decimal(100), now=world.now, **days
    )


def _a_notice(world: World) -> None:
    command(notify)([world.buyer.user_id], "need_approved", path="/", now=world.now, mail=False, title="A", by="B",
                    reference="C")  # fmt: skip


ROWS: dict[str, tuple[str, Callable[[World], object], type[db.Model]]] = {  # type: ignore[name-defined]
    "projects": ("/projects", a_need, Project),
    "suppliers": ("/suppliers", a_supplier, Supplier),
    "contracts": ("/contracts", _a_contract, Contract),
    "customers": ("/customers", a_customer, Customer),
    "auctions": ("/auctions", a_draft_auction, Auction),
    "notices": ("/notices/", _a_notice, Notice),
}


def _cost(world: World, actor: Actor, path: str) -> int:
    client = world.client_of(actor)
    client.get(path)
    with world.app.app_context(), count_statements() as statements:
        assert client.get(path).status_code == 200
    return len(statements)


@pytest.mark.parametrize("name", ROWS)
def test_a_list_costs_the_same_for_ten_rows_and_for_a_thousand(world: World, name: str) -> None:
    path, make, model = ROWS[name]
    make(world)
    _copies(world, model, 9)
    few = _cost(world, world.buyer, path)
    _copies(world, model, 990)
    assert _cost(world, world.buyer, path) == few <= 12


def test_the_trail_costs_the_same_for_ten_entries_and_for_a_thousand(world: World) -> None:
    @command
    def act(times: int) -> None:
        for _time in range(times):
            record(world.system, "organisation.changed", "organisation", world.organisation_id, now=world.now)

    act(10)
    few = _cost(world, world.auditor, "/audit/")
    act(990)
    assert _cost(world, world.auditor, "/audit/") == few <= 12
