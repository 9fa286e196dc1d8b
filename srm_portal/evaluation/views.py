"""Pages of steps 4 and 5: criteria, scorecard, ranking."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain.joint import spreads
from srm_portal.evaluation.forms import (
    KIND_NAMES,
    ConsensusForm,
    DeclareForm,
    EvaluatorsForm,
    RecommendForm,
    read_criteria,
)
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, problem_sentence, sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = Any
bp = Blueprint("evaluation", __name__)


def _as_typed(view: queries.CriterionView) -> dict[str, str]:
    one = view.value

    def shown(value: Decimal | None) -> str:
        return "" if value is None else formats.number(value, language())

    return {
        "id": one.id,
        "group": one.group,
        "name": one.name,
        "description": view.description,
        "kind": one.kind,
        "weight": shown(one.weight),
        "worst": shown(one.worst),
        "best": shown(one.best),
        "minimum": shown(one.minimum),
        "must": "yes" if one.must else "",
        "options": "; ".join(f"{label} = {value}" for label, value in one.options),
    }


def _criteria_page(project: sourcing.ProjectView, form: ActForm, rows: list[dict[str, str]]) -> str:
    actor = current_actor()
    event = sourcing.main_event(project.id)
    assigned = queries.evaluators(project.id)
    evaluators_form = EvaluatorsForm(formdata=None, evaluators=[one.user_id for one in assigned])
    able = [one for one in identity.staff(actor.organisation_id) if {"evaluator", "buyer"} & set(one.roles)]
    evaluators_form.evaluators.choices = [(one.id, one.name) for one in able]
    return render_template(
        "evaluation/criteria.html",
        project=project,
        event=event,
        form=form,
        rows=rows,
        kinds=KIND_NAMES,
        total=sum((one.value.weight for one in queries.criteria(project.id)), Decimal(0)),
        evaluators=assigned,
        evaluators_form=evaluators_form,
        blockers=sourcing.blockers(project, request_now(), "criteria"),
        fixed=event is not None and event.state != "draft",
    )


@bp.route("/projects/<project_id>/criteria", methods=["GET", "POST"])
@requires("project:read")
def criteria(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    form = ActForm()
    rows = [_as_typed(one) for one in queries.criteria(project_id)]
    if not form.is_submitted():
        return _criteria_page(project, form, rows or [{}])
    if not actor.may("criteria:edit"):
        raise NotFound
    values, descriptions, rows, problems = read_criteria(request.form, language())
    if "add" in request.form or "remove" in request.form:
        gone = request.form.get("remove", "")
        if gone.isdigit():
            rows = [row for at, row in enumerate(rows) if at != int(gone)]
        return _criteria_page(project, form, [*rows, {}] if "add" in request.form else rows or [{}])
    if not problems and form.apply(
        lambda: services.save_criteria(actor, project_id, values, descriptions, now=request_now())
    ):
        flash(_("Saved."), "success")
        return redirect(url_for("evaluation.criteria", project_id=project_id))
    form.form_errors = [*form.form_errors, *(_cell_text(one) for one in problems)]
    return _criteria_page(project, form, rows or [{}]), 422


def _cell_text(problem: FieldProblem) -> str:
    return _("Row %(row)s, %(field)s: %(text)s", row=problem.row, field=problem.field, text=problem_sentence(problem))


@bp.post("/projects/<project_id>/evaluators")
@requires("criteria:edit")
def evaluators(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.assign_evaluators(current_actor(), project_id, request.form.getlist("evaluators"), now=request_now())
    flash(_("Saved; new evaluators are told."), "success")
    return redirect(url_for("evaluation.criteria", project_id=project_id))


@bp.get("/projects/<project_id>/scorecard")
@requires("score:edit")
def scorecard(project_id: str) -> Answer:
    actor = current_actor()
    own = queries.own_evaluator(actor, project_id)
    return render_template(
        "evaluation/scorecard.html",
        project=sourcing.project_for(actor, project_id),
        own=own,
        evaluators=queries.evaluators(project_id),
        criteria=[one for one in queries.criteria(project_id) if one.value.manual],
        offers=queries.offer_facts(project_id),
        asked=[one for one in queries.criteria(project_id) if not one.value.manual and one.value.kind != "price"],
        marks=queries.own_marks(own.id),
        declare_form=DeclareForm(formdata=None),
    )


@bp.post("/projects/<project_id>/declare")
@requires("score:edit")
def declare(project_id: str) -> Answer:
    form = DeclareForm()
    if not form.validate_on_submit():
        raise NotFound
    services.declare(current_actor(), project_id, conflict=form.conflict.data or "", now=request_now())
    flash(_("Thank you; your declaration is kept."), "success")
    return redirect(url_for("evaluation.scorecard", project_id=project_id))


def _points(text: str) -> Decimal | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Invalid([FieldProblem("points", "not_a_number", value=text, facts=(("example", "3.5"),))])
    return value


@bp.post("/projects/<project_id>/marks")
@requires("score:edit")
def mark(project_id: str) -> Answer:
    """One cell of the grid, saved as it is typed: JSON in, JSON out."""
    body = request.get_json(silent=True) or {}
    name = str(body.get("name", ""))
    parts = name.split("|")
    if len(parts) != 3 or parts[0] != "mark":
        raise NotFound
    value = body.get("value")
    try:
        services.save_mark(
            current_actor(),
            project_id,
            parts[1],
            parts[2],
            points=_points("" if value is None else str(value)),
            comment=str(body.get("note", ""))[:2000],
            now=request_now(),
        )
    except Invalid as wrong:
        return {"text": problem_sentence(wrong.problems[0])}, 422
    except (Refused, Forbidden) as refused:
        return {"text": sentence(refused.code, **refused.facts)}, 409
    return {"ok": True}


@bp.post("/projects/<project_id>/scorecard")
@requires("score:edit")
def save_scorecard(project_id: str) -> Answer:
    """The whole grid at once, for pages without script; then hand in if asked."""
    actor, now = current_actor(), request_now()
    if not ActForm().validate_on_submit():
        raise NotFound
    own = queries.own_evaluator(actor, project_id)
    held = queries.own_marks(own.id)
    for name, text in request.form.items():
        parts = name.split("|")
        if len(parts) != 3 or parts[0] != "mark":
            continue
        key, points = (parts[1], parts[2]), _points(text)
        note = request.form.get(f"{name}-note", held[key].comment if key in held else "")
        before = held.get(key)
        if (before.points if before else None) != points or (before and before.comment != note):
            services.save_mark(actor, project_id, *key, points=points, comment=note, now=now)
    if "submit" in request.form:
        try:
            services.submit_scorecard(actor, project_id, now=now)
            flash(_("Your scorecard is in. Thank you."), "success")
        except Refused as refusal:
            flash_refusal(refusal)
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("evaluation.scorecard", project_id=project_id))


def _what_if(view: queries.RankingView) -> dict[str, Any]:
    """For the sliders: 0..100 for each criterion and offer, as computed by the run."""
    rows = list(view.document["alternatives"])
    return {
        "criteria": list(view.criteria),
        "weights": [float(one) for one in view.weights],
        "offers": rows,
        "scores": [
            [float(view.values[offer][criterion] * 100) for offer in range(len(rows))]
            for criterion in range(len(view.criteria))
        ],
        "eligible": [rank is not None for rank in view.result["ranking"]],
    }


@bp.route("/projects/<project_id>/ranking", methods=["GET", "POST"])
@requires("ranking:read")
def ranking(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    view = queries.ranking(project_id)
    form = RecommendForm()
    form.choices(
        form.supplier_id, [(one.supplier_id, one.supplier_name) for one in view.rows if one.rank] if view else []
    )

    def act() -> None:
        if not actor.may("project:edit"):
            raise NotFound
        services.recommend(actor, project_id, form.supplier_id.data, form.text.data or "", now=request_now())

    if form.apply(act):
        flash(_("The recommendation is kept with this ranking."), "success")
        return redirect(url_for("evaluation.ranking", project_id=project_id))
    people = queries.evaluators(project_id)
    all_in = bool(people) and all(one.state != "open" for one in people)
    page = render_template(
        "evaluation/ranking.html",
        project=project,
        ranking=view,
        what_if=_what_if(view) if view and view.values else None,
        evaluators=people,
        all_in=all_in,
        criteria=[one.value for one in queries.criteria(project_id) if one.value.manual],
        offers=queries.offer_facts(project_id),
        marks=queries.submitted_marks(project_id) if all_in else {},
        agreed=queries.agreed_marks(project_id) if all_in else {},
        spreads=spreads(queries.submitted_marks(project_id)) if all_in else {},
        form=form,
        consensus_form=ConsensusForm(formdata=None),
        recommendation=queries.recommendation(project_id),
        blockers=sourcing.blockers(project, request_now(), "selection"),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/projects/<project_id>/ranking/run")
@requires("project:edit")
def run(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.run_ranking(current_actor(), project_id, now=request_now())
    flash(_("Ranked by the published criteria; the run is kept with all its inputs."), "success")
    return redirect(url_for("evaluation.ranking", project_id=project_id))


@bp.post("/projects/<project_id>/consensus/<criterion_id>/<supplier_id>")
@requires("project:edit")
def consensus(project_id: str, criterion_id: str, supplier_id: str) -> Answer:
    form = ConsensusForm()

    def act() -> None:
        services.set_consensus(
            current_actor(),
            project_id,
            criterion_id,
            supplier_id,
            points=form.points.data,
            reason=form.reason.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The agreed mark replaces the mean; the single marks stay."), "success")
    else:
        for text in [*form.form_errors, *form.points.errors, *form.reason.errors]:
            flash(str(text), "error")
    return redirect(url_for("evaluation.ranking", project_id=project_id))


@bp.get("/projects/<project_id>/ranking.json")
@requires("ranking:read")
def export(project_id: str) -> Answer:
    """The scoring file of the newest run: `srm-portal score` gives the same result from it."""
    sourcing.project_for(current_actor(), project_id)
    text = queries.document_text(project_id)
    if text is None:
        raise NotFound
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="score.json"'
    return answer
