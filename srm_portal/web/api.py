"""The JSON API's shell: bearer tokens only, explicit schemas, coded answers.

Bodies are JSON objects; each route names its fields with a reader, unknown fields are refused. Amounts are decimal strings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Flask, request

from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.money import parse_amount

Reader = Callable[[Any], Any]
PREFIX = "/api/v1"


def api_blueprint(room: str) -> Blueprint:
    """A blueprint under /api/v1. It takes no cookies, so forged form posts have nothing to ride on."""
    return Blueprint(f"{room}_api", room, url_prefix=PREFIX)


def register_api(app: Flask, blueprint: Blueprint) -> None:
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def text(value: Any) -> str:
    """Text that every database holds: no NUL, no half of a character."""
    if not isinstance(value, str) or len(value) > 20_000 or "\x00" in value:
        raise ValueError("not_text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("not_text") from None
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not_a_flag")
    return value


def day(value: Any) -> date:
    """A date as 2026-09-30."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise ValueError("not_a_date") from None


def amount(value: Any) -> Decimal:
    """Digits as a string, never a JSON number."""
    return parse_amount(value)


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
        raise ValueError("not_whole")
    return value


def moment(value: Any) -> datetime:
    """RFC 3339 with its zone; kept to the millisecond, as every moment here."""
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        raise ValueError("not_a_moment") from None
    if found.tzinfo is None:
        raise ValueError("not_a_moment")
    return found.astimezone(UTC).replace(microsecond=found.microsecond // 1000 * 1000)


def listed(reader: Callable[[Mapping[str, Any]], Any], most: int = 5000) -> Reader:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueError("not_a_list")
        return [reader(one) for one in value]

    return read


def fields(value: Any, readers: Mapping[str, Reader], needed: tuple[str, ...] = (), place: str = "") -> dict[str, Any]:
    """The object's fields, each read; every wrong, missing or unknown one is named."""
    if not isinstance(value, dict):
        raise Invalid([FieldProblem(place or "body", "not_an_object")])
    problems = [FieldProblem(f"{place}{name}", "unknown_field", value=name) for name in value.keys() - readers.keys()]
    problems += [FieldProblem(f"{place}{name}", "required") for name in needed if value.get(name) is None]
    found: dict[str, Any] = {}
    for name, reader in readers.items():
        if value.get(name) is None:
            continue
        try:
            found[name] = reader(value[name])
        except ValueError as wrong:
            problems.append(FieldProblem(f"{place}{name}", "wrong_value", value=str(wrong)))
    if problems:
        raise Invalid(sorted(problems, key=lambda one: one.field))
    return found


def query(readers: Mapping[str, Reader]) -> dict[str, Any]:
    """What the address asks for after its question mark, read by name; unknown names are refused."""
    return fields(request.args.to_dict(), readers)


def page_number(value: Any) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and 0 < len(value) < 7 and int(value)):
        raise ValueError("not_whole")
    return int(value)


def body(readers: Mapping[str, Reader], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The request's JSON object, read by name."""
    value = request.get_json(silent=True) if request.data else {}
    return fields(value, readers, needed)
