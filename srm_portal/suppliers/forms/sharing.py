"""Forms of the shared space."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from srm_portal.web.forms import MomentField, PortalForm, required
from srm_portal.web.names import CASE_OUTCOMES, PAGE_KINDS


class PageForm(PortalForm):
    kind = SelectField(_l("Kind"))
    title = StringField(_l("Title"), [required(), Length(max=200)])
    body = TextAreaField(_l("Text"), [Length(max=20_000)])
    category = StringField(
        _l("Only for category"), [Length(max=20)], description=_l("A CPV code; empty: for everybody.")
    )
    period = StringField(_l("Period"), [Length(max=40)], description=_l("For forecasts and capacities: 2027-Q1."))

    def prepare(self, kinds: tuple[str, ...]) -> PageForm:
        self.kind.choices = [(kind, PAGE_KINDS[kind]) for kind in kinds]
        return self


class MessageForm(PortalForm):
    body = TextAreaField(_l("Message"), [required(), Length(max=20_000)])
    project = SelectField(_l("About"))

    def prepare(self, projects: dict[str, str]) -> MessageForm:
        self.project.choices = [("", _l("the relationship as a whole")), *projects.items()]
        return self


class MeetingForm(PortalForm):
    title = StringField(_l("Subject"), [required(), Length(max=200)])
    starts_at = MomentField(_l("Begins"), [required()])
    place = StringField(_l("Place"), [Length(max=200)])
    participants = TextAreaField(_l("Participants"), [Length(max=2000)])
    agenda = TextAreaField(_l("Agenda"), [Length(max=10_000)])


class MinutesForm(PortalForm):
    minutes = TextAreaField(_l("Minutes"), [required(), Length(max=20_000)])


class CaseForm(PortalForm):
    outcome = SelectField(_l("Decision"), choices=list(CASE_OUTCOMES.items()))
    reason = TextAreaField(_l("Reason"), [required(), Length(max=5000)])


class StatementForm(PortalForm):
    statement = TextAreaField(_l("Your side of it"), [required(), Length(max=10_000)])
