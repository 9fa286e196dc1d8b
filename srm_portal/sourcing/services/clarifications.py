"""Questions, answers, amendments and longer deadlines of a published event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.identity import queries as identity
from srm_portal.infra import jobs
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import ports, queries
from srm_portal.sourcing.domain import amendments as rules
from srm_portal.sourcing.domain.events import is_late
from srm_portal.sourcing.models import Amendment, Clarification, Event, Line
from srm_portal.sourcing.store import event_row

QUESTION_LENGTH_MAX = 4000


@command
def ask_question(actor: Actor, event_id: str, question: str, *, now: datetime) -> str:
    """A supplier asks; `bidding_lists` has checked that they are invited. Others never learn who asked."""
    event = db.session.get(Event, event_id)
    if event is None or actor.supplier_id is None:
        raise NotFound
    if not question.strip() or len(question) > QUESTION_LENGTH_MAX:
        raise Invalid([FieldProblem("question", "required")])
    limit = event.questions_until or event.deadline_at
    if event.state != "published" or limit is None or is_late(limit, now):
        raise Refused("questions_closed")
    row = Clarification(event_id=event.id, supplier_id=actor.supplier_id, question=question.strip(), asked_at=now)
    db.session.add(row)
    db.session.flush()
    record(
        actor, "question.asked", "event", event.id, now=now, label=event.reference, stream=f"project:{event.project_id}"
    )
    owner = queries.project(event.project_id).owner_id
    notify([owner], "question_asked", path=f"/events/{event.id}/questions", now=now, title=event.title)
    return row.id


@command
def answer_question(
    actor: Actor, clarification_id: str, answer: str, *, to_all: bool, now: datetime, amend: bool = False
) -> None:
    """Answer to everybody or to the asker alone; with `amend` the answer to all becomes an amendment as well."""
    row = db.session.get(Clarification, clarification_id)
    if row is None:
        raise NotFound
    event = event_row(actor, row.event_id)
    if not answer.strip():
        raise Invalid([FieldProblem("answer", "required")])
    row.answer, row.answered_at, row.answered_by, row.to_all = answer.strip(), now, actor.user_id, to_all
    record(
        actor,
        "question.answered",
        "event",
        event.id,
        now=now,
        label=event.reference,
        stream=f"project:{event.project_id}",
        to_all=to_all,
    )
    told = ports.audience(event.id)
    if not to_all:
        told = {one.id for one in identity.people(told).values() if one.supplier_id == row.supplier_id}
    notify(told, "question_answered", path=f"/s/events/{event.id}", now=now, title=event.title)
    if amend and to_all:
        amend_event(actor, event.id, answer, now=now, confirm=True)


def _next_number(event_id: str) -> int:
    return (db.session.scalar(select(func.max(Amendment.number)).where(Amendment.event_id == event_id)) or 0) + 1


@command
def amend_event(
    actor: Actor,
    event_id: str,
    text: str,
    *,
    now: datetime,
    deadline_at: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    lines: Mapping[str, Mapping[str, str]] | None = None,
    confirm: bool = False,
    refresh: Sequence[str] = (),
) -> None:
    """A numbered change told to everyone invited; may move the deadline later, never earlier.

    `values` and `lines` change what was published (`domain/amendments`): the earlier version is kept, the difference
    shown. Then, or with `confirm`, offers handed in before stay, and count only once their supplier confirms them.
    `refresh` names the parts of the publication that the later room whose act this is has changed.
    """
    row = event_row(actor, event_id)
    if row.state != "published" or row.deadline_at is None or row.publication is None:
        raise Refused("event_not_published")
    if not text.strip():
        raise Invalid([FieldProblem("text", "required")])
    if is_late(row.deadline_at, now):
        raise Refused("deadline_has_passed")
    before = row.deadline_at
    if deadline_at is not None:
        if deadline_at <= before:
            raise Invalid([FieldProblem("deadline_at", "deadline_not_later")])
        row.deadline_at = deadline_at
        jobs.enqueue("sourcing.deadline", {"event": row.id}, now=now, due_at=deadline_at)
    old = row.publication
    changes = _change_publication(row, values or {}, lines or {})
    if refresh:
        parts = ports.publication_parts()
        row.publication = {**row.publication, **{name: parts[name](row.project_id) for name in refresh}}
        row.publication_sha256 = sha256_hex(canonical(row.publication))
    row.touch()
    number = _next_number(row.id)
    db.session.add(
        Amendment(
            event_id=row.id,
            number=number,
            text=text.strip(),
            deadline_before=before,
            deadline_after=row.deadline_at,
            confirm=confirm or bool(changes),
            changes=changes,
            before=old if changes or refresh else None,
            at=now,
            by_name=actor.name,
        )
    )
    record(
        actor,
        "event.amended",
        "event",
        row.id,
        now=now,
        label=row.reference,
        stream=f"project:{row.project_id}",
        number=number,
        text=text,
        deadline_before=before,
        deadline_after=row.deadline_at,
        changes=changes,
        sha256=row.publication_sha256,
    )
    notify(ports.audience(row.id), "event_amended", path=f"/s/events/{row.id}", now=now, title=row.title)


def _change_publication(
    row: Event, values: Mapping[str, Any], lines: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    assert row.publication is not None
    wrong = rules.problems(lines, {line["id"]: line["number"] for line in row.publication["lines"]})
    if wrong:
        raise Invalid(wrong)
    after, changes = rules.amended(row.publication, values, lines)
    if not changes:
        return []
    row.publication = after
    row.publication_sha256 = sha256_hex(canonical(after))
    for name in rules.FIELDS:
        setattr(row, name, after[name])
    touched = {change["line"] for change in changes}
    for line in after["lines"]:
        if line["number"] in touched:
            stored = db.session.get_one(Line, line["id"])
            stored.quantity, stored.description = Decimal(line["quantity"]), line["description"]
    return changes


@command
def extend_deadline(actor: Actor, event_id: str, *, deadline_at: datetime, reason: str, now: datetime) -> None:
    """More time for everybody, with the reason."""
    if not reason.strip():
        raise Refused("reason_needed")
    amend_event(actor, event_id, reason, deadline_at=deadline_at, now=now)
