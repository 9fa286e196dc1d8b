"""Step 1: writing a need, having it approved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from srm_portal.audit.queries import actors_of
from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, Refused, Stale
from srm_portal.kernel.money import Money
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries
from srm_portal.sourcing.domain import need
from srm_portal.sourcing.domain.need import LineInput
from srm_portal.sourcing.models import Line, Lot, Project
from srm_portal.sourcing.services.steps import move_on
from srm_portal.sourcing.store import project_row

EDITABLE = (
    "title",
    "description",
    "category",
    "product",
    "market",
    "strategic_aim",
    "sector",
    "region",
    "engagement",
    "currency",
    "budget",
    "baseline",
    "needed_on",
    "customer_id",
    "opportunity_id",
    "customer_price",
    "target_margin",
)
PREPARED = ["need.created", "need.edited", "need.lines_saved", "need.submitted"]


def _check(values: dict[str, Any]) -> None:
    unknown = values.keys() - set(EDITABLE)
    if unknown:
        raise Invalid([FieldProblem(name, "unknown_field", value=name) for name in sorted(unknown)])
    problems = []
    if "title" in values and not str(values["title"]).strip():
        problems.append(FieldProblem("title", "required"))
    if "engagement" in values and values["engagement"] not in need.ENGAGEMENTS:
        choices = ", ".join(need.ENGAGEMENTS)
        problems.append(
            FieldProblem("engagement", "unknown_value", None, str(values["engagement"]), (("choices", choices),))
        )
    if "currency" in values and not re.fullmatch(r"[A-Z]{3}", values["currency"] or ""):
        problems.append(FieldProblem("currency", "currency_unknown", value=str(values["currency"])))
    for name in ("budget", "baseline", "customer_price"):
        if isinstance(values.get(name), Decimal) and values[name] < 0:
            problems.append(FieldProblem(name, "not_positive", value=str(values[name])))
    if problems:
        raise Invalid(problems)


@command
def create_project(actor: Actor, *, title: str, now: datetime, owner_id: str | None = None, **values: Any) -> str:
    """A new need, with the project that will carry it; returns the project's id."""
    values = {name: value for name, value in values.items() if value is not None}
    values.setdefault("currency", identity.organisation(actor.organisation_id).currency)
    _check({"title": title} | values)
    row = Project(
        organisation_id=actor.organisation_id,
        reference=next_reference(actor.organisation_id, "P", now),
        title=title.strip(),
        owner_id=owner_id or actor.user_id,
        requester_id=actor.user_id,
        created_at=now,
        **values,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(Lot(project_id=row.id, number=1, title=title.strip()))
    record(
        actor, "need.created", "project", row.id, now=now, label=row.reference, stream=f"project:{row.id}", title=title
    )
    return row.id


def _editable(row: Project) -> None:
    if row.stage != "need":
        raise Refused("need_is_fixed")
    if row.need_state == "submitted":
        raise Refused("need_waits_for_approval")


@command
def edit_need(actor: Actor, project_id: str, *, version: int | None, now: datetime, **values: Any) -> None:
    """Change the need. An approved need goes back to draft; one further on must be reopened first."""
    row = project_row(actor, project_id)
    _editable(row)
    _check(values)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not row.check_version(version):
        raise Stale({name: (str(getattr(row, name) or ""), str(value or "")) for name, value in changed.items()})
    if not changed:
        return
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.need_state = "draft"
    row.touch()
    record(
        actor,
        "need.edited",
        "project",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.id}",
        before=before,
        after=changed,
    )


@command
def save_lines(
    actor: Actor,
    project_id: str,
    lines: Sequence[LineInput],
    *,
    lot_titles: dict[int, str] | None = None,
    version: int | None,
    now: datetime,
) -> None:
    """Replace the lots and line items of a need. Wrong cells are refused by row and column, nothing is saved."""
    row = project_row(actor, project_id)
    _editable(row)
    problems = need.line_problems(lines)
    if problems:
        raise Invalid(problems)
    if not row.check_version(version):
        raise Stale({"lines": (str(queries.line_count(row.id)), str(len(lines)))})
    titles = {lot.number: lot.title for lot in queries.lots(row.id)} | (lot_titles or {})
    db.session.execute(delete(Line).where(Line.project_id == row.id))
    db.session.execute(delete(Lot).where(Lot.project_id == row.id))
    numbers = sorted({line.lot for line in lines} | (set() if lines else {1}))
    lots = {n: Lot(project_id=row.id, number=n, title=titles.get(n) or row.title) for n in numbers}
    db.session.add_all(lots.values())
    db.session.flush()
    db.session.add_all(
        Line(
            project_id=row.id,
            lot_id=lots[line.lot].id,
            number=number,
            title=line.title.strip(),
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            target_price=line.target_price,
            baseline_price=line.baseline_price,
            needed_on=line.needed_on,
        )
        for number, line in enumerate(lines, start=1)
    )
    baseline = need.baseline_of(lines)
    if baseline is not None:
        row.baseline = baseline.quantize(Decimal("0.01"))
    row.need_state = "draft"
    row.touch()
    record(
        actor,
        "need.lines_saved",
        "project",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.id}",
        lines=len(lines),
        lots=len(lots),
    )


