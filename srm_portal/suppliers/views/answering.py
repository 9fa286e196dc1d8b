"""One page for answering a questionnaire, for companies registered or registering."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.documents import queries as documents
from srm_portal.kernel.errors import Invalid, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import services
from srm_portal.suppliers.queries import AnswerView
from srm_portal.web.context import request_now
from srm_portal.web.errors import flash_refusal, problem_sentence
from srm_portal.web.forms import ActForm

ANSWER_FILES = "questionnaire_answer"


def _typed(answer: AnswerView) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for question in answer.questionnaire.questions:
        if question.kind == "choices":
            given[question.key] = request.form.getlist(f"q_{question.key}")
        elif question.kind != "file":
            given[question.key] = request.form.get(f"q_{question.key}", "").strip()
    return given


def answer_page(answer: AnswerView, actor: Actor, subject: tuple[str, str], *, layout: str, back: str) -> Any:
    """Show the questions with what was answered; keep a draft, or hand in what is complete."""
    errors: dict[str, str] = {}
    given = answer.answers
    if request.method == "POST" and ActForm().validate_on_submit():
        given = answer.answers | _typed(answer)
        uploads = [(name[2:], file) for name, file in request.files.items() if name.startswith("q_") and file.filename]
        complete = request.form.get("act") == "hand_in"
        try:
            services.save_answers(actor, answer.id, subject, given, uploads, hand_in=complete, now=request_now())
        except Invalid as wrong:
            errors = {one.field: problem_sentence(one) for one in wrong.problems}
        except Refused as refusal:
            flash_refusal(refusal)
        else:
            flash(_("Handed in.") if complete else _("Kept as a draft."), "success")
            same: Response = redirect(back if complete else request.full_path.rstrip("?"))
            return same
    files = documents.files_of(ANSWER_FILES, [answer.id])[answer.id]
    page = render_template(
        "suppliers/answer.html",
        answer=answer,
        given=given,
        errors=errors,
        files={file.id: file for file in files},
        layout_name=layout,
        back=back,
    )
    return page, 422 if errors else 200
