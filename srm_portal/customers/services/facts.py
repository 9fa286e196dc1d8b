"""Facts that come from sales: quotations, contracts of sale, what customers think of us. Typed or imported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.customers.models import Customer, SaleContract, SalesQuote, Satisfaction
from srm_portal.customers.services.loading import customer_row_for
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound
from srm_portal.kernel.permissions import Actor

QUOTE_STATES = ("open", "won", "lost", "expired")
SCORE_MAX = 10
_CURRENCY = re.compile(r"[A-Z]{3}")
Fact = TypeVar("Fact", SalesQuote, SaleContract)


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One quotation; `net` is without tax."""

    customer_id: str
    number: str
    quoted_on: date
    net: Decimal
    currency: str
    title: str = ""
    valid_until_on: date | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract of sale; without `ends_on` it runs until notice is given."""

    customer_id: str
    number: str
    title: str
    starts_on: date
    currency: str
    ends_on: date | None = None
    notice_days: int = 0
    value: Decimal | None = None


def _quote_problems(row: QuoteRow) -> Iterable[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    if row.state not in QUOTE_STATES:
        yield "state", "unknown_value", row.state, (("choices", ", ".join(QUOTE_STATES)),)
    if row.net < 0:
        yield "net", "not_positive", str(row.net), ()
    if row.valid_until_on and row.valid_until_on < row.quoted_on:
        yield "valid_until_on", "ends_before_start", "", ()


def _contract_problems(row: ContractRow) -> Iterable[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    if not row.title.strip():
        yield "title", "required", "", ()
    if row.ends_on and row.ends_on < row.starts_on:
        yield "ends_on", "ends_before_start", "", ()
    if not 0 <= row.notice_days <= 3650:
        yield "notice_days", "notice_range", str(row.notice_days), ()
    if row.value is not None and row.value < 0:
        yield "value", "not_positive", str(row.value), ()


def _known(actor: Actor, ids: set[str]) -> set[str]:
    query = select(Customer.id).where(Customer.organisation_id == actor.organisation_id, Customer.id.in_(ids))
    return set(db.session.scalars(query))


def _checked(actor: Actor, rows: Sequence[Any], problems_of: Callable[[Any], Iterable[Any]]) -> None:
    if actor.supplier_id is not None:
        raise NotFound
    customers = _known(actor, {row.customer_id for row in rows})
    found = []
    for at, row in enumerate(rows, start=1):
        if row.customer_id not in customers:
            found.append(FieldProblem("customer_id", "customer_unknown", at, row.customer_id))
        if not row.number.strip():
            found.append(FieldProblem("number", "required", at))
        if not _CURRENCY.fullmatch(row.currency):
            found.append(FieldProblem("currency", "currency_unknown", at, row.currency))
        found += [
            FieldProblem(name, "too_long", at, facts=(("max", str(most)),))
            for name, most in (("number", 60), ("title", 300))
            if len(getattr(row, name).strip()) > most
        ]
        found += [FieldProblem(name, code, at, value, facts) for name, code, value, facts in problems_of(row)]
    if found:
        raise Invalid(found)


def _keep(actor: Actor, model: type[Fact], rows: Sequence[Any], source: str) -> None:
    """Add the rows; one known by its number is replaced."""
    numbers = {row.number.strip() for row in rows}
    query = select(model).where(model.organisation_id == actor.organisation_id, model.number.in_(numbers))
    known = {fact.number: fact for fact in db.session.scalars(query)}
    for row in rows:
        number = row.number.strip()
        fact = known.get(number)
        if fact is None:
            fact = known[number] = model(organisation_id=actor.organisation_id)
            db.session.add(fact)
        for name, value in asdict(row).items():
            setattr(fact, name, value.strip() if isinstance(value, str) else value)
        fact.source = source
    db.session.flush()


@command
def record_quotes(actor: Actor, rows: Iterable[QuoteRow], *, now: datetime, source: str = "typed") -> int:
    """Add quotations; one known by its number is replaced. Returns how many; Invalid names every wrong row from 1."""
    given = list(rows)
    _checked(actor, given, _quote_problems)
    _keep(actor, SalesQuote, given, source)
    record(actor, "quotes.recorded", "customer", "quotes", now=now, label=source, rows=len(given))
    return len(given)


@command
def record_contracts(actor: Actor, rows: Iterable[ContractRow], *, now: datetime, source: str = "typed") -> int:
    """Add contracts of sale; one known by its number is replaced. As for `record_quotes`."""
    given = list(rows)
    _checked(actor, given, _contract_problems)
    _keep(actor, SaleContract, given, source)
    record(actor, "sale_contracts.recorded", "customer", "contracts", now=now, label=source, rows=len(given))
    return len(given)


@command
def record_satisfaction(
    actor: Actor,
    customer_id: str,
    *,
    score: int,
    said_on: date,
    now: datetime,
    comment: str = "",
    by_name: str = "",
    source: str = "typed",
) -> str:
    """What the customer answered to "would you recommend us?", 0 to 10; returns the answer's id."""
    customer = customer_row_for(actor, customer_id)
    problems = []
    if not 0 <= score <= SCORE_MAX:
        problems.append(FieldProblem("score", "score_range", value=str(score)))
    if said_on > now.date():
        problems.append(FieldProblem("said_on", "not_yet_happened"))
    if problems:
        raise Invalid(problems)
    row = Satisfaction(
        organisation_id=customer.organisation_id,
        customer_id=customer.id,
        said_on=said_on,
        score=score,
        comment=comment.strip(),
        by_name=by_name.strip()[:200],
        source=source,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "satisfaction.recorded", "customer", customer.id, now=now, label=customer.name, score=score)
    return row.id
