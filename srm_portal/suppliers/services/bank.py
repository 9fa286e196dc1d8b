"""Bank accounts: one person names a number, another looks a second time before it counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.keys import open_secret, seal_secret
from srm_portal.infra.legal_ids import iban_number
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.record import letter_problems, masked_iban
from srm_portal.suppliers.models import BankAccount, Supplier
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

HOLDER_MAX = 200


def _accounts(supplier_id: str, state: str) -> list[BankAccount]:
    query = select(BankAccount).where(BankAccount.supplier_id == supplier_id, BankAccount.state == state)
    return list(db.session.scalars(query))


def ask(actor: Actor, supplier: Supplier, iban: str, *, holder: str, now: datetime) -> None:
    """Keep the number until somebody else confirms it; the newest request replaces one that waits."""
    masked = masked_iban(iban)
    if supplier.iban_masked == masked and open_secret(supplier.iban_sealed) == iban:
        return
    for waiting in _accounts(supplier.id, "waiting"):
        waiting.state = "replaced"
    row = BankAccount(
        supplier_id=supplier.id,
        organisation_id=supplier.organisation_id,
        iban_sealed=seal_secret(iban),
        iban_masked=masked,
        holder=holder.strip()[:HOLDER_MAX],
        by_supplier=actor.supplier_id is not None,
        asked_by=actor.user_id,
        asked_name=actor.name,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "bank.asked", "supplier", supplier.id, now=now, label=supplier.name, account=row.id, iban=masked)
    tell_buyers(
        supplier.organisation_id, "bank_asked", but=actor.user_id, path=f"/suppliers/{supplier.id}/papers", now=now,
        about=row.id, supplier=supplier.name, by=actor.name,
    )  # fmt: skip


def forget(actor: Actor, supplier: Supplier, *, now: datetime) -> None:
    """Taking a number away needs no second person: nothing can be paid to it any more."""
    for row in _accounts(supplier.id, "confirmed"):
        row.state = "replaced"
    supplier.iban_sealed = supplier.iban_masked = ""
    record(actor, "bank.removed", "supplier", supplier.id, now=now, label=supplier.name)


@command
def name_account(actor: Actor, supplier_id: str, *, iban: str, holder: str, now: datetime) -> None:
    """The supplier (or a buyer for it) names its account. Invalid: `iban_wrong`, misleading letters."""
    supplier = supplier_row_for(actor, supplier_id)
    problems = letter_problems("holder", holder)
    try:
        number = iban_number(iban)
    except ValueError as wrong:
        problems.append(FieldProblem("iban", str(wrong), value=iban))
    if problems:
        raise Invalid(problems)
    ask(actor, supplier, number, holder=holder, now=now)


def _waiting_for(actor: Actor, account_id: str) -> tuple[BankAccount, Supplier]:
    only_staff(actor)
    row = db.session.get(BankAccount, account_id)
    if row is None:
        raise NotFound
    supplier = supplier_row_for(actor, row.supplier_id)
    if row.state != "waiting":
        raise Refused("already_done")
    if row.asked_by == actor.user_id:
        raise Forbidden("own_work")
    return row, supplier


def _decide(row: BankAccount, actor: Actor, state: str, evidence: str, now: datetime) -> None:
    if not evidence.strip():
        raise Refused("evidence_needed")
    row.state, row.evidence = state, evidence.strip()
    row.decided_by, row.decided_name, row.decided_at = actor.user_id, actor.name, now


@command
def confirm_account(actor: Actor, account_id: str, *, evidence: str, now: datetime) -> None:
    """The second look: how the number was checked (a call to a known telephone number) is kept with it."""
    row, supplier = _waiting_for(actor, account_id)
    for before in _accounts(supplier.id, "confirmed"):
        before.state = "replaced"
    _decide(row, actor, "confirmed", evidence, now)
    supplier.iban_sealed, supplier.iban_masked = row.iban_sealed, row.iban_masked
    record(
        actor, "bank.confirmed", "supplier", supplier.id, now=now, label=supplier.name, reason=row.evidence,
        account=row.id, iban=row.iban_masked,
    )  # fmt: skip
    tell_supplier(supplier, "bank_confirmed", path="/supplier/company", now=now, about=row.id, iban=row.iban_masked)


@command
def refuse_account(actor: Actor, account_id: str, *, evidence: str, now: datetime) -> None:
    row, supplier = _waiting_for(actor, account_id)
    _decide(row, actor, "refused", evidence, now)
    record(
        actor, "bank.refused", "supplier", supplier.id, now=now, label=supplier.name, reason=row.evidence,
        account=row.id, iban=row.iban_masked,
    )  # fmt: skip
    tell_supplier(supplier, "bank_refused", path="/supplier/company", now=now, about=row.id, iban=row.iban_masked)
