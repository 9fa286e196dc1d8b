"""Projects and events for programs."""

from __future__ import annotations

from typing import Any

from srm_portal.kernel.money import plain
from srm_portal.sourcing import queries, services
from srm_portal.sourcing.domain.need import LineInput
from srm_portal.web import api
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.schemas import AMOUNT, TEXT, WHOLE, many, maybe, record

bp = api.api_blueprint("sourcing")
Answer = Any

_LINE = {
    "lot": api.whole,
    "title": api.text,
    "description": api.text,
    "quantity": api.amount,
    "unit": api.text,
    "target_price": api.amount,
    "baseline_price": api.amount,
}
_PROJECT = {
    "title": api.text,
    "description": api.text,
    "category": api.text,
    "product": api.text,
    "market": api.text,
    "strategic_aim": api.text,
    "sector": api.text,
    "region": api.text,
    "engagement": api.text,
    "currency": api.text,
    "budget": api.amount,
    "needed_on": api.day,
    "lines": api.listed(api.row(_LINE, ("title", "quantity"), "lines.")),
}


_EVENT = {"kind": api.text, "deadline": api.moment, "level": api.text, "validity_days": api.whole}
_MEMBERS = {
    **dict.fromkeys(("id", "reference", "title", "step", "currency"), TEXT),
    "budget": maybe(AMOUNT),
    "version": WHOLE,
}
_NEED = record("Need", **_MEMBERS)
_WITH_LINES = record(
    "NeedWithLines",
    **_MEMBERS,
    lines=many(record(id=TEXT, lot=WHOLE, title=TEXT, quantity=AMOUNT, unit=TEXT)),
    blockers=many(TEXT),
)


def _shown(view: queries.ProjectView) -> dict[str, Any]:
    return {
        "id": view.id,
        "reference": view.reference,
        "title": view.title,
        "step": view.stage,
        "currency": view.currency,
        "budget": plain(view.budget) if view.budget is not None else None,
        "version": view.version,
    }


@bp.get("/projects")
@requires("project:read")
@api.does("Needs and projects", "needs", gives=record(total=WHOLE, projects=many(_NEED)))
def projects() -> Answer:
    rows, total = queries.projects(current_actor())
    return {"total": total, "projects": [_shown(row) for row in rows]}


@bp.get("/projects/<project_id>")
@requires("project:read")
@api.does("One project with its lines and what blocks it", "needs", gives=_WITH_LINES)
def project(project_id: str) -> Answer:
    view = queries.project_for(current_actor(), project_id)
    lines = [
        {"id": one.id, "lot": one.lot_number, "title": one.title, "quantity": plain(one.quantity), "unit": one.unit}
        for one in queries.lines(view.id)
    ]
    return _shown(view) | {"lines": lines, "blockers": [one.code for one in queries.blockers(view, request_now())]}


@bp.post("/projects")
@requires("need:edit")
@api.does("Write a need", "needs", takes=_PROJECT, needed=("title",), gives=_NEED, status=201)
def create_project(given: api.Given) -> Answer:
    actor, now = current_actor(), request_now()
    lines = [LineInput(**({"lot": 1, "unit": "C62"} | one)) for one in given.pop("lines", [])]
    project_id = services.create_with_lines(actor, lines, now=now, **given)
    return _shown(queries.project(project_id)), 201


@bp.post("/projects/<project_id>/submit")
@requires("need:edit")
@api.does("Hand a need in for approval", "needs", gives=_NEED)
def submit(project_id: str) -> Answer:
    services.submit_need(current_actor(), project_id, now=request_now())
    return _shown(queries.project(project_id))


@bp.post("/projects/<project_id>/approve")
@requires("need:approve")
@api.does("Approve a need", "needs", gives=_NEED)
def approve(project_id: str) -> Answer:
    services.approve_need(current_actor(), project_id, now=request_now())
    return _shown(queries.project(project_id))


@bp.post("/projects/<project_id>/steps/<stage>/pass")
@requires("project:edit")
@api.does("Pass a step", "needs", gives=_NEED)
def pass_stage(project_id: str, stage: str) -> Answer:
    services.pass_stage(current_actor(), project_id, stage, now=request_now())
    return _shown(queries.project(project_id))


@bp.post("/projects/<project_id>/events")
@requires("project:edit")
@api.does("Prepare an event", "tenders", takes=_EVENT, needed=("kind", "deadline"), gives=record(id=TEXT), status=201)
def create_event(project_id: str, given: api.Given) -> Answer:
    event_id = services.create_event(
        current_actor(),
        project_id,
        given.pop("kind"),
        deadline_at=given.pop("deadline"),
        now=request_now(),
        **given,
    )
    return {"id": event_id}, 201
