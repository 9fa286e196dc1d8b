"""Taking an approval away: suspended at once, the supplier is heard, another person decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.qualification import APPROVED, HEARING_DAYS
from srm_portal.suppliers.domain.record import letter_problems
from srm_portal.suppliers.models import Disqualification, Qualification, Supplier
from srm_portal.suppliers.queries.categories import category as find_category
from srm_portal.suppliers.services.loading import only_staff, qualification_row_for, supplier_row_for
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

OUTCOMES = ("disqualified", "reinstated")


def _label(category: str) -> str:
    known = find_category(category)
    return known.label("en") if known else category


def _next(row: Qualification, status: str, actor: Actor, reason: str, now: datetime) -> Qualification:
    """The cell's next row; the one before stays as history."""
    row.superseded_at = now
    fresh = Qualification(
        organisation_id=row.organisation_id, supplier_id=row.supplier_id, category=row.category, region=row.region,
        business_unit=row.business_unit, status=status, score=row.score, scores=dict(row.scores or {}), reason=reason,
        asked_by=actor.user_id, asked_name=actor.name, asked_at=now, decided_by=actor.user_id,
        decided_name=actor.name, decided_at=now,
    )  # fmt: skip
    db.session.add(fresh)
    db.session.flush()
    return fresh


@command
def start_disqualification(actor: Actor, qualification_id: str, *, reason: str, now: datetime) -> str:
    """Suspend an approval at once (protecting needs no second person) and ask the supplier; returns the case's id."""
    row, supplier = qualification_row_for(actor, qualification_id)
    if not reason.strip():
        raise Refused("reason_needed")
    if row.status not in APPROVED or row.superseded_at is not None:
        raise Refused("wrong_state", current=row.status)
    held = row.id
    fresh = _next(row, "suspended", actor, reason.strip(), now)
    fresh.valid_from_on, fresh.valid_until_on = row.valid_from_on, row.valid_until_on
    case = Disqualification(
        organisation_id=row.organisation_id, supplier_id=supplier.id, cell_id=fresh.id, category=row.category,
        reason=reason.strip(), hearing_until_on=now.date() + timedelta(days=HEARING_DAYS), started_by=actor.user_id,
        started_name=actor.name, started_at=now,
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    record(
        actor, "qualification.suspended", "supplier", supplier.id, now=now, label=supplier.name, reason=case.reason,
        cell=fresh.id, before=held, category=row.category, hearing_until=case.hearing_until_on,
    )  # fmt: skip
    until = case.hearing_until_on.isoformat()
    facts = {"supplier": supplier.name, "category": _label(row.category), "until": until}
    tell_supplier(supplier, "suspended", path="/supplier/company", now=now, about=case.id, **facts)
    tell_buyers(
        row.organisation_id, "suspension_to_decide", but=actor.user_id, path=f"/suppliers/cases/{case.id}", now=now,
        about=case.id, **facts,
    )  # fmt: skip
    return case.id


def _case_for(actor: Actor, case_id: str) -> tuple[Disqualification, Supplier]:
    case = db.session.get(Disqualification, case_id)
    if case is None:
        raise NotFound
    supplier = supplier_row_for(actor, case.supplier_id)
    if case.outcome:
        raise Refused("already_done")
    return case, supplier


@command
def state_own_side(actor: Actor, case_id: str, *, statement: str, now: datetime) -> None:
    """The supplier's side of it, once, until the last day of the hearing."""
    case, supplier = _case_for(actor, case_id)
    if actor.supplier_id is None:
        raise NotFound
    if case.statement_at is not None:
        raise Refused("already_done")
    if now.date() > case.hearing_until_on:
        raise Refused("hearing_is_over")
    if not statement.strip():
        raise Refused("reason_needed")
    if problems := letter_problems("statement", statement, one_line=False):
        raise Invalid(problems)
    case.statement, case.statement_name, case.statement_at = statement.strip(), actor.name, now
    record(actor, "disqualification.heard", "supplier", supplier.id, now=now, label=supplier.name, case=case.id)
    tell_buyers(
        case.organisation_id, "suspension_heard", but="", path=f"/suppliers/cases/{case.id}", now=now, about=case.id,
        supplier=supplier.name,
    )  # fmt: skip


@command
def decide_disqualification(actor: Actor, case_id: str, *, outcome: str, reason: str, now: datetime) -> None:
    """Disqualified, or reinstated as before; not by who suspended, not before the supplier was heard or the day came."""
    only_staff(actor)
    case, supplier = _case_for(actor, case_id)
    if case.started_by == actor.user_id:
        raise Forbidden("own_work")
    if outcome not in OUTCOMES:
        raise Refused("unknown_value", value=outcome, choices=", ".join(OUTCOMES))
    if not reason.strip():
        raise Refused("reason_needed")
    if outcome == "disqualified" and case.statement_at is None and now.date() <= case.hearing_until_on:
        raise Refused("hearing_still_open", until=case.hearing_until_on)
    row = db.session.get_one(Qualification, case.cell_id)
    if row.superseded_at is None:
        _carry_out(row, outcome, actor, reason.strip(), now)
    case.outcome, case.decision_reason = outcome, reason.strip()
    case.decided_name, case.decided_at = actor.name, now
    record(
        actor, f"qualification.{outcome}", "supplier", supplier.id, now=now, label=supplier.name,
        reason=case.decision_reason, case=case.id, category=case.category,
    )  # fmt: skip
    tell_supplier(
        supplier, f"case_{outcome}", path="/supplier/company", now=now, about=case.id, category=_label(case.category),
        reason=case.decision_reason,
    )  # fmt: skip


def _carry_out(row: Qualification, outcome: str, actor: Actor, reason: str, now: datetime) -> None:
    if outcome == "disqualified":
        _next(row, "disqualified", actor, reason, now)
        return
    query = select(Qualification).where(
        Qualification.supplier_id == row.supplier_id, Qualification.category == row.category,
        Qualification.region == row.region, Qualification.business_unit == row.business_unit,
        Qualification.superseded_at == row.asked_at,
    )  # fmt: skip
    before = next((one for one in db.session.scalars(query) if one.status in APPROVED), None)
    fresh = _next(row, before.status if before else "qualified", actor, reason, now)
    fresh.valid_from_on, fresh.valid_until_on = row.valid_from_on, row.valid_until_on
