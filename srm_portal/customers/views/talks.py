"""Interactions, complaints and tasks."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.customers import queries, services
from srm_portal.customers.domain.record import INTERACTION_KINDS
from srm_portal.customers.forms import InteractionForm, TaskForm
from srm_portal.customers.ports import deliveries
from srm_portal.customers.views import bp
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.route("/customers/<customer_id>/talks/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_talk(customer_id: str) -> Answer:
    actor, now = current_actor(), request_now()
    view = queries.customer_for(actor, customer_id)
    about = [(one.id, f"{one.reference} {one.title}") for one in queries.opportunities_of(view.id)]
    kind = request.args.get("kind", "")
    chosen = {"kind": kind if kind in INTERACTION_KINDS else "call", "opportunity_id": request.args.get("about", "")}
    form = InteractionForm(at=now, **chosen).prepare(about, deliveries(actor, view.id, now))

    def act() -> None:
        services.log_interaction(
            actor,
            view.id,
            kind=form.kind.data,
            subject=form.subject.data or "",
            text=form.text.data or "",
            at=form.at.data,
            opportunity_id=form.opportunity_id.data or None,
            now=now,
            **form.delivered(),
        )

    if form.apply(act):
        flash(_("Kept in the timeline."), "success")
        return redirect(url_for("customers.show", customer_id=view.id))
    page = render_template("customers/talk_form.html", form=form, customer=view)
    return page, 422 if form.is_submitted() else 200


@bp.post("/customers/talks/<talk_id>/resolve")
@requires("customer:edit")
def resolve(talk_id: str) -> Response:
    form, actor = ReasonForm(), current_actor()
    talk = queries.interaction_for(actor, talk_id)
    if form.apply(
        lambda: services.resolve_complaint(actor, talk.id, resolution=form.reason.data or "", now=request_now())
    ):
        flash(_("The complaint is resolved."), "success")
    else:
        flash(" ".join(map(str, form.form_errors)) or sentence("reason_needed"), "error")
    return redirect(url_for("customers.show", customer_id=talk.customer_id))


@bp.route("/customers/<customer_id>/tasks/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_task(customer_id: str) -> Answer:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    form = TaskForm(assignee_id=actor.user_id).prepare(identity.staff(actor.organisation_id))

    def act() -> None:
        services.add_task(
            actor,
            view.id,
            title=form.title.data or "",
            due_on=form.due_on.data,
            assignee_id=form.assignee_id.data,
            now=request_now(),
        )

    if form.apply(act):
        flash(_("The task is kept."), "success")
        return redirect(url_for("customers.show", customer_id=view.id))
    page = render_template("customers/task_form.html", form=form, customer=view)
    return page, 422 if form.is_submitted() else 200


@bp.post("/customers/tasks/<task_id>/done")
@requires("customer:edit")
def finish_task(task_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    actor = current_actor()
    task = queries.task_for(actor, task_id)
    services.finish_task(actor, task.id, now=request_now())
    flash(_("Done."), "success")
    return redirect(url_for("customers.show", customer_id=task.customer_id))


@bp.post("/customers/tasks/<task_id>/reopen")
@requires("customer:edit")
def reopen_task(task_id: str) -> Response:
    if not ActForm().validate_on_submit():
        raise NotFound
    actor = current_actor()
    task = queries.task_for(actor, task_id)
    services.reopen_task(actor, task.id, now=request_now())
    flash(_("The task is open again."), "success")
    return redirect(url_for("customers.show", customer_id=task.customer_id))
