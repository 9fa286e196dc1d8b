"""Webhooks out and in: targets, their messages, sources."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.identity import queries as identity
from srm_portal.integrations.forms import EVENT_NAMES, SourceForm, TargetForm
from srm_portal.integrations.queries import webhooks as queries
from srm_portal.integrations.services import inbox, webhooks
from srm_portal.integrations.views import bp
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]
STATES = ("queued", "delivered", "dead")


@bp.route("/admin/systems/webhooks/new", methods=["GET", "POST"])
@requires("settings:manage")
def new_target() -> Answer:
    actor, form = current_actor(), TargetForm()
    made: list[tuple[str, str]] = []

    def act() -> None:
        made.append(
            webhooks.add_target(
                actor,
                url=form.url.data or "",
                wanted=form.events.data or [],
                description=form.description.data or "",
                now=request_now(),
            )
        )

    if form.apply(act):
        target_id, secret = made[0]
        back = url_for("integrations.target", target_id=target_id)
        return render_template("integrations/secret.html", secret=secret, name=form.url.data, back=back)
    page = render_template("integrations/target_form.html", form=form, target=None)
    return page, 422 if form.is_submitted() else 200


@bp.get("/admin/systems/webhooks/<target_id>")
@requires("settings:manage")
def target(target_id: str) -> str:
    actor, page = current_actor(), page_of(request.args)
    view = queries.target_for(actor, target_id)
    state = request.args.get("state", "")
    rows, total = queries.deliveries(view.id, state if state in STATES else "", page)
    return render_template(
        "integrations/target.html",
        target=view,
        rows=rows,
        page=page.of(total),
        states=STATES,
        event_names=EVENT_NAMES,
    )


@bp.route("/admin/systems/webhooks/<target_id>/edit", methods=["GET", "POST"])
@requires("settings:manage")
def edit_target(target_id: str) -> Answer:
    actor = current_actor()
    view = queries.target_for(actor, target_id)
    form = TargetForm(obj=view)

    def act() -> None:
        webhooks.edit_target(
            actor,
            view.id,
            url=form.url.data or "",
            wanted=form.events.data or [],
            description=form.description.data or "",
            active=bool(form.active.data),
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("integrations.target", target_id=view.id))
    page = render_template("integrations/target_form.html", form=form, target=view)
    return page, 422 if form.is_submitted() else 200


@bp.post("/admin/systems/webhooks/<target_id>/<act>")
@requires("settings:manage")
def act_on_target(target_id: str, act: str) -> Answer:
    """`test`, `secret` or `remove`."""
    if not ActForm().validate_on_submit() or act not in ("test", "secret", "remove"):
        raise NotFound
    actor, now = current_actor(), request_now()
    if act == "secret":
        secret = webhooks.renew_secret(actor, target_id, now=now)
        name = queries.target_for(actor, target_id).url
        back = url_for("integrations.target", target_id=target_id)
        return render_template("integrations/secret.html", secret=secret, name=name, back=back)
    if act == "remove":
        webhooks.remove_target(actor, target_id, now=now)
        flash(_("Nothing is sent there any more."), "success")
        return redirect(url_for("integrations.index"))
    webhooks.send_test(actor, target_id, now=now)
    flash(_("A test message is on its way."), "success")
    return redirect(url_for("integrations.target", target_id=target_id))


@bp.post("/admin/systems/messages/<delivery_id>/replay")
@requires("settings:manage")
def replay(delivery_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    target_id = webhooks.replay(current_actor(), delivery_id, now=request_now())
    flash(_("The message is on its way again."), "success")
    return redirect(url_for("integrations.target", target_id=target_id))


@bp.route("/admin/systems/sources/new", methods=["GET", "POST"])
@requires("settings:manage")
def new_source() -> Answer:
    actor = current_actor()
    people = [one for one in identity.staff(actor.organisation_id) if {"buyer", "requester"} & set(one.roles)]
    form = SourceForm().prepare(people)
    made: list[tuple[str, str]] = []

    def act() -> None:
        name, user_id = form.name.data or "", form.user_id.data or ""
        made.append(inbox.add_source(actor, name=name, user_id=user_id, now=request_now()))

    if form.apply(act):
        source_id, secret = made[0]
        return render_template(
            "integrations/secret.html",
            secret=secret,
            name=form.name.data,
            address=url_for("integrations_api.hook", source_id=source_id, _external=True),
            back=url_for("integrations.index"),
        )
    page = render_template("integrations/source_form.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/admin/systems/sources/<source_id>/remove")
@requires("settings:manage")
def remove_source(source_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    inbox.remove_source(current_actor(), source_id, now=request_now())
    flash(_("Its messages are refused from now on."), "success")
    return redirect(url_for("integrations.index"))
