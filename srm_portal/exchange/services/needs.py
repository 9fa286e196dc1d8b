"""Needs of a workbook become projects in their first step."""

from __future__ import annotations

from datetime import datetime

from srm_portal.exchange.domain.needs_file import NeedRow, read_needs
from srm_portal.exchange.domain.needs_project import project_of_need, source_id
from srm_portal.exchange.domain.report import ImportReport, RowOutcome, in_order, refused_rows
from srm_portal.exchange.ports import WorkbookReader
from srm_portal.exchange.services.carrying import Progress, attempt, authorise, carry_out
from srm_portal.exchange.services.notes import ignored, rowless
from srm_portal.identity import queries as identity
from srm_portal.infra.gateways import gateway
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as projects
from srm_portal.suppliers import queries as suppliers


def import_needs(
    actor: Actor,
    data: bytes,
    *,
    partial: bool,
    now: datetime,
    preview: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in the needs of a workbook (.xlsx). A need with the reference and title of one that came in before is left.

    Raises InputError where the file is no workbook with the headings of needs.
    """
    authorise(actor, "need:edit")
    currency = identity.organisation(actor.organisation_id).currency
    known_codes = {category.code for category in suppliers.categories()}
    reading = read_needs(
        gateway(WorkbookReader)(data),  # type: ignore[type-abstract]
        default_currency=currency,
        known_category=lambda code: not known_codes or code in known_codes,
        today=now.date(),
    )

    def work() -> ImportReport:
        known = sourcing.imported(actor.organisation_id, [source_id(need) for need in reading.needs])
        outcomes = refused_rows(problem for problem in reading.problems if problem.code not in rowless)
        for done, need in enumerate(reading.needs, start=1):
            mark = known.get(source_id(need))
            warnings = tuple(one for one in reading.warnings if one.row in {line.row for line in need.lines})
            if mark:
                outcomes.append(
                    RowOutcome(need.row, "already_imported", need.title, "need", mark.project_id, mark.reference)
                )
            else:
                outcomes.append(_take(actor, need, currency, now, warnings))
            if progress:
                progress(done, len(reading.needs))
        problems = tuple(problem for problem in reading.problems if problem.code in rowless)
        notes = ignored(reading.ignored_columns, reading.ignored_sheets)
        return ImportReport("needs", in_order(outcomes), problems, notes)

    return carry_out(work, partial=partial, preview=preview)


def _take(actor: Actor, need: NeedRow, currency: str, now: datetime, warnings: tuple[FieldProblem, ...]) -> RowOutcome:
    def write() -> RowOutcome:
        project = project_of_need(need, default_currency=currency)
        if isinstance(project, list):
            raise Invalid(project)
        project_id = projects.import_project(actor, project, now=now)
        reference = sourcing.project(project_id).reference
        return RowOutcome(need.row, "imported", need.title, "need", project_id, reference, warnings=warnings)

    return attempt(need.row, need.title, "need", write)
