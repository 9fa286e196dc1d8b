"""Sentences that several rooms use."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "changed_meanwhile": _l("The record changed since you read it. Read it again, then send the change."),
    "idempotency_key_wrong": _l("An idempotency key is 1 to %(max)s printable ASCII characters."),
    "idempotency_key_used": _l("This idempotency key was used for another call. Take a new key."),
    "idempotency_in_doubt": _l(
        "The first call with this idempotency key was not answered yet. Wait; if it stays so, look whether it was done."
    ),
    "invalid": _l("Some values need your attention. Nothing was lost: correct them and save again."),
    "stale": _l("Somebody else saved this meanwhile. Both versions stand below; save again to keep yours."),
    "required": _l("Please fill this in."),
    "not_a_number": _l("“%(value)s” is not a number. Write digits, for example %(example)s."),
    "too_many_digits": _l("This number has too many digits."),
    "not_a_date": _l("“%(value)s” is not a date. Write it as year-month-day, for example 2026-11-30."),
    "too_long": _l("At most %(max)s characters fit here."),
    "unknown_value": _l("“%(value)s” is not one of the choices: %(choices)s."),
    "unknown_field": _l("The field “%(field)s” is not known here."),
    "wrong_value": _l("The value is not of the right form (%(value)s)."),
    "not_an_object": _l("A JSON object is expected here."),
    "wrong_state": _l("This is not possible now: the state is “%(current)s”."),
    "reason_needed": _l("Please give a reason; it is kept in the history."),
    "already_done": _l("This has already been done."),
    "own_work": _l("You prepared this yourself, so somebody else has to approve it."),
    "above_limit": _l("The value is above your authority limit of %(limit)s."),
    "no_authority": _l("You have no authority limit, so you cannot approve. An administrator can set one."),
    "step_up_needed": _l("Please confirm with your second factor first."),
    "too_large": _l("The file is too large: at most %(max)s MB are accepted."),
    "rate_limited": _l("Too many attempts. Please wait a moment and try again."),
}
