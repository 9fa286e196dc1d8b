"""What is promised of the award, and what is known beside the offers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.awards import queries, services
from srm_portal.awards.forms import PromiseForm, read_known, rows_of
from srm_portal.awards.services import wording
from srm_portal.awards.views.award import bp
from srm_portal.kernel.errors import FieldProblem, NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.errors import problem_sentence
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language

Answer = Any


@bp.route("/projects/<project_id>/award-rule", methods=["GET", "POST"])
@requires("project:read")
def promise(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    event = sourcing.main_event(project_id)
    fixed = event is not None and event.state != "draft"
    held = queries.terms(project_id)
    shown = queries.promise_of(project_id) if fixed else held.promise
    form = PromiseForm()
    if not form.is_submitted():
        _fill(form, shown, held.version)

    def act() -> None:
        if not actor.may("award:propose"):
            raise NotFound
        services.save_promise(actor, project_id, form.promise, version=form.seen_version, now=request_now())

    if form.apply(act):
        flash(_("Saved; the rule is published with the event."), "success")
        return redirect(url_for("awards.promise", project_id=project_id))
    page = render_template(
        "awards/promise.html",
        project=project,
        form=form,
        fixed=fixed or not actor.may("award:propose"),
        sentence_of_rule=wording.promise(shown) if shown else "",
    )
    return page, 422 if form.is_submitted() else 200


def _fill(form: PromiseForm, shown: dict[str, Any], version: int) -> None:
    form.version.data = str(version) if version else ""
    form.kind.data = shown.get("kind", "")
    form.suppliers.data = shown.get("suppliers")
    form.price_weight.data = Decimal(shown.get("price_weight", "60"))
    form.quality_weight.data = Decimal(shown.get("quality_weight", "40"))
    split = shown.get("split")
    form.split.data = split is not None
    form.share_min.data = Decimal((split or {}).get("share_min", "0.2")) * 100
    form.share_max.data = Decimal((split or {}).get("share_max", "0.8")) * 100


@bp.route("/projects/<project_id>/award-facts", methods=["GET", "POST"])
@requires("offer:compare")
def facts(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    held = queries.terms(project_id)
    ground = queries.ground(project_id)
    form = ActForm()
    typed = _as_typed(held.known)
    if not form.is_submitted():
        return _facts_page(project, form, typed, ground, held.version)
    if not actor.may("award:propose"):
        raise NotFound
    typed = dict(request.form.items())
    suppliers, lots = sorted(ground.names), sorted(ground.lot_ids)
    if "add" in typed:
        return _facts_page(project, form, typed | {f"{typed['add']}-999-lots": ""}, ground, held.version)
    known, problems = read_known(typed, language(), suppliers, lots)
    if problems:
        form.form_errors = [_cell(one) for one in problems]
    elif form.apply(
        lambda: services.save_known(actor, project_id, known, version=form.seen_version, now=request_now())
    ):
        flash(_("Saved; new scenarios take it into account."), "success")
        return redirect(url_for("awards.scenarios", project_id=project_id))
    return _facts_page(project, form, typed, ground, held.version), 422


def _cell(problem: FieldProblem) -> str:
    if problem.row is None:
        return problem_sentence(problem)
    return _("Row %(row)s: %(text)s", row=problem.row, text=problem_sentence(problem))


def _facts_page(
    project: sourcing.ProjectView, form: ActForm, typed: dict[str, str], ground: queries.Ground, version: int
) -> str:
    return render_template(
        "awards/facts.html",
        project=project,
        form=form,
        typed=typed,
        packages=rows_of(typed, "packages") or [{}],
        discounts=rows_of(typed, "discounts") or [{}],
        ground=ground,
        suppliers=sorted(ground.names.items(), key=lambda pair: (pair[1], pair[0])),
        computed={one["id"]: one for one in ground.document["suppliers"]},
        lots={one["id"]: one for one in ground.document["lots"]},
        version=version,
    )


def _as_typed(known: dict[str, Any]) -> dict[str, str]:
    """What was kept, as people type it."""

    def shown(value: str | None) -> str:
        return formats.number(Decimal(value), language()) if value else ""

    typed = {"switching_cost_rate": ""}
    rate = known.get("switching_cost_rate", "0")
    if rate != "0":
        typed["switching_cost_rate"] = formats.number(Decimal(rate) * 100, language())
    for supplier, one in known.get("suppliers", {}).items():
        for key in ("fixed_cost", "capacity", "quality"):
            typed[f"supplier-{supplier}-{key}"] = shown(one.get(key))
        typed[f"supplier-{supplier}-groups"] = ", ".join(one.get("groups", []))
    for lot, one in known.get("lots", {}).items():
        typed[f"lot-{lot}-baseline"] = shown(one.get("baseline"))
        typed[f"lot-{lot}-incumbent"] = one.get("incumbent", "")
    for at, one in enumerate(known.get("packages", [])):
        typed[f"packages-{at}-id"], typed[f"packages-{at}-supplier"] = one["id"], one["supplier"]
        typed[f"packages-{at}-lots"], typed[f"packages-{at}-price"] = ", ".join(one["lots"]), shown(one["price"])
        typed[f"packages-{at}-xor_group"] = one.get("xor_group") or ""
    for at, one in enumerate(known.get("discounts", [])):
        typed[f"discounts-{at}-supplier"], typed[f"discounts-{at}-kind"] = one["supplier"], one["kind"]
        typed[f"discounts-{at}-tiers"] = "; ".join(
            f"{shown(tier['from']) or '0'} = {shown(tier['percent']) or '0'}" for tier in one["tiers"]
        )
    return typed
