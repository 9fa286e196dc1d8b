"""Bidders ask how their offer was judged; the buyer answers each alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.awards import queries
from srm_portal.awards.models import Award, DebriefQuestion
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.notifications.services import notify
from srm_portal.sourcing import queries as sourcing

QUESTIONS_MAX = 10


@command
def ask_question(actor: Actor, award_id: str, text: str, *, now: datetime) -> None:
    """A bidder who was sent a letter asks about it."""
    queries.own_letter(actor, award_id)
    if not text.strip():
        raise Invalid([FieldProblem("text", "required")])
    assert actor.supplier_id is not None
    if len(queries.questions(award_id, actor.supplier_id)) >= QUESTIONS_MAX:
        raise Refused("too_many_questions", count=QUESTIONS_MAX)
    row = DebriefQuestion(
        award_id=award_id,
        supplier_id=actor.supplier_id,
        question=text.strip()[:4000],
        asked_at=now,
        asked_by=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    award = db.session.get_one(Award, award_id)
    project = sourcing.project(award.project_id)
    record(
        actor,
        "award.question_asked",
        "award",
        award_id,
        now=now,
        label=award.reference,
        stream=project.stream,
        organisation_id=award.organisation_id,
        supplier=actor.supplier_id,
    )
    notify(
        {award.proposed_by, project.owner_id},
        "award_question",
        path=f"/awards/{award_id}/letters",
        now=now,
        by=actor.name,
        reference=award.reference,
    )


@command
def answer_question(actor: Actor, question_id: str, text: str, *, now: datetime) -> str:
    """Answer one bidder; only they see it. Returns the award's id."""
    query = (
        select(DebriefQuestion, Award)
        .join(Award, Award.id == DebriefQuestion.award_id)
        .where(DebriefQuestion.id == question_id, Award.organisation_id == actor.organisation_id)
    )
    found = db.session.execute(query).first()
    if found is None or not actor.may("award:propose"):
        raise NotFound
    row, award = found
    if row.answered_at is not None:
        raise Refused("already_answered")
    if not text.strip():
        raise Refused("debrief_answer_missing")
    row.answer, row.answered_at, row.answered_by = text.strip()[:8000], now, actor.name
    project = sourcing.project(award.project_id)
    record(
        actor,
        "award.question_answered",
        "award",
        award.id,
        now=now,
        label=award.reference,
        stream=project.stream,
        supplier=row.supplier_id,
    )
    people = identity.supplier_people(award.organisation_id, [row.supplier_id])
    notify(
        [one.id for one in people[row.supplier_id]],
        "award_question_answered",
        path=f"/s/awards/{award.id}",
        now=now,
        title=project.title,
    )
    return str(award.id)
