"""Notices about suppliers."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "qualification_asked": _l("%(by)s asks to qualify %(supplier)s for %(category)s."),
    "qualification_qualified": _l("%(by)s qualified %(supplier)s for %(category)s."),
    "qualification_conditional": _l("%(by)s qualified %(supplier)s for %(category)s with a condition."),
    "qualification_disqualified": _l("%(by)s did not qualify %(supplier)s for %(category)s."),
    "qualification_expiring": _l("The qualification of %(supplier)s for %(category)s ends on %(until)s."),
}
