"""Answering questionnaires: laid out, kept as a draft, handed in when complete, scored by the stated rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.documents import services as store
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import questionnaires as rules
from srm_portal.suppliers.domain.categories import is_cpv, subtree
from srm_portal.suppliers.domain.record import letter_problems
from srm_portal.suppliers.models import Questionnaire, QuestionnaireAnswer, Supplier
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for
from srm_portal.suppliers.services.telling import tell_buyers, tell_supplier

OBJECT = "questionnaire_answer"


def _published(organisation_id: str, purpose: str) -> list[Questionnaire]:
    query = select(Questionnaire).where(
        Questionnaire.organisation_id == organisation_id,
        Questionnaire.state == "published",
        Questionnaire.purpose == purpose,
    )
    return list(db.session.scalars(query.order_by(Questionnaire.title)))


def lay_out(
    organisation_id: str, subject_type: str, subject_id: str, purpose: str, now: datetime, *, category: str = "",
    due_on: date | None = None, by: str = "",
) -> list[str]:  # fmt: skip
    """Put every published questionnaire of a purpose (and category) before a company; open ones are not doubled.

    Inside a command that leaves its own trail. Returns the titles that are new.
    """
    query = select(QuestionnaireAnswer.questionnaire_id).where(
        QuestionnaireAnswer.subject_type == subject_type,
        QuestionnaireAnswer.subject_id == subject_id,
        QuestionnaireAnswer.state != "submitted",
    )
    lying = set(db.session.scalars(query))
    fresh = []
    for one in _published(organisation_id, purpose):
        if one.id in lying or not _speaks_of(one.category, category):
            continue
        db.session.add(
            QuestionnaireAnswer(
                organisation_id=organisation_id, questionnaire_id=one.id, subject_type=subject_type,
                subject_id=subject_id, asked_at=now, asked_name=by, due_on=due_on,
            )
        )  # fmt: skip
        fresh.append(one.title)
    db.session.flush()
    return fresh


def _speaks_of(narrowed: str, category: str) -> bool:
    if not narrowed or not category:
        return not narrowed
    low, high = subtree(narrowed) if is_cpv(narrowed) else (narrowed, narrowed)
    return low <= category <= high


@command
def send_questionnaire(
    actor: Actor, questionnaire_id: str, supplier_id: str, *, due_on: date | None, now: datetime
) -> str:
    """Ask one supplier to answer; its people are told. Returns the answer's id."""
    only_staff(actor)
    supplier = supplier_row_for(actor, supplier_id)
    form = db.session.get(Questionnaire, questionnaire_id)
    if form is None or form.organisation_id != actor.organisation_id:
        raise NotFound
    if form.state != "published":
        raise Refused("questionnaire_not_published")
    if due_on is not None and due_on < now.date():
        raise Invalid([FieldProblem("due_on", "already_over")])
    row = QuestionnaireAnswer(
        organisation_id=actor.organisation_id, questionnaire_id=form.id, subject_type="supplier",
        subject_id=supplier.id, asked_at=now, asked_name=actor.name, due_on=due_on,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        actor, "questionnaire.sent", "supplier", supplier.id, now=now, label=supplier.name, questionnaire=form.id,
        title=form.title, due_on=due_on,
    )  # fmt: skip
    tell_supplier(
        supplier, "questionnaire_asked", path=f"/supplier/questionnaires/{row.id}", now=now, about=row.id,
        title=form.title,
    )  # fmt: skip
    return row.id


def answer_row(answer_id: str, subject: tuple[str, str]) -> tuple[QuestionnaireAnswer, Questionnaire]:
    """The answer of this very company; NotFound for any other's."""
    row = db.session.get(QuestionnaireAnswer, answer_id)
    if row is None or (row.subject_type, row.subject_id) != subject:
        raise NotFound
    return row, db.session.get_one(Questionnaire, row.questionnaire_id)


def _problems(questions: list[rules.Question], answers: Mapping[str, Any], complete: bool) -> list[FieldProblem]:
    found = rules.answer_problems(questions, answers, complete=complete)
    for one in questions:
        text = answers.get(one.key)
        if one.kind in ("text", "long_text") and isinstance(text, str):
            found += letter_problems(one.key, text, one_line=one.kind == "text")
    return found


@command
def save_answers(
    actor: Actor,
    answer_id: str,
    subject: tuple[str, str],
    given: Mapping[str, Any],
    uploads: Iterable[tuple[str, store.Upload]],
    *,
    hand_in: bool,
    now: datetime,
) -> None:
    """Keep the answers; with `hand_in` they must be complete, are scored and stay. Files replace the one before.

    `subject` is ("supplier", id) or ("registration", id), authorised by the caller. Invalid: by question key.
    """
    row, form = answer_row(answer_id, subject)
    if row.state == "submitted":
        raise Refused("answers_handed_in")
    questions = [rules.from_row(one) for one in form.questions]
    answers: dict[str, Any] = {key: value for key, value in given.items() if value}
    answers |= {one.key: row.answers[one.key] for one in questions if one.kind == "file" and one.key in row.answers}
    kinds = {one.key: one.kind for one in questions}
    for key, upload in uploads:
        if kinds.get(key) == "file" and upload.filename:
            answers[key] = store.store(actor, OBJECT, row.id, upload, now=now, note=key)
    problems = _problems(questions, answers, hand_in)
    if problems:
        raise Invalid(problems)
    row.answers, row.state = rules.kept(questions, answers), "draft"
    row.touch()
    if hand_in:
        row.state, row.submitted_at, row.submitted_name = "submitted", now, actor.name
        row.score = rules.score(questions, row.answers)
    action = "questionnaire.handed_in" if hand_in else "questionnaire.saved"
    record(actor, action, subject[0], subject[1], now=now, label=form.title, answer=row.id, score=row.score)
    if hand_in and subject[0] == "supplier":
        supplier = db.session.get_one(Supplier, subject[1])
        tell_buyers(
            row.organisation_id, "questionnaire_answered", but=actor.user_id,
            path=f"/suppliers/answers/{row.id}", now=now, about=row.id, supplier=supplier.name, title=form.title,
        )  # fmt: skip
