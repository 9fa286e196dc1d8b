"""A taxonomy of categories from a text table: codes, their parents, a label for each language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from srm_portal.exchange.domain.cells import Cell, Sheet
from srm_portal.exchange.domain.repair import clean_text
from srm_portal.kernel.errors import FieldProblem, InputError

CODE_MAX, LABEL_MAX = 40, 500
_FIXED = ("code", "code_with_check_digit", "level", "parent")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """`labels` holds (language, text) for the languages that have one; `parent` is empty at the top."""

    row: int
    code: str
    code_with_check_digit: str
    level: str
    parent: str
    labels: tuple[tuple[str, str], ...]

    def label(self, language: str) -> str:
        """The label in a language, in English where there is none, in any where there is no English one."""
        labels = dict(self.labels)
        return labels.get(language) or labels.get("en") or next(iter(labels.values()), self.code)


@dataclass(frozen=True, slots=True)
class CategoriesReading:
    languages: tuple[str, ...]
    categories: tuple[CategoryRow, ...]
    problems: tuple[FieldProblem, ...]


def read_categories(sheet: Sheet) -> CategoriesReading:
    """Columns `code`, `parent`, optional `code_with_check_digit` and `level`, then one for each language (two letters).

    Parents come first in the result, whatever their order in the file; a category whose parent is wrong is refused as
    well, so that what goes in is a tree. Raises InputError where the heading row is another.
    """
    places, languages = _headings(sheet)
    problems: list[FieldProblem] = []
    rows: dict[str, CategoryRow] = {}
    for index, cells in enumerate(sheet.rows[1:], start=2):
        if not any(_text(cell) for cell in cells):
            continue
        row = _read(index, cells, places, languages)
        fault = _fault(row, rows)
        if fault:
            field, code, value = fault
            problems.append(FieldProblem(field, code, index, value[:80]))
        else:
            rows[row.code] = row
    if not rows and not problems:
        raise InputError("file", "at least one category below the headings is expected")
    ordered = _parents_first(rows, problems)
    return CategoriesReading(languages, tuple(ordered), tuple(sorted(problems, key=lambda problem: problem.row or 0)))


def _headings(sheet: Sheet) -> tuple[dict[str, int], tuple[str, ...]]:
    headings = [_text(cell).lower() for cell in sheet.rows[0]] if sheet.rows else []
    places = {heading: place for place, heading in enumerate(headings)}
    for name in ("code", "parent"):
        if name not in places:
            raise InputError(name, "a column with this heading is expected in the first row")
    if len(places) < len(headings):
        raise InputError("file", "every heading may stand once")
    languages = tuple(name for name in headings if name not in _FIXED)
    wrong = [name for name in languages if not _LANGUAGE.fullmatch(name)]
    if wrong or not languages:
        raise InputError(
            wrong[0] if wrong else "en", "beside the codes, columns are headed by languages of two letters"
        )
    return places, languages


def _text(cell: Cell) -> str:
    return clean_text(cell)[0] if isinstance(cell, str) else ""


def _read(row: int, cells: tuple[Cell, ...], places: dict[str, int], languages: tuple[str, ...]) -> CategoryRow:
    def at(name: str) -> str:
        place = places.get(name)
        return _text(cells[place]) if place is not None and place < len(cells) else ""

    labels = tuple((language, at(language)) for language in languages if at(language))
    return CategoryRow(row, at("code"), at("code_with_check_digit"), at("level"), at("parent"), labels)


def _fault(row: CategoryRow, rows: dict[str, CategoryRow]) -> tuple[str, str, str] | None:
    if not row.code:
        return "code", "missing", ""
    if row.code in rows:
        return "code", "twice", row.code
    if len(row.code) > CODE_MAX:
        return "code", "too_long", row.code
    if not row.labels:
        return "label", "missing", row.code
    if row.code_with_check_digit and not row.code_with_check_digit.startswith(f"{row.code}-"):
        return "code_with_check_digit", "differs_from_code", row.code_with_check_digit
    too_long = next((text for _, text in row.labels if len(text) > LABEL_MAX), None)
    return ("label", "too_long", too_long) if too_long else None


def _parents_first(rows: dict[str, CategoryRow], problems: list[FieldProblem]) -> list[CategoryRow]:
    ordered: list[CategoryRow] = []
    placed: set[str] = set()
    waiting = list(rows.values())
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in placed]
        if not ready:
            break
        ordered.extend(ready)
        placed.update(row.code for row in ready)
        waiting = [row for row in waiting if row.code not in placed]
    for row in waiting:
        code = "parent_in_a_circle" if row.parent in rows else "unknown_parent"
        problems.append(FieldProblem("parent", code, row.row, row.parent[:80]))
    return ordered
