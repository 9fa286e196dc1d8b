"""What `evaluation` plugs in."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from srm_portal.bidding_lists import ports as bidding
from srm_portal.evaluation import queries
from srm_portal.evaluation.api import bp as api
from srm_portal.evaluation.domain.sheet import HUNDRED, criterion_problems
from srm_portal.evaluation.forms import FORMULA_NAMES, KIND_NAMES, TIE_NAMES
from srm_portal.evaluation.views import bp
from srm_portal.kernel.money import plain
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import ports
from srm_portal.sourcing.domain.stages import Blocker
from srm_portal.sourcing.queries import EventView
from srm_portal.web.api import register_api


def _criteria_gate(project_id: str, _now: datetime) -> list[Blocker]:
    criteria = [one.value for one in queries.criteria(project_id)]
    if not criteria:
        return [Blocker("criteria_missing")]
    total = sum((one.weight for one in criteria), Decimal(0))
    blockers = [] if total == HUNDRED else [Blocker("weights_sum", (("total", plain(total)),))]
    if any(one.code != "weights_sum" for one in criterion_problems(criteria)):
        blockers.append(Blocker("criteria_incomplete"))
    if any(one.manual for one in criteria) and not queries.standing(project_id).evaluators:
        blockers.append(Blocker("evaluators_missing"))
    elif unmarked := queries.unmarked(project_id):
        blockers.append(Blocker("criterion_without_evaluator", (("criterion", unmarked[0]),)))
    return blockers


def _selection_gate(project_id: str, _now: datetime) -> list[Blocker]:
    blockers = []
    found = queries.standing(project_id)
    if found.manual and found.waiting:
        blockers.append(Blocker("scorecards_waiting", (("count", str(found.waiting)),)))
    if not found.runs:
        blockers.append(Blocker("ranking_missing"))
    if not found.recommendations:
        blockers.append(Blocker("recommendation_missing"))
    return blockers


def _criteria_fact(count: int) -> str:
    return _("%(count)s criteria", count=count) if count else ""


def _told_panel(_actor: Actor, event: EventView, _now: datetime) -> dict[str, Any] | None:
    """What suppliers are told about the evaluation, on their page of the event: as it was published or amended."""
    told = (event.publication or {}).get("criteria")
    if not told or not told.get("items"):
        return None
    items = told["items"]
    if told.get("told") == "order":
        items = sorted(items, key=lambda one: one["importance"])
    return {
        "title": _("How offers are judged"),
        "template": "evaluation/_told.html",
        "told": told,
        "items": items,
        "kinds": KIND_NAMES,
        "formulas": FORMULA_NAMES,
        "ties": [TIE_NAMES[one] for one in told.get("ties", [])],
    }


def wire(app: Flask) -> None:
    bidding.register_supplier_panel(app, _told_panel)
    app.register_blueprint(bp)
    register_api(app, api)
    ports.register_page(app, "criteria", "evaluation.criteria")
    ports.register_gate(app, "criteria", _criteria_gate)
    ports.register_gate(app, "selection", _selection_gate)
    ports.register_fact(app, "criteria", queries.criteria_count, _criteria_fact)
    ports.register_publication_part(app, "criteria", queries.published_part)
