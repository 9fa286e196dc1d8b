"""Forms of needs and events, and reading the sheet of line items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import Length, NumberRange

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.money import plain
from srm_portal.sourcing.domain.need import LineInput
from srm_portal.sourcing.domain.rates import NAMES
from srm_portal.web import formats
from srm_portal.web.forms import (
    AmountField,
    BooleanField,
    DateField,
    MomentField,
    PortalForm,
    SelectField,
    StringField,
    TextAreaField,
    optional,
    required,
)
from srm_portal.web.i18n import language

ENGAGEMENTS = (
    ("purchase", _l("Purchase")),
    ("subcontracting", _l("Subcontracting: you direct the work")),
    ("outsourcing", _l("Outsourcing: activity and responsibility pass over")),
)
KINDS = (
    ("rfq", _l("Request for quotation (RFQ)")),
    ("rfp", _l("Request for proposal (RFP)")),
    ("itt", _l("Invitation to tender")),
)
LEVELS = (
    ("S1", _l("Sealed: a stolen database or backup shows nothing before the opening")),
    ("S2", _l("Sealed to openers: nobody reads an offer until several named people act after the deadline")),
    ("S0", _l("Not sealed: access rules only")),
)
ENVELOPES = (
    ("single", _l("One envelope: everything is opened together")),
    ("two", _l("Two envelopes: technical first, prices after the scores are locked")),
)


class NeedForm(PortalForm):
    title = StringField(_l("Title"), [required(), Length(max=300)])
    category = StringField(
        _l("Category (CPV code)"), [Length(max=20)], render_kw={"list": "category-list", "autocomplete": "off"}
    )
    product = StringField(_l("Product or service"), [Length(max=300)])
    market = StringField(
        _l("Market"), [Length(max=300)], description=_l("Where it is bought: how many can supply it, how prices move.")
    )
    strategic_aim = TextAreaField(
        _l("Strategic aim"),
        description=_l("What the purchase should do for you: lower cost, second source, innovation …"),
    )
    sector = StringField(_l("Sector"), [Length(max=200)])
    region = StringField(
        _l("Region"), [Length(max=60)], description=_l("Where it is delivered, for example FR or PL-12.")
    )
    engagement = SelectField(_l("Engagement"), choices=ENGAGEMENTS)
    description = TextAreaField(_l("Description"))
    currency = StringField(
        _l("Currency"), [required(), Length(min=3, max=3)], filters=[lambda t: t.upper() if t else t]
    )
    budget = AmountField(_l("Budget"), [optional()], digits=2)
    baseline = AmountField(
        _l("Baseline"),
        [optional()],
        digits=2,
        description=_l("What you pay today; filled from the lines if they have it."),
    )
    needed_on = DateField(_l("Needed by"), [optional()])


class NewNeedForm(PortalForm):
    title = StringField(_l("What is needed?"), [required(), Length(max=300)])
    engagement = SelectField(_l("Engagement"), choices=ENGAGEMENTS)


class RatesField(TextAreaField):
    """One currency a line: code, rate, day, source, with semicolons between. `data` is the table as the event keeps it."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join("; ".join(one[name] for name in NAMES) for one in self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = [line for line in (valuelist[0] if valuelist else "").splitlines() if line.strip()]
        cells = [[cell.strip() for cell in line.split(";", 3)] for line in lines]
        self.data = [self._row([*row, "", "", ""]) for row in cells]

    def _row(self, cells: list[str]) -> dict[str, str]:
        code, rate, on, source = cells[:4]
        with suppress(ValueError):
            rate = plain(formats.parse_number(rate, language()))
        return {"currency": code.upper(), "rate": rate, "on": on, "source": source}


class EventForm(PortalForm):
    kind = SelectField(_l("Kind"), choices=KINDS)
    title = StringField(_l("Title"), [required(), Length(max=300)])
    deadline_at = MomentField(_l("Deadline for offers"), [optional()])
    questions_until = MomentField(_l("Questions until"), [optional()])
    level = SelectField(_l("Sealing"), choices=LEVELS)
    envelopes = SelectField(_l("Envelopes"), choices=ENVELOPES, default="single")
    payment_days = IntegerField(_l("Payment asked (days net)"), [optional(), NumberRange(min=0, max=365)])
    validity_days = IntegerField(_l("Offers valid for (days)"), [required(), NumberRange(min=1, max=730)], default=90)
    rates = RatesField(
        _l("Other currencies"),
        description=_l("One a line: code; rate; day; source. For example USD; 0.92; 2026-11-20; ECB."),
    )
    instructions = TextAreaField(_l("Instructions to suppliers"))
    terms = TextAreaField(_l("Terms"), description=_l("Suppliers accept them before they see the content."))


