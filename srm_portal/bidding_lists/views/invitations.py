"""Publication and the invitations of an event, for the buyer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.forms import INVITATION_STATES, INVITATION_TONES, LateForm, ResendForm
from srm_portal.bidding_lists.views import bp
from srm_portal.notifications import queries as notifications
from srm_portal.sourcing import ports
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.post("/events/<event_id>/publish")
@requires("event:publish")
def publish(event_id: str) -> Answer:
    """Freeze the list, open the event, invite. What is missing is said on the step's page."""
    actor, now, form = current_actor(), request_now(), ActForm()
    event = sourcing.event_for(actor, event_id)
    if form.apply(lambda: services.publish_event(actor, event_id, now=now)):
        flash(_("Published. The invitations are on their way."), "success")
        return redirect(url_for("bidding_lists.invitations", event_id=event_id))
    flash(" ".join(str(one) for one in form.form_errors), "error")
    return redirect(url_for(ports.page("criteria"), project_id=event.project_id))


@bp.get("/events/<event_id>/invitations")
@requires("project:read")
def invitations(event_id: str) -> str:
    event = sourcing.event(event_id)
    project = sourcing.project_for(current_actor(), event.project_id)
    invited = queries.invited(event.id)
    return render_template(
        "bidding_lists/invitations.html",
        event=event,
        project=project,
        invited=invited,
        mails=notifications.deliveries([one.id for one in invited]),
        running=event.phase(request_now()) == "open",
        states=INVITATION_STATES,
        tones=INVITATION_TONES,
    )


def _late_choices(event: sourcing.EventView, project: sourcing.ProjectView) -> list[tuple[str, str]]:
    """The panel and the candidates that are not invited, by name."""
    today = request_now().date()
    invited = {one.supplier_id for one in queries.invited(event.id) if one.state != "withdrawn"}
    panel = suppliers.panel(project.organisation_id, project.category, project.region, today)
    names = {entry.supplier.id: entry.supplier.name for entry in panel}
    others = [one.supplier_id for one in queries.candidates(project.id) if one.supplier_id not in names]
    missing = [one for one in others if one not in invited]
    names |= {card.id: card.name for card in suppliers.suppliers(missing).values()} if missing else {}
    return sorted(((one, name) for one, name in names.items() if one not in invited), key=lambda pair: pair[1])


@bp.route("/events/<event_id>/invitations/late", methods=["GET", "POST"])
@requires("event:publish")
def invite_late(event_id: str) -> Answer:
    """One more supplier while the event is open, with the reason."""
    actor, now, form = current_actor(), request_now(), LateForm()
    event = sourcing.event(event_id)
    project = sourcing.project_for(actor, event.project_id)
    form.supplier_id.choices = _late_choices(event, project)

    def act() -> None:
        services.invite_late(actor, event_id, form.supplier_id.data or "", form.reason.data or "", now=now)

    if form.apply(act):
        flash(_("Invited; the reason is kept with the list."), "success")
        return redirect(url_for("bidding_lists.invitations", event_id=event_id))
    page = render_template("bidding_lists/late.html", event=event, project=project, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/invitations/<invitation_id>/resend", methods=["GET", "POST"])
@requires("event:publish")
def resend(invitation_id: str) -> Answer:
    """Once more to the same contact, or to another one."""
    actor, form = current_actor(), ResendForm()
    invitation = queries.invitation_for(actor, invitation_id)
    event = sourcing.event_for(actor, invitation.event_id)
    contacts = suppliers.contacts([invitation.supplier_id])[invitation.supplier_id]
    form.contact_id.choices = [(one.id, f"{one.name} <{one.email}>") for one in contacts]

    def act() -> None:
        services.resend_invitation(actor, invitation_id, contact_id=form.contact_id.data or None, now=request_now())

    if form.apply(act):
        flash(_("A fresh link is on its way; the old one no longer works."), "success")
        return redirect(url_for("bidding_lists.invitations", event_id=event.id))
    page = render_template(
        "bidding_lists/resend.html",
        event=event,
        project=sourcing.project(event.project_id),
        invitation=invitation,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/invitations/<invitation_id>/withdraw")
@requires("event:publish")
def withdraw(invitation_id: str) -> Answer:
    actor, form = current_actor(), ReasonForm()
    invitation = queries.invitation_for(actor, invitation_id)
    services.withdraw_invitation(actor, invitation_id, form.reason.data or "", now=request_now())
    flash(_("Withdrawn; the supplier is told why and no longer sees the event."), "success")
    return redirect(url_for("bidding_lists.invitations", event_id=invitation.event_id))
