"""Making questionnaires: drafts are changed, published editions stay as they are, a new edition follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import questionnaires as rules
from srm_portal.suppliers.domain.categories import bare
from srm_portal.suppliers.domain.questionnaires import Question
from srm_portal.suppliers.models import Questionnaire
from srm_portal.suppliers.services.loading import only_staff

OBJECT = "questionnaire"


def _row_for(actor: Actor, questionnaire_id: str) -> Questionnaire:
    only_staff(actor)
    row = db.session.get(Questionnaire, questionnaire_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound
    return row


def _draft(actor: Actor, questionnaire_id: str) -> tuple[Questionnaire, list[Question]]:
    row = _row_for(actor, questionnaire_id)
    if row.state != "draft":
        raise Refused("questionnaire_is_fixed")
    return row, [rules.from_row(one) for one in row.questions]


def _keep(actor: Actor, row: Questionnaire, questions: list[Question], action: str, now: datetime, key: str) -> None:
    row.questions = [rules.to_row(one) for one in questions]
    row.touch()
    record(actor, action, OBJECT, row.id, now=now, label=row.title, question=key)


@command
def create_questionnaire(actor: Actor, *, title: str, purpose: str, category: str = "", now: datetime) -> str:
    """An empty draft; returns its id. `category` narrows a qualification questionnaire to a part of the tree."""
    only_staff(actor)
    problems = [] if title.strip() else [FieldProblem("title", "required")]
    if purpose not in rules.PURPOSES:
        facts = (("choices", ", ".join(rules.PURPOSES)),)
        problems.append(FieldProblem("purpose", "unknown_value", value=purpose, facts=facts))
    if problems:
        raise Invalid(problems)
    row = Questionnaire(
        organisation_id=actor.organisation_id,
        family_id=new_id(),
        title=title.strip(),
        purpose=purpose,
        category=bare(category),
        created_name=actor.name,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "questionnaire.created", OBJECT, row.id, now=now, label=row.title, purpose=purpose)
    return row.id


@command
def save_question(actor: Actor, questionnaire_id: str, question: Question, *, now: datetime) -> str:
    """Add a question (empty key) or change one; returns its key. Invalid names what is wrong with it."""
    row, questions = _draft(actor, questionnaire_id)
    place = next((number for number, one in enumerate(questions) if one.key == question.key), len(questions))
    if question.key and place == len(questions):
        raise NotFound
    question = replace(question, key=question.key or new_id()[:8], text=question.text.strip())
    problems = rules.question_problems(question, questions[:place])
    if problems:
        raise Invalid(problems)
    _keep(actor, row, [*questions[:place], question, *questions[place + 1 :]], "question.saved", now, question.key)
    return question.key


@command
def move_question(actor: Actor, questionnaire_id: str, key: str, *, up: bool, now: datetime) -> None:
    """One place up or down."""
    row, questions = _draft(actor, questionnaire_id)
    place = next((number for number, one in enumerate(questions) if one.key == key), None)
    if place is None:
        raise NotFound
    other = place - 1 if up else place + 1
    if 0 <= other < len(questions):
        questions[place], questions[other] = questions[other], questions[place]
        _keep(actor, row, questions, "question.moved", now, key)


@command
def remove_question(actor: Actor, questionnaire_id: str, key: str, *, now: datetime) -> None:
    row, questions = _draft(actor, questionnaire_id)
    _keep(actor, row, [one for one in questions if one.key != key], "question.removed", now, key)


@command
def publish_questionnaire(actor: Actor, questionnaire_id: str, *, now: datetime) -> None:
    """From now on this edition is laid before companies and stays as it is; the edition before retires."""
    row, questions = _draft(actor, questionnaire_id)
    problems = rules.definition_problems(questions)
    if problems:
        raise Invalid(problems)
    query = select(Questionnaire).where(Questionnaire.family_id == row.family_id, Questionnaire.state == "published")
    for before in db.session.scalars(query):
        before.state = "retired"
    row.state, row.published_at = "published", now
    row.touch()
    record(actor, "questionnaire.published", OBJECT, row.id, now=now, label=row.title, edition=row.edition)


@command
def revise_questionnaire(actor: Actor, questionnaire_id: str, *, now: datetime) -> str:
    """A draft of the next edition with the same questions; returns its id (of the open draft, where there is one)."""
    row = _row_for(actor, questionnaire_id)
    query = select(Questionnaire).where(Questionnaire.family_id == row.family_id, Questionnaire.state == "draft")
    if (open_draft := db.session.scalar(query)) is not None:
        return open_draft.id
    last = select(func.max(Questionnaire.edition)).where(Questionnaire.family_id == row.family_id)
    fresh = Questionnaire(
        organisation_id=row.organisation_id,
        family_id=row.family_id,
        edition=(db.session.scalar(last) or 0) + 1,
        title=row.title,
        purpose=row.purpose,
        category=row.category,
        questions=list(row.questions),
        created_name=actor.name,
        created_at=now,
    )
    db.session.add(fresh)
    db.session.flush()
    record(actor, "questionnaire.revised", OBJECT, fresh.id, now=now, label=row.title, edition=fresh.edition)
    return fresh.id


@command
def retire_questionnaire(actor: Actor, questionnaire_id: str, *, now: datetime) -> None:
    """No company gets it any more; what was answered stays."""
    row = _row_for(actor, questionnaire_id)
    if row.state != "published":
        raise Refused("wrong_state", current=row.state)
    row.state = "retired"
    row.touch()
    record(actor, "questionnaire.retired", OBJECT, row.id, now=now, label=row.title)
