"""Qualification: one person asks, another decides, a date ends it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, Refused, Stale
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.notifications.services import notify
from srm_portal.suppliers.domain.categories import bare
from srm_portal.suppliers.domain.qualification import (
    APPROVED,
    REMIND_DAYS_BEFORE,
    REQUALIFY_DAYS_BEFORE,
    Decision,
    decision_problems,
)
from srm_portal.suppliers.models import Qualification, Supplier
from srm_portal.suppliers.queries.categories import category as find_category
from srm_portal.suppliers.services.answering import lay_out
from srm_portal.suppliers.services.loading import only_staff, qualification_row_for, supplier_row_for
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

EXPIRY_JOB = "suppliers.qualification_expiring"
REQUALIFY_JOB = "suppliers.requalification_due"
PORTAL = system_actor("").user_id
"""Asks anew before an approval ends; a person speaks for the renewal before another decides."""


def _path(supplier: Supplier) -> str:
    return f"/suppliers/{supplier.id}"


def _same_cell(row: Qualification) -> list[Qualification]:
    """Current rows of the same cell, this one included."""
    query = select(Qualification).where(
        Qualification.supplier_id == row.supplier_id,
        Qualification.category == row.category,
        Qualification.region == row.region,
        Qualification.business_unit == row.business_unit,
        Qualification.superseded_at.is_(None),
    )
    return list(db.session.scalars(query))


@command
def ask_qualification(
    actor: Actor,
    supplier_id: str,
    *,
    category: str,
    now: datetime,
    region: str = "",
    business_unit: str = "",
    reason: str = "",
) -> str:
    """Propose the supplier for a cell; returns the cell's id. What held before holds until the decision."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    if supplier.state in ("blocked", "archived"):
        raise Refused("wrong_state", current=supplier.state)
    code = bare(category)
    known = find_category(code)
    if known is None:
        raise Invalid([FieldProblem("category", "category_unknown", value=code)])
    row = Qualification(
        organisation_id=supplier.organisation_id,
        supplier_id=supplier.id,
        category=code,
        region=region.strip(),
        business_unit=business_unit.strip(),
        status="applied",
        reason=reason.strip(),
        asked_by=actor.user_id,
        asked_name=actor.name,
        asked_at=now,
    )
    if any(cell.status == "applied" for cell in _same_cell(row)):
        raise Invalid([FieldProblem("category", "already_asked", value=code)])
    db.session.add(row)
    db.session.flush()
    record(
        actor, "qualification.asked", "supplier", supplier.id, now=now, label=supplier.name, cell=row.id,
        category=code, region=row.region, business_unit=row.business_unit, reason=row.reason,
    )  # fmt: skip
    lay_out(row.organisation_id, "supplier", supplier.id, "qualification", now, category=code, by=actor.name)
    managers = [one.id for one in identity.staff(actor.organisation_id, "purchasing_manager")]
    notify(
        set(managers) - {actor.user_id}, "qualification_asked", path=_path(supplier), now=now, about=row.id,
        supplier=supplier.name, category=known.label("en"), by=actor.name,
    )  # fmt: skip
    return row.id


@command
def decide_qualification(
    actor: Actor, qualification_id: str, decision: Decision, *, now: datetime, version: int | None = None
) -> None:
    """Qualify, qualify with a condition, or disqualify what somebody else asked for.

    Forbidden `own_work` for who asked; `nobody_asked` while only the portal reminds of an end. The decision supersedes
    what held for the cell; a first approval makes a prospect active.
    """
    row, supplier = qualification_row_for(actor, qualification_id)
    if row.status != "applied":
        raise Refused("already_done")
    if row.asked_by == PORTAL:
        raise Refused("nobody_asked")
    if row.asked_by == actor.user_id:
        raise Forbidden("own_work")
    if not row.check_version(version):
        raise Stale({"status": (row.status, decision.status)})
    if supplier.state in ("blocked", "archived"):
        raise Refused("wrong_state", current=supplier.state)
    problems = decision_problems(decision)
    if problems:
        raise Invalid(problems)
    for cell in _same_cell(row):
        if cell is not row:
            cell.superseded_at = now
    _decide(row, actor, decision, now)
    row.touch()
    if decision.status in APPROVED and supplier.state == "prospect":
        supplier.state = "active"
        supplier.touch()
    record(
        actor, "qualification.decided", "supplier", supplier.id, now=now, label=supplier.name, reason=row.reason,
        cell=row.id, category=row.category, region=row.region, business_unit=row.business_unit, status=row.status,
        score=row.score, valid_from=row.valid_from_on, valid_until=row.valid_until_on,
    )  # fmt: skip
    _remind_before_expiry(row, now)
    known = find_category(row.category)
    notify(
        [row.asked_by], f"qualification_{row.status}", path=_path(supplier), now=now, about=row.id,
        supplier=supplier.name, category=known.label("en") if known else row.category, by=actor.name,
    )  # fmt: skip


