"""Suppliers, their contacts, what they are approved for and how they perform; the category tree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, Versioned, db


class Category(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One code of a public vocabulary; the same for every organisation. `labels`: language -> text."""

    __tablename__ = "category"

    scheme: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    parent: Mapped[str] = mapped_column(String(20), default="", index=True)
    level: Mapped[int] = mapped_column(Integer, default=1)
    labels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class Supplier(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A company that may supply. Keys are folded copies for comparing and searching."""

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index("ix_supplier_organisation_name", "organisation_id", "sort_key"),
    )

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), index=True)
    region: Mapped[str] = mapped_column(String(60), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[int | None] = mapped_column(Integer)
    longitude: Mapped[int | None] = mapped_column(Integer)
    vat: Mapped[str] = mapped_column(String(30), default="", index=True)
    lei: Mapped[str] = mapped_column(String(30), default="")
    registration_number: Mapped[str] = mapped_column(String(60), default="")
    iban_sealed: Mapped[str] = mapped_column(String(400), default="")
    iban_masked: Mapped[str] = mapped_column(String(50), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    email_domain: Mapped[str] = mapped_column(String(200), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="prospect")
    state_reason: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[int | None] = mapped_column(Integer)
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(120), default="typed")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SupplierCategory(Identified, db.Model):  # type: ignore[name-defined, misc]
    """What the company says it supplies."""

    __tablename__ = "supplier_category"
    __table_args__ = (UniqueConstraint("supplier_id", "code"),)

    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), index=True)


class SupplierRegion(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Where the company delivers."""

    __tablename__ = "supplier_region"
    __table_args__ = (UniqueConstraint("supplier_id", "region"),)

    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    region: Mapped[str] = mapped_column(String(60))


class SupplierContact(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A person at the supplier; `user_id` once they may sign in."""

    __tablename__ = "supplier_contact"
    __table_args__ = (UniqueConstraint("supplier_id", "email_key"),)

    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(100), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    user_id: Mapped[str | None] = mapped_column(String(20), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Qualification(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """One cell of the qualification matrix. A later decision on the same cell supersedes the earlier row."""

    __tablename__ = "qualification"
    __table_args__ = (Index("ix_qualification_category", "organisation_id", "category", "status"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    category: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(60), default="")
    business_unit: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(16), default="applied")
    score: Mapped[int | None] = mapped_column(Integer)
    scores: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    valid_from_on: Mapped[date | None] = mapped_column(Date)
    valid_until_on: Mapped[date | None] = mapped_column(Date)
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    superseded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Performance(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Marks of one period, 0..100; `overall` by the weights of the day. `facts`: what the marks were made of."""

    __tablename__ = "performance"
    __table_args__ = (UniqueConstraint("supplier_id", "period"),)

    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    period: Mapped[str] = mapped_column(String(8))
    quality: Mapped[int | None] = mapped_column(Integer)
    delivery: Mapped[int | None] = mapped_column(Integer)
    cost: Mapped[int | None] = mapped_column(Integer)
    responsiveness: Mapped[int | None] = mapped_column(Integer)
    sustainability: Mapped[int | None] = mapped_column(Integer)
    overall: Mapped[int] = mapped_column(Integer)
    facts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(120), default="typed")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
