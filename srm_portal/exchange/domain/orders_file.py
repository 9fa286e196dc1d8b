"""Order lines from a text table, one line of an order a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from srm_portal.exchange.domain.cells import Sheet
from srm_portal.exchange.domain.headings import ORDER_COLUMNS
from srm_portal.exchange.domain.table import Faults, Record, find_table
from srm_portal.kernel.errors import FieldProblem, InputError

_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`customer` is our reference of the customer, or their name."""

    row: int
    customer: str
    number: str
    line: int
    ordered_on: date
    product: str
    quantity: Decimal | None
    net: Decimal
    currency: str
    needed_on: date | None


@dataclass(frozen=True, slots=True)
class OrdersReading:
    lines: tuple[OrderLine, ...]
    problems: tuple[FieldProblem, ...]
    ignored_columns: tuple[str, ...]


def read_orders(sheet: Sheet) -> OrdersReading:
    """Read every row; a wrong one is not among `lines`. Raises InputError where there are no headings."""
    faults = Faults.none()
    table = find_table(sheet, ORDER_COLUMNS, faults)
    if table is None:
        raise InputError("file", "a heading row with Customer, Order, Date, Net value and Currency is expected")
    records = list(table.records(faults)) if not faults.problems else []
    lines = [line for record in records if (line := _read(record)) is not None]
    return OrdersReading(tuple(lines), tuple(faults.problems), table.ignored)


def _read(record: Record) -> OrderLine | None:
    record.extra_cells()
    customer, number = record.needed("customer"), record.needed("number", 60)
    ordered_on, net = _day(record, "ordered_on", needed=True), _amount(record, "net", needed=True)
    currency = record.needed("currency").upper()
    if currency and not _CURRENCY.fullmatch(currency):
        record.refuse("currency", "bad_currency", currency)
    place = record.text("line", 9) or "1"
    if not place.isdigit():
        record.refuse("line", "not_a_number", place)
    product, quantity = record.text("product", 200), _amount(record, "quantity")
    needed_on = _day(record, "needed_on")
    if not record.sound or ordered_on is None or net is None:
        return None
    return OrderLine(record.row, customer, number, int(place), ordered_on, product, quantity, net, currency, needed_on)


def _day(record: Record, field: str, *, needed: bool = False) -> date | None:
    """2026-09-30, also with what a workbook writes behind it."""
    text = record.needed(field) if needed else record.text(field, 40)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        record.refuse(field, "bad_date", text)
        return None


def _amount(record: Record, field: str, *, needed: bool = False) -> Decimal | None:
    text = record.needed(field) if needed else record.text(field, 40)
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        record.refuse(field, "not_a_number", text)
        return None
    return Decimal(text.replace(",", "."))
