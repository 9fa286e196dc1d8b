"""Facts of what was sold, typed or imported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.customers.models import Customer, SalesOrder
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.permissions import Actor

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of an order; `net` is without tax, negative for a credit note."""

    customer_id: str
    number: str
    ordered_on: date
    net: Decimal
    currency: str
    product: str = ""
    quantity: Decimal | None = None
    line: int = 1
    unit: str = "C62"
    needed_on: date | None = None


@command
def record_orders(actor: Actor, rows: Iterable[OrderRow], *, now: datetime, source: str = "typed") -> int:
    """Add order lines; a line known by number and line is replaced, so importing twice changes nothing.

    Returns how many rows were read. Invalid names every wrong row, counted from 1.
    """
    if actor.supplier_id is not None:
        raise NotFound
    given = list(rows)
    query = select(Customer.id).where(Customer.organisation_id == actor.organisation_id)
    customers = set(db.session.scalars(query.where(Customer.id.in_({row.customer_id for row in given}))))
    problems = []
    for at, row in enumerate(given, start=1):
        if row.customer_id not in customers:
            problems.append(FieldProblem("customer_id", "customer_unknown", at, row.customer_id))
        if not row.number.strip():
            problems.append(FieldProblem("number", "required", at))
        if not _CURRENCY.fullmatch(row.currency):
            problems.append(FieldProblem("currency", "currency_unknown", at, row.currency))
        if row.unit not in UNITS:
            problems.append(FieldProblem("unit", "unknown_value", at, row.unit, (("choices", ", ".join(UNITS)),)))
        problems += [
            FieldProblem(name, "too_long", at, facts=(("max", str(most)),))
            for name, most in (("number", 60), ("product", 200))
            if len(getattr(row, name).strip()) > most
        ]
    if problems:
        raise Invalid(problems)
    numbers = {row.number.strip() for row in given}
    known = select(SalesOrder).where(
        SalesOrder.organisation_id == actor.organisation_id, SalesOrder.number.in_(numbers)
    )
    kept = {(order.number, order.line): order for order in db.session.scalars(known)}
    for row in given:
        key = (row.number.strip(), row.line)
        order = kept.get(key)
        if order is None:
            order = kept[key] = SalesOrder(organisation_id=actor.organisation_id, number=key[0], line=key[1])
            db.session.add(order)
        order.customer_id, order.ordered_on, order.product = row.customer_id, row.ordered_on, row.product.strip()
        order.unit, order.needed_on = row.unit, row.needed_on
        order.quantity, order.net, order.currency, order.source = row.quantity, row.net, row.currency, source
    db.session.flush()
    record(actor, "orders.recorded", "customer", "orders", now=now, label=source, rows=len(given))
    jobs.publish("OrdersRecorded", {"numbers": sorted(numbers)[:200], "organisation": actor.organisation_id}, now=now)
    return len(given)
