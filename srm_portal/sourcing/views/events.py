"""RFx events: settings, questions, amendments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import NotFound
from srm_portal.sourcing import queries, services
from srm_portal.sourcing.forms import AmendForm, AmendmentForm, AnswerForm, EventForm, read_amended_lines
from srm_portal.sourcing.views import bp
from srm_portal.sourcing.views.timetable import calendar_file
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]
FIELDS = (
    "title",
    "level",
    "envelopes",
    "instructions",
    "terms",
    "payment_days",
    "validity_days",
    "deadline_at",
    "questions_until",
    "rates",
)
COPIED = ("level", "envelopes", "instructions", "terms", "payment_days", "validity_days")


@bp.route("/projects/<project_id>/event", methods=["GET", "POST"])
@requires("project:edit")
def event(project_id: str) -> Answer:
    """Prepare the event that asks for offers; made on the first save."""
    actor = current_actor()
    project = queries.project_for(actor, project_id)
    existing = queries.main_event(project_id)
    form = EventForm(obj=existing, data=_beginning(project) if existing is None else None)

    def act() -> None:
        values = {name: form[name].data for name in FIELDS}
        values |= {name: values[name] or "" for name in ("instructions", "terms")}
        now = request_now()
        if existing is None:
            services.create_event(actor, project_id, form.kind.data, now=now, **values)
        else:
            services.edit_event(actor, existing.id, version=form.seen_version, now=now, **values)

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("sourcing.event", project_id=project_id))
    page = render_template(
        "sourcing/event_form.html",
        form=form,
        project=project,
        event=existing,
        now=request_now(),
        earlier=queries.events_to_copy(actor) if existing is None else [],
    )
    return page, 422 if form.is_submitted() else 200


def _beginning(project: queries.ProjectView) -> dict[str, Any]:
    """What a new event begins with: the project's title and, with `?copy=`, the settings of an earlier event."""
    found: dict[str, Any] = {"title": project.title}
    copied = request.args.get("copy", "")
    if copied:
        earlier = queries.event_for(current_actor(), copied)
        found |= {name: getattr(earlier, name) for name in ("kind", *COPIED)}
    return found


@bp.get("/events/<event_id>/timetable.ics")
@requires("project:read")
def timetable(event_id: str) -> Response:
    view = queries.event_for(current_actor(), event_id)
    return calendar_file(view, request_now())


@bp.route("/events/<event_id>/questions", methods=["GET", "POST"])
@requires("project:read")
def questions(event_id: str) -> Answer:
    actor = current_actor()
    view = queries.event_for(actor, event_id)
    return render_template(
        "sourcing/questions.html",
        event=view,
        project=queries.project_for(actor, view.project_id),
        clarifications=queries.clarifications(event_id),
        amendments=queries.amendments(event_id),
        form=AnswerForm(formdata=None),
        amend_form=AmendForm(formdata=None),
        reason_form=ReasonForm(formdata=None),
    )


@bp.post("/events/<event_id>/questions/<clarification_id>")
@requires("project:edit")
def answer(event_id: str, clarification_id: str) -> Answer:
    form, actor = AnswerForm(), current_actor()
    queries.event_for(actor, event_id)

    def act() -> None:
        services.answer_question(
            actor,
            clarification_id,
            form.answer.data or "",
            to_all=form.audience.data == "all",
            amend=bool(form.amend.data),
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Answered."), "success")
    else:
        flash(_("Please write the answer first."), "error")
    return redirect(url_for("sourcing.questions", event_id=event_id))


@bp.post("/events/<event_id>/amend")
@requires("project:edit")
def amend(event_id: str) -> Answer:
    form, actor = AmendForm(), current_actor()
    view = queries.event_for(actor, event_id)

    def act() -> None:
        services.amend_event(
            actor,
            event_id,
            form.text.data or "",
            deadline_at=form.deadline_at.data,
            confirm=bool(form.confirm.data),
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Everybody invited is told of the change."), "success")
        return redirect(url_for("sourcing.questions", event_id=event_id))
    page = render_template(
        "sourcing/questions.html",
        event=view,
        project=queries.project_for(actor, view.project_id),
        clarifications=queries.clarifications(event_id),
        amendments=queries.amendments(event_id),
        form=AnswerForm(formdata=None),
        amend_form=form,
        reason_form=ReasonForm(formdata=None),
    )
    return page, 422


@bp.route("/events/<event_id>/amendment", methods=["GET", "POST"])
@requires("project:edit")
def amendment(event_id: str) -> Answer:
    """Change what was published: lines, terms, instructions. The difference is shown to everybody invited."""
    actor = current_actor()
    view = queries.event_for(actor, event_id)
    if view.publication is None:
        raise NotFound
    form, lines = AmendmentForm(obj=view if request.method == "GET" else None), view.publication["lines"]
    if request.method == "GET":
        form.deadline_at.data = None

    def act() -> None:
        services.amend_event(
            actor,
            event_id,
            form.text.data or "",
            deadline_at=form.deadline_at.data,
            values={name: form[name].data for name in ("payment_days", "validity_days")}
            | {name: form[name].data or "" for name in ("instructions", "terms")},
            lines=read_amended_lines(request.form, [line["id"] for line in lines], language()),
            confirm=bool(form.confirm.data),
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Everybody invited is told of the change."), "success")
        return redirect(url_for("sourcing.questions", event_id=event_id))
    page = render_template(
        "sourcing/amendment.html",
        event=view,
        project=queries.project_for(actor, view.project_id),
        lines=[line | {"quantity": Decimal(line["quantity"])} for line in lines],
        typed=request.form,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/events/<event_id>/cancel")
@requires("event:publish")
def cancel(event_id: str) -> Answer:
    form, actor = ReasonForm(), current_actor()
    view = queries.event_for(actor, event_id)
    services.cancel_event(actor, event_id, reason=form.reason.data or "", now=request_now())
    flash(_("The event is called off; everybody invited is told."), "success")
    return redirect(url_for("sourcing.project", project_id=view.project_id))
