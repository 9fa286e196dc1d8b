"""The supplier's side: their invitations, and the page of an event."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.forms import INVITATION_STATES, INVITATION_TONES, QuestionForm, RfiAnswerForm
from srm_portal.bidding_lists.ports import supplier_panels
from srm_portal.bidding_lists.views import bp
from srm_portal.identity import queries as identity
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/s")
@requires("invitation:answer")
def supplier_home() -> str:
    actor, now = current_actor(), request_now()
    mine = queries.my_invitations(actor)
    waiting = [pair for pair in mine if pair[1].phase(now) == "open"]
    past = [pair for pair in reversed(mine) if pair[1].phase(now) != "open"]
    return render_template(
        "bidding_lists/supplier_home.html",
        waiting=waiting,
        past=past,
        buyer=identity.organisation(actor.organisation_id).name,
        states=INVITATION_STATES,
        tones=INVITATION_TONES,
    )


def _lines(event: sourcing.EventView) -> list[dict[str, Any]]:
    """The lines as they were published: exact numbers and days again, to be shown in the reader's language."""
    published: list[dict[str, Any]] = (event.publication or {}).get("lines", [])
    return [
        line
        | {
            "quantity": Decimal(line["quantity"]),
            "needed_on": date.fromisoformat(line["needed_on"]) if line["needed_on"] else None,
        }
        for line in published
    ]


def _page(event_id: str, question: QuestionForm, answer: RfiAnswerForm | None = None) -> str:
    """Content is shown to who accepted the terms; a request for information has none to accept."""
    actor, now = current_actor(), request_now()
    invitation = queries.invitation_of(actor, event_id)
    event = sourcing.event(event_id)
    inside = event.kind == "rfi" or invitation.state == "accepted"
    given = queries.own_answer(actor, event_id) if event.kind == "rfi" else None
    return render_template(
        "bidding_lists/supplier_event.html",
        event=event,
        invitation=invitation,
        buyer=identity.organisation(event.organisation_id).name,
        phase=event.phase(now),
        inside=inside,
        lines=_lines(event) if inside else [],
        clarifications=sourcing.clarifications(event_id, supplier_id=actor.supplier_id) if inside else [],
        amendments=sourcing.amendments(event_id) if inside else [],
        panels=supplier_panels(actor, event, now) if inside and event.kind != "rfi" else [],
        question=question,
        given=given,
        answer=answer or RfiAnswerForm(formdata=None, data={"text": given.text if given else ""}),
        states=INVITATION_STATES,
        tones=INVITATION_TONES,
    )


@bp.get("/s/events/<event_id>")
@requires("invitation:answer")
def supplier_event(event_id: str) -> str:
    return _page(event_id, QuestionForm(formdata=None))


@bp.post("/s/events/<event_id>/accept")
@requires("invitation:answer")
def accept(event_id: str) -> Answer:
    services.accept_invitation(current_actor(), event_id, now=request_now())
    flash(_("You take part. Everything that is asked stands below."), "success")
    return redirect(url_for("bidding_lists.supplier_event", event_id=event_id))


@bp.post("/s/events/<event_id>/decline")
@requires("invitation:answer")
def decline(event_id: str) -> Answer:
    form = ReasonForm()
    services.decline_invitation(current_actor(), event_id, form.reason.data or "", now=request_now())
    flash(_("Thank you for telling us. You can change your mind until the deadline."), "success")
    return redirect(url_for("bidding_lists.supplier_event", event_id=event_id))


@bp.post("/s/events/<event_id>/questions")
@requires("invitation:answer")
def ask(event_id: str) -> Answer:
    actor, now, form = current_actor(), request_now(), QuestionForm()
    if form.apply(lambda: services.ask(actor, event_id, form.question.data or "", now=now)):
        flash(_("Your question is with the buyer."), "success")
        return redirect(url_for("bidding_lists.supplier_event", event_id=event_id))
    return _page(event_id, form), 422


@bp.post("/s/events/<event_id>/information")
@requires("invitation:answer")
def answer_rfi(event_id: str) -> Answer:
    actor, now, form = current_actor(), request_now(), RfiAnswerForm()

    def act() -> None:
        services.answer_rfi(actor, event_id, form.text.data or "", upload=form.file.data, now=now)

    if form.apply(act):
        flash(_("Your answer is with the buyer. You can replace it until the deadline."), "success")
        return redirect(url_for("bidding_lists.supplier_event", event_id=event_id))
    return _page(event_id, QuestionForm(formdata=None), form), 422
