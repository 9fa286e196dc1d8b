"""Notices about accounts."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "mail_undeliverable": _l("A mail to %(recipient)s could not be delivered."),
}
