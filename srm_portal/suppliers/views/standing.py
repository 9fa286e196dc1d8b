"""How a supplier does: scorecard, surveys, plans, risks; the buyer's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.performance import DIMENSIONS, is_period, quarter_of
from srm_portal.suppliers.forms import (
    AskColleaguesForm,
    DoneForm,
    FlagForm,
    PeriodForm,
    PlanForm,
    SurveyForm,
    TaskForm,
)
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, sentence
from srm_portal.web.forms import PortalForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


def _period(on: date) -> str:
    asked = request.values.get("period", "").strip().upper()
    return asked if is_period(asked) else quarter_of(on)


def _there(supplier_id: str, endpoint: str = "suppliers.plans") -> Response:
    return redirect(url_for(endpoint, supplier_id=supplier_id))


def _said(form: PortalForm, act: Callable[[], Any], done: str) -> None:
    """A form beside others on one page: done or refused, the sentence stands above."""
    if form.apply(act):
        flash(done, "success")
        return
    texts = [*form.form_errors, *(text for field in form for text in field.errors)]
    flash(" ".join(str(text) for text in texts) or sentence("invalid"), "error")


def _ask_form(actor: Actor) -> AskColleaguesForm:
    form = AskColleaguesForm()
    people = identity.staff(actor.organisation_id)
    form.people.choices = [(one.id, one.name) for one in people if one.id != actor.user_id]
    return form


@bp.get("/suppliers/<supplier_id>/standing")
@requires("supplier:read")
def standing(supplier_id: str) -> str:
    actor, today = current_actor(), request_now().date()
    view, period = queries.supplier_for(actor, supplier_id), _period(today)
    form = _ask_form(actor)
    form.period.data = period
    kept = queries.kept_periods(view.organisation_id, view.id)
    return render_template(
        "suppliers/standing.html",
        supplier=view,
        card=queries.scorecard_of(view.organisation_id, view.id, period, today),
        kept=kept,
        surveys=queries.surveys(view.id, period),
        dimensions=DIMENSIONS,
        ask=form,
    )


@bp.get("/suppliers/<supplier_id>/plans")
@requires("supplier:read")
def plans(supplier_id: str) -> str:
    """What is to become better, what may go wrong, and what that means for an invitation."""
    actor, today = current_actor(), request_now().date()
    view = queries.supplier_for(actor, supplier_id)
    return render_template(
        "suppliers/plans.html",
        supplier=view,
        plans=queries.plans(view.id),
        flags=queries.flags(view.id),
        gates=queries.invitable((view.id,), today)[view.id].gates,
        flag=FlagForm(formdata=None, data={"seen_on": today}),
        today=today,
    )


@bp.post("/suppliers/<supplier_id>/standing/close")
@requires("supplier:edit")
def close_period(supplier_id: str) -> Response:
    actor, form = current_actor(), PeriodForm()
    period = form.period.data or ""
    _said(
        form,
        lambda: services.close_period(actor, supplier_id, period, now=request_now()),
        _("The marks of %(period)s are kept with the facts they were made of.", period=period),
    )
    return redirect(url_for("suppliers.standing", supplier_id=supplier_id, period=period))


@bp.post("/suppliers/<supplier_id>/surveys")
@requires("supplier:edit")
def ask_colleagues(supplier_id: str) -> Response:
    actor = current_actor()
    form, asked = _ask_form(actor), [0]

    def act() -> None:
        asked[0] = services.ask_colleagues(
            actor, supplier_id, form.period.data or "", form.people.data or [], now=request_now()
        )

    if form.apply(act):
        flash(ngettext("%(num)s colleague is asked.", "%(num)s colleagues are asked.", asked[0]), "success")
    else:
        texts = [*form.form_errors, *(text for field in form for text in field.errors)]
        flash(" ".join(map(str, texts)) or sentence("choose_people"), "error")
    return _there(supplier_id, "suppliers.standing")


@bp.get("/surveys")
@requires("survey:answer")
def my_surveys() -> str:
    return render_template("suppliers/surveys.html", rows=queries.my_surveys(current_actor()))


@bp.route("/surveys/<survey_id>", methods=["GET", "POST"])
@requires("survey:answer")
def survey(survey_id: str) -> Answer:
    actor = current_actor()
    view = queries.survey_for(actor, survey_id)
    form = SurveyForm(data={name: str(mark) for name, mark in view.marks.items()} | {"comment": view.comment})

    def act() -> None:
        services.answer_survey(actor, view.id, form.marks(), comment=form.comment.data or "", now=request_now())

    if form.apply(act):
        flash(_("Thank you. Your marks count in the scorecard of the period."), "success")
        return redirect(url_for("suppliers.my_surveys"))
    page = render_template("suppliers/survey.html", survey=view, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/<supplier_id>/plans/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_plan(supplier_id: str) -> Answer:
    actor, form = current_actor(), PlanForm()
    view = queries.supplier_for(actor, supplier_id)
    made: list[str] = []

    def act() -> None:
        made.append(
            services.open_plan(
                actor,
                view.id,
                title=form.title.data or "",
                dimension=form.dimension.data,
                target=form.target.data,
                due_on=form.due_on.data,
                now=request_now(),
            )
        )

    if form.apply(act):
        flash(_("The plan is open. Add its steps."), "success")
        return redirect(url_for("suppliers.plan", plan_id=made[0]))
    page = render_template("suppliers/plan_new.html", supplier=view, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/suppliers/plans/<plan_id>")
@requires("supplier:read")
def plan(plan_id: str) -> str:
    actor = current_actor()
    view = queries.plan_for(actor, plan_id)
    return render_template(
        "suppliers/plan.html",
        plan=view,
        supplier=queries.supplier_for(actor, view.supplier_id),
        form=TaskForm(formdata=None),
        today=request_now().date(),
    )


@bp.post("/suppliers/plans/<plan_id>/tasks")
@requires("supplier:edit")
def add_task(plan_id: str) -> Response:
    actor, form = current_actor(), TaskForm()
    _said(
        form,
        lambda: services.add_task(
            actor,
            plan_id,
            title=form.title.data or "",
            side=form.side.data,
            due_on=form.due_on.data,
            now=request_now(),
        ),
        _("The step is added."),
    )
    return redirect(url_for("suppliers.plan", plan_id=plan_id))


@bp.post("/suppliers/plans/<plan_id>/tasks/<task_id>")
@requires("supplier:edit")
def finish_task(plan_id: str, task_id: str) -> Response:
    actor, form = current_actor(), DoneForm()
    _said(form, lambda: services.finish_task(actor, task_id, note=form.note.data or "", now=request_now()), _("Done."))
    return redirect(url_for("suppliers.plan", plan_id=plan_id))


@bp.post("/suppliers/plans/<plan_id>/close")
@requires("supplier:edit")
def close_plan(plan_id: str) -> Response:
    actor, form = current_actor(), ReasonForm()
    try:
        services.close_plan(actor, plan_id, result=form.reason.data or "", now=request_now())
    except Refused as refusal:
        flash_refusal(refusal)
    else:
        flash(_("The plan is closed."), "success")
    return redirect(url_for("suppliers.plan", plan_id=plan_id))


@bp.get("/supplier/plans")
@requires("own_supplier:read")
def own_plans() -> str:
    """The supplier's side: what was agreed, and their steps."""
    actor = current_actor()
    rows = queries.plans(actor.supplier_id or "")
    return render_template("suppliers/own_plans.html", plans=rows, today=request_now().date())


