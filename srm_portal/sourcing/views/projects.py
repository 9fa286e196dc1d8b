"""The list of projects, and step 1: the need."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.audit.queries import stream_history
from srm_portal.customers import queries as customers
from srm_portal.kernel.errors import FieldProblem, NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports, queries, services
from srm_portal.sourcing.domain import stages
from srm_portal.sourcing.domain.stages import STAGES
from srm_portal.sourcing.forms import UNIT_CHOICES, NeedForm, NewNeedForm, read_lines
from srm_portal.sourcing.views import bp
from srm_portal.web import formats, panels
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import problem_sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language
from srm_portal.web.names import STAGE_NAMES
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]


@bp.get("/projects")
@requires("project:read")
def projects() -> str:
    page, text = page_of(request.args), request.args.get("q", "").strip()
    stage = request.args.get("stage", "")
    archived = request.args.get("archive") == "1"
    rows, total = queries.projects(
        current_actor(),
        text=text,
        stage=stage if stage in STAGES or stage == "finished" else "",
        archived=archived,
        limit=page.size,
        offset=page.offset,
    )
    return render_template(
        "sourcing/projects.html", rows=rows, page=page.of(total), stage_names=STAGE_NAMES, archived=archived
    )


@bp.route("/projects/new", methods=["GET", "POST"])
@requires("need:edit")
def new_project() -> Answer:
    form = NewNeedForm()
    made: list[str] = []

    def act() -> None:
        made.append(
            services.create_project(
                current_actor(), title=form.title.data or "", engagement=form.engagement.data, now=request_now()
            )
        )

    if form.apply(act):
        return redirect(url_for("sourcing.edit_need", project_id=made[0]))
    return render_template("sourcing/new_project.html", form=form), 422 if form.is_submitted() else 200


def _origin(actor: Actor, view: queries.ProjectView) -> customers.Origin | None:
    """Who this is bought for, for those who may know customers; suppliers never do."""
    if view.customer_id is None or not actor.may("customer:read"):
        return None
    return customers.origin(view.organisation_id, view.customer_id, view.opportunity_id)


@bp.get("/projects/<project_id>")
@requires("project:read")
def project(project_id: str) -> str:
    actor = current_actor()
    view = queries.project_for(actor, project_id)
    return render_template(
        "sourcing/project.html",
        project=view,
        lines=queries.lines(view.id),
        lots=queries.lots(view.id),
        blockers=queries.blockers(view, request_now()) if view.stage != "finished" and not view.archived else [],
        events=queries.events(view.id),
        origin=_origin(actor, view),
        trail=stream_history(actor, view.stream, 30),
        blocks=panels.blocks("project", actor, view.id, request_now()),
        stages_before=STAGES[: stages.position(view.stage)],
    )


@bp.route("/projects/<project_id>/need", methods=["GET", "POST"])
@requires("need:edit")
def edit_need(project_id: str) -> Answer:
    actor = current_actor()
    view = queries.project_for(actor, project_id)
    form = NeedForm(obj=view)

    def act() -> None:
        values = {name: field.data for name, field in form._fields.items() if name not in ("csrf_token", "version")}
        for name in ("category", "product", "market", "strategic_aim", "sector", "region", "description"):
            values[name] = values[name] or ""
        services.edit_need(actor, project_id, version=form.seen_version, now=request_now(), **values)

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("sourcing.lines", project_id=project_id))
    return render_template("sourcing/need_form.html", form=form, project=view), 422 if form.is_submitted() else 200


def _as_typed(view: queries.LineView) -> dict[str, Any]:
    def shown(value: Any) -> str:
        return "" if value is None else formats.number(value, language())

    return {
        "lot": str(view.lot_number),
        "title": view.title,
        "description": view.description,
        "quantity": shown(view.quantity),
        "unit": view.unit,
        "baseline_price": shown(view.baseline_price),
        "target_price": shown(view.target_price),
        "needed_on": view.needed_on.isoformat() if view.needed_on else "",
    }


@bp.route("/projects/<project_id>/lines", methods=["GET", "POST"])
@requires("need:edit")
def lines(project_id: str) -> Answer:
    actor = current_actor()
    view = queries.project_for(actor, project_id)
    form = ActForm()
    problems: list[FieldProblem] = []
    rows = [_as_typed(line) for line in queries.lines(view.id)]
    if form.is_submitted():
        values, rows, problems = read_lines(request.form, language())
        if "add" in request.form or "remove" in request.form:
            if request.form.get("remove", "").isdigit():
                rows = [row for at, row in enumerate(rows) if at != int(request.form["remove"])]
            return render_template(
                "sourcing/lines.html", project=view, form=form, rows=[*rows, {}], problems=[], units=UNIT_CHOICES
            )
        if not problems and form.apply(
            lambda: services.save_lines(actor, project_id, values, version=form.seen_version, now=request_now())
        ):
            flash(_("Saved."), "success")
            return redirect(url_for("sourcing.project", project_id=project_id))
        form.form_errors = [*form.form_errors, *(_cell_text(problem) for problem in problems)]
    page = render_template(
        "sourcing/lines.html", project=view, form=form, rows=rows or [{}], problems=problems, units=UNIT_CHOICES
    )
    return page, 422 if form.is_submitted() else 200


def _cell_text(problem: FieldProblem) -> str:
    return _("Row %(row)s, %(field)s: %(text)s", row=problem.row, field=problem.field, text=problem_sentence(problem))


@bp.post("/projects/<project_id>/submit")
@requires("need:edit")
def submit_need(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.submit_need(current_actor(), project_id, now=request_now())
    flash(_("The purchasing managers are asked to approve the need."), "success")
    return redirect(url_for("sourcing.project", project_id=project_id))


@bp.post("/projects/<project_id>/approve")
@requires("need:approve")
def approve_need(project_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.approve_need(current_actor(), project_id, now=request_now())
    flash(_("The need is approved; step 2 begins."), "success")
    return redirect(url_for("sourcing.project", project_id=project_id))


@bp.post("/projects/<project_id>/return")
@requires("need:approve")
def return_need(project_id: str) -> Answer:
    form = ReasonForm()
    services.return_need(current_actor(), project_id, reason=form.reason.data or "", now=request_now())
    flash(_("Sent back with your reason."), "success")
    return redirect(url_for("sourcing.project", project_id=project_id))


@bp.post("/projects/<project_id>/steps/<stage>/pass")
@requires("project:edit")
def pass_stage(project_id: str, stage: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.pass_stage(current_actor(), project_id, stage, now=request_now())
    view = queries.project_for(current_actor(), project_id)
    flash(_("Step passed: %(step)s", step=STAGE_NAMES[stage]), "success")
    return redirect(url_for(ports.page(view.stage), project_id=project_id))


@bp.post("/projects/<project_id>/steps/<stage>/reopen")
@requires("project:reopen")
def reopen_stage(project_id: str, stage: str) -> Answer:
    form = ReasonForm()
    services.reopen_stage(current_actor(), project_id, stage, reason=form.reason.data or "", now=request_now())
    flash(_("Reopened: %(step)s. The steps after it have to be passed again.", step=STAGE_NAMES[stage]), "success")
    return redirect(url_for("sourcing.project", project_id=project_id))


@bp.post("/projects/<project_id>/cancel")
@requires("project:edit")
def cancel_project(project_id: str) -> Answer:
    form = ReasonForm()
    services.cancel_project(current_actor(), project_id, reason=form.reason.data or "", now=request_now())
    flash(_("The project is cancelled; its history stays."), "success")
    return redirect(url_for("sourcing.project", project_id=project_id))
