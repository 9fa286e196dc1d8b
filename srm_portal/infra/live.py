"""The live sockets of this process, as far as other rooms need them: to end them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask import current_app


class Sockets(Protocol):
    def publish(self, topic: str, version: int) -> None: ...

    def committed(self, topic: str, since: int, version: int, rows: Any) -> None: ...

    def tell(
        self,
        event: str,
        payload: Mapping[str, Any],
        *,
        session_id: str | None = None,
        user_id: str | None = None,
        scope: str | None = None,
    ) -> None: ...

    def kick(self, *, session_id: str | None = None, user_id: str | None = None, scope: str | None = None) -> int: ...


def publish(topic: str, version: int) -> None:
    """A topic's committed state stands at `version`: show it to everybody who follows it here."""
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.publish(topic, version)


def committed(topic: str, since: int, version: int) -> None:
    """As `publish`, and the other worker processes are told to read what stands between the two versions."""
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.committed(topic, since, version, [])


def tell(event: str, payload: Mapping[str, Any], scope: str) -> None:
    """Send one event to the sockets that follow one thing, on all workers."""
    sockets: Sockets | None = current_app.extensions.get("srm_sockets")
    if sockets is not None:
        sockets.tell(event, payload, scope=scope)


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


def present(scope: str) -> bool:
    """Whether anybody of this scope is connected to this process."""
    sockets = current_app.extensions.get("srm_sockets")
    return bool(sockets is not None and sockets.registry.find(scope=scope))
