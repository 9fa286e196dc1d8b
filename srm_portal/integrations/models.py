"""Webhooks and the links to an outside CRM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, Versioned, db


class WebhookTarget(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """An address that hears of events. `secret` is sealed by the server's keys."""

    __tablename__ = "webhook_target"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    url: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(String(200), default="")
    events: Mapped[list[str]] = mapped_column(JSON, default=list)
    secret: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="active")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WebhookDelivery(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One message for one target; its id is the message's. `dead`: given up after the last attempt."""

    __tablename__ = "webhook_delivery"
    __housekeeping__ = True
    __table_args__ = (Index("ix_webhook_delivery_target_at", "target_id", "created_at"),)

    target_id: Mapped[str] = mapped_column(ForeignKey("webhook_target.id"))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WebhookSource(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A system that may tell us things; what it says is done in the name of `user_id`."""

    __tablename__ = "webhook_source"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    user_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    secret: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="active")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WebhookReceipt(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A message that came in, by its own id: the second one changes nothing."""

    __tablename__ = "webhook_receipt"
    __table_args__ = (UniqueConstraint("source_id", "message"),)

    source_id: Mapped[str] = mapped_column(ForeignKey("webhook_source.id"))
    message: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class CrmConnection(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """The outside CRM of an organisation. `rule`: who wins where both changed; `password` is sealed.

    Jobs act in the name of `user_id`.
    """

    __tablename__ = "crm_connection"
    __table_args__ = (UniqueConstraint("organisation_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="tryton")
    url: Mapped[str] = mapped_column(String(300))
    database: Mapped[str] = mapped_column(String(100))
    login: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(12), default="ask")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="active")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CrmLink(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Our record and theirs are the same thing. `base`: the values both had when they last agreed."""

    __tablename__ = "crm_link"
    __housekeeping__ = True
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "ours"),
        UniqueConstraint("connection_id", "kind", "theirs"),
    )

    connection_id: Mapped[str] = mapped_column(ForeignKey("crm_connection.id"))
    kind: Mapped[str] = mapped_column(String(12))
    ours: Mapped[str] = mapped_column(String(20))
    theirs: Mapped[str] = mapped_column(String(60))
    base: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class CrmRun(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One comparison with the CRM, tried (`dry`) or done, with its log."""

    __tablename__ = "crm_run"
    __housekeeping__ = True
    __table_args__ = (Index("ix_crm_run_connection_at", "connection_id", "at"),)

    connection_id: Mapped[str] = mapped_column(ForeignKey("crm_connection.id"))
    dry: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    error: Mapped[str] = mapped_column(String(60), default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    log: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
