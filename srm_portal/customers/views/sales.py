"""What was sold to a customer and what they think of it: orders, quotations, contracts of sale, satisfaction, consent."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.customers import queries, services
from srm_portal.customers.domain.funnel import promoters
from srm_portal.customers.forms import ConsentForm, QuoteForm, SaleContractForm, SatisfactionForm
from srm_portal.customers.views import bp
from srm_portal.identity import queries as identity
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/customers/<customer_id>/sales")
@requires("customer:read")
def sales(customer_id: str) -> str:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    said = queries.satisfaction_of(view.id)
    return render_template(
        "customers/sales.html",
        customer=view,
        orders=queries.orders_of(view.id),
        years=queries.order_years(view.id),
        quotes=queries.quotes_of(view.id),
        contracts=queries.sale_contracts_of(view.id),
        said=said,
        promoters=promoters(one.score for one in said),
        contacts=queries.contacts([view.id])[view.id],
        today=request_now().date(),
    )


def _form_page(template: str, customer: queries.CustomerView, form: object, title: str, submitted: bool) -> Answer:
    page = render_template(template, customer=customer, form=form, title=title)
    return page, 422 if submitted else 200


@bp.route("/customers/<customer_id>/quotes/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_quote(customer_id: str) -> Answer:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    form = QuoteForm(currency=identity.organisation(actor.organisation_id).currency)
    if form.apply(lambda: services.record_quotes(actor, [form.quote(view.id)], now=request_now())):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.sales", customer_id=view.id))
    return _form_page("customers/fact_form.html", view, form, _("New quotation"), form.is_submitted())


@bp.route("/customers/<customer_id>/sale-contracts/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_sale_contract(customer_id: str) -> Answer:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    form = SaleContractForm(currency=identity.organisation(actor.organisation_id).currency)
    if form.apply(lambda: services.record_contracts(actor, [form.contract(view.id)], now=request_now())):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.sales", customer_id=view.id))
    return _form_page("customers/fact_form.html", view, form, _("New contract of sale"), form.is_submitted())


@bp.route("/customers/<customer_id>/satisfaction/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_satisfaction(customer_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    view = queries.customer_for(actor, customer_id)
    form = SatisfactionForm(said_on=now.date())

    def act() -> None:
        services.record_satisfaction(
            actor,
            view.id,
            score=form.score.data,
            said_on=form.said_on.data,
            comment=form.comment.data or "",
            by_name=form.by_name.data or "",
            now=now,
        )

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.sales", customer_id=view.id))
    return _form_page("customers/fact_form.html", view, form, _("What they think of us"), form.is_submitted())


@bp.route("/customers/contacts/<contact_id>/consent", methods=["GET", "POST"])
@requires("customer:edit")
def consent(contact_id: str) -> Answer:
    actor = current_actor()
    contact = queries.contact_for(actor, contact_id)
    form = ConsentForm(consent=contact.consent)
    chosen = (form.consent.data, form.note.data or "")
    if form.apply(lambda: services.set_consent(actor, contact.id, chosen[0], note=chosen[1], now=request_now())):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.sales", customer_id=contact.customer_id))
    view = queries.customer_for(actor, contact.customer_id)
    return _form_page("customers/fact_form.html", view, form, contact.name, form.is_submitted())
