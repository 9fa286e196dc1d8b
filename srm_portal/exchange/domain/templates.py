"""Template files: the headings in the reader's language and an example that can be imported as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from srm_portal.exchange.domain.cells import CellValue, Sheet
from srm_portal.exchange.domain.headings import DELIVERY_COLUMNS, NEED_COLUMNS, ORDER_COLUMNS, SUPPLIER_COLUMNS, Column

_NEEDS: tuple[dict[str, CellValue], ...] = (
    {
        "reference": "N-001", "title": "Gate valves 2027", "category": "42131230", "lot": "1",
        "item": "Gate valve DN50", "quantity": Decimal(100), "unit": "C62", "target_price": Decimal("120.50"),
        "currency": "EUR", "needed_by": date(2027, 3, 31), "place": "Lyon",
    },
    {
        "reference": "N-001", "lot": "2", "item": "Gate valve DN80", "quantity": Decimal(40), "unit": "C62",
        "target_price": Decimal(210), "currency": "EUR",
    },
    {
        "reference": "N-002", "title": "Work gloves", "category": "18141000", "item": "Glove, size 9",
        "quantity": Decimal("250"), "unit": "PR", "needed_by": date(2027, 1, 15), "place": "Lyon",
    },
)  # fmt: skip
_SUPPLIERS: tuple[dict[str, CellValue], ...] = (
    {
        "name": "Example Valves", "legal_name": "Example Valves SAS", "country": "FR", "vat_number": "FR83404833048",
        "email": "sales@valves.example", "phone": "+33 4 00 00 00 00", "website": "https://www.valves.example",
        "categories": "42131230 | 42131000", "regions": "FRK2 | FRK1", "street": "1 rue de l'Exemple",
        "postal_code": "69001", "city": "Lyon", "contact_name": "A. Example", "language": "fr",
    },
)  # fmt: skip
_DELIVERIES: tuple[dict[str, CellValue], ...] = (
    {
        "supplier": "Example Valves", "order_number": "PO-1001", "line": "10", "category": "42131230",
        "due_on": date(2026, 3, 10), "delivered_on": date(2026, 3, 9), "ordered": Decimal(100),
        "received": Decimal(100), "rejected": Decimal(2), "amount": Decimal("12050.00"), "currency": "EUR",
    },
)  # fmt: skip


def deliveries_template(language: str) -> Sheet:
    return _sheet("Deliveries", DELIVERY_COLUMNS, _DELIVERIES, language)


def needs_template(language: str) -> Sheet:
    return _sheet("Needs", NEED_COLUMNS, _NEEDS, language)


def suppliers_template(language: str) -> Sheet:
    return _sheet("Suppliers", SUPPLIER_COLUMNS, _SUPPLIERS, language)


_ORDERS: list[dict[str, CellValue]] = [
    {
        "customer": "C-2026-0001", "number": "SO-1001", "line": "1", "ordered_on": "2026-02-01", "product": "Pump P-1",
        "quantity": "10", "net": "1250.00", "currency": "EUR", "needed_on": "2026-03-31",
    },
]  # fmt: skip


def orders_template(language: str) -> Sheet:
    return _sheet("Orders", ORDER_COLUMNS, _ORDERS, language)


def _sheet(
    name: str, columns: Sequence[Column], examples: Sequence[dict[str, CellValue]], language: str
) -> Sheet:  # fmt: skip
    headings = tuple(column.title(language) + (" *" if column.required else "") for column in columns)
    rows = (tuple(example.get(column.name) for column in columns) for example in examples)
    return Sheet(name, (headings, *rows))
