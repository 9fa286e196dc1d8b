"""Suppliers from a text table, one a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from srm_portal.exchange.domain.cells import Sheet
from srm_portal.exchange.domain.classes import read_cpv
from srm_portal.exchange.domain.headings import LANGUAGES, SUPPLIER_COLUMNS, fold
from srm_portal.exchange.domain.repair import check_url
from srm_portal.exchange.domain.table import Faults, Record, find_table
from srm_portal.kernel.errors import FieldProblem, InputError

_EMAIL = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"().]{2,}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,28}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
_COUNTRY = re.compile(r"[A-Z]{2}")

VatCheck = Callable[[str, str], str | None]
"""(country, number as written) -> the number in its regular form, or None where it cannot be one."""


@dataclass(frozen=True, slots=True)
class SupplierRow:
    row: int
    name: str
    legal_name: str
    country: str
    vat_number: str
    registration_number: str
    email: str
    phone: str
    website: str
    categories: tuple[str, ...]
    regions: tuple[str, ...]
    street: str
    postal_code: str
    city: str
    contact_name: str
    language: str


@dataclass(frozen=True, slots=True)
class SuppliersReading:
    suppliers: tuple[SupplierRow, ...]
    problems: tuple[FieldProblem, ...]
    warnings: tuple[FieldProblem, ...]
    ignored_columns: tuple[str, ...]


def two_letters(text: str) -> str | None:
    """The least that can be said of a country code without a list of countries."""
    return text.upper() if _COUNTRY.fullmatch(text.upper()) else None


@dataclass(frozen=True, slots=True)
class Registers:
    """What only the outside knows: countries by name, the forms of VAT numbers, the categories in use."""

    check_vat: VatCheck
    country_named: Callable[[str], str | None] = two_letters
    known_category: Callable[[str], bool] = lambda code: True


def read_suppliers(sheet: Sheet, registers: Registers) -> SuppliersReading:
    """Read every row; one that is wrong or repeats an earlier one is not among `suppliers`.

    Raises InputError where there are no headings or nothing below them.
    """
    faults = Faults.none()
    table = find_table(sheet, SUPPLIER_COLUMNS, faults)
    if table is None:
        raise InputError("file", "a heading row with at least Name and Country is expected")
    suppliers: list[SupplierRow] = []
    seen: dict[tuple[str, str], int] = {}
    records = list(table.records(faults)) if not faults.problems else []
    for record in records:
        supplier = _read(record, registers)
        if _repeats(record, supplier, seen) or not record.sound:
            continue
        suppliers.append(supplier)
    if not records and not faults.problems:
        raise InputError("file", "at least one supplier below the headings is expected")
    return SuppliersReading(tuple(suppliers), tuple(faults.problems), tuple(faults.warnings), table.ignored)


def _read(record: Record, registers: Registers) -> SupplierRow:
    record.extra_cells()
    name, country = record.needed("name"), _country(record, registers)
    return SupplierRow(
        row=record.row,
        name=name,
        legal_name=record.text("legal_name"),
        country=country,
        vat_number=_vat(record, country, registers),
        registration_number=record.text("registration_number", 60),
        email=_matching(record, "email", _EMAIL, "bad_email"),
        phone=_matching(record, "phone", _PHONE, "bad_phone"),
        website=_website(record),
        categories=_categories(record, registers),
        regions=_several(record, "regions"),
        street=record.text("street"),
        postal_code=record.text("postal_code", 20),
        city=record.text("city"),
        contact_name=record.text("contact_name"),
        language=_language(record),
    )


def _repeats(record: Record, supplier: SupplierRow, seen: dict[tuple[str, str], int]) -> bool:
    """Whether an earlier row has the same VAT number, or the same name in the same country."""
    keys = [("name", f"{fold(supplier.name)}|{supplier.country}")]
    if supplier.vat_number:
        keys.append(("vat_number", supplier.vat_number))
    for field, key in keys:
        if (field, key) in seen:
            record.refuse(field, "twice", f"= {seen[field, key]}")
            return True
    seen.update(((field, key), record.row) for field, key in keys)
    return False


def _country(record: Record, registers: Registers) -> str:
    text = record.needed("country")
    if not text:
        return ""
    code = registers.country_named(text)
    if code is None:
        record.refuse("country", "unknown_country", text)
    return code or ""


def _vat(record: Record, country: str, registers: Registers) -> str:
    text = record.text("vat_number", 40)
    if not text or not country:
        return ""
    number = registers.check_vat(country, text)
    if number is None:
        record.refuse("vat_number", "bad_vat_number", text)
    return number or ""


def _matching(record: Record, field: str, pattern: re.Pattern[str], code: str) -> str:
    text = record.text(field, 254)
    if text and not pattern.fullmatch(text):
        record.refuse(field, code, text)
        return ""
    return text


def _website(record: Record) -> str:
    text = record.text("website", 2_000)
    if not text:
        return ""
    url, fault = check_url(text if "//" in text or text.startswith("www.") else f"https://{text}")
    if url is None:
        record.refuse("website", fault or "bad_url", text)
    return url or ""


def _several(record: Record, field: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r"[;|,\n]", record.text(field, 2_000)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _categories(record: Record, registers: Registers) -> tuple[str, ...]:
    codes: list[str] = []
    for text in _several(record, "categories"):
        code = read_cpv(text.rjust(8, "0") if text.isdigit() and len(text) == 7 else text)
        if code is None:
            record.refuse("categories", "bad_cpv_code", text)
        elif not registers.known_category(code):
            record.refuse("categories", "unknown_category", code)
        else:
            codes.append(code)
    return tuple(dict.fromkeys(codes))


def _language(record: Record) -> str:
    text = record.text("language").lower()
    if text and text not in LANGUAGES:
        record.warn("language", "unknown_language", text)
        return ""
    return text
