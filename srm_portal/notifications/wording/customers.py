"""Notices about customers."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "complaint_logged": _l("%(by)s logged a complaint of %(customer)s: %(subject)s."),
    "task_given": _l("%(by)s gave you a task for %(customer)s: %(title)s."),
}
