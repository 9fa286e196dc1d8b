"""Numbers and days as people of six languages type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.exchange.domain.numerals import decimal_mark, read_day, read_number
from srm_portal.exchange.domain.units import read_unit
from srm_portal.kernel.measure import UNITS


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", "7"), ("1234", "1234"), ("12,5", "12.5"), ("12.5", "12.5"), ("1 234,56", "1234.56"),
        ("1 234 567", "1234567"),
        ("1\u202f234,5", "1234.5"), ("1\u00a0234", "1234"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"),
        ("1'234.50", "1234.5"),
        ("1.234.567", "1234567"), ("0,125", "0.125"), ("1234,567", "1234.567"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_meant(text: str, number: str) -> None:
    assert read_number(text) == (Decimal(number), None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "not_a_number"), ("x", "not_a_number"), ("1e3", "not_a_number"), ("NaN", "not_a_number"),
        ("٣", "not_a_number"),
        ("1,23,456", "not_a_number"), ("1.2.3", "not_a_number"), ("12 34", "not_a_number"), ("€5", "not_a_number"),
        ("-5", "negative"),
        ("−5,5", "negative"), ("--5", "not_a_number"), ("1,234", "ambiguous_number"), ("12.345", "ambiguous_number"),
        ("9" * 19, "too_many_digits"), ("0" * 40, "too_many_digits"),
    ],
)  # fmt: skip
def test_what_is_no_clear_number_is_refused(text: str, fault: str) -> None:
    assert read_number(text) == (None, fault)


@pytest.mark.parametrize(("mark", "number"), [(",", "1.234"), (".", "1234")])
def test_a_known_decimal_mark_settles_the_doubt(mark: str, number: str) -> None:
    assert read_number("1,234", mark) == (Decimal(number), None)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234,5"], ","), (["1,5", "2,25"], ","), (["1.5"], "."), (["1.234.567"], ","), (["1,5", "1.5"], None),
        (["1,234"], None), (["word", "1 234"], None), ([], None),
    ],
)  # fmt: skip
def test_a_file_tells_its_decimal_mark(texts: list[str], mark: str | None) -> None:
    assert decimal_mark(texts) == mark


@given(st.decimals(0, 10**12, places=2), st.sampled_from(",."))
def test_a_number_written_with_groups_reads_back(number: Decimal, mark: str) -> None:
    text = f"{number:,.2f}".translate(str.maketrans(",.", ".,") if mark == "," else {})
    assert read_number(text, mark) == (number, None)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_fault(text: str) -> None:
    number, fault = read_number(text)
    assert (number is None) != (fault is None)


@pytest.mark.parametrize("text", ["2027-03-31", "31/03/2027", "31.3.2027", "31-03-2027", "2027-03-31T00:00:00"])
def test_a_day_is_read_day_first(text: str) -> None:
    assert read_day(text) == (date(2027, 3, 31), None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("03/31/2027", "bad_date"), ("31/3/27", "bad_date"), ("2027-02-30", "bad_date"), ("31/03-2027", "bad_date"),
        ("0001-01-01", "date_out_of_range"), ("soon", "bad_date"),
    ],
)  # fmt: skip
def test_what_is_no_clear_day_is_refused(text: str, fault: str) -> None:
    assert read_day(text) == (None, fault)


@pytest.mark.parametrize(
    ("text", "code"),
    [("pcs", "C62"), ("Pièces", "C62"), ("szt.", "C62"), ("buc.", "C62"), ("шт.", "C62"), ("uds", "C62"),
     ("KGM", "KGM"),
     ("m²", "MTK"), ("m2", "MTK"), ("godz.", "HUR"), ("forfait", "LS"), ("lump sum", "LS"), ("т", "TNE"),
     ("кв. м", "MTK")],
)  # fmt: skip
def test_a_unit_is_known_by_its_usual_names(text: str, code: str) -> None:
    assert read_unit(text) == code


def test_every_unit_of_the_portal_is_known_by_code_and_name() -> None:
    assert all(read_unit(code) == code and read_unit(name) == code for code, name in UNITS.items())
    assert read_unit("barrelful") is None
