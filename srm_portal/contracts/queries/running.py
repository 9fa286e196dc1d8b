"""Contracts after their signature: obligations, call-offs, prices, spend, what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from srm_portal.contracts.domain.life import Due, dues
from srm_portal.contracts.models import Contract, Obligation, PriceAdjustment, Spend
from srm_portal.contracts.queries.contracts import ContractView, views_of
from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class ObligationView:
    id: str
    contract_id: str
    title: str
    kind: str
    party: str
    owner_id: str | None
    owner_name: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    effective_on: date
    index_value: Decimal
    factor: Decimal
    prices: tuple[dict[str, Any], ...]
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SpendView:
    number: str
    booked_on: date
    amount: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What was called off and spent against the contract's value."""

    called_off: Decimal
    spent: Decimal
    value: Decimal

    @property
    def left(self) -> Decimal:
        return self.value - max(self.called_off, self.spent)

    @property
    def share(self) -> Decimal:
        return max(self.called_off, self.spent) / self.value if self.value else Decimal(0)


def obligations(contract_id: str) -> list[ObligationView]:
    query = select(Obligation).where(Obligation.contract_id == contract_id)
    return [_obligation(row) for row in db.session.scalars(query.order_by(Obligation.due_on, Obligation.id))]


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


def _obligation(row: Obligation) -> ObligationView:
    return ObligationView(
        row.id,
        row.contract_id,
        row.title,
        row.kind,
        row.party,
        row.owner_id,
        row.owner_name,
        row.due_on,
        row.done_on,
    )


def children(contract_id: str, relation: str) -> list[ContractView]:
    """Call-offs or amendments of a contract, oldest first."""
    query = select(Contract).where(Contract.parent_id == contract_id, Contract.relation == relation)
    return views_of(list(db.session.scalars(query.order_by(Contract.created_at, Contract.id))))


def related(view: ContractView) -> list[ContractView]:
    """The framework or the amended contract, its call-offs and amendments."""
    query = select(Contract).where(or_(Contract.parent_id == view.id, Contract.id == view.parent_id))
    return views_of(list(db.session.scalars(query.order_by(Contract.created_at, Contract.id).limit(100))))


def usage(view: ContractView) -> Usage:
    called = select(func.coalesce(func.sum(Contract.value), 0)).where(
        Contract.parent_id == view.id,
        Contract.relation == "call_off",
        Contract.state.not_in(("cancelled", "terminated")),
    )
    tree = select(Contract.id).where(or_(Contract.id == view.id, Contract.parent_id == view.id))
    spent = select(func.coalesce(func.sum(Spend.amount), 0)).where(Spend.contract_id.in_(tree))
    first, second = db.session.execute(select(called.scalar_subquery(), spent.scalar_subquery())).one()
    return Usage(Decimal(first or 0), Decimal(second or 0), view.value)


def spend(contract_id: str, limit: int = 50) -> list[SpendView]:
    query = select(Spend).where(Spend.contract_id == contract_id)
    return [
        SpendView(row.number, row.booked_on, row.amount, row.text)
        for row in db.session.scalars(query.order_by(Spend.booked_on.desc(), Spend.number).limit(limit))
    ]


def adjustments(contract_id: str) -> list[AdjustmentView]:
    query = select(PriceAdjustment).where(PriceAdjustment.contract_id == contract_id)
    return [
        AdjustmentView(row.effective_on, row.index_value, row.factor, tuple(row.prices), row.by_name, row.at)
        for row in db.session.scalars(query.order_by(PriceAdjustment.effective_on.desc()))
    ]


DUE_MAX = 300
"""So many contracts and so many obligations at most, the soonest first."""


def due(actor: Actor, today: date, days: int = 90) -> list[tuple[Due, ContractView]]:
    """What falls due in the next days over all running contracts: obligations, notices, renewals, ends."""
    last = today + timedelta(days=days)
    running = (Contract.organisation_id == actor.organisation_id, Contract.state == "active")
    owing = (
        select(Obligation)
        .join(Contract, Contract.id == Obligation.contract_id)
        .where(*running, Obligation.done_on.is_(None), Obligation.due_on <= last)
    )
    owed: dict[str, list[ObligationView]] = {}
    for one in db.session.scalars(owing.order_by(Obligation.due_on, Obligation.id).limit(DUE_MAX)):
        owed.setdefault(one.contract_id, []).append(_obligation(one))
    near = or_(Contract.ends_on.between(today, last), Contract.notice_on.between(today, last))
    soonest = select(Contract).where(*running, near).order_by(Contract.ends_on, Contract.id).limit(DUE_MAX)
    rows = {row.id: row for row in db.session.scalars(soonest)}
    missing = [one for one in owed if one not in rows]
    if missing:
        rows |= {row.id: row for row in db.session.scalars(select(Contract).where(Contract.id.in_(missing)))}
    views = {one.id: one for one in views_of(list(rows.values()))}
    found = []
    for view in views.values():
        found += [
            (one, view) for one in dues(view.term, [(o.title, o.due_on) for o in owed.get(view.id, [])], today, days)
        ]
    return sorted(found, key=lambda pair: (pair[0].on, pair[1].reference))
