"""The supplier's own page: what the buyer holds about the company, and what they may change."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import ContactForm, OwnSupplierForm
from srm_portal.suppliers.queries import SupplierView
from srm_portal.suppliers.views import bp
from srm_portal.suppliers.views.contacts import contact_values
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


def _own() -> SupplierView:
    actor = current_actor()
    return queries.supplier_for(actor, actor.supplier_id or "")


@bp.get("/supplier/company")
@requires("own_supplier:read")
def own() -> str:
    view = _own()
    cells = queries.qualifications(view.id, request_now().date())
    people = identity.supplier_people(view.organisation_id, [view.id])[view.id]
    return render_template(
        "suppliers/own.html",
        signing_in={person.id for person in people if person.state != "disabled"},
        supplier=view,
        buyer=identity.organisation(view.organisation_id),
        contacts=queries.contacts([view.id])[view.id],
        cells=cells,
        cases=queries.cases(view.id),
        today=request_now().date(),
        labels=queries.labels({*view.categories, *(cell.category for cell in cells)}, language()),
    )


@bp.route("/supplier/company/edit", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_edit() -> Answer:
    actor, view = current_actor(), _own()
    form = OwnSupplierForm(obj=view)

    def act() -> None:
        services.edit_own(
            actor,
            phone=form.phone.data or "",
            website=form.website.data or "",
            version=form.seen_version,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Saved. The buyer sees the change."), "success")
        return redirect(url_for("suppliers.own"))
    page = render_template("suppliers/own_form.html", form=form, title=_("Our company"))
    return page, 422 if form.is_submitted() else 200


@bp.route("/supplier/company/contacts/new", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_new_contact() -> Answer:
    actor, view, form = current_actor(), _own(), ContactForm()
    if form.apply(lambda: services.add_contact(actor, view.id, now=request_now(), **contact_values(form))):
        flash(_("The contact is added."), "success")
        return redirect(url_for("suppliers.own"))
    page = render_template("suppliers/own_form.html", form=form, title=_("New contact"))
    return page, 422 if form.is_submitted() else 200


@bp.route("/supplier/company/contacts/<contact_id>", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_contact(contact_id: str) -> Answer:
    actor = current_actor()
    contact = queries.contact_for(actor, contact_id)
    form = ContactForm(obj=contact)

    def act() -> None:
        services.edit_contact(actor, contact_id, version=form.seen_version, now=request_now(), **contact_values(form))

    if form.apply(act):
        flash(_("Saved. The buyer sees the change."), "success")
        return redirect(url_for("suppliers.own"))
    page = render_template("suppliers/own_form.html", form=form, title=contact.name)
    return page, 422 if form.is_submitted() else 200


@bp.post("/supplier/company/contacts/<contact_id>/remove")
@requires("own_supplier:edit")
def own_remove_contact(contact_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        services.remove_contact(current_actor(), contact_id, now=request_now())
    except Refused as refusal:
        flash_refusal(refusal)
    else:
        flash(_("The contact is removed."), "success")
    return redirect(url_for("suppliers.own"))
