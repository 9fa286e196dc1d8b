"""Requests for information and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.bidding_lists.models import RfiAnswer
from srm_portal.bidding_lists.queries.invitations import InvitationView, invited_to
from srm_portal.documents import queries as documents
from srm_portal.documents.queries import FileView
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.queries import EventView

FILES = "rfi_answer"


@dataclass(frozen=True, slots=True)
class AnswerView:
    id: str
    event_id: str
    supplier_id: str
    text: str
    answered_name: str
    answered_at: datetime
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class RfiView:
    """A request with everybody asked, each with the answer that came."""

    event: EventView
    asked: tuple[tuple[InvitationView, AnswerView | None], ...]

    @property
    def answered(self) -> int:
        return sum(answer is not None for _invitation, answer in self.asked)


def _views(rows: list[RfiAnswer]) -> list[AnswerView]:
    files = documents.files_of(FILES, [row.id for row in rows]) if rows else {}
    return [
        AnswerView(
            row.id, row.event_id, row.supplier_id, row.text, row.answered_name, row.answered_at, tuple(files[row.id])
        )
        for row in rows
    ]


def requests(project_id: str) -> list[RfiView]:
    """The requests for information of a project, newest first, for the buyer."""
    events = [one for one in sourcing.events(project_id) if one.kind == "rfi"]
    ids = [one.id for one in events]
    asked = invited_to(ids)
    rows = list(db.session.scalars(select(RfiAnswer).where(RfiAnswer.event_id.in_(ids)))) if ids else []
    answers = {(one.event_id, one.supplier_id): one for one in _views(rows)}
    return [
        RfiView(event, tuple((one, answers.get((event.id, one.supplier_id))) for one in asked[event.id]))
        for event in reversed(events)
    ]


def own_answer(actor: Actor, event_id: str) -> AnswerView | None:
    """What this supplier has answered so far; the caller has checked the invitation."""
    query = select(RfiAnswer).where(RfiAnswer.event_id == event_id, RfiAnswer.supplier_id == actor.supplier_id)
    rows = list(db.session.scalars(query))
    return _views(rows)[0] if rows else None


def answer_file(actor: Actor, answer_id: str, file_id: str) -> FileView:
    """A file of an answer, for the buyer's people and the supplier who handed it in."""
    row = db.session.get(RfiAnswer, answer_id)
    if row is None:
        raise NotFound
    if actor.supplier_id is None:
        sourcing.event_for(actor, row.event_id)
    elif actor.supplier_id != row.supplier_id:
        raise NotFound
    return documents.file_of(FILES, answer_id, file_id)
