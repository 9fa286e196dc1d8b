"""Scenarios: asked, watched, compared, placed by hand, exported."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.awards import queries, services
from srm_portal.awards.forms import ScenarioForm, read_rules, read_shares, rows_of
from srm_portal.awards.services import wording
from srm_portal.awards.views.award import bp
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, problem_sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = Any


def _words() -> dict[str, Any]:
    """What templates need to say rules and violations."""
    return {
        "rule": lambda one, view: wording.rule(one, view.names, language()),
        "violation": lambda one, view: wording.violation(one, view, view.names, language()),
        "status_words": wording.status,
        "kinds": wording.KINDS,
    }


@bp.get("/projects/<project_id>/scenarios")
@requires("offer:compare")
def scenarios(project_id: str) -> Answer:
    project = sourcing.project_for(current_actor(), project_id)
    found = queries.scenarios(project_id)
    titles: dict[str, str] = {}
    for one in found:
        titles |= one.lot_titles
    solved = [one for one in found if one.cost is not None]
    series = sorted({one.supplier_name for view in solved for one in view.winners})
    promise = queries.promise_of(project_id)
    return render_template(
        "awards/scenarios.html",
        project=project,
        scenarios=found,
        cheapest=min((one.cost for one in solved if not one.violations), default=None),
        waiting=[one for one in found if one.state in ("solving", "stopping")],
        series=series,
        bars=[
            {
                "label": view.name,
                "values": [view.spend.get(name, 0) for name in series],
                "text": formats.money(view.value, project.currency, language(), 0),
            }
            for view in solved
        ],
        titles=titles,
        promise=wording.promise(promise) if promise else "",
        promised=any(one.promised for one in found),
        form=ActForm(formdata=None),
        **_words(),
    )


@bp.route("/projects/<project_id>/scenarios/new", methods=["GET", "POST"])
@requires("award:propose")
def new_scenario(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    ground = queries.ground(project_id)
    form = ScenarioForm()
    rows = rows_of(dict(request.form.items()), "rules")
    if form.is_submitted() and ("add" in request.form or "remove" in request.form):
        gone = request.form.get("remove", "")
        rows = [row for at, row in enumerate(rows) if str(at) != gone]
        rows += [{}] if "add" in request.form else []
        return _new_page(project, form, rows, ground)
    made: list[str] = []

    def act() -> None:
        asked = form.asked(constraints)
        made.append(services.create_scenario(actor, project_id, form.name.data or "", asked, now=request_now()))

    if form.is_submitted():
        constraints, problems = read_rules(rows, language())
        if problems:
            form.form_errors = [
                _("Row %(row)s, %(field)s: %(text)s", row=one.row, field=one.field, text=problem_sentence(one))
                for one in problems
            ]
        elif form.apply(act):
            return redirect(url_for("awards.scenario", scenario_id=made[0]))
        return _new_page(project, form, rows, ground), 422
    kind = request.args.get("kind", "")
    if kind in wording.KINDS:
        form.kind.data, form.name.data = kind, str(wording.KINDS[kind])
    return _new_page(project, form, rows, ground)


def _new_page(
    project: sourcing.ProjectView, form: ScenarioForm, rows: list[dict[str, str]], ground: queries.Ground
) -> str:
    groups = sorted({group for one in ground.document["suppliers"] for group in one["groups"]})
    return render_template(
        "awards/scenario_new.html",
        project=project,
        form=form,
        rows=rows or [{}],
        rules=wording.RULES,
        ground=ground,
        groups=groups,
    )


@bp.post("/projects/<project_id>/scenarios/promised")
@requires("award:propose")
def promised(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    made = services.create_promised(current_actor(), project_id, _("The promised rule"), now=request_now())
    return redirect(url_for("awards.scenario", scenario_id=made))


@bp.get("/award-scenarios/<scenario_id>")
@requires("offer:compare")
def scenario(scenario_id: str) -> Answer:
    actor = current_actor()
    view = queries.scenario_for(actor, scenario_id)
    return render_template(
        "awards/scenario.html",
        project=sourcing.project_for(actor, view.project_id),
        scenario=view,
        award=queries.award(view.project_id),
        **_words(),
    )


@bp.get("/award-scenarios/<scenario_id>/progress")
@requires("offer:compare")
def scenario_progress(scenario_id: str) -> Answer:
    """For the progress line: how far, and the best award so far with its gap."""
    view = queries.scenario_for(current_actor(), scenario_id)
    found = queries.progress(scenario_id)
    text = ""
    if found.best is not None:
        currency = sourcing.project(view.project_id).currency
        cost = formats.money(found.best, currency, language())
        gap = formats.percent(found.gap or 0, language(), 3)
        text = _("best so far %(cost)s, at most %(gap)s above the best possible", cost=cost, gap=gap)
    state = "running" if found.state in ("solving", "stopping") else "done"
    url = url_for("awards.scenario", scenario_id=scenario_id)
    return {"state": state, "done": found.done, "total": found.total, "text": text, "next_url": url}


def _act(scenario_id: str, act: Any) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        act(current_actor(), scenario_id, now=request_now())
    except Refused as refusal:
        flash_refusal(refusal)
    return redirect(url_for("awards.scenario", scenario_id=scenario_id))


@bp.post("/award-scenarios/<scenario_id>/go-on")
@requires("award:propose")
def go_on(scenario_id: str) -> Answer:
    return _act(scenario_id, services.go_on)


@bp.post("/award-scenarios/<scenario_id>/stop")
@requires("award:propose")
def stop(scenario_id: str) -> Answer:
    return _act(scenario_id, services.stop_solving)


@bp.post("/award-scenarios/<scenario_id>/remove")
@requires("award:propose")
def remove(scenario_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    project_id = services.remove_scenario(current_actor(), scenario_id, now=request_now())
    flash(_("Removed."), "success")
    return redirect(url_for("awards.scenarios", project_id=project_id))


@bp.route("/award-scenarios/<scenario_id>/by-hand", methods=["GET", "POST"])
@requires("award:propose")
def by_hand(scenario_id: str) -> Answer:
    actor = current_actor()
    view = queries.scenario_for(actor, scenario_id)
    form = ActForm()
    typed = dict(request.form.items())
    made: list[str] = []

    def act() -> None:
        shares, packages = read_shares(typed, language())
        name = typed.get("name", "")
        made.append(services.place_by_hand(actor, scenario_id, shares, packages, name, now=request_now()))

    if form.apply(act):
        return redirect(url_for("awards.scenario", scenario_id=made[0]))
    page = render_template(
        "awards/by_hand.html",
        project=sourcing.project_for(actor, view.project_id),
        scenario=view,
        document=json.loads(view.document),
        form=form,
        typed=typed if form.is_submitted() else _placed(view),
    )
    return page, 422 if form.is_submitted() else 200


def _placed(view: queries.ScenarioView) -> dict[str, str]:
    """The scenario's own winners as the page's fields."""
    typed = {"name": _("%(name)s, by hand", name=view.name)[:120]}
    for won in view.winners:
        if won.package:
            typed[f"package|{won.package}"] = won.package
        else:
            typed[f"share|{won.lot}|{won.supplier_id}"] = formats.number(won.share * 100, language())
    return typed


@bp.get("/award-scenarios/<scenario_id>.json")
@requires("offer:compare")
def export(scenario_id: str) -> Answer:
    """The award file: `srm-portal award` gives the same answer from it."""
    view = queries.scenario_for(current_actor(), scenario_id)
    answer = Response(view.document, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="award-{view.number}.json"'
    return answer
