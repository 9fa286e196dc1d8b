"""Pages of face-to-face negotiations, for the buyer and for the supplier."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import NotFound
from srm_portal.negotiations import queries, services
from srm_portal.negotiations.domain import Move, concessions
from srm_portal.negotiations.forms import ConfirmForm, MinutesForm, MoveForm, PlanForm
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
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


def _page(negotiation_id: str, move_form: MoveForm | None = None, minutes_form: MinutesForm | None = None) -> str:
    actor = current_actor()
    view = queries.negotiation_for(actor, negotiation_id)
    ledger = queries.moves(view.id)
    lots = sourcing.lots(view.project_id)
    form = move_form or MoveForm(formdata=None)
    form.choices(form.lot_id, [(lot.id, f"{lot.number} · {lot.title}") for lot in lots])
    project = sourcing.project(view.project_id)
    return render_template(
        "negotiations/room.html" if actor.supplier_id else "negotiations/show.html",
        negotiation=view,
        project=project,
        lots={lot.id: lot for lot in lots},
        moves=ledger,
        concessions=concessions([Move(m.lot_id, m.side, m.amount, m.at) for m in ledger]),  # type: ignore[arg-type]
        move_form=form,
        minutes_form=minutes_form or MinutesForm(formdata=None, obj=view),
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
    form.choices(form.lot_id, [(lot.id, lot.title) for lot in sourcing.lots(view.project_id)])
    side = "supplier" if actor.supplier_id else form.side.data

    def act() -> None:
        services.add_move(
            actor,
            negotiation_id,
            lot_id=form.lot_id.data,
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
