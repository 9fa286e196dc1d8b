"""The trail. Rows are only ever added; triggers and rights see to it, the chain proves it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, String, Text, UniqueConstraint
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


class LogHead(db.Model):  # type: ignore[name-defined, misc]
    """The portal-wide log's size; its row lock lets one process extend the log at a time."""

    __tablename__ = "log_head"
    __housekeeping__ = True

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)


class LogMark(db.Model):  # type: ignore[name-defined, misc]
    """How far each chain is in the log: entries up to `seq` are leaves."""

    __tablename__ = "log_mark"
    __housekeeping__ = True

    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class LogLeaf(db.Model):  # type: ignore[name-defined, misc]
    """Which entry stands at which place of the log."""

    __tablename__ = "log_leaf"
    __housekeeping__ = True

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[str] = mapped_column(String(20), unique=True)


class LogNode(db.Model):  # type: ignore[name-defined, misc]
    """A complete node of the Merkle tree; level 0 holds the entries' hashes."""

    __tablename__ = "log_node"
    __housekeeping__ = True

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogCheckpoint(db.Model):  # type: ignore[name-defined, misc]
    """A signed statement of the log's size and root, as it left the portal."""

    __tablename__ = "log_checkpoint"
    __housekeeping__ = True

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
