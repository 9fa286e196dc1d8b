"""Making a contract and changing its draft."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.contracts import queries, services
from srm_portal.contracts.domain.clauses import VARIANTS
from srm_portal.contracts.forms import (
    ClauseForm,
    NewContractForm,
    OwnerForm,
    TermForm,
    TermsForm,
    WordingForm,
)
from srm_portal.contracts.views.blueprint import Answer, bp
from srm_portal.contracts.views.records import record
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires


def _shown(contract_id: str, text: str) -> Answer:
    flash(text, "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.route("/contracts/new", methods=["GET", "POST"])
@requires("contract:edit")
def new() -> Answer:
    actor, form, made = current_actor(), NewContractForm(), []
    form.choices(form.supplier_id, suppliers.choices(actor), empty=_("Choose"))

    def act() -> None:
        fields = ("title", "kind", "value", "starts_on", "ends_on", "risk")
        values = {name: form[name].data for name in fields} | {"category": form.category.data or ""}
        made.append(
            services.draft_for_supplier(
                actor, form.supplier_id.data, language=actor.language, now=request_now(), **values
            )
        )

    if form.apply(act):
        return redirect(url_for("contracts.show", contract_id=made[0]))
    return render_template("contracts/new.html", form=form), 422 if form.is_submitted() else 200


@bp.post("/negotiations/<negotiation_id>/contract")
@requires("contract:edit")
def from_negotiation(negotiation_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    made = services.draft_from_negotiation(current_actor(), negotiation_id, now=request_now())
    return redirect(url_for("contracts.show", contract_id=made))


@bp.route("/contracts/<contract_id>/clauses/<key>", methods=["GET", "POST"])
@requires("contract:edit")
def clause(contract_id: str, key: str) -> Answer:
    """One clause: its text, and what the library offers in its place. `new` adds one."""
    actor, now = current_actor(), request_now()
    view = queries.contract_for(actor, contract_id)
    text = queries.current_version(view.id)
    held = text.clause(key)
    if held is None and key != "new":
        raise NotFound
    form = ClauseForm(obj=held, version=view.version)

    def act() -> None:
        title, words = form.title.data or "", form.text.data or ""
        if key == "new":
            services.add_clause(actor, contract_id, title=title, text=words, version=form.seen_version, now=now)
        else:
            services.edit_clause(actor, contract_id, key, title=title, text=words, version=form.seen_version, now=now)

    if form.apply(act):
        return _shown(contract_id, _("Saved as a new version."))
    entries = queries.entries(view.organisation_id)
    offered = [
        (entry.key, variant, wording)
        for entry in entries
        for variant in VARIANTS
        if (wording := entry.wording(view.language, variant)) is not None
        and (entry.key == key or (key == "new" and text.clause(entry.key) is None and variant == "standard"))
    ]
    page = render_template("contracts/clause.html", form=form, contract=view, clause=held, key=key, offered=offered)
    return page, 422 if form.is_submitted() else 200


@bp.post("/contracts/<contract_id>/wording")
@requires("contract:edit")
def wording(contract_id: str) -> Answer:
    form = WordingForm()
    services.choose_wording(
        current_actor(),
        contract_id,
        form.key.data or "",
        form.variant.data or "",
        version=form.seen_version,
        now=request_now(),
    )
    return _shown(contract_id, _("Taken from the library as a new version."))


@bp.post("/contracts/<contract_id>/clauses/<key>/remove")
@requires("contract:edit")
def remove_clause(contract_id: str, key: str) -> Answer:
    form = ActForm()
    services.remove_clause(current_actor(), contract_id, key, version=form.seen_version, now=request_now())
    return _shown(contract_id, _("The clause is out; the version before still has it."))


@bp.post("/contracts/<contract_id>/term")
@requires("contract:edit")
def term(contract_id: str) -> Answer:
    form = TermForm()

    def act() -> None:
        services.change_term(
            current_actor(),
            contract_id,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            notice_days=form.notice_days.data,
            renews_months=form.renews_months.data,
            version=form.seen_version,
            now=request_now(),
        )

    if form.apply(act):
        return _shown(contract_id, _("Saved as a new version."))
    return record(contract_id, term_form=form), 422


@bp.post("/contracts/<contract_id>/terms")
@requires("contract:edit")
def terms(contract_id: str) -> Answer:
    form = TermsForm()

    def act() -> None:
        services.change_terms(
            current_actor(),
            contract_id,
            value=form.value.data,
            category=form.category.data or "",
            risk=form.risk.data,
            sign_first=form.sign_first.data,
            index_name=form.index_name.data or "",
            index_base=form.index_base.data,
            index_share=100 if form.index_share.data is None else form.index_share.data,
            index_cap=form.index_cap.data,
            version=form.seen_version,
            now=request_now(),
        )

    if form.apply(act):
        return _shown(contract_id, _("Saved as a new version."))
    return record(contract_id, terms_form=form), 422


@bp.post("/contracts/<contract_id>/owner")
@requires("contract:edit")
def owner(contract_id: str) -> Answer:
    actor, form = current_actor(), OwnerForm()
    people = identity.staff(actor.organisation_id, "buyer")
    form.choices(form.owner_id, [(one.id, one.name) for one in people])
    if form.apply(lambda: services.hand_over(actor, contract_id, form.owner_id.data, now=request_now())):
        return _shown(contract_id, _("Handed over."))
    return record(contract_id, owner_form=form), 422


@bp.post("/contracts/<contract_id>/template")
@requires("contract:read")
def template(contract_id: str) -> Answer:
    """The current version in the form of one of the organisation's Word templates."""
    from srm_portal.contracts.views.records import attachment
    from srm_portal.contracts.views.redline import WORD

    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    data = services.from_template(actor, view, request.form.get("template", ""), now=request_now())
    return attachment(data, f"{view.reference}.docx", WORD)
