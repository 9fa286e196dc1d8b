"""After the signature: what falls due, obligations, prices by index, spend, the end."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from srm_portal.contracts import queries, services
from srm_portal.contracts.forms import AmendForm, CallOffForm, IndexForm, ObligationForm, SpendForm
from srm_portal.contracts.services.calendar import calendar
from srm_portal.contracts.views.blueprint import Answer, bp, given
from srm_portal.contracts.views.records import attachment
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

SPANS = (30, 90, 180, 365)


@bp.get("/contracts/due")
@requires("contract:read")
def due() -> Answer:
    """What ends, renews itself, can be given notice of or is owed in the next days."""
    text = request.args.get("days", "90")
    days = int(text) if text in {str(one) for one in SPANS} else 90
    rows = queries.due(current_actor(), request_now().date(), days)
    return render_template("contracts/due.html", rows=rows, days=days, spans=SPANS)


def page(contract_id: str, **forms: Any) -> str:
    """What a contract asks of both sides; forms that were refused are shown as typed."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    obligation_form = forms.get("obligation_form") or ObligationForm(formdata=None)
    people = identity.staff(view.organisation_id) if actor.may("contract:edit") else []
    obligation_form.choices(obligation_form.owner_id, [(one.id, one.name) for one in people], empty=_("Owner"))
    return render_template(
        "contracts/running.html",
        contract=view,
        obligations=queries.obligations(view.id),
        usage=queries.usage(view),
        related=queries.related(view),
        adjustments=queries.adjustments(view.id) if view.index_base else [],
        invoices=queries.spend(view.id),
        obligation_form=obligation_form,
        call_off_form=forms.get("call_off_form") or CallOffForm(formdata=None),
        amend_form=forms.get("amend_form") or AmendForm(formdata=None),
        index_form=forms.get("index_form") or IndexForm(formdata=None),
    )


@bp.get("/contracts/<contract_id>/running")
@requires("contract:read")
def running(contract_id: str) -> Answer:
    return page(contract_id)


@bp.post("/contracts/<contract_id>/call-offs")
@requires("contract:edit")
def call_off(contract_id: str) -> Answer:
    actor, form, made = current_actor(), CallOffForm(), []
    view = queries.contract_for(actor, contract_id)

    def act() -> None:
        values = {name: form[name].data for name in ("title", "value", "starts_on", "ends_on")}
        made.append(
            services.draft_for_supplier(
                actor,
                view.supplier_id,
                kind="call_off",
                language=view.language,
                category=view.category,
                risk=view.risk,
                framework_id=view.id,
                now=request_now(),
                **values,
            )
        )

    if form.apply(act):
        return redirect(url_for("contracts.show", contract_id=made[0]))
    return page(contract_id, call_off_form=form), 422


@bp.post("/contracts/<contract_id>/amendments")
@requires("contract:edit")
def amend(contract_id: str) -> Answer:
    form, made = AmendForm(), []

    def act() -> None:
        made.append(services.amend(current_actor(), contract_id, title=form.title.data or "", now=request_now()))

    if form.apply(act):
        return redirect(url_for("contracts.show", contract_id=made[0]))
    return page(contract_id, amend_form=form), 422


@bp.get("/contracts/<contract_id>/calendar.ics")
@requires("contract:read")
def calendar_file(contract_id: str) -> Answer:
    view = queries.contract_for(current_actor(), contract_id)
    url, owed = current_app.config["PUBLIC_URL"], queries.obligations(view.id)
    data = calendar([(view, owed)], url=url, now=request_now())
    return attachment(data, f"{view.reference}.ics", "text/calendar")


@bp.route("/contracts/spend", methods=["GET", "POST"])
@requires("contract:edit")
def spend() -> Answer:
    """Invoices from the accounts, row by row named when wrong."""
    form, problems, counted = SpendForm(), [], []
    upload = given(form.upload.data)

    def act() -> None:
        try:
            data = upload.stream.read() if upload else b""
            counted.append(services.import_spend(current_actor(), data, now=request_now()))
        except Invalid as refusal:
            problems.extend(refusal.problems)
            raise Refused("rows_wrong", count=len(problems)) from None

    if form.apply(act):
        flash(ngettext("%(num)d invoice booked.", "%(num)d invoices booked.", counted[0]), "success")
        return redirect(url_for("contracts.spend"))
    shown = render_template("contracts/spend.html", form=form, problems=problems)
    return shown, 422 if form.is_submitted() else 200


@bp.post("/contracts/<contract_id>/obligations")
@requires("contract:edit")
def add_obligation(contract_id: str) -> Answer:
    actor, form = current_actor(), ObligationForm()
    form.choices(form.owner_id, [(one.id, one.name) for one in identity.staff(actor.organisation_id)], empty="–")

    def act() -> None:
        services.add_obligation(
            actor,
            contract_id,
            title=form.title.data or "",
            kind=form.kind.data,
            party=form.party.data,
            owner_id=form.owner_id.data or None,
            due_on=form.due_on.data,
            now=request_now(),
        )

    if form.apply(act):
        return redirect(url_for("contracts.running", contract_id=contract_id))
    return page(contract_id, obligation_form=form), 422


@bp.post("/contracts/<contract_id>/obligations/<obligation_id>/done")
@requires("contract:edit")
def finish_obligation(contract_id: str, obligation_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.finish_obligation(current_actor(), contract_id, obligation_id, now=request_now())
    return redirect(url_for("contracts.running", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/index")
@requires("contract:edit")
def adjust_prices(contract_id: str) -> Answer:
    form = IndexForm()

    def act() -> None:
        services.adjust_prices(
            current_actor(),
            contract_id,
            index_value=form.index_value.data,
            effective_on=form.effective_on.data,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The price list follows the index from that day on."), "success")
        return redirect(url_for("contracts.running", contract_id=contract_id))
    return page(contract_id, index_form=form), 422


@bp.post("/contracts/<contract_id>/notice")
@requires("contract:edit")
def give_notice(contract_id: str) -> Answer:
    form = ReasonForm()
    services.give_notice(current_actor(), contract_id, reason=form.reason.data or "", now=request_now())
    flash(_("Noted: it ends on its last day."), "success")
    return redirect(url_for("contracts.running", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/terminate")
@requires("contract:edit")
def terminate(contract_id: str) -> Answer:
    form = ReasonForm()
    services.terminate(current_actor(), contract_id, reason=form.reason.data or "", now=request_now())
    flash(_("Terminated; the history stays."), "success")
    return redirect(url_for("contracts.running", contract_id=contract_id))
