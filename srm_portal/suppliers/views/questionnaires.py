"""Making questionnaires."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.questionnaires import changes
from srm_portal.suppliers.forms import QuestionForm, QuestionnaireForm
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, problem_sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


def _there(questionnaire_id: str) -> Response:
    return redirect(url_for("suppliers.questionnaire", questionnaire_id=questionnaire_id))


@bp.get("/suppliers/questionnaires")
@requires("supplier:read")
def questionnaires() -> str:
    return render_template("suppliers/questionnaires.html", rows=queries.questionnaires(current_actor()))


@bp.route("/suppliers/questionnaires/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_questionnaire() -> Answer:
    actor, form = current_actor(), QuestionnaireForm()
    made: list[str] = []

    def act() -> None:
        made.append(
            services.create_questionnaire(
                actor,
                title=form.title.data or "",
                purpose=form.purpose.data or "",
                category=form.category.data or "",
                now=request_now(),
            )
        )

    if form.apply(act):
        return _there(made[0])
    return render_template("suppliers/questionnaire_new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/suppliers/questionnaires/<questionnaire_id>", methods=["GET", "POST"])
@requires("supplier:read")
def questionnaire(questionnaire_id: str) -> Answer:
    """The questions in order, what this edition changes, and a form for one more."""
    actor = current_actor()
    view = queries.questionnaire_for(actor, questionnaire_id)
    form = QuestionForm().prepare(list(view.questions))
    if form.is_submitted() and not actor.may("supplier:edit"):
        raise NotFound
    if form.apply(lambda: services.save_question(actor, view.id, form.question(), now=request_now())):
        flash(_("The question is added."), "success")
        return _there(view.id)
    before = queries.edition_before(view)
    page = render_template(
        "suppliers/questionnaire.html",
        view=view,
        form=form,
        texts={one.key: one.text for one in view.questions},
        changes=changes(before.questions, view.questions) if before else [],
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/questionnaires/<questionnaire_id>/<key>", methods=["GET", "POST"])
@requires("supplier:edit")
def question(questionnaire_id: str, key: str) -> Answer:
    actor = current_actor()
    view = queries.questionnaire_for(actor, questionnaire_id)
    place = next((number for number, one in enumerate(view.questions) if one.key == key), None)
    if place is None:
        raise NotFound
    form = QuestionForm().prepare(list(view.questions[:place]), view.questions[place])
    if form.apply(lambda: services.save_question(actor, view.id, form.question(key), now=request_now())):
        flash(_("Saved."), "success")
        return _there(view.id)
    page = render_template("suppliers/question.html", view=view, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/suppliers/questionnaires/<questionnaire_id>/<key>/<act>")
@requires("supplier:edit")
def act_on_question(questionnaire_id: str, key: str, act: str) -> Response:
    """up, down or remove."""
    actor, now = current_actor(), request_now()
    if not ActForm().validate_on_submit() or act not in ("up", "down", "remove"):
        raise NotFound
    try:
        if act == "remove":
            services.remove_question(actor, questionnaire_id, key, now=now)
        else:
            services.move_question(actor, questionnaire_id, key, up=act == "up", now=now)
    except Refused as refusal:
        flash_refusal(refusal)
    return _there(questionnaire_id)


@bp.post("/suppliers/questionnaires/<questionnaire_id>/state")
@requires("supplier:edit")
def questionnaire_state(questionnaire_id: str) -> Response:
    """publish, revise or retire."""
    actor, now, wanted = current_actor(), request_now(), request.form.get("act", "")
    acts = {
        "publish": (services.publish_questionnaire, _("Published.")),
        "revise": (services.revise_questionnaire, _("A draft of the next edition.")),
        "retire": (services.retire_questionnaire, _("Retired.")),
    }
    if not ActForm().validate_on_submit() or wanted not in acts:
        raise NotFound
    act, done = acts[wanted]
    try:
        made = act(actor, questionnaire_id, now=now)
    except Invalid as wrong:
        lines = [f"{one.row}: {problem_sentence(one)}" if one.row else problem_sentence(one) for one in wrong.problems]
        flash(" ".join(lines), "error")
    except Refused as refusal:
        flash_refusal(refusal)
    else:
        flash(done, "success")
        return _there(str(made) if made else questionnaire_id)
    return _there(questionnaire_id)
