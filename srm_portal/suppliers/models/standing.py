"""How suppliers do: deliveries, surveys, improvement plans, risk flags, and what a category means to the house."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, QuantityType, UTCDateTime, Versioned, db


class Delivery(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One order line as the goods office saw it."""

    __tablename__ = "supplier_delivery"
    __table_args__ = (
        UniqueConstraint("supplier_id", "order_number", "line"),
        Index("ix_supplier_delivery_due", "organisation_id", "due_on"),
    )

    organisation_id: Mapped[str] = mapped_column(String(20))
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    order_number: Mapped[str] = mapped_column(String(60))
    line: Mapped[str] = mapped_column(String(20), default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    due_on: Mapped[date] = mapped_column(Date)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    ordered: Mapped[Decimal] = mapped_column(QuantityType)
    received: Mapped[Decimal] = mapped_column(QuantityType)
    rejected: Mapped[Decimal] = mapped_column(QuantityType)
    amount: Mapped[Decimal | None] = mapped_column(MoneyType)
    currency: Mapped[str] = mapped_column(String(3), default="")
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Survey(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One colleague asked how a supplier did in a period; marks 1..5 by dimension once answered."""

    __tablename__ = "supplier_survey"
    __table_args__ = (UniqueConstraint("supplier_id", "period", "user_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    period: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[str] = mapped_column(String(20), index=True)
    user_name: Mapped[str] = mapped_column(String(200))
    marks: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    comment: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ImprovementPlan(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """What buyer and supplier agreed to make better, until when, and what came of it."""

    __tablename__ = "improvement_plan"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    dimension: Mapped[str] = mapped_column(String(20))
    target: Mapped[int | None] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    result: Mapped[str] = mapped_column(Text, default="")
    created_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PlanTask(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One step of a plan, for one of the two sides."""

    __tablename__ = "plan_task"

    plan_id: Mapped[str] = mapped_column(ForeignKey("improvement_plan.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    side: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class RiskFlag(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Something that may go wrong with a supplier: what, how bad, since when, and where it is written."""

    __tablename__ = "risk_flag"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(500))
    seen_on: Mapped[date] = mapped_column(Date)
    review_on: Mapped[date | None] = mapped_column(Date)
    raised_name: Mapped[str] = mapped_column(String(200))
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_name: Mapped[str] = mapped_column(String(200), default="")
    closed_reason: Mapped[str] = mapped_column(Text, default="")


class CategoryRating(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """What only people know of a category: factors of supply risk and of impact, 1 to 5."""

    __tablename__ = "category_rating"
    __table_args__ = (UniqueConstraint("organisation_id", "category"),)

    organisation_id: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))
    factors: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    quadrant: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    rated_name: Mapped[str] = mapped_column(String(200))
    rated_at: Mapped[datetime] = mapped_column(UTCDateTime)
