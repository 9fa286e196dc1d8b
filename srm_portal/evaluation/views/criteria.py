"""Step 4: the sheet, one criterion in full with its curve, and what the linter found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.curve import Curve, curve
from srm_portal.evaluation.domain.sheet import FORMULAS, criterion_problems, tree
from srm_portal.evaluation.domain.traps import Trap, traps
from srm_portal.evaluation.forms import FORMULA_NAMES, KIND_NAMES, EvaluatorsForm, read_criteria, read_detail
from srm_portal.evaluation.views import bp
from srm_portal.evaluation.views.shown import Answer, as_typed, cell_text, in_full
from srm_portal.identity import queries as identity
from srm_portal.kernel.errors import NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats
from srm_portal.web.context import current_actor, request_now
from srm_portal.web.forms import ActForm
from srm_portal.web.guard import requires
from srm_portal.web.i18n import language


def found_traps(project: sourcing.ProjectView) -> list[Trap]:
    """The linter's findings; none while a criterion is still incomplete."""
    values = [one.value for one in queries.criteria(project.id)]
    if any(one.code != "weights_sum" for one in criterion_problems(values)):
        return []
    estimate = project.baseline or project.budget
    return traps(values, estimate=Fraction(estimate) if estimate else None)


def fixed(project_id: str) -> bool:
    event = sourcing.main_event(project_id)
    return event is not None and event.state != "draft"


def _criteria_page(project: sourcing.ProjectView, form: ActForm, rows: list[dict[str, str]]) -> str:
    actor = current_actor()
    event = sourcing.main_event(project.id)
    views = queries.criteria(project.id)
    assigned = queries.evaluators(project.id)
    evaluators_form = EvaluatorsForm(formdata=None, evaluators=[one.user_id for one in assigned])
    able = [one for one in identity.staff(actor.organisation_id) if {"evaluator", "buyer"} & set(one.roles)]
    evaluators_form.evaluators.choices = [(one.id, one.name) for one in able]
    return render_template(
        "evaluation/criteria.html",
        project=project,
        event=event,
        form=form,
        rows=rows,
        kinds=KIND_NAMES,
        views=views,
        tree=tree([one.value for one in views]),
        total=sum((one.value.weight for one in views), Decimal(0)),
        evaluators=assigned,
        evaluators_form=evaluators_form,
        blockers=sourcing.blockers(project, request_now(), "criteria"),
        findings=found_traps(project),
        fixed=fixed(project.id),
    )


@bp.route("/projects/<project_id>/criteria", methods=["GET", "POST"])
@requires("project:read")
def criteria(project_id: str) -> Answer:
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    form = ActForm()
    rows = [as_typed(one) for one in queries.criteria(project_id)]
    if not form.is_submitted():
        return _criteria_page(project, form, rows or [{}])
    if not actor.may("criteria:edit"):
        raise NotFound
    known = {one.value.id: one.value for one in queries.criteria(project_id)}
    values, descriptions, rows, problems = read_criteria(request.form, language(), known)
    if "add" in request.form or "remove" in request.form:
        gone = request.form.get("remove", "")
        if gone.isdigit():
            rows = [row for at, row in enumerate(rows) if at != int(gone)]
        return _criteria_page(project, form, [*rows, {}] if "add" in request.form else rows or [{}])
    if not problems and form.apply(
        lambda: services.save_criteria(actor, project_id, values, descriptions, now=request_now())
    ):
        flash(_("Saved."), "success")
        return redirect(url_for("evaluation.criteria", project_id=project_id))
    form.form_errors = [*form.form_errors, *(cell_text(one) for one in problems)]
    return _criteria_page(project, form, rows or [{}]), 422


def _view(project_id: str, criterion_id: str) -> queries.CriterionView:
    found = next((one for one in queries.criteria(project_id) if one.value.id == criterion_id), None)
    if found is None:
        raise NotFound
    return found


@bp.route("/projects/<project_id>/criteria/<criterion_id>", methods=["GET", "POST"])
@requires("project:read")
def criterion(project_id: str, criterion_id: str) -> Answer:
    """One criterion: its value function drawn, its thresholds, its envelope."""
    actor = current_actor()
    project = sourcing.project_for(actor, project_id)
    view = _view(project_id, criterion_id)
    form = ActForm()
    typed, value = in_full(view), view.value
    if form.is_submitted():
        if not actor.may("criteria:edit"):
            raise NotFound
        value, description, problems = read_detail(request.form, language(), view.value)
        typed = typed | {name: text for name, text in request.form.items() if name in typed}
        if not problems and form.apply(lambda: _save_one(project_id, value, description)):
            flash(_("Saved."), "success")
            return redirect(url_for("evaluation.criterion", project_id=project_id, criterion_id=criterion_id))
        form.form_errors = [*form.form_errors, *(cell_text(one) for one in problems)]
        value = view.value
    incomplete = criterion_problems([replace(value, weight=Decimal(100))])
    drawn = None if incomplete else curve(value)
    page = render_template(
        "evaluation/criterion.html",
        project=project,
        form=form,
        view=view,
        typed=typed,
        kinds=KIND_NAMES,
        formulas={name: FORMULA_NAMES[name] for name in FORMULAS[value.kind]},
        curve=drawn,
        ticks=_ticks(drawn, value.kind) if drawn else [],
        marking=[one for one in queries.evaluators(project_id) if one.marks(criterion_id)],
        findings=[one for one in found_traps(project) if one.criterion == value.name],
        fixed=fixed(project_id),
    )
    return page, 422 if form.is_submitted() else 200


def _ticks(drawn: Curve, kind: str) -> list[str]:
    """Five places below the curve, as people write them."""
    low, high = drawn.xs[0], drawn.xs[-1]
    places = [low + (high - low) * part / 4 for part in range(5)]
    if kind == "date":
        return [formats.day(date.fromordinal(round(place)), language()) for place in places]
    digits = 0 if high - low > 20 else 1
    return [formats.number(round(Decimal(place), digits), language()) for place in places]


def _save_one(project_id: str, value: Any, description: str) -> None:
    views = queries.criteria(project_id)
    values = [value if one.value.id == value.id else one.value for one in views]
    texts = {at: description if one.value.id == value.id else one.description for at, one in enumerate(views)}
    services.save_criteria(current_actor(), project_id, values, texts, now=request_now())


@bp.get("/projects/<project_id>/criteria/checks")
@requires("project:read")
def checks(project_id: str) -> Answer:
    """The linter's findings, each with its two rankings side by side."""
    project = sourcing.project_for(current_actor(), project_id)
    found = [(trap, _ranked(trap.published), _ranked(trap.compared)) for trap in found_traps(project)]
    return render_template(
        "evaluation/checks.html", project=project, findings=found, count=len(queries.criteria(project_id))
    )


def _ranked(file: Any) -> dict[str, Any] | None:
    """A counterexample with its places, as the table beside the finding shows it."""
    if file is None:
        return None
    answer = scoring_file.run(file)
    rows = [
        {"name": name, "mark": marks[0], "rest": marks[1], "score": Decimal(score) * 100, "rank": rank}
        for name, marks, score, rank in zip(
            file["alternatives"], file["matrix"], answer["scores"], answer["ranking"], strict=True
        )
    ]
    return {"rows": rows, "weight": Decimal(answer["weights"][0]) * 100}
