"""Notices about contracts."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "contract_drafted": _l("The contract %(reference)s, “%(title)s”, was drafted from the award."),
    "contract_waits": _l("The contract %(reference)s, “%(title)s”, waits for your approval."),
    "contract_approved": _l("The contract %(reference)s, “%(title)s”, is approved."),
    "contract_sent_back": _l("The contract %(reference)s was sent back: %(reason)s"),
    "contract_ready": _l("The contract “%(title)s” is ready. You can read it in the portal."),
}