@bp.post("/supplier/plans/tasks/<task_id>")
@requires("own_supplier:edit")
def own_finish_task(task_id: str) -> Response:
    actor, form = current_actor(), DoneForm()
    _said(
        form,
        lambda: services.finish_task(actor, task_id, note=form.note.data or "", now=request_now()),
        _("Done. The buyer is told."),
    )
    return redirect(url_for("suppliers.own_plans"))


@bp.post("/suppliers/<supplier_id>/flags")
@requires("supplier:edit")
def raise_flag(supplier_id: str) -> Response:
    actor, form = current_actor(), FlagForm()
    _said(
        form,
        lambda: services.raise_flag(
            actor,
            supplier_id,
            kind=form.kind.data,
            level=form.level.data,
            text=form.text.data or "",
            source=form.source.data or "",
            seen_on=form.seen_on.data,
            review_on=form.review_on.data,
            now=request_now(),
        ),
        _("The risk is kept."),
    )
    return _there(supplier_id)


@bp.post("/suppliers/flags/<flag_id>/close")
@requires("supplier:edit")
def close_flag(flag_id: str) -> Response:
    actor, form = current_actor(), ReasonForm()
    owner = queries.flag_owner(actor, flag_id)
    try:
        services.close_flag(actor, flag_id, reason=form.reason.data or "", now=request_now())
    except Refused as refusal:
        flash_refusal(refusal)
    else:
        flash(_("The risk is closed."), "success")
    return _there(owner)
