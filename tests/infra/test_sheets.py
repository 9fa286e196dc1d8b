"""Tables that leave the portal hold no formula that somebody typed into a form."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srm_portal.infra.sheets import csv_bytes, safe_text, xlsx_bytes

MIDNIGHT = datetime.fromisoformat("2027-03-31T00:00:00")
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '=HYPERLINK("http://x")', "＝1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_be_a_formula_is_guarded_in_csv(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    rows = list(csv.reader(io.StringIO(csv_bytes([text], [[text]]).decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["", "Valves", "a=b", "1-2", "it's", "info@valves.example"])
def test_a_harmless_text_is_left_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_numbers_days_and_blanks_are_written_plainly_in_csv() -> None:
    row = [Decimal("-1E+3"), Decimal("2.50"), 7, True, None, date(2027, 3, 31), datetime(2027, 3, 31, tzinfo=UTC)]
    data = csv_bytes(["a"] * 7, [row], delimiter=";").decode("utf-8-sig")
    assert data.splitlines()[1] == "-1000;2.5;7;1;;2027-03-31;2027-03-31T00:00:00+00:00"


@pytest.mark.parametrize("text", [*HOSTILE, "http://valves.example", "{=1}", "007"])
def test_a_text_stays_a_text_in_a_workbook(text: str) -> None:
    data = xlsx_bytes("Sheet", [text], [[text]])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s" and cell.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_and_days_are_themselves_in_a_workbook() -> None:
    data = xlsx_bytes("Sheet", list("abcde"), [[Decimal("1234.56"), 7, date(2027, 3, 31), True, None]])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [1234.56, 7, MIDNIGHT, True, None]


def test_a_number_beyond_what_a_workbook_holds_keeps_its_digits_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("S", ["a"], [[Decimal("1234567890123456.78")]]))).active
    assert sheet is not None and sheet["A2"].value == "1234567890123456.78"


def test_the_same_table_gives_the_same_bytes() -> None:
    assert xlsx_bytes("S", ["a"], [[1]]) == xlsx_bytes("S", ["a"], [[1]])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=10), min_size=2, max_size=2))
def test_no_cell_of_a_csv_begins_like_a_formula(row: list[str]) -> None:
    text = csv_bytes(["a", "b"], [[cell.replace("\ud800", "") for cell in row]]).decode("utf-8-sig", "replace")
    for cells in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in cells if cell.strip())
