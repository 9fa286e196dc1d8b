"""Text tables as they come from spreadsheet programs of any country: encoding and delimiter are found out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from srm_portal.exchange.domain.cells import COLUMNS_MAX, ROWS_MAX, Sheet
from srm_portal.kernel.errors import InputError

BYTES_MAX = 16 * 1024 * 1024
_DELIMITERS = (";", "\t", ",", "|")
_SAMPLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class TextTable:
    """The sheet, and how it was read. `encoding` "cp1252" is a guess for bytes that are not UTF-8."""

    sheet: Sheet
    encoding: str
    delimiter: str


def read_csv(data: bytes, *, name: str = "file", rows_max: int = ROWS_MAX, bytes_max: int = BYTES_MAX) -> TextTable:
    """Read a delimited text: UTF-8 (with or without mark), UTF-16 with its mark, or Windows-1252; `;` `,` tab or `|`.

    Raises InputError for too many bytes, rows (headings not counted) or columns, binary data, broken quotes.
    """
    if len(data) > bytes_max:
        raise InputError(name, f"at most {bytes_max} bytes")
    text, encoding = _decode(data, name)
    declared = text[4] if text[:4].lower() == "sep=" and len(text) > 4 and text[4] in _DELIMITERS else None
    if declared:
        text = text.partition("\n")[2]
    delimiter = declared or _sniff(text)
    rows: list[tuple[str, ...]] = []
    for row in _records(text, delimiter, name):
        if len(row) > COLUMNS_MAX:
            raise InputError(name, f"at most {COLUMNS_MAX} columns, row {len(rows) + 1} has {len(row)}")
        if len(rows) > rows_max:
            raise InputError(name, f"at most {rows_max} rows")
        rows.append(tuple(row))
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise InputError(name, "a table with headings is expected; this is empty")
    return TextTable(Sheet("", tuple(rows)), encoding, delimiter)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, encoding, name), encoding
    if b"\x00" in data:
        raise InputError(name, "a text table is expected; these bytes are something else")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strict(data, "cp1252", name), "cp1252"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(name, f"save it as UTF-8; byte {error.start} is not {encoding}") from error


def _sniff(text: str) -> str:
    """The delimiter that cuts the first rows into the most columns, alike in the most rows."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_ROWS])
    return max(_DELIMITERS, key=lambda delimiter: _alike(sample, delimiter))


def _alike(sample: str, delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    width = widths[0] if widths else 1
    return (widths.count(width), width) if width > 1 else (0, 0)


def _records(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise InputError(name, f"line {reader.line_num}: {error}") from error
        if row is None:
            return
        yield row
