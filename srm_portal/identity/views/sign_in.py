"""Signing in and out, reset, invitation, first visit."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import login, queries
from srm_portal.identity.forms import (
    EnrolForm,
    FirstForm,
    MailCodeForm,
    NewPasswordForm,
    ResetForm,
    SecondFactorForm,
    SignInForm,
)
from srm_portal.identity.services import accounts
from srm_portal.identity.services import second_factor as factors
from srm_portal.identity.services import sign_in as services
from srm_portal.identity.views import bp
from srm_portal.infra.limits import limiter
from srm_portal.kernel.permissions import Actor
from srm_portal.web.context import maybe_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import public, requires

Answer = str | Response | tuple[str, int]


def safe_next(target: str | None) -> str:
    """Only addresses of this portal; everything else leads to the start page."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        parts = urlsplit(target)
        if not parts.netloc and not parts.scheme and "\\" not in target:
            return target
    return url_for("insights.home")


def _enter(actor: Actor, how: str) -> Response:
    target = safe_next(session.get("next"))
    login.sign_in(actor)
    return redirect(target)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def sign_in() -> Answer:
    if not queries.any_people():
        return redirect(url_for("identity.first"))
    form = SignInForm()
    if request.method == "GET":
        if maybe_actor() is not None:
            return redirect(safe_next(request.args.get("next")))
        if request.args.get("next"):
            session["next"] = request.args["next"]
        return render_template("identity/sign_in.html", form=form)
    if form.validate_on_submit():
        now = request_now()
        step = services.check_password(form.email.data or "", form.password.data or "", now=now)
        if step.next == "done":
            return _enter(services.complete(step.user_id, now=now, how="password"), "password")
        if step.next != "refused":
            session["pending"] = {"user": step.user_id, "at": now.timestamp()}
            return redirect(url_for(f"identity.{step.next}"))
        form.form_errors.append(sentence("sign_in_refused"))
    return render_template("identity/sign_in.html", form=form), 422


def _pending() -> str | None:
    pending = session.get("pending")
    if not pending or request_now().timestamp() - pending["at"] > 600:
        return None
    return str(pending["user"])


@bp.route("/sign-in/second-factor", methods=["GET", "POST"])
@public
@limiter.limit("20/minute", methods=["POST"])
def second_factor() -> Answer:
    user_id = _pending()
    if user_id is None:
        return redirect(url_for("identity.sign_in"))
    form = SecondFactorForm()
    if form.validate_on_submit():
        now = request_now()
        if services.check_second_factor(user_id, form.code.data or "", now=now):
            return _enter(services.complete(user_id, now=now, how="second_factor"), "second_factor")
        form.code.errors = [sentence("code_wrong")]
    return render_template("identity/second_factor.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/sign-in/enrol", methods=["GET", "POST"])
@public
def enrol() -> Answer:
    user_id = _pending()
    if user_id is None:
        return redirect(url_for("identity.sign_in"))
    person = queries.person(user_id)
    if person is None or person.has_second_factor:
        return redirect(url_for("identity.sign_in"))
    secret = session.setdefault("enrol", factors.new_secret())
    session.modified = True
    form = EnrolForm()
    codes: list[str] = []
    if form.apply(lambda: codes.extend(factors.confirm(user_id, secret, form.code.data or "", now=request_now()))):
        target = safe_next(session.get("next"))
        login.sign_in(services.complete(user_id, now=request_now(), how="second_factor"))
        return render_template("identity/recovery_codes.html", codes=codes, next=target)
    issuer = queries.organisation(person_organisation(user_id)).name
    drawing = BytesIO()
    uri = factors.provisioning_uri(secret, person.email, issuer)
    segno.make(uri, micro=False).save(drawing, kind="svg", scale=5, xmldecl=False, svgns=True, svgclass="qr")
    page = render_template("identity/enrol.html", form=form, secret=secret, qr=drawing.getvalue().decode())
    return page, 422 if form.is_submitted() else 200


def person_organisation(user_id: str) -> str:
    actor = queries.active_actor(user_id)
    assert actor is not None
    return actor.organisation_id


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    if ActForm().validate_on_submit():
        login.sign_out()
        flash(_("You are signed out."), "success")
    return redirect(url_for("identity.sign_in"))


@bp.route("/reset", methods=["GET", "POST"])
@public
@limiter.limit("10/minute", methods=["POST"])
def reset() -> Answer:
    form = ResetForm()
    if form.validate_on_submit():
        accounts.start_reset(form.email.data or "", now=request_now())
        return render_template("identity/mail_sent.html")
    return render_template("identity/reset.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
@limiter.limit("20/minute", methods=["POST"])
def set_password(token: str) -> Answer:
    form = NewPasswordForm()
    if form.apply(lambda: accounts.set_password(token, form.password.data or "", now=request_now())):
        flash(_("Your password is set. Sign in with it now."), "success")
        return redirect(url_for("identity.sign_in"))
    return render_template("identity/set_password.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/supplier/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("10/minute", methods=["POST"])
def supplier_sign_in() -> Answer:
    """Suppliers have no password: a code comes by mail. The answer is the same for every address."""
    form = ResetForm()
    if form.validate_on_submit():
        services.send_code(form.email.data or "", now=request_now())
        session["code_for"] = form.email.data
        return redirect(url_for("identity.supplier_code"))
    return render_template("identity/supplier_sign_in.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/supplier/code", methods=["GET", "POST"])
@public
@limiter.limit("20/minute", methods=["POST"])
def supplier_code() -> Answer:
    email = session.get("code_for")
    if not email:
        return redirect(url_for("identity.supplier_sign_in"))
    form = MailCodeForm()
    if form.validate_on_submit():
        now = request_now()
        user_id = services.check_code(email, form.code.data or "", now=now)
        if user_id is not None:
            return _enter(services.complete(user_id, now=now, how="code"), "code")
        form.code.errors = [sentence("code_wrong")]
    return render_template("identity/supplier_code.html", form=form, email=email), 422 if form.is_submitted() else 200


@bp.route("/first", methods=["GET", "POST"])
@public
def first() -> Answer:
    """The first visit of a fresh installation makes the first administrator."""
    if queries.any_people():
        return redirect(url_for("identity.sign_in"))
    form = FirstForm()

    def act() -> None:
        accounts.create_first_administrator(
            organisation=form.organisation.data or "",
            name=form.name.data or "",
            email=form.email.data or "",
            password=form.password.data or "",
            currency=(form.currency.data or "").upper(),
            zone=form.zone.data,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Welcome. Sign in to set up the rest."), "success")
        return redirect(url_for("identity.sign_in"))
    return render_template("identity/first.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/confirm", methods=["GET", "POST"])
@requires("self:edit")
@limiter.limit("20/minute", methods=["POST"])
def step_up() -> Answer:
    """Second factor once more before acts that cannot be taken back."""
    form = SecondFactorForm()
    actor = maybe_actor()
    assert actor is not None
    target = safe_next(request.args.get("next"))
    if form.validate_on_submit():
        if services.check_second_factor(actor.user_id, form.code.data or "", now=request_now()):
            session["stepped_up_at"] = request_now().timestamp()
            return redirect(target)
        form.code.errors = [sentence("step_up_wrong")]
    return render_template("identity/step_up.html", form=form), 422 if form.is_submitted() else 200
