"""Customers, their people, what was said and asked for, what they ordered."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, QuantityType, UTCDateTime, Versioned, db


class Customer(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A company (or person) that buys, may buy, or is a partner. `erased_at`: personal data was taken out."""

    __tablename__ = "customer"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index("ix_customer_organisation_name", "organisation_id", "sort_key"),
    )

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), index=True)
    city: Mapped[str] = mapped_column(String(100), default="")
    vat: Mapped[str] = mapped_column(String(30), default="", index=True)
    segment: Mapped[str] = mapped_column(String(60), default="", index=True)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    role_key: Mapped[str] = mapped_column(String(60), default="")
    owner_id: Mapped[str | None] = mapped_column(String(20), index=True)
    website: Mapped[str] = mapped_column(String(200), default="")
    email_domain: Mapped[str] = mapped_column(String(200), default="", index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(120), default="typed")
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CustomerContact(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A person at the customer. `consent`: whether they let us write to them about offers; asked, given or withdrawn."""

    __tablename__ = "customer_contact"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(100), default="")
    consent: Mapped[str] = mapped_column(String(12), default="unknown")
    consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consent_note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Interaction(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Something said or done with the customer. A complaint stays open until somebody says how it ended.

    A complaint about something delivered names the project it was bought in and the supplier who delivered it.
    """

    __tablename__ = "interaction"
    __table_args__ = (Index("ix_interaction_customer_at", "customer_id", "at"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    opportunity_id: Mapped[str | None] = mapped_column(ForeignKey("opportunity.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[str] = mapped_column(String(20))
    by_name: Mapped[str] = mapped_column(String(200))
    project_id: Mapped[str | None] = mapped_column(String(20))
    supplier_id: Mapped[str | None] = mapped_column(String(20), index=True)
    resolution: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CrmTask(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Something somebody has to do for a customer by a day."""

    __tablename__ = "crm_task"
    __table_args__ = (Index("ix_crm_task_assignee", "assignee_id", "done_at"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    opportunity_id: Mapped[str | None] = mapped_column(ForeignKey("opportunity.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date | None] = mapped_column(Date)
    assignee_id: Mapped[str] = mapped_column(String(20))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Opportunity(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """Something a customer may buy. `target_margin` is in percent of the customer's price."""

    __tablename__ = "opportunity"
    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    stage: Mapped[str] = mapped_column(String(12), default="lead", index=True)
    stage_reason: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[Decimal | None] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(String(3))
    probability: Mapped[int] = mapped_column(Integer, default=10)
    expected_on: Mapped[date | None] = mapped_column(Date)
    target_margin: Mapped[Decimal | None] = mapped_column(QuantityType)
    owner_id: Mapped[str] = mapped_column(String(20), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OpportunityMove(Identified, db.Model):  # type: ignore[name-defined, misc]
    """An opportunity entered a stage: what the funnel and the time in each stage are counted from."""

    __tablename__ = "opportunity_move"
    __table_args__ = (Index("ix_opportunity_move_organisation_at", "organisation_id", "at"),)

    organisation_id: Mapped[str] = mapped_column(String(20))
    opportunity_id: Mapped[str] = mapped_column(ForeignKey("opportunity.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class OpportunityLine(Identified, db.Model):  # type: ignore[name-defined, misc]
    """What is asked for; `price` is what the customer would pay a unit."""

    __tablename__ = "opportunity_line"
    __table_args__ = (UniqueConstraint("opportunity_id", "number"),)

    opportunity_id: Mapped[str] = mapped_column(ForeignKey("opportunity.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[Decimal] = mapped_column(QuantityType)
    unit: Mapped[str] = mapped_column(String(8))
    price: Mapped[Decimal | None] = mapped_column(MoneyType)
    needed_on: Mapped[date | None] = mapped_column(Date)


class SalesOrder(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One line of what was sold: the facts that analysis counts. `net` is the value without tax."""

    __tablename__ = "sales_order"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number", "line"),
        Index("ix_sales_order_customer_on", "customer_id", "ordered_on"),
        Index("ix_sales_order_organisation_on", "organisation_id", "currency", "ordered_on"),
    )

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    number: Mapped[str] = mapped_column(String(60))
    line: Mapped[int] = mapped_column(Integer, default=1)
    ordered_on: Mapped[date] = mapped_column(Date)
    product: Mapped[str] = mapped_column(String(200), default="")
    quantity: Mapped[Decimal | None] = mapped_column(QuantityType)
    unit: Mapped[str] = mapped_column(String(8), default="C62")
    needed_on: Mapped[date | None] = mapped_column(Date)
    net: Mapped[Decimal] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(120), default="typed")


class CustomerLink(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The way back from a need or an award to the customer it is for."""

    __tablename__ = "customer_link"
    __table_args__ = (UniqueConstraint("customer_id", "kind", "object_id"),)

    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    opportunity_id: Mapped[str | None] = mapped_column(ForeignKey("opportunity.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SalesQuote(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A quotation given to a customer, typed or imported as a fact."""

    __tablename__ = "sales_quote"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300), default="")
    quoted_on: Mapped[date] = mapped_column(Date)
    valid_until_on: Mapped[date | None] = mapped_column(Date)
    net: Mapped[Decimal] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(12), default="open")
    source: Mapped[str] = mapped_column(String(120), default="typed")


class SaleContract(Identified, db.Model):  # type: ignore[name-defined, misc]
    """What was agreed with a customer for a time: from when to when, and how long before its end notice is given."""

    __tablename__ = "sale_contract"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    notice_days: Mapped[int] = mapped_column(Integer, default=0)
    value: Mapped[Decimal | None] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(120), default="typed")


class Satisfaction(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One answer to "would you recommend us?", 0 to 10."""

    __tablename__ = "satisfaction"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    said_on: Mapped[date] = mapped_column(Date)
    score: Mapped[int] = mapped_column(Integer)
    comment: Mapped[str] = mapped_column(Text, default="")
    by_name: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(120), default="typed")
