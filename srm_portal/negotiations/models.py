"""Negotiations and their ledger of offers and counter-offers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, Versioned, db


class Negotiation(Identified, Versioned, db.Model):  # type: ignore[name-defined, misc]
    """A talk with one supplier. `target` and `walk_away` are the buyer's own and never leave their side.

    `points` are what is negotiated besides the prices: id, title, kind, and the buyer's own target and walk_away as texts.
    """

    __tablename__ = "negotiation"

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    supplier_id: Mapped[str] = mapped_column(ForeignKey("supplier.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default="planned")
    held_at: Mapped[datetime] = mapped_column(UTCDateTime)
    place: Mapped[str] = mapped_column(String(300), default="")
    participants: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[Decimal | None] = mapped_column(MoneyType)
    walk_away: Mapped[Decimal | None] = mapped_column(MoneyType)
    minutes: Mapped[str] = mapped_column(Text, default="")
    points: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    answer: Mapped[str] = mapped_column(String(8), default="")
    answer_note: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    minutes_by: Mapped[str] = mapped_column(String(200), default="")
    minutes_sha256: Mapped[str] = mapped_column(String(64), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class NegotiationMove(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "negotiation_move"

    negotiation_id: Mapped[str] = mapped_column(ForeignKey("negotiation.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    lot_id: Mapped[str | None] = mapped_column(ForeignKey("lot.id"))
    point_id: Mapped[str | None] = mapped_column(String(20))
    side: Mapped[str] = mapped_column(String(8))
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_name: Mapped[str] = mapped_column(String(200))
