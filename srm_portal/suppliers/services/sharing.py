"""Telling each other: the buyer's pages, the suppliers' pages, messages, meetings and their minutes."""

from __future__ import annotations

from datetime import datetime

from srm_portal.audit.services import record
from srm_portal.documents import services as store
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.names import search_key
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.categories import bare
from srm_portal.suppliers.domain.record import letter_problems
from srm_portal.suppliers.models import Meeting, Publication, SharedMessage, Supplier
from srm_portal.suppliers.ports import may_speak_of
from srm_portal.suppliers.queries.categories import category as find_category
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

BUYER_KINDS = ("profile", "product", "methodology", "term", "forecast")
SUPPLIER_KINDS = ("catalogue", "capacity", "news")
OBJECT = "publication"
BODY_MAX = 20_000


def _checked(kind: str, title: str, body: str, category: str, kinds: tuple[str, ...]) -> str:
    problems = [] if title.strip() else [FieldProblem("title", "required")]
    if kind not in kinds:
        facts = (("choices", ", ".join(kinds)),)
        problems.append(FieldProblem("kind", "unknown_value", value=kind, facts=facts))
    if len(body) > BODY_MAX:
        problems.append(FieldProblem("body", "too_long", facts=(("max", str(BODY_MAX)),)))
    code = bare(category)
    if code and find_category(code) is None:
        problems.append(FieldProblem("category", "category_unknown", value=code))
    problems += letter_problems("title", title) + letter_problems("body", body, one_line=False)
    if problems:
        raise Invalid(problems)
    return code


def _publication_for(actor: Actor, publication_id: str) -> Publication:
    """Each side changes its own pages only."""
    row = db.session.get(Publication, publication_id)
    if row is None or row.organisation_id != actor.organisation_id or row.supplier_id != actor.supplier_id:
        raise NotFound
    return row


