"""Pages of face-to-face negotiations, for the buyer and for the supplier."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.documents import queries as documents
from srm_portal.kernel.errors import NotFound
from srm_portal.negotiations import queries, services
from srm_portal.negotiations.domain import Move, concessions, curve
from srm_portal.negotiations.forms import (
    AnswerForm,
    AttachForm,
    ConfirmForm,
    MinutesForm,
    MoveForm,
    PlanForm,
    PointForm,
)
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ReasonForm
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]
bp = Blueprint("negotiations", __name__)


def _bidders(project_id: str) -> list[tuple[str, str]]:
    event = sourcing.main_event(project_id)
    return [(one.supplier_id, one.supplier_name) for one in offers.opened(event.id)] if event else []


@bp.route("/projects/<project_id>/negotiations/new", methods=["GET", "POST"])
@requires("negotiation:edit")
def new(project_id: str) -> Answer:
    actor, form, made = current_actor(), PlanForm(), []
    project = sourcing.project_for(actor, project_id)
    form.choices(form.supplier_id, _bidders(project_id))

    def act() -> None:
        fields = ("title", "held_at", "place", "participants", "agenda", "target", "walk_away")
        values = {name: form[name].data for name in fields}
        made.append(services.plan(actor, project_id, form.supplier_id.data, now=request_now(), **values))

    if form.apply(act):
        flash(_("Planned; the supplier is told."), "success")
        return redirect(url_for("negotiations.show", negotiation_id=made[0]))
    return render_template("negotiations/new.html", form=form, project=project), 422 if form.is_submitted() else 200


def _page(negotiation_id: str, **forms: Any) -> str:
    """Both sides' page; goals, score and cost only on the buyer's."""
    actor = current_actor()
    view = queries.negotiation_for(actor, negotiation_id)
    ours = actor.supplier_id is None
    ledger, points = queries.moves(view.id), view.points
    lots = sourcing.lots(view.project_id)
    form = forms.get("move_form") or MoveForm(formdata=None)
    named = {lot.id: f"{lot.number} · {lot.title}" for lot in lots} | {one.id: one.title for one in points}
    form.choices(form.about, list(named.items()))
    moves = [Move(m.about, m.side, m.amount, m.at) for m in ledger]  # type: ignore[arg-type]
    goals = {one.id: {"target": one.target, "walk_away": one.walk_away} for one in points}
    if len(lots) == 1:
        goals[lots[0].id] = {"target": view.target, "walk_away": view.walk_away}
    curves = [(named[key], curve([one for one in moves if one.lot_id == key], goals.get(key, {}))) for key in named]
    return render_template(
        "negotiations/show.html" if ours else "negotiations/room.html",
        negotiation=view,
        project=sourcing.project(view.project_id),
        lots={lot.id: lot for lot in lots},
        named=named,
        points={one.id: one for one in points},
        moves=ledger,
        effects=queries.effects(view, ledger) if ours else {},
        curves=[(title, one) for title, one in curves if one is not None],
        concessions=concessions([one for one in moves if one.lot_id in {lot.id for lot in lots}]),
        files=documents.files_of("negotiation", [view.id])[view.id],
        move_form=form,
        point_form=forms.get("point_form") or PointForm(formdata=None),
        answer_form=forms.get("answer_form") or AnswerForm(formdata=None),
        attach_form=forms.get("attach_form") or AttachForm(formdata=None),
        minutes_form=forms.get("minutes_form") or MinutesForm(formdata=None, obj=view),
        confirm_form=ConfirmForm(formdata=None, sha256=view.minutes_sha256),
    )


@bp.get("/negotiations/<negotiation_id>")
@requires("project:read")
def show(negotiation_id: str) -> Answer:
    return _page(negotiation_id)


@bp.get("/s/negotiations/<negotiation_id>")
@requires("own_supplier:read")
def room(negotiation_id: str) -> Answer:
    return _page(negotiation_id)


def _back(negotiation_id: str) -> Response:
    endpoint = "negotiations.room" if current_actor().supplier_id else "negotiations.show"
    return redirect(url_for(endpoint, negotiation_id=negotiation_id))


@bp.post("/negotiations/<negotiation_id>/moves")
@requires("negotiation:edit", "bid:place")
def add_move(negotiation_id: str) -> Answer:
    actor, form = current_actor(), MoveForm()
    view = queries.negotiation_for(actor, negotiation_id)
    lots = {lot.id: lot.title for lot in sourcing.lots(view.project_id)}
    form.choices(form.about, [*lots.items(), *((one.id, one.title) for one in view.points)])
    side = "supplier" if actor.supplier_id else form.side.data

    def act() -> None:
        services.add_move(
            actor,
            negotiation_id,
            lot_id=form.about.data if form.about.data in lots else None,
            point_id=None if form.about.data in lots else form.about.data,
            side=side,
            amount=form.amount.data,
            note=form.note.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Written into the ledger."), "success")
        return _back(negotiation_id)
    return _page(negotiation_id, move_form=form), 422


@bp.post("/negotiations/<negotiation_id>/minutes")
@requires("negotiation:edit")
def minutes(negotiation_id: str) -> Answer:
    actor, form = current_actor(), MinutesForm()

    def act() -> None:
        services.write_minutes(
            actor, negotiation_id, form.minutes.data or "", version=form.seen_version, now=request_now()
        )

    if form.apply(act):
        flash(_("The supplier is asked to confirm the minutes."), "success")
        return _back(negotiation_id)
    return _page(negotiation_id, minutes_form=form), 422


@bp.post("/s/negotiations/<negotiation_id>/confirm")
@requires("bid:place")
def confirm(negotiation_id: str) -> Answer:
    form = ConfirmForm()
    if not form.validate_on_submit():
        raise NotFound
    services.confirm_minutes(current_actor(), negotiation_id, form.sha256.data or "", now=request_now())
    flash(_("You confirmed the minutes."), "success")
    return _back(negotiation_id)


@bp.post("/negotiations/<negotiation_id>/points")
@requires("negotiation:edit")
def add_point(negotiation_id: str) -> Answer:
    form = PointForm()

    def act() -> None:
        services.add_point(
            current_actor(),
            negotiation_id,
            title=form.title.data or "",
            kind=form.kind.data,
            target=form.target.data,
            walk_away=form.walk_away.data,
            now=request_now(),
        )

    if form.apply(act):
        return _back(negotiation_id)
    return _page(negotiation_id, point_form=form), 422


@bp.post("/negotiations/<negotiation_id>/cancel")
@requires("negotiation:edit")
def cancel(negotiation_id: str) -> Answer:
    form = ReasonForm()
    services.cancel(current_actor(), negotiation_id, reason=form.reason.data or "", now=request_now())
    flash(_("Called off; the supplier is told."), "success")
    return _back(negotiation_id)


@bp.post("/s/negotiations/<negotiation_id>/answer")
@requires("own_supplier:read")
def answer(negotiation_id: str) -> Answer:
    form = AnswerForm()

    def act() -> None:
        coming = form.coming.data == "yes"
        services.answer_invitation(
            current_actor(), negotiation_id, coming=coming, note=form.note.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("The buyer is told."), "success")
        return _back(negotiation_id)
    return _page(negotiation_id, answer_form=form), 422


@bp.post("/negotiations/<negotiation_id>/files")
@requires("negotiation:edit", "bid:place")
def attach(negotiation_id: str) -> Answer:
    form = AttachForm()
    upload = form.upload.data if form.upload.data and form.upload.data.filename else None
    if form.apply(lambda: services.attach(current_actor(), negotiation_id, upload, now=request_now())):
        flash(_("Both sides can read the file."), "success")
        return _back(negotiation_id)
    return _page(negotiation_id, attach_form=form), 422


@bp.get("/negotiations/<negotiation_id>/files/<file_id>")
@requires("project:read", "own_supplier:read")
def file(negotiation_id: str, file_id: str) -> Answer:
    view = queries.negotiation_for(current_actor(), negotiation_id)
    return documents.download(documents.file_of("negotiation", view.id, file_id))
