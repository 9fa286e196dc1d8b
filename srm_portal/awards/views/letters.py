"""Letters to bidders: previewed and kept for staff, the debrief page for each bidder."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from srm_portal.awards import queries, services
from srm_portal.awards.forms import QuestionForm
from srm_portal.awards.services import letters as paper
from srm_portal.awards.views.award import bp
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = Any


@bp.get("/awards/<award_id>/letters")
@requires("offer:compare")
def letters(award_id: str) -> Answer:
    actor = current_actor()
    view = queries.award_for(actor, award_id)
    project = sourcing.project_for(actor, view.project_id)
    sent = queries.letters(award_id)
    return render_template(
        "awards/letters.html",
        project=project,
        award=view,
        letters=sent or paper.kept_drafts(view),
        sent=bool(sent),
        questions=queries.questions(award_id),
        form=ActForm(formdata=None),
    )


@bp.get("/awards/<award_id>/letters/<supplier_id>.pdf")
@requires("offer:compare")
def letter_pdf(award_id: str, supplier_id: str) -> Answer:
    return _pdf(queries.letter_for(current_actor(), award_id, supplier_id))


def _pdf(letter: queries.LetterView) -> Response:
    with force_locale(letter.language):
        day = formats.day(letter.sent_at, letter.language) if letter.sent_at else ""
        pages = paper.pdf(letter, day)
    answer = Response(pages, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="letter-{letter.text["reference"]}.pdf"'
    return answer


@bp.post("/debrief-questions/<question_id>/answer")
@requires("award:propose")
def answer_question(question_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        award_id = services.answer_question(
            current_actor(), question_id, request.form.get("text", ""), now=request_now()
        )
    except Refused as refusal:
        flash_refusal(refusal)
        return redirect(request.referrer or url_for("insights.home"))
    flash(_("Answered; only this bidder sees it."), "success")
    return redirect(url_for("awards.letters", award_id=award_id))


@bp.route("/s/awards/<award_id>", methods=["GET", "POST"])
@requires("own_supplier:read")
def debrief(award_id: str) -> Answer:
    """The supplier's page: the letter, own points, questions and answers."""
    actor = current_actor()
    letter = queries.own_letter(actor, award_id)
    form = QuestionForm()
    if form.apply(lambda: services.ask_question(actor, award_id, form.text.data or "", now=request_now())):
        flash(_("Sent to the buyer; the answer comes here and by mail."), "success")
        return redirect(url_for("awards.debrief", award_id=award_id))
    page = render_template(
        "awards/debrief.html",
        letter=letter,
        questions=queries.questions(award_id, letter.supplier_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/s/awards/<award_id>/letter.pdf")
@requires("own_supplier:read")
def own_letter_pdf(award_id: str) -> Answer:
    return _pdf(queries.own_letter(current_actor(), award_id))
