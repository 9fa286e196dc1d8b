"""One's own account: profile, password, second factor, sessions, tokens."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import login, queries
from srm_portal.identity.forms import ChangePasswordForm, ProfileForm
from srm_portal.identity.services import accounts, tokens
from srm_portal.identity.services import second_factor as factors
from srm_portal.identity.views import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.web import sessions
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, PortalForm, StringField, required
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


class TokenForm(PortalForm):
    name = StringField(validators=[required()])


@bp.route("/profile", methods=["GET", "POST"])
@requires("self:edit")
def profile() -> Answer:
    actor = current_actor()
    person = queries.person_for(actor, actor.user_id)
    form = ProfileForm(obj=person)

    def act() -> None:
        values = {name: form[name].data for name in ("name", "language", "zone", "theme", "density", "mail_notices")}
        accounts.change_profile(actor, now=request_now(), **values)

    if form.apply(act):
        flash(_("Saved."), "success")
        response = redirect(url_for("identity.profile"))
        for cookie, field in (("srm_theme", form.theme), ("srm_density", form.density), ("srm_lang", form.language)):
            response.set_cookie(cookie, field.data, max_age=31536000, samesite="Lax")
        return response
    return render_template("identity/profile.html", form=form, person=person), 422 if form.is_submitted() else 200


@bp.route("/profile/security", methods=["GET", "POST"])
@requires("self:edit")
def security() -> Answer:
    actor, now = current_actor(), request_now()
    form = ChangePasswordForm()

    def act() -> None:
        accounts.change_password(actor, form.old.data or "", form.password.data or "", now=now)

    if form.apply(act):
        flash(_("Your password is changed. All your other sessions are ended."), "success")
        return redirect(url_for("identity.security"))
    page = render_template(
        "identity/security.html",
        form=form,
        person=queries.person_for(actor, actor.user_id),
        codes_left=queries.recovery_codes_left(actor.user_id),
        live=sessions.live_sessions(actor.user_id, now),
        tokens=tokens.tokens_of(actor),
        token_form=TokenForm(formdata=None),
        act_form=ActForm(formdata=None),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/profile/sessions/end")
@requires("self:edit")
def end_other_sessions() -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    actor = current_actor()
    for key in sessions.end_sessions(actor.user_id, but=actor.session_id):
        login.kick_session(key)
    flash(_("All your other sessions are ended."), "success")
    return redirect(url_for("identity.security"))


@bp.post("/profile/recovery-codes")
@requires("self:edit")
def recovery_codes() -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    codes = factors.renew_recovery_codes(current_actor(), now=request_now())
    return render_template("identity/recovery_codes.html", codes=codes, next=url_for("identity.security"))


@bp.post("/profile/tokens")
@requires("self:edit")
def create_token() -> Answer:
    form = TokenForm()
    kept: list[str] = []
    name = form.name.data or ""
    if form.apply(lambda: kept.append(tokens.create_token(current_actor(), name, days=180, now=request_now()))):
        return render_template("identity/token.html", token=kept[0], name=name)
    flash(_("Give the token a name, so that you know it again."), "error")
    return redirect(url_for("identity.security"))


@bp.post("/profile/tokens/<token_id>/revoke")
@requires("self:edit")
def revoke_token(token_id: str) -> Answer:
    if not ActForm().validate_on_submit():
        raise NotFound
    tokens.revoke_token(current_actor(), token_id, now=request_now())
    flash(_("The token no longer works."), "success")
    return redirect(url_for("identity.security"))
