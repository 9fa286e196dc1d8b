"""Awards: who gets which lot, why, decided by whom."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class Award(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "award"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    basis: Mapped[str] = mapped_column(String(12), default="offers")
    currency: Mapped[str] = mapped_column(String(3))
    value: Mapped[Decimal] = mapped_column(MoneyType)
    baseline: Mapped[Decimal | None] = mapped_column(MoneyType)
    justification: Mapped[str] = mapped_column(Text)
    standstill_days: Mapped[int] = mapped_column(Integer, default=10)
    standstill_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    proposed_by: Mapped[str] = mapped_column(String(20))
    proposed_by_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AwardLine(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "award_line"

    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    source: Mapped[str] = mapped_column(String(12))
