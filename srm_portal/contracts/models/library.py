"""The organisation's own clauses and document templates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class LibraryClause(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A clause by its key, and the rule that says when a contract needs it."""

    __tablename__ = "library_clause"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer)
    kinds: Mapped[list[Any]] = mapped_column(JSON)
    value_from: Mapped[Decimal] = mapped_column(MoneyType)
    category: Mapped[str] = mapped_column(String(20), default="")
    risk: Mapped[str] = mapped_column(String(8), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class LibraryText(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One immutable wording: language, variant (standard, alternative, fallback) and version."""

    __tablename__ = "library_text"
    __table_args__ = (UniqueConstraint("organisation_id", "key", "language", "variant", "number"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    key: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    variant: Mapped[str] = mapped_column(String(12))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ContractTemplate(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A Word template that passed a trial filling in the sandbox."""

    __tablename__ = "contract_template"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    file_id: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    author_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
