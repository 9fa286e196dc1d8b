"""Steps 2 and 3 for programs: candidates, the list, publication; and the supplier's answer to an invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.domain.suggestions import Reason
from srm_portal.bidding_lists.queries import CandidateView, InvitationView
from srm_portal.kernel.canonical import moment_text
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import api
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires

bp = api.api_blueprint("bidding_lists")
Answer = Any

_REASON = {"reason": api.text}
_CANDIDATE = {"supplier": api.text, "note": api.text}


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "facts": dict(reason.facts)}


def _candidate(view: CandidateView) -> dict[str, Any]:
    return {
        "supplier": view.supplier_id,
        "state": view.state,
        "points": view.points,
        "reasons": [_reason(one) for one in view.reasons],
        "note": view.note,
    }


def _at(moment: datetime | None) -> str | None:
    return moment_text(moment) if moment is not None else None


def _invitation(view: InvitationView) -> dict[str, Any]:
    return {
        "event": view.event_id,
        "supplier": view.supplier_id,
        "name": view.supplier_name,
        "state": view.state,
        "reason": view.reason,
        "sent_at": _at(view.sent_at),
        "seen_at": _at(view.seen_at),
        "answered_at": _at(view.answered_at),
    }


def _candidates(project_id: str) -> Answer:
    return {"candidates": [_candidate(one) for one in queries.candidates(project_id)]}


@bp.get("/projects/<project_id>/suggestions")
@requires("candidate:edit")
@api.does("Suppliers that fit, with reasons", "tenders")
def suggestions(project_id: str) -> Answer:
    project = sourcing.project_for(current_actor(), project_id)
    found = queries.suggestions(project, request_now().date())
    shown = [
        {
            "supplier": one.supplier.id,
            "name": one.supplier.name,
            "points": one.points,
            "reasons": [_reason(reason) for reason in one.reasons],
        }
        for one in found
    ]
    return {"suggestions": shown}


@bp.get("/projects/<project_id>/candidates")
@requires("project:read")
@api.does("Candidates of a project", "tenders")
def candidates(project_id: str) -> Answer:
    return _candidates(sourcing.project_for(current_actor(), project_id).id)


@bp.post("/projects/<project_id>/candidates")
@requires("candidate:edit")
@api.does("Add a candidate", "tenders", takes=_CANDIDATE, needed=("supplier",), status=201)
def add_candidate(project_id: str, given: api.Given) -> Answer:
    note = given.get("note", "")
    services.add_candidate(current_actor(), project_id, given["supplier"], note=note, now=request_now())
    return _candidates(project_id), 201


@bp.post("/projects/<project_id>/candidates/<supplier_id>/drop")
@requires("candidate:edit")
@api.does("Drop a candidate", "tenders", takes=_REASON, needed=("reason",))
def drop_candidate(project_id: str, supplier_id: str, given: api.Given) -> Answer:
    services.drop_candidate(current_actor(), project_id, supplier_id, note=given["reason"], now=request_now())
    return _candidates(project_id)


@bp.put("/projects/<project_id>/shortlist/<supplier_id>")
@requires("bidding_list:edit")
@api.does("Put a supplier on the list", "tenders")
def shortlist(project_id: str, supplier_id: str) -> Answer:
    """Put a supplier on the list; one that is no candidate yet becomes one."""
    services.shortlist(current_actor(), project_id, supplier_id, now=request_now())
    return _candidates(project_id)


@bp.delete("/projects/<project_id>/shortlist/<supplier_id>")
@requires("bidding_list:edit")
@api.does("Take a supplier off the list", "tenders")
def unlist(project_id: str, supplier_id: str) -> Answer:
    services.unlist(current_actor(), project_id, supplier_id, now=request_now())
    return _candidates(project_id)


@bp.post("/events/<event_id>/publication")
@requires("event:publish")
@api.does("Freeze the list, open the event, send the invitations", "tenders", status=201)
def publish(event_id: str) -> Answer:
    """Freeze the list, open the event, mail the invitations."""
    services.publish_event(current_actor(), event_id, now=request_now())
    return _invitations(event_id), 201


@bp.get("/events/<event_id>/invitations")
@requires("project:read")
@api.does("Who was invited to an event, and what they answered", "tenders")
def invitations(event_id: str) -> Answer:
    return _invitations(sourcing.event_for(current_actor(), event_id).id)


def _invitations(event_id: str) -> Answer:
    return {"invitations": [_invitation(one) for one in queries.invited(event_id)]}


@bp.get("/invitations")
@requires("invitation:answer")
@api.does("Your invitations", "offers")
def mine() -> Answer:
    """The supplier's own invitations with the events they are for."""
    shown = [
        _invitation(invitation)
        | {"title": event.title, "deadline": _at(event.deadline_at), "phase": event.phase(request_now())}
        for invitation, event in queries.my_invitations(current_actor())
    ]
    return {"invitations": shown}


@bp.post("/events/<event_id>/invitation/accept")
@requires("invitation:answer")
@api.does("Accept an invitation", "offers")
def accept(event_id: str) -> Answer:
    services.accept_invitation(current_actor(), event_id, now=request_now())
    return _invitation(queries.invitation_of(current_actor(), event_id))


@bp.post("/events/<event_id>/invitation/decline")
@requires("invitation:answer")
@api.does("Decline an invitation", "offers", takes=_REASON, needed=("reason",))
def decline(event_id: str, given: api.Given) -> Answer:
    services.decline_invitation(current_actor(), event_id, given["reason"], now=request_now())
    return _invitation(queries.invitation_of(current_actor(), event_id))
