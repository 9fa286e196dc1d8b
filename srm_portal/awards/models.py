"""Awards: who gets which lot, why, decided by whom."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, QuantityType, UTCDateTime, Versioned, db


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
    scenario_id: Mapped[str | None] = mapped_column(String(20))
    promise: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    telling: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    drafts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class AwardLine(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "award_line"

    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), index=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    source: Mapped[str] = mapped_column(String(12))
    share: Mapped[Decimal] = mapped_column(QuantityType, default=Decimal(1))
    package: Mapped[str] = mapped_column(String(60), default="")


class AwardTerms(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """Of one project: the rule promised to suppliers, and what is known beside the offers (in the award file's words)."""

    __tablename__ = "award_terms"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    promise: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    known: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AwardScenario(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """One award that could be: what was asked, the award file it became, and the answer with its proof."""

    __tablename__ = "award_scenario"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(120))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    names: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    document: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="solving")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[str] = mapped_column(String(20))
    by_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    solved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SolverRun(Identified, db.Model):  # type: ignore[name-defined, misc]
    """How far the solver is with a scenario, and the best award it has told so far."""

    __tablename__ = "solver_run"
    __housekeeping__ = True

    scenario_id: Mapped[str] = mapped_column(String(20), unique=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AwardLetter(Identified, db.Model):  # type: ignore[name-defined, misc]
    """What one bidder was told of the decision, word for word; written once."""

    __tablename__ = "award_letter"
    __table_args__ = (UniqueConstraint("award_id", "supplier_id"),)

    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DebriefQuestion(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A bidder asks how the offer was judged; the buyer answers them alone."""

    __tablename__ = "debrief_question"

    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(String(200), default="")


class AwardReport(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A kept report: everything it says and the files it was computed from, so that it can be made again."""

    __tablename__ = "award_report"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))
