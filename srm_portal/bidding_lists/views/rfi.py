"""Step 2: requests for information and the answers that came."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.forms import INVITATION_STATES, INVITATION_TONES, RfiForm
from srm_portal.bidding_lists.views import bp
from srm_portal.documents import queries as documents
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/projects/<project_id>/suppliers/rfi")
@requires("project:read")
def requests(project_id: str) -> str:
    project = sourcing.project_for(current_actor(), project_id)
    return render_template(
        "bidding_lists/rfi.html",
        project=project,
        requests=queries.requests(project.id),
        states=INVITATION_STATES,
        tones=INVITATION_TONES,
    )


@bp.route("/projects/<project_id>/suppliers/rfi/new", methods=["GET", "POST"])
@requires("candidate:edit")
def new_request(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    kept = queries.considered(queries.candidates(project.id))
    cards = suppliers.suppliers([one.supplier_id for one in kept])
    form = RfiForm(data={"title": project.title, "suppliers": list(cards)})
    form.suppliers.choices = [(one, card.name) for one, card in cards.items()]

    def act() -> None:
        services.publish_rfi(
            actor,
            project.id,
            title=form.title.data or "",
            questions=form.questions.data or "",
            deadline_at=form.deadline_at.data,
            supplier_ids=form.suppliers.data or [],
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The candidates are asked by mail; their answers appear here."), "success")
        return redirect(url_for("bidding_lists.requests", project_id=project.id))
    page = render_template("bidding_lists/rfi_new.html", project=project, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/information-answers/<answer_id>/files/<file_id>")
@requires("project:read", "invitation:answer")
def answer_file(answer_id: str, file_id: str) -> Response:
    return documents.download(queries.answer_file(current_actor(), answer_id, file_id))
