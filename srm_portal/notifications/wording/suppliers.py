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
    "survey_asked": _l("%(by)s asks you how %(supplier)s did in %(period)s."),
    "plan_opened": _l("%(buyer)s opened the improvement plan “%(title)s” with you."),
    "plan_task": _l("A step for you until %(until)s: %(title)s."),
    "plan_task_done": _l("%(supplier)s finished the step “%(title)s”."),
    "plan_closed": _l("%(buyer)s closed the improvement plan “%(title)s”."),
    "requalification": _l("Your qualification for %(category)s ends on %(until)s. Please answer what %(buyer)s asks."),
    "requalification_due": _l(
        "The qualification of %(supplier)s for %(category)s ends on %(until)s; the next is asked."
    ),
    "suspended": _l("%(buyer)s suspended your qualification for %(category)s. You may give your side until %(until)s."),
    "suspension_to_decide": _l("%(supplier)s is suspended for %(category)s. Decide after it was heard (%(until)s)."),
    "suspension_heard": _l("%(supplier)s gave its side of the suspension."),
    "case_disqualified": _l("%(buyer)s disqualified you for %(category)s: %(reason)s"),
    "case_reinstated": _l("%(buyer)s reinstated your qualification for %(category)s: %(reason)s"),
    "page_published": _l("%(supplier)s published “%(title)s”."),
    "message_from_supplier": _l("%(by)s of %(supplier)s wrote to you."),
    "message_from_buyer": _l("%(by)s of %(buyer)s wrote to you."),
    "meeting_planned": _l("%(buyer)s plans the meeting “%(title)s” with you on %(day)s."),
    "meeting_minuted": _l("The minutes of “%(title)s” with %(buyer)s are there."),
}
