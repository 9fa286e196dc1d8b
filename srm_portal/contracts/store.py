"""Loading contracts to change them, and writing their versions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.domain.words import words_of
from srm_portal.contracts.models import Contract, ContractVersion, ContractWord, Signature
from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers


def contract_row(actor: Actor, contract_id: str) -> Contract:
    query = select(Contract).where(Contract.id == contract_id, Contract.organisation_id == actor.organisation_id)
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None or actor.supplier_id is not None:
        raise NotFound
    return row


def content_hash(clauses: list[dict[str, Any]], prices: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    """What an approval binds to: every clause, price and date of a version."""
    return sha256_hex(canonical({"clauses": clauses, "prices": prices, "facts": facts}))


def add_version(
    actor: Actor,
    row: Contract,
    clauses: list[Clause],
    prices: list[dict[str, Any]],
    *,
    note: str,
    now: datetime,
    number: int,
) -> ContractVersion:
    note_dates(row)
    facts = {
        "reference": row.reference,
        "title": row.title,
        "value": str(row.value),
        "currency": row.currency,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "notice_days": row.notice_days,
        "supplier": row.supplier_id,
        "kind": row.kind,
        "renews_months": row.renews_months,
        "index": [row.index_name, plain(row.index_base) if row.index_base else "", row.index_share, row.index_cap or 0],
    }
    plain_clauses = [asdict(clause) for clause in clauses]
    version = ContractVersion(
        contract_id=row.id,
        number=number,
        clauses=plain_clauses,
        prices=prices,
        facts=facts,
        sha256=content_hash(plain_clauses, prices, facts),
        author_id=actor.user_id,
        author_name=actor.name,
        note=note,
        at=now,
    )
    row.current_version = number
    db.session.add(version)
    db.session.flush()
    _note_words(row, plain_clauses, prices)
    void_signatures(row.id, "changed", now)
    return version


def note_dates(row: Contract) -> None:
    """The last day for notice as a column, so that lists can ask for it."""
    row.notice_on = row.ends_on - timedelta(days=row.notice_days)


def _note_words(row: Contract, clauses: list[dict[str, Any]], prices: list[dict[str, Any]]) -> None:
    """Only the difference is written: most edits change few words."""
    card = suppliers.suppliers([row.supplier_id]).get(row.supplier_id)
    texts = [row.title, row.reference, card.name if card else ""]
    texts += [f"{clause['title']} {clause['text']}" for clause in clauses] + [one.get("title", "") for one in prices]
    wanted = words_of(texts)
    held = set(db.session.scalars(select(ContractWord.word).where(ContractWord.contract_id == row.id)))
    gone, fresh = held - wanted, wanted - held
    if gone:
        db.session.execute(
            delete(ContractWord).where(ContractWord.contract_id == row.id, ContractWord.word.in_(sorted(gone)))
        )
    if fresh:
        db.session.execute(insert(ContractWord), [{"word": word, "contract_id": row.id} for word in sorted(fresh)])


def void_signatures(contract_id: str, reason: str, now: datetime) -> int:
    """Whatever was signed before is signed no longer; returns how many signatures that ends."""
    query = select(Signature).where(Signature.contract_id == contract_id, Signature.voided_at.is_(None))
    rows = list(db.session.scalars(query))
    for row in rows:
        row.voided_at, row.void_reason = now, reason
    return len(rows)


def row_of_either_side(actor: Actor, contract_id: str) -> Contract:
    """For staff as `contract_row`; for the supplier theirs, once a version was given to them or it is approved."""
    if actor.supplier_id is None:
        return contract_row(actor, contract_id)
    query = select(Contract).where(
        Contract.id == contract_id,
        Contract.organisation_id == actor.organisation_id,
        Contract.supplier_id == actor.supplier_id,
    )
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None or not (row.shared_version or row.state in ("approved", "active", "terminated")):
        raise NotFound
    return row
