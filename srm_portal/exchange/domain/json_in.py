"""JSON as it arrives from outside: exact numbers, no NaN, no key twice, never an exception but InputError."""

from __future__ import annotations

import json
from decimal import Decimal

from srm_portal.kernel.errors import InputError

BYTES_MAX = 64 * 1024 * 1024
_INT_DIGITS_MAX = 40


def load_json(data: bytes, *, name: str = "file", bytes_max: int = BYTES_MAX) -> object:
    """Parse UTF-8 JSON; fractions become `Decimal`, so money stays exact.

    Raises InputError naming `name` (or the repeated key) for anything that is not one plain JSON document: another
    encoding, NaN and Infinity, a key twice in one object, nesting beyond what the parser can follow, too many bytes.
    """
    if len(data) > bytes_max:
        raise InputError(name, f"at most {bytes_max} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(name, f"UTF-8 is expected; byte {error.start} is not") from error
    try:
        return json.loads(
            text, parse_float=Decimal, parse_int=_integer, parse_constant=_constant, object_pairs_hook=_members
        )
    except json.JSONDecodeError as error:
        raise InputError(name, f"JSON is expected; line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise InputError(name, "nested too deeply") from error


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _INT_DIGITS_MAX else Decimal(text)


def _constant(text: str) -> object:
    raise InputError(text, "numbers are finite in JSON")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise InputError(twice[:80], "a key may stand once in an object")
    return members
