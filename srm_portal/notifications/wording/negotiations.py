"""Notices about negotiations."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "negotiation_planned": _l("You are invited to a negotiation: “%(title)s”."),
    "negotiation_coming": _l("The supplier comes to the negotiation “%(title)s”."),
    "negotiation_not_coming": _l("The supplier does not come to the negotiation “%(title)s”."),
    "negotiation_cancelled": _l("The negotiation “%(title)s” was called off."),
    "negotiation_minuted": _l("Please read and confirm the minutes of “%(title)s”."),
    "negotiation_confirmed": _l("The supplier confirmed the minutes of “%(title)s”."),
}
