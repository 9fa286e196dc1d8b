"""Reading a JSON document strictly: every wrong or unknown field is named, with what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from srm_portal.evaluation.domain.figures import number
from srm_portal.kernel.errors import InputError

T = TypeVar("T", bound=str)


class Fields:
    """One object of the document and the path to it."""

    def __init__(self, held: object, path: str, known: Sequence[str]) -> None:
        if not isinstance(held, Mapping):
            raise InputError(path or "document", "a JSON object is needed")
        self._held: Mapping[str, Any] = held
        self._path = path
        for name in held:
            if name not in known:
                raise InputError(self.at(str(name)), f"unknown field; known here: {', '.join(known)}")

    def at(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def __contains__(self, name: str) -> bool:
        return self._held.get(name) is not None

    def get(self, name: str) -> Any:
        return self._held.get(name)

    def needed(self, name: str) -> Any:
        if name not in self:
            raise InputError(self.at(name), "missing")
        return self._held[name]

    def number(self, name: str) -> Fraction:
        return number(self.needed(name), self.at(name))

    def number_or(self, name: str, default: Fraction) -> Fraction:
        return self.number(name) if name in self else default

    def number_or_none(self, name: str) -> Fraction | None:
        return self.number(name) if name in self else None

    def text(self, name: str) -> str:
        value = self.needed(name)
        if not isinstance(value, str) or not value.strip():
            raise InputError(self.at(name), "a text that is not empty is needed")
        return value

    def choice(self, name: str, choices: Sequence[T], default: T | None = None) -> T:
        value = default if default is not None and name not in self else self.needed(name)
        for choice in choices:
            if value == choice:
                return choice
        raise InputError(self.at(name), f"one of {', '.join(choices)} is needed")

    def whole(self, name: str, low: int, high: int) -> int:
        value = self.needed(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InputError(self.at(name), f"a whole number from {low} to {high} is needed")
        return value

    def flag(self, name: str) -> bool:
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise InputError(self.at(name), "true or false is needed")
        return bool(value)

    def inner(self, name: str, known: Sequence[str]) -> Fields:
        """The object under `name`; empty where it is not given."""
        return Fields(self._held[name] if name in self else {}, self.at(name), known)

    def items(self, name: str) -> list[Any]:
        return items(self.needed(name), self.at(name))

    def numbers(self, name: str) -> tuple[Fraction, ...]:
        return tuple(number(item, f"{self.at(name)}[{i}]") for i, item in enumerate(self.items(name)))


def items(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(path, "a list is needed")
    return value
