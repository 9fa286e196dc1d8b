"""Forms of sign-in, profile and administration."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.kernel.permissions import STAFF_ROLES
from srm_portal.web.forms import AmountField, PortalForm, optional, required
from srm_portal.web.templating import LANGUAGE_NAMES

ROLE_NAMES = {
    "requester": _l("Requester"),
    "buyer": _l("Buyer"),
    "evaluator": _l("Evaluator"),
    "purchasing_manager": _l("Purchasing manager"),
    "auditor": _l("Auditor"),
    "administrator": _l("Administrator"),
    "supplier_user": _l("Supplier user"),
}
LANGUAGES = list(LANGUAGE_NAMES.items())
ZONES = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


class SignInForm(PortalForm):
    email = StringField(
        _l("E-mail address"), [required(), Length(max=254)], render_kw={"autocomplete": "username", "type": "email"}
    )
    password = PasswordField(
        _l("Password"), [required(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )


class SecondFactorForm(PortalForm):
    code = StringField(
        _l("Code"),
        [required(), Length(max=20)],
        description=_l("Six figures from your authenticator app, or one of your recovery codes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True},
    )


class EnrolForm(PortalForm):
    code = StringField(
        _l("Code from the app"),
        [required(), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class ResetForm(PortalForm):
    email = StringField(
        _l("E-mail address"), [required(), Length(max=254)], render_kw={"autocomplete": "username", "type": "email"}
    )


class MailCodeForm(PortalForm):
    code = StringField(
        _l("Code from the mail"),
        [required(), Length(max=20)],
        description=_l("Eight figures. It works once and for fifteen minutes."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True},
    )


class NewPasswordForm(PortalForm):
    password = PasswordField(
        _l("New password"),
        [required(), Length(max=200)],
        description=_l("At least 12 characters. A sentence that only you would write is best."),
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(PortalForm):
    old = PasswordField(_l("Current password"), [required()], render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        _l("New password"),
        [required(), Length(max=200)],
        description=_l("At least 12 characters. A sentence that only you would write is best."),
        render_kw={"autocomplete": "new-password"},
    )


class FirstForm(PortalForm):
    organisation = StringField(_l("Name of your organisation"), [required(), Length(max=200)])
    currency = StringField(_l("Currency"), [required(), Length(min=3, max=3)], default="EUR")
    zone = SelectField(_l("Time zone"), choices=[(zone, zone) for zone in ZONES], default="Europe/Paris")
    name = StringField(_l("Your name"), [required(), Length(max=200)], render_kw={"autocomplete": "name"})
    email = StringField(
        _l("E-mail address"), [required(), Length(max=254)], render_kw={"autocomplete": "username", "type": "email"}
    )
    password = PasswordField(
        _l("Password"),
        [required(), Length(max=200)],
        description=_l("At least 12 characters. A sentence that only you would write is best."),
        render_kw={"autocomplete": "new-password"},
    )


class ProfileForm(PortalForm):
    name = StringField(_l("Name"), [required(), Length(max=200)])
    language = SelectField(_l("Language"), choices=LANGUAGES)
    zone = SelectField(_l("Time zone"), choices=[(zone, zone) for zone in ZONES])
    theme = SelectField(
        _l("Appearance"), choices=[("auto", _l("As the system")), ("light", _l("Light")), ("dark", _l("Dark"))]
    )
    density = SelectField(_l("Tables"), choices=[("dense", _l("Dense")), ("comfortable", _l("Comfortable"))])
    mail_notices = BooleanField(_l("Send my notices by mail too"))


class UserForm(PortalForm):
    name = StringField(_l("Name"), [required(), Length(max=200)])
    email = StringField(_l("E-mail address"), [required(), Length(max=254)], render_kw={"type": "email"})
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[(role, ROLE_NAMES[role]) for role in STAFF_ROLES],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    limit = AmountField(
        _l("Authority limit"),
        [optional()],
        description=_l("Up to which value this person may approve, in the organisation's currency."),
    )
    language = SelectField(_l("Language"), choices=LANGUAGES)


class OrganisationForm(PortalForm):
    name = StringField(_l("Name"), [required(), Length(max=200)])
    country = StringField(_l("Country (two letters)"), [Length(max=2)])
    currency = StringField(_l("Currency (three letters)"), [required(), Length(min=3, max=3)])
    zone = SelectField(_l("Time zone"), choices=[(zone, zone) for zone in ZONES])
    language = SelectField(_l("Language"), choices=LANGUAGES)
    competition_min = IntegerField(
        _l("Invited suppliers at least"),
        [required(), NumberRange(min=1, max=20)],
        description=_l("A bidding list with fewer needs a waiver by a purchasing manager."),
    )
    second_factor_needed = BooleanField(_l("Staff must use a second factor"))
