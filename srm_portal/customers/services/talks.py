"""What was said with a customer and what has to be done."""

from __future__ import annotations

from datetime import date, datetime

from srm_portal.audit.services import record
from srm_portal.customers import ports
from srm_portal.customers.domain.record import INTERACTION_KINDS
from srm_portal.customers.models import CrmTask, Interaction
from srm_portal.customers.services.loading import customer_row_for, opportunity_in, row_for
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify


@command
def log_interaction(
    actor: Actor,
    customer_id: str,
    *,
    kind: str,
    subject: str,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
    opportunity_id: str | None = None,
    project_id: str | None = None,
    supplier_id: str | None = None,
) -> str:
    """A call, mail, meeting, visit or complaint; returns its id. The customer's owner hears of a complaint.

    A complaint about a delivery (one of `ports.deliveries`) also goes to the supplier's record.
    """
    customer = customer_row_for(actor, customer_id)
    problems = []
    if kind not in INTERACTION_KINDS:
        facts = (("choices", ", ".join(INTERACTION_KINDS)),)
        problems.append(FieldProblem("kind", "unknown_value", value=kind, facts=facts))
    if not subject.strip():
        problems.append(FieldProblem("subject", "required"))
    if at is not None and at > now:
        problems.append(FieldProblem("at", "not_yet_happened"))
    if supplier_id and (kind != "complaint" or not _delivered(actor, customer_id, project_id, supplier_id, now)):
        problems.append(FieldProblem("delivery", "delivery_unknown"))
    if problems:
        raise Invalid(problems)
    row = Interaction(
        organisation_id=customer.organisation_id,
        customer_id=customer.id,
        opportunity_id=opportunity_in(customer, opportunity_id),
        kind=kind,
        at=at or now,
        project_id=project_id if supplier_id else None,
        supplier_id=supplier_id or None,
        subject=subject.strip(),
        text=text.strip(),
        by_id=actor.user_id,
        by_name=actor.name,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, f"interaction.{kind}_logged", "customer", customer.id, now=now, label=row.subject, talk=row.id)
    if kind == "complaint":
        facts = {"interaction": row.id, "customer": customer.id, "supplier": row.supplier_id, "project": row.project_id}
        jobs.publish("ComplaintLogged", facts, now=now)
    if kind == "complaint" and customer.owner_id and customer.owner_id != actor.user_id:
        notify(
            [customer.owner_id], "complaint_logged", path=f"/customers/{customer.id}", now=now, about=row.id,
            customer=customer.name, subject=row.subject, by=actor.name,
        )  # fmt: skip
    return row.id


def _delivered(actor: Actor, customer_id: str, project_id: str | None, supplier_id: str, now: datetime) -> bool:
    known = ports.deliveries(actor, customer_id, now)
    return any((one.project_id, one.supplier_id) == (project_id, supplier_id) for one in known)


@command
def resolve_complaint(actor: Actor, interaction_id: str, *, resolution: str, now: datetime) -> None:
    """Say how a complaint ended."""
    row = row_for(actor, Interaction, interaction_id)
    if row.kind != "complaint" or row.resolved_at is not None:
        raise Refused("already_done")
    if not resolution.strip():
        raise Refused("reason_needed")
    row.resolution, row.resolved_at = resolution.strip(), now
    record(
        actor, "complaint.resolved", "customer", row.customer_id, now=now, label=row.subject,
        reason=row.resolution, talk=row.id,
    )  # fmt: skip


@command
def add_task(
    actor: Actor,
    customer_id: str,
    *,
    title: str,
    now: datetime,
    due_on: date | None = None,
    assignee_id: str | None = None,
    opportunity_id: str | None = None,
) -> str:
    """Something to do for the customer, by the actor or somebody else of the house; returns its id."""
    customer = customer_row_for(actor, customer_id)
    assignee = assignee_id or actor.user_id
    problems = [] if title.strip() else [FieldProblem("title", "required")]
    if assignee not in {one.id for one in identity.staff(actor.organisation_id)}:
        problems.append(FieldProblem("assignee_id", "person_unknown"))
    if problems:
        raise Invalid(problems)
    row = CrmTask(
        organisation_id=customer.organisation_id,
        customer_id=customer.id,
        opportunity_id=opportunity_in(customer, opportunity_id),
        title=title.strip(),
        due_on=due_on,
        assignee_id=assignee,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "task.added", "customer", customer.id, now=now, label=row.title, task=row.id, assignee=assignee)
    if assignee != actor.user_id:
        notify(
            [assignee], "task_given", path=f"/customers/{customer.id}", now=now, about=row.id,
            customer=customer.name, title=row.title, by=actor.name,
        )  # fmt: skip
    return row.id


@command
def finish_task(actor: Actor, task_id: str, *, now: datetime) -> None:
    row = row_for(actor, CrmTask, task_id)
    if row.done_at is not None:
        raise Refused("already_done")
    row.done_at = now
    record(actor, "task.done", "customer", row.customer_id, now=now, label=row.title, task=row.id)


@command
def reopen_task(actor: Actor, task_id: str, *, now: datetime) -> None:
    row = row_for(actor, CrmTask, task_id)
    if row.done_at is None:
        raise Refused("already_done")
    row.done_at = None
    record(actor, "task.reopened", "customer", row.customer_id, now=now, label=row.title, task=row.id)
