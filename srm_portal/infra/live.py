"""The live sockets of this process, as far as other rooms need them: to end them."""

from __future__ import annotations

from typing import Protocol

from flask import current_app


class Sockets(Protocol):
    def kick(self, *, session_id: str | None = None, user_id: str | None = None, scope: str | None = None) -> int: ...


def publish(topic: str, version: int) -> None:
    """A topic's committed state stands at `version`: show it to everybody who follows it here."""
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.publish(topic, version)


def kick_user(user_id: str) -> None:
    """End a person's sockets; processes that serve none have nothing to end."""
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.kick(user_id=user_id)


def kick_session(session_id: str) -> None:
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.kick(session_id=session_id)


def kick_scope(scope: str) -> None:
    """End the sockets that follow one thing for one company, for example a withdrawn invitation."""
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.kick(scope=scope)
