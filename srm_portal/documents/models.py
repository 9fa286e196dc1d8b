"""Files and the record each belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, UTCDateTime, db


class StoredFile(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One file. `name` is what people called it; on disk it lies under `stored_name`, which nobody can guess.

    `remarks`: codes of what whoever opens it should know (encrypted, embedded files, links to outside).
    """

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_object", "object_type", "object_id"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str] = mapped_column(String(80))
    remarks: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    uploaded_by: Mapped[str] = mapped_column(String(20))
    uploader_name: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
