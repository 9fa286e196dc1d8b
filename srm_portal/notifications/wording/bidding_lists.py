"""Notices about waivers and invitations."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "waiver_asked_off_panel": _l("%(by)s asks for a waiver to invite %(name)s to “%(title)s” (%(reference)s)."),
    "waiver_asked_competition": _l("%(by)s asks to invite fewer suppliers to “%(title)s” (%(reference)s)."),
    "waiver_approved": _l("%(by)s approved the waiver for %(name)s (%(reference)s)."),
    "waiver_refused": _l("%(by)s refused the waiver for %(name)s (%(reference)s): %(note)s"),
    "invited": _l("%(buyer)s invites you: “%(title)s”."),
    "invitation_accepted": _l("%(name)s takes part in “%(title)s”."),
    "invitation_declined": _l("%(name)s declines “%(title)s”: %(reason)s"),
    "invitation_ended": _l("Your invitation to “%(title)s” has ended. The buyer can tell you more."),
    "invitation_undeliverable": _l("The invitation to %(recipient)s for “%(title)s” could not be delivered."),
    "invitation_withdrawn": _l("Your invitation to “%(title)s” was withdrawn: %(reason)s"),
    "rfi_answered": _l("%(name)s answered your request for information “%(title)s”."),
}
