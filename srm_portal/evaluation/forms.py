"""Reading the sheet of criteria and one criterion in full; forms of plans, scorecards and recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.evaluation.domain.ranking import TIE_BREAKS
from srm_portal.evaluation.domain.sheet import FORMULAS, CriterionValue
from srm_portal.kernel.errors import FieldProblem
from srm_portal.web import formats
from srm_portal.web.forms import AmountField, PortalForm, StringField, required

KIND_NAMES = {
    "price": _l("Price (from the offer)"),
    "life_cycle": _l("Life-cycle cost (price and yearly cost)"),
    "points": _l("Points (marked by evaluators)"),
    "number": _l("Number (answered by the supplier)"),
    "yes_no": _l("Yes or no (answered by the supplier)"),
    "choice": _l("Choice (answered by the supplier)"),
    "date": _l("Date (answered by the supplier)"),
    "file": _l("Document (attached, marked by evaluators)"),
    "lead_time": _l("Lead time in days (from the offer)"),
}
FORMULA_NAMES = {
    "price_absolute": _l("Fixed: from a ceiling to a floor"),
    "price_inverse": _l("Lowest price divided by price"),
    "price_linear_from_lowest": _l("Falling from the lowest price to twice the lowest"),
    "linear_best_worst": _l("Between the worst and the best offer"),
    "linear_max": _l("Share of the best offer"),
    "linear": _l("Straight line between two fixed ends"),
    "piecewise": _l("Straight lines through chosen corners"),
    "exponential": _l("Curved between two fixed ends"),
    "target": _l("Best at an ideal between two ends"),
    "points": _l("Marks divided by full marks"),
    "table": _l("Value of each answer"),
}
TOLD_NAMES = {
    "full": _l("Everything: weights, formulas, thresholds"),
    "weights": _l("Weights and thresholds"),
    "order": _l("Only the order of importance, and thresholds"),
}
RULE_NAMES = {
    "mean": _l("Mean, weighted by the evaluators' weights"),
    "median": _l("Median"),
    "trimmed": _l("Mean without the highest and lowest fifth"),
}
COMMENT_NAMES = {
    "ends": _l("for the lowest and the highest mark"),
    "all": _l("for every mark"),
    "none": _l("for none"),
}
TIE_NAMES = {
    "price": _l("lower price"),
    "quality": _l("higher quality score"),
    "submitted": _l("earlier offer"),
}
METHOD_NAMES = {
    "swing": _l("Swing: points for the step from worst to best"),
    "ranks": _l("Order of importance"),
    "ahp": _l("Comparison in pairs (AHP)"),
    "bwm": _l("Best and worst"),
}
CELLS = ("id", "group", "name", "description", "kind", "weight", "worst", "best", "minimum", "must", "options")
YEARS = 5


class EvaluatorsForm(PortalForm):
    evaluators = SelectMultipleField(
        _l("Evaluators"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class PlanForm(PortalForm):
    told = SelectField(_l("What suppliers are told"), choices=list(TOLD_NAMES.items()))
    blind = BooleanField(
        _l("Evaluators see letters instead of suppliers' names"),
        description=_l("Until all scorecards are in. Texts and documents of suppliers may still name them."),
    )
    rule = SelectField(_l("Joint mark of several evaluators"), choices=list(RULE_NAMES.items()))
    comments = SelectField(_l("A comment is owed"), choices=list(COMMENT_NAMES.items()))
    ties = SelectField(
        _l("Equal scores are settled by"), description=_l("Looked at in this order; then the place is shared.")
    )

    def name_ties(self) -> None:
        chains = [chain for size in (3, 2, 1) for chain in permutations(TIE_BREAKS, size)]
        named = [(",".join(chain), ", ".join(str(TIE_NAMES[one]) for one in chain)) for chain in chains]
        self.ties.choices = [*named, ("", _l("nothing: the place is shared"))]


class DeclareForm(PortalForm):
    conflict = StringField(
        _l("Conflict of interest"),
        [Length(max=1000)],
        description=_l("Which one, in a sentence. Leave empty if you have none."),
    )
    suppliers = SelectMultipleField(
        _l("It concerns"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description=_l("You do not mark these offers. If none is ticked, you mark no offer at all."),
    )

    def name_suppliers(self, offers: Iterable[tuple[str, str]]) -> DeclareForm:
        self.suppliers.choices = list(offers)
        return self


class ConsensusForm(PortalForm):
    points = AmountField(_l("Agreed mark"), [required()], digits=1)
    reason = StringField(_l("Reason"), [required(), Length(max=1000)])


class RecommendForm(PortalForm):
    supplier_id = SelectField(_l("Recommended supplier"), [required()])
    text = TextAreaField(_l("Why"), [required(), Length(max=8000)])


def options_of(text: str) -> tuple[list[tuple[str, Decimal]], bool]:
    """`Yes, certified = 1; In progress = 0.5; No = 0` as pairs, and whether all could be read."""
    found: list[tuple[str, Decimal]] = []
    for part in filter(None, (one.strip() for one in text.replace("\n", ";").split(";"))):
        label, sign, value = part.rpartition("=")
        try:
            number = Decimal(value.strip().replace(",", "."))
        except ArithmeticError:
            return found, False
        if not sign or not label.strip() or not 0 <= number <= 1:
            return found, False
        found.append((label.strip(), number))
    return found, True


class Reader:
    """Cells as values, in the language of who typed them; what cannot be read is kept as a problem."""

    def __init__(self, cells: Mapping[str, str], language: str, kind: str, row: int | None = None) -> None:
        self._cells, self._language, self._kind, self._row = cells, language, kind, row
        self.problems: list[FieldProblem] = []

    def text(self, name: str) -> str:
        return self._cells.get(name, "").strip()

    def number(self, name: str) -> Decimal | None:
        return self._parsed(name, self.text(name)) if self.text(name) else None

    def bound(self, name: str) -> Decimal | None:
        """A number; of a date the day, counted as its ordinal."""
        text = self.text(name)
        if not text or self._kind != "date":
            return self.number(name)
        try:
            return Decimal(date.fromisoformat(text).toordinal())
        except ValueError:
            self.problems.append(FieldProblem(name, "not_a_date", self._row, text))
            return None

    def corners(self, name: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """`100 = 1; 150 = 0.5; 200 = 0`."""
        found = []
        for part in filter(None, (one.strip() for one in self.text(name).replace("\n", ";").split(";"))):
            x, _sign, v = part.partition("=")
            left, right = self._parsed(name, x.strip()), self._parsed(name, v.strip())
            if left is None or right is None:
                break
            found.append((left, right))
        return tuple(found)

    def options(self, name: str) -> tuple[tuple[str, Decimal], ...]:
        found, readable = options_of(self.text(name))
        if not readable:
            self.problems.append(FieldProblem(name, "options_unreadable", self._row, self.text(name)))
        return tuple(found)

    def _parsed(self, name: str, text: str) -> Decimal | None:
        try:
            value = formats.parse_number(text, self._language)
        except ValueError:
            value = Decimal("NaN")
        if not value.is_finite():
            example = formats.number(Decimal("12.5"), self._language)
            self.problems.append(FieldProblem(name, "not_a_number", self._row, text, (("example", example),)))
            return None
        return value


def read_criteria(
    typed: Mapping[str, str], language: str, known: Mapping[str, CriterionValue] | None = None
) -> tuple[list[CriterionValue], dict[int, str], list[dict[str, str]], list[FieldProblem]]:
    """The sheet `criteria-0-name` ... as values, descriptions, as typed, and the cells that cannot be read.

    What the sheet does not show stays as it is in `known`, by id.
    """
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
        reader = Reader(cells, language, cells["kind"], len(raw))
        descriptions[len(raw) - 1] = cells["description"]
        before = (known or {}).get(cells["id"]) or CriterionValue(cells["id"], "", cells["kind"], Decimal(0))
        values.append(_from_sheet(before, reader))
        problems += reader.problems
    return values, descriptions, raw, problems


def _from_sheet(before: CriterionValue, reader: Reader) -> CriterionValue:
    kind = reader.text("kind")
    return replace(
        before,
        name=reader.text("name"),
        kind=kind,
        weight=reader.number("weight") or Decimal(0),
        group=reader.text("group"),
        worst=reader.bound("worst"),
        best=reader.bound("best"),
        options=reader.options("options"),
        minimum=reader.bound("minimum"),
        must=reader.text("must") == "yes",
        formula=before.formula if before.formula in FORMULAS.get(kind, ()) else "",
        years=before.years or (YEARS if kind == "life_cycle" else 0),
    )


def read_detail(
    typed: Mapping[str, str], language: str, before: CriterionValue
) -> tuple[CriterionValue, str, list[FieldProblem]]:
    """One criterion in full, its description, and the fields that cannot be read."""
    reader = Reader(typed, language, before.kind)
    years = reader.number("years")
    if years is not None and years != years.to_integral_value():
        reader.problems.append(FieldProblem("years", "no_whole_number", value=reader.text("years")))
        years = None
    value = replace(
        before,
        formula=reader.text("formula"),
        envelope=reader.text("envelope") or before.envelope,
        worst=reader.bound("worst"),
        best=reader.bound("best"),
        ideal=reader.bound("ideal"),
        bend=reader.number("bend"),
        points=reader.corners("points"),
        options=reader.options("options"),
        scale=reader.number("scale") or before.scale,
        minimum=reader.bound("minimum"),
        must=reader.text("must") == "yes",
        years=int(years or 0),
        rate=reader.number("rate") or Decimal(0),
    )
    return value, reader.text("description"), reader.problems
