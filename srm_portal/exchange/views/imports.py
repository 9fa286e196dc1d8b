"""A file is handed in, looked at, and then taken in or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from srm_portal.exchange import queries, services
from srm_portal.exchange.domain.report import ImportReport, What
from srm_portal.exchange.forms import KINDS, STATES, WHAT, ImportForm, open_to
from srm_portal.exchange.views import bp
from srm_portal.kernel.errors import InputError, NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]
SHOWN_MAX = 200
_SERVICES: dict[str, Callable[..., ImportReport]] = {
    "ocds": services.import_ocds,
    "needs": services.import_needs,
    "suppliers": services.import_suppliers,
    "categories": services.import_categories,
    "deliveries": services.import_deliveries,
    "customers": services.import_customers,
    "cards": services.import_cards,
    "orders": services.import_orders,
}
_THERE = {
    "ocds": "sourcing.projects",
    "needs": "sourcing.projects",
    "suppliers": "suppliers.index",
    "categories": "exchange.index",
    "deliveries": "suppliers.segmentation",
    "customers": "customers.index",
    "cards": "customers.index",
    "orders": "customers.analysis",
}


@bp.route("/import", methods=["GET", "POST"])
@requires("import:run")
def index() -> Answer:
    actor, now = current_actor(), request_now()
    form = ImportForm(what=request.args.get("what"))
    form.what.choices = [(what, WHAT[what]) for what in open_to(actor)]
    if form.validate_on_submit():
        upload_id = _look_at(actor, form, now)
        if upload_id:
            return redirect(url_for("exchange.preview", upload_id=upload_id))
    return render_template("exchange/index.html", form=form), 422 if form.is_submitted() else 200


def _look_at(actor: Actor, form: ImportForm, now: datetime) -> str | None:
    """Try the file without keeping anything of it; the id of what is kept for the decision, or None with a reason."""
    upload = form.file.data
    data = upload.read() if upload else b""
    if not data:
        form.file.errors = [sentence("file_empty") if upload else sentence("file_missing")]
        return None
    what, scheme = cast(What, form.what.data), (form.scheme.data or "").strip()
    try:
        report = _run(actor, what, data, scheme, now, preview=True)
    except InputError as refusal:
        form.file.errors = [sentence("file_not_read", reason=refusal)]
        return None
    return services.keep_upload(
        actor, what, upload.filename or "", data, queries.report_document(report), now=now, scheme=scheme
    )


def _run(actor: Actor, what: str, data: bytes, scheme: str, now: datetime, **how: bool) -> ImportReport:
    more = {"scheme": scheme} if what == "categories" else {}
    return _SERVICES[what](actor, data, now=now, **({"partial": False} | how), **more)


@bp.get("/import/<upload_id>")
@requires("import:run")
def preview(upload_id: str) -> Answer:
    upload = queries.upload_for(current_actor(), upload_id)
    return _page(upload, upload.preview)


def _page(upload: queries.UploadView, report: dict[str, Any]) -> str:
    return render_template(
        "exchange/preview.html",
        upload=upload,
        report=report,
        results=report["results"][:SHOWN_MAX],
        errors=report["errors"][:SHOWN_MAX],
        warnings=report["warnings"][:SHOWN_MAX],
        what_names=WHAT,
        state_names=STATES,
        kind_names=KINDS,
    )


@bp.post("/import/<upload_id>")
@requires("import:run")
def take_in(upload_id: str) -> Answer:
    """Import the file as it was looked at; `good_only` leaves the refused rows out."""
    if not ActForm().validate_on_submit():
        raise NotFound
    actor, now = current_actor(), request_now()
    upload = queries.upload_for(actor, upload_id)
    data = queries.upload_bytes(actor, upload_id)
    report = _run(actor, upload.what, data, upload.scheme, now, partial="good_only" in request.form)
    if not report.done:
        flash(_("Nothing was imported: some rows are refused."), "error")
        return _page(upload, queries.report_document(report)), 422
    services.drop_upload(actor, upload_id)
    flash(_told(report), "success")
    archived = all(row.kind == "archive" for row in report.outcomes if row.state == "imported")
    return redirect(url_for(_THERE[upload.what], archive=1 if upload.what == "ocds" and archived else None))


def _told(report: ImportReport) -> str:
    count, refused, known = report.count("imported"), report.count("refused"), report.count("already_imported")
    parts = [ngettext("%(num)s row was imported.", "%(num)s rows were imported.", count)]
    if known:
        parts.append(ngettext("%(num)s was here already.", "%(num)s were here already.", known))
    if refused:
        parts.append(ngettext("%(num)s was refused.", "%(num)s were refused.", refused))
    return " ".join(parts)


@bp.post("/import/<upload_id>/drop")
@requires("import:run")
def drop(upload_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.drop_upload(current_actor(), upload_id)
    return redirect(url_for("exchange.index"))
