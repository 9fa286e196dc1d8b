"""Marks of a period: typed, imported, or made from facts when the period is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.suppliers.domain import performance as rules
from srm_portal.suppliers.domain.categories import bare
from srm_portal.suppliers.domain.scorecard import marks_of
from srm_portal.suppliers.models import Delivery, Performance, Survey
from srm_portal.suppliers.queries.onboarding import settings
from srm_portal.suppliers.queries.standing import measures
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for


@command
def record_performance(
    actor: Actor,
    supplier_id: str,
    period: str,
    marks: Mapping[str, int | None],
    *,
    now: datetime,
    note: str = "",
    source: str = "typed",
    facts: list[Any] | None = None,
) -> None:
    """Marks 0..100 by dimension for a year, quarter or month; a period given again replaces its marks.

    The overall mark goes by the organisation's weights; the supplier's score is that of the newest period.
    """
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    period = period.strip().upper()
    problems = rules.problems(period, marks)
    if problems:
        raise Invalid(problems)
    weights = settings(supplier.organisation_id).weights
    overall = rules.overall(marks, weights)
    if overall is None:
        raise Invalid([FieldProblem("quality", "no_mark_given")])
    query = select(Performance).where(Performance.supplier_id == supplier.id)
    rows = {row.period: row for row in db.session.scalars(query)}
    row = rows.get(period)
    before = {name: getattr(row, name) for name in rules.DIMENSIONS} if row else {}
    if row is None:
        row = Performance(supplier_id=supplier.id, period=period)
        db.session.add(row)
        rows[period] = row
    for name in rules.DIMENSIONS:
        setattr(row, name, marks.get(name))
    row.overall, row.facts = overall, facts or []
    row.note, row.source, row.recorded_at = note.strip(), source, now
    supplier.score = rows[max(rows)].overall
    record(
        actor, "performance.recorded", "supplier", supplier.id, now=now, label=supplier.name, period=period,
        before=before, marks={name: marks.get(name) for name in rules.DIMENSIONS}, weights=rules.weights_of(weights),
        source=source,
    )  # fmt: skip


@command
def close_period(actor: Actor, supplier_id: str, period: str, *, now: datetime) -> dict[str, int | None]:
    """Make the period's marks from the facts at hand and keep both; returns the marks.

    Refused `no_facts` when nothing is known. Facts that come later count when the period is closed again.
    """
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    period = period.strip().upper()
    if not rules.is_period(period):
        raise Invalid([FieldProblem("period", "period_wrong", value=period)])
    found = measures(supplier.organisation_id, supplier.id, period, now.date())
    marks = marks_of(found)
    if all(mark is None for mark in marks.values()):
        raise Refused("no_facts")
    facts = [[one.dimension, one.mark, one.weight, one.code, dict(one.facts)] for one in found]
    record_performance(actor, supplier.id, period, marks, now=now, source="facts", facts=facts)
    return marks


@command
def keep_delivery(
    actor: Actor,
    supplier_id: str,
    *,
    order_number: str,
    line: str,
    due_on: date,
    delivered_on: date | None,
    ordered: Decimal,
    received: Decimal,
    rejected: Decimal,
    amount: Decimal | None,
    currency: str,
    category: str,
    now: datetime,
) -> bool:
    """One order line as the goods office saw it; the same line again is brought up to date. True when it is new."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    problems = []
    if ordered <= 0:
        problems.append(FieldProblem("ordered", "not_above_zero"))
    if received < 0 or rejected < 0:
        problems.append(FieldProblem("received", "not_negative"))
    elif rejected > received:
        problems.append(FieldProblem("rejected", "more_rejected_than_received"))
    if delivered_on is not None and delivered_on > now.date():
        problems.append(FieldProblem("delivered_on", "in_the_future"))
    if problems:
        raise Invalid(problems)
    query = select(Delivery).where(
        Delivery.supplier_id == supplier.id, Delivery.order_number == order_number, Delivery.line == line
    )
    row = db.session.scalar(query)
    is_new = row is None
    if row is None:
        row = Delivery(
            organisation_id=supplier.organisation_id, supplier_id=supplier.id, order_number=order_number, line=line
        )
        db.session.add(row)
    row.due_on, row.delivered_on, row.category = due_on, delivered_on, bare(category)
    row.ordered, row.received, row.rejected = ordered, received, rejected
    row.amount, row.currency, row.imported_at = amount, currency, now
    db.session.flush()
    record(
        actor, "delivery.kept", "supplier", supplier.id, now=now, label=supplier.name, order=order_number, line=line,
        due_on=due_on, delivered_on=delivered_on,
    )  # fmt: skip
    return is_new


@command
def ask_colleagues(actor: Actor, supplier_id: str, period: str, user_ids: list[str], *, now: datetime) -> int:
    """Ask people of the house how the supplier did; who was asked already is not asked twice. Returns how many."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    period = period.strip().upper()
    if not rules.is_period(period):
        raise Invalid([FieldProblem("period", "period_wrong", value=period)])
    known = {one.id: one for one in identity.staff(actor.organisation_id)}
    if not user_ids or any(one not in known for one in user_ids):
        raise Invalid([FieldProblem("people", "choose_people")])
    query = select(Survey.user_id).where(Survey.supplier_id == supplier.id, Survey.period == period)
    asked = set(db.session.scalars(query))
    fresh = [one for one in dict.fromkeys(user_ids) if one not in asked]
    rows = [
        Survey(
            organisation_id=supplier.organisation_id, supplier_id=supplier.id, period=period, user_id=one,
            user_name=known[one].name, asked_by=actor.user_id, asked_at=now,
        )
        for one in fresh
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.flush()
    record(actor, "survey.asked", "supplier", supplier.id, now=now, label=supplier.name, period=period, people=fresh)
    for row in rows:
        notify(
            [row.user_id], "survey_asked", path=f"/surveys/{row.id}", now=now, about=row.id, supplier=supplier.name,
            period=period, by=actor.name,
        )  # fmt: skip
    return len(rows)


@command
def answer_survey(
    actor: Actor, survey_id: str, marks: Mapping[str, int | None], *, comment: str, now: datetime
) -> None:
    """Marks 1..5 where one can judge, at least one; only who was asked answers."""
    row = db.session.get(Survey, survey_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    given = {name: mark for name, mark in marks.items() if mark is not None}
    problems = [
        FieldProblem(name, "survey_mark_range", value=str(mark))
        for name, mark in given.items()
        if name not in rules.DIMENSIONS or not 1 <= mark <= 5
    ]
    if not given:
        problems.append(FieldProblem("quality", "no_mark_given"))
    if problems:
        raise Invalid(problems)
    row.marks, row.comment, row.answered_at = given, comment.strip(), now
    record(actor, "survey.answered", "supplier", row.supplier_id, now=now, period=row.period, marks=given)
