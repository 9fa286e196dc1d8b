"""Numbers by which companies are known, checked offline: VAT number by country, LEI, IBAN."""

from __future__ import annotations

from stdnum import iban, lei
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

_EU_PREFIX = {"GR": "EL"}


def vat_number(country: str, number: str) -> str:
    """In its usual form, with the country's letters inside the EU; ValueError when its rule is broken.

    Numbers of countries whose rule is not known are kept as typed.
    """
    prefix = _EU_PREFIX.get(country, country)
    try:
        if country.lower() in eu_vat.MEMBER_STATES:
            compact = number.replace(" ", "").upper()
            return str(eu_vat.validate(compact if compact.startswith(prefix) else prefix + compact))
        module = get_cc_module(country.lower(), "vat") if country.isalpha() else None
        return number if module is None else str(module.validate(number))
    except ValidationError as wrong:
        raise ValueError("vat_wrong") from wrong


def lei_number(number: str) -> str:
    """A legal entity identifier (ISO 17442); ValueError when it does not add up."""
    try:
        return str(lei.validate(number))
    except ValidationError as wrong:
        raise ValueError("lei_wrong") from wrong


def iban_number(number: str) -> str:
    """An account number (ISO 13616); ValueError when it does not add up."""
    try:
        return str(iban.validate(number))
    except ValidationError as wrong:
        raise ValueError("iban_wrong") from wrong
