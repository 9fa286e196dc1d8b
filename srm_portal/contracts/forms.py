"""Forms of contracts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, PasswordField, SelectMultipleField
from wtforms.validators import Length, NumberRange, Optional

from srm_portal.web import names
from srm_portal.web.forms import (
    AmountField,
    BooleanField,
    DateField,
    PortalForm,
    SelectField,
    StringField,
    TextAreaField,
    optional,
    required,
)

RISKS = [(code, name) for code, name in names.RISK_NAMES.items()]
KINDS = [(code, name) for code, name in names.CONTRACT_KINDS.items()]
BY_HAND = [pair for pair in KINDS if pair[0] != "call_off"]
SIDES = [("supplier", _l("Supplier")), ("buyer", _l("We"))]


class ClauseForm(PortalForm):
    title = StringField(_l("Title"), [required(), Length(max=300)])
    text = TextAreaField(_l("Text"), [required(), Length(max=20000)])


class ProposalForm(ClauseForm):
    note = TextAreaField(_l("Why"), [Length(max=2000)], description=_l("The other side reads it beside your text."))
    leave_out = BooleanField(_l("Leave this clause out"))


class CounterForm(PortalForm):
    text = TextAreaField(_l("Your text in answer"), [required(), Length(max=20000)])
    note = TextAreaField(_l("Why"), [Length(max=2000)])


class CommentForm(PortalForm):
    text = TextAreaField(_l("Remark"), [required(), Length(max=4000)])


class WordForm(PortalForm):
    upload = FileField(_l("The marked Word file (.docx)"))


class WordingForm(PortalForm):
    key = HiddenField()
    variant = HiddenField()


class TermForm(PortalForm):
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    notice_days = IntegerField(_l("Notice (days)"), [required(), NumberRange(min=0, max=730)])
    renews_months = IntegerField(
        _l("Renews itself by (months)"), [Optional(), NumberRange(min=0, max=120)], description=_l("0: it ends.")
    )


class TermsForm(PortalForm):
    value = AmountField(_l("Value"), [required()], digits=2)
    category = StringField(_l("Category"), [Length(max=20)])
    risk = SelectField(_l("Risk"), choices=RISKS)
    sign_first = SelectField(_l("Who signs first"), choices=SIDES)
    index_name = StringField(_l("Price index"), [Length(max=120)], description=_l("Empty: firm prices."))
    index_base = AmountField(_l("Index at the start"), [optional()])
    index_share = IntegerField(
        _l("Part of the price that follows (%)"), [Optional(), NumberRange(min=0, max=100)], default=100
    )
    index_cap = IntegerField(_l("At most (±%)"), [Optional(), NumberRange(min=0, max=100)])


class NewContractForm(PortalForm):
    supplier_id = SelectField(_l("Supplier"), [required()])
    title = StringField(_l("Title"), [required(), Length(max=300)])
    kind = SelectField(_l("Type"), choices=BY_HAND)
    value = AmountField(_l("Value"), [required()], digits=2)
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    category = StringField(_l("Category"), [Length(max=20)])
    risk = SelectField(_l("Risk"), choices=RISKS)


class CallOffForm(PortalForm):
    title = StringField(_l("What is called off"), [required(), Length(max=300)], id="call-off-title")
    value = AmountField(_l("Value"), [required()], digits=2)
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])


class AmendForm(PortalForm):
    title = StringField(_l("What is amended"), [required(), Length(max=300)], id="amend-title")


class ApproveForm(PortalForm):
    sha256 = HiddenField()
    reason = StringField(_l("Note (optional)"), [Length(max=500)])


class DelegateForm(PortalForm):
    to_id = SelectField(_l("Who stands in"), [required()])
    from_on = DateField(_l("From"), [required()])
    until_on = DateField(_l("Until"), [required()])
    reason = StringField(_l("Reason"), [required(), Length(max=300)])


class RuleForm(PortalForm):
    stage = IntegerField(
        _l("Stage"),
        [required(), NumberRange(min=1, max=9)],
        default=1,
        description=_l("Equal stages run side by side."),
    )
    purpose = StringField(_l("What for"), [required(), Length(max=80)])
    value_from = AmountField(_l("From value"), [optional()], digits=2)
    category = StringField(_l("Category begins with"), [Length(max=20)])
    risk = SelectField(_l("From risk"), choices=[("", _l("any")), *RISKS])
    deviations = BooleanField(_l("Only with deviations from standard clauses"))
    needed = IntegerField(_l("How many have to approve"), [required(), NumberRange(min=1, max=20)], default=1)
    people = SelectMultipleField(_l("Of these people"), description=_l("None chosen: any manager with the authority."))


class OwnerForm(PortalForm):
    owner_id = SelectField(_l("New owner"), [required()])


class SignForm(PortalForm):
    sha256 = HiddenField()
    certificate = FileField(
        _l("Your own certificate (PKCS#12)"),
        description=_l("Without one the portal signs with its own certificate and names you. It is never kept."),
    )
    passphrase = PasswordField(_l("Its pass-phrase"))


class SignedForm(PortalForm):
    signed_on = DateField(_l("Signed on"), [required()])
    code = StringField(
        _l("First 12 signs of the SHA-256 on the paper"),
        [required(), Length(max=40)],
        description=_l("It stands at the foot of every page: so another version’s paper is noticed."),
    )
    upload = FileField(_l("The signed document (PDF)"))


class ObligationForm(PortalForm):
    title = StringField(_l("Obligation"), [required(), Length(max=300)])
    kind = SelectField(
        _l("Kind"),
        choices=[
            ("obligation", _l("Obligation")),
            ("milestone", _l("Milestone")),
            ("delivery", _l("Delivery")),
            ("report", _l("Report")),
            ("payment", _l("Payment")),
        ],
    )
    party = SelectField(_l("Who owes it"), choices=SIDES)
    owner_id = SelectField(_l("Who looks after it"))
    due_on = DateField(_l("Due on"), [optional()])


class IndexForm(PortalForm):
    index_value = AmountField(_l("Index now"), [required()])
    effective_on = DateField(_l("Prices from"), [required()])


class SpendForm(PortalForm):
    upload = FileField(_l("CSV with contract, number, date, amount"))


class EntryForm(PortalForm):
    key = StringField(_l("Key"), [required(), Length(max=41)])
    kinds = SelectMultipleField(_l("Types of contract"), choices=KINDS)
    value_from = AmountField(_l("Needed from value"), [optional()], digits=2)
    category = StringField(_l("Needed in categories that begin with"), [Length(max=20)])
    risk = SelectField(_l("Needed from risk"), choices=[("", _l("any")), *RISKS])
    active = BooleanField(_l("In use"), default=True)


class LibraryTextForm(PortalForm):
    language = SelectField(_l("Language"))
    variant = SelectField(
        _l("Wording"),
        choices=[
            ("standard", _l("standard")),
            ("alternative", _l("alternative, as good as the standard")),
            ("fallback", _l("fallback, what we can live with")),
        ],
    )
    title = StringField(_l("Title"), [required(), Length(max=300)])
    text = TextAreaField(_l("Text"), [required(), Length(max=20000)])


class TemplateForm(PortalForm):
    name = StringField(_l("Name"), [required(), Length(max=200)])
    kind = SelectField(_l("Type of contract"), choices=KINDS)
    upload = FileField(_l("Word template (.docx)"))
