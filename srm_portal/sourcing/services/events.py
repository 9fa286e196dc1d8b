"""RFx events: prepare, publish, open, cancel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.audit.services import record
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import canonical, moment_text, sha256_hex
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused, Stale
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import ports, queries
from srm_portal.sourcing.domain import events
from srm_portal.sourcing.domain.rates import rates_problems
from srm_portal.sourcing.models import Event
from srm_portal.sourcing.services.steps import move_on
from srm_portal.sourcing.store import event_row, project_row

EDITABLE = (
    "title",
    "level",
    "envelopes",
    "instructions",
    "terms",
    "payment_days",
    "validity_days",
    "deadline_at",
    "questions_until",
    "rates",
)


@command
def create_event(actor: Actor, project_id: str, kind: str, *, now: datetime, **values: Any) -> str:
    """A draft event of the project; one that asks for offers exists once. Returns its id."""
    project = project_row(actor, project_id)
    if kind not in events.KINDS:
        raise Invalid(
            [FieldProblem("kind", "unknown_value", value=kind, facts=(("choices", ", ".join(events.KINDS)),))]
        )
    if kind != "rfi" and queries.main_event(project_id) is not None:
        raise Refused("event_exists")
    if project.stage == "need":
        raise Refused("need_not_approved")
    row = Event(
        organisation_id=actor.organisation_id,
        project_id=project.id,
        reference=next_reference(actor.organisation_id, kind.upper(), now),
        kind=kind,
        title=values.pop("title", None) or project.title,
        currency=project.currency,
        created_at=now,
        level="S0" if kind == "rfi" else "S1",
    )
    for name, value in values.items():
        if name not in EDITABLE:
            raise Invalid([FieldProblem(name, "unknown_field", value=name)])
        setattr(row, name, value)
    _check_choices(values, row.currency, now)
    db.session.add(row)
    db.session.flush()
    record(
        actor, "event.created", "event", row.id, now=now, label=row.reference, stream=f"project:{project.id}", kind=kind
    )
    return row.id


@command
def edit_event(actor: Actor, event_id: str, *, version: int | None, now: datetime, **values: Any) -> None:
    """Change a draft event. A published one changes by amendment only."""
    row = event_row(actor, event_id)
    if row.state != "draft":
        raise Refused("event_is_published")
    changed = {name: value for name, value in values.items() if name in EDITABLE and getattr(row, name) != value}
    if not row.check_version(version):
        raise Stale({name: (str(getattr(row, name) or ""), str(value or "")) for name, value in changed.items()})
    _check_choices(changed, row.currency, now)
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.touch()
        record(
            actor,
            "event.edited",
            "event",
            row.id,
            now=now,
            label=row.reference,
            stream=f"project:{row.project_id}",
            after=changed,
        )


def _check_choices(values: dict[str, Any], currency: str, now: datetime) -> None:
    if wrong := rates_problems(values.get("rates") or [], currency, now.date()):
        raise Invalid(wrong)
    for name, allowed in (("level", events.LEVELS), ("envelopes", events.ENVELOPES)):
        if name in values and values[name] not in allowed:
            facts = (("choices", ", ".join(allowed)),)
            raise Invalid([FieldProblem(name, "unknown_value", value=str(values[name]), facts=facts)])


def _publication(row: Event) -> dict[str, Any]:
    """What suppliers are promised, as plain values: lots, lines, terms, dates, and each later room's part."""
    shown: dict[str, Any] = {
        "kind": row.kind,
        "title": row.title,
        "currency": row.currency,
        "terms": row.terms,
        "instructions": row.instructions,
        "payment_days": row.payment_days,
        "validity_days": row.validity_days,
        "deadline": moment_text(row.deadline_at) if row.deadline_at else None,
        "level": row.level,
        "envelopes": row.envelopes,
        "lots": [{"id": lot.id, "number": lot.number, "title": lot.title} for lot in queries.lots(row.project_id)],
        "lines": [
            {
                "id": line.id,
                "lot": line.lot_number,
                "number": line.number,
                "title": line.title,
                "description": line.description,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "needed_on": line.needed_on.isoformat() if line.needed_on else None,
            }
            for line in queries.lines(row.project_id)
        ],
    }
    if row.rates:
        shown["rates"] = row.rates
    for name, part in sorted(ports.publication_parts().items()):
        shown[name] = part(row.project_id)
    return shown


@command
def open_event(actor: Actor, event_id: str, *, now: datetime) -> None:
    """Publish: fix what is promised, with its hash. Called by `bidding_lists.publish_event`, which invites."""
    row = event_row(actor, event_id)
    problems = events.Timetable(row.deadline_at, row.questions_until).problems(now)
    if problems:
        raise Invalid(problems)
    row.state = events.EVENT.move(row.state, "published")
    for prepare in ports.preparations():
        prepare(actor, row.id, now)
    row.published_at, row.published_by = now, actor.user_id
    row.publication = _publication(row)
    row.publication_sha256 = sha256_hex(canonical(row.publication))
    row.touch()
    record(
        actor,
        "event.published",
        "event",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.project_id}",
        sha256=row.publication_sha256,
        deadline=row.deadline_at,
        level=row.level,
    )
    assert row.deadline_at is not None
    jobs.enqueue("sourcing.deadline", {"event": row.id}, now=now, due_at=row.deadline_at)
    if row.kind != "rfi":
        db.session.flush()
        move_on(actor, project_row(actor, row.project_id), "criteria", now)


@command
def mark_opened(actor: Actor, event_id: str, *, now: datetime, technical: bool = False) -> None:
    """Offers were opened, or their technical envelopes only. Called by `offers.open_offers`, which records the act."""
    row = event_row(actor, event_id)
    row.state = events.EVENT.move(row.state, "technical" if technical else "opened")
    if not technical:
        row.opened_at = now
    row.touch()
    act = "event.technical_opened" if technical else "event.opened"
    record(actor, act, "event", row.id, now=now, label=row.reference, stream=f"project:{row.project_id}")


@command
def cancel_event(actor: Actor, event_id: str, *, reason: str, now: datetime) -> None:
    """Call the event off; everybody invited is told why."""
    if not reason.strip():
        raise Refused("reason_needed")
    row = event_row(actor, event_id)
    row.state = events.EVENT.move(row.state, "cancelled")
    row.cancelled_at = now
    row.touch()
    record(
        actor,
        "event.cancelled",
        "event",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.project_id}",
        reason=reason,
    )
    notify(
        ports.audience(row.id),
        "event_cancelled",
        path="/",
        now=now,
        title=row.title,
        reference=row.reference,
        reason=reason,
    )


def announce_deadline(work: jobs.Work) -> None:
    """Job handler: tell the buyer that the deadline has passed. The comparison with the deadline decides, not this."""
    event = queries.event(work.args["event"])
    if event.phase(work.now) != "closed":
        return
    _tell_deadline(event.id, event.project_id, event.title, event.reference, work.now)


@command
def _tell_deadline(event_id: str, project_id: str, title: str, reference: str, now: datetime) -> None:
    jobs.publish("DeadlinePassed", {"event": event_id}, now=now)
    owner = queries.project(project_id).owner_id
    notify(
        [owner], "deadline_passed", path=f"/projects/{project_id}/selection", now=now, title=title, reference=reference
    )
