"""Asking for a qualification and deciding on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import AskForm, DecideForm
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


@bp.get("/suppliers/qualifications")
@requires("supplier:read")
def waiting() -> str:
    """Requests that wait for somebody's decision."""
    actor = current_actor()
    rows = queries.waiting(actor.organisation_id, request_now().date())
    labels = queries.labels({row.cell.category for row in rows}, language())
    return render_template("suppliers/waiting.html", rows=rows, labels=labels)


@bp.route("/suppliers/<supplier_id>/qualification", methods=["GET", "POST"])
@requires("supplier:qualify")
def ask(supplier_id: str) -> Answer:
    actor = current_actor()
    view = queries.supplier_for(actor, supplier_id)
    form = AskForm().prepare(view.categories)

    def act() -> None:
        services.ask_qualification(
            actor,
            view.id,
            category=form.category.data or "",
            region=form.region.data or "",
            business_unit=form.business_unit.data or "",
            reason=form.reason.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Asked. Somebody else decides."), "success")
        return redirect(url_for("suppliers.show", supplier_id=view.id))
    page = render_template("suppliers/ask.html", form=form, supplier=view)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/qualifications/<cell_id>", methods=["GET", "POST"])
@requires("supplier:qualify")
def decide(cell_id: str) -> Answer:
    actor, today = current_actor(), request_now().date()
    cell = queries.qualification_for(actor, cell_id, today)
    form = DecideForm(version=cell.version, valid_from_on=today)

    def act() -> None:
        services.decide_qualification(actor, cell.id, form.decision(), version=form.seen_version, now=request_now())

    if form.apply(act):
        flash(_("Decided. Who asked is told."), "success")
        return redirect(url_for("suppliers.show", supplier_id=cell.supplier_id))
    page = render_template(
        "suppliers/decide.html",
        form=form,
        cell=cell,
        supplier=queries.supplier_for(actor, cell.supplier_id),
        label=queries.label(cell.category, language()),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/suppliers/qualifications/<cell_id>/disqualify")
@requires("supplier:qualify")
def disqualify(cell_id: str) -> Response:
    actor, form = current_actor(), ReasonForm()
    cell = queries.qualification_for(actor, cell_id, request_now().date())
    if form.apply(lambda: services.disqualify(actor, cell.id, reason=form.reason.data or "", now=request_now())):
        flash(_("The approval is taken away."), "success")
    else:
        flash(" ".join(map(str, form.form_errors)) or sentence("reason_needed"), "error")
    return redirect(url_for("suppliers.show", supplier_id=cell.supplier_id))
