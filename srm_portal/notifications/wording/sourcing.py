"""Notices about projects and events."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "need_submitted": _l("%(by)s asks you to approve the need %(reference)s, “%(title)s”."),
    "need_approved": _l("%(by)s approved the need %(reference)s, “%(title)s”."),
    "need_returned": _l("The need %(reference)s, “%(title)s”, was sent back: %(reason)s"),
    "event_cancelled": _l("“%(title)s” (%(reference)s) was called off: %(reason)s"),
    "event_amended": _l("“%(title)s” was amended. Please read the change."),
    "deadline_passed": _l("The deadline of “%(title)s” (%(reference)s) has passed. Offers can be opened."),
    "rehearsal_asked": _l(
        "You are an opener of “%(title)s” (%(reference)s). Please open the test value with your key."
    ),
    "openers_ready": _l("Enough openers have acted: the offers of “%(title)s” (%(reference)s) can be opened."),
    "opener_key_lost": _l("%(name)s reports the key as lost that an event of yours counts on."),
    "help_asked": _l("%(name)s (%(email)s) needs help with the offer for “%(title)s”: %(text)s"),
    "question_asked": _l("A supplier asks a question about “%(title)s”."),
    "question_answered": _l("A question about “%(title)s” was answered."),
}
