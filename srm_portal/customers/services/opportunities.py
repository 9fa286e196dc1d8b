"""Opportunities with their lines, and the way back from needs and awards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from srm_portal.audit.services import record
from srm_portal.customers.domain.pipeline import CLOSED, MOVES, STAGES, USUAL_CHANCE, LineInput, line_problems
from srm_portal.customers.models import CustomerLink, Opportunity, OpportunityLine, OpportunityMove
from srm_portal.customers.services.loading import customer_row_for, opportunity_in, row_for
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused, Stale
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class OpportunityData:
    """What is typed about an opportunity. `probability` None takes the stage's usual chance."""

    title: str
    description: str = ""
    category: str = ""
    amount: Decimal | None = None
    currency: str = ""
    probability: int | None = None
    expected_on: date | None = None
    target_margin: Decimal | None = None


def _problems(data: OpportunityData, currency: str) -> list[FieldProblem]:
    found = [] if data.title.strip() else [FieldProblem("title", "required")]
    if not _CURRENCY.fullmatch(currency):
        found.append(FieldProblem("currency", "currency_unknown", value=currency))
    if data.amount is not None and data.amount < 0:
        found.append(FieldProblem("amount", "not_positive", value=plain(data.amount)))
    if data.probability is not None and not 0 <= data.probability <= 100:
        found.append(FieldProblem("probability", "percent_range", value=str(data.probability)))
    if data.target_margin is not None and not Decimal(-100) <= data.target_margin < 100:
        found.append(FieldProblem("target_margin", "margin_range", value=plain(data.target_margin)))
    return found


def _currency(actor: Actor, data: OpportunityData) -> str:
    return data.currency.strip().upper() or identity.organisation(actor.organisation_id).currency


def _values(data: OpportunityData, currency: str, stage: str) -> dict[str, Any]:
    values = asdict(data) | {"currency": currency}
    for name in ("title", "description", "category"):
        values[name] = values[name].strip()
    if data.probability is None or stage in CLOSED:
        values["probability"] = USUAL_CHANCE[stage]
    return values


@command
def add_opportunity(actor: Actor, customer_id: str, data: OpportunityData, *, now: datetime) -> str:
    """A new opportunity in the stage `lead`, owned by the actor; returns its id."""
    customer = customer_row_for(actor, customer_id)
    if customer.erased_at is not None:
        raise Refused("customer_erased")
    currency = _currency(actor, data)
    problems = _problems(data, currency)
    if problems:
        raise Invalid(problems)
    row = Opportunity(
        organisation_id=customer.organisation_id,
        customer_id=customer.id,
        reference=next_reference(customer.organisation_id, "O", now),
        stage="lead",
        owner_id=actor.user_id,
        created_at=now,
        **_values(data, currency, "lead"),
    )
    db.session.add(row)
    db.session.flush()
    _entered(row, now)
    jobs.publish("OpportunityChanged", {"opportunity": row.id, "act": "added"}, now=now)
    record(
        actor, "opportunity.added", "opportunity", row.id, now=now, label=row.title, customer=customer.id,
        amount=row.amount, currency=currency,
    )  # fmt: skip
    return row.id


@command
def edit_opportunity(
    actor: Actor, opportunity_id: str, data: OpportunityData, *, version: int | None, now: datetime
) -> None:
    """Change what was typed. Stale carries theirs and yours by field."""
    row = row_for(actor, Opportunity, opportunity_id)
    currency = _currency(actor, data)
    values = _values(data, currency, row.stage)
    pairs = {name: (_shown(getattr(row, name)), _shown(value)) for name, value in values.items()}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not row.check_version(version):
        raise Stale(changed)
    problems = _problems(data, currency)
    if problems:
        raise Invalid(problems)
    for name, value in values.items():
        setattr(row, name, value)
    row.touch()
    jobs.publish("OpportunityChanged", {"opportunity": row.id, "act": "changed"}, now=now)
    record(
        actor, "opportunity.changed", "opportunity", row.id, now=now, label=row.title,
        changed={name: list(pair) for name, pair in changed.items()},
    )  # fmt: skip


