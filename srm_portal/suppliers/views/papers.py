"""A supplier's papers: certificates, bank accounts, questionnaires; the buyer's page and the supplier's own."""

from __future__ import annotations

from typing import Any

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.documents import queries as documents
from srm_portal.kernel.errors import Forbidden, NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import AccountForm, CertificateForm, CheckForm, EvidenceForm, SendForm
from srm_portal.suppliers.queries import SupplierView
from srm_portal.suppliers.services.certificates import OBJECT
from srm_portal.suppliers.views import bp
from srm_portal.suppliers.views.answering import ANSWER_FILES, answer_page
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import flash_refusal, sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


def _shown(view: SupplierView) -> dict[str, Any]:
    certificates = queries.certificates([view.id])[view.id]
    return {
        "supplier": view,
        "accounts": queries.accounts(view.id),
        "certificates": certificates,
        "files": documents.files_of(OBJECT, [one.id for one in certificates]),
        "answers": queries.answers_of("supplier", view.id),
        "today": request_now().date(),
    }


def _send_form() -> SendForm:
    form = SendForm()
    published = queries.questionnaires(current_actor(), "published")
    form.questionnaire.choices = [("", ""), *((one.id, f"{one.title} ({one.edition})") for one in published)]
    return form


@bp.get("/suppliers/<supplier_id>/papers")
@requires("supplier:read")
def papers(supplier_id: str) -> str:
    view = queries.supplier_for(current_actor(), supplier_id)
    return render_template("suppliers/papers.html", send=_send_form(), **_shown(view))


@bp.post("/suppliers/<supplier_id>/questionnaires")
@requires("supplier:qualify")
def send_questionnaire(supplier_id: str) -> Response:
    actor, form = current_actor(), _send_form()
    if form.apply(
        lambda: services.send_questionnaire(
            actor, form.questionnaire.data or "", supplier_id, due_on=form.due_on.data, now=request_now()
        )
    ):
        flash(_("Sent. The supplier's people are told."), "success")
    else:
        flash(" ".join([*map(str, form.form_errors), *(str(e) for f in form for e in f.errors)]), "error")
    return redirect(url_for("suppliers.papers", supplier_id=supplier_id))


@bp.post("/suppliers/<supplier_id>/accounts/<account_id>")
@requires("supplier:qualify")
def decide_account(supplier_id: str, account_id: str) -> Response:
    """The second look: confirmed or refused, each with how it was checked."""
    form, act = EvidenceForm(), services.confirm_account
    if request.form.get("act") == "refuse":
        act = services.refuse_account
    try:
        act(current_actor(), account_id, evidence=form.evidence.data or "", now=request_now())
    except (Refused, Forbidden) as refusal:
        flash_refusal(refusal)
    else:
        flash(_("Decided. The supplier is told."), "success")
    return redirect(url_for("suppliers.papers", supplier_id=supplier_id))


def _add_certificate(view: SupplierView, form: CertificateForm) -> bool:
    return form.apply(
        lambda: services.add_certificate(
            current_actor(),
            view.id,
            form.file.data,
            kind=form.kind.data or "",
            number=form.number.data or "",
            issuer=form.issuer.data or "",
            issued_on=form.issued_on.data,
            valid_until_on=form.valid_until_on.data,
            now=request_now(),
        )
    )


@bp.route("/suppliers/<supplier_id>/certificates/new", methods=["GET", "POST"])
@requires("supplier:edit")
def new_certificate(supplier_id: str) -> Answer:
    view, form = queries.supplier_for(current_actor(), supplier_id), CertificateForm()
    if _add_certificate(view, form):
        flash(_("The certificate is kept. Check it against its file."), "success")
        return redirect(url_for("suppliers.papers", supplier_id=view.id))
    back = url_for("suppliers.papers", supplier_id=view.id)
    page = render_template("suppliers/certificate_form.html", form=form, supplier=view, back=back)
    return page, 422 if form.is_submitted() else 200


