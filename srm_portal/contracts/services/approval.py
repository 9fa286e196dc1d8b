"""Asking for approval and giving it: four eyes read from history, bound to the content's hash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain import approval
from srm_portal.contracts.domain.life import LIFE
from srm_portal.contracts.models import ApprovalDecision, ApprovalSeat, ApprovalStep, ClauseProposal, Contract
from srm_portal.contracts.store import contract_row, void_signatures
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as steps

REMIND_JOB = "contracts.remind_approval"


def _trail(actor: Actor, action: str, row: Contract, now: datetime, **details: Any) -> None:
    stream = queries.contract(row.id).stream
    record(actor, action, "contract", row.id, now=now, label=row.reference, stream=stream, **details)


def _able(row: Contract, authors: set[str]) -> set[str]:
    """Managers who could take a step: active, with the authority, and not their own work."""
    managers = identity.staff(row.organisation_id, "purchasing_manager")
    return {one.id for one in managers if one.limit is not None and one.limit >= row.value} - authors


def _ask(row: Contract, now: datetime, kind: str = "contract_waits") -> None:
    """Tell who may take the steps that wait now, and set the reminders. Seats that nobody can take are opened."""
    told: set[str] = set()
    authors = queries.authors(queries.contract(row.id))
    able = _able(row, authors)
    for view in queries.steps(row.id):
        if view.state != "waiting":
            continue
        step = db.session.get_one(ApprovalStep, view.id)
        named = able & set(view.people)
        if view.people and not step.escalated and len(named) < view.needed - len(view.decisions):
            step.escalated = True
        if step.asked_at is None:
            step.asked_at = now
            due = now + approval.REMIND_AFTER
            jobs.enqueue(REMIND_JOB, {"step": step.id}, now=now, due_at=due, key=f"{REMIND_JOB}:{step.id}:1")
        told |= (able if step.escalated or not view.people else named) - view.voices
    today = now.date()
    stand_ins = {one.to_id for one in queries.delegations(row.organisation_id, today) if one.from_id in told}
    notify(
        (told | stand_ins) - authors,
        kind,
        path=f"/contracts/{row.id}/approval",
        now=now,
        about=row.id,
        reference=row.reference,
        title=row.title,
    )


@command
def submit_for_approval(actor: Actor, contract_id: str, *, now: datetime) -> None:
    """Fix the current version and ask the first approvers."""
    row = contract_row(actor, contract_id)
    if row.pen != "buyer":
        raise Refused("pen_elsewhere")
    open_ones = select(func.count()).where(ClauseProposal.contract_id == row.id, ClauseProposal.state == "open")
    if waiting := db.session.scalar(open_ones):
        raise Refused("proposals_open", count=waiting)
    row.state = LIFE.move(row.state, "in_approval")
    row.touch()
    version = queries.current_version(row.id)
    missing = queries.missing_clauses(queries.contract(row.id), version)
    if missing:
        raise Refused("clauses_missing", clauses=", ".join(missing))
    last = db.session.scalar(select(func.max(ApprovalStep.round)).where(ApprovalStep.contract_id == row.id)) or 0
    route = approval.route(
        row.value,
        version.deviations,
        category=row.category,
        risk=row.risk,
        rules=queries.rules(row.organisation_id),
    )
    for step in route:
        made = ApprovalStep(
            contract_id=row.id,
            round=last + 1,
            position=step.position,
            stage=step.stage,
            purpose=step.purpose,
            needed=step.needed,
            state=step.state,
            sha256=version.sha256,
        )
        db.session.add(made)
        db.session.flush()
        db.session.add_all(ApprovalSeat(step_id=made.id, user_id=one) for one in sorted(step.people))
    _trail(actor, "contract.submitted", row, now, sha256=version.sha256, steps=len(route))
    db.session.flush()
    _ask(row, now)


def _in_approval(actor: Actor, contract_id: str) -> Contract:
    if not actor.may("contract:approve"):
        raise Forbidden("no_authority")
    row = contract_row(actor, contract_id)
    if row.state != "in_approval":
        raise Refused("nothing_to_approve")
    return row


@command
def approve(actor: Actor, contract_id: str, sha256: str, *, now: datetime, reason: str = "") -> None:
    """Take a step that waits: within the limit, never one's own, and exactly the content that was read."""
    row = _in_approval(actor, contract_id)
    version = queries.current_version(row.id)
    held = queries.steps(row.id)
    taking = approval.check(
        [one.step for one in held],
        actor_id=actor.user_id,
        hats=queries.hats(actor, now.date()),
        value=Money(row.value, row.currency),
        authors=queries.authors(queries.contract(row.id)),
        seen=sha256,
        content=version.sha256,
    )
    view = next(one for one in held if one.position == taking.step.position)
    step = db.session.get_one(ApprovalStep, view.id)
    if step.sha256 != version.sha256:
        raise Refused("content_changed")
    lender = identity.person(taking.hat.person_id) if taking.hat.person_id != actor.user_id else None
    db.session.add(
        ApprovalDecision(
            step_id=step.id,
            contract_id=row.id,
            decided_by=actor.user_id,
            decided_by_name=actor.name,
            on_behalf_of=lender.id if lender else None,
            on_behalf_name=lender.name if lender else "",
            sha256=version.sha256,
            reason=reason.strip(),
            at=now,
        )
    )
    if taking.completes:
        step.state, step.decided_at = "approved", now
        step.decided_by, step.decided_by_name, step.reason = actor.user_id, actor.name, reason.strip()
    row.touch()
    on_behalf = {"on_behalf_of": lender.name} if lender else {}
    _trail(
        actor,
        "contract.step_approved",
        row,
        now,
        reason=reason.strip(),
        sha256=version.sha256,
        step=step.position,
        **on_behalf,
    )
    db.session.flush()
    _next(actor, row, now)


