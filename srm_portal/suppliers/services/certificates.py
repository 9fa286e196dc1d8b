"""Certificates: claimed with a file, checked by a buyer, reminded of before they end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from srm_portal.audit.services import record
from srm_portal.documents import services as store
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.record import letter_problems
from srm_portal.suppliers.models import Certificate, Supplier
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

OBJECT = "certificate"
EXPIRY_JOB = "suppliers.certificate_expiring"
REMIND_DAYS_BEFORE = 60


@command
def add_certificate(
    actor: Actor,
    supplier_id: str,
    upload: store.Upload | None,
    *,
    kind: str,
    number: str,
    issuer: str,
    issued_on: date | None,
    valid_until_on: date | None,
    now: datetime,
) -> str:
    """A certificate with its file; returns its id. It is a claim until a buyer has checked it."""
    supplier = supplier_row_for(actor, supplier_id)
    problems = [] if kind.strip() else [FieldProblem("kind", "required")]
    for field, text in (("kind", kind), ("number", number), ("issuer", issuer)):
        problems += letter_problems(field, text)
    if valid_until_on and issued_on and valid_until_on < issued_on:
        problems.append(FieldProblem("valid_until_on", "ends_before_start"))
    if valid_until_on and valid_until_on < now.date():
        problems.append(FieldProblem("valid_until_on", "already_over"))
    if upload is None or not upload.filename:
        problems.append(FieldProblem("file", "file_missing"))
    if problems:
        raise Invalid(problems)
    row = Certificate(
        supplier_id=supplier.id,
        organisation_id=supplier.organisation_id,
        kind=kind.strip(),
        number=number.strip(),
        issuer=issuer.strip(),
        issued_on=issued_on,
        valid_until_on=valid_until_on,
        added_by=actor.user_id,
        added_name=actor.name,
        added_at=now,
    )
    db.session.add(row)
    db.session.flush()
    store.store(actor, OBJECT, row.id, upload, now=now, note=row.kind)
    record(
        actor, "certificate.added", "supplier", supplier.id, now=now, label=supplier.name, certificate=row.id,
        kind=row.kind, number=row.number, until=row.valid_until_on,
    )  # fmt: skip
    if valid_until_on:
        morning = datetime.combine(valid_until_on - timedelta(days=REMIND_DAYS_BEFORE), time(6), UTC)
        jobs.enqueue(EXPIRY_JOB, {"certificate": row.id}, now=now, due_at=max(morning, now + timedelta(days=1)))
    if actor.supplier_id:
        tell_buyers(
            supplier.organisation_id, "certificate_added", but="", path=f"/suppliers/{supplier.id}/papers", now=now,
            about=row.id, supplier=supplier.name, kind_=row.kind,
        )  # fmt: skip
    return row.id


def _row_for(actor: Actor, certificate_id: str) -> tuple[Certificate, Supplier]:
    row = db.session.get(Certificate, certificate_id)
    if row is None:
        raise NotFound
    return row, supplier_row_for(actor, row.supplier_id)


@command
def check_certificate(actor: Actor, certificate_id: str, *, right: bool, note: str, now: datetime) -> None:
    """A buyer compared the claim with its file; a no needs its reason and is told to the supplier."""
    only_staff(actor)
    row, supplier = _row_for(actor, certificate_id)
    if not right and not note.strip():
        raise Refused("reason_needed")
    row.state, row.note = "checked" if right else "refused", note.strip()
    row.checked_name, row.checked_at = actor.name, now
    row.touch()
    record(
        actor, "certificate.checked" if right else "certificate.refused", "supplier", supplier.id, now=now,
        label=supplier.name, certificate=row.id, kind=row.kind, reason=row.note,
    )  # fmt: skip
    if not right:
        tell_supplier(
            supplier, "certificate_refused", path="/supplier/papers", now=now, about=row.id, kind_=row.kind,
            reason=row.note,
        )  # fmt: skip


@command
def remove_certificate(actor: Actor, certificate_id: str, *, now: datetime) -> None:
    """Take a claim back; one that a buyer has checked stays as evidence for what it carried."""
    row, supplier = _row_for(actor, certificate_id)
    if row.state == "checked":
        raise Refused("certificate_checked")
    record(
        actor, "certificate.removed", "supplier", supplier.id, now=now, label=supplier.name, certificate=row.id,
        kind=row.kind,
    )  # fmt: skip
    db.session.delete(row)


@command
def remind_of_certificate(certificate_id: str, *, now: datetime) -> bool:
    """Ask the supplier for the next paper and tell the buyers; silent when a later one is there."""
    row = db.session.get(Certificate, certificate_id)
    if row is None or row.state == "refused" or row.valid_until_on is None:
        return False
    supplier = db.session.get_one(Supplier, row.supplier_id)
    until = row.valid_until_on.isoformat()
    facts = {"now": now, "about": row.id, "supplier": supplier.name, "kind_": row.kind, "until": until}
    tell_supplier(supplier, "certificate_expiring", path="/supplier/papers", **facts)
    tell_buyers(
        supplier.organisation_id, "certificate_expiring", but="", path=f"/suppliers/{supplier.id}/papers", **facts
    )
    return True
