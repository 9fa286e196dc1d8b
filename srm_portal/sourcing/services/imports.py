"""Taking in a project that was written elsewhere."""

from __future__ import annotations

from datetime import datetime

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries
from srm_portal.sourcing.domain import imported
from srm_portal.sourcing.domain.imported import ImportedProject
from srm_portal.sourcing.models import Line, Lot, Project


@command
def import_project(actor: Actor, found: ImportedProject, *, now: datetime) -> str:
    """Write a need draft, or a finished project for the archive, as it was found; returns the project's id.

    Refused: `already_imported` (with the reference it has here). Invalid: what cannot be kept, with the line's row.
    """
    if not actor.may("need:edit"):
        raise NotFound
    reference = next_reference(actor.organisation_id, "P", now)  # locks: who imports the same now waits, then finds it
    known = queries.imported(actor.organisation_id, [found.source_id]).get(found.source_id)
    if known is not None:
        raise Refused("already_imported", reference=known.reference)
    problems = imported.problems(found)
    if problems:
        raise Invalid(problems)
    row = Project(
        organisation_id=actor.organisation_id,
        reference=reference,
        title=found.title.strip(),
        description=found.description,
        category=found.category,
        product=found.product,
        region=found.region,
        currency=found.currency,
        budget=found.budget,
        baseline=found.baseline,
        needed_on=found.needed_on,
        owner_id=actor.user_id,
        requester_id=actor.user_id,
        stage="finished" if found.archived else "need",
        need_state="imported" if found.archived else "draft",
        archived=found.archived,
        source_id=found.source_id,
        source=dict(found.source),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _write_lines(row, found)
    record(
        actor, "project.imported", "project", row.id, now=now, label=row.reference, stream=f"project:{row.id}",
        source_id=found.source_id, format=str(found.source.get("format", "")), archived=found.archived,
        lines=len(found.lines),
    )  # fmt: skip
    return row.id


def _write_lines(row: Project, found: ImportedProject) -> None:
    """Lots named in the file, one for each number a line uses, at least one."""
    named = {lot.number: lot for lot in found.lots}
    numbers = sorted(named.keys() | {line.lot for line in found.lines}) or [1]
    lots = {}
    for number in numbers:
        lot = named.get(number)
        title = lot.title if lot and lot.title else row.title
        lots[number] = Lot(project_id=row.id, number=number, title=title, description=lot.description if lot else "")
    db.session.add_all(lots.values())
    db.session.flush()
    db.session.add_all(
        Line(
            project_id=row.id,
            lot_id=lots[line.lot].id,
            number=number,
            title=line.title.strip(),
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            target_price=line.target_price,
            baseline_price=line.baseline_price,
            needed_on=line.needed_on,
        )
        for number, line in enumerate(found.lines, start=1)
    )
    db.session.flush()
