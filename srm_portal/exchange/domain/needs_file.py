"""Needs from a workbook: one need for each reference, its lines from the rows that carry it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from srm_portal.exchange.domain.cells import Sheet
from srm_portal.exchange.domain.classes import read_cpv
from srm_portal.exchange.domain.currencies import CURRENCIES
from srm_portal.exchange.domain.headings import NEED_COLUMNS
from srm_portal.exchange.domain.table import PROSE_MAX, Faults, Record, Table, find_table
from srm_portal.exchange.domain.units import read_unit
from srm_portal.kernel.errors import FieldProblem, InputError
from srm_portal.kernel.money import Money

REFERENCE_MAX = 60
LOT_MAX = 60
_OF_THE_NEED = ("title", "description", "needed_by", "place")


@dataclass(frozen=True, slots=True)
class NeedLine:
    row: int
    description: str
    category: str
    lot: str
    quantity: Decimal
    unit: str
    target_price: Money | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need. `category` is that of its first line which has one; `row` is where it begins."""

    row: int
    reference: str
    title: str
    description: str
    category: str
    needed_by: date | None
    place: str
    lines: tuple[NeedLine, ...]


@dataclass(frozen=True, slots=True)
class NeedsReading:
    """The needs that are right in every row, and what is wrong with the others, cell by cell."""

    needs: tuple[NeedRow, ...]
    problems: tuple[FieldProblem, ...]
    warnings: tuple[FieldProblem, ...]
    ignored_columns: tuple[str, ...]
    ignored_sheets: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    row: int
    values: dict[str, object]
    lines: list[NeedLine]
    sound: bool


def read_needs(
    sheets: Sequence[Sheet],
    *,
    default_currency: str | None = None,
    known_category: Callable[[str], bool] = lambda code: True,
    today: date | None = None,
) -> NeedsReading:
    """Read the needs of all sheets that have the headings; a reference left blank means the need of the row above.

    A need with a fault in any of its rows is not among `needs`. Raises InputError where no sheet has the headings.
    """
    faults, drafts = Faults.none(), dict[str, _Draft]()
    tables, ignored_sheets = [], []
    for sheet in sheets:
        table = find_table(sheet, NEED_COLUMNS, faults)
        if table is None:
            ignored_sheets.append(sheet.name)
        else:
            tables.append(table)
    if not tables:
        raise InputError("file", "a heading row with at least Reference, Title, Quantity and Unit is expected")
    if not faults.problems:
        for table in tables:
            _read_table(table, faults, drafts, default_currency, known_category, today)
    if not drafts and not faults.problems:
        raise InputError("file", "at least one need below the headings is expected")
    return NeedsReading(
        needs=tuple(_need(reference, draft) for reference, draft in drafts.items() if draft.sound),
        problems=tuple(faults.problems),
        warnings=tuple(faults.warnings),
        ignored_columns=tuple(dict.fromkeys(heading for table in tables for heading in table.ignored)),
        ignored_sheets=tuple(ignored_sheets),
    )


def _read_table(
    table: Table,
    faults: Faults,
    drafts: dict[str, _Draft],
    default_currency: str | None,
    known_category: Callable[[str], bool],
    today: date | None,
) -> None:
    above = ""
    for record in table.records(faults):
        reference = record.text("reference", REFERENCE_MAX) or above
        if not reference:
            record.refuse("reference", "missing")
            continue
        above = reference
        draft = drafts.setdefault(reference, _Draft(record.row, {}, [], True))
        _read_need(record, draft, today)
        line = _read_line(record, draft, default_currency, known_category)
        if line is not None:
            draft.lines.append(line)
        draft.sound = draft.sound and record.sound


def _read_need(record: Record, draft: _Draft, today: date | None) -> None:
    """What is said once for a need; later rows leave it blank or repeat it."""
    first = record.row == draft.row
    said: dict[str, object] = {
        "title": record.needed("title") if first else record.text("title"),
        "description": record.text("description", PROSE_MAX),
        "needed_by": record.day("needed_by"),
        "place": record.text("place"),
    }
    for field in _OF_THE_NEED:
        value, before = said[field], draft.values.get(field)
        if value and before and value != before:
            record.refuse(field, "differs_from_first_row", value)
        elif value and not before:
            draft.values[field] = value
    day = said["needed_by"]
    if today is not None and isinstance(day, date) and day < today:
        record.warn("needed_by", "in_the_past", day)


def _read_line(
    record: Record, draft: _Draft, default_currency: str | None, known_category: Callable[[str], bool]
) -> NeedLine | None:
    quantity, unit = record.number("quantity"), _unit(record)
    if quantity is None and record.sound:
        record.refuse("quantity", "merged_cell" if record.covered("quantity") else "missing")
    price, category = _price(record, default_currency), _category(record, known_category)
    description = record.text("item", PROSE_MAX) or str(draft.values.get("title", ""))
    lot = record.text("lot", LOT_MAX)
    if not record.sound or quantity is None:
        return None
    return NeedLine(record.row, description, category, lot, quantity, unit, price)


def _unit(record: Record) -> str:
    text = record.needed("unit")
    code = read_unit(text) if text else ""
    if code is None:
        record.refuse("unit", "unknown_unit", text)
    return code or ""


def _price(record: Record, default_currency: str | None) -> Money | None:
    amount, written = record.number("target_price"), record.text("currency").upper()
    if written and written not in CURRENCIES:
        record.refuse("currency", "bad_currency", written)
        return None
    currency = written or default_currency
    if amount is None:
        return None
    if not currency:
        record.refuse("currency", "missing")
        return None
    return Money(amount, currency)


def _category(record: Record, known_category: Callable[[str], bool]) -> str:
    value = record.value("category")
    if value is None:
        return ""
    code = read_cpv(value)
    if code is None:
        record.refuse("category", "bad_cpv_code", value)
    elif not known_category(code):
        record.refuse("category", "unknown_category", code)
    return code or ""


def _need(reference: str, draft: _Draft) -> NeedRow:
    day = draft.values.get("needed_by")
    return NeedRow(
        row=draft.row,
        reference=reference,
        title=str(draft.values.get("title", "")),
        description=str(draft.values.get("description", "")),
        category=next((line.category for line in draft.lines if line.category), ""),
        needed_by=day if isinstance(day, date) else None,
        place=str(draft.values.get("place", "")),
        lines=tuple(draft.lines),
    )
