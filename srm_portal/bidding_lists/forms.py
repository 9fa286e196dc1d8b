"""Forms of steps 2 and 3 and of the supplier's side, and the words for their states."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectMultipleField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from srm_portal.web.forms import (
    BooleanField,
    MomentField,
    PortalForm,
    SelectField,
    StringField,
    TextAreaField,
    required,
)
from srm_portal.web.templating import LANGUAGE_NAMES

INVITATION_STATES = {
    "queued": _l("being sent"),
    "sent": _l("sent"),
    "undeliverable": _l("undeliverable"),
    "seen": _l("seen"),
    "accepted": _l("takes part"),
    "declined": _l("declined"),
    "withdrawn": _l("withdrawn"),
}
INVITATION_TONES = {
    "queued": "mute",
    "sent": "info",
    "undeliverable": "bad",
    "seen": "info",
    "accepted": "good",
    "declined": "warn",
    "withdrawn": "mute",
}
WAIVER_STATES = {"asked": _l("waits for a manager"), "approved": _l("approved"), "refused": _l("refused")}
WAIVER_TONES = {"asked": "warn", "approved": "good", "refused": "bad"}
QUALIFICATIONS = {"qualified": _l("qualified"), "conditional": _l("qualified with a condition")}
BASES = {"panel": _l("on the panel"), "waiver": _l("with a waiver")}


class ProspectForm(PortalForm):
    name = StringField(_l("Company"), [required(), Length(max=200)])
    country = StringField(
        _l("Country (two letters)"),
        [required(), Length(min=2, max=2)],
        filters=[lambda text: text.upper() if text else text],
    )
    city = StringField(_l("Town"), [Length(max=100)])
    region = StringField(_l("Region"), [Length(max=60)])
    website = StringField(_l("Website"), [Length(max=200)])
    contact_name = StringField(_l("Contact"), [required(), Length(max=200)])
    contact_email = StringField(_l("Contact's e-mail address"), [required(), Length(max=254)])
    language = SelectField(_l("Contact's language"), choices=list(LANGUAGE_NAMES.items()))
    accept_duplicates = BooleanField(_l("It is another company than those it looks like"))


class ContactForm(PortalForm):
    contact_id = StringField(_l("Contact"), [required(), Length(max=20)])
    language = SelectField(_l("Language"), choices=list(LANGUAGE_NAMES.items()))


class DecisionForm(PortalForm):
    decision = SelectField(
        _l("Decision"), choices=[("approve", _l("Approve")), ("refuse", _l("Refuse"))], validate_choice=True
    )
    note = TextAreaField(
        _l("Note"), [Length(max=2000)], description=_l("Needed for a refusal; the asker and the auditor read it.")
    )


class LateForm(PortalForm):
    supplier_id = SelectField(_l("Supplier"), choices=[], validate_choice=False)
    reason = TextAreaField(
        _l("Reason"), [required(), Length(max=2000)], description=_l("Why now; kept with the bidding list.")
    )


class ResendForm(PortalForm):
    contact_id = SelectField(_l("Send to"), choices=[], validate_choice=False)


class RfiForm(PortalForm):
    title = StringField(_l("Title"), [required(), Length(max=300)])
    questions = TextAreaField(_l("What you want to know"), [required(), Length(max=20_000)])
    deadline_at = MomentField(_l("Answers until"), [required()])
    suppliers = SelectMultipleField(
        _l("Whom to ask"),
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class RfiAnswerForm(PortalForm):
    text = TextAreaField(_l("Your answer"), [required(), Length(max=20_000)])
    file = FileField(_l("File (optional)"), description=_l("PDF, Word, Excel, OpenDocument, picture or ZIP."))


class QuestionForm(PortalForm):
    question = TextAreaField(
        _l("Your question"), [required(), Length(max=4000)], description=_l("Other suppliers never see who asked.")
    )
