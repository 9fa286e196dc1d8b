"""Inside: proposals, and the decision on who comes in."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.documents import queries as documents
from srm_portal.documents.forms import REMARKS
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import EntryForm, OpenRegistrationForm, ProposalForm
from srm_portal.suppliers.services.registration import OBJECT
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


@bp.route("/suppliers/propose", methods=["GET", "POST"])
@requires("supplier:propose")
def propose() -> Answer:
    actor, form = current_actor(), ProposalForm().prepare()

    def act() -> None:
        services.propose_supplier(
            actor,
            form.supplier(),
            contact_name=form.contact_name.data or "",
            email=form.email.data or "",
            reason=form.reason.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Proposed. A purchasing manager decides; you are told."), "success")
        return redirect(url_for("suppliers.proposals"))
    return render_template("suppliers/propose.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/suppliers/proposals")
@requires("supplier:propose")
def proposals() -> str:
    """What I proposed and what became of it."""
    return render_template("suppliers/proposals.html", rows=queries.proposals_of(current_actor()))


@bp.get("/suppliers/registrations")
@requires("supplier:read")
def registrations() -> str:
    actor = current_actor()
    return render_template(
        "suppliers/registrations.html",
        rows=queries.registrations(actor),
        is_open=queries.settings(actor.organisation_id).registration_open,
    )


@bp.route("/suppliers/registrations/settings", methods=["GET", "POST"])
@requires("supplier:govern")
def registration_settings() -> Answer:
    actor = current_actor()
    kept = queries.settings(actor.organisation_id)
    form = OpenRegistrationForm(registration_open=kept.registration_open, welcome=kept.welcome)

    def act() -> None:
        services.open_registration(
            actor, is_open=bool(form.registration_open.data), welcome=form.welcome.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("suppliers.registrations"))
    link = url_for("suppliers.register", organisation_id=actor.organisation_id, _external=True)
    page = render_template("suppliers/registration_settings.html", form=form, link=link)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/registrations/<registration_id>", methods=["GET", "POST"])
@requires("supplier:read")
def registration(registration_id: str) -> Answer:
    """What they say about themselves, whom they look like, and the decision."""
    actor = current_actor()
    view = queries.registration_for(actor, registration_id)
    form = EntryForm()
    made: list[str] = []

    def act() -> None:
        made.append(
            services.accept_registration(
                actor,
                view.id,
                now=request_now(),
                reason=form.reason.data or "",
                accept_duplicates=bool(form.accept_duplicates.data),
            )
        )

    if form.is_submitted() and actor.may("supplier:qualify") and form.apply(act):
        flash(_("In the registry as a prospect. Its contact is told how to sign in."), "success")
        return redirect(url_for("suppliers.show", supplier_id=made[0]))
    waiting = view.state == "submitted"
    twins = queries.duplicates(actor.organisation_id, queries.registration_data(view)) if waiting else []
    page = render_template(
        "suppliers/registration.html",
        view=view,
        form=form,
        twins=twins,
        labels=queries.labels(set(view.data.categories), language()),
        files=documents.files_of(OBJECT, [view.id])[view.id],
        remarks=REMARKS,
        answers=queries.answers_of(OBJECT, view.id),
        decides=waiting
        and view.proposed_by != actor.user_id
        and actor.may("supplier:govern" if view.origin == "proposal" else "supplier:qualify"),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/suppliers/registrations/<registration_id>/refuse")
@requires("supplier:qualify")
def refuse_registration(registration_id: str) -> Response:
    actor, form = current_actor(), ReasonForm()
    if form.apply(
        lambda: services.refuse_registration(actor, registration_id, reason=form.reason.data or "", now=request_now())
    ):
        flash(_("Refused; they are told with the reason."), "success")
    else:
        flash(" ".join(map(str, form.form_errors)) or sentence("reason_needed"), "error")
    return redirect(url_for("suppliers.registration", registration_id=registration_id))


@bp.get("/suppliers/registrations/<registration_id>/files/<file_id>")
@requires("supplier:read")
def registration_file(registration_id: str, file_id: str) -> FileResponse:
    view = queries.registration_for(current_actor(), registration_id)
    return documents.download(documents.file_of(OBJECT, view.id, file_id))
