"""Opportunities: list, page, form, lines, stage."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.audit.queries import history_of
from srm_portal.customers import queries, services
from srm_portal.customers.domain.pipeline import STAGES
from srm_portal.customers.forms import MoveForm, OpportunityForm, read_lines
from srm_portal.customers.ports import opportunity_blocks
from srm_portal.customers.queries import LineView
from srm_portal.customers.views import bp
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.measure import UNITS
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import problem_sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language
from srm_portal.web.paging import page_of

Answer = str | Response | tuple[str, int]


@bp.get("/customers/opportunities")
@requires("customer:read")
def opportunities() -> str:
    page, stage = page_of(request.args), request.args.get("stage", "")
    rows, total = queries.opportunities(
        current_actor(), text=request.args.get("q", "").strip(), stage=stage if stage in STAGES else "", page=page
    )
    return render_template("customers/opportunities.html", rows=rows, page=page.of(total))


@bp.get("/customers/opportunities/<opportunity_id>")
@requires("customer:read")
def opportunity(opportunity_id: str) -> str:
    actor = current_actor()
    view = queries.opportunity_for(actor, opportunity_id)
    return render_template(
        "customers/opportunity.html",
        opportunity=view,
        customer=queries.customer_for(actor, view.customer_id),
        owner=identity.person(view.owner_id),
        links=queries.links_of_opportunity(view.id) if actor.roles != {"requester"} else None,
        talks=queries.interactions_about(view.id),
        trail=history_of(actor, [view.id], 30),
        blocks=opportunity_blocks(actor, view.id, request_now()),
        move_form=MoveForm(formdata=None, stage=view.stage),
    )


@bp.route("/customers/<customer_id>/opportunities/new", methods=["GET", "POST"])
@requires("customer:edit")
def new_opportunity(customer_id: str) -> Answer:
    actor = current_actor()
    view = queries.customer_for(actor, customer_id)
    form = OpportunityForm(currency=identity.organisation(actor.organisation_id).currency)
    made: list[str] = []
    if form.apply(lambda: made.append(services.add_opportunity(actor, view.id, form.opportunity(), now=request_now()))):
        flash(_("Kept as a lead. Now say what is asked for."), "success")
        return redirect(url_for("customers.opportunity_lines", opportunity_id=made[0]))
    page = render_template("customers/opportunity_form.html", form=form, customer=view, opportunity=None)
    return page, 422 if form.is_submitted() else 200


@bp.route("/customers/opportunities/<opportunity_id>/edit", methods=["GET", "POST"])
@requires("customer:edit")
def edit_opportunity(opportunity_id: str) -> Answer:
    actor = current_actor()
    view = queries.opportunity_for(actor, opportunity_id)
    form = OpportunityForm(obj=view)

    def act() -> None:
        services.edit_opportunity(actor, view.id, form.opportunity(), version=form.seen_version, now=request_now())

    if form.apply(act):
        flash(_("Saved."), "success")
        return redirect(url_for("customers.opportunity", opportunity_id=view.id))
    customer = queries.customer_for(actor, view.customer_id)
    page = render_template("customers/opportunity_form.html", form=form, customer=customer, opportunity=view)
    return page, 422 if form.is_submitted() else 200


def _as_typed(line: LineView) -> dict[str, str]:
    def shown(value: Any) -> str:
        return "" if value is None else formats.number(value, language())

    day = line.needed_on.isoformat() if line.needed_on else ""
    return {
        "title": line.title,
        "quantity": shown(line.quantity),
        "unit": line.unit,
        "price": shown(line.price),
        "needed_on": day,
    }


def _cell_text(problem: FieldProblem) -> str:
    return _("Row %(row)s, %(field)s: %(text)s", row=problem.row, field=problem.field, text=problem_sentence(problem))


@bp.route("/customers/opportunities/<opportunity_id>/lines", methods=["GET", "POST"])
@requires("customer:edit")
def opportunity_lines(opportunity_id: str) -> Answer:
    actor = current_actor()
    view = queries.opportunity_for(actor, opportunity_id)
    form = ActForm()
    rows, status = [_as_typed(line) for line in view.lines], 200
    problems: list[FieldProblem] = []
    if form.is_submitted():
        values, rows, problems = read_lines(request.form)
        if "add" in request.form or "remove" in request.form:
            gone = request.form.get("remove", "")
            rows = [row for at, row in enumerate(rows) if not (gone.isdigit() and at == int(gone))]
            rows, problems = [*rows, {}], []
        elif not problems and form.apply(
            lambda: services.save_opportunity_lines(
                actor, view.id, values, version=form.seen_version, now=request_now()
            )
        ):
            flash(_("Saved."), "success")
            return redirect(url_for("customers.opportunity", opportunity_id=view.id))
        else:
            form.form_errors = [*form.form_errors, *(_cell_text(problem) for problem in problems)]
            status = 422
    page = render_template(
        "customers/lines.html",
        opportunity=view,
        customer=queries.customer_for(actor, view.customer_id),
        form=form,
        rows=rows or [{}],
        problems=problems,
        units=list(UNITS.items()),
    )
    return page, status


@bp.post("/customers/opportunities/<opportunity_id>/move")
@requires("customer:edit")
def move_opportunity(opportunity_id: str) -> Response:
    form, actor = MoveForm(), current_actor()
    view = queries.opportunity_for(actor, opportunity_id)
    if form.apply(
        lambda: services.move_opportunity(
            actor, view.id, form.stage.data, reason=form.reason.data or "", now=request_now()
        )
    ):
        flash(_("Moved."), "success")
    else:
        texts = [*form.form_errors, *(text for field in form for text in field.errors)]
        flash(" ".join(map(str, texts)), "error")
    return redirect(url_for("customers.opportunity", opportunity_id=view.id))
