"""The award report: made, read in three formats, made again."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from srm_portal.awards import queries, services
from srm_portal.awards.services.paper import KINDS
from srm_portal.awards.views.award import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = Any
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@bp.route("/projects/<project_id>/award-report", methods=["GET", "POST"])
@requires("offer:compare")
def report(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    form = ActForm()
    if form.is_submitted():
        if not form.validate_on_submit():
            raise NotFound
        services.make_report(actor, project_id, now=request_now())
        flash(_("Made and kept with its inputs."), "success")
        return redirect(url_for("awards.report", project_id=project_id))
    return render_template(
        "awards/report.html", project=project, reports=queries.reports(project_id), kinds=KINDS, form=form
    )


@bp.get("/award-reports/<report_id>.<kind>")
@requires("offer:compare")
def report_file(report_id: str, kind: str) -> Answer:
    actor = current_actor()
    view = queries.report_for(actor, report_id)
    if kind not in TYPES:
        raise NotFound
    data = view.document.encode() if kind == "json" else services.files_of(actor, report_id, kind)
    answer = Response(data, mimetype=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="award-report-{view.number}.{kind}"'
    return answer


@bp.get("/award-reports/<report_id>/again")
@requires("offer:compare")
def report_again(report_id: str) -> Answer:
    """Everything computed and made again from the kept inputs, beside what was kept."""
    actor = current_actor()
    view = queries.report_for(actor, report_id)
    return render_template(
        "awards/report_again.html",
        project=sourcing.project_for(actor, view.project_id),
        report=view,
        results=services.rerun(actor, report_id),
    )
