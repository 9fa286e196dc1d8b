"""Asking for approval and giving it: four eyes read from history, bound to the content's hash."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from srm_portal.audit.queries import actors_of
from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain import approval
from srm_portal.contracts.domain.life import LIFE
from srm_portal.contracts.models import ApprovalStep, Contract
from srm_portal.contracts.store import contract_row
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Forbidden, Refused
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as steps

PREPARED = ["contract.drafted", "contract.edited", "contract.term_changed", "contract.submitted"]


def _authors(contract_id: str) -> set[str]:
    return actors_of(contract_id, PREPARED) | {one.author_id for one in queries.versions(contract_id)}


def _ask(row: Contract, purpose: str, now: datetime) -> None:
    authors = _authors(row.id)
    managers = [
        one.id
        for one in identity.staff(row.organisation_id, "purchasing_manager")
        if one.limit is not None and one.limit >= row.value and one.id not in authors
    ]
    notify(
        managers,
        "contract_waits",
        path=f"/contracts/{row.id}/approval",
        now=now,
        about=row.id,
        reference=row.reference,
        title=row.title,
    )


@command
def submit_for_approval(actor: Actor, contract_id: str, *, now: datetime) -> None:
    """Fix the current version and ask the first approver."""
    row = contract_row(actor, contract_id)
    row.state = LIFE.move(row.state, "in_approval")
    row.touch()
    version = queries.current_version(row.id)
    last = db.session.scalar(select(func.max(ApprovalStep.round)).where(ApprovalStep.contract_id == row.id)) or 0
    route = approval.route(row.value, version.deviations)
    db.session.add_all(
        ApprovalStep(
            contract_id=row.id, round=last + 1, position=step.position, purpose=step.purpose, sha256=version.sha256
        )
        for step in route
    )
    view = queries.contract(row.id)
    record(
        actor,
        "contract.submitted",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        sha256=version.sha256,
        steps=len(route),
    )
    _ask(row, route[0].purpose, now)


def _waiting_row(row: Contract, position: int) -> ApprovalStep:
    newest = select(func.max(ApprovalStep.round)).where(ApprovalStep.contract_id == row.id).scalar_subquery()
    query = select(ApprovalStep).where(
        ApprovalStep.contract_id == row.id, ApprovalStep.round == newest, ApprovalStep.position == position
    )
    return db.session.scalars(query).one()


@command
def approve(actor: Actor, contract_id: str, sha256: str, *, now: datetime) -> None:
    """Take the current step: within the limit, never one's own, and exactly the content that was read."""
    if not actor.may("contract:approve"):
        raise Forbidden("no_authority")
    row = contract_row(actor, contract_id)
    if row.state != "in_approval":
        raise Refused("nothing_to_approve")
    version = queries.current_version(row.id)
    step = approval.check(
        [one.step for one in queries.steps(row.id)],
        actor_id=actor.user_id,
        limit=Decimal(actor.limit) if actor.limit is not None else None,
        value=Money(row.value, row.currency),
        authors=_authors(row.id),
        seen=sha256,
        content=version.sha256,
    )
    taken = _waiting_row(row, step.position)
    taken.state, taken.decided_by, taken.decided_by_name, taken.decided_at = "approved", actor.user_id, actor.name, now
    row.touch()
    view = queries.contract(row.id)
    record(
        actor,
        "contract.step_approved",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        sha256=version.sha256,
        step=step.position,
    )
    db.session.flush()
    following = approval.current([one.step for one in queries.steps(row.id)])
    if following is not None:
        _ask(row, following.purpose, now)
        return
    _finish(actor, row, now)


def _finish(actor: Actor, row: Contract, now: datetime) -> None:
    row.state = LIFE.move(row.state, "approved")
    view = queries.contract(row.id)
    record(actor, "contract.approved", "contract", row.id, now=now, label=row.reference, stream=view.stream)
    notify(
        [row.owner_id],
        "contract_approved",
        path=f"/contracts/{row.id}",
        now=now,
        reference=row.reference,
        title=row.title,
    )
    people = identity.supplier_people(row.organisation_id, [row.supplier_id])[row.supplier_id]
    notify(
        [one.id for one in people],
        "contract_ready",
        path=f"/s/contracts/{row.id}",
        now=now,
        about=row.id,
        title=row.title,
    )
    jobs.publish("ContractApproved", {"contract": row.id, "project": row.project_id}, now=now)
    db.session.flush()
    if row.project_id is None:
        return
    open_ones = [one for one in queries.for_project(row.project_id) if one.state in ("draft", "in_approval")]
    if not open_ones and sourcing.project(row.project_id).stage == "contract":
        steps.finish(actor, row.project_id, now=now)


@command
def send_back(actor: Actor, contract_id: str, *, reason: str, now: datetime) -> None:
    """Back to the author with the reason; the round of approvals ends."""
    if not actor.may("contract:approve"):
        raise Forbidden("no_authority")
    if not reason.strip():
        raise Refused("reason_needed")
    row = contract_row(actor, contract_id)
    if row.state != "in_approval":
        raise Refused("nothing_to_approve")
    step = approval.current([one.step for one in queries.steps(row.id)])
    assert step is not None
    taken = _waiting_row(row, step.position)
    taken.state, taken.decided_by, taken.decided_by_name = "sent_back", actor.user_id, actor.name
    taken.decided_at, taken.reason = now, reason.strip()
    row.state = LIFE.move(row.state, "draft")
    row.touch()
    view = queries.contract(row.id)
    record(
        actor, "contract.sent_back", "contract", row.id, now=now, label=row.reference, stream=view.stream, reason=reason
    )
    notify(
        [row.owner_id],
        "contract_sent_back",
        path=f"/contracts/{row.id}",
        now=now,
        reference=row.reference,
        reason=reason,
    )
