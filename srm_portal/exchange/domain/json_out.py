"""JSON that leaves the portal: exact numbers, keys in the order given, the same value gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal


def dump_json(value: object) -> bytes:
    """UTF-8 with an indent of one blank and a last line end. `Decimal` becomes a JSON number with every digit of it.

    Raises TypeError for floats and for anything else that JSON has no exact word for.
    """
    return "".join((*_parts(value, "\n"), "\n")).encode()


def _parts(value: object, line: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _members(((f"{json.dumps(key, ensure_ascii=False)}: ", value[key]) for key in value), "{}", line)
    elif isinstance(value, (list, tuple)):
        yield from _members((("", member) for member in value), "[]", line)
    elif isinstance(value, Decimal):
        yield _number(value)
    elif value is None or isinstance(value, (str, bool, int)):
        yield json.dumps(value, ensure_ascii=False)
    else:
        raise TypeError(f"not exact in JSON: {type(value).__name__}")


def _number(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _members(members: Iterator[tuple[str, object]], brackets: str, line: str) -> Iterator[str]:
    inner, empty = line + " ", True
    yield brackets[0]
    for key, member in members:
        yield f"{'' if empty else ','}{inner}{key}"
        yield from _parts(member, inner)
        empty = False
    yield brackets[1] if empty else line + brackets[1]
