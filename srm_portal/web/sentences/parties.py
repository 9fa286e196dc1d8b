"""Sentences about companies and their people, for suppliers and customers alike."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "country_unknown": _l("“%(value)s” is not a country. Use its two letters, for example FR."),
    "vat_wrong": _l("“%(value)s” is not a VAT number of %(country)s. Check its digits."),
    "lei_wrong": _l("“%(value)s” is not a legal entity identifier: 20 letters and digits that add up."),
    "iban_wrong": _l("“%(value)s” is not an IBAN: its check digits do not add up."),
    "contact_known": _l("%(value)s is already a contact here."),
    "ends_before_start": _l("The last day lies before the first."),
    "looks_like_duplicate": _l(
        "This looks like %(names)s. Open that record, or tick the box when it really is another company."
    ),
}
ACTS = {
    "contact.added": _l("added a contact"),
    "contact.changed": _l("changed a contact"),
    "contact.removed": _l("removed a contact"),
}
