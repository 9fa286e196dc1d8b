"""Step 4: weights from answers about importance."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain.sheet import group_paths
from srm_portal.evaluation.domain.weighing import METHODS, node_at
from srm_portal.evaluation.forms import METHOD_NAMES
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.criteria import fixed
from srm_portal.evaluation.views.shown import Answer, bound
from srm_portal.kernel.errors import NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires

PAIRS = ("9", "8", "7", "6", "5", "4", "3", "2", "1", "1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9")


def _answers(method: str, count: int) -> dict[str, Any]:
    """What was typed, as the scoring file wants it; what cannot be read is refused there, with its field."""
    typed = request.form
    if method == "swing":
        return {"points": [typed.get(f"point-{at}", "").strip() or "0" for at in range(count)]}
    if method == "ranks":
        order = [typed.get(f"place-{at}", "") for at in range(count)]
        return {"order": [int(one) if one.isdigit() else count for one in order]}
    if method == "ahp":
        return {"matrix": _matrix(count), "derivation": typed.get("derivation", "eigenvector")}
    best, worst = (int(typed[name]) if typed.get(name, "").isdigit() else 0 for name in ("best", "worst"))
    over = ["1" if at == best else typed.get(f"over-{at}", "1") for at in range(count)]
    under = ["1" if at == worst else typed.get(f"under-{at}", "1") for at in range(count)]
    if best != worst and best < count and worst < count:
        under[best] = over[worst]
    return {"best": best, "worst": worst, "best_to_others": over, "others_to_worst": under}


def _matrix(count: int) -> list[list[str]]:
    cells = [["1"] * count for _row in range(count)]
    for row in range(count):
        for column in range(row + 1, count):
            given = request.form.get(f"pair-{row}-{column}", "1")
            cells[row][column] = given
            cells[column][row] = given[2:] if given.startswith("1/") else f"1/{given}" if given != "1" else "1"
    return cells


@bp.route("/projects/<project_id>/criteria/weights", methods=["GET", "POST"])
@requires("criteria:edit")
def weights(project_id: str) -> Answer:
    project = sourcing.project_for(current_actor(), project_id)
    path = request.values.get("group", "")
    method = request.values.get("method", "swing")
    views = queries.criteria(project_id)
    values = [one.value for one in views]
    nodes = node_at(values, path)
    if nodes is None or method not in METHODS:
        raise NotFound
    form = ActForm()

    def act() -> None:
        answers = _answers(method, len(nodes))
        services.find_weights(
            current_actor(), project_id, path, method, answers, use="use" in request.form, now=request_now()
        )

    if form.apply(act):
        flash(_("The weights are in the sheet.") if "use" in request.form else _("Worked out and kept."), "success")
        return redirect(url_for("evaluation.weights", project_id=project_id, group=path, method=method))
    held = queries.weights_found(project_id).get(path)
    page = render_template(
        "evaluation/weights.html",
        project=project,
        form=form,
        nodes=nodes,
        ranges={one.name: (bound(one, one.worst), bound(one, one.best)) for one in values},
        path=path,
        groups=["", *group_paths(values)],
        method=method,
        methods=METHOD_NAMES,
        pairs=PAIRS,
        held=held if held and held.method == method else None,
        typed=request.form,
        fixed=fixed(project_id),
    )
    return page, 422 if form.is_submitted() else 200
