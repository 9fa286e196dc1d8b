"""Flask-Login, wrapped: the only file that knows it. It stands over the server-side sessions of `web/sessions`."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from srm_portal.identity import queries
from srm_portal.identity.services import tokens
from srm_portal.infra.live import kick_session
from srm_portal.infra.moment import app_now
from srm_portal.kernel.permissions import Actor
from srm_portal.web.context import register_actor_loader, request_now
from srm_portal.web.guard import wants_json
from srm_portal.web.sessions import StoredSession, end_session, live_user, session_id

manager = LoginManager()


class SignedIn(UserMixin):
    """What Flask-Login keeps: the id; the actor comes along."""

    def __init__(self, actor: Actor) -> None:
        self.id = actor.user_id
        self.actor = actor


@manager.user_loader  # type: ignore[untyped-decorator]
def _load(user_id: str) -> SignedIn | None:
    stored: Any = session._get_current_object()  # type: ignore[attr-defined]
    key = stored.session_id if isinstance(stored, StoredSession) else None
    actor = queries.active_actor(user_id, key)
    return SignedIn(actor) if actor else None


def _actor() -> Actor | None:
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        return tokens.actor_of_token(bearer.removeprefix("Bearer ").strip(), now=request_now())
    if request.endpoint == "static" or wants_json():
        return None
    user = current_user
    return user.actor if user and user.is_authenticated else None


def sign_in(actor: Actor) -> None:
    """Begin a signed-in session under a new token."""
    stored: Any = session._get_current_object()  # type: ignore[attr-defined]
    kept = {name: stored[name] for name in ("csrf_token",) if name in stored}
    stored.clear()
    stored.update(kept)
    stored.rotate()
    login_user(SignedIn(actor))
    g.pop("actor", None)


def sign_out() -> None:
    stored: Any = session._get_current_object()  # type: ignore[attr-defined]
    key = stored.session_id
    logout_user()
    stored.clear()
    if key:
        end_session(key)
        kick_session(key)
    stored.token = None
    g.pop("actor", None)


def actor_of_cookie(token: str) -> Actor | None:
    """For sockets: the actor of a session token, judged as freshly as for a page."""
    key = session_id(token)
    user_id = live_user(key, app_now())
    return queries.active_actor(user_id, key) if user_id else None


def init_login(app: Flask) -> None:
    manager.init_app(app)
    manager.session_protection = None
    register_actor_loader(app, _actor)
