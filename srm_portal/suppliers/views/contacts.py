"""People at a supplier, as the buyer keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import NotFound
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import ContactForm, InviteForm
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, PortalForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


def contact_values(form: ContactForm) -> dict[str, Any]:
    return {name: form[name].data or "" for name in ("name", "email", "phone", "role", "language")}


@bp.route("/suppliers/<supplier_id>/contacts/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_contact(supplier_id: str) -> Answer:
    actor, form = current_actor(), ContactForm()
    view = queries.supplier_for(actor, supplier_id)
    if form.apply(lambda: services.add_contact(actor, view.id, now=request_now(), **contact_values(form))):
        flash(_("The contact is added."), "success")
        return redirect(url_for("suppliers.show", supplier_id=view.id))
    page = render_template("suppliers/contact_form.html", form=form, supplier=view, contact=None)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/contacts/<contact_id>", methods=["GET", "POST"])
@requires("supplier:edit")
def edit_contact(contact_id: str) -> Answer:
    actor = current_actor()
    contact = queries.contact_for(actor, contact_id)
    form = ContactForm(obj=contact)

    def act() -> None:
        services.edit_contact(actor, contact_id, version=form.seen_version, now=request_now(), **contact_values(form))

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("suppliers.show", supplier_id=contact.supplier_id))
    view = queries.supplier_for(actor, contact.supplier_id)
    page = render_template("suppliers/contact_form.html", form=form, supplier=view, contact=contact)
    return page, 422 if form.is_submitted() else 200


def _act(contact_id: str, form: PortalForm, act: Callable[[], Any], done: str) -> Response:
    """A button on the record's page: done or refused, the sentence stands above the page."""
    contact = queries.contact_for(current_actor(), contact_id)
    if form.apply(act):
        flash(done, "success")
    else:
        texts = [*form.form_errors, *(text for field in form for text in field.errors)]
        flash(" ".join(str(text) for text in texts) or sentence("invalid"), "error")
    return redirect(url_for("suppliers.show", supplier_id=contact.supplier_id))


@bp.post("/suppliers/contacts/<contact_id>/invite")
@requires("supplier:edit")
def invite_contact(contact_id: str) -> Response:
    form, actor = InviteForm(), current_actor()
    return _act(
        contact_id,
        form,
        lambda: services.invite_contact(actor, contact_id, may_bid=bool(form.may_bid.data), now=request_now()),
        _("Invited. The way in is on its way by mail."),
    )


@bp.post("/suppliers/contacts/<contact_id>/may-bid")
@requires("supplier:edit")
def may_bid(contact_id: str) -> Response:
    form, actor = InviteForm(), current_actor()
    return _act(
        contact_id,
        form,
        lambda: services.set_may_bid(actor, contact_id, may_bid=bool(form.may_bid.data), now=request_now()),
        _("Changed. The person signs in again."),
    )


@bp.post("/suppliers/contacts/<contact_id>/end")
@requires("supplier:edit")
def end_access(contact_id: str) -> Response:
    form, actor = ReasonForm(), current_actor()
    return _act(
        contact_id,
        form,
        lambda: services.end_access(actor, contact_id, reason=form.reason.data or "", now=request_now()),
        _("The access is ended, with all open sessions."),
    )


@bp.post("/suppliers/contacts/<contact_id>/renew")
@requires("supplier:edit")
def renew_access(contact_id: str) -> Response:
    actor = current_actor()
    return _act(
        contact_id,
        ActForm(),
        lambda: services.renew_access(actor, contact_id, now=request_now()),
        _("The person may sign in again."),
    )


@bp.post("/suppliers/contacts/<contact_id>/remove")
@requires("supplier:edit")
def remove_contact(contact_id: str) -> Response:
    actor = current_actor()
    if not ActForm().validate_on_submit():
        raise NotFound
    return _act(
        contact_id,
        ActForm(),
        lambda: services.remove_contact(actor, contact_id, now=request_now()),
        _("The contact is removed."),
    )
