"""A taxonomy from a text table is a tree, or its faults are listed by row."""

from __future__ import annotations

import pytest

from srm_portal.exchange.domain.categories_file import CategoriesReading, read_categories
from srm_portal.exchange.domain.csv_text import read_csv
from srm_portal.kernel.errors import InputError
from tests.support.shared_data import needs, shared_path

HEADINGS = "code,code_with_check_digit,level,parent,en,ru"


def read(*lines: str, headings: str = HEADINGS) -> CategoriesReading:
    return read_categories(read_csv("\n".join([headings, *lines]).encode()).sheet)


def faults(reading: CategoriesReading) -> list[tuple[str, str, int | None]]:
    return [(problem.field, problem.code, problem.row) for problem in reading.problems]


def test_parents_come_before_their_children_whatever_the_order() -> None:
    reading = read("03110000,,class,03100000,Crops,", "03100000,,group,03000000,Farm,", "03000000,,division,,All,Все")
    assert [category.code for category in reading.categories] == ["03000000", "03100000", "03110000"]
    assert reading.problems == () and reading.languages == ("en", "ru")


def test_a_label_that_is_blank_falls_back_to_english() -> None:
    (category,) = read("03000000,03000000-1,division,,Farm,").categories
    assert category.labels == (("en", "Farm"),)
    assert (category.label("ru"), category.label("en")) == ("Farm", "Farm")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((",,,,Nameless,",), ("code", "missing", 2)),
        (("1,,,,One,", "1,,,,Again,"), ("code", "twice", 3)),
        (("1,,,9,One,",), ("parent", "unknown_parent", 2)),
        (("1,,,,,",), ("label", "missing", 2)),
        (("1,2-3,,,One,",), ("code_with_check_digit", "differs_from_code", 2)),
        (("1,,,1,One,",), ("parent", "parent_in_a_circle", 2)),
        ((f"{'9' * 41},,,,One,",), ("code", "too_long", 2)),
        ((f"1,,,,{'x' * 501},",), ("label", "too_long", 2)),
    ],
)
def test_a_wrong_category_is_named_by_row(lines: tuple[str, ...], fault: tuple[str, str, int]) -> None:
    assert faults(read(*lines)) == [fault]


def test_a_circle_of_two_and_what_hangs_on_it_are_refused_and_the_rest_goes_in() -> None:
    reading = read("1,,,2,One,", "2,,,1,Two,", "3,,,2,Three,", "4,,,,Four,")
    assert [category.code for category in reading.categories] == ["4"]
    assert [code for _, code, _ in faults(reading)] == ["parent_in_a_circle"] * 3


@pytest.mark.parametrize(
    "headings",
    ["id,parent,en", "code,en", "code,parent", "code,parent,english", "code,parent,en,en", "code,code,parent,en"],
)
def test_other_headings_are_an_input_error(headings: str) -> None:
    with pytest.raises(InputError):
        read("1,,One,x", headings=headings)


def test_headings_alone_are_an_input_error() -> None:
    with pytest.raises(InputError):
        read()


def test_the_whole_common_procurement_vocabulary_is_read() -> None:
    path = needs(shared_path("data", "cpv.csv"))
    reading = read_categories(read_csv(path.read_bytes()).sheet)
    assert reading.problems == ()
    assert len(reading.categories) == 9_454
    assert reading.languages == ("en", "fr", "es", "pl", "ro", "ru")
    seeds = next(category for category in reading.categories if category.code == "03111000")
    assert (seeds.parent, seeds.label("fr"), seeds.code_with_check_digit) == ("03110000", "Graines", "03111000-2")
