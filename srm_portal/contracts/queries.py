"""Contracts as pages and later rooms see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from srm_portal.contracts.domain.approval import Step
from srm_portal.contracts.domain.clauses import Clause, deviations
from srm_portal.contracts.domain.life import Term
from srm_portal.contracts.models import ApprovalStep, Contract, ContractVersion, Obligation
from srm_portal.infra.db import db
from srm_portal.infra.once import once
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class ContractView:
    id: str
    organisation_id: str
    project_id: str | None
    award_id: str | None
    supplier_id: str
    supplier_name: str
    reference: str
    title: str
    kind: str
    language: str
    state: str
    currency: str
    value: Decimal
    starts_on: date
    ends_on: date
    notice_days: int
    owner_id: str
    current_version: int
    signed_on: date | None
    version: int
    created_at: datetime

    @property
    def term(self) -> Term:
        return Term(self.starts_on, self.ends_on, self.notice_days)

    def phase(self, now: datetime) -> str:
        """State by dates too: active, expiring or expired."""
        return self.term.phase(self.state, now.date())

    @property
    def stream(self) -> str:
        return f"project:{self.project_id}" if self.project_id else f"organisation:{self.organisation_id}"


@dataclass(frozen=True, slots=True)
class VersionView:
    number: int
    clauses: tuple[Clause, ...]
    prices: tuple[dict[str, Any], ...]
    facts: dict[str, Any]
    sha256: str
    author_id: str
    author_name: str
    note: str
    at: datetime

    @property
    def deviations(self) -> list[str]:
        return deviations(list(self.clauses))


@dataclass(frozen=True, slots=True)
class StepView:
    position: int
    purpose: str
    state: str
    decided_by: str | None
    decided_by_name: str
    decided_at: datetime | None
    reason: str

    @property
    def step(self) -> Step:
        return Step(self.position, self.purpose, self.state, self.decided_by)


@dataclass(frozen=True, slots=True)
class Desk:
    """Contracts whose step this manager may take (within their limit, not theirs, not taken before), and those
    that end soon."""

    waiting: tuple[ContractView, ...]
    ending: tuple[ContractView, ...]


@dataclass(frozen=True, slots=True)
class ObligationView:
    id: str
    contract_id: str
    title: str
    party: str
    due_on: date
    done_on: date | None


_FIELDS = tuple(name for name in ContractView.__slots__ if name != "supplier_name")


def _views(rows: list[Contract]) -> list[ContractView]:
    cards = suppliers.suppliers(sorted({row.supplier_id for row in rows}))
    return [
        ContractView(supplier_name=cards[row.supplier_id].name, **{name: getattr(row, name) for name in _FIELDS})
        for row in rows
    ]


def contract_for(actor: Actor, contract_id: str) -> ContractView:
    """For staff of the organisation; a supplier user sees their own once it is approved."""
    row = db.session.get(Contract, contract_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    if actor.supplier_id is not None and (
        row.supplier_id != actor.supplier_id or row.state not in ("approved", "active", "terminated")
    ):
        raise NotFound
    if actor.supplier_id is None and not actor.may("contract:read"):
        raise NotFound
    return _views([row])[0]


def contract(contract_id: str) -> ContractView:
    row = db.session.get(Contract, contract_id)
    if row is None:
        raise NotFound
    return _views([row])[0]


def contracts(
    actor: Actor, *, text: str = "", phase: str = "", now: datetime, limit: int = 50, offset: int = 0
) -> tuple[list[ContractView], int]:
    query = select(Contract).where(Contract.organisation_id == actor.organisation_id)
    if actor.supplier_id is not None:
        query = query.where(
            Contract.supplier_id == actor.supplier_id, Contract.state.in_(("approved", "active", "terminated"))
        )
    if text:
        like = f"%{text}%"
        query = query.where(or_(Contract.title.ilike(like), Contract.reference.ilike(like)))
    today = now.date()
    if phase == "expired":
        query = query.where(Contract.state == "active", Contract.ends_on < today)
    elif phase == "expiring":
        from_today = Contract.ends_on >= today
        query = query.where(Contract.state == "active", from_today, Contract.ends_on <= _soon(today))
    elif phase:
        query = query.where(Contract.state == phase)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = list(db.session.scalars(query.order_by(Contract.ends_on, Contract.id).limit(limit).offset(offset)))
    return _views(rows), total


def _soon(today: date) -> date:
    from datetime import timedelta

    return today + timedelta(days=90)


@once
def for_project(project_id: str) -> list[ContractView]:
    query = select(Contract).where(Contract.project_id == project_id).order_by(Contract.reference)
    return _views(list(db.session.scalars(query)))


def of_projects(project_ids: Iterable[str]) -> list[ContractView]:
    """The contracts of several projects, the last to end first; the caller has authorised the actor for them."""
    wanted = list(project_ids)
    if not wanted:
        return []
    query = select(Contract).where(Contract.project_id.in_(wanted)).order_by(Contract.ends_on.desc(), Contract.id)
    return _views(list(db.session.scalars(query.limit(50))))


def first_reference(project_id: str) -> Select[tuple[str]]:
    """For the step bar."""
    return select(Contract.reference).where(Contract.project_id == project_id).order_by(Contract.reference).limit(1)


def of_supplier(organisation_id: str, supplier_id: str) -> list[ContractView]:
    query = select(Contract).where(Contract.organisation_id == organisation_id, Contract.supplier_id == supplier_id)
    return _views(list(db.session.scalars(query.order_by(Contract.ends_on.desc()).limit(50))))


def _version(row: ContractVersion) -> VersionView:
    return VersionView(
        row.number,
        tuple(Clause(**clause) for clause in row.clauses),
        tuple(row.prices),
        dict(row.facts),
        row.sha256,
        row.author_id,
        row.author_name,
        row.note,
        row.at,
    )


@once
def versions(contract_id: str) -> list[VersionView]:
    query = select(ContractVersion).where(ContractVersion.contract_id == contract_id)
    return [_version(row) for row in db.session.scalars(query.order_by(ContractVersion.number.desc()))]


def current_version(contract_id: str) -> VersionView:
    return versions(contract_id)[0]


def steps(contract_id: str) -> list[StepView]:
    """The approval steps of the newest round."""
    newest = select(func.max(ApprovalStep.round)).where(ApprovalStep.contract_id == contract_id).scalar_subquery()
    query = select(ApprovalStep).where(ApprovalStep.contract_id == contract_id, ApprovalStep.round == newest)
    return [
        StepView(row.position, row.purpose, row.state, row.decided_by, row.decided_by_name, row.decided_at, row.reason)
        for row in db.session.scalars(query.order_by(ApprovalStep.position))
    ]


def _waiting(actor: Actor) -> Select[tuple[Contract]]:
    return select(Contract).where(
        Contract.organisation_id == actor.organisation_id,
        Contract.state == "in_approval",
        Contract.value <= Decimal(actor.limit or 0),
        Contract.id.not_in(select(ContractVersion.contract_id).where(ContractVersion.author_id == actor.user_id)),
        Contract.id.not_in(select(ApprovalStep.contract_id).where(ApprovalStep.decided_by == actor.user_id)),
    )


@once
def desk(actor: Actor, now: datetime, limit: int = 5) -> Desk:
    """What one person is shown of contracts at the start, in one read."""
    today, deciding = now.date(), actor.limit is not None and actor.may("contract:approve")
    ending = select(Contract.id).where(
        Contract.organisation_id == actor.organisation_id,
        Contract.state == "active",
        Contract.ends_on.between(today, _soon(today)),
    )
    tests = [Contract.id.in_(ending.order_by(Contract.ends_on, Contract.id).limit(limit))]
    if deciding:
        tests.append(Contract.id.in_(_waiting(actor).with_only_columns(Contract.id)))
    if not actor.may("contract:read"):
        return Desk((), ())
    views = _views(list(db.session.scalars(select(Contract).where(or_(*tests)).order_by(Contract.created_at))))
    return Desk(
        tuple(one for one in views if one.state == "in_approval"),
        tuple(sorted((one for one in views if one.state == "active"), key=lambda one: (one.ends_on, one.id))),
    )


def waiting_count(actor: Actor) -> Select[tuple[int]]:
    """How many contracts wait, for the top bar."""
    return select(func.count()).select_from(_waiting(actor).subquery())


def obligations(contract_id: str) -> list[ObligationView]:
    query = select(Obligation).where(Obligation.contract_id == contract_id).order_by(Obligation.due_on)
    return [
        ObligationView(row.id, row.contract_id, row.title, row.party, row.due_on, row.done_on)
        for row in db.session.scalars(query)
    ]


def duties_kept(organisation_id: str, supplier_id: str, first: date, last: date) -> tuple[int, int]:
    """Of the supplier's duties that were due in a span of days: how many were kept in time, and all of them."""
    query = (
        select(Obligation.due_on, Obligation.done_on)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(
            Contract.organisation_id == organisation_id,
            Contract.supplier_id == supplier_id,
            Obligation.party == "supplier",
            Obligation.due_on.between(first, last),
        )
    )
    rows = db.session.execute(query).all()
    return sum(done is not None and done <= due for due, done in rows), len(rows)
