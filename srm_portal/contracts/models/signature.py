"""Signatures on one version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class Signature(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One side's signature of exactly one content. `method`: portal, certificate, electronic or paper."""

    __tablename__ = "contract_signature"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    version_number: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    side: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(12))
    signer_id: Mapped[str] = mapped_column(String(20))
    signer_name: Mapped[str] = mapped_column(String(200))
    certificate: Mapped[str] = mapped_column(String(300), default="")
    file_id: Mapped[str] = mapped_column(String(20))
    file_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="")
