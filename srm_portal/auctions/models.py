"""Auctions, who takes part, and the log: one row per command taken in, chained by hashes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, QuantityType, UTCDateTime, Versioned, db


class Auction(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """One auction of a project. `seq` and `head`: number and hash of the last entry; rules and lots are frozen.

    `seal_public` seals amounts that nobody may read yet; `seal_private` is its other half under the server's key.
    """

    __tablename__ = "auction"
    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(String(20), index=True)
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    profile: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    rules: Mapped[str] = mapped_column(Text)
    rules_sha256: Mapped[str] = mapped_column(String(64))
    lots: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
    practice: Mapped[bool] = mapped_column(default=False)
    simulated: Mapped[bool] = mapped_column(default=False)
    blind: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    seal_public: Mapped[str] = mapped_column(String(64))
    seal_private: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minutes_released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AuctionParticipant(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A supplier in an auction. `alias` is its name in the engine and in the log; other bidders never see it."""

    __tablename__ = "auction_participant"
    __table_args__ = (UniqueConstraint("auction_id", "supplier_id"), UniqueConstraint("auction_id", "alias"))

    auction_id: Mapped[str] = mapped_column(ForeignKey("auction.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(String(20), index=True)
    position: Mapped[int] = mapped_column(Integer)
    alias: Mapped[str] = mapped_column(String(4))
    factor: Mapped[Decimal] = mapped_column(QuantityType, default=Decimal(0))
    addition: Mapped[Decimal] = mapped_column(MoneyType, default=Decimal(0))
    quality: Mapped[Decimal] = mapped_column(QuantityType, default=Decimal(0))
    start_price: Mapped[Decimal | None] = mapped_column(MoneyType)
    accepted_terms_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by: Mapped[str | None] = mapped_column(String(20))
    accepted_sha256: Mapped[str] = mapped_column(String(64), default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AuctionEntry(Identified, db.Model):  # type: ignore[name-defined, misc]
    """What was taken in, in order: a command with its events or its refusal, or a note of the timekeeper.

    `bidder` and `key` stand only on accepted commands that carried a key: a refused one uses up no key. `command` and
    `events` are sealed where they hold a sealed bid or a limit of automatic bidding.
    """

    __tablename__ = "auction_entry"
    __table_args__ = (UniqueConstraint("auction_id", "seq"), UniqueConstraint("auction_id", "bidder", "key"))

    auction_id: Mapped[str] = mapped_column(ForeignKey("auction.id"), index=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    recv: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(24))
    bidder: Mapped[str | None] = mapped_column(String(8))
    key: Mapped[str | None] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40), default="")
    command: Mapped[str] = mapped_column(Text, default="")
    events: Mapped[str] = mapped_column(Text, default="[]")
    actor_id: Mapped[str] = mapped_column(String(20))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuctionMessage(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A message of the buyer to all bidders or to one, or of a bidder to the buyer."""

    __tablename__ = "auction_message"

    auction_id: Mapped[str] = mapped_column(ForeignKey("auction.id"), index=True)
    supplier_id: Mapped[str | None] = mapped_column(String(20), index=True)
    from_buyer: Mapped[bool] = mapped_column(default=True)
    by_name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class AuctionPulse(db.Model):  # type: ignore[name-defined, misc]
    """The timekeeper's last sign of life for an auction: a gap tells an outage."""

    __tablename__ = "auction_pulse"
    __housekeeping__ = True

    auction_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
