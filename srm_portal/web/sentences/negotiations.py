"""Sentences of face-to-face negotiations."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "walk_away_below_target": _l("The walk-away price must not be below your target."),
    "minutes_are_written": _l("The minutes are written; nothing can be added to the ledger."),
    "talk_has_begun": _l("The talk has begun or was called off."),
    "talk_not_confirmed": _l("Both sides have to confirm the minutes first."),
    "minutes_changed": _l("The minutes were changed since you read them. Please read them again."),
}

ACTS = {
    "negotiation.planned": _l("planned a negotiation"),
    "negotiation.moved": _l("wrote an offer into the ledger"),
    "negotiation.point_added": _l("added a point to talk about"),
    "negotiation.answered": _l("answered the invitation to the negotiation"),
    "negotiation.cancelled": _l("called the negotiation off"),
    "negotiation.minuted": _l("wrote the minutes"),
    "negotiation.confirmed": _l("confirmed the minutes"),
}
