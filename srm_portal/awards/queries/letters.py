"""What bidders were told, and what they asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from srm_portal.awards.models import Award, AwardLetter, DebriefQuestion
from srm_portal.awards.queries.awarding import award_for
from srm_portal.infra.db import db
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries as suppliers


@dataclass(frozen=True, slots=True)
class LetterView:
    """`text`: {"title", "head", "paragraphs", "table", "closing"} in `language`."""

    id: str
    award_id: str
    supplier_id: str
    supplier_name: str
    kind: str
    language: str
    text: dict[str, Any]
    sha256: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    id: str
    supplier_id: str
    supplier_name: str
    question: str
    asked_at: datetime
    asked_by: str
    answer: str
    answered_at: datetime | None
    answered_by: str


def _letter(row: AwardLetter, name: str) -> LetterView:
    return LetterView(
        row.id, row.award_id, row.supplier_id, name, row.kind, row.language, row.text, row.sha256, row.sent_at
    )


def letters(award_id: str) -> list[LetterView]:
    """The letters that went out, winners first; the caller has authorised the actor."""
    rows = list(db.session.scalars(select(AwardLetter).where(AwardLetter.award_id == award_id)))
    cards = suppliers.suppliers(sorted({row.supplier_id for row in rows}))
    found = [_letter(row, cards[row.supplier_id].name) for row in rows]
    return sorted(found, key=lambda one: (one.kind != "won", one.supplier_name))


def letter_for(actor: Actor, award_id: str, supplier_id: str) -> LetterView:
    """One letter, for staff."""
    award_for(actor, award_id)
    found = next((one for one in letters(award_id) if one.supplier_id == supplier_id), None)
    if found is None:
        raise NotFound
    return found


def own_letter(actor: Actor, award_id: str) -> LetterView:
    """The supplier's own letter; NotFound unless one was sent to this very supplier."""
    query = (
        select(AwardLetter)
        .join(Award, Award.id == AwardLetter.award_id)
        .where(
            AwardLetter.award_id == award_id,
            AwardLetter.supplier_id == actor.supplier_id,
            Award.organisation_id == actor.organisation_id,
        )
    )
    row = db.session.scalar(query) if actor.supplier_id else None
    if row is None:
        raise NotFound
    return _letter(row, suppliers.suppliers([row.supplier_id])[row.supplier_id].name)


def debriefs_of(actor: Actor, project_id: str) -> list[tuple[str, str]]:
    """(award, kind) of the letters that this supplier was sent about a project."""
    query = (
        select(AwardLetter.award_id, AwardLetter.kind)
        .join(Award, Award.id == AwardLetter.award_id)
        .where(Award.project_id == project_id, AwardLetter.supplier_id == actor.supplier_id)
    )
    return [(award, kind) for award, kind in db.session.execute(query.order_by(AwardLetter.sent_at.desc()))]


def questions(award_id: str, supplier_id: str | None = None) -> list[QuestionView]:
    """Debrief questions, oldest first; of one supplier where one is named."""
    query = select(DebriefQuestion).where(DebriefQuestion.award_id == award_id)
    if supplier_id is not None:
        query = query.where(DebriefQuestion.supplier_id == supplier_id)
    rows = list(db.session.scalars(query.order_by(DebriefQuestion.asked_at, DebriefQuestion.id)))
    cards = suppliers.suppliers(sorted({row.supplier_id for row in rows}))
    return [
        QuestionView(
            row.id,
            row.supplier_id,
            cards[row.supplier_id].name,
            row.question,
            row.asked_at,
            row.asked_by,
            row.answer,
            row.answered_at,
            row.answered_by,
        )
        for row in rows
    ]
