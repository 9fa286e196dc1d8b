"""Sentences of face-to-face negotiations."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "walk_away_below_target": _l("The walk-away price must not be below your target."),
    "minutes_are_written": _l("The minutes are written; nothing can be added to the ledger."),
    "minutes_changed": _l("The minutes were changed since you read them. Please read them again."),
}

ACTS = {
    "negotiation.planned": _l("planned a negotiation"),
    "negotiation.moved": _l("wrote an offer into the ledger"),
    "negotiation.minuted": _l("wrote the minutes"),
    "negotiation.confirmed": _l("confirmed the minutes"),
}
