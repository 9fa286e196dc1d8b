"""Step 2: the candidates of a project."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.forms import QUALIFICATIONS, ProspectForm
from srm_portal.bidding_lists.views import bp
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.domain.stages import Blocker, position
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.domain.record import SupplierData
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/projects/<project_id>/suppliers")
@requires("project:read")
def potential(project_id: str) -> str:
    project = sourcing.project_for(current_actor(), project_id)
    found = queries.candidates(project.id)
    kept = queries.considered(found)
    frozen = position(project.stage) > position("criteria")
    panel = {} if frozen else _panel(project)
    return render_template(
        "bidding_lists/potential.html",
        project=project,
        candidates=kept,
        dropped=[one for one in found if one.state == "dropped"],
        cards=suppliers.suppliers([one.supplier_id for one in found]),
        panel=panel,
        frozen=frozen,
        qualifications=QUALIFICATIONS,
        blockers=[] if kept else [Blocker("candidates_missing")],
    )


def _panel(project: sourcing.ProjectView) -> dict[str, suppliers.PanelEntry]:
    today = request_now().date()
    found = suppliers.panel(project.organisation_id, project.category, project.region, today)
    return {entry.supplier.id: entry for entry in found}


@bp.post("/projects/<project_id>/candidates")
@requires("candidate:edit")
def add_candidate(project_id: str) -> Answer:
    form = ActForm()
    supplier_id = request.form.get("supplier_id", "")
    if form.apply(lambda: services.add_candidate(current_actor(), project_id, supplier_id, now=request_now())):
        flash(_("Added as a candidate."), "success")
    else:
        flash(" ".join(str(one) for one in form.form_errors), "error")
    if request.form.get("from") == "find":
        return redirect(url_for("bidding_lists.find", project_id=project_id))
    return redirect(url_for("bidding_lists.potential", project_id=project_id))


@bp.post("/projects/<project_id>/candidates/<supplier_id>/drop")
@requires("candidate:edit")
def drop_candidate(project_id: str, supplier_id: str) -> Answer:
    note = ReasonForm().reason.data or ""
    services.drop_candidate(current_actor(), project_id, supplier_id, note=note, now=request_now())
    flash(_("Dropped; the reason is kept."), "success")
    return redirect(url_for("bidding_lists.potential", project_id=project_id))


@bp.route("/projects/<project_id>/suppliers/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_prospect(project_id: str) -> Answer:
    """A company that is not in the registry yet, added without leaving the project."""
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    form = ProspectForm()

    def act() -> None:
        data = SupplierData(
            name=form.name.data or "",
            country=form.country.data or "",
            city=form.city.data or "",
            region=form.region.data or "",
            website=form.website.data or "",
            categories=(project.category,) if suppliers.category(project.category) else (),
        )
        services.add_new_prospect(
            actor,
            project.id,
            data,
            contact_name=form.contact_name.data or "",
            contact_email=form.contact_email.data or "",
            language=form.language.data,
            accept_duplicates=form.accept_duplicates.data,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The company is in the registry as a prospect, and a candidate here."), "success")
        return redirect(url_for("bidding_lists.potential", project_id=project.id))
    page = render_template("bidding_lists/new_prospect.html", project=project, form=form)
    return page, 422 if form.is_submitted() else 200
