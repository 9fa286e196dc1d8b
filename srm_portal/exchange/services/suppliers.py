"""Suppliers of a table become prospects of the registry."""

from __future__ import annotations

from datetime import datetime

from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.exchange.domain.report import ImportReport, RowOutcome, in_order, refused_rows
from srm_portal.exchange.domain.suppliers_file import SupplierRow, read_suppliers
from srm_portal.exchange.services.carrying import Progress, attempt, authorise, carry_out
from srm_portal.exchange.services.companies import registers
from srm_portal.exchange.services.notes import ignored, rowless
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as registry
from srm_portal.suppliers import services
from srm_portal.suppliers.domain.record import SupplierData

SOURCE = "import"


def import_suppliers(
    actor: Actor,
    data: bytes,
    *,
    partial: bool,
    now: datetime,
    preview: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in a table of suppliers (.csv). One that the registry has already is left as it stands there.

    Raises InputError where the file is no table with the headings of suppliers.
    """
    authorise(actor)
    reading = read_suppliers(read_csv(data).sheet, registers())

    def work() -> ImportReport:
        outcomes = refused_rows(problem for problem in reading.problems if problem.code not in rowless)
        for done, row in enumerate(reading.suppliers, start=1):
            warnings = tuple(one for one in reading.warnings if one.row == row.row)
            outcomes.append(_take(actor, row, now, warnings))
            if progress:
                progress(done, len(reading.suppliers))
        problems = tuple(problem for problem in reading.problems if problem.code in rowless)
        return ImportReport("suppliers", in_order(outcomes), problems, ignored(reading.ignored_columns))

    return carry_out(work, partial=partial, preview=preview)


def _take(actor: Actor, row: SupplierRow, now: datetime, warnings: tuple[FieldProblem, ...]) -> RowOutcome:
    known = registry.known_as(
        actor.organisation_id, row.name, country=row.country, vat=row.vat_number, numbers=[row.registration_number]
    )
    if known is not None:
        return RowOutcome(
            row.row, "already_imported", row.name, "supplier", known.id, known.reference, warnings=warnings
        )

    def write() -> RowOutcome:
        supplier_id = services.add_prospect(actor, _data(row), now=now, source=SOURCE, accept_duplicates=True)
        if row.email:
            services.add_contact(
                actor, supplier_id, name=row.contact_name or row.name[:200], email=row.email,
                language=row.language or "en", now=now,
            )  # fmt: skip
        reference = registry.suppliers([supplier_id])[supplier_id].reference
        return RowOutcome(row.row, "imported", row.name, "supplier", supplier_id, reference, warnings=warnings)

    return attempt(row.row, row.name, "supplier", write)


def _data(row: SupplierRow) -> SupplierData:
    return SupplierData(
        name=row.name,
        country=row.country,
        legal_name=row.legal_name,
        city=row.city,
        postcode=row.postal_code,
        street=row.street,
        vat=row.vat_number,
        registration_number=row.registration_number,
        website=row.website,
        phone=row.phone,
        categories=row.categories,
        regions=row.regions,
    )
