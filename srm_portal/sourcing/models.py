"""Projects, lots, lines, stage history, RFx events, questions and amendments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, QuantityType, UTCDateTime, Versioned, db


class Project(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A sourcing project: one need carried through the six steps."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[str] = mapped_column(String(16), default="need", index=True)
    need_state: Mapped[str] = mapped_column(String(12), default="draft")
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    archived: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[str] = mapped_column(String(20), index=True)
    requester_id: Mapped[str] = mapped_column(String(20), index=True)
    category: Mapped[str] = mapped_column(String(20), default="")
    product: Mapped[str] = mapped_column(String(300), default="")
    market: Mapped[str] = mapped_column(String(300), default="")
    strategic_aim: Mapped[str] = mapped_column(Text, default="")
    sector: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    engagement: Mapped[str] = mapped_column(String(16), default="purchase")
    currency: Mapped[str] = mapped_column(String(3))
    budget: Mapped[Decimal | None] = mapped_column(MoneyType)
    baseline: Mapped[Decimal | None] = mapped_column(MoneyType)
    needed_on: Mapped[date | None] = mapped_column(Date)
    customer_id: Mapped[str | None] = mapped_column(String(20), index=True)
    opportunity_id: Mapped[str | None] = mapped_column(String(20), index=True)
    customer_price: Mapped[Decimal | None] = mapped_column(MoneyType)
    target_margin: Mapped[Decimal | None] = mapped_column(QuantityType)
    source_id: Mapped[str | None] = mapped_column(String(120), index=True)
    source: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Lot(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")


class Line(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One line item. Money is per unit, in the project's currency."""

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal] = mapped_column(QuantityType)
    unit: Mapped[str] = mapped_column(String(8))
    target_price: Mapped[Decimal | None] = mapped_column(MoneyType)
    baseline_price: Mapped[Decimal | None] = mapped_column(MoneyType)
    needed_on: Mapped[date | None] = mapped_column(Date)


class StageMove(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The history of the steps: passed and reopened, by whom, why."""

    __tablename__ = "stage_move"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(16))
    act: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[str] = mapped_column(String(20))
    by_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")


class Event(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """An RFx event: what suppliers are asked, until when, under which sealing.

    `rates`: other currencies that offers may be made in, as `domain.rates` reads them.
    """

    __tablename__ = "rfx_event"
    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    level: Mapped[str] = mapped_column(String(2), default="S1")
    envelopes: Mapped[str] = mapped_column(String(6), default="single")
    instructions: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    currency: Mapped[str] = mapped_column(String(3))
    rates: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    payment_days: Mapped[int | None] = mapped_column(Integer)
    validity_days: Mapped[int] = mapped_column(Integer, default=90)
    deadline_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    questions_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by: Mapped[str | None] = mapped_column(String(20))
    publication: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    publication_sha256: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Clarification(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A supplier's question and the buyer's answer; others never see who asked."""

    __tablename__ = "clarification"

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(String(20), index=True)
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(20))
    to_all: Mapped[bool] = mapped_column(default=True)


class Amendment(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A change of a published event, numbered and told to everyone invited.

    `changes`: what differs, line by line; `before`: the publication as it was; `confirm`: offers that were handed in
    before must be confirmed to count.
    """

    __tablename__ = "amendment"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    deadline_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deadline_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirm: Mapped[bool] = mapped_column(default=False)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))