@bp.post("/suppliers/certificates/<certificate_id>/check")
@requires("supplier:qualify")
def check_certificate(certificate_id: str) -> Response:
    actor, form = current_actor(), CheckForm()
    view = queries.certificate_for(actor, certificate_id)
    right = form.right.data == "yes"
    if form.apply(
        lambda: services.check_certificate(actor, view.id, right=right, note=form.note.data or "", now=request_now())
    ):
        flash(_("Checked."), "success")
    else:
        flash(" ".join(map(str, form.form_errors)) or sentence("reason_needed"), "error")
    return redirect(url_for("suppliers.papers", supplier_id=view.supplier_id))


@bp.get("/certificates/<certificate_id>/<file_id>")
@requires("supplier:read", "own_supplier:read")
def certificate_file(certificate_id: str, file_id: str) -> FileResponse:
    """For the buyer and for the supplier whose certificate it is."""
    view = queries.certificate_for(current_actor(), certificate_id)
    return documents.download(documents.file_of(OBJECT, view.id, file_id))


@bp.get("/suppliers/answers/<answer_id>")
@requires("supplier:read")
def answer(answer_id: str) -> str:
    """What a company answered, with the points of each answer."""
    actor = current_actor()
    found = queries.answer_of(answer_id, None, actor.organisation_id)
    owner = queries.supplier_for(actor, found.subject_id) if found.subject_type == "supplier" else None
    registering = None if owner else queries.registration_for(actor, found.subject_id)
    files = documents.files_of(ANSWER_FILES, [found.id])[found.id]
    return render_template(
        "suppliers/answered.html",
        answer=found,
        supplier=owner,
        registering=registering,
        files={file.id: file for file in files},
    )


@bp.get("/suppliers/answers/<answer_id>/<file_id>")
@requires("supplier:read", "own_supplier:read")
def answer_file(answer_id: str, file_id: str) -> FileResponse:
    actor = current_actor()
    subject = ("supplier", actor.supplier_id) if actor.supplier_id else None
    found = queries.answer_of(answer_id, subject, actor.organisation_id)
    return documents.download(documents.file_of(ANSWER_FILES, found.id, file_id))


def _own() -> SupplierView:
    actor = current_actor()
    return queries.supplier_for(actor, actor.supplier_id or "")


@bp.get("/supplier/papers")
@requires("own_supplier:read")
def own_papers() -> str:
    return render_template("suppliers/own_papers.html", **_shown(_own()))


@bp.route("/supplier/papers/certificates/new", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_certificate() -> Answer:
    view, form = _own(), CertificateForm()
    if _add_certificate(view, form):
        flash(_("The certificate is kept. The buyer checks it."), "success")
        return redirect(url_for("suppliers.own_papers"))
    page = render_template(
        "suppliers/certificate_form.html", form=form, supplier=view, back=url_for("suppliers.own_papers")
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/supplier/papers/certificates/<certificate_id>/remove")
@requires("own_supplier:edit")
def own_remove_certificate(certificate_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    try:
        services.remove_certificate(current_actor(), certificate_id, now=request_now())
    except Refused as refusal:
        flash_refusal(refusal)
    else:
        flash(_("The certificate is taken back."), "success")
    return redirect(url_for("suppliers.own_papers"))


@bp.route("/supplier/papers/account", methods=["GET", "POST"])
@requires("own_supplier:edit")
def own_account() -> Answer:
    actor, view, form = current_actor(), _own(), AccountForm()

    def act() -> None:
        services.name_account(
            actor, view.id, iban=form.iban.data or "", holder=form.holder.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("Kept. It counts once a second person at the buyer has confirmed it."), "success")
        return redirect(url_for("suppliers.own_papers"))
    page = render_template("suppliers/own_account.html", form=form, supplier=view)
    return page, 422 if form.is_submitted() else 200


@bp.route("/supplier/questionnaires/<answer_id>", methods=["GET", "POST"])
@requires("own_supplier:read")
def own_questionnaire(answer_id: str) -> Answer:
    actor = current_actor()
    subject = ("supplier", actor.supplier_id or "")
    found = queries.answer_of(answer_id, subject, actor.organisation_id)
    shown: Answer = answer_page(
        found, actor, subject, layout="layouts/supplier.html", back=url_for("suppliers.own_papers")
    )
    return shown
