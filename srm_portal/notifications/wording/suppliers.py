"""Notices about suppliers."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "qualification_asked": _l("%(by)s asks to qualify %(supplier)s for %(category)s."),
    "qualification_qualified": _l("%(by)s qualified %(supplier)s for %(category)s."),
    "qualification_conditional": _l("%(by)s qualified %(supplier)s for %(category)s with a condition."),
    "qualification_disqualified": _l("%(by)s did not qualify %(supplier)s for %(category)s."),
    "qualification_expiring": _l("The qualification of %(supplier)s for %(category)s ends on %(until)s."),
    "registration_handed_in": _l("%(company)s handed in its registration and waits for a decision."),
    "supplier_proposed": _l("%(by)s proposes %(company)s as a supplier."),
    "proposal_accepted": _l("%(by)s let %(company)s in, as you proposed."),
    "proposal_refused": _l("%(by)s refused %(company)s, which you proposed."),
    "bank_asked": _l("%(by)s named a bank account of %(supplier)s. Another person confirms it."),
    "bank_confirmed": _l("%(buyer)s confirmed your bank account %(iban)s."),
    "bank_refused": _l("%(buyer)s did not accept your bank account %(iban)s."),
    "certificate_added": _l("%(supplier)s added the certificate %(kind_)s. Please check it."),
    "certificate_refused": _l("%(buyer)s did not accept your certificate %(kind_)s: %(reason)s"),
    "certificate_expiring": _l("The certificate %(kind_)s of %(supplier)s ends on %(until)s. The next one is needed."),
    "questionnaire_asked": _l("%(buyer)s asks you to answer the questionnaire “%(title)s”."),
    "questionnaire_answered": _l("%(supplier)s answered the questionnaire “%(title)s”."),
}
