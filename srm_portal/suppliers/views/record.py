"""One supplier: overview, what other rooms know, files, history; block and archive; marks."""

from __future__ import annotations

from typing import Any

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.audit.queries import history_of
from srm_portal.documents import queries as documents
from srm_portal.documents.forms import REMARKS, UploadForm
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.performance import trend
from srm_portal.suppliers.forms import PerformanceForm
from srm_portal.suppliers.ports import panel_blocks
from srm_portal.suppliers.queries import SupplierView
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]
HISTORY_LINES = 100


def _back(supplier_id: str) -> Response:
    return redirect(url_for("suppliers.show", supplier_id=supplier_id))


@bp.get("/suppliers/<supplier_id>")
@requires("supplier:read")
def show(supplier_id: str) -> str:
    actor, now = current_actor(), request_now()
    view = queries.supplier_for(actor, supplier_id)
    cells = queries.qualifications(view.id, now.date())
    marks = queries.performance(view.id)
    people = identity.supplier_people(actor.organisation_id, [view.id])[view.id]
    return render_template(
        "suppliers/show.html",
        supplier=view,
        contacts=queries.contacts([view.id])[view.id],
        people={person.id: person for person in people},
        cells=cells,
        labels=queries.labels({*view.categories, *(cell.category for cell in cells)}, language()),
        marks=marks,
        trend=trend([period.overall for period in marks]),
    )


@bp.get("/suppliers/<supplier_id>/business")
@requires("supplier:read")
def business(supplier_id: str) -> str:
    """What the later rooms know: projects, offers, awards, contracts."""
    actor = current_actor()
    view = queries.supplier_for(actor, supplier_id)
    blocks = panel_blocks(actor, view.id, request_now())
    return render_template("suppliers/business.html", supplier=view, blocks=blocks)


def _files_page(view: SupplierView, form: UploadForm) -> str:
    files = documents.files_of("supplier", [view.id])[view.id]
    return render_template("suppliers/files.html", supplier=view, files=files, form=form, remarks=REMARKS)


@bp.route("/suppliers/<supplier_id>/files", methods=["GET", "POST"])
@requires("supplier:read")
def files(supplier_id: str) -> Answer:
    actor, form = current_actor(), UploadForm()
    view = queries.supplier_for(actor, supplier_id)
    if form.is_submitted() and not actor.may("supplier:edit"):
        raise NotFound

    def act() -> None:
        services.attach_file(actor, view.id, form.file.data, now=request_now(), note=form.note.data or "")

    if form.apply(act):
        flash(_("The file is kept."), "success")
        return redirect(url_for("suppliers.files", supplier_id=view.id))
    return _files_page(view, form), 422 if form.is_submitted() else 200


@bp.get("/suppliers/<supplier_id>/files/<file_id>")
@requires("supplier:read")
def file(supplier_id: str, file_id: str) -> FileResponse:
    view = queries.supplier_for(current_actor(), supplier_id)
    return documents.download(documents.file_of("supplier", view.id, file_id))


@bp.post("/suppliers/<supplier_id>/files/<file_id>/remove")
@requires("supplier:edit")
def remove_file(supplier_id: str, file_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.remove_file(current_actor(), supplier_id, file_id, now=request_now())
    flash(_("The file is removed."), "success")
    return redirect(url_for("suppliers.files", supplier_id=supplier_id))


@bp.get("/suppliers/<supplier_id>/history")
@requires("supplier:read")
def history(supplier_id: str) -> str:
    actor = current_actor()
    view = queries.supplier_for(actor, supplier_id)
    return render_template("suppliers/history.html", supplier=view, lines=history_of(actor, [view.id], HISTORY_LINES))


def _with_reason(supplier_id: str, act: Any, done: str) -> Response:
    """Acts that need a reason: said beside the button, kept in the history."""
    form = ReasonForm()
    if form.apply(lambda: act(current_actor(), supplier_id, reason=form.reason.data or "", now=request_now())):
        flash(done, "success")
    else:
        texts = [*form.form_errors, *([sentence("reason_needed")] if form.reason.errors else [])]
        flash(" ".join(str(text) for text in texts), "error")
    return _back(supplier_id)


@bp.post("/suppliers/<supplier_id>/block")
@requires("supplier:qualify")
def block(supplier_id: str) -> Response:
    return _with_reason(supplier_id, services.block_supplier, _("Blocked. No panel and no new list holds it."))


@bp.post("/suppliers/<supplier_id>/unblock")
@requires("supplier:qualify")
def unblock(supplier_id: str) -> Response:
    return _with_reason(supplier_id, services.unblock_supplier, _("The block is lifted."))


@bp.post("/suppliers/<supplier_id>/archive")
@requires("supplier:edit")
def archive(supplier_id: str) -> Response:
    return _with_reason(supplier_id, services.archive_supplier, _("Archived."))


@bp.post("/suppliers/<supplier_id>/restore")
@requires("supplier:edit")
def restore(supplier_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.restore_supplier(current_actor(), supplier_id, now=request_now())
    flash(_("The supplier is back in the lists."), "success")
    return _back(supplier_id)


@bp.route("/suppliers/<supplier_id>/performance", methods=["GET", "POST"])
@requires("supplier:edit")
def performance(supplier_id: str) -> Answer:
    actor, form = current_actor(), PerformanceForm()
    view = queries.supplier_for(actor, supplier_id)

    def act() -> None:
        services.record_performance(
            actor, view.id, form.period.data or "", form.marks(), now=request_now(), note=form.note.data or ""
        )

    if form.apply(act):
        flash(_("The marks are kept."), "success")
        return _back(supplier_id)
    page = render_template("suppliers/performance.html", form=form, supplier=view)
    return page, 422 if form.is_submitted() else 200
