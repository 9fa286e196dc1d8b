"""Reading single fields of an award file: each refuses by naming the field and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from srm_portal.kernel.errors import InputError
from srm_portal.kernel.money import parse_amount

Document = dict[str, Any]
Places = dict[str, int]


def object_of(value: object, at: str, *, needed: Iterable[str] = (), allowed: Iterable[str] = ()) -> Document:
    if not isinstance(value, dict):
        raise InputError(at, "must be an object")
    prefix = "" if at == "document" else f"{at}."
    for name in needed:
        if name not in value:
            raise InputError(f"{prefix}{name}", "is missing")
    if unknown := [name for name in value if name not in allowed]:
        raise InputError(f"{prefix}{unknown[0]}", "is unknown; allowed are " + ", ".join(allowed))
    return value


def list_of(fields: Document, name: str, at: str | None = None) -> list[Any]:
    value = fields.get(name, [])
    if not isinstance(value, list):
        raise InputError(at or name, "must be a list")
    return value


def choice_of(fields: Document, name: str, choices: tuple[str, ...], at: str | None = None) -> str:
    value = fields.get(name, choices[0])
    if value not in choices:
        raise InputError(at or name, "must be " + " or ".join(choices))
    return str(value)


def text_of(value: object, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise InputError(at, "must be a text that is not empty")
    return value


def currency_of(value: object) -> str:
    text = text_of(value, "currency")
    if len(text) != 3 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise InputError("currency", 'must be three capital letters, like "EUR"')
    return text


def places_of(ids: Iterable[str], at: str) -> Places:
    places: Places = {}
    for i, name in enumerate(ids):
        if places.setdefault(name, i) != i:
            raise InputError(f"{at}[{i}].id", "is used twice; ids must differ")
    return places


def known(value: object, at: str, places: Places, where: str) -> int:
    place = places.get(value) if isinstance(value, str) else None
    if place is None:
        raise InputError(at, f"must be the id of one of the {where}")
    return place


def amount_of(value: object, at: str) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    try:
        return parse_amount(value)
    except ValueError:
        raise InputError(at, 'must be a decimal text without sign, like "4800" or "12.50"') from None


def fraction_of(value: object, at: str) -> Fraction:
    return Fraction(amount_of(value, at))


def share_of(value: object, at: str) -> Fraction:
    share = fraction_of(value, at)
    if share > 1:
        raise InputError(at, 'must be between "0" and "1"')
    return share
