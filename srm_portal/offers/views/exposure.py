"""Who saw what of an event's offers, and from when to when."""

from __future__ import annotations

from flask import render_template

from srm_portal.offers import queries
from srm_portal.offers.views import bp
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor
from srm_portal.web.guard import requires


@bp.get("/events/<event_id>/exposure")
@requires("offer:compare")
def exposure(event_id: str) -> str:
    actor = current_actor()
    event, rows = queries.exposures(actor, event_id)
    project = sourcing.project_for(actor, event.project_id)
    return render_template("offers/exposure.html", project=project, event=event, rows=rows)
