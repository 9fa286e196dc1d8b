"""A JSON object read with suspicion: every wrong type is a listed problem, every mended value a listed warning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from srm_portal.exchange.domain.currencies import CURRENCIES
from srm_portal.exchange.domain.moments import read_moment
from srm_portal.exchange.domain.repair import check_url, clean_text, fold_key, unwrap
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import AMOUNT_DIGITS_MAX, Money, parse_amount

NAME_MAX, ID_MAX, PROSE_MAX, LIST_MAX = 500, 300, 50_000, 5_000
_PATH_MAX, _SHOWN_MAX = 120, 80


class Notes:
    """What was found wrong in one release: `problems` keep it out, `warnings` go in with it."""

    def __init__(self, row: int, wrap: int = 0) -> None:
        self.row = row
        self.wrap = wrap
        self.problems: list[FieldProblem] = []
        self.warnings: list[FieldProblem] = []
        self._noted: set[tuple[str, str]] = set()

    def refuse(self, path: str, code: str, value: object = "", **facts: str) -> None:
        self._note(self.problems, path, code, value, facts)

    def warn(self, path: str, code: str, value: object = "", **facts: str) -> None:
        self._note(self.warnings, path, code, value, facts)

    def _note(self, into: list[FieldProblem], path: str, code: str, value: object, facts: dict[str, str]) -> None:
        path = clean_text(path)[0][:_PATH_MAX]
        if (path, code) not in self._noted:
            self._noted.add((path, code))
            into.append(FieldProblem(path, code, self.row, shown(value), tuple(sorted(facts.items()))))


def shown(value: object) -> str:
    """A wrong value as a list of faults may show it: short, one line, printable."""
    if isinstance(value, str):
        text = value[: _SHOWN_MAX * 4]
    elif isinstance(value, (dict, list)):
        text = "{…}" if isinstance(value, dict) else "[…]"
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_SHOWN_MAX:
        text = "9" * 20 + "…"
    else:
        text = str(value)
    return " ".join(clean_text(text)[0].split())[:_SHOWN_MAX]


class Node:
    """One object of the file and its path. Absent, null and empty are the same: nothing was said."""

    def __init__(self, data: dict[object, object], path: str, notes: Notes) -> None:
        self.path = path
        self.notes = notes
        self.read: set[str] = set()
        self._members: dict[str, object] = {}
        for key, value in data.items():
            self._add(str(key), value)

    def _add(self, key: str, value: object) -> None:
        name = fold_key(key)
        if name != key:
            self.notes.warn(self.at(name), "mangled_key", key)
        if name in self._members and self._members[name] != value:
            self.notes.refuse(self.at(name), "key_twice", key)
        self._members[name] = value

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def unread(self) -> list[str]:
        """Paths that say something and were not asked for."""
        said = (key for key, value in self._members.items() if value not in (None, [], {}, ""))
        return [self.at(key) for key in said if key not in self.read]

    def get(self, key: str) -> object:
        self.read.add(key)
        return self._members.get(key)

    def node(self, key: str) -> Node | None:
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.notes.refuse(self.at(key), "not_an_object", value)
            return None
        return Node(value, self.at(key), self.notes)

    def sub(self, key: str) -> Node:
        """The object under `key`, an empty one where there is none."""
        return self.node(key) or Node({}, self.at(key), self.notes)

    def _list(self, key: str) -> list[object]:
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.notes.refuse(self.at(key), "not_a_list", value)
            return []
        if len(value) > LIST_MAX:
            self.notes.refuse(self.at(key), "too_many", str(len(value)), most=str(LIST_MAX))
            return []
        return value

    def nodes(self, key: str) -> Iterator[Node]:
        for index, value in enumerate(self._list(key)):
            path = f"{self.at(key)}[{index}]"
            if isinstance(value, dict):
                yield Node(value, path, self.notes)
            elif value is not None:
                self.notes.refuse(path, "not_an_object", value)

    def texts(self, key: str) -> tuple[str, ...]:
        found = (self._mend(value, f"{self.at(key)}[{index}]", ID_MAX) for index, value in enumerate(self._list(key)))
        return tuple(dict.fromkeys(text for text in found if text))

    def text(self, key: str, longest: int = NAME_MAX) -> str:
        return self._mend(self.get(key), self.at(key), longest)

    def prose(self, key: str) -> str:
        return self.text(key, PROSE_MAX)

    def identifier(self, key: str = "id") -> str:
        """An id is a text or, as OCDS allows, a whole number."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**AMOUNT_DIGITS_MAX:
            return str(value)
        return self._mend(value, self.at(key), ID_MAX)

    def _mend(self, value: object, path: str, longest: int) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.notes.refuse(path, "not_text", value)
            return ""
        if len(value) > longest:
            self.notes.refuse(path, "too_long", value, most=str(longest))
            return ""
        whole = unwrap(value, self.notes.wrap)
        if whole != value:
            self.notes.warn(path, "wrapped_text", value)
        text, faults = clean_text(whole)
        for fault in faults:
            self.notes.warn(path, fault, value)
        return text

    def choice(self, key: str, allowed: frozenset[str]) -> str:
        """A code of a closed list; an unknown one is left out with a warning."""
        code = self.text(key)
        if code and code not in allowed:
            self.notes.warn(self.at(key), "unknown_code", code)
            return ""
        return code

    def moment(self, key: str) -> datetime | None:
        text = self.text(key)
        if not text:
            return None
        moment, fault = read_moment(text)
        if moment is None:
            self.notes.refuse(self.at(key), fault or "bad_date", text)
        elif fault:
            self.notes.warn(self.at(key), fault, text)
        return moment

    def url(self, key: str) -> str | None:
        text = self.text(key, PROSE_MAX)
        if not text:
            return None
        url, fault = check_url(text)
        if fault:
            self.notes.warn(self.at(key), fault, text)
        return url

    def number(self, key: str) -> Decimal | None:
        """An exact number that is not negative, of at most 18 digits; a number written as text is mended."""
        value, path = self.get(key), self.at(key)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = parse_amount(value.strip())
            except ValueError:
                self.notes.refuse(path, "not_a_number", value)
                return None
            self.notes.warn(path, "number_as_text", value)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.notes.refuse(path, "not_a_number", value)
            return None
        fault = _number_fault(value)
        if fault:
            self.notes.refuse(path, fault, value)
            return None
        return Decimal(value)

    def whole(self, key: str) -> int | None:
        number = self.number(key)
        if number is None:
            return None
        if number != int(number):
            self.notes.refuse(self.at(key), "not_whole", number)
            return None
        return int(number)

    def money(self, key: str) -> Money | None:
        """An amount with its currency. Zero says nothing about a price and is left out with a warning."""
        node = self.node(key)
        amount = node.number("amount") if node else None
        if node is None or amount is None:
            return None
        written = node.text("currency")
        currency = written.upper()
        if currency not in CURRENCIES:
            node.notes.refuse(node.at("currency"), "bad_currency" if written else "missing", written)
            return None
        if written != currency:
            node.notes.warn(node.at("currency"), "currency_in_small_letters", written)
        if amount == 0:
            node.notes.warn(node.at("amount"), "zero_value", amount)
            return None
        if amount < 1:
            node.notes.warn(node.at("amount"), "tiny_value", amount)
        return Money(amount, currency)


def _number_fault(value: int | Decimal) -> str | None:
    if isinstance(value, int):
        return "negative" if value < 0 else "too_large" if value >= 10**AMOUNT_DIGITS_MAX else None
    if not value.is_finite():
        return "not_a_number"
    if value < 0:
        return "negative"
    if value and value.adjusted() >= AMOUNT_DIGITS_MAX:
        return "too_large"
    parts = value.as_tuple()
    after = -parts.exponent if isinstance(parts.exponent, int) else 0
    return "too_many_digits" if max(len(parts.digits), after) > AMOUNT_DIGITS_MAX else None