def _next(actor: Actor, row: Contract, now: datetime) -> None:
    """Open the next stage once every step of this one is taken; after the last the contract is approved."""
    held = queries.steps(row.id)
    if any(one.state == "waiting" for one in held):
        return
    later = [one for one in held if one.state == "later"]
    if not later:
        _finish(actor, row, now)
        return
    stage = min(one.stage for one in later)
    for view in later:
        if view.stage == stage:
            db.session.get_one(ApprovalStep, view.id).state = "waiting"
    db.session.flush()
    _ask(row, now)


def _finish(actor: Actor, row: Contract, now: datetime) -> None:
    row.state = LIFE.move(row.state, "approved")
    _trail(actor, "contract.approved", row, now)
    facts = {"now": now, "reference": row.reference, "title": row.title}
    notify([row.owner_id], "contract_approved", path=f"/contracts/{row.id}", **facts)  # type: ignore[arg-type]
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


def approve_many(actor: Actor, chosen: Sequence[tuple[str, str]], *, now: datetime) -> list[tuple[str, str]]:
    """Each of (contract, hash read) on its own, under the same rules; returns (contract, code of its refusal or "")."""
    outcome = []
    for contract_id, sha256 in chosen:
        try:
            approve(actor, contract_id, sha256, now=now)
        except (Refused, Forbidden) as refusal:
            outcome.append((contract_id, refusal.code))
        except NotFound:
            outcome.append((contract_id, "not_found"))
        else:
            outcome.append((contract_id, ""))
    return outcome


def _end_round(row: Contract, state: str = "void") -> list[ApprovalStep]:
    """The steps that were still open; none of them is asked any longer."""
    query = select(ApprovalStep).where(
        ApprovalStep.contract_id == row.id, ApprovalStep.state.in_(("waiting", "later", "approved"))
    )
    open_ones = []
    for step in db.session.scalars(query.order_by(ApprovalStep.position)):
        if step.state == "waiting":
            open_ones.append(step)
        step.state = "void"
    return open_ones


@command
def send_back(actor: Actor, contract_id: str, *, reason: str, now: datetime) -> None:
    """Back to the author with the reason; the round of approvals ends, nothing given in it counts."""
    if not actor.may("contract:approve"):
        raise Forbidden("no_authority")
    if not reason.strip():
        raise Refused("reason_needed")
    row = _in_approval(actor, contract_id)
    asked = _end_round(row)[0]
    asked.state, asked.decided_by, asked.decided_by_name = "sent_back", actor.user_id, actor.name
    asked.decided_at, asked.reason = now, reason.strip()
    row.state = LIFE.move(row.state, "draft")
    row.touch()
    _trail(actor, "contract.sent_back", row, now, reason=reason)
    notify(
        [row.owner_id],
        "contract_sent_back",
        path=f"/contracts/{row.id}",
        now=now,
        reference=row.reference,
        reason=reason,
    )


@command
def take_back(actor: Actor, contract_id: str, *, reason: str, now: datetime) -> None:
    """The author wants to change it once more: approvals given so far and signatures count no longer."""
    row = contract_row(actor, contract_id)
    if row.state not in ("in_approval", "approved"):
        raise Refused("nothing_to_take_back")
    if not reason.strip():
        raise Invalid([FieldProblem("reason", "required")])
    _end_round(row)
    voided = void_signatures(row.id, reason.strip(), now)
    row.state, row.pen = LIFE.move(row.state, "draft"), "buyer"
    row.touch()
    _trail(actor, "contract.taken_back", row, now, reason=reason, signatures_voided=voided)


def remind(work: jobs.Work) -> None:
    """Job: a step nobody took is brought to mind once; later named people lose their hold on it and the owner is told."""
    step = db.session.get(ApprovalStep, work.args["step"])
    if step is None or step.state != "waiting":
        return
    _remind(step.id, now=work.now)


@command
def _remind(step_id: str, *, now: datetime) -> None:
    step = db.session.get_one(ApprovalStep, step_id)
    row = db.session.get_one(Contract, step.contract_id)
    system = Actor("system", "system", row.organisation_id, frozenset())
    if step.reminded_at is None:
        step.reminded_at = now
        due = now + approval.ESCALATE_AFTER
        jobs.enqueue(REMIND_JOB, {"step": step.id}, now=now, due_at=due, key=f"{REMIND_JOB}:{step.id}:2")
        _trail(system, "contract.approval_reminded", row, now, step=step.position)
        _ask(row, now, "contract_reminder")
        return
    step.escalated = True
    _trail(system, "contract.approval_escalated", row, now, step=step.position)
    db.session.flush()
    _ask(row, now, "contract_escalated")
    notify(
        [row.owner_id],
        "contract_escalated",
        path=f"/contracts/{row.id}",
        now=now,
        reference=row.reference,
        title=row.title,
    )
