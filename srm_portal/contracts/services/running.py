"""After the signature: obligations, notice, prices by index, spend, the end."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain.life import LIFE
from srm_portal.contracts.domain.prices import index_factor, indexed
from srm_portal.contracts.models import Contract, Obligation, PriceAdjustment, Spend
from srm_portal.contracts.services.drafting import renew
from srm_portal.contracts.store import contract_row
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.money import parse_amount
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.notifications.services import notify

DAILY_JOB = "contracts.daily"
DATES_JOB = "contracts.remind_dates"
REMIND_DAYS = (30, 7, 0)
"""So many days before a date its owner is reminded."""
ROWS_MAX = 20_000
_COLUMNS = ("contract", "number", "date", "amount")
KINDS = ("obligation", "milestone", "delivery", "report", "payment")


def _trail(actor: Actor, action: str, row: Contract, now: datetime, **details: Any) -> None:
    stream = queries.contract(row.id).stream
    record(actor, action, "contract", row.id, now=now, label=row.reference, stream=stream, **details)


@command
def add_obligation(
    actor: Actor,
    contract_id: str,
    *,
    title: str,
    party: str,
    due_on: date | None,
    now: datetime,
    kind: str = "obligation",
    owner_id: str | None = None,
) -> None:
    """What one side owes on a day; `owner_id` is who of the staff looks after it."""
    row = contract_row(actor, contract_id)
    problems = []
    if not title.strip() or due_on is None:
        problems.append(FieldProblem("title" if not title.strip() else "due_on", "required"))
    if party not in ("buyer", "supplier") or kind not in KINDS:
        problems.append(FieldProblem("party", "wrong_value"))
    owner = identity.person_for(actor, owner_id) if owner_id else None
    if problems:
        raise Invalid(problems)
    assert due_on is not None
    db.session.add(
        Obligation(
            contract_id=row.id,
            title=title.strip(),
            kind=kind,
            party=party,
            due_on=due_on,
            owner_id=owner.id if owner else None,
            owner_name=owner.name if owner else "",
        )
    )
    _trail(actor, "obligation.added", row, now, title=title, due_on=due_on)


@command
def finish_obligation(actor: Actor, contract_id: str, obligation_id: str, *, now: datetime) -> None:
    row = contract_row(actor, contract_id)
    obligation = db.session.get(Obligation, obligation_id)
    if obligation is None or obligation.contract_id != row.id:
        raise NotFound
    if obligation.done_on is not None:
        raise Refused("already_done")
    obligation.done_on = now.date()
    _trail(actor, "obligation.done", row, now, title=obligation.title)


@command
def terminate(actor: Actor, contract_id: str, *, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise Refused("reason_needed")
    row = contract_row(actor, contract_id)
    row.state = LIFE.move(row.state, "terminated")
    row.touch()
    _trail(actor, "contract.terminated", row, now, reason=reason)


@command
def give_notice(actor: Actor, contract_id: str, *, reason: str, now: datetime) -> None:
    """It will not renew itself: in time only, until the notice day."""
    row = contract_row(actor, contract_id)
    view = queries.contract(row.id)
    if row.state != "active" or not row.renews_months:
        raise Refused("does_not_renew")
    if now.date() > view.term.notice_on:
        raise Refused("notice_too_late", day=view.term.notice_on)
    row.renews_months = 0
    row.touch()
    _trail(actor, "contract.notice_given", row, now, reason=reason, ends_on=row.ends_on)


@command
def adjust_prices(
    actor: Actor, contract_id: str, *, index_value: Decimal | None, effective_on: date | None, now: datetime
) -> None:
    """The price list from a day on, by the formula that the contract states."""
    row = contract_row(actor, contract_id)
    if row.state != "active" or row.index_base is None:
        raise Refused("no_index")
    held = queries.adjustments(row.id)
    problems = []
    if index_value is None or index_value <= 0:
        problems.append(FieldProblem("index_value", "required"))
    if effective_on is None or not row.starts_on <= effective_on <= row.ends_on:
        problems.append(FieldProblem("effective_on", "outside_term"))
    elif held and effective_on <= held[0].effective_on:
        problems.append(FieldProblem("effective_on", "index_not_later"))
    if problems:
        raise Invalid(problems)
    assert index_value is not None and effective_on is not None
    factor = index_factor(row.index_base, index_value, row.index_share, row.index_cap)
    prices = indexed(queries.current_version(row.id).prices, factor)
    db.session.add(
        PriceAdjustment(
            contract_id=row.id,
            effective_on=effective_on,
            index_value=index_value,
            factor=factor,
            prices=prices,
            by_name=actor.name,
            at=now,
        )
    )
    row.touch()
    _trail(actor, "contract.prices_indexed", row, now, index=index_value, factor=factor, effective_on=effective_on)


def _cells(data: bytes) -> list[dict[str, str]]:
    """Rows by heading. Refused: `not_utf8`, `columns_missing` (with their names), `too_many_rows`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("spend_not_utf8") from None
    delimiter = ";" if text.partition("\n")[0].count(";") >= text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    named = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    missing = [name for name in _COLUMNS if name not in named]
    if missing:
        raise Refused("columns_missing", columns=", ".join(missing))
    rows = []
    for row in reader:
        rows.append({name: str(row[named[name]] or "").strip() for name in (*_COLUMNS, "text") if name in named})
        if len(rows) > ROWS_MAX:
            raise Refused("too_many_rows", most=ROWS_MAX)
    return rows


