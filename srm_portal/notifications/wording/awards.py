"""Notices about awards."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "award_proposed": _l("%(by)s proposes the award %(reference)s of “%(title)s” for your decision."),
    "award_approved": _l("%(by)s approved the award %(reference)s of “%(title)s”."),
    "award_returned": _l("The award %(reference)s was sent back: %(reason)s"),
    "award_won": _l("Your company is awarded “%(title)s”. The contract follows."),
    "award_lost": _l(
        "“%(title)s” is awarded to %(winners)s. Thank you for your offer; you may ask the buyer how it was judged."
    ),
    "award_lost_unnamed": _l(
        "“%(title)s” is awarded to another bidder. Thank you for your offer; the letter says why."
    ),
    "award_scenario_ready": _l("The scenario “%(name)s” is solved."),
    "award_question": _l("%(by)s asks about the award %(reference)s."),
    "award_question_answered": _l("Your question about “%(title)s” is answered."),
}
