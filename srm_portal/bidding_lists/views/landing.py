"""Behind the link of an invitation: what it is about, a code by mail, and in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.queries import Landing
from srm_portal.bidding_lists.views import bp
from srm_portal.identity import login
from srm_portal.identity import queries as identity
from srm_portal.identity.forms import MailCodeForm
from srm_portal.identity.services import sign_in
from srm_portal.infra.limits import limiter
from srm_portal.kernel.errors import NotFound
from srm_portal.web import formats
from srm_portal.web.context import maybe_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import public
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


def _address(found: Landing) -> str:
    person = identity.person(found.user_id)
    if person is None:
        raise NotFound
    return person.email


def _masked(email: str) -> str:
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


@bp.get("/i/<token>")
@public
@limiter.limit("30/minute")
def landing(token: str) -> Answer:
    """Nothing here depends on who looks: no content, no terms, no other supplier."""
    found, now = queries.landing(token), request_now()
    if request.method == "GET":
        services.mark_seen(found.invitation_id, now=now)
    actor = maybe_actor()
    deadline = found.event.deadline_at
    assert deadline is not None
    zones = [(zone, formats.moment(deadline, language(), zone)) for zone in dict.fromkeys(("UTC", found.zone))]
    return render_template(
        "bidding_lists/landing.html",
        found=found,
        token=token,
        masked=_masked(_address(found)),
        zones=zones,
        phase=found.event.phase(now),
        at_home=actor is not None and actor.supplier_id == found.supplier_id,
    )


@bp.post("/i/<token>")
@public
@limiter.limit("5/minute")
def send_code(token: str) -> Answer:
    found = queries.landing(token)
    if not ActForm().validate_on_submit():
        raise NotFound
    sign_in.send_code(_address(found), now=request_now())
    return redirect(url_for("bidding_lists.code", token=token))


@bp.route("/i/<token>/code", methods=["GET", "POST"])
@public
@limiter.limit("20/minute")
def code(token: str) -> Answer:
    found = queries.landing(token)
    email = _address(found)
    form = MailCodeForm()
    if form.validate_on_submit():
        now = request_now()
        user_id = sign_in.check_code(email, form.code.data or "", now=now)
        if user_id is not None:
            login.sign_in(sign_in.complete(user_id, now=now, how="code"))
            flash(_("You are signed in."), "success")
            return redirect(url_for("bidding_lists.supplier_event", event_id=found.event_id))
        form.code.errors = [sentence("code_wrong")]
    page = render_template(
        "bidding_lists/landing_code.html", found=found, token=token, form=form, masked=_masked(email)
    )
    return page, 422 if form.is_submitted() else 200
