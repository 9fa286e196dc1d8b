"""Planning a talk, keeping its ledger, minutes that both sides confirm."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.documents import services as documents
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import canonical, sha256_hex
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.negotiations import queries
from srm_portal.negotiations.domain import LIFE, POINT_KINDS
from srm_portal.negotiations.models import Negotiation, NegotiationMove
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing


def _row(actor: Actor, negotiation_id: str) -> Negotiation:
    queries.negotiation_for(actor, negotiation_id)
    return db.session.get_one(Negotiation, negotiation_id)


def _supplier_users(row: Negotiation) -> list[str]:
    people = identity.supplier_people(row.organisation_id, [row.supplier_id])
    return [one.id for one in people[row.supplier_id] if one.state != "disabled"]


@command
def plan(
    actor: Actor,
    project_id: str,
    supplier_id: str,
    *,
    title: str,
    held_at: datetime | None,
    now: datetime,
    place: str = "",
    participants: str = "",
    agenda: str = "",
    target: Decimal | None = None,
    walk_away: Decimal | None = None,
) -> str:
    """Invite a supplier to a talk; returns its id. The goals stay on the buyer's side."""
    project = sourcing.project_for(actor, project_id)
    if project.stage != "contract":
        raise Refused("not_current_step", current=project.stage)
    problems = []
    if not title.strip():
        problems.append(FieldProblem("title", "required"))
    if held_at is None:
        problems.append(FieldProblem("held_at", "required"))
    if target is not None and walk_away is not None and walk_away < target:
        problems.append(FieldProblem("walk_away", "walk_away_below_target"))
    if problems:
        raise Invalid(problems)
    row = Negotiation(
        organisation_id=actor.organisation_id,
        project_id=project_id,
        supplier_id=supplier_id,
        title=title.strip(),
        held_at=held_at,
        place=place,
        participants=participants,
        agenda=agenda,
        points=[],
        target=target,
        walk_away=walk_away,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "negotiation.planned", "negotiation", row.id, now=now, label=row.title, stream=project.stream)
    notify(
        _supplier_users(row),
        "negotiation_planned",
        path=f"/s/negotiations/{row.id}",
        now=now,
        about=row.id,
        title=row.title,
    )
    return row.id


@command
def add_point(
    actor: Actor,
    negotiation_id: str,
    *,
    title: str,
    kind: str,
    target: Decimal | None,
    walk_away: Decimal | None,
    now: datetime,
) -> str:
    """Something besides the prices to talk about, with one's own goals; returns its id."""
    row = _row(actor, negotiation_id)
    if row.state not in ("planned", "held"):
        raise Refused("minutes_are_written")
    if not title.strip():
        raise Invalid([FieldProblem("title", "required")])
    if kind not in POINT_KINDS:
        raise Invalid([FieldProblem("kind", "wrong_value", value=kind)])
    point_id = new_id()
    goals = {
        name: plain(value) if value is not None else ""
        for name, value in (("target", target), ("walk_away", walk_away))
    }
    row.points = [*row.points, {"id": point_id, "title": title.strip()[:200], "kind": kind} | goals]
    row.touch()
    _trail(actor, "negotiation.point_added", row, now, title=title.strip())
    return point_id


def _trail(actor: Actor, action: str, row: Negotiation, now: datetime, **details: str) -> None:
    stream = f"project:{row.project_id}"
    record(actor, action, "negotiation", row.id, now=now, label=row.title, stream=stream, **details)


@command
def answer_invitation(actor: Actor, negotiation_id: str, *, coming: bool, note: str, now: datetime) -> None:
    """The supplier says whether they come; the newest answer counts."""
    row = _row(actor, negotiation_id)
    if actor.supplier_id is None:
        raise NotFound
    if row.state != "planned":
        raise Refused("talk_has_begun")
    row.answer, row.answer_note, row.answered_by = "coming" if coming else "not", note.strip()[:500], actor.name
    row.touch()
    _trail(actor, "negotiation.answered", row, now, answer=row.answer, note=row.answer_note)
    owner = sourcing.project(row.project_id).owner_id
    kind = "negotiation_coming" if coming else "negotiation_not_coming"
    notify([owner], kind, path=f"/negotiations/{row.id}", now=now, title=row.title)


@command
def cancel(actor: Actor, negotiation_id: str, *, reason: str, now: datetime) -> None:
    """Called off before anything was offered."""
    row = _row(actor, negotiation_id)
    if not reason.strip():
        raise Refused("reason_needed")
    row.state = LIFE.move(row.state, "cancelled")
    row.touch()
    _trail(actor, "negotiation.cancelled", row, now, reason=reason.strip())
    notify(_supplier_users(row), "negotiation_cancelled", path=f"/s/negotiations/{row.id}", now=now, title=row.title)


