"""Sentences of awards."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "lot_not_awarded": _l("Choose a supplier for “%(lot)s”."),
    "no_amount_for_lot": _l("This supplier has no complete amount for “%(lot)s”."),
    "justification_short": _l("Please say why, in a sentence or more: the manager and auditors read it."),
    "award_exists": _l("The award is already proposed or decided."),
    "award_changed": _l("The proposal was changed since you read it. Please read it again."),
}

ACTS = {
    "award.proposed": _l("proposed the award"),
    "award.approved": _l("approved the award"),
    "award.returned": _l("sent the award back"),
}
