"""Customers and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, or_, select

from srm_portal.customers.domain.record import CustomerData
from srm_portal.customers.models import (
    CrmTask,
    Customer,
    CustomerContact,
    CustomerLink,
    Interaction,
    Opportunity,
    SalesOrder,
)
from srm_portal.customers.queries import views
from srm_portal.customers.queries.views import (
    ContactView,
    CustomerCard,
    CustomerView,
    InteractionView,
    LinkView,
    TaskView,
)
from srm_portal.infra.db import db
from srm_portal.infra.once import once_each
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.names import folded, name_key
from srm_portal.kernel.permissions import Actor
from srm_portal.web.paging import Page


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What the list is narrowed to; empty means all."""

    text: str = ""
    segment: str = ""
    role: str = ""
    country: str = ""
    owner_id: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list: the card, open opportunities, open complaints, the last contact."""

    customer: CustomerCard
    opportunities: int
    complaints: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A customer that looks like the one typed; `why`: name, vat, domain."""

    id: str
    reference: str
    name: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderYear:
    """Net value a year in one currency."""

    year: int
    currency: str
    net: Decimal
    orders: int


def visible(actor: Actor) -> Select[Any]:
    """The customers this actor may know of: the organisation's own people see all, suppliers none."""
    query = select(Customer).where(Customer.organisation_id == actor.organisation_id)
    return query.where(Customer.id.is_(None)) if actor.supplier_id else query


