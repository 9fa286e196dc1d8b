"""Forms of contracts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField
from wtforms.validators import Length, NumberRange

from srm_portal.web.forms import (
    AmountField,
    DateField,
    PortalForm,
    SelectField,
    StringField,
    TextAreaField,
    optional,
    required,
)


class ClauseForm(PortalForm):
    title = StringField(_l("Title"), [required(), Length(max=300)])
    text = TextAreaField(_l("Text"), [required(), Length(max=20000)])


class TermForm(PortalForm):
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    notice_days = IntegerField(_l("Notice (days)"), [required(), NumberRange(min=0, max=730)])


class NewContractForm(PortalForm):
    supplier_id = SelectField(_l("Supplier"), [required()])
    title = StringField(_l("Title"), [required(), Length(max=300)])
    kind = SelectField(
        _l("Type"),
        choices=[
            ("purchase", _l("Purchase")),
            ("subcontracting", _l("Subcontracting")),
            ("outsourcing", _l("Outsourcing")),
        ],
    )
    value = AmountField(_l("Value"), [required()], digits=2)
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])


class ApproveForm(PortalForm):
    sha256 = HiddenField()


class SignedForm(PortalForm):
    signed_on = DateField(_l("Signed on"), [required()])
    upload = FileField(_l("The signed document (PDF)"))


class ObligationForm(PortalForm):
    title = StringField(_l("Obligation"), [required(), Length(max=300)])
    party = SelectField(_l("Who owes it"), choices=[("supplier", _l("Supplier")), ("buyer", _l("We"))])
    due_on = DateField(_l("Due on"), [optional()])
