"""Forms by which companies come in, and what they hand over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from srm_portal.suppliers.domain import questionnaires as rules
from srm_portal.suppliers.domain.questionnaires import Question
from srm_portal.suppliers.domain.record import TEXT_MAX, SupplierData
from srm_portal.suppliers.queries import choices
from srm_portal.web.errors import sentence
from srm_portal.web.formats import country_names
from srm_portal.web.forms import PortalForm, optional, required
from srm_portal.web.i18n import language
from srm_portal.web.names import QUESTION_KINDS, QUESTIONNAIRE_PURPOSES
from srm_portal.web.templating import LANGUAGE_NAMES


def _most(name: str) -> Length:
    return Length(max=TEXT_MAX[name])


class StartForm(PortalForm):
    """The first page: who, and where the mail goes."""

    name = StringField(
        _l("Name of the company"), [required(), _most("name")], render_kw={"autocomplete": "organization"}
    )
    country = SelectField(_l("Country"), [required()])
    contact_name = StringField(_l("Your name"), [required(), Length(max=200)], render_kw={"autocomplete": "name"})
    email = StringField(
        _l("E-mail address"),
        [required(), Length(max=254)],
        description=_l("At your company. A mail with a link goes there."),
        render_kw={"type": "email", "autocomplete": "email"},
    )
    language = SelectField(_l("Language of mails"), choices=list(LANGUAGE_NAMES.items()))

    def prepare(self) -> StartForm:
        self.country.choices = [("", ""), *country_names(language()).items()]
        if not self.is_submitted():
            self.language.data = language()
        return self


class _CompanyForm(PortalForm):
    name = StringField(_l("Name of the company"), [required(), _most("name")])
    legal_name = StringField(_l("Legal name"), [_most("legal_name")])
    country = SelectField(_l("Country"), [required()])
    street = StringField(_l("Street"), [_most("street")])
    postcode = StringField(_l("Postcode"), [_most("postcode")])
    city = StringField(_l("Town"), [_most("city")])
    region = StringField(_l("Region"), [_most("region")], description=_l("A code such as FR10, or a name."))
    vat = StringField(_l("VAT number"), [_most("vat")])
    registration_number = StringField(_l("Registration number"), [_most("registration_number")])
    website = StringField(_l("Website"), [_most("website")])
    phone = StringField(_l("Telephone"), [_most("phone")])
    categories = SelectMultipleField(
        _l("Categories"), description=_l("What the company offers. Hold Ctrl to choose several."), render_kw={"size": 8}
    )
    regions = StringField(
        _l("Delivers to"), [Length(max=1000)], description=_l("Region codes, separated by commas: FR, DE2.")
    )

    def _fill(self, data: SupplierData | None) -> None:
        self.country.choices = [("", ""), *country_names(language()).items()]
        self.categories.choices = choices(language(), data.categories if data else ())
        if data is not None and not self.is_submitted():
            self.regions.data, self.categories.data = ", ".join(data.regions), list(data.categories)

    def supplier(self) -> SupplierData:
        texts = (
            "legal_name",
            "country",
            "region",
            "city",
            "postcode",
            "street",
            "vat",
            "registration_number",
            "website",
        )
        values = {name: self[name].data or "" for name in (*texts, "name", "phone")}
        typed = self["iban"].data if "iban" in self else None
        return SupplierData(
            **values,
            lei=(self["lei"].data or "") if "lei" in self else "",
            iban=(typed or "").strip() or None,
            categories=tuple(self.categories.data or ()),
            regions=tuple((self.regions.data or "").split(",")),
        )


class RegistrationForm(_CompanyForm):
    """What a company tells about itself."""

    lei = StringField(_l("LEI"), [_most("lei")], description=_l("Legal entity identifier, 20 signs."))
    iban = StringField(
        _l("IBAN"),
        [_most("iban")],
        description=_l("Kept sealed; a second person at the buyer checks it before it counts."),
        render_kw={"autocomplete": "off"},
    )

    def prepare(self, data: SupplierData) -> RegistrationForm:
        self._fill(data)
        return self


class ProposalForm(_CompanyForm):
    """Somebody inside knows a company."""

    contact_name = StringField(_l("Name of a contact"), [Length(max=200)])
    email = StringField(_l("Their e-mail address"), [Length(max=254)], render_kw={"type": "email"})
    reason = TextAreaField(_l("Why this company"), [required(), Length(max=5000)])

    def prepare(self) -> ProposalForm:
        self._fill(None)
        return self


class EntryForm(PortalForm):
    """Letting a company in."""

    reason = TextAreaField(_l("Remark"), [Length(max=2000)])
    accept_duplicates = BooleanField(_l("This is another company, I have looked"))


class AccountForm(PortalForm):
    iban = StringField(_l("IBAN"), [required(), _most("iban")], render_kw={"autocomplete": "off"})
    holder = StringField(_l("Account holder"), [Length(max=200)])


class EvidenceForm(PortalForm):
    evidence = TextAreaField(_l("How it was checked"), [required(), Length(max=2000)])


class CertificateForm(PortalForm):
    kind = StringField(
        _l("Certificate"), [required(), Length(max=100)], description=_l("For example ISO 9001, insurance, EcoVadis.")
    )
    number = StringField(_l("Number"), [Length(max=100)])
    issuer = StringField(_l("Issued by"), [Length(max=200)])
    issued_on = DateField(_l("Issued on"), [optional()])
    valid_until_on = DateField(_l("Valid until"), [optional()], description=_l("The last day. Empty: without end."))
    file = FileField(_l("File"), description=_l("PDF or picture."))


class CheckForm(PortalForm):
    right = SelectField(_l("Result"), choices=[("yes", _l("right")), ("no", _l("not accepted"))])
    note = TextAreaField(_l("Note"), [Length(max=2000)])


class OpenRegistrationForm(PortalForm):
    registration_open = BooleanField(_l("Companies may register by themselves"))
    welcome = TextAreaField(
        _l("What they read first"), [Length(max=5000)], description=_l("Whom you look for and what happens next.")
    )


class QuestionnaireForm(PortalForm):
    title = StringField(_l("Title"), [required(), Length(max=200)])
    purpose = SelectField(_l("Laid before"), choices=list(QUESTIONNAIRE_PURPOSES.items()))
    category = StringField(
        _l("Only for category"), [Length(max=20)], description=_l("A CPV code; empty: for all categories.")
    )


class QuestionForm(PortalForm):
    module = StringField(
        _l("Module"), [Length(max=100)], description=_l("The heading under which it stands, for example Quality.")
    )
    text = StringField(_l("Question"), [required(), Length(max=500)])
    help = StringField(_l("Help"), [Length(max=500)])
    kind = SelectField(_l("Kind of answer"), choices=list(QUESTION_KINDS.items()))
    options = TextAreaField(
        _l("Choices and points"),
        [Length(max=4000)],
        description=_l("One a line; points 0 to 100 behind =, as in “ISO 9001 = 100”. For yes or no: “yes = 100”."),
    )
    weight = IntegerField(_l("Weight"), [optional(), NumberRange(1, 100)])
    required_ = BooleanField(_l("Must be answered"), name="required")
    show_if = SelectField(_l("Appears only if"))
    show_value = StringField(_l("is answered with"), [Length(max=200)])

    def prepare(self, before: list[Question], question: Question | None = None) -> QuestionForm:
        asked = [one for one in before if one.kind in ("yes_no", "choice", "choices")]
        self.show_if.choices = [("", _l("always shown")), *((one.key, one.text[:80]) for one in asked)]
        if self.is_submitted():
            return self
        self.weight.data = question.weight if question else 1
        if question is not None:
            for name in ("module", "text", "help", "kind", "show_if", "show_value"):
                self[name].data = getattr(question, name)
            self.required_.data, self.options.data = question.required, rules.options_text(question.options)
        return self

    def validate_options(self, field: TextAreaField) -> None:
        try:
            rules.parse_options(field.data or "")
        except ValueError as wrong:
            raise ValidationError(sentence("option_wrong", value=str(wrong))) from None

    def question(self, key: str = "") -> Question:
        return Question(
            key=key,
            text=self.text.data or "",
            kind=self.kind.data or "",
            module=(self.module.data or "").strip(),
            help=(self.help.data or "").strip(),
            required=bool(self.required_.data),
            weight=self.weight.data or 1,
            options=rules.parse_options(self.options.data or ""),
            show_if=self.show_if.data or "",
            show_value=(self.show_value.data or "").strip(),
        )


class SendForm(PortalForm):
    questionnaire = SelectField(_l("Questionnaire"), [required()])
    due_on = DateField(_l("Answer by"), [optional()])
