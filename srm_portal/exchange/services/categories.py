"""A taxonomy of categories."""

from __future__ import annotations

from datetime import datetime

from srm_portal.exchange.domain.categories_file import CategoryRow, read_categories
from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.exchange.domain.report import ImportReport, RowOutcome, in_order, refused_rows
from srm_portal.exchange.services.carrying import Progress, authorise, carry_out
from srm_portal.kernel.errors import FieldProblem, InputError
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import services
from srm_portal.suppliers.domain import categories as rules

SCHEME_MAX, CODE_MAX, ROWS_MAX = 20, 20, 100_000


def import_categories(
    actor: Actor,
    data: bytes,
    *,
    partial: bool,
    now: datetime,
    scheme: str = rules.SCHEME,
    preview: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Add or update the codes of a table (.csv); labels in other languages stay.

    Raises InputError where the file is no table of categories.
    """
    authorise(actor)
    if not 0 < len(scheme) <= SCHEME_MAX:
        raise InputError("scheme", f"a name of 1 to {SCHEME_MAX} characters is expected")
    reading = read_categories(read_csv(data, rows_max=ROWS_MAX).sheet)
    wrong = [problem for row in reading.categories if (problem := _fault(row, scheme))]
    refused = {problem.row for problem in wrong}
    good = [row for row in reading.categories if row.row not in refused]

    def work() -> ImportReport:
        outcomes = refused_rows([*reading.problems, *wrong])
        rows = [services.CategoryRow(row.code, dict(row.labels), row.parent, scheme) for row in good]
        if rows:
            services.import_categories(actor, rows, now)
        if progress and good:
            progress(len(good), len(good))
        outcomes += [RowOutcome(row.row, "imported", row.label("en"), "category", reference=row.code) for row in good]
        return ImportReport("categories", in_order(outcomes))

    return carry_out(work, partial=partial, preview=preview)


def _fault(row: CategoryRow, scheme: str) -> FieldProblem | None:
    if scheme == rules.SCHEME and not rules.is_cpv(row.code):
        return FieldProblem("code", "category_wrong", row.row, row.code)
    if len(row.code) > CODE_MAX:
        return FieldProblem("code", "too_long", row.row, row.code, (("max", str(CODE_MAX)),))
    return None