def customer_for(actor: Actor, customer_id: str) -> CustomerView:
    row = db.session.get(Customer, customer_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    return views.customer(row)


@once_each
def customers(ids: Iterable[str]) -> dict[str, CustomerCard]:
    """Several customers by id, for rooms that already know they may."""
    found = db.session.scalars(select(Customer).where(Customer.id.in_(list(ids))))
    return {row.id: views.card(row) for row in found}


def search(actor: Actor, wanted: CustomerFilter, page: Page) -> tuple[list[CustomerRow], int]:
    """The page of the list and the number of all that match: four statements whatever the number of rows."""
    query = visible(actor)
    for word in folded(wanted.text).split():
        query = query.where(Customer.search_key.contains(word, autoescape=True))
    if wanted.segment:
        query = query.where(Customer.segment == wanted.segment)
    if wanted.role:
        query = query.where(Customer.role_key.contains(f"|{wanted.role}|", autoescape=True))
    if wanted.country:
        query = query.where(Customer.country == wanted.country)
    if wanted.owner_id:
        query = query.where(Customer.owner_id == wanted.owner_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    columns = {"name": Customer.sort_key, "country": Customer.country, "reference": Customer.reference}
    column = columns.get(wanted.sort.removeprefix("-"), Customer.sort_key)
    ordered = query.order_by(column.desc() if wanted.sort.startswith("-") else column, Customer.sort_key, Customer.id)
    rows = list(db.session.scalars(ordered.limit(page.size).offset(page.offset)))
    return _rows(rows), total


def _rows(rows: list[Customer]) -> list[CustomerRow]:
    ids = [row.id for row in rows]
    open_ones = (
        select(Opportunity.customer_id, func.count())
        .where(Opportunity.customer_id.in_(ids), Opportunity.stage.not_in(("won", "lost")))
        .group_by(Opportunity.customer_id)
    )
    counts = {row[0]: row[1] for row in db.session.execute(open_ones)}
    complaint = (Interaction.kind == "complaint") & Interaction.resolved_at.is_(None)
    said = (
        select(Interaction.customer_id, func.max(Interaction.at), func.count().filter(complaint))
        .where(Interaction.customer_id.in_(ids))
        .group_by(Interaction.customer_id)
    )
    talks = {one: (at, number) for one, at, number in db.session.execute(said)}
    return [
        CustomerRow(
            views.card(row),
            counts.get(row.id, 0),
            talks[row.id][1] if row.id in talks else 0,
            talks[row.id][0].date() if row.id in talks else None,
        )
        for row in rows
    ]


def all_customers(actor: Actor) -> list[CustomerView]:
    """The organisation's customers but those erased, by reference: for keeping other systems in step."""
    query = visible(actor).where(Customer.erased_at.is_(None)).order_by(Customer.reference)
    return [views.customer(row) for row in db.session.scalars(query)]


def customer_references(actor: Actor) -> dict[str, str]:
    """Reference -> id of the customers in `all_customers`."""
    query = visible(actor).where(Customer.erased_at.is_(None)).with_only_columns(Customer.reference, Customer.id)
    return {row.reference: row.id for row in db.session.execute(query)}


def all_contacts(actor: Actor) -> list[ContactView]:
    query = select(CustomerContact).join(Customer, Customer.id == CustomerContact.customer_id)
    query = query.where(Customer.organisation_id == actor.organisation_id, Customer.erased_at.is_(None))
    return [views.contact(row) for row in db.session.scalars(query.order_by(CustomerContact.id))]


def segments(actor: Actor) -> list[str]:
    query = visible(actor).with_only_columns(Customer.segment).where(Customer.segment != "").distinct()
    return list(db.session.scalars(query.order_by(Customer.segment)))


def countries(actor: Actor) -> list[str]:
    query = visible(actor).with_only_columns(Customer.country).distinct().order_by(Customer.country)
    return list(db.session.scalars(query))


def duplicates(organisation_id: str, data: CustomerData, but: str | None = None) -> list[Duplicate]:
    """Customers that share the compared name, the VAT number or the domain with what was typed."""
    keys = {name_key(data.name), name_key(data.legal_name or data.name)}
    tests: list[ColumnElement[bool]] = [Customer.name_key.in_(keys)]
    if data.vat:
        tests.append(Customer.vat == data.vat)
    if data.domain:
        tests.append(Customer.email_domain == data.domain)
    query = select(Customer).where(Customer.organisation_id == organisation_id, or_(*tests)).order_by(Customer.sort_key)
    if but:
        query = query.where(Customer.id != but)
    found = []
    for row in db.session.scalars(query.limit(20)):
        same = {"name": row.name_key in keys, "vat": bool(data.vat) and row.vat == data.vat}
        same["domain"] = bool(data.domain) and row.email_domain == data.domain
        why = tuple(name for name, is_same in same.items() if is_same)
        found.append(Duplicate(row.id, row.reference, row.name, why))
    return found


def contacts(customer_ids: Iterable[str]) -> dict[str, list[ContactView]]:
    """The contacts of several customers, by name; every asked id has its list."""
    found: dict[str, list[ContactView]] = {one: [] for one in customer_ids}
    query = select(CustomerContact).where(CustomerContact.customer_id.in_(list(found)))
    for row in db.session.scalars(query.order_by(CustomerContact.name)):
        found[row.customer_id].append(views.contact(row))
    return found


def contact_for(actor: Actor, contact_id: str) -> ContactView:
    row = db.session.get(CustomerContact, contact_id)
    if row is None:
        raise NotFound
    customer_for(actor, row.customer_id)
    return views.contact(row)


def interactions(customer_id: str, limit: int = 50) -> list[InteractionView]:
    """What was said, newest first."""
    query = select(Interaction).where(Interaction.customer_id == customer_id).order_by(Interaction.at.desc())
    return [views.interaction(row) for row in db.session.scalars(query.limit(limit))]


def interactions_about(opportunity_id: str, limit: int = 50) -> list[InteractionView]:
    query = select(Interaction).where(Interaction.opportunity_id == opportunity_id).order_by(Interaction.at.desc())
    return [views.interaction(row) for row in db.session.scalars(query.limit(limit))]


def interaction_for(actor: Actor, interaction_id: str) -> InteractionView:
    row = db.session.get(Interaction, interaction_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    return views.interaction(row)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint about something a supplier delivered, for the supplier's record."""

    id: str
    customer_id: str
    customer: str
    project_id: str | None
    subject: str
    at: datetime
    resolution: str
    resolved_at: datetime | None


def complaints_about(organisation_id: str, supplier_id: str, limit: int = 50) -> list[Complaint]:
    """What customers complained of about this supplier's deliveries, newest first."""
    query = (
        select(Interaction, Customer.name)
        .join(Customer, Customer.id == Interaction.customer_id)
        .where(
            Interaction.organisation_id == organisation_id,
            Interaction.supplier_id == supplier_id,
            Interaction.kind == "complaint",
        )
        .order_by(Interaction.at.desc(), Interaction.id)
    )
    return [
        Complaint(row.id, row.customer_id, name, row.project_id, row.subject, row.at, row.resolution, row.resolved_at)
        for row, name in db.session.execute(query.limit(limit))
    ]


def open_complaints(actor: Actor) -> int:
    query = select(func.count()).select_from(Interaction)
    query = query.where(
        Interaction.organisation_id == actor.organisation_id,
        Interaction.kind == "complaint",
        Interaction.resolved_at.is_(None),
    )
    return db.session.scalar(query) or 0


def tasks(customer_id: str, limit: int = 50) -> list[TaskView]:
    """Open tasks first, by day; then those done, newest first."""
    query = select(CrmTask).where(CrmTask.customer_id == customer_id)
    ordered = query.order_by(
        CrmTask.done_at.is_not(None), CrmTask.due_on.nulls_last(), CrmTask.done_at.desc(), CrmTask.id
    )
    return [views.task(row) for row in db.session.scalars(ordered.limit(limit))]


def task_for(actor: Actor, task_id: str) -> TaskView:
    row = db.session.get(CrmTask, task_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    return views.task(row)


def my_tasks(actor: Actor, limit: int = 20) -> list[tuple[TaskView, CustomerCard]]:
    """What this person has to do for customers, the most urgent first."""
    query = (
        select(CrmTask, Customer)
        .join(Customer, Customer.id == CrmTask.customer_id)
        .where(
            CrmTask.organisation_id == actor.organisation_id,
            CrmTask.assignee_id == actor.user_id,
            CrmTask.done_at.is_(None),
        )
        .order_by(CrmTask.due_on.nulls_last(), CrmTask.created_at)
        .limit(limit)
    )
    return [(views.task(task), views.card(customer)) for task, customer in db.session.execute(query)]


def links(customer_id: str) -> list[LinkView]:
    """Needs and awards made for this customer, newest first."""
    query = select(CustomerLink).where(CustomerLink.customer_id == customer_id).order_by(CustomerLink.at.desc())
    return [views.link(row) for row in db.session.scalars(query)]


def order_years(customer_id: str) -> list[OrderYear]:
    """Net order value by year and currency, newest first."""
    year = extract("year", SalesOrder.ordered_on)
    query = (
        select(year, SalesOrder.currency, func.sum(SalesOrder.net), func.count(SalesOrder.number.distinct()))
        .where(SalesOrder.customer_id == customer_id)
        .group_by(year, SalesOrder.currency)
        .order_by(year.desc(), SalesOrder.currency)
    )
    return [OrderYear(int(one), currency, net, number) for one, currency, net, number in db.session.execute(query)]
