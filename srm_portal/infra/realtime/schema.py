"""Checks for what a client sends: each event names its fields, and nothing else passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from srm_portal.kernel.errors import FieldProblem, Invalid

Check = Callable[[Any], str | None]
Schema = Callable[[Mapping[str, Any]], dict[str, Any]]


def text(max_length: int = 64, min_length: int = 1) -> Check:
    """A text of printable characters."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "not_text"
        if not min_length <= len(value) <= max_length:
            return "wrong_length"
        return None if value.isprintable() else "not_printable"

    return check


def integer(minimum: int, maximum: int) -> Check:
    """A whole number; true and false are none."""

    def check(value: Any) -> str | None:
        if type(value) is not int:
            return "not_integer"
        return None if minimum <= value <= maximum else "out_of_range"

    return check


def boolean() -> Check:
    return lambda value: None if type(value) is bool else "not_boolean"


def one_of(*choices: str) -> Check:
    return lambda value: None if isinstance(value, str) and value in choices else "unknown_choice"


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Schema:
    """A schema that wants all of `required`, allows `optional` and refuses any other field.

    The schema returns the data as a dict and raises Invalid with one problem per wrong field.
    """
    checks = {**required, **(optional or {})}

    def schema(data: Mapping[str, Any]) -> dict[str, Any]:
        problems = [FieldProblem(name[:64], "unknown_field") for name in data if name not in checks]
        problems += [FieldProblem(name, "missing") for name in required if name not in data]
        for name, check in checks.items():
            code = check(data[name]) if name in data else None
            if code is not None:
                problems.append(FieldProblem(name, code))
        if problems:
            raise Invalid(problems)
        return dict(data)

    return schema
