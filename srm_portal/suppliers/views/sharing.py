"""The shared space: pages, messages and meetings, for both sides; the whole relationship on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.documents import queries as documents
from srm_portal.documents.forms import UploadForm
from srm_portal.kernel.errors import NotFound
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import MeetingForm, MessageForm, MinutesForm, PageForm, StatementForm
from srm_portal.suppliers.ports import shared_projects
from srm_portal.suppliers.queries import PageView, SupplierView
from srm_portal.suppliers.services.sharing import BUYER_KINDS, OBJECT, SUPPLIER_KINDS
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, PortalForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]
SHOWN_LINES = 8


def _own() -> SupplierView:
    actor = current_actor()
    return queries.supplier_for(actor, actor.supplier_id or "")


def _said(form: PortalForm, act: Callable[[], Any], done: str) -> None:
    if form.apply(act):
        flash(done, "success")
        return
    texts = [*form.form_errors, *(text for field in form for text in field.errors)]
    flash(" ".join(str(text) for text in texts) or sentence("invalid"), "error")


@bp.get("/suppliers/<supplier_id>/relationship")
@requires("supplier:read")
def relationship(supplier_id: str) -> str:
    """Everything that concerns one supplier, at a glance."""
    actor, now = current_actor(), request_now()
    view = queries.supplier_for(actor, supplier_id)
    cells = queries.qualifications(view.id, now.date())
    return render_template(
        "suppliers/relationship.html",
        supplier=view,
        cells=cells,
        labels=queries.labels({cell.category for cell in cells}, language()),
        marks=queries.performance(view.id),
        matters=queries.open_matters(view.id),
        pages=queries.pages_of_supplier(view.id),
        messages=queries.messages(view.id)[:SHOWN_LINES],
        meetings=queries.meetings(view.id)[:SHOWN_LINES],
        today=now.date(),
        now=now,
    )


@bp.get("/suppliers/space")
@requires("supplier:read")
def space() -> str:
    """What the house tells its suppliers."""
    pages = queries.pages_of_buyer(current_actor(), request.args.get("q", ""))
    return render_template("suppliers/space.html", pages=pages, files=_files(pages), kinds=BUYER_KINDS)


def _files(pages: list[PageView]) -> dict[str, list[Any]]:
    return documents.files_of(OBJECT, [page.id for page in pages])


def _page_form(view: PageView | None, back: str, layout: str, kinds: tuple[str, ...]) -> Answer:
    """Write or change a page of one's own side, with a file beside it."""
    actor, form = current_actor(), PageForm(obj=view).prepare(kinds)
    upload = UploadForm()
    made: list[str] = [view.id] if view else []

    def values() -> dict[str, str]:
        return {name: form[name].data or "" for name in ("kind", "title", "body", "category", "period")}

    def act() -> None:
        if view is None:
            made.append(services.publish_page(actor, **values(), now=request_now()))
        else:
            services.edit_page(actor, view.id, **values(), version=form.seen_version, now=request_now())
        if upload.file.data and upload.file.data.filename:
            services.attach_to_page(actor, made[0], upload.file.data, now=request_now())

    if form.apply(act):
        flash(_("Published."), "success")
        return redirect(back)
    page = render_template(
        "suppliers/page_form.html", form=form, upload=upload, view=view, back=back, layout_name=layout
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/space/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_page() -> Answer:
    return _page_form(None, url_for("suppliers.space"), "layouts/app.html", BUYER_KINDS)


@bp.route("/suppliers/space/<page_id>", methods=["GET", "POST"])
@requires("supplier:edit")
def edit_page(page_id: str) -> Answer:
    view = queries.own_page_for(current_actor(), page_id)
    return _page_form(view, url_for("suppliers.space"), "layouts/app.html", BUYER_KINDS)


@bp.post("/space/<page_id>/withdraw")
@requires("supplier:edit", "own_supplier:edit")
def withdraw_page(page_id: str) -> Response:
    actor = current_actor()
    if not ActForm().validate_on_submit():
        raise NotFound
    services.withdraw_page(actor, page_id, now=request_now())
    flash(_("Withdrawn."), "success")
    return redirect(url_for("suppliers.own_space" if actor.supplier_id else "suppliers.space"))


@bp.get("/space/<page_id>/<file_id>")
@requires("supplier:read", "own_supplier:read")
def page_file(page_id: str, file_id: str) -> FileResponse:
    view = queries.page_for(current_actor(), page_id)
    return documents.download(documents.file_of(OBJECT, view.id, file_id))


@bp.get("/supplier/space")
@requires("own_supplier:read")
def own_space() -> str:
    """What the buyer tells, and what we publish."""
    actor = current_actor()
    pages = queries.pages_of_buyer(actor)
    own = queries.pages_of_supplier(actor.supplier_id or "")
    return render_template(
        "suppliers/own_space.html", pages=pages, own=own, files=_files([*pages, *own]), kinds=BUYER_KINDS
    )


@bp.route("/supplier/space/new", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_new_page() -> Answer:
    return _page_form(None, url_for("suppliers.own_space"), "layouts/supplier.html", SUPPLIER_KINDS)


@bp.route("/supplier/space/<page_id>", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_edit_page(page_id: str) -> Answer:
    view = queries.own_page_for(current_actor(), page_id)
    return _page_form(view, url_for("suppliers.own_space"), "layouts/supplier.html", SUPPLIER_KINDS)


def _thread(view: SupplierView, form: MessageForm, projects: dict[str, str], template: str) -> str:
    chosen = request.args.get("project", "")
    return render_template(
        template,
        supplier=view,
        form=form,
        projects=projects,
        chosen=chosen,
        messages=queries.messages(view.id, chosen if chosen in projects else None),
        meetings=queries.meetings(view.id),
    )


def _write(view: SupplierView, endpoint: str, template: str, **where: str) -> Answer:
    actor = current_actor()
    projects = shared_projects(actor, view.id)
    form = MessageForm().prepare(projects)

    def act() -> None:
        services.send_message(
            actor, view.id, form.body.data or "", project_id=form.project.data or None, now=request_now()
        )

    if form.apply(act):
        flash(_("Sent."), "success")
        return redirect(url_for(endpoint, **where))
    return _thread(view, form, projects, template), 422 if form.is_submitted() else 200


@bp.route("/suppliers/<supplier_id>/messages", methods=["GET", "POST"])
@requires("supplier:read")
def messages(supplier_id: str) -> Answer:
    actor = current_actor()
    view = queries.supplier_for(actor, supplier_id)
    if request.method == "POST" and not actor.may("supplier:edit"):
        raise NotFound
    return _write(view, "suppliers.messages", "suppliers/messages.html", supplier_id=view.id)


@bp.route("/supplier/messages", methods=["GET", "POST"])
@requires("own_supplier:read")
def own_messages() -> Answer:
    return _write(_own(), "suppliers.own_messages", "suppliers/own_messages.html")


@bp.route("/suppliers/<supplier_id>/meetings/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_meeting(supplier_id: str) -> Answer:
    actor, form = current_actor(), MeetingForm()
    view = queries.supplier_for(actor, supplier_id)

    def act() -> None:
        texts = {name: form[name].data or "" for name in ("title", "place", "participants", "agenda")}
        services.plan_meeting(actor, view.id, starts_at=form.starts_at.data, now=request_now(), **texts)

    if form.apply(act):
        flash(_("Planned. The supplier's people are told."), "success")
        return redirect(url_for("suppliers.messages", supplier_id=view.id))
    page = render_template("suppliers/meeting_new.html", supplier=view, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/meetings/<meeting_id>", methods=["GET", "POST"])
@requires("supplier:edit")
def minutes(meeting_id: str) -> Answer:
    actor = current_actor()
    view = queries.meeting_for(actor, meeting_id)
    form = MinutesForm(obj=view)

    def act() -> None:
        services.write_minutes(actor, view.id, form.minutes.data or "", version=form.seen_version, now=request_now())

    if form.apply(act):
        flash(_("The minutes are kept; both sides read them."), "success")
        return redirect(url_for("suppliers.messages", supplier_id=view.supplier_id))
    supplier = queries.supplier_for(actor, view.supplier_id)
    page = render_template("suppliers/minutes.html", meeting=view, supplier=supplier, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/supplier/cases/<case_id>")
@requires("own_supplier:edit")
def own_statement(case_id: str) -> Response:
    """Our side of a suspension."""
    actor, form = current_actor(), StatementForm()
    view = queries.case_for(actor, case_id)
    _said(
        form,
        lambda: services.state_own_side(actor, view.id, statement=form.statement.data or "", now=request_now()),
        _("Kept. Who decides reads it."),
    )
    return redirect(url_for("suppliers.own"))