@command
def publish_page(
    actor: Actor, *, kind: str, title: str, body: str, category: str = "", period: str = "", now: datetime
) -> str:
    """A page of the actor's side; the buyer's for all suppliers, or for those that offer a category. Returns its id."""
    code = _checked(kind, title, body, category, SUPPLIER_KINDS if actor.supplier_id else BUYER_KINDS)
    row = Publication(
        organisation_id=actor.organisation_id, supplier_id=actor.supplier_id, kind=kind, title=title.strip(),
        body=body.strip(), category=code, period=period.strip()[:40], search_key=search_key(title, body),
        written_by=actor.user_id, written_name=actor.name, written_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(actor, "page.published", *_owner(row), now=now, label=row.title, page=row.id, kind=kind, category=code)
    if actor.supplier_id:
        supplier = db.session.get_one(Supplier, actor.supplier_id)
        tell_buyers(
            row.organisation_id, "page_published", but="", path=f"/suppliers/{supplier.id}/relationship", now=now,
            about=row.id, supplier=supplier.name, title=row.title,
        )  # fmt: skip
    return row.id


def _owner(row: Publication) -> tuple[str, str]:
    return ("supplier", row.supplier_id) if row.supplier_id else ("organisation", row.organisation_id)


@command
def edit_page(
    actor: Actor, publication_id: str, *, kind: str, title: str, body: str, category: str, period: str,
    version: int | None, now: datetime,
) -> None:  # fmt: skip
    row = _publication_for(actor, publication_id)
    if not row.check_version(version):
        raise Stale({"title": (row.title, title), "body": (row.body, body)})
    code = _checked(kind, title, body, category, SUPPLIER_KINDS if actor.supplier_id else BUYER_KINDS)
    row.kind, row.title, row.body, row.category = kind, title.strip(), body.strip(), code
    row.period, row.search_key = period.strip()[:40], search_key(title, body)
    row.written_by, row.written_name, row.written_at = actor.user_id, actor.name, now
    row.touch()
    record(actor, "page.changed", *_owner(row), now=now, label=row.title, page=row.id)


@command
def withdraw_page(actor: Actor, publication_id: str, *, now: datetime) -> None:
    row = _publication_for(actor, publication_id)
    if row.withdrawn_at is not None:
        raise Refused("already_done")
    row.withdrawn_at = now
    row.touch()
    record(actor, "page.withdrawn", *_owner(row), now=now, label=row.title, page=row.id)


@command
def attach_to_page(actor: Actor, publication_id: str, upload: store.Upload | None, *, now: datetime) -> str:
    """A file beside a page: a catalogue, a drawing; judged like every file."""
    row = _publication_for(actor, publication_id)
    return store.store(actor, OBJECT, row.id, upload, now=now, note=row.title)


@command
def send_message(actor: Actor, supplier_id: str, body: str, *, project_id: str | None = None, now: datetime) -> str:
    """One message between the two sides, about the relationship or one project that the supplier knows of.

    Questions about an open event belong to its questions and answers, where everybody reads the answer; the page says so.
    """
    supplier = supplier_row_for(actor, supplier_id)
    problems = [] if body.strip() else [FieldProblem("body", "required")]
    if len(body) > BODY_MAX:
        problems.append(FieldProblem("body", "too_long", facts=(("max", str(BODY_MAX)),)))
    problems += letter_problems("body", body, one_line=False)
    if problems:
        raise Invalid(problems)
    if project_id and not may_speak_of(actor, supplier.id, project_id):
        raise NotFound
    row = SharedMessage(
        organisation_id=supplier.organisation_id, supplier_id=supplier.id, project_id=project_id or None,
        from_supplier=actor.supplier_id is not None, author_id=actor.user_id, author_name=actor.name,
        body=body.strip(), at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        actor, "message.sent", "supplier", supplier.id, now=now, label=supplier.name, message=row.id, project=project_id
    )
    if row.from_supplier:
        tell_buyers(
            supplier.organisation_id, "message_from_supplier", but="", path=f"/suppliers/{supplier.id}/messages",
            now=now, about=row.id, supplier=supplier.name, by=actor.name,
        )  # fmt: skip
    else:
        tell_supplier(supplier, "message_from_buyer", path="/supplier/messages", now=now, about=row.id, by=actor.name)
    return row.id


@command
def plan_meeting(
    actor: Actor, supplier_id: str, *, title: str, starts_at: datetime | None, place: str, participants: str,
    agenda: str, now: datetime,
) -> str:  # fmt: skip
    """A meeting with its agenda; the supplier's people are told. Returns its id."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    problems = [] if title.strip() else [FieldProblem("title", "required")]
    if starts_at is None:
        problems.append(FieldProblem("starts_at", "required"))
    problems += letter_problems("title", title) + letter_problems("place", place)
    if problems or starts_at is None:
        raise Invalid(problems)
    row = Meeting(
        organisation_id=supplier.organisation_id, supplier_id=supplier.id, title=title.strip(), starts_at=starts_at,
        place=place.strip()[:200], participants=participants.strip(), agenda=agenda.strip(), created_name=actor.name,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "meeting.planned",
        "supplier",
        supplier.id,
        now=now,
        label=supplier.name,
        meeting=row.id,
        starts=starts_at,
    )
    tell_supplier(
        supplier, "meeting_planned", path="/supplier/messages", now=now, about=row.id, title=row.title,
        day=starts_at.date().isoformat(),
    )  # fmt: skip
    return row.id


@command
def write_minutes(actor: Actor, meeting_id: str, minutes: str, *, version: int | None, now: datetime) -> None:
    """What was said and agreed; both sides read it from now on."""
    only_staff(actor)
    row = db.session.get(Meeting, meeting_id)
    if row is None:
        raise NotFound
    supplier = supplier_row_for(actor, row.supplier_id)
    if not row.check_version(version):
        raise Stale({"minutes": (row.minutes, minutes)})
    if not minutes.strip():
        raise Invalid([FieldProblem("minutes", "required")])
    row.minutes, row.minutes_name, row.minutes_at = minutes.strip(), actor.name, now
    row.touch()
    record(actor, "meeting.minuted", "supplier", supplier.id, now=now, label=supplier.name, meeting=row.id)
    tell_supplier(supplier, "meeting_minuted", path="/supplier/messages", now=now, about=row.id, title=row.title)
