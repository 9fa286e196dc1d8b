"""Notices about negotiations."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "negotiation_planned": _l("You are invited to a negotiation: “%(title)s”."),
    "negotiation_minuted": _l("Please read and confirm the minutes of “%(title)s”."),
    "negotiation_confirmed": _l("The supplier confirmed the minutes of “%(title)s”."),
}
