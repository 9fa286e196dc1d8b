"""Criteria as forms show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from srm_portal.evaluation import queries
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import plain
from srm_portal.web import formats
from srm_portal.web.errors import problem_sentence
from srm_portal.web.i18n import language

Answer = Any


def number(value: Decimal | None) -> str:
    return "" if value is None else formats.number(value, language())


def bound(one: CriterionValue, value: Decimal | None) -> str:
    """An end of a range; of a date as the day itself."""
    if value is not None and one.kind == "date":
        return date.fromordinal(int(value)).isoformat()
    return number(value)


def as_typed(view: queries.CriterionView) -> dict[str, str]:
    """A row of the sheet."""
    one = view.value
    return {
        "id": one.id,
        "group": one.group,
        "name": one.name,
        "description": view.description,
        "kind": one.kind,
        "weight": number(one.weight),
        "worst": bound(one, one.worst),
        "best": bound(one, one.best),
        "minimum": bound(one, one.minimum),
        "must": "yes" if one.must else "",
        "options": "; ".join(f"{label} = {plain(value)}" for label, value in one.options),
    }


def in_full(view: queries.CriterionView) -> dict[str, str]:
    """Every field of one criterion."""
    one = view.value
    return as_typed(view) | {
        "formula": one.function,
        "envelope": one.envelope,
        "ideal": bound(one, one.ideal),
        "bend": number(one.bend),
        "points": "\n".join(f"{number(x)} = {number(v)}" for x, v in one.points),
        "options": "\n".join(f"{label} = {plain(value)}" for label, value in one.options),
        "scale": number(one.scale),
        "years": str(one.years or ""),
        "rate": number(one.rate),
    }


def cell_text(problem: FieldProblem) -> str:
    """A problem of a row, or of one field."""
    text = problem_sentence(problem)
    if problem.row is None:
        return _("%(field)s: %(text)s", field=problem.field, text=text)
    return _("Row %(row)s, %(field)s: %(text)s", row=problem.row, field=problem.field, text=text)
