"""The approval of contracts as managers and authors see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, and_, func, or_, select

from srm_portal.audit import queries as audit
from srm_portal.contracts.domain.approval import BUILT_IN, Hat, Rule, Step
from srm_portal.contracts.models import (
    ApprovalDecision,
    ApprovalRule,
    ApprovalSeat,
    ApprovalStep,
    Contract,
    ContractVersion,
    Delegation,
)
from srm_portal.contracts.queries.contracts import ContractView, soon, views_of
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.permissions import Actor

PREPARED = [
    "contract.drafted",
    "contract.edited",
    "contract.term_changed",
    "contract.terms_changed",
    "contract.submitted",
    "contract.taken_back",
    "contract.shared",
    "contract.proposal_accepted",
    "contract.proposal_made",
    "contract.handed_over",
]
"""Acts that make a contract one's own work: who did one of them never approves it, whatever they are today."""

_OWNERS = ("owner_before", "owner_after")


@dataclass(frozen=True, slots=True)
class DecisionView:
    name: str
    on_behalf_name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepView:
    id: str
    position: int
    stage: int
    purpose: str
    needed: int
    state: str
    escalated: bool
    asked_at: datetime | None
    decided_by: str | None
    decided_by_name: str
    decided_at: datetime | None
    reason: str
    people: tuple[str, ...]
    decisions: tuple[DecisionView, ...]
    voices: frozenset[str]

    @property
    def step(self) -> Step:
        people = frozenset() if self.escalated else frozenset(self.people)
        return Step(
            self.position,
            self.purpose,
            self.state,
            self.stage,
            self.needed,
            people,
            self.voices,
            len(self.decisions),
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """Contracts whose step this manager may take (within their limit, not theirs, not taken before), and those
    that end soon."""

    waiting: tuple[ContractView, ...]
    ending: tuple[ContractView, ...]


@dataclass(frozen=True, slots=True)
class DelegationView:
    id: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    limit: Decimal
    from_on: date
    until_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class RuleView:
    id: str
    stage: int
    purpose: str
    value_from: Decimal
    category: str
    risk: str
    deviations: bool
    needed: int
    people: tuple[str, ...]

    @property
    def rule(self) -> Rule:
        return Rule(
            self.stage,
            self.purpose,
            self.value_from,
            self.category,
            self.risk,
            self.deviations,
            self.needed,
            self.people,
        )


def rule_views(organisation_id: str) -> list[RuleView]:
    """The organisation's own lines; none: the built-in route holds."""
    query = select(ApprovalRule).where(ApprovalRule.organisation_id == organisation_id)
    return [
        RuleView(
            row.id,
            row.stage,
            row.purpose,
            row.value_from,
            row.category,
            row.risk,
            row.deviations,
            row.needed,
            tuple(row.people),
        )
        for row in db.session.scalars(query.order_by(ApprovalRule.stage, ApprovalRule.value_from, ApprovalRule.id))
    ]


def rules(organisation_id: str) -> tuple[Rule, ...]:
    return tuple(view.rule for view in rule_views(organisation_id)) or BUILT_IN


def steps(contract_id: str) -> list[StepView]:
    """The approval steps of the newest round, with who decided on them."""
    newest = select(func.max(ApprovalStep.round)).where(ApprovalStep.contract_id == contract_id).scalar_subquery()
    query = select(ApprovalStep).where(ApprovalStep.contract_id == contract_id, ApprovalStep.round == newest)
    query = query.outerjoin(ApprovalSeat, ApprovalSeat.step_id == ApprovalStep.id)
    query = query.outerjoin(ApprovalDecision, ApprovalDecision.step_id == ApprovalStep.id)
    seats: dict[str, set[str]] = {}
    said: dict[str, dict[str, ApprovalDecision]] = {}
    rows: dict[str, ApprovalStep] = {}
    wanted = query.add_columns(ApprovalSeat.user_id, ApprovalDecision).order_by(ApprovalStep.position)
    for row, seat, decision in db.session.execute(wanted):
        rows[row.id] = row
        seats.setdefault(row.id, set()).update([seat] if seat else [])
        said.setdefault(row.id, {}).update({decision.id: decision} if decision else {})
    return [
        _step(row, sorted(seats[row.id]), sorted(said[row.id].values(), key=lambda one: one.at))
        for row in rows.values()
    ]


def _step(row: ApprovalStep, seats: list[str], said: list[ApprovalDecision]) -> StepView:
    voices = {one.decided_by for one in said} | {one.on_behalf_of for one in said if one.on_behalf_of}
    return StepView(
        row.id,
        row.position,
        row.stage,
        row.purpose,
        row.needed,
        row.state,
        row.escalated,
        row.asked_at,
        row.decided_by,
        row.decided_by_name,
        row.decided_at,
        row.reason,
        tuple(seats),
        tuple(DecisionView(one.decided_by_name, one.on_behalf_name, one.reason, one.at) for one in said),
        frozenset(voices),
    )


def authors(contract: ContractView) -> set[str]:
    """Everybody whose work it is, read from history: wrote, edited, submitted, proposed, owns or owned it."""
    query = select(ContractVersion.author_id).where(ContractVersion.contract_id == contract.id)
    moves = audit.stream_acts(contract.stream, ["contract.handed_over"])
    owners = {move.details[side] for move in moves if move.object_id == contract.id for side in _OWNERS}
    return audit.actors_of(contract.id, PREPARED) | set(db.session.scalars(query)) | owners | {contract.owner_id}


def _lent(actor_id: str, today: date) -> list[object]:
    return [
        Delegation.to_id == actor_id,
        Delegation.from_on <= today,
        Delegation.until_on >= today,
        Delegation.ended_at.is_(None),
    ]


def hats(actor: Actor, today: date) -> list[Hat]:
    """The actor's own authority and those lent to them today by managers who still have it; the lower limit holds."""
    found = [Hat(actor.user_id, Decimal(actor.limit) if actor.limit is not None else None)]
    rows = list(db.session.scalars(select(Delegation).where(*_lent(actor.user_id, today))))  # type: ignore[arg-type]
    people = identity.people([row.from_id for row in rows])
    for row in rows:
        person = people.get(row.from_id)
        if person is None or person.state == "disabled" or "purchasing_manager" not in person.roles:
            continue
        found.append(Hat(row.from_id, min(row.limit, person.limit) if person.limit is not None else None))
    return found


def lent_limit(actor: Actor, today: date) -> Decimal | None:
    """The highest authority lent to this person today."""
    return max(
        (hat.limit for hat in hats(actor, today)[1:] if hat.limit is not None),
        default=None,
    )


def delegations(organisation_id: str, today: date) -> list[DelegationView]:
    """Those that hold today or later."""
    query = select(Delegation).where(
        Delegation.organisation_id == organisation_id, Delegation.until_on >= today, Delegation.ended_at.is_(None)
    )
    return [
        DelegationView(
            row.id,
            row.from_id,
            row.from_name,
            row.to_id,
            row.to_name,
            row.limit,
            row.from_on,
            row.until_on,
            row.reason,
        )
        for row in db.session.scalars(query.order_by(Delegation.from_on, Delegation.id))
    ]


def _waiting(actor: Actor, today: date) -> Select[tuple[Contract]]:
    """One statement, so that the top bar can count it: own and lent authority, seats, and what is not one's work."""
    lent = and_(*_lent(actor.user_id, today))  # type: ignore[arg-type]
    lenders = select(Delegation.from_id).where(lent)
    seated = select(ApprovalSeat.step_id)
    mine = seated.where(or_(ApprovalSeat.user_id == actor.user_id, ApprovalSeat.user_id.in_(lenders)))
    asked = select(ApprovalStep.contract_id).where(
        ApprovalStep.state == "waiting",
        or_(ApprovalStep.escalated, ApprovalStep.id.in_(mine), ApprovalStep.id.not_in(seated)),
    )
    taken = (
        select(ApprovalDecision.contract_id)
        .join(ApprovalStep, ApprovalStep.id == ApprovalDecision.step_id)
        .where(
            ApprovalStep.state.in_(("waiting", "approved")),
            or_(ApprovalDecision.decided_by == actor.user_id, ApprovalDecision.on_behalf_of == actor.user_id),
        )
    )
    lent_most = select(func.max(Delegation.limit)).where(lent).scalar_subquery()
    return select(Contract).where(
        Contract.organisation_id == actor.organisation_id,
        Contract.state == "in_approval",
        or_(Contract.value <= Decimal(actor.limit or 0), Contract.value <= lent_most),
        Contract.owner_id != actor.user_id,
        Contract.id.in_(asked),
        Contract.id.not_in(taken),
        Contract.id.not_in(select(ContractVersion.contract_id).where(ContractVersion.author_id == actor.user_id)),
        Contract.id.not_in(audit.objects_of(actor.user_id, PREPARED)),
    )


@once
def desk(actor: Actor, now: datetime, limit: int = 5) -> Desk:
    """What one person is shown of contracts at the start, in one read."""
    today, deciding = now.date(), actor.may("contract:approve")
    ending = select(Contract.id).where(
        Contract.organisation_id == actor.organisation_id,
        Contract.state == "active",
        Contract.ends_on.between(today, soon(today)),
    )
    tests = [Contract.id.in_(ending.order_by(Contract.ends_on, Contract.id).limit(limit))]
    if deciding:
        tests.append(Contract.id.in_(_waiting(actor, today).with_only_columns(Contract.id)))
    if not actor.may("contract:read"):
        return Desk((), ())
    views = views_of(list(db.session.scalars(select(Contract).where(or_(*tests)).order_by(Contract.created_at))))
    return Desk(
        tuple(one for one in views if one.state == "in_approval"),
        tuple(sorted((one for one in views if one.state == "active"), key=lambda one: (one.ends_on, one.id))),
    )


def waiting_count(actor: Actor, now: datetime) -> Select[tuple[int]]:
    """How many contracts wait, for the top bar."""
    return select(func.count()).select_from(_waiting(actor, now.date()).subquery())


def last_seen_version(contract_id: str, actor_id: str) -> int | None:
    """The version this person decided on before, or the one of the round before; what changed since is shown."""
    shas = (
        select(ContractVersion.number)
        .join(ApprovalStep, ApprovalStep.sha256 == ContractVersion.sha256)
        .where(ApprovalStep.contract_id == contract_id, ContractVersion.contract_id == contract_id)
    )
    own = shas.where(ApprovalStep.decided_by == actor_id)
    newest = select(func.max(ContractVersion.number)).where(ContractVersion.contract_id == contract_id)
    seen = db.session.scalar(own.order_by(ContractVersion.number.desc()).limit(1))
    if seen is not None:
        return seen
    earlier = shas.where(ContractVersion.number < newest.scalar_subquery())
    return db.session.scalar(earlier.order_by(ContractVersion.number.desc()).limit(1))
