"""Opportunities, and the analysis of what was sold and what may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from srm_portal.customers.domain.abc import AbcRow, classify
from srm_portal.customers.domain.pipeline import OPEN, StageValue, by_stage
from srm_portal.customers.models import Customer, CustomerLink, Opportunity, OpportunityLine, SalesOrder
from srm_portal.customers.queries import views
from srm_portal.customers.queries.records import visible
from srm_portal.customers.queries.views import CustomerCard, LineView, LinkView, OpportunityView
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.names import folded
from srm_portal.kernel.permissions import Actor
from srm_portal.web.paging import Page


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    opportunity: OpportunityView
    customer: CustomerCard


@dataclass(frozen=True, slots=True)
class AbcLine:
    customer: CustomerCard
    row: AbcRow


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Open opportunities in one currency; `without_amount` and `other_currencies` say what is not in the sums."""

    currency: str
    stages: tuple[StageValue, ...]
    without_amount: int
    other_currencies: int

    @property
    def amount(self) -> Decimal:
        return sum((one.amount for one in self.stages), Decimal(0))

    @property
    def weighted(self) -> Decimal:
        return sum((one.weighted for one in self.stages), Decimal(0))


def _with_lines(row: Opportunity) -> OpportunityView:
    query = select(OpportunityLine).where(OpportunityLine.opportunity_id == row.id).order_by(OpportunityLine.number)
    return views.opportunity(row, tuple(views.line(line) for line in db.session.scalars(query)))


def opportunity(opportunity_id: str) -> OpportunityView | None:
    """With its lines, for rooms that already know they may."""
    row = db.session.get(Opportunity, opportunity_id)
    return _with_lines(row) if row is not None else None


