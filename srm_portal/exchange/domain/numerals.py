"""Numbers and days as people of six languages type them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from srm_portal.kernel.money import AMOUNT_DIGITS_MAX

YEAR_MIN, YEAR_MAX = 1990, 2200

_BLANKS = re.compile("[ \u00a0\u2009\u202f'’]")
_BLANK_GROUPS = re.compile("[0-9]{1,3}(?:[ \u00a0\u2009\u202f'’][0-9]{3})+(?:[.,][0-9]+)?")
_ONE_MARK = re.compile(r"([0-9]+)([.,])([0-9]+)")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")


def decimal_mark(texts: Iterable[str]) -> str | None:
    """The decimal sign that the unmistakable numbers of a file agree on ("1.234,5" says comma), or None."""
    marks = {mark for text in texts if (mark := _sure_mark(text.strip()))}
    return marks.pop() if len(marks) == 1 else None


def _sure_mark(text: str) -> str | None:
    text = _BLANKS.sub("", text)
    if not re.fullmatch(r"[0-9.,]+", text):
        return None
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return None
    mark = text[last]
    other = "." if mark == "," else ","
    if other in text:
        return mark if text.count(mark) == 1 else None
    if text.count(mark) > 1:
        return other
    return None if _doubtful(text[:last], text[last + 1 :]) else mark


def _doubtful(before: str, after: str) -> bool:
    """ "1,234" may be twelve hundred and something, or one and a bit."""
    return len(after) == 3 and 1 <= len(before) <= 3 and before != "0"


def read_number(text: str, mark: str | None = None) -> tuple[Decimal | None, str | None]:
    """A number that is not negative, and the fault if it is none.

    Faults: `not_a_number`, `negative`, `ambiguous_number` (one sign before three digits, and `mark` does not say what
    it is), `too_many_digits`. Groups may be set off by blanks, apostrophes, points or commas, in threes.
    """
    text = text.strip()
    if text[:1] in ("-", "−") and read_number(text[1:], mark)[0] is not None:
        return None, "negative"
    if _BLANK_GROUPS.fullmatch(text):
        text = _BLANKS.sub("", text).replace(",", ".")
        return _exact(text)
    match = _ONE_MARK.fullmatch(text)
    if match:
        before, sign, after = match.groups()
        if _doubtful(before, after):
            if mark is None:
                return None, "ambiguous_number"
            return _exact(f"{before}.{after}" if mark == sign else before + after)
        return _exact(f"{before}.{after}")
    return _grouped(text)


def _grouped(text: str) -> tuple[Decimal | None, str | None]:
    for group, sign in ((".", ","), (",", ".")):
        pattern = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+(?:{re.escape(sign)}[0-9]+)?"
        if re.fullmatch(pattern, text):
            return _exact(text.replace(group, "").replace(sign, "."))
    return _exact(text)


def _exact(text: str) -> tuple[Decimal | None, str | None]:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return None, "not_a_number"
    if len(text.replace(".", "").lstrip("0")) > AMOUNT_DIGITS_MAX or len(text) > 2 * AMOUNT_DIGITS_MAX:
        return None, "too_many_digits"
    return Decimal(text), None


def read_day(value: str | date) -> tuple[date | None, str | None]:
    """A day: a date cell, 2026-03-31, 31/03/2026, 31.3.2026 or 31-03-2026; day before month, always."""
    if isinstance(value, date):
        return _within(value.date() if isinstance(value, datetime) else value)
    text = value.strip()
    year_first, day_first = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if year_first:
        year, month, day = (int(part) for part in year_first.groups())
    elif day_first:
        day, month, year = (int(day_first[part]) for part in (1, 3, 4))
    else:
        return None, "bad_date"
    try:
        return _within(date(year, month, day))
    except ValueError:
        return None, "bad_date"


def _within(day: date) -> tuple[date | None, str | None]:
    return (day, None) if YEAR_MIN <= day.year <= YEAR_MAX else (None, "date_out_of_range")
