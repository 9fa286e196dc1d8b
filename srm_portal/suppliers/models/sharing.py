"""What buyer and supplier tell each other: publications, messages, meetings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, Versioned, db


class Publication(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A page of the shared space: the buyer's (no supplier) for all or for who offers a category, or a supplier's."""

    __tablename__ = "shared_publication"
    __table_args__ = (Index("ix_shared_publication_owner", "organisation_id", "supplier_id"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    supplier_id: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    period: Mapped[str] = mapped_column(String(40), default="")
    search_key: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[str] = mapped_column(String(20))
    written_name: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SharedMessage(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One message between the buyer's side and one supplier, about the relationship or one project."""

    __tablename__ = "shared_message"
    __table_args__ = (Index("ix_shared_message_thread", "supplier_id", "project_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"))
    project_id: Mapped[str | None] = mapped_column(String(20))
    from_supplier: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Meeting(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A meeting with its agenda and, afterwards, its minutes; the supplier sees both when they are shared."""

    __tablename__ = "shared_meeting"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[str] = mapped_column(String(200), default="")
    participants: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    minutes_name: Mapped[str] = mapped_column(String(200), default="")
    minutes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_name: Mapped[str] = mapped_column(String(200))
