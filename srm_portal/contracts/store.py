"""Loading contracts to change them, and writing their versions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.models import Contract, ContractVersion
from srm_portal.infra.db import db, is_sqlite
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor


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
    facts = {
        "reference": row.reference,
        "title": row.title,
        "value": str(row.value),
        "currency": row.currency,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "notice_days": row.notice_days,
        "supplier": row.supplier_id,
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
    return version
