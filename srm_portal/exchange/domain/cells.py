"""Rows of plain cells: what every table reader gets, whether it was a workbook or a text file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ROWS_MAX, COLUMNS_MAX = 10_000, 100

CellValue = None | bool | str | Decimal | date
"""`datetime` is a `date` and allowed; numbers are always exact."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A computed cell and what the workbook says its result was; None where it was never computed."""

    value: CellValue


Cell = CellValue | Formula


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet from its first row and column on. `covered`: cells (row, column; from 0) hidden under a merged one."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    covered: frozenset[tuple[int, int]] = frozenset()


def column_letters(index: int) -> str:
    """0 -> "A", 25 -> "Z", 26 -> "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
