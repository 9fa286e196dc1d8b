"""Step 4 for programs: the criteria of a project."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.kernel.money import plain
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import api
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.guard import requires
from srm_portal.web.schemas import AMOUNT, FLAG, TEXT, WHOLE, many, maybe, record

bp = api.api_blueprint("evaluation")
Answer = Any

_OPTION = {"label": api.text, "value": api.amount}
_CORNER = {"mark": api.amount, "value": api.amount}
_CRITERION = {
    **dict.fromkeys(("id", "name", "kind", "group", "envelope", "description", "formula"), api.text),
    **dict.fromkeys(("weight", "worst", "best", "scale", "minimum", "bend", "ideal", "rate"), api.amount),
    "must": api.flag,
    "options": api.listed(api.row(_OPTION, ("label", "value"), "criteria.options."), most=50),
    "points": api.listed(api.row(_CORNER, ("mark", "value"), "criteria.points."), most=50),
    "years": api.whole,
}
_CRITERIA = {"criteria": api.listed(api.row(_CRITERION, ("name", "kind"), "criteria."), most=200)}


_GIVEN = record(
    "Criterion",
    **dict.fromkeys(("id", "name", "description", "kind", "group", "envelope", "formula"), TEXT),
    **dict.fromkeys(("weight", "scale", "rate"), AMOUNT),
    **dict.fromkeys(("worst", "best", "minimum", "bend", "ideal"), maybe(AMOUNT)),
    must=FLAG,
    years=WHOLE,
    points=many(record(mark=AMOUNT, value=AMOUNT)),
    options=many(record(label=TEXT, value=AMOUNT)),
)
_ALL = record(criteria=many(_GIVEN))


def _read(given: dict[str, Any]) -> CriterionValue:
    options = tuple((one["label"], one["value"]) for one in given.pop("options", ()))
    points = tuple((one["mark"], one["value"]) for one in given.pop("points", ()))
    start: dict[str, Any] = {"id": "", "weight": Decimal(0)}
    return CriterionValue(**(start | given), options=options, points=points)


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _shown(view: queries.CriterionView) -> dict[str, Any]:
    one = view.value
    return {
        "id": one.id,
        "name": one.name,
        "description": view.description,
        "kind": one.kind,
        "group": one.group,
        "envelope": one.envelope,
        "weight": plain(one.weight),
        "worst": _amount(one.worst),
        "best": _amount(one.best),
        "scale": plain(one.scale),
        "minimum": _amount(one.minimum),
        "must": one.must,
        "formula": one.function,
        "bend": _amount(one.bend),
        "ideal": _amount(one.ideal),
        "years": one.years,
        "rate": plain(one.rate),
        "points": [{"mark": plain(x), "value": plain(v)} for x, v in one.points],
        "options": [{"label": label, "value": plain(value)} for label, value in one.options],
    }


@bp.get("/projects/<project_id>/criteria")
@requires("project:read")
@api.does("The criteria of a project", "tenders", gives=_ALL)
def criteria(project_id: str) -> Answer:
    project = sourcing.project_for(current_actor(), project_id)
    return {"criteria": [_shown(one) for one in queries.criteria(project.id)]}


@bp.put("/projects/<project_id>/criteria")
@requires("criteria:edit")
@api.does("Replace the criteria; the weights make 100", "tenders", takes=_CRITERIA, needed=("criteria",), gives=_ALL)
def save(project_id: str, given: api.Given) -> Answer:
    """Replace them; the weights make 100."""
    rows = given["criteria"]
    descriptions = {place: row.pop("description", "") for place, row in enumerate(rows)}
    values = [_read(row) for row in rows]
    services.save_criteria(current_actor(), project_id, values, descriptions, complete=True, now=request_now())
    return {"criteria": [_shown(one) for one in queries.criteria(project_id)]}
