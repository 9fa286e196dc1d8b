"""What the two sides say about a clause before it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class ClauseComment(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "clause_comment"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    version_number: Mapped[int] = mapped_column(Integer)
    side: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ClauseProposal(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Another wording for one clause, made against one version. `answers` names the proposal it counters."""

    __tablename__ = "clause_proposal"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    key: Mapped[str] = mapped_column(String(60))
    base_number: Mapped[int] = mapped_column(Integer)
    base_text: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    side: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(8), default="portal")
    answers: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="open", index=True)
    author_id: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(20))
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
