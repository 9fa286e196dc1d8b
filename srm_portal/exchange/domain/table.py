"""A table in a sheet: its heading row found by known words, its rows read cell by cell with every fault listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from srm_portal.exchange.domain.cells import Cell, CellValue, Formula, Sheet, column_letters
from srm_portal.exchange.domain.headings import NUMBERS, Column, by_word, fold
from srm_portal.exchange.domain.numerals import decimal_mark, read_day, read_number
from srm_portal.exchange.domain.repair import clean_text
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import AMOUNT_DIGITS_MAX, plain

TEXT_MAX, PROSE_MAX, HEADING_ROWS_MAX = 500, 20_000, 20
_SHOWN_MAX = 80
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")


@dataclass(slots=True)
class Faults:
    """What is wrong in a file: `problems` keep their rows out, `warnings` are only said."""

    problems: list[FieldProblem]
    warnings: list[FieldProblem]

    @classmethod
    def none(cls) -> Faults:
        return cls([], [])


@dataclass(frozen=True, slots=True)
class Table:
    """Where the columns are, and what heads no known one (`ignored`)."""

    sheet: Sheet
    heading_row: int
    places: dict[str, int]
    ignored: tuple[str, ...]
    mark: str | None

    def records(self, faults: Faults) -> Iterator[Record]:
        """The rows below the headings that say anything."""
        for index in range(self.heading_row + 1, len(self.sheet.rows)):
            if any(_said(cell) for cell in self.sheet.rows[index]):
                yield Record(self, index, faults)


def find_table(sheet: Sheet, columns: Sequence[Column], faults: Faults) -> Table | None:
    """The table whose heading row (one of the first 20) names the most known columns, at least two; None if none does.

    A required column that is missing (`column_missing`) or any column headed twice (`column_twice`) is a problem.
    """
    words = by_word(columns)
    best, most = -1, 1
    for index, row in enumerate(sheet.rows[:HEADING_ROWS_MAX]):
        known = len({words[name] for cell in row if isinstance(cell, str) and (name := fold(cell)) in words})
        if known > most:
            best, most = index, known
    if best < 0:
        return None
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, cell in enumerate(sheet.rows[best]):
        heading = show(cell)
        column = words.get(fold(heading)) if heading else None
        if column is None:
            ignored.extend([heading] if heading else [])
        elif column in places:
            faults.problems.append(_fault(sheet, best, place, column, "column_twice", heading))
        else:
            places[column] = place
    missing = [column.name for column in columns if column.required and column.name not in places]
    faults.problems.extend(
        FieldProblem(name, "column_missing", best + 1, "", (("sheet", sheet.name),)) for name in missing
    )
    return Table(sheet, best, places, tuple(ignored), _mark(sheet, best, places))


def _mark(sheet: Sheet, heading_row: int, places: dict[str, int]) -> str | None:
    numbers = {places[name] for name in NUMBERS if name in places}
    rows = sheet.rows[heading_row + 1 :]
    return decimal_mark(
        cell for row in rows for place, cell in enumerate(row) if place in numbers and isinstance(cell, str)
    )


def _fault(sheet: Sheet, row: int, place: int | None, field: str, code: str, value: object) -> FieldProblem:
    column = (("column", column_letters(place)),) if place is not None else ()
    return FieldProblem(field, code, row + 1, show(value), (*column, ("sheet", sheet.name)))


def show(value: object) -> str:
    """A cell as a list of faults may show it."""
    if isinstance(value, Formula):
        value = value.value
    if value is None:
        return ""
    is_plain = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < AMOUNT_DIGITS_MAX
    text = plain(value) if isinstance(value, Decimal) and is_plain else str(value)
    return " ".join(clean_text(text[: _SHOWN_MAX * 4])[0].split())[:_SHOWN_MAX]


def _said(cell: Cell) -> bool:
    value = cell.value if isinstance(cell, Formula) else cell
    return isinstance(cell, Formula) or (value is not None and (not isinstance(value, str) or bool(value.strip())))


class Record:
    """One row of a table; every read notes what is wrong with its cell and then goes on."""

    def __init__(self, table: Table, index: int, faults: Faults) -> None:
        self._table = table
        self._index = index
        self._faults = faults
        self.sound = True

    @property
    def row(self) -> int:
        """The row as the program that shows the file numbers it, from 1."""
        return self._index + 1

    def refuse(self, field: str, code: str, value: object = "") -> None:
        self.sound = False
        fault = _fault(self._table.sheet, self._index, self._table.places.get(field), field, code, value)
        self._faults.problems.append(fault)

    def warn(self, field: str, code: str, value: object = "") -> None:
        fault = _fault(self._table.sheet, self._index, self._table.places.get(field), field, code, value)
        self._faults.warnings.append(fault)

    def covered(self, field: str) -> bool:
        """Whether the cell hides under a merged one that begins elsewhere."""
        return (self._index, self._table.places.get(field, -1)) in self._table.sheet.covered

    def value(self, field: str) -> CellValue:
        place = self._table.places.get(field)
        cells = self._table.sheet.rows[self._index]
        cell = cells[place] if place is not None and place < len(cells) else None
        if isinstance(cell, Formula):
            if cell.value is None:
                self.refuse(field, "formula_without_value")
            else:
                self.warn(field, "formula_value", cell.value)
            cell = cell.value
        if isinstance(cell, Decimal) and not cell.is_finite():
            self.refuse(field, "not_a_number", cell)
            return None
        if isinstance(cell, str):
            return self._plain_text(field, cell)
        return cell

    def _plain_text(self, field: str, written: str) -> str | None:
        text, faults = clean_text(_GUARDED.sub("", written, count=1))
        for fault in faults:
            self.warn(field, fault, written)
        if text.upper() in _ERRORS:
            self.refuse(field, "error_value", text)
            return None
        if text.startswith("="):
            self.refuse(field, "formula_as_text", text)
            return None
        return text or None

    def text(self, field: str, longest: int = TEXT_MAX) -> str:
        """A text; whole numbers and days in a text column are written out, as the sheet shows them."""
        value = self.value(field)
        if value is None:
            return ""
        if isinstance(value, bool):
            self.refuse(field, "not_text", value)
            return ""
        if isinstance(value, Decimal):
            return plain(value) if abs(value.adjusted()) <= AMOUNT_DIGITS_MAX else show(value)
        if isinstance(value, date):
            return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
        if len(value) > longest:
            self.refuse(field, "too_long", value)
            return ""
        return value

    def needed(self, field: str, longest: int = TEXT_MAX) -> str:
        before = len(self._faults.problems)
        text = self.text(field, longest)
        if not text and len(self._faults.problems) == before:
            self.refuse(field, "merged_cell" if self.covered(field) else "missing")
        return text

    def count(self, field: str) -> Decimal | None:
        """Like `number`, but zero is a number too."""
        value = self.value(field)
        if value == 0 or (isinstance(value, str) and value.strip() == "0"):
            return Decimal(0)
        return self.number(field)

    def number(self, field: str) -> Decimal | None:
        """An exact number above zero; a text is read as people write numbers."""
        value = self.value(field)
        if value is None:
            return None
        if isinstance(value, str):
            number, fault = read_number(value, self._table.mark)
        elif isinstance(value, Decimal):
            number, fault = _checked(value)
        else:
            number, fault = None, "not_a_number"
        if number == 0:
            number, fault = None, "zero"
        if fault:
            self.refuse(field, fault, value)
        return number

    def day(self, field: str) -> date | None:
        value = self.value(field)
        if value is None:
            return None
        day, fault = read_day(value) if isinstance(value, (str, date)) else (None, "bad_date")
        if fault:
            self.refuse(field, fault, value)
        return day

    def extra_cells(self) -> None:
        """Cells beyond the last heading are a sign of a lost delimiter: the row is refused."""
        headed = len(self._table.sheet.rows[self._table.heading_row])
        extra = [cell for cell in self._table.sheet.rows[self._index][headed:] if _said(cell)]
        if extra:
            self.refuse("", "extra_cells", extra[0])


def _checked(value: Decimal) -> tuple[Decimal | None, str | None]:
    if value < 0:
        return None, "negative"
    if len(value.as_tuple().digits) > AMOUNT_DIGITS_MAX or abs(value.adjusted()) >= AMOUNT_DIGITS_MAX:
        return None, "too_many_digits"
    return value, None
