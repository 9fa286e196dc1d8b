"""Signing, and the check of what was signed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from srm_portal.contracts import queries, services
from srm_portal.contracts.forms import SignedForm, SignForm
from srm_portal.contracts.views.blueprint import Answer, bp, given
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires


def _page(contract_id: str, sign_form: SignForm | None = None, signed_form: SignedForm | None = None) -> str:
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    text = queries.shown_version(view, to_supplier=actor.supplier_id is not None)
    return render_template(
        "contracts/sign.html",
        contract=view,
        text=text,
        side="supplier" if actor.supplier_id else "buyer",
        turn=queries.whose_turn(view),
        standstill=standstill
        if (standstill := queries.standstill_until(view)) and standstill > request_now()
        else None,
        signatures=queries.signatures(view.id),
        proof=services.proof(view),
        sign_form=sign_form or SignForm(formdata=None, sha256=text.sha256),
        signed_form=signed_form or SignedForm(formdata=None),
    )


@bp.get("/contracts/<contract_id>/sign")
@requires("contract:read", "own_supplier:read")
def sign_page(contract_id: str) -> Answer:
    return _page(contract_id)


@bp.post("/contracts/<contract_id>/sign")
@requires("contract:approve", "own_supplier:read")
def sign(contract_id: str) -> Answer:
    actor, form = current_actor(), SignForm()
    queries.contract_for(actor, contract_id)
    upload = given(form.certificate.data)

    def act() -> None:
        services.sign(
            actor,
            contract_id,
            form.sha256.data or "",
            now=request_now(),
            pkcs12=upload.stream.read() if upload else None,
            passphrase=form.passphrase.data or "",
        )

    if form.apply(act):
        flash(_("Signed."), "success")
        return redirect(url_for("contracts.sign_page", contract_id=contract_id))
    return _page(contract_id, sign_form=form), 422


@bp.post("/contracts/<contract_id>/signed")
@requires("contract:edit")
def signed(contract_id: str) -> Answer:
    form = SignedForm()

    def act() -> None:
        services.mark_signed(
            current_actor(),
            contract_id,
            signed_on=form.signed_on.data,
            upload=given(form.upload.data),
            code=form.code.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The contract is active."), "success")
        return redirect(url_for("contracts.show", contract_id=contract_id))
    return _page(contract_id, signed_form=form), 422
