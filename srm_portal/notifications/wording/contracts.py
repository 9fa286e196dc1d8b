"""Notices about contracts."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "contract_drafted": _l("The contract %(reference)s, “%(title)s”, was drafted from the award."),
    "contract_waits": _l("The contract %(reference)s, “%(title)s”, waits for your approval."),
    "contract_reminder": _l("Reminder: the contract %(reference)s, “%(title)s”, still waits for your approval."),
    "contract_escalated": _l(
        "Nobody decided on the contract %(reference)s, “%(title)s”, in time. Every manager with the authority may now."
    ),
    "contract_approved": _l("The contract %(reference)s, “%(title)s”, is approved."),
    "contract_sent_back": _l("The contract %(reference)s was sent back: %(reason)s"),
    "contract_ready": _l("The contract “%(title)s” is ready. You can read it in the portal."),
    "contract_pen": _l("The text of the contract %(reference)s, “%(title)s”, is with you: you hold the pen."),
    "contract_pen_taken": _l("The buyer took the text of the contract %(reference)s, “%(title)s”, back."),
    "contract_commented": _l("There is a new remark on the contract %(reference)s, “%(title)s”."),
    "contract_to_sign": _l("The contract %(reference)s, “%(title)s”, waits for your signature."),
    "contract_active": _l("The contract %(reference)s, “%(title)s”, is signed by both sides and in force."),
    "contract_handed_over": _l("You now look after the contract %(reference)s, “%(title)s”."),
    "contract_renewed": _l("The contract %(reference)s, “%(title)s”, renewed itself until %(day)s."),
    "contract_due_obligation": _l("Due on %(day)s: %(title)s (contract %(reference)s)."),
    "contract_due_notice": _l("Notice on the contract %(reference)s, “%(title)s”, is possible until %(day)s."),
    "contract_due_renewal": _l("The contract %(reference)s, “%(title)s”, renews itself after %(day)s."),
    "contract_due_end": _l("The contract %(reference)s, “%(title)s”, ends on %(day)s."),
    "authority_lent": _l("%(name)s lent you their authority to approve until %(until)s."),
    "contract_pdf_ready": _l("The PDF of the contract %(reference)s, “%(title)s”, is ready."),
}
