"""Events and commands as JSON: what the log stores, and what rebuilds the state from it.

`log_sha256` is SHA-256 over the events' canonical JSON (sorted keys, no blanks, UTF-8), one line each, every line
ended by a newline.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from srm_portal.auctions.domain import events as happened
from srm_portal.auctions.domain.events import Event
from srm_portal.auctions.domain.reader import moment, moment_text
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_reading import rules_from_json
from srm_portal.auctions.domain.rules_writing import rules_to_json
from srm_portal.kernel.errors import InputError

_EVENTS: dict[str, type] = {each.__name__: each for each in get_args(Event)}


def event_to_json(event: Event) -> dict[str, Any]:
    """`{"event": class name, ...}`; fields that are None are left out."""
    return {"event": type(event).__name__, **_plain(event)}


def event_from_json(document: dict[str, Any]) -> Event:
    """The event again. Raises InputError for an unknown event."""
    kind = _EVENTS.get(str(document.get("event")))
    if kind is None:
        raise InputError("event", f"give one of: {', '.join(_EVENTS)}")
    given = {name: value for name, value in document.items() if name != "event"}
    event: Event = _build(kind, given)
    return event


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(document: object) -> str:
    return _ENCODER.encode(document)


def log_sha256(log: Iterable[Event]) -> str:
    digest = hashlib.sha256()
    for event in log:
        digest.update(canonical(event_to_json(event)).encode() + b"\n")
    return digest.hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, Rules):
        return rules_to_json(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value):
        names = (each.name for each in dataclasses.fields(value))
        found = {name: getattr(value, name) for name in names}
        return {name: _plain(each) for name, each in found.items() if each is not None}
    return value


@cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind, vars(happened)).items()}


def _build(kind: type, given: dict[str, Any]) -> Any:
    readers = _readers(kind)
    unknown = set(given) - set(readers)
    if unknown:
        raise InputError(min(unknown), "unknown field; remove it or correct its name")
    return kind(**{name: readers[name](value) for name, value in given.items()})


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a field of this type is read back."""
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (each for each in get_args(hint) if each is not type(None))
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if get_origin(hint) is tuple:
        read = _reader(get_args(hint)[0])
        return lambda value: tuple(read(each) for each in value)
    if hint is datetime:
        return lambda value: moment(value, "event")
    if hint is Decimal:
        return lambda value: Decimal(value)
    if hint is Rules:
        return rules_from_json
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        kind = hint
        return lambda value: _build(kind, value)
    return lambda value: value
