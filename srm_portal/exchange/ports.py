"""What this room needs from outside: somebody who opens workbooks, and the registers only libraries know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from srm_portal.exchange.domain.cells import COLUMNS_MAX, ROWS_MAX, Cell, CellValue, Formula, Sheet
from srm_portal.exchange.domain.headings import LANGUAGES
from srm_portal.exchange.domain.suppliers_file import Registers

__all__ = [
    "COLUMNS_MAX",
    "LANGUAGES",
    "ROWS_MAX",
    "Cell",
    "CellValue",
    "Formula",
    "RegisterBook",
    "Registers",
    "Sheet",
    "WorkbookReader",
]


class WorkbookReader(Protocol):
    def __call__(self, data: bytes) -> tuple[Sheet, ...]:
        """The sheets of an .xlsx file. Raises InputError for anything hostile, damaged or too large."""
        ...


class RegisterBook(Protocol):
    def __call__(self, known_category: Callable[[str], bool]) -> Registers:
        """Forms of VAT numbers and names of countries, with the category tree in use."""
        ...
