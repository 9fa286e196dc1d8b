"""Suppliers from text tables: encodings and delimiters found out, every fault with its row and column."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srm_portal.exchange.domain.cells import COLUMNS_MAX, ROWS_MAX
from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.exchange.domain.headings import LANGUAGES
from srm_portal.exchange.domain.suppliers_file import Registers, SuppliersReading, read_suppliers
from srm_portal.exchange.domain.templates import suppliers_template
from srm_portal.infra.sheets import csv_bytes
from srm_portal.kernel.errors import InputError

HEADINGS = ("Name", "Country", "VAT number", "E-mail", "Phone", "Website", "Categories", "Regions")
ROW = (
    "Valve Makers",
    "PL",
    "PL 123-45-67",
    "sales@valves.example",
    "+48 22 000 00 00",
    "valves.example",
    "42131230",
    "PL91",
)
REGISTERS = Registers(
    check_vat=lambda country, text: text.replace(" ", "").replace("-", "") if text.startswith(country) else None,
    country_named=lambda text: {"Polska": "PL", "France": "FR", "PL": "PL", "FR": "FR"}.get(text),
)


def read(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> SuppliersReading:
    return read_suppliers(read_csv(csv_bytes(headings, rows)).sheet, REGISTERS)


def row(**changes: str) -> tuple[str, ...]:
    names = ("name", "country", "vat", "email", "phone", "website", "categories", "regions")
    return tuple((dict(zip(names, ROW, strict=True)) | changes).values())


def test_a_sound_row_is_a_supplier() -> None:
    reading = read(ROW)
    (supplier,) = reading.suppliers
    assert reading.problems == () and reading.warnings == ()
    assert (supplier.name, supplier.country, supplier.vat_number) == ("Valve Makers", "PL", "PL1234567")
    assert (supplier.website, supplier.categories, supplier.row) == ("https://valves.example", ("42131230",), 2)


@pytest.mark.parametrize(
    ("change", "field", "code", "column"),
    [
        ({"name": ""}, "name", "missing", "A"),
        ({"country": ""}, "country", "missing", "B"),
        ({"country": "Atlantis"}, "country", "unknown_country", "B"),
        ({"vat": "123"}, "vat_number", "bad_vat_number", "C"),
        ({"email": "sales@"}, "email", "bad_email", "D"),
        ({"email": "a@b.example, c@d.example"}, "email", "bad_email", "D"),
        ({"phone": "call me"}, "phone", "bad_phone", "E"),
        ({"website": "javascript:alert(1)//x"}, "website", "bad_url", "F"),
        ({"categories": "42131230; 99"}, "categories", "bad_cpv_code", "G"),
        ({"name": "x" * 501}, "name", "too_long", "A"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(change: dict[str, str], field: str, code: str, column: str) -> None:
    reading = read(row(**change), row(name="Other", vat=""))
    assert [(problem.field, problem.code, problem.row) for problem in reading.problems] == [(field, code, 2)]
    assert dict(reading.problems[0].facts)["column"] == column
    assert [supplier.name for supplier in reading.suppliers] == ["Other"]


def test_a_country_may_be_written_by_name() -> None:
    assert read(row(country="Polska")).suppliers[0].country == "PL"


def test_the_same_vat_number_or_name_twice_is_refused_the_second_time() -> None:
    reading = read(ROW, row(name="Other name"), row(name="VALVE  makers", vat=""), row(country="France", vat=""))
    assert [(problem.field, problem.code, problem.row) for problem in reading.problems] == [
        ("vat_number", "twice", 3),
        ("name", "twice", 4),
    ]
    assert len(reading.suppliers) == 2


def test_lists_may_be_set_off_by_bars_commas_or_semicolons() -> None:
    supplier = read(row(categories="42131230 | 42131000; 3100000", regions="PL91, PL92")).suppliers[0]
    assert supplier.categories == ("42131230", "42131000", "03100000")
    assert supplier.regions == ("PL91", "PL92")


def test_a_formula_guarded_by_our_own_export_comes_back_as_its_text() -> None:
    assert read(row(regions="+33 region")).suppliers[0].regions == ("+33 region",)


def test_a_formula_is_refused() -> None:
    data = b'Name;Country\n"=HYPERLINK(""http://x"")";FR\n'
    reading = read_suppliers(read_csv(data).sheet, REGISTERS)
    assert [problem.code for problem in reading.problems] == ["formula_as_text"]


def test_a_row_with_more_cells_than_headings_is_refused() -> None:
    assert [problem.code for problem in read((*ROW, "left over")).problems] == ["extra_cells"]


def test_a_missing_column_is_named() -> None:
    reading = read(("Valve Makers", "+48 22 000 00 00"), headings=("Name", "Phone"))
    assert [(problem.field, problem.code) for problem in reading.problems] == [("country", "column_missing")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(encoding: str, delimiter: str) -> None:
    lines = ["Nom,Pays,Ville", '"Société, Générale",FR,Orléans', "Été,FR,Nîmes"]
    text = "\r\n".join(line.replace(",", delimiter).replace(f"é{delimiter} G", "é, G") for line in lines)
    table = read_csv(text.encode(encoding))
    assert table.delimiter == delimiter
    assert table.sheet.rows[1] == ("Société, Générale", "FR", "Orléans")
    assert [supplier.city for supplier in read_suppliers(table.sheet, REGISTERS).suppliers] == ["Orléans", "Nîmes"]


def test_a_declared_delimiter_is_believed() -> None:
    assert read_csv(b"sep=;\r\nName;Country, or land\r\n").sheet.rows[0] == ("Name", "Country, or land")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04\x00", b'Name;Country\n"open;FR', b'a;b\n"x"y;z', b"\xff\xfea",
        b"\x81\x8d\x8f", b"a;" * COLUMNS_MAX + b"a", b"x;y\n" * (ROWS_MAX + 2), b"a;" + b"x" * 200_000,
    ],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_text_table_is_an_input_error(data: bytes) -> None:
    with pytest.raises(InputError):
        read_csv(data)


def test_a_table_of_ten_thousand_rows_is_read() -> None:
    assert len(read_csv(b"x;y\n" * (ROWS_MAX + 1)).sheet.rows) == ROWS_MAX + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_of_every_language_can_be_imported_as_it_stands(language: str) -> None:
    headings, *rows = suppliers_template(language).rows
    data = csv_bytes([str(heading) for heading in headings], rows, delimiter=";")  # type: ignore[arg-type]
    reading = read_suppliers(read_csv(data).sheet, Registers(check_vat=lambda country, text: text))
    assert reading.problems == () and reading.ignored_columns == () and len(reading.suppliers) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=120)
    | st.text(max_size=120).map(lambda text: ("Name;Country\n" + text).encode("utf-8", "replace"))
)
def test_any_bytes_are_suppliers_problems_or_an_input_error(data: bytes) -> None:
    try:
        reading = read_suppliers(read_csv(data).sheet, REGISTERS)
    except InputError as error:
        assert error.remedy
    else:
        assert reading.suppliers or reading.problems
