"""How companies come in: registrations, bank accounts behind a second look, certificates, questionnaires."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, Versioned, db


class SupplierSettings(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """What an organisation has decided about its suppliers: who may register, weights, limits at invitation."""

    __tablename__ = "supplier_settings"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), unique=True)
    registration_open: Mapped[bool] = mapped_column(Boolean, default=False)
    welcome: Mapped[str] = mapped_column(Text, default="")
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    gates: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Registration(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A company on its way in: registered by itself (with a link by mail) or proposed by somebody inside.

    `data` holds what was typed about it; the account number is sealed beside it.
    """

    __tablename__ = "supplier_registration"
    __table_args__ = (
        Index("ix_supplier_registration_state", "organisation_id", "state"),
        Index("ix_supplier_registration_email", "organisation_id", "email_key"),
    )

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    origin: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    email_key: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    iban_sealed: Mapped[str] = mapped_column(String(400), default="")
    iban_masked: Mapped[str] = mapped_column(String(50), default="")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    proposed_by: Mapped[str | None] = mapped_column(String(20), index=True)
    proposed_name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    supplier_id: Mapped[str | None] = mapped_column(String(20))


class BankAccount(Identified, db.Model):  # type: ignore[name-defined, misc]
    """An account number that somebody named; it counts once another person has confirmed it."""

    __tablename__ = "supplier_bank_account"

    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    iban_sealed: Mapped[str] = mapped_column(String(400))
    iban_masked: Mapped[str] = mapped_column(String(50), index=True)
    holder: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    by_supplier: Mapped[bool] = mapped_column(Boolean, default=False)
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    evidence: Mapped[str] = mapped_column(Text, default="")


class Certificate(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A paper with an end: claimed by the supplier or typed by the buyer, then checked against its file."""

    __tablename__ = "supplier_certificate"

    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    kind: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(100), default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    valid_until_on: Mapped[date | None] = mapped_column(Date, index=True)
    state: Mapped[str] = mapped_column(String(12), default="claimed")
    added_by: Mapped[str] = mapped_column(String(20))
    added_name: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_name: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")


class Questionnaire(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """One numbered edition of a questionnaire. A published edition never changes; a new one takes its place."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("family_id", "edition"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    family_id: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class QuestionnaireAnswer(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """One edition in the hands of one company, registered or registering."""

    __tablename__ = "questionnaire_answer"
    __table_args__ = (Index("ix_questionnaire_answer_subject", "subject_type", "subject_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    subject_type: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="asked")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    score: Mapped[int | None] = mapped_column(Integer)
    due_on: Mapped[date | None] = mapped_column(Date)
    asked_name: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_name: Mapped[str] = mapped_column(String(200), default="")


class Disqualification(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Taking an approval away: suspended at once, the supplier is heard, somebody else decides."""

    __tablename__ = "disqualification"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    cell_id: Mapped[str] = mapped_column(ForeignKey("qualification.id"), unique=True)
    category: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    hearing_until_on: Mapped[date] = mapped_column(Date)
    started_by: Mapped[str] = mapped_column(String(20))
    started_name: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    statement: Mapped[str] = mapped_column(Text, default="")
    statement_name: Mapped[str] = mapped_column(String(200), default="")
    statement_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(14), default="")
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
