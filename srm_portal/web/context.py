"""Who acts and when, fixed once per request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app, g

from srm_portal.infra.moment import app_now
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor

ActorLoader = Callable[[], Actor | None]


def register_actor_loader(app: Flask, loader: ActorLoader) -> None:
    """`identity` says who is signed in; `web` never imports it."""
    app.extensions["srm_actor_loader"] = loader


def request_now() -> datetime:
    """One moment for the whole request."""
    if "now" not in g:
        g.now = app_now()
    moment: datetime = g.now
    return moment


def maybe_actor() -> Actor | None:
    if "actor" not in g:
        loader: ActorLoader = current_app.extensions["srm_actor_loader"]
        g.actor = loader()
    actor: Actor | None = g.actor
    return actor


def current_actor() -> Actor:
    """The signed-in actor; views behind `@requires` always have one."""
    actor = maybe_actor()
    if actor is None:
        raise NotFound
    return actor
