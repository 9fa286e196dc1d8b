"""Forms of face-to-face negotiations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import Length

from srm_portal.web.forms import (
    AmountField,
    MomentField,
    PortalForm,
    SelectField,
    StringField,
    TextAreaField,
    optional,
    required,
)


class PlanForm(PortalForm):
    supplier_id = SelectField(_l("Supplier"), [required()])
    title = StringField(_l("Subject"), [required(), Length(max=300)])
    held_at = MomentField(_l("When"), [required()])
    place = StringField(_l("Where"), [Length(max=300)], description=_l("A room, an address or a link."))
    participants = TextAreaField(_l("Who takes part"))
    agenda = TextAreaField(_l("Agenda"))
    target = AmountField(
        _l("Your target"), [optional()], digits=2, description=_l("For your side only; the supplier never sees it.")
    )
    walk_away = AmountField(_l("Where you walk away"), [optional()], digits=2)


class MoveForm(PortalForm):
    about = SelectField(_l("About"), [required()])
    side = SelectField(_l("Who offers"), choices=[("supplier", _l("Supplier")), ("buyer", _l("We"))])
    amount = AmountField(_l("Amount"), [required()], digits=2)
    note = StringField(_l("Note"), [Length(max=500)])


class PointForm(PortalForm):
    title = StringField(_l("Point"), [required(), Length(max=200)], id="point-title")
    kind = SelectField(
        _l("Counted in"),
        choices=[
            ("lead_days", _l("delivery days")),
            ("payment_days", _l("payment days")),
            ("percent", _l("percent")),
            ("number", _l("a number")),
        ],
    )
    target = AmountField(_l("Your target"), [optional()], digits=2, id="point-target")
    walk_away = AmountField(_l("Where you walk away"), [optional()], digits=2, id="point-walk-away")


class AnswerForm(PortalForm):
    coming = SelectField(_l("Will you take part?"), choices=[("yes", _l("Yes")), ("no", _l("No"))])
    note = StringField(_l("Message"), [Length(max=500)], id="answer-note")


class AttachForm(PortalForm):
    upload = FileField(_l("File"))


class MinutesForm(PortalForm):
    minutes = TextAreaField(_l("What was agreed"), [required(), Length(max=20000)])


class ConfirmForm(PortalForm):
    sha256 = HiddenField()