@command
def attach(actor: Actor, negotiation_id: str, upload: documents.Upload | None, *, now: datetime) -> str:
    """A file that both sides read; returns its id."""
    row = _row(actor, negotiation_id)
    if row.state in ("confirmed", "cancelled"):
        raise Refused("minutes_are_written")
    note = "supplier" if actor.supplier_id is not None else "buyer"
    stream = f"project:{row.project_id}"
    return documents.store(actor, "negotiation", row.id, upload, now=now, note=note, stream=stream)


@command
def add_move(
    actor: Actor,
    negotiation_id: str,
    *,
    lot_id: str | None = None,
    point_id: str | None = None,
    side: str,
    amount: Decimal | None,
    note: str = "",
    now: datetime,
) -> None:
    """Write one offer or counter-offer, on a lot's price or another point, into the ledger. The first one marks the
    talk as held."""
    row = _row(actor, negotiation_id)
    if actor.supplier_id is not None and (side != "supplier" or not actor.may_bid):
        raise Forbidden("may_not_bid")
    if row.state not in ("planned", "held"):
        raise Refused("minutes_are_written")
    if amount is None or amount <= 0:
        raise Invalid([FieldProblem("amount", "not_positive", value="" if amount is None else plain(amount))])
    known = {lot.id for lot in sourcing.lots(row.project_id)} | {one["id"] for one in row.points}
    if side not in ("buyer", "supplier") or bool(lot_id) == bool(point_id) or (lot_id or point_id) not in known:
        raise NotFound
    if row.state == "planned":
        row.state = LIFE.move(row.state, "held")
    number = db.session.scalar(select(func.max(NegotiationMove.number)).where(NegotiationMove.negotiation_id == row.id))
    move = NegotiationMove(
        negotiation_id=row.id,
        number=(number or 0) + 1,
        lot_id=lot_id,
        point_id=point_id,
        side=side,
        amount=amount,
        note=note,
        at=now,
        by_name=actor.name,
    )
    db.session.add(move)
    row.touch()
    record(
        actor,
        "negotiation.moved",
        "negotiation",
        row.id,
        now=now,
        label=row.title,
        stream=f"project:{row.project_id}",
        number=move.number,
        side=side,
        lot=lot_id or "",
        point=point_id or "",
        amount=amount,
    )


def _minutes_hash(row: Negotiation) -> str:
    ledger = [[m.number, m.about, m.side, plain(m.amount), m.note] for m in queries.moves(row.id)]
    return sha256_hex(canonical({"minutes": row.minutes, "moves": ledger}))


@command
def write_minutes(actor: Actor, negotiation_id: str, minutes: str, *, version: int | None, now: datetime) -> None:
    """The buyer writes down what was agreed and asks the supplier to confirm it."""
    row = _row(actor, negotiation_id)
    if not row.check_version(version):
        raise Stale({"minutes": (row.minutes, minutes)})
    if not minutes.strip():
        raise Invalid([FieldProblem("minutes", "required")])
    if row.state == "minuted":
        row.state = LIFE.move(row.state, "held")
    row.state = LIFE.move(row.state, "minuted")
    row.minutes, row.minutes_by = minutes.strip(), actor.name
    row.minutes_sha256 = _minutes_hash(row)
    row.touch()
    record(
        actor,
        "negotiation.minuted",
        "negotiation",
        row.id,
        now=now,
        label=row.title,
        stream=f"project:{row.project_id}",
        sha256=row.minutes_sha256,
    )
    notify(
        _supplier_users(row),
        "negotiation_minuted",
        path=f"/s/negotiations/{row.id}",
        now=now,
        about=row.id,
        title=row.title,
    )


@command
def confirm_minutes(actor: Actor, negotiation_id: str, sha256: str, *, now: datetime) -> None:
    """The supplier confirms exactly the minutes they read: another version is refused."""
    row = _row(actor, negotiation_id)
    if actor.supplier_id is None:
        raise NotFound
    if not actor.may_bid:
        raise Forbidden("may_not_bid")
    if row.minutes_sha256 != sha256:
        raise Refused("minutes_changed")
    row.state = LIFE.move(row.state, "confirmed")
    row.confirmed_at, row.confirmed_by = now, actor.name
    row.touch()
    record(
        actor,
        "negotiation.confirmed",
        "negotiation",
        row.id,
        now=now,
        label=row.title,
        stream=f"project:{row.project_id}",
        sha256=sha256,
    )
    owner = sourcing.project(row.project_id).owner_id
    notify([owner], "negotiation_confirmed", path=f"/negotiations/{row.id}", now=now, title=row.title)