@command
def create_with_lines(actor: Actor, lines: Sequence[LineInput], *, now: datetime, **values: Any) -> str:
    """A need and its lines in one act, for programs and imports; returns the project's id."""
    project_id = create_project(actor, now=now, **values)
    if lines:
        save_lines(actor, project_id, lines, version=None, now=now)
    return project_id


@command
def submit_need(actor: Actor, project_id: str, *, now: datetime) -> None:
    """Ask for approval; refused while something is missing."""
    row = project_row(actor, project_id)
    view = queries.project_for(actor, project_id)
    missing = [b for b in queries.blockers(view, now, "need") if b.code != "need_approval"]
    if missing:
        raise Refused("step_blocked", count=len(missing))
    row.need_state = need.NEED.move(row.need_state, "submitted")
    row.touch()
    record(actor, "need.submitted", "project", row.id, now=now, label=row.reference, stream=f"project:{row.id}")
    managers = [one.id for one in identity.staff(actor.organisation_id, "purchasing_manager")]
    notify(
        managers,
        "need_submitted",
        path=f"/projects/{row.id}",
        now=now,
        reference=row.reference,
        title=row.title,
        by=actor.name,
    )


def _four_eyes(actor: Actor, project_id: str) -> None:
    if actor.user_id in actors_of(project_id, PREPARED):
        raise Forbidden("own_work")


@command
def approve_need(actor: Actor, project_id: str, *, now: datetime) -> None:
    """A purchasing manager agrees, within their limit, never to a need they wrote. Step 2 begins."""
    if not actor.may("need:approve"):
        raise Forbidden("no_authority")
    row = project_row(actor, project_id)
    _four_eyes(actor, row.id)
    if actor.limit is None:
        raise Forbidden("no_authority")
    if row.budget is not None and row.budget > Decimal(actor.limit):
        raise Forbidden("above_limit", limit=Money(Decimal(actor.limit), row.currency))
    row.need_state = need.NEED.move(row.need_state, "approved")
    row.touch()
    record(
        actor,
        "need.approved",
        "project",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.id}",
        budget=row.budget,
    )
    db.session.flush()
    move_on(actor, row, "need", now)
    notify(
        {row.requester_id, row.owner_id} - {actor.user_id},
        "need_approved",
        path=f"/projects/{row.id}",
        now=now,
        reference=row.reference,
        title=row.title,
        by=actor.name,
    )


@command
def return_need(actor: Actor, project_id: str, *, reason: str, now: datetime) -> None:
    """Send a submitted need back to its author, with the reason."""
    if not actor.may("need:approve"):
        raise Forbidden("no_authority")
    if not reason.strip():
        raise Refused("reason_needed")
    row = project_row(actor, project_id)
    row.need_state = need.NEED.move(row.need_state, "draft")
    row.touch()
    record(
        actor,
        "need.returned",
        "project",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.id}",
        reason=reason,
    )
    notify(
        {row.requester_id, row.owner_id} - {actor.user_id},
        "need_returned",
        path=f"/projects/{row.id}",
        now=now,
        reference=row.reference,
        title=row.title,
        reason=reason,
    )


@command
def cancel_project(actor: Actor, project_id: str, *, reason: str, now: datetime) -> None:
    """Give the project up; its history stays."""
    if not reason.strip():
        raise Refused("reason_needed")
    row = project_row(actor, project_id)
    if queries.main_event(project_id) is not None and db.session.scalar(
        select(Project.id).where(Project.id == project_id, Project.stage.in_(("contract", "finished")))
    ):
        raise Refused("wrong_state", current=row.stage)
    row.cancelled_at = now
    row.touch()
    record(
        actor,
        "project.cancelled",
        "project",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.id}",
        reason=reason,
    )