def opportunity_for(actor: Actor, opportunity_id: str) -> OpportunityView:
    row = db.session.get(Opportunity, opportunity_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    return _with_lines(row)


def opportunities_of(customer_id: str) -> list[OpportunityView]:
    """Open ones first, by expected day."""
    query = select(Opportunity).where(Opportunity.customer_id == customer_id)
    ordered = query.order_by(
        Opportunity.stage.in_(("won", "lost")), Opportunity.expected_on.nulls_last(), Opportunity.reference
    )
    return [views.opportunity(row) for row in db.session.scalars(ordered)]


def all_opportunities(actor: Actor) -> list[OpportunityView]:
    """The organisation's opportunities with their lines, by reference: for keeping other systems in step."""
    own = select(Opportunity).join(Customer, Customer.id == Opportunity.customer_id)
    own = own.where(Opportunity.organisation_id == actor.organisation_id, Customer.erased_at.is_(None))
    lines: dict[str, list[LineView]] = defaultdict(list)
    query = select(OpportunityLine).join(Opportunity, Opportunity.id == OpportunityLine.opportunity_id)
    query = query.where(Opportunity.organisation_id == actor.organisation_id)
    for row in db.session.scalars(query.order_by(OpportunityLine.number)):
        lines[row.opportunity_id].append(views.line(row))
    found = db.session.scalars(own.order_by(Opportunity.reference))
    return [views.opportunity(row, tuple(lines[row.id])) for row in found]


def opportunity_references(actor: Actor) -> dict[str, str]:
    """Reference -> id of the opportunities in `all_opportunities`."""
    query = select(Opportunity.reference, Opportunity.id).join(Customer, Customer.id == Opportunity.customer_id)
    query = query.where(Opportunity.organisation_id == actor.organisation_id, Customer.erased_at.is_(None))
    return {row.reference: row.id for row in db.session.execute(query)}


def opportunities(actor: Actor, *, text: str = "", stage: str = "", page: Page) -> tuple[list[OpportunityRow], int]:
    """The organisation's opportunities; without `stage` the open ones."""
    query = (
        select(Opportunity, Customer)
        .join(Customer, Customer.id == Opportunity.customer_id)
        .where(Opportunity.organisation_id == actor.organisation_id)
        .where(Opportunity.stage == stage if stage else Opportunity.stage.in_(OPEN))
    )
    for word in folded(text).split():
        found = func.lower(Opportunity.title).contains(word, autoescape=True)
        found |= func.lower(Opportunity.reference).contains(word, autoescape=True)
        query = query.where(found | Customer.search_key.contains(word, autoescape=True))
    counted = query.with_only_columns(Opportunity.id).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    ordered = query.order_by(Opportunity.expected_on.nulls_last(), Opportunity.reference)
    rows = db.session.execute(ordered.limit(page.size).offset(page.offset))
    return [OpportunityRow(views.opportunity(one), views.card(customer)) for one, customer in rows], total


def links_of_opportunity(opportunity_id: str) -> list[LinkView]:
    query = select(CustomerLink).where(CustomerLink.opportunity_id == opportunity_id).order_by(CustomerLink.at.desc())
    return [views.link(row) for row in db.session.scalars(query)]


@dataclass(frozen=True, slots=True)
class Origin:
    """For whom something is bought, and the opportunity it began with."""

    customer_id: str
    customer: str
    opportunity_id: str | None
    opportunity: str


def origin(organisation_id: str, customer_id: str, opportunity_id: str | None) -> Origin | None:
    """In one read; None when the customer is not of this organisation."""
    query = select(Customer.id, Customer.name, Opportunity.id, Opportunity.reference).outerjoin(
        Opportunity, (Opportunity.customer_id == Customer.id) & (Opportunity.id == opportunity_id)
    )
    row = db.session.execute(
        query.where(Customer.id == customer_id, Customer.organisation_id == organisation_id)
    ).first()
    return Origin(row[0], row[1], row[2], row[3] or "") if row is not None else None


def opportunity_names(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """id -> (reference, title), for rooms that already know they may."""
    query = select(Opportunity.id, Opportunity.reference, Opportunity.title).where(Opportunity.id.in_(list(ids)))
    return {one: (reference, title) for one, reference, title in db.session.execute(query)}


def abc(actor: Actor, currency: str, since: date) -> list[AbcLine]:
    """Customers by net order value since a day in one currency, graded (see `domain/abc`)."""
    query = (
        select(Customer, func.sum(SalesOrder.net))
        .join(SalesOrder, SalesOrder.customer_id == Customer.id)
        .where(
            Customer.organisation_id == actor.organisation_id,
            SalesOrder.currency == currency,
            SalesOrder.ordered_on >= since,
        )
        .group_by(Customer.id)
    )
    cards: dict[str, CustomerCard] = {}
    values: dict[str, Decimal] = {}
    for customer, net in db.session.execute(query):
        cards[customer.id], values[customer.id] = views.card(customer), net
    return [AbcLine(cards[row.key], row) for row in classify(values)]


def order_currencies(actor: Actor) -> list[str]:
    query = select(SalesOrder.currency).where(SalesOrder.organisation_id == actor.organisation_id).distinct()
    return list(db.session.scalars(query.order_by(SalesOrder.currency)))


def pipeline(actor: Actor, currency: str) -> Pipeline:
    query = select(Opportunity.stage, Opportunity.amount, Opportunity.probability, Opportunity.currency).where(
        Opportunity.organisation_id == actor.organisation_id, Opportunity.stage.in_(OPEN)
    )
    rows = list(db.session.execute(query))
    counted = [
        (stage, amount, chance) for stage, amount, chance, unit in rows if amount is not None and unit == currency
    ]
    return Pipeline(
        currency,
        tuple(by_stage(counted)),
        sum(amount is None for _stage, amount, _chance, _unit in rows),
        sum(amount is not None and unit != currency for _stage, amount, _chance, unit in rows),
    )


def customers_count(actor: Actor) -> int:
    return db.session.scalar(select(func.count()).select_from(visible(actor).subquery())) or 0
