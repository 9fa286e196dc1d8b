"""Language and zone of the person: asked for in the address, chosen before, from the profile, from the browser."""

from __future__ import annotations

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale

from srm_portal.web.context import maybe_actor

babel = Babel()


def _chosen_language() -> str:
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    if not has_request_context():
        return languages[0]
    asked = request.args.get("lang", "")
    if asked in languages:
        g.language_asked = asked
        return asked
    kept = request.cookies.get("srm_lang", "")
    if kept in languages:
        return kept
    actor = maybe_actor()
    if actor is not None and actor.language in languages:
        return actor.language
    return request.accept_languages.best_match(languages) or languages[0]


def _chosen_zone() -> str | None:
    if not has_request_context():
        return "UTC"
    actor = maybe_actor()
    return actor.zone if actor is not None else None


def language() -> str:
    """Two letters, as in `<html lang>`."""
    return str(get_locale() or "en").partition("_")[0]


def init_i18n(app: Flask) -> None:
    babel.init_app(app, locale_selector=_chosen_language, timezone_selector=_chosen_zone)

    @app.after_request
    def say_language(response):  # type: ignore[no-untyped-def]
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = language()
            response.headers.add("Vary", "Accept-Language")
        if "language_asked" in g:
            response.set_cookie("srm_lang", g.language_asked, max_age=31536000, samesite="Lax", httponly=True)
        return response
