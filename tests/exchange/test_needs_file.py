"""Needs from sheets: grouped by reference, every fault with its row and column, nothing half taken."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srm_portal.exchange.domain.cells import COLUMNS_MAX, Cell, Formula, Sheet, column_letters
from srm_portal.exchange.domain.headings import LANGUAGES, NEED_COLUMNS, SUPPLIER_COLUMNS, Column
from srm_portal.exchange.domain.needs_file import NeedsReading, read_needs
from srm_portal.exchange.domain.templates import needs_template
from srm_portal.kernel.errors import InputError
from srm_portal.kernel.money import Money

MORNING = datetime.fromisoformat("2027-03-31T08:30:00")
HEADINGS = ("Reference", "Title", "Category", "Line item", "Quantity", "Unit", "Target price", "Currency", "Needed by")
ROW: tuple[Cell, ...] = (
    "N-1", "Valves", "42131230", "DN50", Decimal(100), "pcs", Decimal("120.5"), "EUR", date(2027, 3, 31),
)  # fmt: skip


def sheet(*rows: tuple[Cell, ...], headings: tuple[Cell, ...] = HEADINGS, name: str = "Needs") -> Sheet:
    return Sheet(name, (headings, *rows))


def row(**changes: Cell) -> tuple[Cell, ...]:
    names = ("reference", "title", "category", "item", "quantity", "unit", "price", "currency", "needed_by")
    values = dict(zip(names, ROW, strict=True)) | changes
    return tuple(values[name] for name in names)


def faults(reading: NeedsReading) -> list[tuple[str, str, int | None, str]]:
    return [
        (problem.field, problem.code, problem.row, dict(problem.facts).get("column", ""))
        for problem in reading.problems
    ]


def test_rows_of_one_reference_make_one_need() -> None:
    reading = read_needs([sheet(row(), row(item="DN80", quantity=Decimal(40)), row(reference="N-2", title="Gloves"))])
    assert [(need.reference, need.title, len(need.lines)) for need in reading.needs] == [
        ("N-1", "Valves", 2),
        ("N-2", "Gloves", 1),
    ]
    line = reading.needs[0].lines[0]
    assert (line.quantity, line.unit, line.target_price) == (Decimal(100), "C62", Money(Decimal("120.5"), "EUR"))
    assert (reading.needs[0].needed_by, reading.needs[0].category) == (date(2027, 3, 31), "42131230")
    assert reading.problems == () and reading.warnings == ()


def test_a_blank_reference_means_the_need_above() -> None:
    reading = read_needs([sheet(row(), row(reference=None, title=None, needed_by=None, item="DN80"))])
    assert [len(need.lines) for need in reading.needs] == [2]


def test_a_first_row_without_reference_is_refused() -> None:
    assert faults(read_needs([sheet(row(reference=None))])) == [("reference", "missing", 2, "A")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title": None}, ("title", "missing", 2, "B")),
        ({"category": "42131"}, ("category", "bad_cpv_code", 2, "C")),
        ({"quantity": None}, ("quantity", "missing", 2, "E")),
        ({"quantity": Decimal(0)}, ("quantity", "zero", 2, "E")),
        ({"quantity": Decimal(-3)}, ("quantity", "negative", 2, "E")),
        ({"quantity": "a few"}, ("quantity", "not_a_number", 2, "E")),
        ({"quantity": "1,234"}, ("quantity", "ambiguous_number", 2, "E")),
        ({"quantity": True}, ("quantity", "not_a_number", 2, "E")),
        ({"quantity": date(2027, 1, 1)}, ("quantity", "not_a_number", 2, "E")),
        ({"quantity": Decimal("1E+30")}, ("quantity", "too_many_digits", 2, "E")),
        ({"quantity": Formula(None)}, ("quantity", "formula_without_value", 2, "E")),
        ({"quantity": "#REF!"}, ("quantity", "error_value", 2, "E")),
        ({"unit": "barrelful"}, ("unit", "unknown_unit", 2, "F")),
        ({"unit": None}, ("unit", "missing", 2, "F")),
        ({"currency": "EURO"}, ("currency", "bad_currency", 2, "H")),
        ({"currency": None}, ("currency", "missing", 2, "H")),
        ({"needed_by": "31/31/2027"}, ("needed_by", "bad_date", 2, "I")),
        ({"needed_by": date(1900, 1, 1)}, ("needed_by", "date_out_of_range", 2, "I")),
        ({"needed_by": Decimal(46000)}, ("needed_by", "bad_date", 2, "I")),
        ({"item": '=HYPERLINK("http://x")'}, ("item", "formula_as_text", 2, "D")),
        ({"item": "x" * 20_001}, ("item", "too_long", 2, "D")),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(change: dict[str, Cell], fault: tuple[str, str, int, str]) -> None:
    reading = read_needs([sheet(row(**change), row(reference="N-2"))])
    assert faults(reading) == [fault]
    assert [need.reference for need in reading.needs] == ["N-2"]


def test_one_wrong_row_keeps_its_whole_need_out() -> None:
    reading = read_needs([sheet(row(), row(quantity=None))])
    assert reading.needs == () and faults(reading) == [("quantity", "missing", 3, "E")]


def test_what_is_said_twice_of_a_need_must_agree() -> None:
    assert faults(read_needs([sheet(row(), row(title="Pumps"))])) == [("title", "differs_from_first_row", 3, "B")]


def test_a_computed_cell_counts_with_its_value_and_is_named() -> None:
    reading = read_needs([sheet(row(quantity=Formula(Decimal(7))))])
    assert reading.needs[0].lines[0].quantity == 7
    assert [(warning.field, warning.code) for warning in reading.warnings] == [("quantity", "formula_value")]


def test_a_merged_quantity_is_not_guessed_but_a_merged_title_is_carried_down() -> None:
    rows = (row(), row(reference=None, title=None, quantity=None))
    merged = Sheet("Needs", (HEADINGS, *rows), frozenset({(2, 0), (2, 1), (2, 4)}))
    assert faults(read_needs([merged])) == [("quantity", "merged_cell", 3, "E")]


def test_a_price_without_currency_takes_the_house_currency() -> None:
    reading = read_needs([sheet(row(currency=None))], default_currency="PLN")
    assert reading.needs[0].lines[0].target_price == Money(Decimal("120.5"), "PLN")


def test_one_clear_number_of_a_file_explains_the_doubtful_ones() -> None:
    reading = read_needs([sheet(row(quantity="1.234", price="1.234,50"))])
    assert reading.needs[0].lines[0].quantity == 1234


def test_a_number_cell_gets_back_the_leading_zero_of_its_category() -> None:
    assert read_needs([sheet(row(category=Decimal(3100000)))]).needs[0].category == "03100000"
    assert read_needs([sheet(row(category="03100000-2"))]).needs[0].category == "03100000"


def test_an_unknown_category_is_refused_where_the_taxonomy_is_known() -> None:
    reading = read_needs([sheet(row())], known_category=lambda code: False)
    assert faults(reading) == [("category", "unknown_category", 2, "C")]


def test_a_day_that_is_past_is_named() -> None:
    reading = read_needs([sheet(row())], today=date(2028, 1, 1))
    assert [warning.code for warning in reading.warnings] == ["in_the_past"] and len(reading.needs) == 1


def test_headings_may_stand_below_a_banner_and_unknown_ones_are_named() -> None:
    banner: tuple[Cell, ...] = ("Needs of the plant", None)
    rows = (banner, (), (*HEADINGS, "Colour"), (*row(), "red"))
    reading = read_needs([Sheet("Needs", rows), Sheet("Notes", (("remarks only",),))])
    assert reading.needs[0].row == 4
    assert (reading.ignored_columns, reading.ignored_sheets) == (("Colour",), ("Notes",))


def test_several_sheets_are_read_and_faults_name_theirs() -> None:
    reading = read_needs([sheet(row()), sheet(row(reference="N-2", unit=None), name="Second")])
    assert len(reading.needs) == 1
    assert dict(reading.problems[0].facts)["sheet"] == "Second"


def test_a_missing_column_is_named_once_and_nothing_is_read() -> None:
    reading = read_needs([sheet(("N-1", "Valves", "pcs"), headings=("Reference", "Title", "Unit"))])
    assert [(problem.field, problem.code) for problem in reading.problems] == [("quantity", "column_missing")]
    assert reading.needs == ()


def test_a_column_headed_twice_is_refused() -> None:
    reading = read_needs([sheet((*row(), 1), headings=(*HEADINGS, "Qty"))])
    assert faults(reading) == [("quantity", "column_twice", 1, "J")]


@pytest.mark.parametrize("sheets", [[], [Sheet("Empty", ())], [sheet(("a", "b"), headings=("x", "y"))], [sheet()]])
def test_a_file_without_needs_is_an_input_error(sheets: list[Sheet]) -> None:
    with pytest.raises(InputError):
        read_needs(sheets)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_of_every_language_can_be_imported_as_it_stands(language: str) -> None:
    reading = read_needs([needs_template(language)])
    assert reading.problems == () and reading.ignored_columns == ()
    assert [(need.reference, len(need.lines)) for need in reading.needs] == [("N-001", 2), ("N-002", 1)]


@pytest.mark.parametrize("columns", [NEED_COLUMNS, SUPPLIER_COLUMNS])
def test_no_heading_means_two_columns(columns: tuple[Column, ...]) -> None:
    words = [word for column in columns for word in column.words()]
    assert len(words) == len(set(words))


def test_columns_are_lettered_as_in_a_sheet() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


_CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.booleans(), st.text(max_size=12), st.decimals(), st.dates(), st.datetimes(),
    st.sampled_from(["1,5", "1.234,5", "=1", "\ud800", "N-1", "pcs", "EUR", Formula(None), Formula("=1")]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_CELLS, max_size=11).map(tuple), min_size=1, max_size=5))
def test_any_cells_are_needs_or_listed_problems(rows: list[tuple[Cell, ...]]) -> None:
    try:
        reading = read_needs([sheet(*rows)])
    except InputError as error:
        assert error.remedy
    else:
        assert reading.needs or reading.problems
        assert all(problem.row is not None and len(problem.value) <= 80 for problem in reading.problems)


def test_a_moment_in_a_day_cell_is_its_day() -> None:
    assert read_needs([sheet(row(needed_by=MORNING))]).needs[0].needed_by == date(2027, 3, 31)


def test_the_widest_sheet_has_a_hundred_columns() -> None:
    assert COLUMNS_MAX == 100
