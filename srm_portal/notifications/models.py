"""Notices as people see them under the bell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class Notice(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One notice for one person; `kind` and `facts` make the sentence in the reader's language."""

    __tablename__ = "notice"
    __housekeeping__ = True
    __table_args__ = (Index("ix_notice_user_read", "user_id", "read_at"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    user_id: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    path: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
