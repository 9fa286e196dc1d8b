"""Step 6 of a project, the contracts and their approval."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.auctions import queries as auctions
from srm_portal.audit.queries import history_of
from srm_portal.awards import queries as awards
from srm_portal.contracts import queries, services
from srm_portal.contracts.forms import (
    ApproveForm,
    ClauseForm,
    NewContractForm,
    ObligationForm,
    SignedForm,
    TermForm,
)
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.documents import queries as documents
from srm_portal.evaluation import queries as evaluation
from srm_portal.kernel.errors import NotFound
from srm_portal.negotiations import queries as negotiations
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

Answer = Any
bp = Blueprint("contracts", __name__)


@bp.get("/projects/<project_id>/contract")
@requires("project:read")
def step(project_id: str) -> Answer:
    """Step 6: negotiate, award, contract."""
    project = sourcing.project_for(current_actor(), project_id)
    return render_template(
        "contracts/step.html",
        project=project,
        blockers=sourcing.blockers(project, request_now(), "contract"),
        auctions=auctions.of_project(project_id),
        negotiations=negotiations.negotiations(project_id),
        award=awards.award(project_id),
        contracts=queries.for_project(project_id),
    )


@bp.get("/contracts")
@requires("contract:read")
def index() -> Answer:
    page, text, phase = page_of(request.args), request.args.get("q", "").strip(), request.args.get("phase", "")
    now = request_now()
    rows, total = queries.contracts(
        current_actor(), text=text, phase=phase, now=now, limit=page.size, offset=page.offset
    )
    return render_template("contracts/index.html", rows=rows, page=page.of(total))


@bp.route("/contracts/new", methods=["GET", "POST"])
@requires("contract:edit")
def new() -> Answer:
    actor, form, made = current_actor(), NewContractForm(), []
    form.choices(form.supplier_id, suppliers.choices(actor), empty=_("Choose"))

    def act() -> None:
        fields = ("title", "kind", "value", "starts_on", "ends_on")
        values = {name: form[name].data for name in fields}
        made.append(
            services.draft_for_supplier(
                actor, form.supplier_id.data, language=actor.language, now=request_now(), **values
            )
        )

    if form.apply(act):
        return redirect(url_for("contracts.show", contract_id=made[0]))
    return render_template("contracts/new.html", form=form), 422 if form.is_submitted() else 200


def _record(contract_id: str, **forms: Any) -> str:
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    held = queries.versions(view.id)
    return render_template(
        "contracts/show.html",
        contract=view,
        versions=held,
        text=held[0],
        steps=queries.steps(view.id),
        obligations=queries.obligations(view.id),
        files=documents.files_of("contract", [view.id])[view.id],
        trail=history_of(actor, [view.id]),
        term_form=forms.get("term_form") or TermForm(formdata=None, obj=view),
        signed_form=forms.get("signed_form") or SignedForm(formdata=None),
        obligation_form=forms.get("obligation_form") or ObligationForm(formdata=None),
    )


@bp.get("/contracts/<contract_id>")
@requires("contract:read")
def show(contract_id: str) -> Answer:
    return _record(contract_id)


@bp.get("/contracts/<contract_id>/pdf")
@requires("contract:read", "own_supplier:read")
def pdf(contract_id: str) -> Answer:
    view = queries.contract_for(current_actor(), contract_id)
    name = f"{view.reference}.pdf"
    answer = Response(contract_pdf(view), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/contracts/<contract_id>/files/<file_id>")
@requires("contract:read")
def file(contract_id: str, file_id: str) -> Answer:
    view = queries.contract_for(current_actor(), contract_id)
    found = documents.file(file_id)
    if found is None or (found.object_type, found.object_id) != ("contract", view.id):
        raise NotFound
    return documents.download(found)


@bp.get("/s/contracts/<contract_id>")
@requires("own_supplier:read")
def supplier_page(contract_id: str) -> Answer:
    view = queries.contract_for(current_actor(), contract_id)
    return render_template("contracts/supplier.html", contract=view, text=queries.current_version(view.id))


@bp.route("/contracts/<contract_id>/clauses/<key>", methods=["GET", "POST"])
@requires("contract:edit")
def clause(contract_id: str, key: str) -> Answer:
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    held = next((one for one in queries.current_version(view.id).clauses if one.key == key), None)
    if held is None:
        raise NotFound
    form = ClauseForm(obj=held, version=view.version)

    def act() -> None:
        services.edit_clause(
            actor,
            contract_id,
            key,
            title=form.title.data or "",
            text=form.text.data or "",
            version=form.seen_version,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Saved as a new version."), "success")
        return redirect(url_for("contracts.show", contract_id=contract_id))
    page = render_template("contracts/clause.html", form=form, contract=view, clause=held)
    return page, 422 if form.is_submitted() else 200


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
            version=form.seen_version,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Saved as a new version."), "success")
        return redirect(url_for("contracts.show", contract_id=contract_id))
    return _record(contract_id, term_form=form), 422


@bp.post("/contracts/<contract_id>/submit")
@requires("contract:edit")
def submit(contract_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.submit_for_approval(current_actor(), contract_id, now=request_now())
    flash(_("The managers with enough authority are asked."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.get("/contracts/<contract_id>/approval")
@requires("contract:approve")
def approval(contract_id: str) -> Answer:
    """All that a manager needs to decide, on one phone screen after the other."""
    view = queries.contract_for(current_actor(), contract_id)
    held = queries.versions(view.id)
    return render_template(
        "contracts/approval.html",
        contract=view,
        text=held[0],
        before=held[1] if len(held) > 1 else None,
        steps=queries.steps(view.id),
        award=awards.award_by_id(view.award_id) if view.award_id else None,
        ranking=evaluation.ranking(view.project_id) if view.project_id else None,
        form=ApproveForm(formdata=None, sha256=held[0].sha256),
    )


@bp.post("/contracts/<contract_id>/approve")
@requires("contract:approve")
def approve(contract_id: str) -> Answer:
    form = ApproveForm()
    services.approve(current_actor(), contract_id, form.sha256.data or "", now=request_now())
    flash(_("Approved."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/send-back")
@requires("contract:approve")
def send_back(contract_id: str) -> Answer:
    form = ReasonForm()
    services.send_back(current_actor(), contract_id, reason=form.reason.data or "", now=request_now())
    flash(_("Sent back with your reason."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/signed")
@requires("contract:edit")
def signed(contract_id: str) -> Answer:
    form = SignedForm()

    def act() -> None:
        upload = form.upload.data if form.upload.data and form.upload.data.filename else None
        services.mark_signed(
            current_actor(), contract_id, signed_on=form.signed_on.data, upload=upload, now=request_now()
        )

    if form.apply(act):
        flash(_("The contract is active."), "success")
        return redirect(url_for("contracts.show", contract_id=contract_id))
    return _record(contract_id, signed_form=form), 422


@bp.post("/contracts/<contract_id>/obligations")
@requires("contract:edit")
def add_obligation(contract_id: str) -> Answer:
    form = ObligationForm()

    def act() -> None:
        services.add_obligation(
            current_actor(),
            contract_id,
            title=form.title.data or "",
            party=form.party.data,
            due_on=form.due_on.data,
            now=request_now(),
        )

    if form.apply(act):
        return redirect(url_for("contracts.show", contract_id=contract_id))
    return _record(contract_id, obligation_form=form), 422


@bp.post("/contracts/<contract_id>/obligations/<obligation_id>/done")
@requires("contract:edit")
def finish_obligation(contract_id: str, obligation_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.finish_obligation(current_actor(), contract_id, obligation_id, now=request_now())
    return redirect(url_for("contracts.show", contract_id=contract_id))


@bp.post("/contracts/<contract_id>/terminate")
@requires("contract:edit")
def terminate(contract_id: str) -> Answer:
    form = ReasonForm()
    services.terminate(current_actor(), contract_id, reason=form.reason.data or "", now=request_now())
    flash(_("Terminated; the history stays."), "success")
    return redirect(url_for("contracts.show", contract_id=contract_id))
