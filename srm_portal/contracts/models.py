"""Contracts, their immutable versions, approval steps and obligations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class Contract(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "contract"
    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("project.id"), index=True)
    award_id: Mapped[str | None] = mapped_column(ForeignKey("award.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    currency: Mapped[str] = mapped_column(String(3))
    value: Mapped[Decimal] = mapped_column(MoneyType)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date, index=True)
    notice_days: Mapped[int] = mapped_column(Integer, default=90)
    owner_id: Mapped[str] = mapped_column(String(20), index=True)
    current_version: Mapped[int] = mapped_column(Integer, default=1)
    signed_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ContractVersion(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One immutable text: clauses and price list with their hash. A change makes the next one."""

    __tablename__ = "contract_version"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    clauses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    prices: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApprovalStep(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "approval_step"
    __table_args__ = (UniqueConstraint("contract_id", "round", "position"),)

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    sha256: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")


class Obligation(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "obligation"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    party: Mapped[str] = mapped_column(String(8))
    due_on: Mapped[date] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date)
