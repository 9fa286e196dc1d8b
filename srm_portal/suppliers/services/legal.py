"""Legal identity of a record, checked offline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from srm_portal.infra.legal_ids import iban_number, lei_number, vat_number
from srm_portal.kernel.errors import FieldProblem
from srm_portal.suppliers.domain.record import SupplierData
from srm_portal.web.formats import country_names


def checked(data: SupplierData) -> tuple[SupplierData, list[FieldProblem]]:
    """The record with its numbers in their usual form, and what is wrong with them."""
    problems: list[FieldProblem] = []
    found: dict[str, Any] = {}

    def check(field: str, number: str | None, validate: Callable[[str], str]) -> None:
        if not number:
            return
        try:
            found[field] = validate(number)
        except ValueError as wrong:
            problems.append(FieldProblem(field, str(wrong), value=number, facts=(("country", data.country),)))

    if data.country in country_names("en"):
        check("vat", data.vat, lambda number: vat_number(data.country, number))
    else:
        problems.append(FieldProblem("country", "country_unknown", value=data.country))
    check("lei", data.lei, lei_number)
    check("iban", data.iban, iban_number)
    return replace(data, **found), problems
