"""What others may know of customers: views built field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from srm_portal.customers.domain.pipeline import CLOSED, lines_total
from srm_portal.customers.models import (
    CrmTask,
    Customer,
    CustomerContact,
    CustomerLink,
    Interaction,
    Opportunity,
    OpportunityLine,
)


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """The little that other rooms show beside their own facts."""

    id: str
    organisation_id: str
    reference: str
    name: str
    country: str
    city: str
    segment: str
    roles: tuple[str, ...]
    owner_id: str | None


@dataclass(frozen=True, slots=True)
class CustomerView:
    id: str
    organisation_id: str
    reference: str
    name: str
    legal_name: str
    country: str
    city: str
    vat: str
    segment: str
    roles: tuple[str, ...]
    owner_id: str | None
    website: str
    email_domain: str
    note: str
    source: str
    erased_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ContactView:
    id: str
    customer_id: str
    name: str
    email: str
    phone: str
    role: str
    version: int
    consent: str = "unknown"
    consent_at: datetime | None = None
    consent_note: str = ""


@dataclass(frozen=True, slots=True)
class InteractionView:
    id: str
    customer_id: str
    opportunity_id: str | None
    kind: str
    at: datetime
    subject: str
    text: str
    by_name: str
    resolution: str
    resolved_at: datetime | None
    project_id: str | None = None
    supplier_id: str | None = None

    @property
    def is_open(self) -> bool:
        return self.kind == "complaint" and self.resolved_at is None


@dataclass(frozen=True, slots=True)
class TaskView:
    id: str
    customer_id: str
    opportunity_id: str | None
    title: str
    due_on: date | None
    assignee_id: str
    done_at: datetime | None

    def is_late(self, today: date) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class LineView:
    number: int
    title: str
    quantity: Decimal
    unit: str
    price: Decimal | None
    needed_on: date | None


@dataclass(frozen=True, slots=True)
class OpportunityView:
    """`lines` are empty in lists; `lines_total` is None unless every line has a price."""

    id: str
    organisation_id: str
    customer_id: str
    reference: str
    title: str
    description: str
    category: str
    stage: str
    stage_reason: str
    amount: Decimal | None
    currency: str
    probability: int
    expected_on: date | None
    target_margin: Decimal | None
    owner_id: str
    closed_at: datetime | None
    version: int
    lines: tuple[LineView, ...] = ()

    @property
    def is_closed(self) -> bool:
        return self.stage in CLOSED

    @property
    def lines_total(self) -> Decimal | None:
        return lines_total((line.quantity, line.price) for line in self.lines) if self.lines else None


@dataclass(frozen=True, slots=True)
class LinkView:
    kind: str
    object_id: str
    reference: str
    title: str
    path: str
    opportunity_id: str | None
    at: datetime


def card(row: Customer) -> CustomerCard:
    return CustomerCard(
        row.id,
        row.organisation_id,
        row.reference,
        row.name,
        row.country,
        row.city,
        row.segment,
        tuple(row.roles),
        row.owner_id,
    )


def customer(row: Customer) -> CustomerView:
    return CustomerView(
        row.id,
        row.organisation_id,
        row.reference,
        row.name,
        row.legal_name,
        row.country,
        row.city,
        row.vat,
        row.segment,
        tuple(row.roles),
        row.owner_id,
        row.website,
        row.email_domain,
        row.note,
        row.source,
        row.erased_at,
        row.created_at,
        row.version,
    )


def contact(row: CustomerContact) -> ContactView:
    return ContactView(
        row.id,
        row.customer_id,
        row.name,
        row.email,
        row.phone,
        row.role,
        row.version,
        row.consent,
        row.consent_at,
        row.consent_note,
    )


def interaction(row: Interaction) -> InteractionView:
    return InteractionView(
        row.id,
        row.customer_id,
        row.opportunity_id,
        row.kind,
        row.at,
        row.subject,
        row.text,
        row.by_name,
        row.resolution,
        row.resolved_at,
        row.project_id,
        row.supplier_id,
    )


def task(row: CrmTask) -> TaskView:
    return TaskView(row.id, row.customer_id, row.opportunity_id, row.title, row.due_on, row.assignee_id, row.done_at)


def line(row: OpportunityLine) -> LineView:
    return LineView(row.number, row.title, row.quantity, row.unit, row.price, row.needed_on)


def opportunity(row: Opportunity, lines: tuple[LineView, ...] = ()) -> OpportunityView:
    return OpportunityView(
        row.id,
        row.organisation_id,
        row.customer_id,
        row.reference,
        row.title,
        row.description,
        row.category,
        row.stage,
        row.stage_reason,
        row.amount,
        row.currency,
        row.probability,
        row.expected_on,
        row.target_margin,
        row.owner_id,
        row.closed_at,
        row.version,
        lines,
    )


def link(row: CustomerLink) -> LinkView:
    return LinkView(row.kind, row.object_id, row.reference, row.title, row.path, row.opportunity_id, row.at)
