"""One opened offer in full, with its attachments."""

from __future__ import annotations

from flask import Response, render_template

from srm_portal.offers import queries, services
from srm_portal.offers.domain.asked import read_publication
from srm_portal.offers.views import bp
from srm_portal.offers.views.answers import attachment
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires


@bp.get("/offers/<opened_id>")
@requires("offer:compare")
def opened(opened_id: str) -> str:
    actor = current_actor()
    event, view, files = queries.offer_for(actor, opened_id)
    assert event.publication is not None
    services.note_sight(actor, event, "technical" if event.state == "technical" else "offer", now=request_now())
    return render_template(
        "offers/opened.html",
        project=sourcing.project_for(actor, event.project_id),
        event=event,
        offer=view,
        files=files,
        asked=read_publication(event.publication, deadline_at=event.deadline_at),
        lines={line.line_id: line for line in view.lines},
    )


@bp.get("/offers/<opened_id>/files/<file_id>")
@requires("offer:compare")
def opened_file(opened_id: str, file_id: str) -> Response:
    event, meta, plain = queries.file_of(current_actor(), opened_id, file_id)
    services.note_sight(current_actor(), event, "file", now=request_now())
    return attachment(plain, meta.name, meta.media_type or "application/octet-stream")
