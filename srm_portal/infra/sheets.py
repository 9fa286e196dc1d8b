"""Tables that leave the portal, written so that no text ever becomes a formula in the program that opens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from srm_portal.kernel.money import plain

if TYPE_CHECKING:
    import xlsxwriter

SheetValue = None | bool | int | str | Decimal | date
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EXACT_DIGITS_MAX = 15
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTH_MIN, _WIDTH_MAX = 8, 60


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[SheetValue]], *, delimiter: str = ",") -> bytes:
    """A table as UTF-8 text with a byte order mark (spreadsheet programs ask for it) and CRLF line ends.

    A text that a program would take for a formula is preceded by an apostrophe; numbers are numbers.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([safe_text(heading) for heading in headings])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe_text(text: str) -> str:
    """A text that stays one: "=1+1" -> "'=1+1", also behind leading blanks."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS) else text


def _csv_cell(value: SheetValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def xlsx_bytes(name: str, headings: Sequence[str], rows: Iterable[Sequence[SheetValue]]) -> bytes:
    """A workbook of one sheet; the same table gives the same bytes.

    Texts are written as texts whatever they begin with, and never as links. A number that a workbook could not hold
    exactly (more than 15 digits) is written as text.
    """
    import xlsxwriter  # only processes that write workbooks carry the library

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"created": _CREATED})
    sheet = workbook.add_worksheet(name[:31])
    bold, day, moment = (
        workbook.add_format({"bold": True}),
        workbook.add_format({"num_format": "yyyy-mm-dd"}),
        workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    widths = [len(heading) for heading in headings]
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, day, moment)
            if place < len(widths):
                widths[place] = max(widths[place], len(str(value)) if value is not None else 0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 1, _WIDTH_MIN), _WIDTH_MAX))
    sheet.freeze_panes(1, 0)
    workbook.close()
    return out.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    place: int,
    value: SheetValue,
    day: xlsxwriter.format.Format,
    moment: xlsxwriter.format.Format,
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, (int, Decimal)):
        digits = plain(Decimal(value))
        if len(digits.strip("-0.").replace(".", "")) > _EXACT_DIGITS_MAX:
            sheet.write_string(row, place, digits)
        else:
            sheet.write_number(row, place, float(value))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, day)
    else:
        sheet.write_string(row, place, value)


def workbook_bytes(sheets: Sequence[tuple[str, Sequence[Sequence[SheetValue]]]]) -> bytes:
    """A workbook of several sheets of plain rows; the same rows give the same bytes. Names are made unique and short."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"created": _CREATED})
    day, moment = (
        workbook.add_format({"num_format": "yyyy-mm-dd"}),
        workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    used: set[str] = set()
    for number, (name, rows) in enumerate(sheets, start=1):
        title = _sheet_name(name, number, used)
        sheet = workbook.add_worksheet(title)
        widths: dict[int, int] = {}
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                _write(sheet, at, place, value, day, moment)
                if len(row) > 1 and value is not None:
                    widths[place] = max(widths.get(place, 0), len(str(value)))
        for place, width in widths.items():
            sheet.set_column(place, place, min(max(width + 1, _WIDTH_MIN), _WIDTH_MAX))
    workbook.close()
    return out.getvalue()


def _sheet_name(name: str, number: int, used: set[str]) -> str:
    clean = "".join(" " if one in "[]:*?/\\'" else one for one in name).strip()[:31] or str(number)
    title = clean if clean.casefold() not in used else f"{clean[:27]} {number}"
    used.add(title.casefold())
    return title
