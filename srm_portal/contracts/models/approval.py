"""Who has to approve, who did, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, db


class ApprovalRule(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One line of the organisation's route. Without any line the built-in route holds."""

    __tablename__ = "approval_rule"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    stage: Mapped[int] = mapped_column(Integer)
    purpose: Mapped[str] = mapped_column(String(80))
    value_from: Mapped[Decimal] = mapped_column(MoneyType)
    category: Mapped[str] = mapped_column(String(20), default="")
    risk: Mapped[str] = mapped_column(String(8), default="")
    deviations: Mapped[bool] = mapped_column(Boolean, default=False)
    needed: Mapped[int] = mapped_column(Integer, default=1)
    people: Mapped[list[Any]] = mapped_column(JSON, default=list)


class ApprovalStep(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One step of a round. Steps of one `stage` run side by side; `needed` people take it."""

    __tablename__ = "approval_step"
    __table_args__ = (UniqueConstraint("contract_id", "round", "position"),)

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    stage: Mapped[int] = mapped_column(Integer, default=1)
    purpose: Mapped[str] = mapped_column(String(80))
    needed: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(12), default="later", index=True)
    escalated: Mapped[bool] = mapped_column(Boolean, default=False)
    sha256: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")


class ApprovalSeat(db.Model):  # type: ignore[name-defined, misc]
    """A person named for a step; a step without seats is open to every manager whose limit covers the value."""

    __tablename__ = "approval_seat"

    step_id: Mapped[str] = mapped_column(ForeignKey("approval_step.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(20), primary_key=True, index=True)


class ApprovalDecision(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One person's word on one step, bound to the content's hash; `on_behalf_of` when it was delegated."""

    __tablename__ = "approval_decision"
    __table_args__ = (UniqueConstraint("step_id", "decided_by"),)

    step_id: Mapped[str] = mapped_column(ForeignKey("approval_step.id"), index=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    decided_by: Mapped[str] = mapped_column(String(20), index=True)
    decided_by_name: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(String(20), index=True)
    on_behalf_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Delegation(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A manager lends their authority for some days. `limit` is what they had then; the lower one holds."""

    __tablename__ = "approval_delegation"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    from_id: Mapped[str] = mapped_column(String(20), index=True)
    from_name: Mapped[str] = mapped_column(String(200))
    to_id: Mapped[str] = mapped_column(String(20), index=True)
    to_name: Mapped[str] = mapped_column(String(200))
    limit: Mapped[Decimal] = mapped_column(MoneyType)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
