"""One waiver: what is asked, why, and the manager's decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.bidding_lists import queries, services
from srm_portal.bidding_lists.forms import WAIVER_STATES, WAIVER_TONES, DecisionForm
from srm_portal.bidding_lists.views import bp
from srm_portal.suppliers import queries as suppliers
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires

Answer = str | Response | tuple[str, int]


@bp.get("/waivers/<waiver_id>")
@requires("waiver:approve", "bidding_list:edit", "audit:read")
def waiver(waiver_id: str) -> str:
    return _page(waiver_id, DecisionForm(formdata=None))


@bp.post("/waivers/<waiver_id>")
@requires("waiver:approve")
def decide_waiver(waiver_id: str) -> Answer:
    form = DecisionForm()

    def act() -> None:
        services.decide_waiver(
            current_actor(),
            waiver_id,
            approve=form.decision.data == "approve",
            note=form.note.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Decided; the asker is told."), "success")
        return redirect(url_for("bidding_lists.waiver", waiver_id=waiver_id))
    return _page(waiver_id, form), 422


def _page(waiver_id: str, form: DecisionForm) -> str:
    actor = current_actor()
    view, project = queries.waiver_for(actor, waiver_id)
    supplier = suppliers.suppliers([view.supplier_id])[view.supplier_id] if view.supplier_id else None
    return render_template(
        "bidding_lists/waiver.html",
        project=project,
        waiver=view,
        supplier=supplier,
        form=form,
        states=WAIVER_STATES,
        tones=WAIVER_TONES,
        own=view.asked_by == actor.user_id,
    )
