"""The list of customers and the form of a record."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.customers import queries, services
from srm_portal.customers.forms import CustomerForm
from srm_portal.customers.queries import CustomerFilter
from srm_portal.customers.views import bp
from srm_portal.identity import queries as identity
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]


@bp.get("/customers")
@requires("customer:read")
def index() -> str:
    actor, page = current_actor(), page_of(request.args)
    wanted = CustomerFilter(
        text=request.args.get("q", "").strip(),
        segment=request.args.get("segment", ""),
        role=request.args.get("role", ""),
        country=request.args.get("country", ""),
        owner_id=actor.user_id if request.args.get("mine") == "1" else "",
        sort=request.args.get("sort", "name"),
    )
    rows, total = queries.search(actor, wanted, page)
    return render_template(
        "customers/index.html",
        rows=rows,
        page=page.of(total),
        segments=queries.segments(actor),
        countries=queries.countries(actor),
        owners=identity.people({row.customer.owner_id for row in rows if row.customer.owner_id}),
    )


@bp.route("/customers/new", methods=["GET", "POST"])
@requires("customer:edit")
def new() -> Answer:
    actor = current_actor()
    form = CustomerForm(roles=["customer"], owner_id=actor.user_id).prepare(identity.staff(actor.organisation_id))
    made: list[str] = []

    def act() -> None:
        accepted = bool(form.accept_duplicates.data)
        made.append(services.add_customer(actor, form.customer(), now=request_now(), accept_duplicates=accepted))

    if form.apply(act):
        flash(_("The customer is added."), "success")
        return redirect(url_for("customers.show", customer_id=made[0]))
    twins = queries.duplicates(actor.organisation_id, form.customer()) if form.accept_duplicates.errors else []
    page = render_template("customers/form.html", form=form, customer=None, twins=twins)
    return page, 422 if form.is_submitted() else 200


@bp.route("/customers/<customer_id>/edit", methods=["GET", "POST"])
@requires("customer:edit")
def edit(customer_id: str) -> Answer:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    form = CustomerForm(obj=view).prepare(identity.staff(actor.organisation_id))

    def act() -> None:
        services.edit_customer(
            actor,
            view.id,
            form.customer(),
            version=form.seen_version,
            now=request_now(),
            accept_duplicates=bool(form.accept_duplicates.data),
        )

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.show", customer_id=view.id))
    asked = form.accept_duplicates.errors
    twins = queries.duplicates(actor.organisation_id, form.customer(), but=view.id) if asked else []
    page = render_template("customers/form.html", form=form, customer=view, twins=twins)
    return page, 422 if form.is_submitted() else 200
