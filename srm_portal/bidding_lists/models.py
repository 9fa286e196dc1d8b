"""Candidates, waivers, the frozen list, invitations and answers to requests for information."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class Candidate(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A supplier considered for a project. `reasons` are coded facts as they stood when it was added."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("project_id", "supplier_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="candidate")
    points: Mapped[int | None] = mapped_column(Integer)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    contact_id: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="")
    added_by: Mapped[str] = mapped_column(String(20))
    added_name: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Waiver(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Leave to depart from a rule: one supplier off the panel, or a list shorter than the minimum.

    A competition waiver holds for lists of at least `covers` suppliers.
    """

    __tablename__ = "waiver"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    supplier_id: Mapped[str | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    covers: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="asked", index=True)
    asked_by: Mapped[str] = mapped_column(String(20))
    asked_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")


class ListEntry(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One line of the bidding list of an event, as frozen at publication; later ones carry their reason."""

    __tablename__ = "list_entry"
    __table_args__ = (UniqueConstraint("event_id", "supplier_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    basis: Mapped[str] = mapped_column(String(12))
    waiver_id: Mapped[str | None] = mapped_column(ForeignKey("waiver.id"))
    late_reason: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Invitation(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One supplier asked to one event. Of the link only the hash is kept; `category` is the need's, for later."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("event_id", "supplier_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    category: Mapped[str] = mapped_column(String(20), default="", index=True)
    contact_id: Mapped[str] = mapped_column(String(20))
    contact_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[str | None] = mapped_column(String(20), index=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    reason: Mapped[str] = mapped_column(Text, default="")
    terms_sha256: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_name: Mapped[str] = mapped_column(String(200), default="")


class RfiAnswer(Identified, db.Model):  # type: ignore[name-defined, misc]
    """What a supplier answers to a request for information; replaced as a whole until the deadline."""

    __tablename__ = "rfi_answer"
    __table_args__ = (UniqueConstraint("event_id", "supplier_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(String(20))
    answered_name: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
