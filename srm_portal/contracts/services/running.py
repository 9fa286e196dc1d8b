"""After approval: signature, obligations, the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain.life import LIFE
from srm_portal.contracts.models import Obligation
from srm_portal.contracts.store import contract_row
from srm_portal.documents import services as documents
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor


@command
def mark_signed(actor: Actor, contract_id: str, *, signed_on: date | None, upload: Any, now: datetime) -> None:
    """Both sides signed on paper: the scan is kept with its hash and the contract is active."""
    row = contract_row(actor, contract_id)
    if signed_on is None or signed_on > now.date():
        raise Invalid([FieldProblem("signed_on", "signed_in_future")])
    if upload is None:
        raise Invalid([FieldProblem("upload", "required")])
    file_id = documents.store(actor, "contract", row.id, upload, now=now, note="signed")
    row.state = LIFE.move(row.state, "active")
    row.signed_on = signed_on
    row.touch()
    view = queries.contract(row.id)
    version = queries.current_version(row.id)
    record(
        actor,
        "contract.signed",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        file=file_id,
        signed_on=signed_on,
        sha256=version.sha256,
    )


@command
def add_obligation(
    actor: Actor, contract_id: str, *, title: str, party: str, due_on: date | None, now: datetime
) -> None:
    row = contract_row(actor, contract_id)
    if not title.strip() or due_on is None:
        raise Invalid([FieldProblem("title" if not title.strip() else "due_on", "required")])
    db.session.add(Obligation(contract_id=row.id, title=title.strip(), party=party, due_on=due_on))
    view = queries.contract(row.id)
    record(
        actor,
        "obligation.added",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        title=title,
        due_on=due_on,
    )


@command
def finish_obligation(actor: Actor, contract_id: str, obligation_id: str, *, now: datetime) -> None:
    row = contract_row(actor, contract_id)
    obligation = db.session.get(Obligation, obligation_id)
    if obligation is None or obligation.contract_id != row.id:
        raise NotFound
    if obligation.done_on is not None:
        raise Refused("already_done")
    obligation.done_on = now.date()
    view = queries.contract(row.id)
    record(
        actor,
        "obligation.done",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        title=obligation.title,
    )


@command
def terminate(actor: Actor, contract_id: str, *, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise Refused("reason_needed")
    row = contract_row(actor, contract_id)
    row.state = LIFE.move(row.state, "terminated")
    row.touch()
    view = queries.contract(row.id)
    record(
        actor,
        "contract.terminated",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        reason=reason,
    )
