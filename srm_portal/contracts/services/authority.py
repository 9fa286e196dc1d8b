"""Who stands in for whom, and the organisation's own approval route."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain.approval import RISKS
from srm_portal.contracts.models import ApprovalRule, Delegation
from srm_portal.contracts.store import contract_row
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify

DAYS_MAX = 366


@command
def delegate(
    actor: Actor, to_id: str, *, from_on: date | None, until_on: date | None, reason: str, now: datetime
) -> str:
    """Lend one's own authority to another manager for some days; what was lent to oneself is not lent on."""
    if actor.limit is None or not actor.may("contract:approve"):
        raise Forbidden("no_authority")
    person = identity.person_for(actor, to_id)
    problems = []
    if to_id == actor.user_id or person.state == "disabled" or "purchasing_manager" not in person.roles:
        problems.append(FieldProblem("to_id", "not_a_manager"))
    if from_on is None or until_on is None or until_on < from_on or until_on < now.date():
        problems.append(FieldProblem("until_on", "contract_ends_before_start"))
    elif (until_on - from_on).days > DAYS_MAX:
        problems.append(FieldProblem("until_on", "delegation_too_long"))
    if not reason.strip():
        problems.append(FieldProblem("reason", "required"))
    if problems:
        raise Invalid(problems)
    assert from_on is not None and until_on is not None
    row = Delegation(
        organisation_id=actor.organisation_id,
        from_id=actor.user_id,
        from_name=actor.name,
        to_id=to_id,
        to_name=person.name,
        limit=Decimal(actor.limit),
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip(),
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "authority.delegated",
        "delegation",
        row.id,
        now=now,
        label=person.name,
        reason=reason.strip(),
        to=to_id,
        from_on=from_on,
        until_on=until_on,
        limit=row.limit,
    )
    notify([to_id], "authority_lent", path="/approvals/authority", now=now, name=actor.name, until=until_on.isoformat())
    return row.id


@command
def end_delegation(actor: Actor, delegation_id: str, *, now: datetime) -> None:
    row = db.session.get(Delegation, delegation_id)
    if row is None or row.from_id != actor.user_id or row.ended_at is not None:
        raise NotFound
    row.ended_at = now
    record(actor, "authority.delegation_ended", "delegation", row.id, now=now, label=row.to_name)


@command
def save_rule(
    actor: Actor,
    *,
    stage: int,
    purpose: str,
    value_from: Decimal | None,
    category: str,
    risk: str,
    deviations: bool,
    needed: int,
    people: Sequence[str],
    now: datetime,
) -> str:
    """One more line of the organisation's route; the first one replaces the built-in route."""
    managers = {one.id for one in identity.staff(actor.organisation_id, "purchasing_manager")}
    problems = []
    if not purpose.strip():
        problems.append(FieldProblem("purpose", "required"))
    if not 1 <= stage <= 9:
        problems.append(FieldProblem("stage", "wrong_value"))
    if risk and risk not in RISKS:
        problems.append(FieldProblem("risk", "wrong_value"))
    if not set(people) <= managers:
        problems.append(FieldProblem("people", "not_a_manager"))
    if needed < 1 or (people and needed > len(set(people))) or needed > len(managers):
        problems.append(FieldProblem("needed", "more_than_people", facts=(("people", str(len(set(people)))),)))
    if problems:
        raise Invalid(problems)
    row = ApprovalRule(
        organisation_id=actor.organisation_id,
        stage=stage,
        purpose=purpose.strip(),
        value_from=value_from or Decimal(0),
        category=category.strip(),
        risk=risk,
        deviations=deviations,
        needed=needed,
        people=sorted(set(people)),
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "approval_rule.added",
        "approval_rule",
        row.id,
        now=now,
        label=row.purpose,
        stage=stage,
        value_from=row.value_from,
        category=row.category,
        risk=risk,
        deviations=deviations,
        needed=needed,
        people=row.people,
    )
    return row.id


@command
def remove_rule(actor: Actor, rule_id: str, *, now: datetime) -> None:
    row = db.session.scalar(
        select(ApprovalRule).where(ApprovalRule.id == rule_id, ApprovalRule.organisation_id == actor.organisation_id)
    )
    if row is None:
        raise NotFound
    record(actor, "approval_rule.removed", "approval_rule", row.id, now=now, label=row.purpose)
    db.session.delete(row)


@command
def hand_over(actor: Actor, contract_id: str, owner_id: str, *, now: datetime) -> None:
    """Another buyer looks after the contract; it stays the own work of everybody who had it before."""
    row = contract_row(actor, contract_id)
    person = identity.person_for(actor, owner_id)
    if person.state == "disabled" or "buyer" not in person.roles:
        raise Invalid([FieldProblem("owner_id", "not_a_buyer")])
    if owner_id == row.owner_id:
        return
    view = queries.contract(row.id)
    record(
        actor,
        "contract.handed_over",
        "contract",
        row.id,
        now=now,
        label=row.reference,
        stream=view.stream,
        owner_before=row.owner_id,
        owner_after=owner_id,
    )
    row.owner_id = owner_id
    row.touch()
    facts = {"reference": row.reference, "title": row.title}
    notify([owner_id], "contract_handed_over", path=f"/contracts/{row.id}", now=now, **facts)
