"""Legal identity checked offline: VAT number by country, LEI, IBAN, and the country itself."""

from __future__ import annotations

from dataclasses import replace

from stdnum import iban, lei
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from srm_portal.kernel.errors import FieldProblem
from srm_portal.suppliers.domain.record import SupplierData
from srm_portal.web.formats import country_names

_EU_PREFIX = {"GR": "EL"}


def known_country(code: str) -> bool:
    return code in country_names("en")


def _vat(country: str, number: str) -> str:
    """The number in its usual form, with the country's letters inside the EU. Raises ValidationError."""
    prefix = _EU_PREFIX.get(country, country)
    if country.lower() in eu_vat.MEMBER_STATES:
        compact = number.replace(" ", "").upper()
        return eu_vat.validate(compact if compact.startswith(prefix) else prefix + compact)
    module = get_cc_module(country.lower(), "vat")
    return number if module is None else module.validate(number)


def checked(data: SupplierData) -> tuple[SupplierData, list[FieldProblem]]:
    """The record with its numbers in their usual form, and what is wrong with them.

    Numbers of countries whose rule is not known are kept as typed.
    """
    problems: list[FieldProblem] = []
    found: dict[str, str] = {}

    def check(field: str, code: str, number: str | None, validate: object) -> None:
        if not number:
            return
        try:
            found[field] = validate(number)  # type: ignore[operator]
        except ValidationError:
            problems.append(FieldProblem(field, code, value=number, facts=(("country", data.country),)))

    if not known_country(data.country):
        problems.append(FieldProblem("country", "country_unknown", value=data.country))
    else:
        check("vat", "vat_wrong", data.vat, lambda number: _vat(data.country, number))
    check("lei", "lei_wrong", data.lei, lei.validate)
    check("iban", "iban_wrong", data.iban, iban.validate)
    return replace(data, **found), problems


def masked_iban(number: str) -> str:
    """Country and the last four: enough to recognise, not to use."""
    return f"{number[:2]}•• •••• {number[-4:]}" if number else ""
