"""The JSON API's shell: bearer tokens only, explicit schemas, coded answers.

Bodies are JSON objects; each route names its fields with a reader, unknown fields are refused. Amounts are decimal strings.
`does` is the one table of the interface: it reads what a route takes, and `web/openapi` draws the description from it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, request

from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.money import parse_amount
from srm_portal.web import etags, idempotency

Reader = Callable[[Any], Any]
Schema = dict[str, Any]
Given = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])
PREFIX = "/api/v1"
_OPERATION = "__operation__"
_SCHEMA = "__schema__"


def reads(**schema: Any) -> Callable[[Reader], Reader]:
    """Say what a reader takes, in the words of JSON Schema."""

    def mark(reader: Reader) -> Reader:
        setattr(reader, _SCHEMA, schema)
        return reader

    return mark


def schema_of(reader: Reader) -> Schema:
    found: Schema = getattr(reader, _SCHEMA, {})
    return found


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and method: what it takes after the question mark (`asks`) and in the body (`takes`), what it gives."""

    summary: str
    group: str
    asks: Mapping[str, Reader] = field(default_factory=dict)
    takes: Mapping[str, Reader] | None = None
    needed: tuple[str, ...] = ()
    gives: Schema = field(default_factory=lambda: {"type": "object"})
    status: int = 200
    if_match: bool = False


def does(
    summary: str,
    group: str,
    *,
    asks: Mapping[str, Reader] | None = None,
    takes: Mapping[str, Reader] | None = None,
    needed: tuple[str, ...] = (),
    gives: Schema | None = None,
    status: int = 200,
    if_match: bool = False,
) -> Callable[[View], View]:
    """Describe a route and read what it is sent: the view gets the values as `given`, asked for or from the body.

    A route without `takes` gets no body, and refuses one with fields; one with neither is not given anything.
    """
    operation = Operation(summary, group, asks or {}, takes, needed, gives or {"type": "object"}, status, if_match)

    def mark(view: View) -> View:
        @functools.wraps(view)
        def described(*args: Any, **kwargs: Any) -> Any:
            if request.method == "GET":
                given = query(operation.asks)
            else:
                query({})
                given = body(takes or {}, needed)
            return view(*args, **kwargs, given=given) if takes or asks else view(*args, **kwargs)

        setattr(described, _OPERATION, operation)
        return described  # type: ignore[return-value]

    return mark


def operation_of(view: Callable[..., Any]) -> Operation | None:
    return getattr(view, _OPERATION, None)


def api_blueprint(room: str) -> Blueprint:
    """A blueprint under /api/v1. It takes no cookies, so forged form posts have nothing to ride on."""
    blueprint = Blueprint(f"{room}_api", room, url_prefix=PREFIX)
    blueprint.before_request(idempotency.begin)
    blueprint.after_request(idempotency.keep)
    blueprint.after_request(etags.add)
    return blueprint


def register_api(app: Flask, blueprint: Blueprint) -> None:
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


@reads(type="string", maxLength=20_000)
def text(value: Any) -> str:
    """Text that every database holds: no NUL, no half of a character."""
    if not isinstance(value, str) or len(value) > 20_000 or "\x00" in value:
        raise ValueError("not_text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("not_text") from None
    return value


def short(most: int) -> Reader:
    """Text of at most so many characters."""

    def read(value: Any) -> str:
        found = text(value)
        if len(found) > most:
            raise ValueError("too_long")
        return str(found)

    return reads(type="string", maxLength=most)(read)


@reads(type="boolean")
def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not_a_flag")
    return value


@reads(type="string", format="date")
def day(value: Any) -> date:
    """A date as 2026-09-30."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise ValueError("not_a_date") from None


@reads(type="string", pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$")
def amount(value: Any) -> Decimal:
    """Digits as a string, never a JSON number."""
    return parse_amount(value)


@reads(type="string", pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")
def signed(value: Any) -> Decimal:
    """An amount that may be negative: a credit note."""
    negative = isinstance(value, str) and value.startswith("-")
    found = parse_amount(value[1:] if negative else value)
    return -found if negative else found


@reads(type="integer", minimum=-(2**53), maximum=2**53)
def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
        raise ValueError("not_whole")
    return value


@reads(type="string", format="date-time")
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

    return reads(type="array", items=schema_of(reader) or {"type": "object"}, maxItems=most)(read)


def one_of(*choices: str) -> Reader:
    """One of the coded words."""

    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError("unknown_value")
        return str(value)

    return reads(type="string", enum=list(choices))(read)


def row(readers: Mapping[str, Reader], needed: tuple[str, ...], place: str) -> Reader:
    """An object inside a list; `place` is put before the names of its fields where they are wrong."""

    def read(value: Any) -> dict[str, Any]:
        return fields(value, readers, needed, place)

    return reads(**object_schema(readers, needed))(read)


def object_schema(readers: Mapping[str, Reader], needed: tuple[str, ...]) -> Schema:
    """JSON Schema of an object with these fields. A field that is not needed may be left out or null."""
    properties = {
        name: schema_of(reader) if name in needed else {"anyOf": [schema_of(reader), {"type": "null"}]}
        for name, reader in readers.items()
    }
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": list(needed)} if needed else {})


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


@reads(type="integer", minimum=1, maximum=999_999)
def page_number(value: Any) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and 0 < len(value) < 7 and int(value)):
        raise ValueError("not_whole")
    return int(value)


@reads(type="integer", minimum=1, maximum=200)
def page_size(value: Any) -> int:
    found = page_number(value)
    if found > 200:
        raise ValueError("not_whole")
    return found


def body(readers: Mapping[str, Reader], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The request's JSON object, read by name."""
    value = request.get_json(silent=True) if request.data else {}
    return fields(value, readers, needed)


def unchanged(document: Mapping[str, Any]) -> None:
    """Refuse a change meant for an older state: what `If-Match` names is not the document as it stands."""
    etags.check(etags.tag_of(current_app.json.response(document).get_data(as_text=True)))
