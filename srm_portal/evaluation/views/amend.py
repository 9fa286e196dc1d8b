"""After the publication: a change of the criteria is an amendment, with its reason, told to everybody."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.forms import KIND_NAMES, read_criteria
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.shown import Answer, as_typed, cell_text
from srm_portal.kernel.errors import NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language


@bp.route("/projects/<project_id>/criteria/amend", methods=["GET", "POST"])
@requires("criteria:edit")
def amend(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    if event is None or event.state != "published":
        raise NotFound
    form = ActForm()
    views = queries.criteria(project_id)
    rows = [as_typed(one) for one in views]
    if form.is_submitted():
        known = {one.value.id: one.value for one in views}
        values, descriptions, rows, problems = read_criteria(request.form, language(), known)
        reason = request.form.get("reason", "")
        if not problems and form.apply(
            lambda: services.amend_criteria(actor, project_id, values, descriptions, reason=reason, now=request_now())
        ):
            flash(_("Amended; every invited supplier is told."), "success")
            return redirect(url_for("evaluation.criteria", project_id=project_id))
        form.form_errors = [*form.form_errors, *(cell_text(one) for one in problems)]
    page = render_template(
        "evaluation/amend.html",
        project=project,
        event=event,
        form=form,
        rows=rows,
        kinds=KIND_NAMES,
        reason=request.form.get("reason", ""),
    )
    return page, 422 if form.is_submitted() else 200
