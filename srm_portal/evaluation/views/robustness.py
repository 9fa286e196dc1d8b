"""Step 5: how far the ranking can be trusted."""

from __future__ import annotations

from flask import render_template

from srm_portal.evaluation import queries
from srm_portal.evaluation.domain.analysis import analyse
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.ranking import what_if
from srm_portal.evaluation.views.shown import Answer
from srm_portal.kernel.errors import NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor
from srm_portal.web.guard import requires


@bp.get("/projects/<project_id>/sensitivity")
@requires("ranking:read")
def sensitivity(project_id: str) -> Answer:
    project = sourcing.project_for(current_actor(), project_id)
    view = queries.ranking(project_id)
    if view is None:
        raise NotFound
    return render_template(
        "evaluation/sensitivity.html",
        project=project,
        ranking=view,
        found=analyse(view.document, view.result),
        what_if=what_if(view) if view.values else None,
        without=(view.facts or {}).get("without", []),
    )
