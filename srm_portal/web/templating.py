"""What every template may use: filters in the person's language and zone, the actor, the navigation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale
from jinja2 import StrictUndefined

from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.permissions import Actor
from srm_portal.web import components, formats
from srm_portal.web.context import maybe_actor, request_now
from srm_portal.web.errors import problem_sentence, sentence
from srm_portal.web.i18n import language
from srm_portal.web.zone import current_zone

LANGUAGE_NAMES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "pl": "Polski",
    "ro": "Română",
    "ru": "Русский",
}


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the top bar; shown to who has one of the permissions."""

    endpoint: str
    label: Any
    icon: str
    permissions: tuple[str, ...]
    prefix: str
    count: Callable[[Actor, datetime], int] | None = None
    position: int = 50


def add_nav(app: Flask, entry: NavEntry) -> None:
    app.extensions.setdefault("srm_nav", []).append(entry)


def add_counter(app: Flask, name: str, counter: Callable[[Actor, datetime], int]) -> None:
    """A number that every page shows (unread notices); registered by the room that knows it."""
    app.extensions.setdefault("srm_counters", {})[name] = counter


def _nav(actor: Actor) -> list[dict[str, Any]]:
    now, entries = request_now(), sorted(current_app.extensions.get("srm_nav", []), key=lambda e: e.position)
    return [
        {
            "endpoint": entry.endpoint,
            "url": url_for(entry.endpoint),
            "label": entry.label,
            "icon": entry.icon,
            "active": request.path.startswith(entry.prefix) if entry.prefix != "/" else request.path == "/",
            "count": entry.count(actor, now) if entry.count else None,
        }
        for entry in entries
        if any(actor.may(permission) for permission in entry.permissions)
    ]


def _context() -> dict[str, Any]:
    if not has_request_context():
        return {"actor": None, "nav": [], "zone": "UTC", "locale": str(get_locale() or "en"), "locales": {}}
    actor = maybe_actor()
    if "nav" not in g:
        g.nav = _nav(actor) if actor else []
        counters = current_app.extensions.get("srm_counters", {})
        g.counters = {name: count(actor, request_now()) for name, count in counters.items()} if actor else {}
    return {
        "actor": actor,
        "nav": g.nav,
        "unread_count": g.counters.get("unread", 0),
        "locale": language(),
        "locales": {code: LANGUAGE_NAMES[code] for code in current_app.config["LANGUAGES"]},
        "zone": current_zone(),
        "now": request_now(),
        "may": actor.may if actor else (lambda _permission: False),
    }


def _or_dash(filter_: Callable[..., str]) -> Callable[..., str]:
    """What is not known is a dash."""

    def shown(value: Any, *args: Any, **options: Any) -> str:
        return "–" if value is None else filter_(value, *args, **options)

    return shown


def _unit(code: str) -> str:
    return UNITS.get(code, code)


def _static_version(app: Flask) -> Callable[[str, dict[str, Any]], None]:
    """`?v=` from the file's content, so that browsers keep files until they change."""
    known: dict[str, str] = {}

    def add(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        if endpoint != "static" or not name or "v" in values:
            return
        if name not in known or app.debug:
            path = Path(app.static_folder or "") / name
            known[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
        if known[name]:
            values["v"] = known[name]

    return add


def init_templating(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    readers = formats.filters(language, current_zone)
    app.jinja_env.filters.update({name: _or_dash(filter_) for name, filter_ in readers.items()} | {"unit": _unit})
    components.install(app.jinja_env)
    app.jinja_env.globals.update(sentence=sentence, problem_sentence=problem_sentence)
    app.context_processor(_context)
    app.url_defaults(_static_version(app))
