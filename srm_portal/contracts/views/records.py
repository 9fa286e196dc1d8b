"""Step 6 of a project, the list of contracts, one contract, its files."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from srm_portal.auctions import queries as auctions
from srm_portal.audit.queries import history_of
from srm_portal.awards import queries as awards
from srm_portal.contracts import queries, services
from srm_portal.contracts.forms import OwnerForm, TermForm, TermsForm
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.contracts.views.blueprint import Answer, bp
from srm_portal.documents import queries as documents
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.negotiations import queries as negotiations
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of


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


def record(contract_id: str, **forms: Any) -> str:
    """The contract's page; forms that were refused are shown as typed."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    held = queries.versions(view.id)
    owner_form = forms.get("owner_form") or OwnerForm(formdata=None, owner_id=view.owner_id)
    buyers = identity.staff(view.organisation_id, "buyer") if actor.may("contract:edit") else []
    owner_form.choices(owner_form.owner_id, [(one.id, one.name) for one in buyers])
    return render_template(
        "contracts/show.html",
        contract=view,
        versions=held,
        text=held[0],
        steps=queries.steps(view.id),
        turn=queries.whose_turn(view),
        files=documents.files_of("contract", [view.id])[view.id],
        trail=history_of(actor, [view.id]),
        templates=queries.templates(actor),
        term_form=forms.get("term_form") or TermForm(formdata=None, obj=view),
        terms_form=forms.get("terms_form") or TermsForm(formdata=None, obj=view),
        owner_form=owner_form,
    )


@bp.get("/contracts/<contract_id>")
@requires("contract:read")
def show(contract_id: str) -> Answer:
    return record(contract_id)


def attachment(data: bytes, name: str, media_type: str) -> Response:
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.get("/contracts/<contract_id>/pdf")
@requires("contract:read", "own_supplier:read")
def pdf(contract_id: str) -> Answer:
    """The text this person may read, as PDF/A."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    text = queries.shown_version(view, to_supplier=actor.supplier_id is not None)
    return attachment(contract_pdf(view, text), f"{view.reference}-v{text.number}.pdf", "application/pdf")


@bp.post("/contracts/<contract_id>/pdf")
@requires("contract:read")
def make_pdf(contract_id: str) -> Answer:
    """In the background, for long contracts; the page shows how far it is."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    job_id = services.ask_pdf(actor, view.id, now=request_now())
    return render_template("contracts/making.html", contract=view, job_id=job_id)


@bp.get("/contracts/<contract_id>/pdf/<job_id>")
@requires("contract:read")
def pdf_progress(contract_id: str, job_id: str) -> Answer:
    view = queries.contract_for(current_actor(), contract_id)
    return services.pdf_progress(view.id, job_id)


@bp.get("/contracts/<contract_id>/files/<file_id>")
@requires("contract:read", "own_supplier:read")
def file(contract_id: str, file_id: str) -> Answer:
    """Staff read every file; the supplier the signed ones."""
    actor = current_actor()
    view = queries.contract_for(actor, contract_id)
    found = documents.file(file_id)
    if found is None or (found.object_type, found.object_id) != ("contract", view.id):
        raise NotFound
    if actor.supplier_id is not None and found.id not in {one.file_id for one in queries.standing(view.id)}:
        raise NotFound
    return documents.download(found)
