"""From facts to sentences, and from exceptions to answers. No action ends in a bare 500."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from srm_portal.infra.db import db
from srm_portal.infra.logs import log
from srm_portal.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound, Outdated, Refused, Stale
from srm_portal.kernel.money import Money, plain
from srm_portal.web import formats, sentences
from srm_portal.web.guard import wants_json
from srm_portal.web.i18n import language
from srm_portal.web.zone import current_zone

_SENTENCES: sentences.Sentences = {}
_ACTS: sentences.Sentences = {}


def shown(fact: Any) -> str:
    """A fact as a person reads it, in their language and zone."""
    if isinstance(fact, Money):
        return formats.money(fact.amount, fact.currency, language())
    if isinstance(fact, Decimal):
        return plain(fact)
    if isinstance(fact, datetime):
        return formats.moment(fact, language(), current_zone())
    if isinstance(fact, date):
        return formats.day(fact, language())
    if isinstance(fact, timedelta):
        return formats.span(fact, language())
    if isinstance(fact, (list, tuple, set, frozenset)):
        return ", ".join(shown(one) for one in fact)
    return str(fact)


def sentence(code: str, **facts: Any) -> str:
    """The translated sentence of a refusal; an unknown code is a mistake of ours and is shown as such."""
    if not _SENTENCES:
        _SENTENCES.update(sentences.load())
    text = _SENTENCES.get(code)
    if text is None:
        log().error("sentence_missing", refusal=code)
        return _("This was refused (%(code)s).", code=code)
    words = {name: shown(fact) for name, fact in facts.items()}
    try:
        return str(text) % words if words or "%(" not in str(text) else str(text)
    except KeyError as missing:
        log().error("fact_missing", refusal=code, fact=str(missing))
        return str(text)


def problem_sentence(problem: FieldProblem) -> str:
    facts = {"value": problem.value, "field": problem.field} | dict(problem.facts)
    return sentence(problem.code, **facts)


def act_name(action: str) -> str:
    """What was done, for histories: "need.approved" is "approved the need"."""
    if not _ACTS:
        _ACTS.update(sentences.load("ACTS"))
    return str(_ACTS.get(action, action.replace(".", " ").replace("_", " ")))


def flash_refusal(refusal: Refused | Forbidden) -> None:
    flash(sentence(refusal.code, **refusal.facts), "error")


def _page(code: int, title: str, text: str, remedy: str) -> tuple[str, int]:
    return render_template("errors/error.html", code=code, title=title, text=text, remedy=remedy), code


def _json(status: int, code: str, **facts: Any) -> tuple[dict[str, Any], int]:
    return {"code": code, "text": sentence(code, **facts), "facts": {k: shown(v) for k, v in facts.items()}}, status


def _not_found(_error: Exception) -> Any:
    db.session.rollback()
    if wants_json():
        return {"code": "not_found"}, 404
    return _page(
        404,
        _("This page does not exist"),
        _("The address is wrong, or what it led to is not open to you."),
        _("Check the address, or go back to the start page."),
    )


def _refused(error: Refused | Forbidden) -> Any:
    db.session.rollback()
    status = 403 if isinstance(error, Forbidden) else 409
    if isinstance(error, Invalid):
        if wants_json():
            problems = [
                {"field": p.field, "row": p.row, "code": p.code, "text": problem_sentence(p)} for p in error.problems
            ]
            return {"code": "invalid", "problems": problems}, 422
        return render_template("errors/problems.html", problems=error.problems, problem_sentence=problem_sentence), 422
    if wants_json():
        return _json(status, error.code, **error.facts)
    title = _("You may not do this") if status == 403 else _("This could not be done")
    return _page(status, title, sentence(error.code, **error.facts), _("Go back; nothing was changed."))


def _stale(error: Stale) -> Any:
    db.session.rollback()
    if wants_json():
        return {"code": "stale", "differences": error.differences}, 409
    return render_template("errors/stale.html", differences=error.differences), 409


def _outdated(_error: Outdated) -> Any:
    db.session.rollback()
    return _json(412, "changed_meanwhile")


def _csrf(_error: CSRFError) -> Any:
    if wants_json():
        return {"code": "csrf"}, 400
    return _page(
        400,
        _("The form had expired"),
        _("You were signed out meanwhile, or the page was open in another session."),
        _("Go back, reload the page and send the form again; your browser still holds what you typed."),
    )


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    if code == 413:
        limit = (request.max_content_length or 0) // (1024 * 1024)
        if wants_json():
            return _json(413, "too_large", max=limit)
        return _page(413, _("The upload is too large"), sentence("too_large", max=limit), _("Choose a smaller file."))
    if code == 429:
        if wants_json():
            return _json(429, "rate_limited")
        return _page(429, _("Too many attempts"), sentence("rate_limited"), _("Wait a minute and try again."))
    if wants_json():
        return {"code": error.name.lower().replace(" ", "_")}, code
    if code == 405:
        return _not_found(error)
    return _page(code, _("This request was not understood"), error.name, _("Go back and try again."))


def _crash(error: Exception) -> Any:
    db.session.rollback()
    log().error("crash", path=request.path, error=type(error).__name__, exc_info=error)
    if wants_json():
        return {"code": "our_mistake"}, 500
    return _page(
        500,
        _("That was our mistake"),
        _("Something went wrong inside the portal. Nothing you entered was half saved."),
        _("Try again; if it happens once more, tell your administrator what you did."),
    )


def count_of_problems(number: int) -> str:
    return ngettext("%(num)d value needs your attention", "%(num)d values need your attention", number)


def init_errors(app: Flask) -> None:
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Forbidden, _refused)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(Outdated, _outdated)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    if not app.config.get("PROPAGATE_CRASHES"):
        app.register_error_handler(Exception, _crash)
