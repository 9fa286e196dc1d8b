"""Sealed offers before the opening, and what was opened after it.

Before the opening no column here holds a price, a file name or a size that tells: drafts and the supplier's own copies
are under the server's keys, offers under the event's key, both padded to 4 KiB.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class EventKey(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The key pair of an event's envelope; the private half is wrapped by the server's keys, outside the database."""

    __tablename__ = "event_key"
    __housekeeping__ = True
    __table_args__ = (UniqueConstraint("event_id", "envelope"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"))
    envelope: Mapped[str] = mapped_column(String(10), default="single")
    public: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    manifest: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OpenerKey(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The public key of a person who may open sealed offers. The private half is that person's file, never here."""

    __tablename__ = "opener_key"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    user_id: Mapped[str] = mapped_column(String(20), index=True)
    public: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EventOpener(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One of the n people under whose keys an event is sealed, k of whom open it. `box` is the rehearsal's test value."""

    __tablename__ = "event_opener"
    __table_args__ = (UniqueConstraint("event_id", "user_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    user_id: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(200))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    threshold: Mapped[int] = mapped_column(Integer)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    rehearsed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OpeningShare(Identified, db.Model):  # type: ignore[name-defined, misc]
    """An opener's act after the deadline: the share, under the server's keys until the envelope is opened."""

    __tablename__ = "opening_share"
    __table_args__ = (UniqueConstraint("event_id", "envelope", "user_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    envelope: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)


class ScoreLock(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The act between two envelopes: the technical scores are fixed; only then may the prices be opened."""

    __tablename__ = "score_lock"

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))


class Draft(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """What a supplier has written so far. It binds nobody and leaves no trail; nobody else ever reads it."""

    __tablename__ = "offer_draft"
    __housekeeping__ = True
    __table_args__ = (UniqueConstraint("event_id", "supplier_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"))
    supplier_id: Mapped[str] = mapped_column(String(20), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(String(20))


class OfferFile(Identified, db.Model):  # type: ignore[name-defined, misc]
    """An attachment as an encrypted stream on the disk; name, size, hash and key are wrapped.

    `submitted`: part of an offer that was handed in, so its stream stays even when the draft lets go of it.
    """

    __tablename__ = "offer_file"
    __housekeeping__ = True

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(String(20), index=True)
    stored_name: Mapped[str] = mapped_column(String(60))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    envelope: Mapped[str] = mapped_column(String(10), default="technical")
    attached_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[bool] = mapped_column(default=False)


class Offer(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One version of a supplier's offer as it was handed in. Older ones stay, marked as replaced.

    `amendment`: the last one it was made for or confirmed after. From level S2 on there is no `own_copy`: the supplier
    keeps it. With two envelopes `technical` is the first, `sealed` the price envelope, `parts` the commitment of each.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("event_id", "supplier_id", "version"),
        Index(
            "uq_offer_current",
            "event_id",
            "supplier_id",
            unique=True,
            sqlite_where=text("state = 'submitted'"),
            postgresql_where=text("state = 'submitted'"),
        ),
    )

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    technical: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    parts: Mapped[dict[str, str] | None] = mapped_column(JSON)
    own_copy: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    commitment: Mapped[str] = mapped_column(String(64))
    amendment: Mapped[int] = mapped_column(Integer, default=0)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_by: Mapped[str] = mapped_column(String(20))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    receipt: Mapped[str] = mapped_column(Text)


class Opening(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The act of opening: when, by whom, how many, and which offers could not be read."""

    __tablename__ = "opening"
    __table_args__ = (UniqueConstraint("event_id", "envelope"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"))
    envelope: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[str] = mapped_column(String(20))
    by_name: Mapped[str] = mapped_column(String(200))
    count: Mapped[int] = mapped_column(Integer)


class OpenedOffer(Identified, db.Model):  # type: ignore[name-defined, misc]
    """An offer in clear text. `state` is opened, damaged, missing or excluded; `problem` says why not opened.

    `supplier_name`, `country` and `record` (the buyer's own rating) as they were at the opening. `answers`: criterion
    id -> text. `technical`: the first of two envelopes as it was opened. `offered`: the currency that the offer was made in
    with its published rate, and the costs on top (in the event's currency, as every amount here).
    `rulings`: line id, `payment` or `validity` -> {"ruling", "note", "by", "at"}.
    """

    __tablename__ = "opened_offer"
    __table_args__ = (UniqueConstraint("event_id", "supplier_id"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(String(20), index=True)
    offer_id: Mapped[str | None] = mapped_column(ForeignKey("offer.id"))
    supplier_name: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(2), default="")
    record: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    problem: Mapped[str] = mapped_column(String(60), default="")
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[Decimal | None] = mapped_column(MoneyType)
    lead_days: Mapped[int | None] = mapped_column(Integer)
    payment_days: Mapped[int | None] = mapped_column(Integer)
    validity_on: Mapped[date | None] = mapped_column(Date)
    delivery: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    rulings: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)
    technical: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    offered: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


SEEN = ("technical", "prices", "offer", "file", "export", "program")
"""Technical envelopes, the comparison with prices, one offer in full, an attachment, the sheet, the interface."""


class Exposure(Identified, db.Model):  # type: ignore[name-defined, misc]
    """Somebody saw a class of fields of an event's opened offers, from the first to the last time. `what`: of `SEEN`."""

    __tablename__ = "exposure"
    __housekeeping__ = True
    __table_args__ = (UniqueConstraint("event_id", "user_id", "what"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("rfx_event.id"))
    user_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(12))
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    times: Mapped[int] = mapped_column(Integer)


class OpenedLine(Identified, db.Model):  # type: ignore[name-defined, misc]
    """A line of an opened offer; no price means not quoted. `more`: quantity breaks and the alternative, where said."""

    __tablename__ = "opened_line"
    __table_args__ = (UniqueConstraint("opened_offer_id", "line_id"),)

    opened_offer_id: Mapped[str] = mapped_column(ForeignKey("opened_offer.id"))
    line_id: Mapped[str] = mapped_column(String(20))
    unit_price: Mapped[Decimal | None] = mapped_column(MoneyType)
    total: Mapped[Decimal | None] = mapped_column(MoneyType)
    lead_days: Mapped[int | None] = mapped_column(Integer)
    deviation: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    more: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class OpenedFile(Identified, db.Model):  # type: ignore[name-defined, misc]
    """An attachment of an opened offer. The stream stays encrypted on the disk; its key is wrapped."""

    __tablename__ = "opened_file"

    opened_offer_id: Mapped[str] = mapped_column(ForeignKey("opened_offer.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str] = mapped_column(String(60))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
