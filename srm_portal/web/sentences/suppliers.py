"""Sentences of the registry."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "category_unknown": _l("The category %(value)s is not in the tree. Choose one of the list."),
    "category_wrong": _l("“%(value)s” is not a category: a CPV code has eight digits, and each code needs a label."),
    "place_wrong": _l("“%(value)s” is not a place. Write latitude and longitude, for example 48.8566, 2.3522."),
    "contact_signs_in": _l("%(name)s may sign in. End the access first."),
    "contact_no_access": _l("%(name)s has no access yet. Invite them first."),
    "sign_in_address": _l("This person signs in with %(value)s, so the address stays. Add a new contact instead."),
    "already_asked": _l("A decision on this cell is already waiting."),
    "mark_range": _l("A mark is a whole number from 0 to 100, not %(value)s."),
    "no_mark_given": _l("Give at least one mark."),
    "period_wrong": _l("“%(value)s” is not a period. Write 2026, 2026-Q1 or 2026-03."),
}
ACTS = {
    "supplier.added": _l("added the supplier"),
    "supplier.changed": _l("changed the record"),
    "supplier.changed_by_itself": _l("changed their own record"),
    "supplier.blocked": _l("blocked the supplier"),
    "supplier.unblocked": _l("lifted the block"),
    "supplier.archived": _l("archived the supplier"),
    "supplier.restored": _l("brought the supplier back"),
    "contact.invited": _l("invited a contact to the portal"),
    "contact.may_bid_set": _l("changed who may bind the company"),
    "contact.access_ended": _l("ended a contact's access"),
    "contact.access_renewed": _l("renewed a contact's access"),
    "qualification.asked": _l("asked for a qualification"),
    "qualification.decided": _l("decided on a qualification"),
    "qualification.withdrawn": _l("withdrew a qualification"),
    "performance.recorded": _l("recorded performance"),
    "categories.imported": _l("imported categories"),
}
