"""The trail. Rows are only ever added; triggers and rights see to it, the chain proves it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class AuditStream(db.Model):  # type: ignore[name-defined, misc]
    """The head of one chain; its row lock puts the entries of a stream in order."""

    __tablename__ = "audit_stream"
    __housekeeping__ = True

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    head: Mapped[str] = mapped_column(String(64))


class AuditEntry(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One act. `details` is canonical JSON text: what is hashed is what is stored."""

    __tablename__ = "audit_entry"
    __housekeeping__ = True
    __table_args__ = (UniqueConstraint("stream", "seq"),)

    stream: Mapped[str] = mapped_column(String(60))
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    actor_id: Mapped[str] = mapped_column(String(20), index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(80))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(40), index=True)
    object_label: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[str] = mapped_column(Text, default="{}")
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    layout: Mapped[int] = mapped_column(Integer, default=1)