def _decide(row: Qualification, actor: Actor, decision: Decision, now: datetime) -> None:
    approved = decision.status in APPROVED
    row.status, row.score, row.reason = decision.status, decision.mark, decision.reason.strip()
    row.scores = dict(decision.scores)
    row.valid_from_on = decision.valid_from_on if approved else None
    row.valid_until_on = decision.valid_until_on if approved else None
    row.decided_by, row.decided_name, row.decided_at = actor.user_id, actor.name, now


def _remind_before_expiry(row: Qualification, now: datetime) -> None:
    """Ninety days before the end the supplier is asked anew, thirty days before a reminder follows."""
    if row.valid_until_on is None:
        return
    for days, kind in ((REQUALIFY_DAYS_BEFORE, REQUALIFY_JOB), (REMIND_DAYS_BEFORE, EXPIRY_JOB)):
        morning = datetime.combine(row.valid_until_on - timedelta(days=days), time(6), UTC)
        if morning > now or kind == EXPIRY_JOB:
            jobs.enqueue(kind, {"cell": row.id}, now=now, due_at=max(morning, now), key=f"{kind}:{row.id}")


@command
def take_up(actor: Actor, qualification_id: str, *, now: datetime) -> None:
    """Speak for a renewal that the portal asked about, so that two people decide it as they do the first time.

    Refusals: NotFound, `already_done` (decided, or somebody spoke for it).
    """
    only_staff(actor)
    row, supplier = qualification_row_for(actor, qualification_id)
    if row.status != "applied" or row.asked_by != PORTAL:
        raise Refused("already_done")
    row.asked_by, row.asked_name, row.asked_at = actor.user_id, actor.name, now
    row.touch()
    record(
        actor, "qualification.asked", "supplier", supplier.id, now=now, label=supplier.name, cell=row.id,
        category=row.category, region=row.region, business_unit=row.business_unit, reason=row.reason,
    )  # fmt: skip
    managers = [one.id for one in identity.staff(actor.organisation_id, "purchasing_manager")]
    known = find_category(row.category)
    notify(
        set(managers) - {actor.user_id}, "qualification_asked", path=_path(supplier), now=now, about=row.id,
        supplier=supplier.name, category=known.label("en") if known else row.category, by=actor.name,
    )  # fmt: skip


@command
def remind_of_expiry(qualification_id: str, *, now: datetime) -> bool:
    """Tell who asked and who decided that an approval ends soon; silent when it no longer counts."""
    row = db.session.get(Qualification, qualification_id)
    if row is None or row.superseded_at is not None or row.status not in APPROVED or row.valid_until_on is None:
        return False
    supplier = db.session.get_one(Supplier, row.supplier_id)
    known = find_category(row.category)
    notify(
        {row.asked_by, row.decided_by or row.asked_by}, "qualification_expiring", path=_path(supplier), now=now,
        about=row.id, supplier=supplier.name, category=known.label("en") if known else row.category,
        until=row.valid_until_on.isoformat(),
    )  # fmt: skip
    return True


@command
def requalify(qualification_id: str, *, now: datetime) -> bool:
    """Ask anew in time: a request waits for a decision, the questionnaires are laid out, the supplier is told.

    Silent when the approval no longer counts or somebody has asked already.
    """
    row = db.session.get(Qualification, qualification_id)
    if row is None or row.superseded_at is not None or row.status not in APPROVED or row.valid_until_on is None:
        return False
    if any(cell.status == "applied" for cell in _same_cell(row)):
        return False
    supplier = db.session.get_one(Supplier, row.supplier_id)
    if supplier.state in ("blocked", "archived"):
        return False
    portal, until = system_actor(row.organisation_id), row.valid_until_on.isoformat()
    fresh = Qualification(
        organisation_id=row.organisation_id, supplier_id=row.supplier_id, category=row.category, region=row.region,
        business_unit=row.business_unit, status="applied", reason=f"ends on {until}", asked_by=portal.user_id,
        asked_name=row.asked_name, asked_at=now,
    )  # fmt: skip
    db.session.add(fresh)
    db.session.flush()
    titles = lay_out(
        row.organisation_id, "supplier", supplier.id, "qualification", now, category=row.category,
        due_on=row.valid_until_on - timedelta(days=REMIND_DAYS_BEFORE), by=row.asked_name,
    )  # fmt: skip
    record(
        portal, "qualification.due_again", "supplier", supplier.id, now=now, label=supplier.name, cell=fresh.id,
        category=row.category, until=row.valid_until_on, questionnaires=titles,
    )  # fmt: skip
    known = find_category(row.category)
    facts = {"supplier": supplier.name, "category": known.label("en") if known else row.category, "until": until}
    tell_supplier(supplier, "requalification", path="/supplier/papers", now=now, about=fresh.id, **facts)
    tell_buyers(
        row.organisation_id, "requalification_due", but="", path=_path(supplier), now=now, about=fresh.id, **facts
    )
    return True
