"""Proposing and deciding who gets what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, select

from srm_portal.audit.queries import actors_of
from srm_portal.audit.services import record
from srm_portal.awards import queries
from srm_portal.awards.models import Award, AwardLine
from srm_portal.awards.policy import check_decision
from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db, is_sqlite
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.money import Money, plain
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing

PREPARED = ["award.proposed"]


def _row(actor: Actor, award_id: str) -> Award:
    query = select(Award).where(Award.id == award_id, Award.organisation_id == actor.organisation_id)
    query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query if is_sqlite() else query.with_for_update())
    if row is None or not actor.is_staff:
        raise NotFound
    return row


def _hash(row: Award, chosen: Mapping[str, queries.Option]) -> str:
    lines = [[lot, one.supplier_id, plain(one.amount), one.source] for lot, one in sorted(chosen.items())]
    return sha256_hex(
        canonical(
            {"project": row.project_id, "lines": lines, "justification": row.justification, "currency": row.currency}
        )
    )


def _chosen(project_id: str, choice: Mapping[str, str]) -> dict[str, queries.Option]:
    found = {(one.lot_id, one.supplier_id): one for one in queries.options(project_id)}
    lots = sourcing.lots(project_id)
    problems = [
        FieldProblem(f"lot-{lot.id}", "lot_not_awarded", facts=(("lot", lot.title),))
        for lot in lots
        if not choice.get(lot.id)
    ]
    if problems:
        raise Invalid(problems)
    chosen = {}
    for lot in lots:
        option = found.get((lot.id, choice[lot.id]))
        if option is None:
            raise Invalid([FieldProblem(f"lot-{lot.id}", "no_amount_for_lot", facts=(("lot", lot.title),))])
        chosen[lot.id] = option
    return chosen


@command
def propose_award(
    actor: Actor,
    project_id: str,
    choice: Mapping[str, str],
    *,
    justification: str,
    standstill_days: int,
    version: int | None,
    now: datetime,
) -> str:
    """Propose one supplier for each lot at their standing amount, with the reason; asks the managers. Returns the id."""
    project = sourcing.project_for(actor, project_id)
    if project.stage != "contract":
        raise Refused("not_current_step", current=project.stage)
    if len(justification.strip()) < 10:
        raise Invalid([FieldProblem("justification", "justification_short")])
    chosen = _chosen(project_id, choice)
    existing = queries.award(project_id)
    if existing is not None and existing.state in ("proposed", "approved"):
        raise Refused("award_exists")
    row = _row(actor, existing.id) if existing else None
    if row is None:
        row = Award(
            organisation_id=actor.organisation_id,
            project_id=project_id,
            reference=next_reference(actor.organisation_id, "AW", now),
            currency=project.currency,
            created_at=now,
            value=Decimal(0),
            justification="",
            proposed_by=actor.user_id,
            proposed_by_name=actor.name,
        )
        db.session.add(row)
        db.session.flush()
    elif not row.check_version(version):
        raise Stale({"justification": (row.justification, justification)})
    row.justification, row.standstill_days = justification.strip(), standstill_days
    row.value = sum((one.amount for one in chosen.values()), Decimal(0))
    row.baseline = project.baseline
    sources = {one.source for one in chosen.values()}
    row.basis = sources.pop() if len(sources) == 1 else "mixed"
    row.state, row.proposed_by, row.proposed_by_name, row.proposed_at = "proposed", actor.user_id, actor.name, now
    row.sha256 = _hash(row, chosen)
    row.touch()
    db.session.execute(delete(AwardLine).where(AwardLine.award_id == row.id))
    db.session.add_all(
        AwardLine(award_id=row.id, lot_id=lot, supplier_id=one.supplier_id, amount=one.amount, source=one.source)
        for lot, one in chosen.items()
    )
    record(
        actor,
        "award.proposed",
        "award",
        row.id,
        now=now,
        label=row.reference,
        stream=project.stream,
        sha256=row.sha256,
        value=Money(row.value, row.currency),
    )
    managers = [
        one.id
        for one in identity.staff(actor.organisation_id, "purchasing_manager")
        if one.limit is not None and one.limit >= row.value and one.id != actor.user_id
    ]
    notify(
        managers,
        "award_proposed",
        path=f"/projects/{project_id}/award",
        now=now,
        reference=row.reference,
        by=actor.name,
        title=project.title,
    )
    return row.id


@command
def approve_award(actor: Actor, award_id: str, sha256: str, *, now: datetime) -> None:
    """A manager decides, bound to exactly the proposal they read; winners and losers are told."""
    row = _row(actor, award_id)
    if row.state != "proposed":
        raise Refused("wrong_state", current=row.state)
    if row.sha256 != sha256:
        raise Refused("award_changed")
    check_decision(actor, Money(row.value, row.currency), actors_of(row.id, PREPARED))
    row.state, row.decided_by, row.decided_by_name, row.decided_at = "approved", actor.user_id, actor.name, now
    row.standstill_until = now + timedelta(days=row.standstill_days)
    row.touch()
    project = sourcing.project(row.project_id)
    record(
        actor,
        "award.approved",
        "award",
        row.id,
        now=now,
        label=row.reference,
        stream=project.stream,
        sha256=row.sha256,
        value=Money(row.value, row.currency),
        standstill_until=row.standstill_until,
    )
    db.session.flush()
    jobs.publish("AwardDecided", {"award": row.id, "project": row.project_id}, now=now)
    notify(
        {row.proposed_by, project.owner_id},
        "award_approved",
        path=f"/projects/{row.project_id}/contract",
        now=now,
        reference=row.reference,
        by=actor.name,
        title=project.title,
    )
    _tell_suppliers(row, project, now)
    _tell_customer(actor, row, project, now)


def _tell_customer(actor: Actor, row: Award, project: sourcing.ProjectView, now: datetime) -> None:
    """Note the award where the need came from."""
    if project.customer_id is None:
        return
    origin = customers.origin(row.organisation_id, project.customer_id, project.opportunity_id)
    if origin is None:
        return
    customer_services.note_award(
        actor,
        customer_id=origin.customer_id,
        opportunity_id=origin.opportunity_id,
        project_id=project.id,
        reference=row.reference,
        title=project.title,
        now=now,
    )


def _tell_suppliers(row: Award, project: sourcing.ProjectView, now: datetime) -> None:
    view = queries.award_by_id(row.id)
    offered = {one.supplier_id for one in queries.options(row.project_id)}
    event = sourcing.main_event(row.project_id)
    path = f"/s/events/{event.id}" if event else "/s"
    people = identity.supplier_people(row.organisation_id, sorted(offered))
    for supplier_id in sorted(offered):
        users = [one.id for one in people.get(supplier_id, [])]
        won = supplier_id in view.suppliers
        kind = "award_won" if won else "award_lost"
        winners = ", ".join(sorted(set(view.suppliers.values())))
        notify(users, kind, path=path, now=now, about=row.id, title=project.title, winners=winners)


@command
def return_award(actor: Actor, award_id: str, *, reason: str, now: datetime) -> None:
    """Send a proposal back to its author with the reason."""
    if not actor.may("award:decide"):
        raise NotFound
    if not reason.strip():
        raise Refused("reason_needed")
    row = _row(actor, award_id)
    if row.state != "proposed":
        raise Refused("wrong_state", current=row.state)
    row.state, row.decision_reason = "returned", reason.strip()
    row.touch()
    record(
        actor,
        "award.returned",
        "award",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.project_id}",
        reason=reason,
    )
    notify(
        [row.proposed_by],
        "award_returned",
        path=f"/projects/{row.project_id}/award",
        now=now,
        reference=row.reference,
        reason=reason,
    )
