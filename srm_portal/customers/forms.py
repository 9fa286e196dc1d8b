"""Forms of customers, and reading the sheet of an opportunity's lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.customers.domain.pipeline import STAGES, LineInput
from srm_portal.customers.domain.record import CONSENTS, INTERACTION_KINDS, TEXT_MAX, CustomerData
from srm_portal.customers.ports import Delivery
from srm_portal.customers.services import ContractRow, OpportunityData, QuoteRow
from srm_portal.customers.services.facts import QUOTE_STATES
from srm_portal.identity.queries import PersonView
from srm_portal.kernel.errors import FieldProblem
from srm_portal.web import formats, names
from srm_portal.web.forms import AmountField, MomentField, PortalForm, optional, required
from srm_portal.web.i18n import language

LINE_FIELDS = ("title", "quantity", "unit", "price", "needed_on")


def _most(name: str) -> Length:
    return Length(max=TEXT_MAX[name])


class CustomerForm(PortalForm):
    name = StringField(_l("Name"), [required(), _most("name")])
    legal_name = StringField(_l("Legal name"), [_most("legal_name")])
    country = SelectField(_l("Country"), [required()])
    city = StringField(_l("Town"), [_most("city")])
    vat = StringField(_l("VAT number"), [_most("vat")])
    segment = StringField(_l("Segment"), [_most("segment")], description=_l("For example Energy, Food, Public."))
    website = StringField(_l("Website"), [_most("website")])
    roles = SelectMultipleField(
        _l("Is also"),
        choices=list(names.CUSTOMER_ROLES.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    owner_id = SelectField(_l("Looked after by"), [optional()])
    note = TextAreaField(_l("Note"), [_most("note")])
    accept_duplicates = BooleanField(_l("This is another company, I have looked"))

    def prepare(self, people: Iterable[PersonView]) -> CustomerForm:
        self.country.choices = [("", ""), *formats.country_names(language()).items()]
        self.owner_id.choices = [("", _("nobody yet")), *((person.id, person.name) for person in people)]
        return self

    def customer(self) -> CustomerData:
        texts = {name: self[name].data or "" for name in (*TEXT_MAX, "country")}
        return CustomerData(**texts, roles=tuple(self.roles.data or ()), owner_id=self.owner_id.data or None)


class CustomerContactForm(PortalForm):
    name = StringField(_l("Name"), [required(), Length(max=200)])
    email = StringField(_l("E-mail address"), [Length(max=254)], render_kw={"type": "email"})
    phone = StringField(_l("Telephone"), [Length(max=40)])
    role = StringField(_l("Role"), [Length(max=100)])

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("name", "email", "phone", "role")}


class InteractionForm(PortalForm):
    kind = SelectField(_l("Kind"), choices=[(kind, names.INTERACTION_KINDS[kind]) for kind in INTERACTION_KINDS])
    at = MomentField(_l("When"), [optional()])
    subject = StringField(_l("Subject"), [required(), Length(max=300)])
    text = TextAreaField(_l("What was said"), [Length(max=20_000)])
    opportunity_id = SelectField(_l("About"), [optional()])

    delivery = SelectField(
        _l("Delivered by"), [optional()], description=_l("For complaints: it goes to this supplier's record.")
    )

    def prepare(self, opportunities: Iterable[tuple[str, str]], deliveries: Iterable[Delivery]) -> InteractionForm:
        self.opportunity_id.choices = [("", _("the customer in general")), *opportunities]
        known = [(f"{one.project_id}:{one.supplier_id}", one.label) for one in deliveries]
        self.delivery.choices = [("", _("nobody in particular")), *known]
        return self

    def delivered(self) -> dict[str, str]:
        """The project and supplier chosen, as `log_interaction` wants them."""
        project, _colon, supplier = (self.delivery.data or "").partition(":")
        return {"project_id": project, "supplier_id": supplier} if supplier and self.kind.data == "complaint" else {}


class TaskForm(PortalForm):
    title = StringField(_l("What has to be done"), [required(), Length(max=300)])
    due_on = DateField(_l("By"), [optional()])
    assignee_id = SelectField(_l("Who"), [required()])

    def prepare(self, people: Iterable[PersonView]) -> TaskForm:
        self.assignee_id.choices = [(person.id, person.name) for person in people]
        return self


class OpportunityForm(PortalForm):
    title = StringField(_l("Title"), [required(), Length(max=300)])
    category = StringField(
        _l("Category (CPV code)"), [Length(max=20)], render_kw={"list": "category-list", "autocomplete": "off"}
    )
    amount = AmountField(_l("Expected value"), [optional()], digits=2)
    currency = StringField(
        _l("Currency"), [required(), Length(min=3, max=3)], filters=[lambda text: text.upper() if text else text]
    )
    probability = IntegerField(
        _l("Chance in percent"),
        [optional(), NumberRange(0, 100)],
        description=_l("Empty takes the usual chance of the stage."),
    )
    expected_on = DateField(_l("Expected by"), [optional()])
    target_margin = AmountField(
        _l("Margin aimed at, in percent"),
        [optional()],
        minimum=Decimal(-100),
        digits=2,
        description=_l("Of the customer's price; never shown to suppliers."),
    )
    description = TextAreaField(_l("Description"), [Length(max=20_000)])

    def opportunity(self) -> OpportunityData:
        return OpportunityData(
            title=self.title.data or "",
            description=self.description.data or "",
            category=self.category.data or "",
            amount=self.amount.data,
            currency=self.currency.data or "",
            probability=self.probability.data,
            expected_on=self.expected_on.data,
            target_margin=self.target_margin.data,
        )


class ConsentForm(PortalForm):
    consent = SelectField(_l("May we write about offers?"), choices=[(one, names.CONSENTS[one]) for one in CONSENTS])
    note = StringField(_l("How we know"), [required(), Length(max=300)])


class QuoteForm(PortalForm):
    number = StringField(_l("Number"), [required(), Length(max=60)])
    title = StringField(_l("Title"), [Length(max=300)])
    quoted_on = DateField(_l("Given on"), [required()])
    valid_until_on = DateField(_l("Valid until"), [optional()])
    net = AmountField(_l("Net value"), [required()], digits=2)
    currency = StringField(_l("Currency"), [required(), Length(min=3, max=3)])
    state = SelectField(_l("State"), choices=[(one, names.QUOTE_STATES[one]) for one in QUOTE_STATES])

    def quote(self, customer_id: str) -> QuoteRow:
        return QuoteRow(
            customer_id,
            self.number.data or "",
            self.quoted_on.data,
            self.net.data,
            (self.currency.data or "").upper(),
            self.title.data or "",
            self.valid_until_on.data,
            self.state.data,
        )


class SaleContractForm(PortalForm):
    number = StringField(_l("Number"), [required(), Length(max=60)])
    title = StringField(_l("Title"), [required(), Length(max=300)])
    starts_on = DateField(_l("From"), [required()])
    ends_on = DateField(_l("Until"), [optional()])
    notice_days = IntegerField(_l("Days of notice"), [optional(), NumberRange(0, 3650)])
    value = AmountField(_l("Value"), [optional()], digits=2)
    currency = StringField(_l("Currency"), [required(), Length(min=3, max=3)])

    def contract(self, customer_id: str) -> ContractRow:
        return ContractRow(
            customer_id,
            self.number.data or "",
            self.title.data or "",
            self.starts_on.data,
            (self.currency.data or "").upper(),
            self.ends_on.data,
            self.notice_days.data or 0,
            self.value.data,
        )


class SatisfactionForm(PortalForm):
    score = IntegerField(_l("Would recommend us, 0 to 10"), [NumberRange(0, 10)])
    said_on = DateField(_l("Said on"), [required()])
    by_name = StringField(_l("By"), [Length(max=200)])
    comment = TextAreaField(_l("What they said"), [Length(max=2000)])


class MoveForm(PortalForm):
    stage = SelectField(_l("Stage"), choices=[(stage, names.OPPORTUNITY_STAGES[stage]) for stage in STAGES])
    reason = StringField(_l("Reason"), [Length(max=2000)])


def read_lines(typed: Mapping[str, str]) -> tuple[list[LineInput], list[dict[str, str]], list[FieldProblem]]:
    """The sheet `lines-0-title` ... as values, as typed (to show again), and the cells that cannot be read.

    Rows without anything in them are left out.
    """
    parts = (name.split("-") for name in typed if name.startswith("lines-"))
    lines, raw, problems = [], [], []
    for number in sorted({int(part[1]) for part in parts if len(part) == 3 and part[1].isdigit()}):
        cells = {name: typed.get(f"lines-{number}-{name}", "").strip() for name in LINE_FIELDS}
        if not any(cells[name] for name in LINE_FIELDS if name != "unit"):
            continue
        raw.append(cells)
        line, wrong = _read_line(cells, len(raw))
        lines.append(line)
        problems += wrong
    return lines, raw, problems


def _read_line(cells: Mapping[str, str], row: int) -> tuple[LineInput, list[FieldProblem]]:
    problems: list[FieldProblem] = []

    def amount(name: str) -> Decimal | None:
        try:
            return formats.parse_number(cells[name], language()) if cells[name] else None
        except ValueError:
            example = formats.number(Decimal("1234.50"), language())
            problems.append(FieldProblem(name, "not_a_number", row, cells[name], (("example", example),)))
            return None

    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(cells[name]) if cells[name] else None
        except ValueError:
            problems.append(FieldProblem(name, "not_a_date", row, cells[name]))
            return None

    line = LineInput(cells["title"], amount("quantity"), cells["unit"] or "C62", amount("price"), day("needed_on"))
    return line, problems