class AnswerForm(PortalForm):
    amend = BooleanField(_l("The answer changes what is asked: publish it as an amendment too"))
    answer = TextAreaField(_l("Answer"), [required(), Length(max=8000)])
    audience = SelectField(
        _l("Who sees it"), choices=[("all", _l("Everybody invited (asker not named)")), ("one", _l("Only the asker"))]
    )


class AmendForm(PortalForm):
    text = TextAreaField(_l("What changes"), [required(), Length(max=8000)])
    deadline_at = MomentField(_l("New deadline (optional)"), [optional()])
    confirm = BooleanField(_l("Offers already handed in must be confirmed"))


class AmendmentForm(AmendForm):
    """An amendment that changes what was published."""

    payment_days = IntegerField(_l("Payment asked (days net)"), [optional(), NumberRange(min=0, max=365)])
    validity_days = IntegerField(_l("Offers valid for (days)"), [required(), NumberRange(min=1, max=730)])
    instructions = TextAreaField(_l("Instructions to suppliers"))
    terms = TextAreaField(_l("Terms"))


def read_amended_lines(typed: Mapping[str, str], known: Iterable[str], language: str) -> dict[str, dict[str, str]]:
    """The fields `quantity-<id>` and `description-<id>`; a quantity that cannot be read stays as it was typed."""
    found: dict[str, dict[str, str]] = {}
    for line_id in known:
        if f"quantity-{line_id}" not in typed:
            continue
        text = typed[f"quantity-{line_id}"].strip()
        with suppress(ValueError):
            text = plain(formats.parse_number(text, language))
        found[line_id] = {"quantity": text, "description": typed.get(f"description-{line_id}", "").strip()}
    return found


LINE_FIELDS = ("lot", "title", "description", "quantity", "unit", "baseline_price", "target_price", "needed_on")


def read_lines(
    typed: Mapping[str, str], language: str
) -> tuple[list[LineInput], list[dict[str, str]], list[FieldProblem]]:
    """The sheet `lines-0-title` ... as values, as typed (to show again), and the cells that cannot be read.

    Rows without anything in them are left out.
    """
    numbers = sorted(
        {int(name.split("-")[1]) for name in typed if name.startswith("lines-") and name.split("-")[1].isdigit()}
    )
    lines, raw, problems = [], [], []
    for number in numbers:
        cells = {name: typed.get(f"lines-{number}-{name}", "").strip() for name in LINE_FIELDS}
        if not any(cells[name] for name in LINE_FIELDS if name not in ("unit", "lot")):
            continue
        raw.append(cells)
        line, wrong = _read_line(cells, len(raw), language)
        lines.append(line)
        problems += wrong
    return lines, raw, problems


def _read_line(cells: Mapping[str, str], row: int, language: str) -> tuple[LineInput, list[FieldProblem]]:
    problems: list[FieldProblem] = []

    def amount(name: str) -> Decimal | None:
        if not cells[name]:
            return None
        try:
            return formats.parse_number(cells[name], language)
        except ValueError:
            example = formats.number(Decimal("1234.50"), language)
            problems.append(FieldProblem(name, "not_a_number", row, cells[name], (("example", example),)))
            return None

    def day(name: str) -> date | None:
        if not cells[name]:
            return None
        try:
            return date.fromisoformat(cells[name])
        except ValueError:
            problems.append(FieldProblem(name, "not_a_date", row, cells[name]))
            return None

    lot = int(cells["lot"]) if cells["lot"].isascii() and cells["lot"].isdigit() else 0 if cells["lot"] else 1
    line = LineInput(
        lot=lot,
        title=cells["title"],
        quantity=amount("quantity"),
        unit=cells["unit"] or "C62",
        description=cells["description"],
        target_price=amount("target_price"),
        baseline_price=amount("baseline_price"),
        needed_on=day("needed_on"),
    )
    return line, problems


UNIT_CHOICES = list(UNITS.items())
