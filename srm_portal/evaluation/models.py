"""Criteria, evaluators, marks, and kept ranking runs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, QuantityType, UTCDateTime, db


class Criterion(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "criterion"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    group: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(12))
    envelope: Mapped[str] = mapped_column(String(12), default="technical")
    weight: Mapped[Decimal] = mapped_column(QuantityType)
    worst: Mapped[Decimal | None] = mapped_column(MoneyType)
    best: Mapped[Decimal | None] = mapped_column(MoneyType)
    scale: Mapped[Decimal] = mapped_column(QuantityType, default=Decimal(5))
    options: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    minimum: Mapped[Decimal | None] = mapped_column(QuantityType)
    must: Mapped[bool] = mapped_column(default=False)
    formula: Mapped[str] = mapped_column(String(24), default="")
    points: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    bend: Mapped[Decimal | None] = mapped_column(QuantityType)
    ideal: Mapped[Decimal | None] = mapped_column(QuantityType)
    years: Mapped[int] = mapped_column(Integer, default=0)
    rate: Mapped[Decimal] = mapped_column(QuantityType, default=Decimal(0))


class Plan(Identified, db.Model):  # type: ignore[name-defined, misc]
    """How a project is evaluated, fixed with its criteria; and whether the technical marks are locked."""

    __tablename__ = "evaluation_plan"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    told: Mapped[str] = mapped_column(String(8), default="full")
    blind: Mapped[bool] = mapped_column(default=False)
    rule: Mapped[str] = mapped_column(String(8), default="mean")
    comments: Mapped[str] = mapped_column(String(8), default="ends")
    ties: Mapped[list[str]] = mapped_column(JSON, default=list)
    group_minimums: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_by: Mapped[str] = mapped_column(String(200), default="")


class WeightsFound(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Weights that were worked out: the question, the answers, and what came of them, as a scoring file."""

    __tablename__ = "weights_found"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), default="")
    method: Mapped[str] = mapped_column(String(12))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))


class CriteriaTemplate(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Criteria kept under a name, to start other projects from."""

    __tablename__ = "criteria_template"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(120))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))


class Evaluator(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Somebody who marks the offers of a project, which criteria (all where none are listed), and how far they are.

    `recused`: the suppliers with whom they have a conflict of interest; they mark the others.
    """

    __tablename__ = "evaluator"
    __table_args__ = (UniqueConstraint("project_id", "user_id"),)

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    user_id: Mapped[str] = mapped_column(String(20), index=True)
    state: Mapped[str] = mapped_column(String(12), default="open")
    voice: Mapped[Decimal] = mapped_column(QuantityType, default=Decimal(1))
    criteria: Mapped[list[str]] = mapped_column(JSON, default=list)
    conflict: Mapped[str] = mapped_column(Text, default="")
    recused: Mapped[list[str]] = mapped_column(JSON, default=list)
    declared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Mark(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("evaluator_id", "criterion_id", "supplier_id"),)

    evaluator_id: Mapped[str] = mapped_column(ForeignKey("evaluator.id"), index=True)
    criterion_id: Mapped[str] = mapped_column(ForeignKey("criterion.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"))
    points: Mapped[Decimal] = mapped_column(QuantityType)
    comment: Mapped[str] = mapped_column(Text, default="")


class Consensus(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A moderated mark that replaces the mean; the single marks stay."""

    __tablename__ = "consensus"
    __table_args__ = (UniqueConstraint("criterion_id", "supplier_id"),)

    criterion_id: Mapped[str] = mapped_column(ForeignKey("criterion.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"))
    points: Mapped[Decimal] = mapped_column(QuantityType)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))


class ScoreRun(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One ranking with its whole input: running the kept document again gives the same bytes.

    `criteria` are the ids of the matrix's columns. `facts`: what the rule for ties looked at, when the technical
    marks were locked, and who would be first without each evaluator.
    """

    __tablename__ = "score_run"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    suppliers: Mapped[list[str]] = mapped_column(JSON)
    criteria: Mapped[list[str]] = mapped_column(JSON)
    missing: Mapped[list[list[str]]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))


class Recommendation(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "recommendation"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("score_run.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[str] = mapped_column(String(20))
    by_name: Mapped[str] = mapped_column(String(200))
