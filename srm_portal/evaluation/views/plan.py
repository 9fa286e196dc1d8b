"""Step 4: how it is evaluated, who marks what, and criteria from templates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain.plan import PlanValue
from srm_portal.evaluation.domain.sheet import group_paths
from srm_portal.evaluation.forms import PlanForm
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.criteria import fixed
from srm_portal.evaluation.views.shown import Answer, number
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, problem_sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language


def _read_number(field: str, text: str) -> Decimal:
    try:
        value = formats.parse_number(text, language())
    except (ValueError, InvalidOperation):
        value = Decimal("NaN")
    if not value.is_finite():
        raise Invalid([FieldProblem(field, "not_a_number", value=text, facts=(("example", "2"),))])
    return value


def _typed_plan(form: PlanForm, groups: list[str], before: PlanValue) -> PlanValue:
    least = {
        path: _read_number("group_minimums", request.form[f"least-{at}"])
        for at, path in enumerate(groups)
        if request.form.get(f"least-{at}", "").strip()
    }
    return replace(
        before,
        told=form.told.data,
        blind=bool(form.blind.data),
        rule=form.rule.data,
        comments=form.comments.data,
        ties=tuple(filter(None, (form.ties.data or "").split(","))),
        group_minimums=least,
    )


@bp.route("/projects/<project_id>/criteria/plan", methods=["GET", "POST"])
@requires("project:read")
def plan(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    held = queries.plan(project_id)
    criteria = [one.value for one in queries.criteria(project_id)]
    groups = group_paths(criteria)
    form = PlanForm(told=held.told, blind=held.blind, rule=held.rule, comments=held.comments, ties=",".join(held.ties))
    form.name_ties()

    def act() -> None:
        if not actor.may("criteria:edit"):
            raise NotFound
        services.save_plan(actor, project_id, _typed_plan(form, groups, held), now=request_now())

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("evaluation.plan", project_id=project_id))
    page = render_template(
        "evaluation/plan.html",
        project=project,
        form=form,
        groups=[
            (path, request.form.get(f"least-{at}", number(held.group_minimums.get(path))))
            for at, path in enumerate(groups)
        ],
        manual=[one for one in criteria if one.manual],
        able=[one for one in identity.staff(actor.organisation_id) if {"evaluator", "buyer"} & set(one.roles)],
        assigned={one.user_id: one for one in queries.evaluators(project_id)},
        sources=queries.sources(actor, project_id) if not fixed(project_id) else [],
        fixed=fixed(project_id),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/projects/<project_id>/evaluators")
@requires("criteria:edit")
def evaluators(project_id: str) -> Answer:
    """Who marks; from the plan also with their weights and criteria."""
    if not ActForm().validate_on_submit():
        raise NotFound
    chosen = request.form.getlist("evaluators")
    detailed = "detailed" in request.form
    try:
        voices = {
            user: _read_number("voice", request.form[f"voice-{user}"])
            for user in chosen
            if request.form.get(f"voice-{user}", "").strip()
        }
        shares = {user: request.form.getlist(f"criteria-{user}") for user in chosen} if detailed else None
        services.assign_evaluators(
            current_actor(), project_id, chosen, voices=voices, criteria=shares, now=request_now()
        )
        flash(_("Saved; new evaluators are told."), "success")
    except Invalid as wrong:
        flash(problem_sentence(wrong.problems[0]), "error")
    except (Refused, Forbidden) as refusal:
        flash_refusal(refusal)
    page = "evaluation.plan" if detailed else "evaluation.criteria"
    return redirect(url_for(page, project_id=project_id))


@bp.post("/projects/<project_id>/criteria/copy")
@requires("criteria:edit")
def copy(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        count = services.copy_criteria(current_actor(), project_id, request.form.get("source", ""), now=request_now())
        flash(_("%(count)s criteria copied; change them as you need.", count=count), "success")
    except Refused as refusal:
        flash_refusal(refusal)
    return redirect(url_for("evaluation.criteria", project_id=project_id))


@bp.post("/projects/<project_id>/criteria/template")
@requires("criteria:edit")
def keep_template(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        services.keep_template(current_actor(), project_id, request.form.get("name", "")[:120], now=request_now())
        flash(_("Kept as a template."), "success")
    except Invalid as wrong:
        flash(problem_sentence(wrong.problems[0]), "error")
    except Refused as refusal:
        flash_refusal(refusal)
    return redirect(url_for("evaluation.plan", project_id=project_id))