def _shown(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)


@command
def save_opportunity_lines(
    actor: Actor, opportunity_id: str, lines: Sequence[LineInput], *, version: int | None, now: datetime
) -> None:
    """The whole sheet at once; Invalid names every wrong cell with its row."""
    row = row_for(actor, Opportunity, opportunity_id)
    if not row.check_version(version):
        raise Stale({})
    problems = line_problems(lines)
    if problems:
        raise Invalid(problems)
    db.session.execute(delete(OpportunityLine).where(OpportunityLine.opportunity_id == row.id))
    for number, line in enumerate(lines, start=1):
        values = asdict(line) | {"title": line.title.strip()}
        db.session.add(OpportunityLine(opportunity_id=row.id, number=number, **values))
    row.touch()
    record(actor, "opportunity.lines_saved", "opportunity", row.id, now=now, label=row.title, lines=len(lines))


@command
def move_opportunity(actor: Actor, opportunity_id: str, stage: str, *, now: datetime, reason: str = "") -> None:
    """To another stage; the usual chance comes with it. Losing and reopening need a reason."""
    row = row_for(actor, Opportunity, opportunity_id)
    if stage not in STAGES:
        facts = (("choices", ", ".join(STAGES)),)
        raise Invalid([FieldProblem("stage", "unknown_value", value=stage, facts=facts)])
    if (stage == "lost" or row.stage in CLOSED) and not reason.strip():
        raise Refused("reason_needed")
    before, row.stage = row.stage, MOVES.move(row.stage, stage)
    row.probability, row.stage_reason = USUAL_CHANCE[stage], reason.strip()
    row.closed_at = now if stage in CLOSED else None
    row.touch()
    _entered(row, now)
    jobs.publish("OpportunityChanged", {"opportunity": row.id, "act": "moved"}, now=now)
    record(
        actor, "opportunity.moved", "opportunity", row.id, now=now, label=row.title, reason=reason.strip(),
        before=before, stage=stage,
    )  # fmt: skip


def _entered(row: Opportunity, now: datetime) -> None:
    db.session.add(OpportunityMove(organisation_id=row.organisation_id, opportunity_id=row.id, stage=row.stage, at=now))


def _link(
    actor: Actor, customer_id: str, kind: str, object_id: str, opportunity_id: str | None, now: datetime, **shown: str
) -> None:
    customer = customer_row_for(actor, customer_id)
    query = select(CustomerLink).where(
        CustomerLink.customer_id == customer.id, CustomerLink.kind == kind, CustomerLink.object_id == object_id
    )
    about = opportunity_in(customer, opportunity_id)
    row = db.session.scalar(query) or CustomerLink(customer_id=customer.id, kind=kind, object_id=object_id)
    row.opportunity_id, row.at = about, now
    for name, value in shown.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()
    facts = {"customer": customer.id, "opportunity": about, "project": object_id, "kind": kind}
    jobs.publish("BusinessNoted", facts, now=now)
    record(actor, f"customer.{kind}_noted", "customer", customer.id, now=now, label=shown["title"], object=object_id)


@command
def note_need(
    actor: Actor,
    *,
    customer_id: str,
    project_id: str,
    reference: str,
    title: str,
    now: datetime,
    opportunity_id: str | None = None,
) -> None:
    """A need was started for this customer; noted again, it replaces what was noted."""
    path = f"/projects/{project_id}"
    _link(actor, customer_id, "need", project_id, opportunity_id, now, reference=reference, title=title, path=path)


@command
def note_award(
    actor: Actor,
    *,
    customer_id: str,
    project_id: str,
    reference: str,
    title: str,
    now: datetime,
    opportunity_id: str | None = None,
) -> None:
    """What was bought for this customer is decided: the way back to the award."""
    path = f"/projects/{project_id}"
    _link(actor, customer_id, "award", project_id, opportunity_id, now, reference=reference, title=title, path=path)
