"""The timetable of an event as a file for calendars."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from flask_babel import gettext as _

from srm_portal.sourcing import queries
from srm_portal.sourcing.domain.calendar import calendar


def calendar_file(event: queries.EventView, now: datetime) -> Response:
    """For who may see the event: the caller has asked."""
    words = {
        "questions": _("%(reference)s: last moment for questions", reference=event.reference),
        "deadline": _("%(reference)s: offers before this moment", reference=event.reference),
    }
    entries = [(f"{event.id}-{what}@srm-portal", words[what], at) for what, _reference, at in queries.timetable(event)]
    response = Response(calendar(event.title, entries, now), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{event.reference}.ics"'
    return response
