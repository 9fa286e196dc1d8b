"""OCDS releases become sourcing projects, the companies in them prospects of the registry."""

from __future__ import annotations

from datetime import datetime

from srm_portal.exchange.domain.json_in import load_json
from srm_portal.exchange.domain.ocds_project import project_of
from srm_portal.exchange.domain.ocds_read import ImportedRelease, read_package
from srm_portal.exchange.domain.report import ImportReport, RowOutcome, in_order, refused_rows
from srm_portal.exchange.services.carrying import Progress, attempt, authorise, carry_out
from srm_portal.exchange.services.companies import Companies
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as projects


def import_ocds(
    actor: Actor,
    data: bytes,
    *,
    partial: bool,
    now: datetime,
    preview: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in a release package: planning and tender releases as needs, closed ones as finished projects.

    A release that came in before is left as it is (`already_imported`); another release of a process that came in
    before is refused. Raises InputError where the file is no release package.
    """
    authorise(actor, "need:edit")
    reading = read_package(load_json(data))

    def work() -> ImportReport:
        known = sourcing.imported(actor.organisation_id, [release.ocid for release in reading.imported])
        companies = Companies(actor, now)
        currency = identity.organisation(actor.organisation_id).currency
        outcomes = refused_rows(reading.problems)
        for done, release in enumerate(reading.imported, start=1):
            mark = known.get(release.ocid)
            outcomes.append(_known(release, mark) if mark else _take(actor, release, companies, currency, now))
            if progress:
                progress(done, len(reading.imported))
        return ImportReport("ocds", in_order(outcomes))

    return carry_out(work, partial=partial, preview=preview)


def _known(release: ImportedRelease, mark: sourcing.ImportMark) -> RowOutcome:
    if release.id == mark.release_id:
        return RowOutcome(release.row, "already_imported", release.title, release.kind, mark.project_id, mark.reference)
    facts = (("reference", mark.reference), ("release", mark.release_id))
    problem = FieldProblem("id", "other_release_imported", release.row, release.id[:80], facts)
    return RowOutcome(release.row, "refused", release.title, release.kind, problems=(problem,))


def _take(actor: Actor, release: ImportedRelease, companies: Companies, currency: str, now: datetime) -> RowOutcome:
    def write() -> RowOutcome:
        suppliers, listed = companies.of(release)
        taken = project_of(release, default_currency=currency, suppliers=suppliers)
        project_id = projects.import_project(actor, taken.project, now=now)
        reference = sourcing.project(project_id).reference
        warnings = (*release.warnings, *taken.warnings, *listed)
        return RowOutcome(
            release.row, "imported", release.title, release.kind, project_id, reference, warnings=warnings
        )

    return attempt(release.row, release.title, release.kind, write)
