"""What a customer's record says, as typed or imported."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.names import domain_of

ROLES = ("customer", "prospect", "supplier", "partner")
INTERACTION_KINDS = ("call", "mail", "meeting", "visit", "complaint")
CONSENTS = ("unknown", "asked", "given", "withdrawn")
TEXT_MAX = {"name": 200, "legal_name": 200, "city": 100, "vat": 30, "segment": 60, "website": 200, "note": 10_000}
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class CustomerData:
    """Everything that is typed about a customer. Several roles may hold at once."""

    name: str
    country: str
    legal_name: str = ""
    city: str = ""
    vat: str = ""
    segment: str = ""
    website: str = ""
    note: str = ""
    roles: tuple[str, ...] = ("customer",)
    owner_id: str | None = None

    @property
    def domain(self) -> str:
        return domain_of(self.website)


def tidy(data: CustomerData) -> CustomerData:
    """Blanks cut, country in capitals, roles without doubles in their usual order."""
    values = ((field.name, getattr(data, field.name)) for field in fields(data))
    texts: dict[str, Any] = {name: value.strip() for name, value in values if isinstance(value, str)}
    texts["country"] = texts["country"].upper()
    known = tuple(role for role in ROLES if role in data.roles)
    return replace(data, **texts, roles=known + tuple(role for role in data.roles if role not in ROLES))


def problems(data: CustomerData) -> list[FieldProblem]:
    """What is wrong with the record itself, without looking anything up."""
    found = [] if data.name else [FieldProblem("name", "required")]
    if not _COUNTRY.fullmatch(data.country):
        found.append(FieldProblem("country", "country_unknown", value=data.country))
    unknown = [role for role in data.roles if role not in ROLES]
    if unknown:
        found.append(FieldProblem("roles", "unknown_value", value=unknown[0], facts=(("choices", ", ".join(ROLES)),)))
    elif not data.roles:
        found.append(FieldProblem("roles", "required"))
    for name, longest in TEXT_MAX.items():
        if len(getattr(data, name)) > longest:
            found.append(FieldProblem(name, "too_long", facts=(("max", str(longest)),)))
    return found
