"""Workbooks (.xlsx) as rows of plain cells. The archive is measured and its XML looked through before it is opened."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from srm_portal.exchange.ports import COLUMNS_MAX, ROWS_MAX, Cell, CellValue, Formula, Sheet
from srm_portal.kernel.errors import InputError

BYTES_MAX, UNPACKED_MAX, MEMBERS_MAX, SHEETS_MAX = 16 * 1024 * 1024, 128 * 1024 * 1024, 500, 50
_BLANK_ROWS_MAX = 1_000
_CHUNK = 64 * 1024
# What the library raises on damaged workbooks, as far as its sources and our damaged files show.
_DAMAGED = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError, EOFError, NotImplementedError,
    AssertionError, struct.error, zlib.error, zipfile.BadZipFile, ParseError, InvalidFileException,
)  # fmt: skip


@dataclass(slots=True)
class _Survey:
    """What a sheet's XML says that the library's fast reader does not: computed cells, merged ranges, the last row."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0


def read_workbook(data: bytes, *, unpacked_max: int = UNPACKED_MAX) -> tuple[Sheet, ...]:
    """Every visible sheet of an .xlsx file, cells with their last computed values.

    Raises InputError("file") for what is no workbook, is damaged or protected by a password, declares its own
    entities, unpacks to too much, or holds more than 10,000 rows or 100 columns in a sheet.
    """
    if len(data) > BYTES_MAX:
        raise InputError("file", f"at most {BYTES_MAX} bytes")
    try:
        surveys = _survey(data, unpacked_max)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return tuple(_sheet(sheet, surveys) for sheet in _visible(workbook))
            finally:
                workbook.close()
    except InputError:
        raise
    except _DAMAGED as error:
        raise InputError("file", "a workbook (.xlsx) that opens without repair is expected") from error


def _visible(workbook: openpyxl.Workbook) -> list[Any]:
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if len(sheets) > SHEETS_MAX:
        raise InputError("file", f"at most {SHEETS_MAX} sheets")
    return sheets


def _survey(data: bytes, unpacked_max: int) -> dict[str, _Survey]:
    """Unpack everything once, counting, and look through all XML; by the names of the members."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError("file", "an .xlsx file without a password is expected; this is an old or encrypted workbook")
    found: dict[str, _Survey] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MEMBERS_MAX or len({member.filename for member in members}) < len(members):
            raise InputError("file", f"at most {MEMBERS_MAX} parts, each once")
        left = unpacked_max
        for member in members:
            scan = _Scan() if member.filename.lower().endswith((".xml", ".rels", ".vml")) else None
            for chunk in _chunks(archive, member):
                left -= len(chunk)
                if left < 0:
                    raise InputError("file", f"at most {unpacked_max} bytes when unpacked")
                if scan:
                    scan.feed(chunk)
            if scan:
                found[member.filename] = scan.finish()
    return found


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.flag_bits & 1:
        raise InputError("file", "a workbook without a password is expected")
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


class _Scan:
    """One pass over the XML of a member. A document type, and with it every entity, is refused at its first letter."""

    def __init__(self) -> None:
        self._survey = _Survey()
        self._cell = ""
        self._row = 0
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, False)

    def finish(self) -> _Survey:
        self._parse(b"", True)
        return self._survey

    def _parse(self, chunk: bytes, final: bool) -> None:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise InputError("file", "a workbook (.xlsx) that opens without repair is expected") from error

    def _doctype(self, *declared: object) -> None:
        raise InputError("file", "a workbook without document types or entities is expected")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            if not 0 < self._row <= 1_048_576:
                raise InputError("file", "row numbers of a workbook are expected")
        elif tag == "c":
            self._cell = attributes.get("r", "")
        elif tag in ("v", "t", "is"):
            self._survey.last_row = max(self._survey.last_row, self._row)
        elif tag == "f" and self._cell:
            self._survey.formulas.add(coordinate_to_tuple(self._cell))
        elif tag == "mergeCell":
            self._survey.merged.append(attributes.get("ref", ""))


def _sheet(sheet: Any, surveys: dict[str, _Survey]) -> Sheet:
    survey = surveys.get(sheet._worksheet_path.lstrip("/"), _Survey())
    if survey.last_row > ROWS_MAX + 1:
        raise InputError("file", f"at most {ROWS_MAX} rows in a sheet; {sheet.title} goes to row {survey.last_row}")
    rows: list[tuple[Cell, ...]] = []
    last = max((survey.last_row, *(row for row, _ in survey.formulas)), default=0)
    for number, cells in enumerate(sheet.iter_rows(max_row=min(last, ROWS_MAX + 1) or 1, values_only=True), start=1):
        while cells and cells[-1] is None and (number, len(cells)) not in survey.formulas:
            cells = cells[:-1]
        if len(cells) > COLUMNS_MAX:
            raise InputError(
                "file", f"at most {COLUMNS_MAX} columns in a sheet; {sheet.title} has more in row {number}"
            )
        rows.append(tuple(
            Formula(_plain(value)) if (number, place) in survey.formulas else _plain(value)
            for place, value in enumerate(cells, start=1)
        ))  # fmt: skip
    return Sheet(sheet.title, tuple(rows), _covered(survey.merged))


def _plain(value: object) -> CellValue:
    """Numbers as the sheet shows them: 15 digits, so that 0.1 + 0.2 is 0.3."""
    if isinstance(value, float):
        return Decimal(f"{value:.15g}") if abs(value) < 1e300 else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, (time, timedelta)):
        return str(value)
    if value is None or isinstance(value, (bool, str, datetime, date)):
        return value
    return str(value)


def _covered(merged: list[str]) -> frozenset[tuple[int, int]]:
    """Cells of merged ranges but the first one of each, within the rows and columns that are read."""
    covered: set[tuple[int, int]] = set()
    for reference in merged[:ROWS_MAX]:
        left, top, right, bottom = range_boundaries(reference)
        if left is None or top is None or right is None or bottom is None:
            continue
        if len(covered) > ROWS_MAX * COLUMNS_MAX:
            break
        covered.update(
            (row - 1, column - 1)
            for row in range(top, min(bottom, ROWS_MAX + 1) + 1)
            for column in range(left, min(right, COLUMNS_MAX) + 1)
            if (row, column) != (top, left)
        )
    return frozenset(covered)
