"""Marks of a period, typed or imported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Invalid
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import performance as rules
from srm_portal.suppliers.models import Performance
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for


@command
def record_performance(
    actor: Actor,
    supplier_id: str,
    period: str,
    marks: Mapping[str, int | None],
    *,
    now: datetime,
    note: str = "",
    source: str = "typed",
) -> None:
    """Marks 0..100 by dimension for a year, quarter or month; a period given again replaces its marks.

    The supplier's score is the overall mark of the newest period.
    """
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    period = period.strip().upper()
    problems = rules.problems(period, marks)
    if problems:
        raise Invalid(problems)
    query = select(Performance).where(Performance.supplier_id == supplier.id)
    rows = {row.period: row for row in db.session.scalars(query)}
    row = rows.get(period)
    before = {name: getattr(row, name) for name in rules.DIMENSIONS} if row else {}
    if row is None:
        row = Performance(supplier_id=supplier.id, period=period)
        db.session.add(row)
        rows[period] = row
    for name in rules.DIMENSIONS:
        setattr(row, name, marks.get(name))
    row.overall = rules.overall(marks) or 0
    row.note, row.source, row.recorded_at = note.strip(), source, now
    supplier.score = rows[max(rows)].overall
    record(
        actor, "performance.recorded", "supplier", supplier.id, now=now, label=supplier.name, period=period,
        before=before, marks={name: marks.get(name) for name in rules.DIMENSIONS}, source=source,
    )  # fmt: skip
