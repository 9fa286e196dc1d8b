"""Organisations and people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class Organisation(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A buying organisation: everything that belongs to one is hidden from the others."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    language: Mapped[str] = mapped_column(String(8), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    second_factor_needed: Mapped[bool] = mapped_column(default=True)
    competition_min: Mapped[int] = mapped_column(Integer, default=3)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class User(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A person who can sign in. Supplier users carry `supplier_id`; staff carry roles."""

    __tablename__ = "user"
    __table_args__ = (Index("uq_user_email_lower", "email_key", unique=True),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    supplier_id: Mapped[str | None] = mapped_column(String(20), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(12), default="invited")
    language: Mapped[str] = mapped_column(String(8), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    density: Mapped[str] = mapped_column(String(12), default="dense")
    mail_notices: Mapped[bool] = mapped_column(default=True)
    may_bid: Mapped[bool] = mapped_column(default=False)
    limit: Mapped[Decimal | None] = mapped_column(MoneyType)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    second_factor: Mapped[str | None] = mapped_column(String(400))
    second_factor_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignInState(db.Model):  # type: ignore[name-defined, misc]
    """What sign-in needs to remember of a person: failures, the last code used, the last visit."""

    __tablename__ = "sign_in_state"
    __housekeeping__ = True

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_step: Mapped[int] = mapped_column(Integer, default=0)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OneTimeToken(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A link or code that works once: invitation, reset, sign-in code. Only its hash is kept."""

    __tablename__ = "one_time_token"
    __housekeeping__ = True

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Replaces the second factor once. Ten a person, only hashes are kept."""

    __tablename__ = "recovery_code"
    __housekeeping__ = True

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApiToken(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Lets a program act as its owner within scopes (permissions)."""

    __tablename__ = "api_token"

    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
