"""Workbooks from outside: what a person made is read as it is shown, what an attacker made is refused in words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from srm_portal.adapters.spreadsheets import read_workbook
from srm_portal.exchange.domain.needs_file import read_needs
from srm_portal.exchange.domain.templates import needs_template
from srm_portal.exchange.ports import ROWS_MAX, Formula, Sheet
from srm_portal.infra.sheets import xlsx_bytes
from srm_portal.kernel.errors import InputError

MIDNIGHT = datetime.fromisoformat("2027-03-31T00:00:00")
MORNING = datetime.fromisoformat("2027-03-31T08:30:00")
SHEET_PART = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[Worksheet], object]) -> bytes:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def simple() -> bytes:
    return workbook(lambda sheet: sheet.append(["Reference", 7, 0.1 + 0.2]))


def refusal(data: bytes, **limits: int) -> str:
    with pytest.raises(InputError) as raised:
        read_workbook(data, **limits)
    assert raised.value.field == "file"
    return raised.value.remedy


def test_cells_are_read_as_they_are_shown() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["text", 7, 0.1 + 0.2, True, date(2027, 3, 31), MORNING, None, "end"])

    (sheet,) = read_workbook(workbook(fill))
    assert sheet.rows == (("text", Decimal(7), Decimal("0.3"), True, MIDNIGHT, MORNING, None, "end"),)


def test_a_computed_cell_is_marked_with_its_last_value() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([2, "=A1*2", "='text"])

    (sheet,) = read_workbook(workbook(fill))
    assert sheet.rows == ((Decimal(2), Formula(None), Formula(None)),)
    with_value = changed(
        workbook(fill), SHEET_PART, lambda xml: xml.replace(b"<v />", b"<v>4</v>").replace(b"<v/>", b"<v>4</v>")
    )
    assert read_workbook(with_value)[0].rows[0][1] == Formula(Decimal(4))


def test_cells_under_a_merged_one_are_known() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", "b"])
        sheet.append(["c", "d"])
        sheet.merge_cells("A1:A2")

    assert read_workbook(workbook(fill))[0].covered == {(1, 0)}


def test_every_visible_sheet_is_read_and_hidden_ones_are_not() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Second")
    book.create_sheet("Hidden").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [sheet.name for sheet in read_workbook(out.getvalue())] == ["Sheet", "Second"]


def test_a_template_goes_out_and_comes_back() -> None:
    headings, *rows = needs_template("fr").rows
    data = xlsx_bytes("Besoins", [str(heading) for heading in headings], rows)  # type: ignore[arg-type]
    reading = read_needs(read_workbook(data))
    assert reading.problems == () and [need.reference for need in reading.needs] == ["N-001", "N-002"]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"Reference;Title", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00" * 1000], ids=range(5)
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert refusal(data)


def test_an_archive_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "opens without repair" in refusal(out.getvalue())


def test_a_declared_entity_is_refused_before_it_is_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    data = changed(simple(), SHEET_PART, lambda xml: bomb + xml[xml.index(b"<worksheet") :])
    assert "entities" in refusal(data)


def test_an_entity_in_another_encoding_is_refused_too() -> None:
    bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode("utf-16")
    assert "entities" in refusal(changed(simple(), "xl/styles.xml", lambda xml: bomb))


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    data = changed(simple(), SHEET_PART, lambda xml: xml + b" " * 2_000_000)
    assert len(data) < 20_000
    assert "unpacked" in refusal(data, unpacked_max=1_000_000)


def test_too_many_rows_are_refused_and_the_limit_is_not() -> None:
    def fill(rows: int) -> Callable[[Worksheet], None]:
        def append(sheet: Worksheet) -> None:
            for number in range(rows):
                sheet.append([number])

        return append

    assert len(read_workbook(workbook(fill(ROWS_MAX + 1)))[0].rows) == ROWS_MAX + 1
    assert "rows" in refusal(workbook(fill(ROWS_MAX + 2)))


def test_a_value_hidden_in_the_last_row_of_a_sheet_is_not_lost_in_silence() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A1048576"] = "Reference", "far away"

    assert "1048576" in refusal(workbook(fill))


def test_a_row_number_beyond_any_sheet_is_refused_at_once() -> None:
    assert refusal(changed(simple(), SHEET_PART, lambda xml: xml.replace(b'r="1"', b'r="999999999"', 1)))


def test_too_many_columns_are_refused() -> None:
    assert "columns" in refusal(workbook(lambda sheet: sheet.append(list(range(101)))))


def test_formatted_but_empty_rows_are_no_rows() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "Reference"
        sheet["A20000"].number_format = "0.00"

    assert len(read_workbook(workbook(fill))[0].rows) == 1


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    sound = _SIMPLE
    place = data.draw(st.integers(0, len(sound) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=4))
    _read_or_refuse(sound[:place] + noise + sound[place + len(noise) :])


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_part_of_a_workbook_is_read_or_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(_SIMPLE)) as archive:
        part = data.draw(st.sampled_from(sorted(archive.namelist())))
        size = len(archive.read(part))
    place = data.draw(st.integers(0, size - 1))
    noise = data.draw(st.sampled_from([b"", b"x", b"9", b"<", b'"', b"999999999999", b"\xff", b"/", b"inlineStr"]))
    _read_or_refuse(changed(_SIMPLE, part, lambda xml: xml[:place] + noise + xml[place + 1 :]))


def _read_or_refuse(data: bytes) -> None:
    try:
        sheets = read_workbook(data)
    except InputError as error:
        assert error.remedy
    else:
        assert all(isinstance(sheet, Sheet) for sheet in sheets)


_SIMPLE = simple()
