"""VAT numbers and names of countries as suppliers write them."""

from __future__ import annotations

import pytest

from srm_portal.adapters.registers import check_vat, country_named, registers
from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.exchange.domain.suppliers_file import read_suppliers
from srm_portal.exchange.domain.templates import suppliers_template
from srm_portal.infra.sheets import csv_bytes


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("FR", "FR 83 404 833 048", "FR83404833048"), ("FR", "83404833048", "FR83404833048"),
        ("PL", "PL 8567346215", "PL8567346215"), ("GR", "EL 094259216", "EL094259216"),
        ("GB", "GB 980 7806 84", "GB980780684"),
        ("US", "12-3456789", "US123456789"),
    ],
)  # fmt: skip
def test_a_vat_number_comes_back_in_its_regular_form(country: str, text: str, number: str) -> None:
    assert check_vat(country, text) == number


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("FR", "FR84404833048"),
        ("PL", "PL8567346216"),
        ("FR", ""),
        ("GB", "GB 980 7806 85"),
        ("US", "1"),
        ("DE", "x" * 99),
    ],
)
def test_a_vat_number_with_a_wrong_check_digit_is_none(country: str, text: str) -> None:
    assert check_vat(country, text) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [("Poland", "PL"), ("Pologne", "PL"), ("polska", "PL"), ("Польша", "PL"), ("España", "ES"), ("Espana", "ES"),
     ("România", "RO"), ("pl", "PL"), ("uk", "GB"),
     ("U.K.", "GB"), ("Royaume-Uni", "GB"), ("England", "GB")],
)  # fmt: skip
def test_a_country_is_known_by_its_names(name: str, code: str) -> None:
    assert country_named(name) == code


@pytest.mark.parametrize("name", ["Atlantis", "ZZ", "EU", "XQ", "", "419"])
def test_what_is_no_country_is_none(name: str) -> None:
    assert country_named(name) is None


def test_the_template_for_suppliers_passes_the_real_registers() -> None:
    headings, *rows = suppliers_template("en").rows
    data = csv_bytes([str(heading) for heading in headings], rows)  # type: ignore[arg-type]
    assert read_suppliers(read_csv(data).sheet, registers()).problems == ()
