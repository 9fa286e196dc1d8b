"""Starting a need from a customer's opportunity."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.sourcing import services
from srm_portal.sourcing.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires


@bp.post("/opportunities/<opportunity_id>/need")
@requires("need:edit")
def start_need(opportunity_id: str) -> Response:
    form, made = ActForm(), list[str]()
    if form.apply(lambda: made.append(services.start_need(current_actor(), opportunity_id, now=request_now()))):
        flash(_("The need is started with what the customer asks for. Now say the rest."), "success")
        return redirect(url_for("sourcing.edit_need", project_id=made[0]))
    flash(" ".join(str(one) for one in form.form_errors), "error")
    return redirect(url_for("customers.opportunity", opportunity_id=opportunity_id))


@bp.post("/orders/need")
@requires("need:edit")
def start_need_of_order() -> Response:
    form, made = ActForm(), list[str]()
    number = request.form.get("number", "")
    if form.apply(lambda: made.append(services.start_need_of_order(current_actor(), number, now=request_now()))):
        flash(_("The need is started with what the customer ordered. Now say the rest."), "success")
        return redirect(url_for("sourcing.edit_need", project_id=made[0]))
    flash(" ".join(str(one) for one in form.form_errors), "error")
    return redirect(url_for("customers.index"))
