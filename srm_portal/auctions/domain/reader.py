"""Reading JSON objects field by field: unknown fields are refused, absent and null are the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from srm_portal.kernel.errors import InputError

T = TypeVar("T")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_DIGITS_MAX = 24
YEARS = (1970, 9000)


class Fields:
    """One JSON object at a path. Every method takes a field; `done` refuses what nobody took."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise InputError(path or "document", "give an object")
        self.path = path
        self._left: dict[str, Any] = {str(name): each for name, each in value.items()}

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def raw(self, name: str) -> Any:
        """The value as it stands, None where absent."""
        return self._left.pop(name, None)

    def has(self, name: str) -> bool:
        return self._left.get(name) is not None

    def text(self, name: str, default: str) -> str:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, str) or not value:
            raise InputError(self.at(name), "give a text")
        return value

    def maybe_text(self, name: str) -> str | None:
        value = self.raw(name)
        if value is not None and not isinstance(value, str):
            raise InputError(self.at(name), "give a text")
        return value

    def choice(self, name: str, options: tuple[str, ...], default: str) -> Any:
        value = self.text(name, default)
        if value not in options:
            raise InputError(self.at(name), f"give one of: {', '.join(options)}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise InputError(self.at(name), "give true or false")
        return value

    def maybe_integer(self, name: str, *, least: int = 0) -> int | None:
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < least or value > 10**9:
            raise InputError(self.at(name), f"give a whole number from {least}")
        return value

    def integer(self, name: str, default: int, *, least: int = 0) -> int:
        value = self.maybe_integer(name, least=least)
        return default if value is None else value

    def maybe_decimal(self, name: str, *, signed: bool = False, positive: bool = False) -> Decimal | None:
        value = self.raw(name)
        return None if value is None else decimal(value, self.at(name), signed=signed, positive=positive)

    def decimal(self, name: str, default: str, *, signed: bool = False, positive: bool = False) -> Decimal:
        value = self.maybe_decimal(name, signed=signed, positive=positive)
        return Decimal(default) if value is None else value

    def maybe_moment(self, name: str) -> datetime | None:
        value = self.raw(name)
        return None if value is None else moment(value, self.at(name))

    def moment(self, name: str, default: str) -> datetime:
        return moment(default, name) if not self.has(name) else moment(self.raw(name), self.at(name))

    def items(self, name: str, read: Callable[[object, str], T], default: tuple[T, ...] = ()) -> tuple[T, ...]:
        """A list, each element read by `read(value, path)`."""
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, list):
            raise InputError(self.at(name), "give a list")
        return tuple(read(each, f"{self.at(name)}[{index}]") for index, each in enumerate(value))

    def part(self, name: str, read: Callable[[Fields], T]) -> T | None:
        """A nested object, None where absent."""
        value = self.raw(name)
        if value is None:
            return None
        fields = Fields(value, self.at(name))
        result = read(fields)
        fields.done()
        return result

    def done(self) -> None:
        for name in self._left:
            raise InputError(self.at(name), "unknown field; remove it or correct its name")


def decimal(value: object, path: str, *, signed: bool = False, positive: bool = False) -> Decimal:
    """A decimal given as plain text, or as a whole JSON number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value) or len(value) > _DIGITS_MAX:
        raise InputError(path, 'give a decimal as text, such as "99.50"')
    number = Decimal(value)
    if number < 0 and not signed:
        raise InputError(path, "give a number that is not negative")
    if positive and number <= 0:
        raise InputError(path, "give a number above zero")
    return number


def moment(value: object, path: str) -> datetime:
    """An ISO 8601 moment with its offset, as UTC."""
    try:
        parsed = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise InputError(path, 'give a moment such as "2026-01-05T10:00:00.000Z"') from None
    if parsed.tzinfo is None:
        raise InputError(path, 'give the moment with its offset, such as "2026-01-05T10:00:00.000Z"')
    if not YEARS[0] <= parsed.year <= YEARS[1]:
        raise InputError(path, f"give a year from {YEARS[0]} to {YEARS[1]}")
    return parsed.astimezone(UTC)


def moment_text(value: datetime) -> str:
    """UTC with milliseconds and Z; microseconds only where there are any."""
    utc = value.astimezone(UTC)
    precision = "microseconds" if utc.microsecond % 1000 else "milliseconds"
    return utc.replace(tzinfo=None).isoformat(timespec=precision) + "Z"
