"""Administration: people, their rights, the organisation's settings, waiting work."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import queries
from srm_portal.identity.forms import ROLE_NAMES, OrganisationForm, UserForm
from srm_portal.identity.services import accounts
from srm_portal.identity.services import second_factor as factors
from srm_portal.identity.views import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/admin/users")
@requires("user:manage")
def users() -> str:
    return render_template("identity/users.html", people=queries.all_people(current_actor()), role_names=ROLE_NAMES)


@bp.route("/admin/users/new", methods=["GET", "POST"])
@requires("user:manage")
def new_user() -> Answer:
    actor, form = current_actor(), UserForm()

    def act() -> None:
        now = request_now()
        user_id = accounts.create_user(
            actor,
            email=form.email.data or "",
            name=form.name.data or "",
            roles=list(form.roles.data or []),
            limit=form.limit.data,
            language=form.language.data,
            zone=queries.organisation(actor.organisation_id).zone,
            now=now,
        )
        accounts.invite(actor, user_id, now=now)

    if form.apply(act):
        flash(_("Created. The invitation is on its way by mail."), "success")
        return redirect(url_for("identity.users"))
    return render_template("identity/user_new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/admin/users/<user_id>", methods=["GET", "POST"])
@requires("user:manage")
def user(user_id: str) -> Answer:
    actor = current_actor()
    person = queries.person_for(actor, user_id)
    form = UserForm(obj=person)

    def act() -> None:
        accounts.change_user(
            actor,
            user_id,
            roles=list(form.roles.data or []),
            limit=form.limit.data,
            may_bid=person.may_bid,
            name=form.name.data or "",
            version=form.seen_version,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Saved. Open sessions of this person were ended if their rights changed."), "success")
        return redirect(url_for("identity.users"))
    page = render_template(
        "identity/user.html", form=form, person=person, act_form=ActForm(formdata=None), reason_form=ReasonForm()
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/admin/users/<user_id>/invite")
@requires("user:manage")
def invite(user_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    accounts.invite(current_actor(), user_id, now=request_now())
    flash(_("The invitation is on its way by mail."), "success")
    return redirect(url_for("identity.user", user_id=user_id))


@bp.post("/admin/users/<user_id>/disable")
@requires("user:manage")
def disable(user_id: str) -> Answer:
    form = ReasonForm()
    accounts.disable_user(current_actor(), user_id, reason=form.reason.data or "", now=request_now())
    flash(_("The account is disabled; all its sessions are ended."), "success")
    return redirect(url_for("identity.user", user_id=user_id))


@bp.post("/admin/users/<user_id>/enable")
@requires("user:manage")
def enable(user_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    accounts.enable_user(current_actor(), user_id, now=request_now())
    flash(_("The account is active again."), "success")
    return redirect(url_for("identity.user", user_id=user_id))


@bp.post("/admin/users/<user_id>/second-factor")
@requires("user:manage")
def reset_second_factor(user_id: str) -> Answer:
    form = ReasonForm()
    factors.reset_by_administrator(current_actor(), user_id, reason=form.reason.data or "", now=request_now())
    flash(_("A new second factor is set up at the next sign-in."), "success")
    return redirect(url_for("identity.user", user_id=user_id))


@bp.route("/admin/organisation", methods=["GET", "POST"])
@requires("settings:manage")
def organisation() -> Answer:
    actor = current_actor()
    view = queries.organisation(actor.organisation_id)
    form = OrganisationForm(obj=view)

    def act() -> None:
        names = ("name", "country", "currency", "zone", "language", "second_factor_needed", "competition_min")
        values = {name: form[name].data for name in names}
        values["currency"] = str(values["currency"]).upper()
        accounts.change_organisation(actor, version=form.seen_version, now=request_now(), **values)

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("identity.organisation"))
    return render_template("identity/organisation.html", form=form), 422 if form.is_submitted() else 200
