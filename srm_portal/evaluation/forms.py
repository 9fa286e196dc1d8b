"""Reading the sheet of criteria; forms of scorecards and recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.evaluation.domain.assembly import CriterionValue
from srm_portal.kernel.errors import FieldProblem
from srm_portal.web import formats
from srm_portal.web.forms import AmountField, PortalForm, StringField, required

KIND_NAMES = {
    "price": _l("Price (from the offer)"),
    "points": _l("Points (marked by evaluators)"),
    "number": _l("Number (answered by the supplier)"),
    "yes_no": _l("Yes or no (answered by the supplier)"),
    "choice": _l("Choice (answered by the supplier)"),
    "lead_time": _l("Lead time in days (from the offer)"),
}
CELLS = ("id", "group", "name", "description", "kind", "weight", "worst", "best", "minimum", "must", "options")


class EvaluatorsForm(PortalForm):
    evaluators = SelectMultipleField(
        _l("Evaluators"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class DeclareForm(PortalForm):
    conflict = StringField(
        _l("Conflict of interest"),
        [Length(max=1000)],
        description=_l("Leave empty if you have none. With a conflict you do not mark these offers."),
    )


class ConsensusForm(PortalForm):
    points = AmountField(_l("Agreed mark"), [required()], digits=1)
    reason = StringField(_l("Reason"), [required(), Length(max=1000)])


class RecommendForm(PortalForm):
    supplier_id = SelectField(_l("Recommended supplier"), [required()])
    text = TextAreaField(_l("Why"), [required(), Length(max=8000)])


def _options(text: str) -> tuple[list[tuple[str, Decimal]], bool]:
    """`Yes, certified = 1; In progress = 0.5; No = 0` as pairs, and whether all could be read."""
    found: list[tuple[str, Decimal]] = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        label, sign, value = part.rpartition("=")
        try:
            number = Decimal(value.strip().replace(",", "."))
        except ArithmeticError:
            return found, False
        if not sign or not label.strip() or not 0 <= number <= 1:
            return found, False
        found.append((label.strip(), number))
    return found, True


def read_criteria(
    typed: Mapping[str, str], language: str
) -> tuple[list[CriterionValue], dict[int, str], list[dict[str, str]], list[FieldProblem]]:
    """The sheet `criteria-0-name` ... as values, descriptions, as typed, and the cells that cannot be read."""
    places = {name.split("-")[1] for name in typed if name.startswith("criteria-") and name.count("-") == 2}
    values: list[CriterionValue] = []
    descriptions: dict[int, str] = {}
    raw: list[dict[str, str]] = []
    problems: list[FieldProblem] = []
    for place in sorted(int(one) for one in places if one.isdigit()):
        cells = {name: typed.get(f"criteria-{place}-{name}", "").strip() for name in CELLS}
        if not cells["name"] and not cells["weight"]:
            continue
        raw.append(cells)
        row = len(raw)

        def amount(name: str, cells: dict[str, str] = cells, row: int = row) -> Decimal | None:
            if not cells[name]:
                return None
            try:
                return formats.parse_number(cells[name], language)
            except ValueError:
                example = formats.number(Decimal("12.5"), language)
                problems.append(FieldProblem(name, "not_a_number", row, cells[name], (("example", example),)))
                return None

        options, readable = _options(cells["options"])
        if not readable:
            problems.append(FieldProblem("options", "options_unreadable", row, cells["options"]))
        descriptions[row - 1] = cells["description"]
        values.append(
            CriterionValue(
                id=cells["id"],
                name=cells["name"],
                kind=cells["kind"],
                weight=amount("weight") or Decimal(0),
                group=cells["group"],
                worst=amount("worst"),
                best=amount("best"),
                options=tuple(options),
                minimum=amount("minimum"),
                must=cells["must"] == "yes",
            )
        )
    return values, descriptions, raw, problems
