"""Forms of webhooks, tokens and the CRM."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.identity.queries import PersonView
from srm_portal.integrations.domain.matching import DIRECTIONS, FIELDS, RULES
from srm_portal.web.forms import PortalForm, at_most, optional, required

EVENT_NAMES = {
    "customer.changed": _l("a customer was added, changed or erased"),
    "opportunity.changed": _l("an opportunity was added, changed or moved"),
    "orders.recorded": _l("orders were recorded"),
    "complaint.logged": _l("a customer complained"),
    "need.started": _l("a need was started for a customer"),
    "award.decided": _l("an award was decided"),
    "contract.approved": _l("a contract was approved"),
    "contract.signed": _l("a contract was signed by both sides"),
}
SCOPE_NAMES = {
    "read": _l("read everything its owner may read"),
    "customers": _l("customers: read and change"),
    "suppliers": _l("suppliers: read and change"),
    "needs": _l("needs: write and approve"),
    "tenders": _l("tenders: run them"),
    "offers": _l("offers: a supplier's own"),
}
RULE_NAMES = {
    "ask": _l("nobody: it is shown, and a person decides"),
    "ours": _l("the portal"),
    "theirs": _l("the CRM"),
}
DIRECTION_NAMES = {
    "both": _l("in both directions"),
    "in": _l("from the CRM only"),
    "out": _l("to the CRM only"),
    "off": _l("not at all"),
}
KIND_NAMES = {"party": _l("Customers"), "contact": _l("Contacts"), "opportunity": _l("Opportunities")}
FIELD_NAMES = {
    "name": _l("Name"),
    "country": _l("Country"),
    "city": _l("Town"),
    "vat": _l("VAT number"),
    "website": _l("Website"),
    "email": _l("E-mail address"),
    "phone": _l("Telephone"),
    "title": _l("Title"),
    "description": _l("Description"),
    "amount": _l("Expected value"),
    "probability": _l("Chance in percent"),
    "expected_on": _l("Expected by"),
    "phase": _l("Stage"),
    "lines": _l("Lines"),
    "business": _l("Needs, awards and contracts"),
}


def _boxes(label: str, choices: Iterable[tuple[str, str]]) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=list(choices), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class TokenForm(PortalForm):
    name = StringField(_l("Name"), [required(), at_most(100)], description=_l("The program that will use it."))
    days = IntegerField(_l("Days it works"), [required(), NumberRange(1, 366)], default=180)
    scopes = _boxes(_l("Opens"), SCOPE_NAMES.items())


class TargetForm(PortalForm):
    url = StringField(
        _l("Address"), [required(), at_most(500)], description=_l("https://… of a system that waits for messages.")
    )
    description = StringField(_l("Description"), [at_most(200)])
    events = _boxes(_l("Tell when"), EVENT_NAMES.items())
    active = BooleanField(_l("Send messages"), default=True)


class SourceForm(PortalForm):
    name = StringField(_l("Name of the system"), [required(), at_most(100)])
    user_id = SelectField(_l("Acts in the name of"), [required()])

    def prepare(self, people: Iterable[PersonView]) -> SourceForm:
        self.user_id.choices = [(person.id, person.name) for person in people]
        return self


class CrmForm(PortalForm):
    kind = SelectField(_l("System"), [required()])
    url = StringField(_l("Address"), [required(), at_most(300)], description=_l("For example https://crm.example.com"))
    database = StringField(_l("Database"), [required(), at_most(100)])
    login = StringField(_l("User name"), [required(), at_most(100)])
    password = PasswordField(_l("Password"), [optional()], description=_l("Empty keeps the one that is stored."))
    user_id = SelectField(_l("Acts in the name of"), [required()])
    rule = SelectField(
        _l("Where both changed the same field, this one wins"), choices=[(one, RULE_NAMES[one]) for one in RULES]
    )

    def prepare(self, kinds: Iterable[str], people: Iterable[PersonView]) -> CrmForm:
        self.kind.choices = [(kind, kind.title()) for kind in kinds]
        self.user_id.choices = [(person.id, person.name) for person in people]
        return self


class MappingForm(PortalForm):
    """One choice a field; the names are `kind-field`."""


def mapping_fields() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """(kind, field, name of its control, directions that make sense)."""
    return [
        (kind, name, f"{kind}-{name}", DIRECTIONS if allowed == "both" else (allowed, "off"))
        for kind, fields in FIELDS.items()
        for name, allowed in fields.items()
    ]


def nobody() -> str:
    return _("nobody yet")
