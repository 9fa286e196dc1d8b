"""Contracts as pages and later rooms see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from srm_portal.awards import queries as awards
from srm_portal.contracts.domain.clauses import Clause, deviations
from srm_portal.contracts.domain.life import Term
from srm_portal.contracts.domain.words import asked_words, next_word
from srm_portal.contracts.models import Contract, ContractVersion, ContractWord
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
    parent_id: str | None
    relation: str
    kind: str
    category: str
    risk: str
    language: str
    state: str
    pen: str
    shared_version: int
    currency: str
    value: Decimal
    starts_on: date
    ends_on: date
    notice_days: int
    renews_months: int
    sign_first: str
    index_name: str
    index_base: Decimal | None
    index_share: int
    index_cap: int | None
    owner_id: str
    current_version: int
    signed_on: date | None
    version: int
    created_at: datetime

    @property
    def term(self) -> Term:
        return Term(self.starts_on, self.ends_on, self.notice_days, self.renews_months)

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

    def day(self, name: str) -> date:
        """A date as this version states it."""
        return date.fromisoformat(self.facts[name])

    def clause(self, key: str) -> Clause | None:
        return next((one for one in self.clauses if one.key == key), None)


_FIELDS = tuple(name for name in ContractView.__slots__ if name != "supplier_name")


def views_of(rows: list[Contract]) -> list[ContractView]:
    cards = suppliers.suppliers(sorted({row.supplier_id for row in rows}))
    return [
        ContractView(supplier_name=cards[row.supplier_id].name, **{name: getattr(row, name) for name in _FIELDS})
        for row in rows
    ]


SUPPLIER_SEES = ("approved", "active", "terminated")


def contract_for(actor: Actor, contract_id: str) -> ContractView:
    """For staff of the organisation; a supplier user sees their own once a version was given to them, or approved."""
    row = db.session.get(Contract, contract_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    if actor.supplier_id is not None and (
        row.supplier_id != actor.supplier_id or not (row.shared_version or row.state in SUPPLIER_SEES)
    ):
        raise NotFound
    if actor.supplier_id is None and not actor.may("contract:read"):
        raise NotFound
    return views_of([row])[0]


def contract(contract_id: str) -> ContractView:
    row = db.session.get(Contract, contract_id)
    if row is None:
        raise NotFound
    return views_of([row])[0]


def standstill_until(view: ContractView | Contract) -> datetime | None:
    """When the standstill of the award behind it is over; None for a contract without one."""
    return awards.standstill_until(view.award_id) if view.award_id else None


def contracts(
    actor: Actor, *, text: str = "", phase: str = "", now: datetime, limit: int = 50, offset: int = 0
) -> tuple[list[ContractView], int]:
    query = select(Contract).where(Contract.organisation_id == actor.organisation_id)
    if actor.supplier_id is not None:
        query = query.where(
            Contract.supplier_id == actor.supplier_id,
            or_(Contract.state.in_(SUPPLIER_SEES), Contract.shared_version > 0),
        )
    if text:
        query = query.where(*_found_by(text))
    today = now.date()
    if phase == "expired":
        query = query.where(Contract.state == "active", Contract.ends_on < today)
    elif phase == "expiring":
        from_today = Contract.ends_on >= today
        query = query.where(Contract.state == "active", from_today, Contract.ends_on <= soon(today))
    elif phase:
        query = query.where(Contract.state == phase)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = list(db.session.scalars(query.order_by(Contract.ends_on, Contract.id).limit(limit).offset(offset)))
    return views_of(rows), total


def _found_by(text: str) -> list[ColumnElement[bool]]:
    """Every word of the question begins a word of the text, the title, the price list or the supplier's name."""
    words = asked_words(text)
    if not words:
        return [false()]
    return [
        Contract.id.in_(
            select(ContractWord.contract_id).where(ContractWord.word >= word, ContractWord.word < next_word(word))
        )
        for word in words
    ]


def soon(today: date) -> date:
    return today + timedelta(days=90)


@once
def for_project(project_id: str) -> list[ContractView]:
    query = select(Contract).where(Contract.project_id == project_id).order_by(Contract.reference)
    return views_of(list(db.session.scalars(query)))


def of_projects(project_ids: Iterable[str]) -> list[ContractView]:
    """The contracts of several projects, the last to end first; the caller has authorised the actor for them."""
    wanted = list(project_ids)
    if not wanted:
        return []
    query = select(Contract).where(Contract.project_id.in_(wanted)).order_by(Contract.ends_on.desc(), Contract.id)
    return views_of(list(db.session.scalars(query.limit(50))))


def first_reference(project_id: str) -> Select[tuple[str]]:
    """For the step bar."""
    return select(Contract.reference).where(Contract.project_id == project_id).order_by(Contract.reference).limit(1)


def of_supplier(organisation_id: str, supplier_id: str) -> list[ContractView]:
    query = select(Contract).where(Contract.organisation_id == organisation_id, Contract.supplier_id == supplier_id)
    return views_of(list(db.session.scalars(query.order_by(Contract.ends_on.desc()).limit(50))))


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


@once
def current_version(contract_id: str) -> VersionView:
    query = select(ContractVersion).where(ContractVersion.contract_id == contract_id)
    return _version(db.session.scalars(query.order_by(ContractVersion.number.desc()).limit(1)).one())


def newest(contract_ids: list[str]) -> dict[str, VersionView]:
    """The current version of several contracts."""
    if not contract_ids:
        return {}
    query = select(ContractVersion).join(Contract, Contract.id == ContractVersion.contract_id)
    query = query.where(Contract.id.in_(contract_ids), ContractVersion.number == Contract.current_version)
    return {row.contract_id: _version(row) for row in db.session.scalars(query)}


def version(contract_id: str, number: int) -> VersionView:
    query = select(ContractVersion).where(ContractVersion.contract_id == contract_id, ContractVersion.number == number)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound
    return _version(row)


def shown_version(view: ContractView, *, to_supplier: bool) -> VersionView:
    """The text a side reads: the supplier the one they were given last, or the one that is approved."""
    if to_supplier and view.state not in SUPPLIER_SEES:
        return version(view.id, view.shared_version)
    return version(view.id, view.current_version)
