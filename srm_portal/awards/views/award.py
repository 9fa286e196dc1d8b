"""The award page: options or a scenario, proposal, decision."""

from __future__ import annotations

from collections import defaultdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from srm_portal.awards import queries, services
from srm_portal.awards.forms import AwardForm, DecideForm
from srm_portal.awards.services import wording
from srm_portal.evaluation import queries as evaluation
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ReasonForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = str | Response | tuple[str, int]
bp = Blueprint("awards", __name__)


def _page(
    project: sourcing.ProjectView, form: AwardForm, choice: dict[str, str], scenario: queries.ScenarioView | None
) -> str:
    options = defaultdict(list)
    for option in queries.options(project.id):
        options[option.lot_id].append(option)
    award = queries.award(project.id)
    promise = award.promise.get("rule") if award else queries.promise_of(project.id)
    ranking = evaluation.ranking(project.id)
    bidders = {one.supplier_id: one.supplier_name for held in options.values() for one in held}
    bidders |= {one.supplier_id: one.supplier_name for one in ranking.rows} if ranking else {}

    def money(amount: object) -> str:
        return formats.money(amount, project.currency, language())

    return render_template(
        "awards/award.html",
        project=project,
        lots=sourcing.lots(project.id),
        options=options,
        award=award,
        choice=choice,
        scenario=scenario,
        promise=wording.promise(promise) if promise else "",
        kept=wording.kept(award.promise, money) if award else "",
        bidders=dict(sorted(bidders.items(), key=lambda pair: pair[1])),
        reasons=award.reasons if award else {},
        form=form,
        decide_form=DecideForm(formdata=None, sha256=award.sha256 if award else ""),
        ranking=ranking,
    )


@bp.route("/projects/<project_id>/award", methods=["GET", "POST"])
@requires("award:propose", "award:decide", "project:read")
def award(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    existing = queries.award(project_id)
    form = AwardForm(obj=existing)
    wanted = request.values.get("scenario", "")
    scenario = None
    if wanted and actor.may("offer:compare"):
        scenario = queries.scenario_for(actor, wanted)
    if not form.is_submitted():
        form.scenario.data = scenario.id if scenario else ""
        if existing:
            choice = {line.lot_id: line.supplier_id for line in existing.lines}
            form.departure.data = existing.promise.get("departure", "")
            form.tell_winner.data, form.tell_price.data, form.tell_scores.data = (
                existing.telling.get(name, default)
                for name, default in (("winner", True), ("price", False), ("scores", True))
            )
        else:
            choice = {}
            for option in queries.options(project_id):
                choice.setdefault(option.lot_id, option.supplier_id)
        return _page(project, form, choice, scenario)
    choice = {name.removeprefix("lot-"): value for name, value in request.form.items() if name.startswith("lot-")}
    reasons = {
        name.removeprefix("reason-"): value for name, value in request.form.items() if name.startswith("reason-")
    }

    def act() -> None:
        if not actor.may("award:propose"):
            return
        words = {
            "justification": form.justification.data or "",
            "departure": form.departure.data or "",
            "standstill_days": form.standstill_days.data,
            "telling": form.telling,
            "reasons": reasons,
            "version": form.seen_version,
            "now": request_now(),
        }
        if scenario is not None:
            services.propose_scenario(actor, scenario.id, **words)
        else:
            services.propose_award(actor, project_id, choice, **words)

    if form.apply(act):
        flash(_("Proposed; the managers with enough authority are asked."), "success")
        return redirect(url_for("awards.award", project_id=project_id))
    return _page(project, form, choice, scenario), 422


@bp.post("/awards/<award_id>/approve")
@requires("award:decide")
def approve(award_id: str) -> Answer:
    actor, form = current_actor(), DecideForm()
    view = queries.award_for(actor, award_id)
    services.approve_award(actor, award_id, form.sha256.data or "", now=request_now())
    flash(_("Awarded. Winner and other bidders are told; the contract is being drafted."), "success")
    return redirect(url_for("contracts.step", project_id=view.project_id))


@bp.post("/awards/<award_id>/return")
@requires("award:decide")
def send_back(award_id: str) -> Answer:
    actor, form = current_actor(), ReasonForm()
    view = queries.award_for(actor, award_id)
    services.return_award(actor, award_id, reason=form.reason.data or "", now=request_now())
    flash(_("Sent back with your reason."), "success")
    return redirect(url_for("awards.award", project_id=view.project_id))
