"""Gapless readable references, counted per organisation, prefix and year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.reference import readable


class Counter(db.Model):  # type: ignore[name-defined, misc]
    """The last number given."""

    __tablename__ = "counter"
    __housekeeping__ = True

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)


def next_reference(organisation_id: str, prefix: str, now: datetime) -> str:
    """`P-2026-0007` and so on, inside the caller's transaction."""
    key = f"{organisation_id}:{prefix}:{now.year}"
    query = select(Counter).where(Counter.key == key).execution_options(populate_existing=True)
    counter = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if counter is None:
        counter = Counter(key=key, number=0)
        db.session.add(counter)
    counter.number += 1
    db.session.flush()
    return readable(prefix, now.year, counter.number)
