"""Asking for a qualification and deciding on it."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.kernel.errors import NotFound
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.forms import AskForm, CaseForm, DecideForm
from srm_portal.suppliers.views import bp
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import sentence
from srm_portal.web.forms import ActForm, ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]


@bp.get("/suppliers/qualifications")
@requires("supplier:read")
def waiting() -> str:
    """Requests that wait for somebody's decision."""
    actor = current_actor()
    rows = queries.waiting(actor.organisation_id, request_now().date())
    labels = queries.labels({row.cell.category for row in rows}, language())
    cases = queries.open_cases(actor.organisation_id)
    cards = queries.suppliers({one.supplier_id for one in cases})
    return render_template("suppliers/waiting.html", rows=rows, labels=labels, cases=cases, suppliers=cards)


@bp.route("/suppliers/<supplier_id>/qualification", methods=["GET", "POST"])
@requires("supplier:qualify")
def ask(supplier_id: str) -> Answer:
    actor = current_actor()
    view = queries.supplier_for(actor, supplier_id)
    form = AskForm().prepare(view.categories)

    def act() -> None:
        services.ask_qualification(
            actor,
            view.id,
            category=form.category.data or "",
            region=form.region.data or "",
            business_unit=form.business_unit.data or "",
            reason=form.reason.data or "",
            now=request_now(),
        )

    if form.apply(act):
        flash(_("Asked. Somebody else decides."), "success")
        return redirect(url_for("suppliers.show", supplier_id=view.id))
    page = render_template("suppliers/ask.html", form=form, supplier=view)
    return page, 422 if form.is_submitted() else 200


@bp.route("/suppliers/qualifications/<cell_id>", methods=["GET", "POST"])
@requires("supplier:qualify")
def decide(cell_id: str) -> Answer:
    actor, today = current_actor(), request_now().date()
    cell = queries.qualification_for(actor, cell_id, today)
    form = DecideForm(version=cell.version, valid_from_on=today)

    def act() -> None:
        services.decide_qualification(actor, cell.id, form.decision(), version=form.seen_version, now=request_now())

    if form.apply(act):
        flash(_("Decided. Who asked is told."), "success")
        return redirect(url_for("suppliers.show", supplier_id=cell.supplier_id))
    page = render_template(
        "suppliers/decide.html",
        answers=queries.answers_of("supplier", cell.supplier_id),
        form=form,
        cell=cell,
        supplier=queries.supplier_for(actor, cell.supplier_id),
        label=queries.label(cell.category, language()),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/suppliers/qualifications/<cell_id>/ask")
@requires("supplier:qualify")
def take_up(cell_id: str) -> Response:
    """Speak for a renewal that the portal asked about; somebody else decides it then."""
    actor = current_actor()
    cell = queries.qualification_for(actor, cell_id, request_now().date())
    if not ActForm().validate_on_submit():
        raise NotFound
    services.take_up(actor, cell.id, now=request_now())
    flash(_("You asked for this yourself, so somebody else has to decide."), "success")
    return redirect(url_for("suppliers.decide", cell_id=cell.id))


@bp.post("/suppliers/qualifications/<cell_id>/suspend")
@requires("supplier:qualify")
def suspend(cell_id: str) -> Response:
    """The approval counts no more from now on; the supplier is heard, then somebody else decides."""
    actor, form = current_actor(), ReasonForm()
    cell = queries.qualification_for(actor, cell_id, request_now().date())
    made: list[str] = []
    if form.apply(
        lambda: made.append(
            services.start_disqualification(actor, cell.id, reason=form.reason.data or "", now=request_now())
        )
    ):
        flash(_("Suspended at once. The supplier is asked for its side; somebody else decides."), "success")
        return redirect(url_for("suppliers.case", case_id=made[0]))
    flash(" ".join(map(str, form.form_errors)) or sentence("reason_needed"), "error")
    return redirect(url_for("suppliers.show", supplier_id=cell.supplier_id))


@bp.route("/suppliers/cases/<case_id>", methods=["GET", "POST"])
@requires("supplier:read")
def case(case_id: str) -> Answer:
    """A disqualification: why, what the supplier says, the decision."""
    actor, today = current_actor(), request_now().date()
    view, form = queries.case_for(actor, case_id), CaseForm()
    if form.is_submitted() and not actor.may("supplier:qualify"):
        raise NotFound

    def act() -> None:
        services.decide_disqualification(
            actor, view.id, outcome=form.outcome.data, reason=form.reason.data or "", now=request_now()
        )

    if form.apply(act):
        flash(_("Decided. The supplier is told."), "success")
        return redirect(url_for("suppliers.case", case_id=view.id))
    page = render_template(
        "suppliers/case.html",
        case=view,
        form=form,
        supplier=queries.supplier_for(actor, view.supplier_id),
        label=queries.label(view.category, language()),
        heard=view.statement_at is not None or today > view.hearing_until_on,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/suppliers/matrix")
@requires("supplier:read")
def matrix() -> str:
    """Category, region and business unit: who stands where today."""
    actor, today = current_actor(), request_now().date()
    given = {name: request.args.get(name, "").strip() for name in ("category", "region", "unit")}
    rows = queries.matrix(actor, today, **given)
    columns = sorted({(cell.category, cell.region, cell.business_unit) for row in rows for cell in row.cells})[:40]
    labels = queries.labels({column[0] for column in columns}, language())
    return render_template(
        "suppliers/matrix.html",
        rows=rows,
        columns=columns,
        labels=labels,
        categories=queries.choices(language(), (given["category"],)),
        soon=today + timedelta(days=90),
    )
