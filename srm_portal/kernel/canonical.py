"""One value, one sequence of bytes: what is hashed and signed.

JSON in UTF-8 with sorted keys, no blanks and no floats. Types are strict on purpose: a Boolean that was
hashed as `true` and came back from a database as 1 would break a chain that nobody touched.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from srm_portal.kernel.money import plain

INTEGER_MAX = 2**63 - 1
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> bytes:
    """The canonical bytes of str, int, bool, None, Decimal, list, and dict with str keys.

    A Decimal becomes its shortest exact text. Raises ValueError naming the path of the first value that
    is of another type (floats, tuples, dates, subclasses), an integer beyond 64 bits, or text that is
    not valid Unicode.
    """
    return _ENCODER.encode(_strict(value, "$")).encode()


def from_canonical(data: bytes) -> Any:
    """The value of canonical bytes; ValueError when they are not exactly what `canonical` writes."""
    try:
        value = json.loads(data.decode())
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if canonical(value) != data:
        raise ValueError("not in canonical form")
    return value


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def moment_text(moment: datetime) -> str:
    """UTC with milliseconds and fixed width, so that text order is time order.

    Raises ValueError for a moment without zone or finer than a millisecond: the text would say less
    than what was decided upon.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    if moment.microsecond % 1000:
        raise ValueError("a moment is cut to milliseconds")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_moment(text: str) -> datetime:
    """The moment of `moment_text`; ValueError for any other spelling."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if moment_text(moment) != text:
        raise ValueError("not in canonical form")
    return moment


def _strict(value: object, path: str) -> object:
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return _text(value, path)
    if kind is int:
        if abs(value) > INTEGER_MAX:  # type: ignore[arg-type]
            raise ValueError(f"{path}: integer beyond 64 bits")
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{path}: not a finite number")
        return plain(value)
    if isinstance(value, list) and kind is list:
        return [_strict(item, f"{path}[{position}]") for position, item in enumerate(value)]
    if isinstance(value, dict) and kind is dict:
        return {_key(key, path): _strict(item, f"{path}.{key}") for key, item in value.items()}
    raise ValueError(f"{path}: {kind.__name__} has no canonical form")


def _key(key: object, path: str) -> object:
    if type(key) is not str:
        raise ValueError(f"{path}: a key must be text")
    return _text(key, path)


def _text(value: object, path: str) -> object:
    try:
        str(value).encode()
    except UnicodeEncodeError:
        raise ValueError(f"{path}: not valid Unicode") from None
    return value
