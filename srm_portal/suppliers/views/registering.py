"""Public: a company registers. A mail proves the address, then the link shows their application."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.documents import queries as documents
from srm_portal.documents.forms import UploadForm
from srm_portal.identity import queries as identity
from srm_portal.infra.limits import limiter
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import RegistrationForm, StartForm
from srm_portal.suppliers.services.registration import OBJECT, applicant_of
from srm_portal.suppliers.views import bp
from srm_portal.suppliers.views.answering import answer_page
from srm_portal.web.context import request_now
from srm_portal.web.errors import flash_refusal
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import public

Answer = str | Response | tuple[str, int]


@bp.get("/register")
@public
@limiter.limit("30/minute")
def register_where() -> Answer:
    """Straight on where one organisation takes registrations."""
    taking = queries.taking_registrations()
    if len(taking) == 1:
        return redirect(url_for("suppliers.register", organisation_id=taking[0]))
    buyers = [identity.organisation(one) for one in taking]
    return render_template("suppliers/register_where.html", buyers=buyers)


@bp.route("/register/<organisation_id>", methods=["GET", "POST"])
@public
@limiter.limit("5/minute;40/day", methods=["POST"])
def register(organisation_id: str) -> Answer:
    """The answer is the same whether the address is known or not."""
    settings = queries.settings(organisation_id)
    if not settings.registration_open:
        raise NotFound
    form = StartForm().prepare()

    def act() -> None:
        services.start_registration(
            organisation_id,
            name=form.name.data or "",
            country=form.country.data or "",
            contact_name=form.contact_name.data or "",
            email=form.email.data or "",
            language=form.language.data or "en",
            now=request_now(),
        )

    buyer = identity.organisation(organisation_id)
    if form.apply(act):
        return render_template("suppliers/register_sent.html", buyer=buyer, email=form.email.data)
    page = render_template("suppliers/register.html", form=form, buyer=buyer, welcome=settings.welcome)
    return page, 422 if form.is_submitted() else 200


def _page(token: str, form: RegistrationForm | None = None, upload: UploadForm | None = None) -> str:
    view = queries.registration_by_token(token)
    return render_template(
        "suppliers/application.html",
        view=view,
        token=token,
        buyer=identity.organisation(view.organisation_id),
        form=form or RegistrationForm(obj=view.data, version=view.version).prepare(view.data),
        upload=upload or UploadForm(formdata=None),
        files=documents.files_of(OBJECT, [view.id])[view.id],
        answers=queries.answers_of(OBJECT, view.id),
    )


@bp.route("/register/mine/<token>", methods=["GET", "POST"])
@public
@limiter.limit("60/minute")
def application(token: str) -> Answer:
    """The applicant's own page; the link is the key to it."""
    view = queries.registration_by_token(token)
    if view.state == "unconfirmed":
        services.confirm_address(token, now=request_now())
        view = queries.registration_by_token(token)
    form = RegistrationForm(obj=view.data, version=view.version).prepare(view.data)

    def act() -> None:
        services.save_registration(token, form.supplier(), version=form.seen_version, now=request_now())

    if form.apply(act):
        flash(_("Saved. Add papers, answer the questions, then hand the application in."), "success")
        return redirect(url_for("suppliers.application", token=token))
    return _page(token, form if form.is_submitted() else None), 422 if form.is_submitted() else 200


@bp.post("/register/mine/<token>/files")
@public
@limiter.limit("30/minute")
def application_file(token: str) -> Answer:
    upload = UploadForm()

    def act() -> None:
        services.attach_to_registration(token, upload.file.data, note=upload.note.data or "", now=request_now())

    if upload.apply(act):
        flash(_("The file is kept."), "success")
        return redirect(url_for("suppliers.application", token=token))
    return _page(token, upload=upload), 422


@bp.get("/register/mine/<token>/files/<file_id>")
@public
@limiter.limit("60/minute")
def application_download(token: str, file_id: str) -> FileResponse:
    view = queries.registration_by_token(token)
    return documents.download(documents.file_of(OBJECT, view.id, file_id))


@bp.post("/register/mine/<token>/files/<file_id>/remove")
@public
@limiter.limit("30/minute")
def application_remove_file(token: str, file_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    services.remove_from_registration(token, file_id, now=request_now())
    flash(_("The file is removed."), "success")
    return redirect(url_for("suppliers.application", token=token))


@bp.route("/register/mine/<token>/questions/<answer_id>", methods=["GET", "POST"])
@public
@limiter.limit("60/minute")
def application_questions(token: str, answer_id: str) -> Answer:
    view = queries.registration_by_token(token)
    subject = (OBJECT, view.id)
    answer = queries.answer_of(answer_id, subject, view.organisation_id)
    back = url_for("suppliers.application", token=token)
    return answer_page(answer, applicant_of(view), subject, layout="layouts/bare.html", back=back)


@bp.post("/register/mine/<token>/hand-in")
@public
@limiter.limit("20/minute")
def hand_in(token: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    form = ActForm()
    try:
        services.hand_in(token, now=request_now())
    except Refused as refusal:
        form.add_problems(refusal)
        flash(" ".join(map(str, form.form_errors)), "error") if form.form_errors else flash_refusal(refusal)
    else:
        flash(_("Handed in. You hear from us by mail."), "success")
    return redirect(url_for("suppliers.application", token=token))
