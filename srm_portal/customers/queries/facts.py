"""Orders, quotations, contracts of sale and satisfaction of one customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from srm_portal.customers.models import Customer, SaleContract, SalesOrder, SalesQuote, Satisfaction
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.web.paging import Page


@dataclass(frozen=True, slots=True)
class OrderLineView:
    customer_id: str
    number: str
    line: int
    ordered_on: date
    product: str
    quantity: Decimal | None
    unit: str
    needed_on: date | None
    net: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order: its lines added up."""

    number: str
    ordered_on: date
    lines: int
    net: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    number: str
    title: str
    quoted_on: date
    valid_until_on: date | None
    net: Decimal
    currency: str
    state: str


@dataclass(frozen=True, slots=True)
class SaleContractView:
    customer_id: str
    number: str
    title: str
    starts_on: date
    ends_on: date | None
    notice_days: int
    value: Decimal | None
    currency: str

    @property
    def notice_on(self) -> date | None:
        """The last day to give notice."""
        return self.ends_on - timedelta(days=self.notice_days) if self.ends_on else None


@dataclass(frozen=True, slots=True)
class SatisfactionView:
    id: str
    said_on: date
    score: int
    comment: str
    by_name: str


def _line(row: SalesOrder) -> OrderLineView:
    return OrderLineView(
        row.customer_id,
        row.number,
        row.line,
        row.ordered_on,
        row.product,
        row.quantity,
        row.unit,
        row.needed_on,
        row.net,
        row.currency,
    )


def order_lines(customer_id: str, page: Page) -> tuple[list[OrderLineView], int]:
    """Lines of a customer's orders, newest first."""
    query = select(SalesOrder).where(SalesOrder.customer_id == customer_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(SalesOrder.ordered_on.desc(), SalesOrder.number, SalesOrder.line)
    return [_line(row) for row in db.session.scalars(ordered.limit(page.size).offset(page.offset))], total


def order_for(actor: Actor, number: str) -> tuple[OrderLineView, ...]:
    """The lines of one order by its number."""
    query = select(SalesOrder).where(SalesOrder.organisation_id == actor.organisation_id, SalesOrder.number == number)
    found = tuple(_line(row) for row in db.session.scalars(query.order_by(SalesOrder.line)))
    if not found or actor.supplier_id is not None:
        raise NotFound
    return found


def orders_of(customer_id: str, limit: int = 20) -> list[OrderView]:
    """The newest orders."""
    query = (
        select(
            SalesOrder.number,
            func.min(SalesOrder.ordered_on),
            func.count(),
            func.sum(SalesOrder.net),
            SalesOrder.currency,
        )
        .where(SalesOrder.customer_id == customer_id)
        .group_by(SalesOrder.number, SalesOrder.currency)
        .order_by(func.min(SalesOrder.ordered_on).desc(), SalesOrder.number)
        .limit(limit)
    )
    return [OrderView(*row) for row in db.session.execute(query)]


def quotes_of(customer_id: str, limit: int = 50) -> list[QuoteView]:
    query = select(SalesQuote).where(SalesQuote.customer_id == customer_id).order_by(SalesQuote.quoted_on.desc())
    return [
        QuoteView(one.number, one.title, one.quoted_on, one.valid_until_on, one.net, one.currency, one.state)
        for one in db.session.scalars(query.limit(limit))
    ]


def _contract(one: SaleContract) -> SaleContractView:
    return SaleContractView(
        one.customer_id, one.number, one.title, one.starts_on, one.ends_on, one.notice_days, one.value, one.currency
    )


def sale_contracts_of(customer_id: str) -> list[SaleContractView]:
    query = select(SaleContract).where(SaleContract.customer_id == customer_id)
    return [_contract(one) for one in db.session.scalars(query.order_by(SaleContract.starts_on.desc()))]


def sale_contracts_ending(actor: Actor, until: date, today: date) -> list[tuple[SaleContractView, str]]:
    """Contracts of sale that end between today and `until`, soonest first, with the customer's name."""
    query = (
        select(SaleContract, Customer.name)
        .join(Customer, Customer.id == SaleContract.customer_id)
        .where(
            SaleContract.organisation_id == actor.organisation_id,
            SaleContract.ends_on >= today,
            SaleContract.ends_on <= until,
        )
        .order_by(SaleContract.ends_on)
    )
    return [(_contract(one), name) for one, name in db.session.execute(query.limit(50))]


def satisfaction_of(customer_id: str, limit: int = 20) -> list[SatisfactionView]:
    query = select(Satisfaction).where(Satisfaction.customer_id == customer_id).order_by(Satisfaction.said_on.desc())
    return [
        SatisfactionView(one.id, one.said_on, one.score, one.comment, one.by_name)
        for one in db.session.scalars(query.limit(limit))
    ]


def customer_ids_by_reference(actor: Actor, references: set[str]) -> dict[str, str]:
    """Reference -> id of the organisation's customers, for files that name customers by reference."""
    query = select(Customer.reference, Customer.id).where(
        Customer.organisation_id == actor.organisation_id, Customer.reference.in_(references)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
