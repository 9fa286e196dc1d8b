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
from flask_babel import lazy_gettext as _l
from jinja2 import StrictUndefined
from sqlalchemy import Select, select

from srm_portal.infra.db import db
from srm_portal.kernel.measure import UNITS
from srm_portal.kernel.permissions import Actor
from srm_portal.web import components, formats
from srm_portal.web.context import maybe_actor, request_now
from srm_portal.web.errors import act_name, problem_sentence, sentence
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


Counter = Callable[[Actor, datetime], Select[tuple[int]] | None]
"""A number of the top bar as a query, so that all of them are asked in one statement; None: not for this person."""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the top bar; shown to who has one of the permissions."""

    endpoint: str
    label: Any
    icon: str
    permissions: tuple[str, ...]
    prefix: str
    count: Counter | None = None
    position: int = 50


def add_nav(app: Flask, entry: NavEntry) -> None:
    app.extensions.setdefault("srm_nav", []).append(entry)


def add_counter(app: Flask, name: str, counter: Counter) -> None:
    """A number that every page shows (unread notices); registered by the room that knows it."""
    app.extensions.setdefault("srm_counters", {})[name] = counter


def _counts(actor: Actor, entries: list[NavEntry]) -> dict[str, int]:
    """Every number of this page's frame, in one statement."""
    now = request_now()
    wanted: dict[str, Counter] = dict(current_app.extensions.get("srm_counters", {}))
    wanted |= {entry.endpoint: entry.count for entry in entries if entry.count}
    asked = {name: query for name, counter in wanted.items() if (query := counter(actor, now)) is not None}
    if not asked:
        return {}
    row = db.session.execute(select(*(query.scalar_subquery() for query in asked.values()))).one()
    return {name: number or 0 for name, number in zip(asked, row, strict=True)}


def _entries(actor: Actor) -> list[NavEntry]:
    known = sorted(current_app.extensions.get("srm_nav", []), key=lambda entry: entry.position)
    return [entry for entry in known if any(actor.may(permission) for permission in entry.permissions)]


def _nav(entries: list[NavEntry], counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "endpoint": entry.endpoint,
            "url": url_for(entry.endpoint),
            "label": entry.label,
            "icon": entry.icon,
            "active": request.path.startswith(entry.prefix) if entry.prefix != "/" else request.path == "/",
            "count": counts.get(entry.endpoint),
        }
        for entry in entries
    ]


def _user_menu(actor: Actor) -> list[dict[str, Any]]:
    return [
        {"url": url_for("identity.profile"), "label": _l("Profile"), "icon": "user"},
        {"url": url_for("identity.security"), "label": _l("Security"), "icon": "lock"},
        {"url": url_for("notifications.mails"), "label": _l("My mails"), "icon": "mail"},
        {"url": url_for("identity.sign_out"), "label": _l("Sign out"), "icon": "logout", "method": "post"},
    ]


def _context() -> dict[str, Any]:
    if not has_request_context():
        return {"actor": None, "nav": [], "zone": "UTC", "locale": str(get_locale() or "en"), "locales": []}
    actor = maybe_actor()
    if "nav" not in g:
        entries = _entries(actor) if actor else []
        g.counters = _counts(actor, entries) if actor else {}
        g.nav = _nav(entries, g.counters)
    return {
        "actor": actor,
        "nav": g.nav,
        "unread_count": g.counters.get("unread", 0),
        "locale": language(),
        "locales": list(current_app.config["LANGUAGES"]),
        "theme": request.cookies.get("srm_theme", "auto"),
        "density": request.cookies.get("srm_density", "dense"),
        "layout": "layouts/supplier.html" if actor and actor.supplier_id else "layouts/app.html",
        "user_menu": _user_menu(actor) if actor else [],
        "home_url": url_for("insights.home"),
        "notices_url": url_for("notifications.index") if actor else None,
        "search_url": url_for("insights.search") if actor and actor.may("search:use") else None,
        "zone": current_zone(),
        "now": request_now(),
        "may": actor.may if actor else (lambda _permission: False),
    }


def _given(show: Callable[..., str]) -> Callable[..., str]:
    """A dash where nothing is given."""

    def filtered(value: Any, *args: Any, **kwargs: Any) -> str:
        return "–" if value is None else show(value, *args, **kwargs)

    return filtered


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
    shown = formats.filters(language, current_zone)
    app.jinja_env.filters.update({name: _given(show) for name, show in shown.items()}, unit=_unit)
    components.install(app.jinja_env)
    app.jinja_env.globals.update(sentence=sentence, problem_sentence=problem_sentence, act_name=act_name)
    app.context_processor(_context)
    app.url_defaults(_static_version(app))
