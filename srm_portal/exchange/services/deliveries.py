"""Order lines of a table become facts about suppliers' deliveries."""

from __future__ import annotations

from datetime import datetime

from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.exchange.domain.deliveries_file import DeliveryRow, read_deliveries
from srm_portal.exchange.domain.report import ImportReport, RowOutcome, in_order, refused_rows
from srm_portal.exchange.services.carrying import Progress, attempt, authorise, carry_out
from srm_portal.exchange.services.notes import ignored, rowless
from srm_portal.kernel.errors import FieldProblem, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as registry
from srm_portal.suppliers import services


def import_deliveries(
    actor: Actor,
    data: bytes,
    *,
    partial: bool,
    now: datetime,
    preview: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in a table of deliveries (.csv). A line that is here already is brought up to date.

    Raises InputError where the file is no table with the headings of deliveries.
    """
    authorise(actor, "supplier:edit")
    reading = read_deliveries(read_csv(data).sheet)

    def work() -> ImportReport:
        outcomes = refused_rows(problem for problem in reading.problems if problem.code not in rowless)
        known: dict[str, str | None] = {}
        for done, row in enumerate(reading.deliveries, start=1):
            warnings = tuple(one for one in reading.warnings if one.row == row.row)
            outcomes.append(_take(actor, row, known, now, warnings))
            if progress:
                progress(done, len(reading.deliveries))
        problems = tuple(problem for problem in reading.problems if problem.code in rowless)
        return ImportReport("deliveries", in_order(outcomes), problems, ignored(reading.ignored_columns))

    return carry_out(work, partial=partial, preview=preview)


def _take(
    actor: Actor, row: DeliveryRow, known: dict[str, str | None], now: datetime, warnings: tuple[FieldProblem, ...]
) -> RowOutcome:
    label = f"{row.order_number} {row.line}".strip()
    if row.supplier not in known:
        known[row.supplier] = registry.named(actor.organisation_id, row.supplier)

    def write() -> RowOutcome:
        supplier_id = known[row.supplier]
        if supplier_id is None:
            raise Refused("supplier_not_known", value=row.supplier)
        is_new = services.keep_delivery(
            actor, supplier_id, order_number=row.order_number, line=row.line, due_on=row.due_on,
            delivered_on=row.delivered_on, ordered=row.ordered, received=row.received, rejected=row.rejected,
            amount=row.amount, currency=row.currency, category=row.category, now=now,
        )  # fmt: skip
        state = "imported" if is_new else "already_imported"
        return RowOutcome(row.row, state, label, "delivery", supplier_id, row.supplier, warnings=warnings)  # type: ignore[arg-type]

    return attempt(row.row, label, "delivery", write)
