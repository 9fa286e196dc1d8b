"""One customer: overview, what other rooms know, files, history; contacts and erasure."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.audit.queries import history_of
from srm_portal.customers import queries, services
from srm_portal.customers.forms import CustomerContactForm
from srm_portal.customers.ports import panel_blocks
from srm_portal.customers.views import bp
from srm_portal.documents import queries as documents
from srm_portal.documents.forms import REMARKS, UploadForm
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]
HISTORY_LINES = 100


@bp.get("/customers/<customer_id>")
@requires("customer:read")
def show(customer_id: str) -> str:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    tasks = queries.tasks(view.id)
    people = {task.assignee_id for task in tasks} | ({view.owner_id} if view.owner_id else set())
    return render_template(
        "customers/show.html",
        customer=view,
        contacts=queries.contacts([view.id])[view.id],
        talks=queries.interactions(view.id),
        tasks=tasks,
        people=identity.people(people),
        opportunities=queries.opportunities_of(view.id),
        years=queries.order_years(view.id),
        today=request_now().date(),
        form=ActForm(formdata=None),
    )


@bp.get("/customers/<customer_id>/business")
@requires("customer:read")
def business(customer_id: str) -> str:
    """Needs and awards for this customer, and what the later rooms know; a requester sees what those show them."""
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    blocks = panel_blocks(actor, view.id, request_now())
    links = queries.links(view.id) if actor.roles != {"requester"} else None
    return render_template("customers/business.html", customer=view, links=links, blocks=blocks)


@bp.route("/customers/<customer_id>/files", methods=["GET", "POST"])
@requires("customer:read")
def files(customer_id: str) -> Answer:
    actor, form = current_actor(), UploadForm()
    view = queries.customer_for(actor, customer_id)
    if form.is_submitted() and not actor.may("customer:edit"):
        raise NotFound

    def act() -> None:
        services.attach_file(actor, view.id, form.file.data, now=request_now(), note=form.note.data or "")

    if form.apply(act):
        flash(_("The file is kept."), "success")
        return redirect(url_for("customers.files", customer_id=view.id))
    found = documents.files_of("customer", [view.id])[view.id]
    page = render_template("customers/files.html", customer=view, files=found, form=form, remarks=REMARKS)
    return page, 422 if form.is_submitted() else 200


@bp.get("/customers/<customer_id>/files/<file_id>")
@requires("customer:read")
def file(customer_id: str, file_id: str) -> FileResponse:
    view = queries.customer_for(current_actor(), customer_id)
    return documents.download(documents.file_of("customer", view.id, file_id))


@bp.post("/customers/<customer_id>/files/<file_id>/remove")
@requires("customer:edit")
def remove_file(customer_id: str, file_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.remove_file(current_actor(), customer_id, file_id, now=request_now())
    flash(_("The file is removed."), "success")
    return redirect(url_for("customers.files", customer_id=customer_id))


@bp.get("/customers/<customer_id>/history")
@requires("customer:read")
def history(customer_id: str) -> str:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    return render_template("customers/history.html", customer=view, lines=history_of(actor, [view.id], HISTORY_LINES))


@bp.post("/customers/<customer_id>/erase")
@requires("customer:edit")
def erase(customer_id: str) -> Response:
    form, actor = ReasonForm(), current_actor()
    if form.apply(
        lambda: services.erase_customer(actor, customer_id, reason=form.reason.data or "", now=request_now())
    ):
        flash(_("The personal data is erased."), "success")
    else:
        flash(" ".join(map(str, form.form_errors)) or sentence("reason_needed"), "error")
    return redirect(url_for("customers.show", customer_id=customer_id))


@bp.route("/customers/<customer_id>/contacts/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_contact(customer_id: str) -> Answer:
    actor, form = current_actor(), CustomerContactForm()
    view = queries.customer_for(actor, customer_id)
    if form.apply(lambda: services.add_contact(actor, view.id, now=request_now(), **form.values())):
        flash(_("The contact is added."), "success")
        return redirect(url_for("customers.show", customer_id=view.id))
    page = render_template("customers/contact_form.html", form=form, customer=view, contact=None)
    return page, 422 if form.is_submitted() else 200


@bp.route("/customers/contacts/<contact_id>", methods=["GET", "POST"])
@requires("customer:edit")
def edit_contact(contact_id: str) -> Answer:
    actor = current_actor()
    contact = queries.contact_for(actor, contact_id)
    form = CustomerContactForm(obj=contact)

    def act() -> None:
        services.edit_contact(actor, contact.id, version=form.seen_version, now=request_now(), **form.values())

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.show", customer_id=contact.customer_id))
    view = queries.customer_for(actor, contact.customer_id)
    page = render_template("customers/contact_form.html", form=form, customer=view, contact=contact)
    return page, 422 if form.is_submitted() else 200


@bp.post("/customers/contacts/<contact_id>/remove")
@requires("customer:edit")
def remove_contact(contact_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    actor = current_actor()
    contact = queries.contact_for(actor, contact_id)
    services.remove_contact(actor, contact.id, now=request_now())
    flash(_("The contact is removed."), "success")
    return redirect(url_for("customers.show", customer_id=contact.customer_id))
