"""What a supplier's record says, as typed or imported: one value that forms, imports and services share."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from srm_portal.documents.domain.names import misleading
from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.names import domain_of
from srm_portal.suppliers.domain.categories import bare
from srm_portal.suppliers.domain.places import Point

TEXT_MAX = {"name": 200, "legal_name": 200, "region": 60, "city": 100, "postcode": 20, "street": 200, "phone": 40}
TEXT_MAX |= {"website": 200, "registration_number": 60, "vat": 30, "lei": 30, "iban": 50, "note": 10_000}
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class SupplierData:
    """Everything that is typed about a company. `iban` None leaves the kept one as it is, "" removes it."""

    name: str
    country: str
    legal_name: str = ""
    region: str = ""
    city: str = ""
    postcode: str = ""
    street: str = ""
    place: Point | None = None
    vat: str = ""
    lei: str = ""
    registration_number: str = ""
    iban: str | None = None
    website: str = ""
    phone: str = ""
    note: str = ""
    categories: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        return domain_of(self.website)


def tidy(data: SupplierData) -> SupplierData:
    """Blanks cut, country in capitals, lists without doubles."""
    values = ((field.name, getattr(data, field.name)) for field in fields(data))
    texts: dict[str, Any] = {name: value.strip() for name, value in values if isinstance(value, str)}
    texts["country"] = texts["country"].upper()
    return replace(
        data,
        **texts,
        categories=tuple(dict.fromkeys(code for one in data.categories if (code := bare(one)))),
        regions=tuple(dict.fromkeys(one.strip() for one in data.regions if one.strip())),
    )


def problems(data: SupplierData) -> list[FieldProblem]:
    """What is wrong with the record itself, without looking anything up."""
    found = [] if data.name else [FieldProblem("name", "required")]
    if not _COUNTRY.fullmatch(data.country):
        found.append(FieldProblem("country", "country_unknown", value=data.country))
    for name, longest in TEXT_MAX.items():
        if len(getattr(data, name) or "") > longest:
            found.append(FieldProblem(name, "too_long", facts=(("max", str(longest)),)))
        found += letter_problems(name, getattr(data, name) or "", one_line=name != "note")
    return found + [problem for region in data.regions for problem in letter_problems("regions", region)]


def letter_problems(field: str, text: str, one_line: bool = True) -> list[FieldProblem]:
    """Letters that could mislead: those that turn the reading direction, cannot be seen or are no text."""
    why = "control" if one_line and re.search(r"[\n\r\t]", text) else misleading(text)
    return [FieldProblem(field, f"text_has_{why}")] if why else []


def masked_iban(number: str) -> str:
    """Country and the last four: enough to recognise, not to use."""
    return f"{number[:2]}•• •••• {number[-4:]}" if number else ""


PLAIN_FIELDS = tuple(one.name for one in fields(SupplierData) if one.name not in ("place", "iban"))


def to_row(data: SupplierData) -> dict[str, Any]:
    """What is kept of a registration: plain texts and lists; the account number is kept elsewhere, sealed."""
    values = ((name, getattr(data, name)) for name in PLAIN_FIELDS)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def from_row(row: dict[str, Any]) -> SupplierData:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return SupplierData(**values)
