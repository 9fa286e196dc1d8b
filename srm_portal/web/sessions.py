"""Server-side sessions: the cookie is a random token, the database keeps its hash and everything else.

Signing out, disabling a person or changing their roles ends a session at once, whatever a copied cookie says.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import JSON, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import CallbackDict

from srm_portal.infra.db import UTCDateTime, db
from srm_portal.infra.moment import app_now
from srm_portal.infra.transaction import housekeeping

COOKIE = "srm_session"
TOUCH_EVERY = timedelta(minutes=1)


class WebSession(db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "web_session"
    __housekeeping__ = True

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str | None] = mapped_column(String(20), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")


class StoredSession(CallbackDict, SessionMixin):  # type: ignore[type-arg]
    """What views see as `flask.session`."""

    def __init__(self, data: dict[str, Any], token: str | None, seen_at: datetime | None) -> None:
        def changed(_self: Any) -> None:
            self.modified = True

        super().__init__(data, changed)
        self.token, self.seen_at = token, seen_at
        self.old_token: str | None = None
        self.modified = False
        self.new = token is None
        self.accessed = True

    @property
    def session_id(self) -> str | None:
        return session_id(self.token) if self.token else None

    def rotate(self) -> None:
        """A new token for the same content: on sign-in and whenever rights change."""
        self.old_token, self.token = self.token, secrets.token_urlsafe(32)
        self.modified = True


def session_id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def stored_session(key: str) -> WebSession | None:
    return db.session.get(WebSession, key)


class DatabaseSessions(SessionInterface):
    """`find` reads a session by its id; who knows people brings the session's person along in the same statement."""

    def __init__(self, find: Callable[[str], WebSession | None] = stored_session) -> None:
        self._find = find

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        token = request.cookies.get(COOKIE, "")
        if token and not request.path.startswith("/static/"):
            row = self._find(session_id(token))
            if row is not None and row.expires_at > app_now(app):
                return StoredSession(dict(row.data), token, row.seen_at)
        return StoredSession({}, None, None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, StoredSession)
        now = app_now(app)
        if not session.modified:
            if session.token and session.seen_at and now - session.seen_at >= TOUCH_EVERY:
                _touch(session_id(session.token), now, now + app.config["SESSION_LIFETIME"])
            return
        if not session and not session.token:
            return
        if session.token is None:
            session.token = secrets.token_urlsafe(32)
        from flask import request  # the request is still at hand while its answer is being saved

        _store(
            session_id(session.token),
            session_id(session.old_token) if session.old_token else None,
            dict(session),
            now,
            now + app.config["SESSION_LIFETIME"],
            request.remote_addr or "",
            request.user_agent.string[:200],
        )
        response.set_cookie(
            COOKIE, session.token, httponly=True, samesite="Lax", secure=app.config["SESSION_COOKIE_SECURE"], path="/"
        )
        response.headers.add("Vary", "Cookie")


@housekeeping
def _store(
    key: str, old_key: str | None, data: dict[str, Any], now: datetime, expires: datetime, address: str, browser: str
) -> None:
    if old_key:
        db.session.execute(delete(WebSession).where(WebSession.id == old_key))
    row = db.session.get(WebSession, key)
    if row is None:
        row = WebSession(id=key, created_at=now, address=address, browser=browser)
        db.session.add(row)
    row.data, row.user_id, row.seen_at, row.expires_at = data, data.get("_user_id"), now, expires


@housekeeping
def _touch(key: str, now: datetime, expires: datetime) -> None:
    row = db.session.get(WebSession, key)
    if row is not None:
        row.seen_at, row.expires_at = now, expires


@housekeeping
def end_sessions(user_id: str, *, but: str | None = None) -> list[str]:
    """End every session of a person (but one); returns the ids that ended, so that sockets follow."""
    query = select(WebSession.id).where(WebSession.user_id == user_id)
    ended = [key for key in db.session.scalars(query) if key != but]
    db.session.execute(delete(WebSession).where(WebSession.id.in_(ended)))
    return ended


@housekeeping
def end_session(key: str) -> None:
    db.session.execute(delete(WebSession).where(WebSession.id == key))


@housekeeping
def forget_expired(now: datetime) -> None:
    db.session.execute(delete(WebSession).where(WebSession.expires_at <= now))


def live_sessions(user_id: str, now: datetime) -> list[WebSession]:
    query = select(WebSession).where(WebSession.user_id == user_id, WebSession.expires_at > now)
    return list(db.session.scalars(query.order_by(WebSession.seen_at.desc())))


def live_user(key: str, now: datetime) -> str | None:
    """Whose session this is, while it lasts."""
    row = db.session.get(WebSession, key)
    return row.user_id if row is not None and row.expires_at > now else None
