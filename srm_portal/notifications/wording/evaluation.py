"""Notices about evaluation."""

from flask_babel import lazy_gettext as _l

NOTICES = {
    "evaluator_assigned": _l("You are asked to evaluate the offers of “%(title)s”."),
    "scorecard_submitted": _l("%(by)s handed in the scorecard of “%(title)s”."),
}
