"""Facts that libraries know for us: the forms of VAT numbers, the names of countries in our six languages."""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Callable
from functools import cache

import stdnum.eu.vat
from babel import Locale
from stdnum.exceptions import ValidationError

from srm_portal.exchange.ports import LANGUAGES, Registers

# Outside the Union each country has a module of its own there.
_OTHER_VAT = {
    "GB": "gb.vat",
    "CH": "ch.vat",
    "NO": "no.mva",
    "RU": "ru.inn",
    "UA": "ua.edrpou",
    "TR": "tr.vkn",
    "MD": "md.idno",
}
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_ALSO_NAMED = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "holland": "NL",
}


def registers(known_category: Callable[[str], bool] = lambda code: True) -> Registers:
    return Registers(check_vat=check_vat, country_named=country_named, known_category=known_category)


def check_vat(country: str, text: str) -> str | None:
    """The number in its regular form with the country in front, or None where its form or check digit is wrong.

    Countries whose numbers the library does not know take any number of 4 to 20 letters and digits.
    """
    bare = "".join(sign for sign in text.upper() if sign.isalnum())
    prefix = "EL" if country == "GR" else country
    if country.lower() in (*stdnum.eu.vat.MEMBER_STATES, "gr"):
        number = bare if bare.startswith(prefix) else prefix + bare
        return _validated(stdnum.eu.vat.validate, number)
    number = bare.removeprefix(country)
    if country in _OTHER_VAT:
        valid = _validated(importlib.import_module(f"stdnum.{_OTHER_VAT[country]}").validate, number)
        return valid and country + valid.removeprefix(country)
    return country + number if number.isascii() and 4 <= len(number) <= 20 else None


def _validated(validate: Callable[[str], str], number: str) -> str | None:
    try:
        return validate(number)
    except ValidationError:
        return None


def country_named(text: str) -> str | None:
    """The code of a country given by its code or its name in one of the six languages ("PL", "Pologne"), or None."""
    return _codes_by_name().get(_fold(text))


@cache
def _codes_by_name() -> dict[str, str]:
    codes = {_fold(name): code for name, code in _ALSO_NAMED.items()}
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        countries = {code: name for code, name in territories.items() if len(code) == 2 and code not in _NO_COUNTRIES}
        codes.update((_fold(name), code) for code, name in countries.items())
        codes.update((_fold(code), code) for code in countries)
    return codes


def _fold(name: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().replace(".", "").split())
