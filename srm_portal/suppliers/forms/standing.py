"""Forms about how suppliers do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from srm_portal.suppliers.domain.gates import RULES
from srm_portal.suppliers.domain.performance import DIMENSIONS, weights_of
from srm_portal.suppliers.domain.segmentation import FACTORS
from srm_portal.web.forms import PortalForm, optional, required
from srm_portal.web.names import FACTOR_NAMES, GATE_LEVELS, PERFORMANCE_NAMES, PLAN_SIDES, RISK_KINDS, RISK_LEVELS

_LEVELS = list(GATE_LEVELS.items())
_ONE_TO_FIVE = [("", "–"), *((str(number), str(number)) for number in range(1, 6))]


class PeriodForm(PortalForm):
    period = StringField(_l("Period"), [required(), Length(max=8)], description=_l("2026, 2026-Q1 or 2026-03."))


class AskColleaguesForm(PeriodForm):
    people = SelectMultipleField(_l("Colleagues"), render_kw={"size": 6})


class SurveyForm(PortalForm):
    """1 very bad .. 5 very good; empty: I cannot judge."""

    quality = SelectField(PERFORMANCE_NAMES["quality"], choices=_ONE_TO_FIVE)
    delivery = SelectField(PERFORMANCE_NAMES["delivery"], choices=_ONE_TO_FIVE)
    cost = SelectField(PERFORMANCE_NAMES["cost"], choices=_ONE_TO_FIVE)
    responsiveness = SelectField(PERFORMANCE_NAMES["responsiveness"], choices=_ONE_TO_FIVE)
    sustainability = SelectField(PERFORMANCE_NAMES["sustainability"], choices=_ONE_TO_FIVE)
    comment = TextAreaField(_l("Comment"), [Length(max=5000)])

    def marks(self) -> dict[str, int | None]:
        return {name: int(self[name].data) if self[name].data else None for name in DIMENSIONS}


class PlanForm(PortalForm):
    title = StringField(_l("What is to become better"), [required(), Length(max=200)])
    dimension = SelectField(_l("About"), choices=list(PERFORMANCE_NAMES.items()))
    target = IntegerField(_l("Mark to reach"), [optional(), NumberRange(0, 100)])
    due_on = DateField(_l("Until"), [required()])


class TaskForm(PortalForm):
    title = StringField(_l("Step"), [required(), Length(max=300)])
    side = SelectField(_l("Who"), choices=list(PLAN_SIDES.items()))
    due_on = DateField(_l("Until"), [required()])


class DoneForm(PortalForm):
    note = StringField(_l("What was done"), [Length(max=2000)])


class FlagForm(PortalForm):
    kind = SelectField(_l("Risk"), choices=list(RISK_KINDS.items()))
    level = SelectField(_l("How bad"), choices=list(RISK_LEVELS.items()))
    text = TextAreaField(_l("What is known"), [required(), Length(max=5000)])
    source = StringField(
        _l("Source"),
        [required(), Length(max=500)],
        description=_l("Where it is written: an address, a report, a visit."),
    )
    seen_on = DateField(_l("Seen on"), [required()])
    review_on = DateField(_l("Look again on"), [optional()])


class RatingForm(PortalForm):
    """Factors of one category, 1 low .. 5 high."""

    substitutes = SelectField(FACTOR_NAMES["substitutes"], choices=_ONE_TO_FIVE)
    switching = SelectField(FACTOR_NAMES["switching"], choices=_ONE_TO_FIVE)
    scarcity = SelectField(FACTOR_NAMES["scarcity"], choices=_ONE_TO_FIVE)
    logistics = SelectField(FACTOR_NAMES["logistics"], choices=_ONE_TO_FIVE)
    product = SelectField(FACTOR_NAMES["product"], choices=_ONE_TO_FIVE)
    growth = SelectField(FACTOR_NAMES["growth"], choices=_ONE_TO_FIVE)
    note = TextAreaField(_l("Why"), [Length(max=2000)])

    def factors(self) -> dict[str, int | None]:
        return {name: int(self[name].data) if self[name].data else None for name in FACTORS}


class RulesForm(PortalForm):
    """Weights of the five dimensions, and what happens at an invitation."""

    quality = IntegerField(PERFORMANCE_NAMES["quality"], [NumberRange(0, 100)])
    delivery = IntegerField(PERFORMANCE_NAMES["delivery"], [NumberRange(0, 100)])
    cost = IntegerField(PERFORMANCE_NAMES["cost"], [NumberRange(0, 100)])
    responsiveness = IntegerField(PERFORMANCE_NAMES["responsiveness"], [NumberRange(0, 100)])
    sustainability = IntegerField(PERFORMANCE_NAMES["sustainability"], [NumberRange(0, 100)])
    score_min = IntegerField(_l("Lowest overall mark"), [NumberRange(0, 100)])
    score = SelectField(_l("Mark below it"), choices=_LEVELS)
    risk = SelectField(_l("Open risk of the highest level"), choices=_LEVELS)
    certificates = StringField(
        _l("Certificates that everybody needs"), [Length(max=500)], description=_l("Separated by commas: ISO 9001.")
    )
    certificate = SelectField(_l("Certificate missing or over"), choices=_LEVELS)
    plan = SelectField(_l("Improvement plan late"), choices=_LEVELS)

    @staticmethod
    def values(weights: dict[str, int], gates: dict[str, Any]) -> dict[str, Any]:
        shown = {name: gates[name] for name in (*RULES, "score_min")}
        return weights_of(weights) | shown | {"certificates": ", ".join(gates["certificates"])}

    def weights(self) -> dict[str, int]:
        return {name: self[name].data or 0 for name in DIMENSIONS}

    def gates(self) -> dict[str, Any]:
        kinds = [one.strip() for one in (self.certificates.data or "").split(",") if one.strip()]
        return {name: self[name].data for name in (*RULES, "score_min")} | {"certificates": kinds}
