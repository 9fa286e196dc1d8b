"""Forms of the award."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.validators import Length, NumberRange

from srm_portal.web.forms import PortalForm, TextAreaField, required


class AwardForm(PortalForm):
    justification = TextAreaField(
        _l("Justification"),
        [required(), Length(max=8000)],
        description=_l("Why these suppliers: read by the manager, kept for auditors."),
    )
    standstill_days = IntegerField(
        _l("Standstill (days)"),
        [required(), NumberRange(min=0, max=60)],
        default=10,
        description=_l("Losing bidders may object before the contract is signed."),
    )


class DecideForm(PortalForm):
    sha256 = HiddenField()
