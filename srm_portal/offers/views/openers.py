"""Level S2 on pages: a person's key, who opens an event, the rehearsal, and the act after the deadline."""

from __future__ import annotations

import json

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.offers import queries, services
from srm_portal.offers.forms import AnswerForm, KeyForm, OpenersForm
from srm_portal.offers.views import bp
from srm_portal.offers.views.answers import attachment
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.headers import POLICY

Answer = str | Response | tuple[str, int]
CRYPTO_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""For the two pages on which a key file is made or opened: libsodium in the browser is WebAssembly."""


@bp.route("/openings/key", methods=["GET", "POST"])
@requires("opener:act")
def opener_key() -> Answer:
    actor, form = current_actor(), KeyForm()

    def act() -> None:
        public = services.read_hex(form.public.data or "", "public")
        services.register_opener_key(actor, public, now=request_now())

    if form.apply(act):
        flash(_("Your public key is registered. Keep the key file and its pass-phrase in two places."), "success")
        return redirect(url_for("offers.openings"))
    page = render_template("offers/opener_key.html", form=form, key=queries.own_key(actor))
    return _with_crypto(page, 422 if form.is_submitted() else 200)


def _with_crypto(page: str, status: int) -> Response:
    return FlaskResponse(page, status, headers={"Content-Security-Policy": CRYPTO_POLICY})


@bp.post("/openings/key/lost")
@requires("opener:act")
def key_lost() -> Answer:
    if ActForm().validate_on_submit():
        services.report_lost_key(current_actor(), now=request_now())
        flash(_("Noted, and told to who runs the events that count on you."), "success")
    return redirect(url_for("offers.opener_key"))


@bp.get("/openings")
@requires("opener:act")
def openings() -> Answer:
    actor, now = current_actor(), request_now()
    return render_template("offers/openings.html", duties=queries.duties(actor, now), key=queries.own_key(actor))


@bp.route("/openings/<event_id>", methods=["GET", "POST"])
@requires("opener:act")
def opening(event_id: str) -> Answer:
    """The opener's page of one event: open the test value before, give the share after."""
    actor, now, form = current_actor(), request_now(), AnswerForm()
    duty = queries.duty(actor, event_id, now)

    def act() -> None:
        answer = services.read_hex(form.answer.data or "", "answer")
        if duty.event.state == "draft":
            services.answer_rehearsal(actor, event_id, answer, now=now)
        else:
            services.give_share(actor, event_id, answer, now=now)

    if form.apply(act):
        flash(_("Your key works.") if duty.event.state == "draft" else _("Your act is in the journal."), "success")
        return redirect(url_for("offers.opening", event_id=event_id))
    page = render_template(
        "offers/opening.html",
        form=form,
        duty=duty,
        event=duty.event,
        ceremony=queries.ceremony(duty.event),
        task=queries.task(actor, event_id, now) if duty.state in ("act", "rehearse") else None,
    )
    return _with_crypto(page, 422 if form.is_submitted() else 200)


@bp.get("/openings/<event_id>/task.json")
@requires("opener:act")
def task(event_id: str) -> FlaskResponse:
    """What the opener's own machine has to open, for the command line."""
    found = queries.task(current_actor(), event_id, request_now())
    data = json.dumps(found, indent=1).encode() + b"\n"
    return attachment(data, f"{found['reference']}-{found['purpose']}-{found['envelope']}.json", "application/json")


@bp.route("/events/<event_id>/openers", methods=["GET", "POST"])
@requires("event:publish")
def openers(event_id: str) -> Answer:
    """Who opens an event, and how many of them suffice."""
    actor, form = current_actor(), OpenersForm()
    event = sourcing.event_for(actor, event_id)
    if event.level != "S2":
        raise NotFound
    found, keyed = queries.ceremony(event), queries.people_with_keys(actor)
    people = [one for one in identity.staff(actor.organisation_id) if "administrator" not in one.roles]
    form.people.choices = [(one.id, one.name) for one in people if one.id in keyed]
    if not form.is_submitted() and found is not None:
        form.people.data, form.threshold.data = [one.user_id for one in found.openers], found.threshold

    def act() -> None:
        chosen, threshold = form.people.data or [], form.threshold.data or 0
        services.name_openers(actor, event_id, chosen, threshold, now=request_now())

    if form.apply(act):
        flash(_("Named. Each of them opens a test value now; without it the event is not published."), "success")
        return redirect(url_for("offers.openers", event_id=event_id))
    page = render_template(
        "offers/openers.html",
        project=sourcing.project_for(actor, event.project_id),
        event=event,
        form=form,
        ceremony=found,
        keyless=[one.name for one in people if one.id not in keyed],
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/projects/<project_id>/selection/lock")
@requires("offer:open")
def lock_scores(project_id: str) -> Answer:
    actor = current_actor()
    sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    if event is None or not ActForm().validate_on_submit():
        raise NotFound
    services.lock_scores(actor, event.id, now=request_now())
    flash(_("The technical scores are locked; the prices can be opened."), "success")
    return redirect(url_for("offers.selection", project_id=project_id))
