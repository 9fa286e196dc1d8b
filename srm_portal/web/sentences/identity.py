"""Sentences of sign-in and accounts."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "sign_in_refused": _l("Address and password do not go together. After several attempts, wait a minute."),
    "account_not_active": _l("This account is not active. Ask your administrator."),
    "code_wrong": _l("This code is wrong or was used before. Take the next one."),
    "password_short": _l("Too short: use at least %(min)s characters."),
    "password_guessable": _l("Too easy to guess: leave out your name and well-known words."),
    "password_wrong": _l("This is not your current password."),
    "not_an_email": _l("“%(value)s” is not an e-mail address, for example name@company.com."),
    "email_taken": _l("Somebody already uses the address %(value)s."),
    "roles_mixed": _l("Choose at least one staff role; the supplier's role cannot be mixed with others."),
    "link_expired": _l("This link was used or has expired. Ask for a new one."),
    "own_rights": _l("Nobody changes their own rights. Ask another administrator."),
    "last_administrator": _l("This is the last administrator. Make somebody else administrator first."),
    "already_set_up": _l("The portal is already set up. Sign in instead."),
    "no_such_administrator": _l("No administrator has this address."),
    "zone_unknown": _l("“%(value)s” is not a known time zone, for example Europe/Paris."),
    "currency_unknown": _l("“%(value)s” is not a currency code, for example EUR."),
    "step_up_wrong": _l("The confirmation failed. Try again with the next code."),
}

ACTS = {
    "sign_in.done": _l("signed in"),
    "sign_in.failed": _l("failed to sign in"),
    "user.created": _l("created an account"),
    "user.changed": _l("changed an account"),
    "user.disabled": _l("disabled an account"),
    "user.enabled": _l("enabled an account"),
    "user.invited": _l("invited a person"),
    "user.activated": _l("activated the account"),
    "password.set": _l("set a password"),
    "password.changed": _l("changed the password"),
    "password.reset_asked": _l("asked for a new password"),
    "second_factor.set": _l("set up the second factor"),
    "second_factor.reset": _l("reset a second factor"),
    "recovery_code.used": _l("used a recovery code"),
    "recovery_codes.renewed": _l("made new recovery codes"),
    "profile.changed": _l("changed the profile"),
    "organisation.created": _l("created the organisation"),
    "organisation.changed": _l("changed the organisation"),
    "administrator.rescued": _l("let an administrator in again"),
    "api_token.created": _l("created a token"),
    "api_token.revoked": _l("revoked a token"),
}
