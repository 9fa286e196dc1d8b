"""The door for what clients send: every event has a schema and a permission and always gets an answer.

A client names an event, never a room. What is refused is answered with `{"ok": false, "code": ...}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from flask import Flask

from srm_portal.infra.realtime.schema import Schema
from srm_portal.kernel.errors import Forbidden, InputError, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.permissions import PERMISSIONS, Actor


@dataclass(frozen=True, slots=True)
class Join:
    """A handler's answer that also puts the socket into a topic: `reply` is the snapshot, at `version`.

    `audience` and `key` pick what the socket is shown, `scopes` are what a kick can name later.
    """

    topic: str
    reply: Mapping[str, Any]
    version: int
    audience: str
    key: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leave:
    """A handler's answer that takes the socket out of a topic."""

    topic: str
    reply: Mapping[str, Any] = field(default_factory=dict)


Answer = Mapping[str, Any] | Join | Leave
Handler = Callable[[Actor, Any, datetime], Answer]


@dataclass(frozen=True, slots=True)
class Event:
    schema: Schema
    permission: str
    handler: Handler
    app_context: bool


@dataclass(frozen=True, slots=True)
class EventLimits:
    """`rate` and `burst` events per socket; after `refused_burst` refusals for speed the socket is dropped.

    `opening_s` is how long a connection may take to introduce itself.
    """

    rate: float = 20.0
    burst: float = 40.0
    refused_rate: float = 5.0
    refused_burst: float = 200.0
    depth_max: int = 8
    sockets_per_user_max: int = 5
    topics_per_socket_max: int = 8
    opening_s: float = 10.0


class Events:
    """The events of an application, by name."""

    def __init__(self, depth_max: int) -> None:
        self._depth_max = depth_max
        self._events: dict[str, Event] = {}

    def add(self, name: str, event: Event) -> None:
        """Raises ValueError for an event that is registered twice or names no known permission."""
        if name in self._events:
            raise ValueError(f"{name} is registered already")
        if event.permission not in PERMISSIONS:
            raise ValueError(f"{name} has no line in the permission table: {event.permission!r}")
        self._events[name] = event

    def answer(self, app: Flask, actor: Actor, body: str, now: datetime) -> Answer:
        """What `actor` gets for the JSON `[name, data]`; only a mistake of ours raises."""
        try:
            items = orjson.loads(body)
        except orjson.JSONDecodeError:
            return no("malformed")
        if not items or len(items) > 2 or not isinstance(items[0], str):
            return no("malformed")
        event = self._events.get(items[0])
        if event is None:
            return no("unknown_event")
        data = items[1] if len(items) == 2 else {}
        if not isinstance(data, dict):
            return no("not_an_object")
        if deeper_than(data, self._depth_max):
            return no("too_deep")
        if not actor.may(event.permission):
            return no("forbidden")
        with app.app_context() if event.app_context else nullcontext():
            return _handled(event, actor, data, now)


def _handled(event: Event, actor: Actor, data: dict[str, Any], now: datetime) -> Answer:
    try:
        return event.handler(actor, event.schema(data), now)
    except Invalid as invalid:
        return no("invalid", problems=[{"field": p.field, "code": p.code} for p in invalid.problems[:20]])
    except (Refused, Forbidden) as refused:
        return no(refused.code, **refused.facts)
    except InputError as wrong:
        return no("invalid", problems=[{"field": wrong.field, "code": "invalid"}])
    except NotFound:
        return no("not_found")
    except Stale:
        return no("stale")


def deeper_than(value: Any, levels: int) -> bool:
    """Whether lists and objects nest more than `levels` deep."""
    if not isinstance(value, dict | list):
        return False
    if levels == 0:
        return True
    return any(deeper_than(item, levels - 1) for item in (value.values() if isinstance(value, dict) else value))


def no(code: str, **facts: Any) -> dict[str, Any]:
    """A refusal as clients get it."""
    return {"ok": False, "code": code, **({"facts": facts} if facts else {})}
