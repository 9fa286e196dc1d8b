"""Step 5: the consensus meeting, the ranking and every number of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain.consensus import Concordance, flags, habits, kendall_w
from srm_portal.evaluation.domain.explain import explained
from srm_portal.evaluation.domain.joint import spreads
from srm_portal.evaluation.domain.opinions import ALL, opinion_file, opinions
from srm_portal.evaluation.forms import ConsensusForm, RecommendForm
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.shown import Answer
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires


def what_if(view: queries.RankingView) -> dict[str, Any]:
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
    page = render_template(
        "evaluation/ranking.html",
        project=project,
        ranking=view,
        what_if=what_if(view) if view and view.values else None,
        opinions=opinions(view.document, view.result, view.price_column) if view else (),
        evaluators=people,
        all_in=bool(people) and all(one.state != "open" for one in people),
        plan=queries.plan(project_id),
        manual=any(one.value.manual for one in queries.criteria(project_id)),
        form=form,
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


@bp.get("/projects/<project_id>/ranking/<criterion_id>/<supplier_id>")
@requires("ranking:read")
def number(project_id: str, criterion_id: str, supplier_id: str) -> Answer:
    """Where one number comes from: formula, inputs, sources."""
    project = sourcing.project_for(current_actor(), project_id)
    view = queries.ranking(project_id)
    row = next((one for one in view.rows if one.supplier_id == supplier_id), None) if view else None
    if view is None or row is None or criterion_id not in view.criterion_ids:
        raise NotFound
    criterion = next((one for one in queries.criteria(project_id) if one.value.id == criterion_id), None)
    told = explained(view.document, view.result, row.place, view.criterion_ids.index(criterion_id))
    marks = [
        (one.name, one.voice, mark)
        for one in queries.evaluators(project_id)
        if (mark := queries.submitted(project_id).get((criterion_id, supplier_id, one.user_id)))
    ]
    offer = next((one for one in queries.offer_facts(project_id) if one.supplier_id == supplier_id), None)
    is_date = criterion is not None and criterion.value.kind == "date" and told.raw is not None
    return render_template(
        "evaluation/number.html",
        project=project,
        ranking=view,
        row=row,
        told=told,
        facts=dict(told.facts),
        criterion=criterion,
        day=date.fromordinal(int(told.raw)) if is_date and told.raw else None,
        marks=marks,
        rule=(view.facts or {}).get("rule", "mean"),
        agreed=queries.agreements(project_id).get((criterion_id, supplier_id)),
        offer=offer,
    )


@bp.get("/projects/<project_id>/consensus")
@requires("ranking:read")
def meeting(project_id: str) -> Answer:
    """The marks of all beside each other, once all are in."""
    project = sourcing.project_for(current_actor(), project_id)
    people = queries.evaluators(project_id)
    voices = [one for one in people if one.state == "submitted"]
    all_in = bool(people) and all(one.state != "open" for one in people)
    criteria = [one.value for one in queries.criteria(project_id) if one.value.manual]
    offers = queries.offer_facts(project_id)
    marks = queries.submitted(project_id) if all_in else {}
    points = {key: one.points for key, one in marks.items()}
    cube = np.array(
        [
            [
                [float(points.get((c.id, o.supplier_id, one.user_id), "nan")) / float(c.scale) for c in criteria]
                for o in offers
            ]
            for one in voices
        ]
    ).reshape(len(voices), len(offers), len(criteria))
    return render_template(
        "evaluation/consensus.html",
        project=project,
        evaluators=people,
        voices=voices,
        all_in=all_in,
        criteria=criteria,
        offers=offers,
        marks=marks,
        agreed=queries.agreed_marks(project_id) if all_in else {},
        agreements=queries.agreements(project_id),
        spreads=spreads(points),
        flags={(one.offer, one.criterion, one.evaluator): one.code for one in flags(cube)} if all_in else {},
        habits=habits(cube) if all_in else [],
        concordance=_concordance(cube) if all_in else None,
        by_criterion=[_concordance(cube[:, :, [at]]) for at in range(len(criteria))] if all_in else [],
        plan=queries.plan(project_id),
        ranked=queries.standing(project_id).runs > 0,
        two=queries.prices_wait_for_scores(project_id),
        fixed=queries.scores_fixed(project_id),
    )


def _concordance(cube: Any) -> Concordance | None:
    """Kendall's W on the mean marks of those evaluators who marked everything looked at."""
    complete = ~np.isnan(cube).any(axis=(1, 2))
    if not complete.any() or cube.shape[2] == 0:
        return None
    return kendall_w(cube[complete].mean(axis=2))


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
    return redirect(url_for("evaluation.meeting", project_id=project_id))


@bp.post("/projects/<project_id>/lock")
@requires("project:edit")
def lock(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        services.lock_technical(current_actor(), project_id, now=request_now())
        flash(_("The marks are locked. Nothing about them changes any more."), "success")
    except Refused as refusal:
        flash_refusal(refusal)
    return redirect(url_for("evaluation.meeting", project_id=project_id))


@bp.post("/projects/<project_id>/unlock")
@requires("project:edit")
def unlock(project_id: str) -> Answer:
    form = ReasonForm()

    def act() -> None:
        services.unlock_technical(current_actor(), project_id, reason=form.reason.data or "", now=request_now())

    if form.apply(act):
        flash(_("Unlocked; the reason is on record."), "success")
    for text in [*form.form_errors, *form.reason.errors]:
        flash(str(text), "error")
    return redirect(url_for("evaluation.meeting", project_id=project_id))


@bp.get("/projects/<project_id>/ranking.json")
@requires("ranking:read")
def export(project_id: str) -> Answer:
    """The scoring file of the newest run, or of a second opinion on it: `srm-portal score` gives the same result."""
    sourcing.project_for(current_actor(), project_id)
    method = request.args.get("method", "weighted_sum")
    text = queries.document_text(project_id)
    view = queries.ranking(project_id) if method in ALL else None
    if view is not None:
        file = opinion_file(method, view.document, view.result, view.price_column)
        text = json.dumps(file, ensure_ascii=False, indent=2) if file else None
    if text is None or (method != "weighted_sum" and view is None):
        raise NotFound
    answer = Response(text, mimetype="application/json")
    name = "score.json" if method == "weighted_sum" else f"score-{method}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
