"""After the signature: what is owed, prices that follow an index, money spent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import Identified, MoneyType, UTCDateTime, db


class Obligation(Identified, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "obligation"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(12), default="obligation")
    party: Mapped[str] = mapped_column(String(8))
    owner_id: Mapped[str | None] = mapped_column(String(20), index=True)
    owner_name: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date)


class PriceAdjustment(Identified, db.Model):  # type: ignore[name-defined, misc]
    """The price list from one day on, with the index values and the factor that made it."""

    __tablename__ = "price_adjustment"
    __table_args__ = (UniqueConstraint("contract_id", "effective_on"),)

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    effective_on: Mapped[date] = mapped_column(Date)
    index_value: Mapped[Decimal] = mapped_column(MoneyType)
    factor: Mapped[Decimal] = mapped_column(MoneyType)
    prices: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Spend(Identified, db.Model):  # type: ignore[name-defined, misc]
    """One invoice booked against a contract; its number is known once."""

    __tablename__ = "contract_spend"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    organisation_id: Mapped[str] = mapped_column(String(20), index=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    number: Mapped[str] = mapped_column(String(80))
    booked_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(MoneyType)
    text: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
