"""Deliveries from a text table, one order line a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from srm_portal.exchange.domain.cells import Sheet
from srm_portal.exchange.domain.classes import read_cpv
from srm_portal.exchange.domain.currencies import CURRENCIES
from srm_portal.exchange.domain.headings import DELIVERY_COLUMNS
from srm_portal.exchange.domain.table import Faults, Record, find_table
from srm_portal.kernel.errors import FieldProblem, InputError


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One line as written; `supplier` is a reference, a VAT number or a name."""

    row: int
    supplier: str
    order_number: str
    line: str
    category: str
    due_on: date
    delivered_on: date | None
    ordered: Decimal
    received: Decimal
    rejected: Decimal
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class DeliveriesReading:
    deliveries: tuple[DeliveryRow, ...]
    problems: tuple[FieldProblem, ...]
    warnings: tuple[FieldProblem, ...]
    ignored_columns: tuple[str, ...]


def read_deliveries(sheet: Sheet) -> DeliveriesReading:
    """Read every row; one that is wrong or repeats an earlier line is not among `deliveries`.

    Raises InputError where there are no headings or nothing below them.
    """
    faults = Faults.none()
    table = find_table(sheet, DELIVERY_COLUMNS, faults)
    if table is None:
        raise InputError("file", "a heading row with at least Supplier, Order number, Due on and Ordered is expected")
    found: list[DeliveryRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    records = list(table.records(faults)) if not faults.problems else []
    for record in records:
        row = _read(record)
        if row is None:
            continue
        key = (row.supplier.casefold(), row.order_number, row.line)
        if key in seen:
            record.refuse("order_number", "twice", f"= {seen[key]}")
            continue
        seen[key] = row.row
        found.append(row)
    if not records and not faults.problems:
        raise InputError("file", "at least one delivery below the headings is expected")
    return DeliveriesReading(tuple(found), tuple(faults.problems), tuple(faults.warnings), table.ignored)


def _read(record: Record) -> DeliveryRow | None:
    record.extra_cells()
    supplier, order = record.needed("supplier", 200), record.needed("order_number", 60)
    due, ordered = record.day("due_on"), record.number("ordered")
    for field, value in (("due_on", due), ("ordered", ordered)):
        if value is None and record.sound:
            record.refuse(field, "missing")
    received, rejected = record.count("received"), record.count("rejected")
    delivered, amount, currency = (
        record.day("delivered_on"),
        record.number("amount"),
        record.text("currency", 3).upper(),
    )
    if amount is not None and currency not in CURRENCIES:
        record.refuse("currency", "bad_currency", currency)
    category = _category(record)
    if not record.sound or due is None or ordered is None:
        return None
    return DeliveryRow(
        record.row, supplier, order, record.text("line", 20), category, due, delivered, ordered,
        received if received is not None else (ordered if delivered else Decimal(0)), rejected or Decimal(0), amount,
        currency,
    )  # fmt: skip


def _category(record: Record) -> str:
    text = record.text("category", 20)
    if not text:
        return ""
    code = read_cpv(text)
    if code is None:
        record.refuse("category", "bad_cpv_code", text)
    return code or ""