@command
def import_spend(actor: Actor, data: bytes, *, now: datetime) -> int:
    """Invoices from a CSV with the columns contract, number, date, amount and, if wished, text; all or nothing.

    Every wrong row is named (Invalid with its line): unknown contract, number booked before, wrong day or amount.
    Returns how many were booked.
    """
    rows = _cells(data)
    wanted = {row["contract"] for row in rows}
    query = select(Contract).where(
        Contract.organisation_id == actor.organisation_id, Contract.reference.in_(sorted(wanted))
    )
    known = {row.reference: row for row in db.session.scalars(query)} if wanted else {}
    ids = [one.id for one in known.values()]
    booked = select(Spend.contract_id, Spend.number).where(Spend.contract_id.in_(ids))
    seen = {(one, number) for one, number in db.session.execute(booked)} if ids else set()
    problems: list[FieldProblem] = []
    found: list[Spend] = []
    for line, row in enumerate(rows, start=2):
        made = _spend_row(row, line, known, seen, problems, now)
        if made is not None:
            found.append(made)
    if problems:
        raise Invalid(problems)
    if not found:
        raise Refused("nothing_to_import")
    db.session.add_all(found)
    db.session.flush()
    record(
        actor,
        "contract.spend_imported",
        "organisation",
        actor.organisation_id,
        now=now,
        label=str(len(found)),
        rows=len(found),
        total=sum((one.amount for one in found), Decimal(0)),
    )
    return len(found)


def _spend_row(
    row: dict[str, str],
    line: int,
    known: dict[str, Contract],
    seen: set[tuple[str, str]],
    problems: list[FieldProblem],
    now: datetime,
) -> Spend | None:
    before = len(problems)
    contract = known.get(row["contract"])
    if contract is None:
        problems.append(FieldProblem("contract", "contract_unknown", line, row["contract"]))
    elif not row["number"]:
        problems.append(FieldProblem("number", "required", line))
    elif (contract.id, row["number"][:80]) in seen:
        problems.append(FieldProblem("number", "booked_before", line, row["number"]))
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        problems.append(FieldProblem("date", "not_a_date", line, row["date"]))
    try:
        amount = parse_amount(row["amount"])
    except ValueError:
        problems.append(FieldProblem("amount", "not_an_amount", line, row["amount"]))
    if len(problems) > before or contract is None:
        return None
    seen.add((contract.id, row["number"][:80]))
    return Spend(
        organisation_id=contract.organisation_id,
        contract_id=contract.id,
        number=row["number"][:80],
        booked_on=day,
        amount=amount,
        text=row.get("text", "")[:300],
        at=now,
    )


def daily(work: jobs.Work) -> None:
    """Job, once a day for each organisation: renewals that fell due, reminders of what comes; it asks for the next day."""
    organisation_id, today = work.args["organisation"], work.now.date()
    query = select(Contract.id).where(
        Contract.organisation_id == organisation_id,
        Contract.state == "active",
        Contract.renews_months > 0,
        Contract.ends_on < today,
    )
    for contract_id in list(db.session.scalars(query)):
        renew(contract_id, now=work.now)
    _ask_reminders(organisation_id, now=work.now)
    start_daily(organisation_id, work.now + timedelta(days=1))


def start_daily(organisation_id: str, now: datetime) -> None:
    """The day's look at an organisation's contracts; the same day is queued once."""
    due = now.replace(hour=4, minute=0, second=0, microsecond=0)
    _queue(organisation_id, due, now)


@command
def _queue(organisation_id: str, due: datetime, now: datetime) -> None:
    key = f"{DAILY_JOB}:{organisation_id}:{due.date()}"
    jobs.enqueue(DAILY_JOB, {"organisation": organisation_id}, now=now, due_at=due, key=key)


@command
def _ask_reminders(organisation_id: str, *, now: datetime) -> None:
    """Once a day, however many daily jobs of the past are caught up with."""
    key = f"{DATES_JOB}:{organisation_id}:{now.date()}"
    jobs.enqueue(DATES_JOB, {"organisation": organisation_id}, now=now, key=key)


def remind_dates(work: jobs.Work) -> None:
    """Job: bring the dates of an organisation's contracts to mind."""
    _remind(work.args["organisation"], now=work.now)


@command
def _remind(organisation_id: str, *, now: datetime) -> None:
    """One notice for each date that is 30 days, a week, or no day away."""
    today = now.date()
    count = 0
    for due, view in queries.due(system_actor(organisation_id), today, max(REMIND_DAYS)):
        if (due.on - today).days not in REMIND_DAYS:
            continue
        owner = view.owner_id
        if due.kind == "obligation":
            held = next(one for one in queries.obligations(view.id) if (one.title, one.due_on) == (due.title, due.on))
            owner = held.owner_id or view.owner_id
        facts = {"reference": view.reference, "title": due.title or view.title, "day": due.on.isoformat()}
        notify([owner], f"contract_due_{due.kind}", path=f"/contracts/{view.id}", now=now, **facts)
        count += 1
    if count:
        record(
            system_actor(organisation_id),
            "contract.dates_reminded",
            "organisation",
            organisation_id,
            now=now,
            label=str(count),
        )
