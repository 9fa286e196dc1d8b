"""Customers as a test wants them."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from srm_portal.customers import services
from srm_portal.customers.domain.pipeline import LineInput
from srm_portal.customers.domain.record import CustomerData
from srm_portal.customers.services import OpportunityData, OrderRow
from srm_portal.kernel.permissions import Actor
from tests.support.world import World

_numbers = itertools.count(1)


def customer_data(name: str = "", **values: Any) -> CustomerData:
    values.setdefault("country", "FR")
    return CustomerData(name=name or f"Customer number {next(_numbers)}", **values)


def a_customer(world: World, name: str = "", *, by: Actor | None = None, **values: Any) -> str:
    """A customer owned by nobody; returns its id."""
    data = customer_data(name, **values)
    return services.add_customer(by or world.buyer, data, now=world.now, accept_duplicates=True)


def an_opportunity(world: World, customer_id: str = "", *, lines: int = 0, **values: Any) -> str:
    """A lead of 10 000 EUR; returns its id."""
    values.setdefault("title", "Pumps for Grenoble")
    values.setdefault("amount", Decimal(10_000))
    data = OpportunityData(**values)
    opportunity_id = services.add_opportunity(world.buyer, customer_id or a_customer(world), data, now=world.now)
    if lines:
        sheet = [
            LineInput(f"Pump P-{number}", Decimal(10), price=Decimal(100), needed_on=date(2026, 9, 1))
            for number in range(1, lines + 1)
        ]
        services.save_opportunity_lines(world.buyer, opportunity_id, sheet, version=None, now=world.now)
    return opportunity_id


def an_order(world: World, customer_id: str, net: Decimal | int, **values: Any) -> None:
    values = {"number": f"SO-{next(_numbers)}", "ordered_on": date(2026, 1, 15), "currency": "EUR"} | values
    services.record_orders(world.buyer, [OrderRow(customer_id, net=Decimal(net), **values)], now=world.now)
