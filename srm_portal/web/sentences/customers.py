"""Sentences of customers and opportunities."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "customer_erased": _l("The personal data of this customer was erased; the record stays as it is."),
    "customer_unknown": _l("“%(value)s” is not one of your customers."),
    "person_unknown": _l("This person is not on your staff. Choose one of the list."),
    "not_yet_happened": _l("This moment lies ahead. Make it a task, or correct the date."),
    "percent_range": _l("“%(value)s” is not a percentage from 0 to 100."),
    "margin_range": _l("“%(value)s” is not a margin: at least -100 and less than 100 percent of the price."),
    "delivery_unknown": _l("Nothing from this supplier was delivered for this customer. Choose one of the list."),
    "notice_range": _l("“%(value)s” is not a period of notice: 0 to 3650 days."),
    "score_range": _l("“%(value)s” is not a score from 0 to 10."),
    "order_unknown": _l("No order has this number."),
    "too_many_customer_lines": _l("At most %(max)s lines fit into one opportunity."),
}
ACTS = {
    "customer.added": _l("added the customer"),
    "customer.changed": _l("changed the record"),
    "customer.erased": _l("erased the personal data"),
    "customer.need_noted": _l("started a need for the customer"),
    "customer.award_noted": _l("noted an award for the customer"),
    "interaction.call_logged": _l("logged a call"),
    "interaction.mail_logged": _l("logged a mail"),
    "interaction.meeting_logged": _l("logged a meeting"),
    "interaction.visit_logged": _l("logged a visit"),
    "interaction.complaint_logged": _l("logged a complaint"),
    "complaint.resolved": _l("resolved a complaint"),
    "task.added": _l("added a task"),
    "task.done": _l("finished a task"),
    "task.reopened": _l("reopened a task"),
    "opportunity.added": _l("added the opportunity"),
    "opportunity.changed": _l("changed the opportunity"),
    "opportunity.lines_saved": _l("saved the lines"),
    "opportunity.moved": _l("moved the opportunity"),
    "contact.consent_set": _l("noted a consent"),
    "quotes.recorded": _l("recorded quotations"),
    "sale_contracts.recorded": _l("recorded contracts of sale"),
    "satisfaction.recorded": _l("recorded what the customer thinks"),
    "orders.recorded": _l("recorded orders"),
}
