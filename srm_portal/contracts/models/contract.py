"""A contract and its immutable versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class Contract(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """`pen` says which side may change the text; `shared_version` is the newest one the supplier was given.

    `parent_id` and `relation` tie a call-off to its framework and an amendment to what it amends.
    """

    __tablename__ = "contract"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index("ix_contract_organisation_id_ends_on", "organisation_id", "ends_on", "id"),
    )

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("project.id"), index=True)
    award_id: Mapped[str | None] = mapped_column(ForeignKey("award.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("contract.id"), index=True)
    relation: Mapped[str] = mapped_column(String(12), default="")
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(20), default="")
    risk: Mapped[str] = mapped_column(String(8), default="low")
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    pen: Mapped[str] = mapped_column(String(8), default="buyer")
    shared_version: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    value: Mapped[Decimal] = mapped_column(MoneyType)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date, index=True)
    notice_days: Mapped[int] = mapped_column(Integer, default=90)
    notice_on: Mapped[date] = mapped_column(Date, index=True)
    renews_months: Mapped[int] = mapped_column(Integer, default=0)
    sign_first: Mapped[str] = mapped_column(String(8), default="supplier")
    index_name: Mapped[str] = mapped_column(String(120), default="")
    index_base: Mapped[Decimal | None] = mapped_column(MoneyType)
    index_share: Mapped[int] = mapped_column(Integer, default=100)
    index_cap: Mapped[int | None] = mapped_column(Integer)
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
    author_id: Mapped[str] = mapped_column(String(20), index=True)
    author_name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ContractWord(db.Model):  # type: ignore[name-defined, misc]
    """The words of a contract's current text: what the repository's search reads, on every database alike."""

    __tablename__ = "contract_word"

    word: Mapped[str] = mapped_column(
        String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True
    )
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True, index=True)
