"""Who signed what, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.contracts.domain.life import turn
from srm_portal.contracts.models import Signature
from srm_portal.contracts.queries.contracts import ContractView
from srm_portal.infra.db import db


@dataclass(frozen=True, slots=True)
class SignatureView:
    id: str
    version_number: int
    sha256: str
    side: str
    method: str
    signer_name: str
    certificate: str
    file_id: str
    file_sha256: str
    at: datetime
    voided_at: datetime | None
    void_reason: str


def signatures(contract_id: str) -> list[SignatureView]:
    """Oldest first, the voided ones too."""
    query = select(Signature).where(Signature.contract_id == contract_id).order_by(Signature.number)
    return [
        SignatureView(
            row.id,
            row.version_number,
            row.sha256,
            row.side,
            row.method,
            row.signer_name,
            row.certificate,
            row.file_id,
            row.file_sha256,
            row.at,
            row.voided_at,
            row.void_reason,
        )
        for row in db.session.scalars(query)
    ]


def standing(contract_id: str) -> list[SignatureView]:
    return [one for one in signatures(contract_id) if one.voided_at is None]


def whose_turn(view: ContractView) -> str | None:
    """The side that signs next; None when nobody does."""
    if view.state != "approved":
        return None
    return turn(view.sign_first, {one.side for one in standing(view.id)})
