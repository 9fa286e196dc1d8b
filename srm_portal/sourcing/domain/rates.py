"""Other currencies that an event takes: each with a rate, the day it was stated and who stated it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from srm_portal.kernel.errors import FieldProblem

RATES_MAX, SOURCE_MAX = 12, 120
NAMES = ("currency", "rate", "on", "source")
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)


def rates_problems(rates: Sequence[Mapping[str, str]], currency: str, today: date) -> list[FieldProblem]:
    """What is wrong with a table of rates into `currency`; `row` counts from 1."""
    found = (
        [FieldProblem("rates", "too_many_rates", facts=(("max", str(RATES_MAX)),))] if len(rates) > RATES_MAX else []
    )
    seen = {currency}
    for row, one in enumerate(rates, 1):
        if set(one) != set(NAMES) or not re.fullmatch("[A-Z]{3}", one["currency"]) or one["currency"] in seen:
            found.append(FieldProblem("rates", "rate_currency", row, one.get("currency", "")))
            continue
        seen.add(one["currency"])
        if not _RATE.fullmatch(one["rate"]) or Decimal(one["rate"]) == 0:
            found.append(FieldProblem("rates", "rate_not_positive", row, one["rate"]))
        if not _is_past_day(one["on"], today):
            found.append(FieldProblem("rates", "rate_day", row, one["on"]))
        if not 0 < len(one["source"].strip()) <= SOURCE_MAX:
            found.append(FieldProblem("rates", "rate_source", row, one["source"]))
    return found


def _is_past_day(text: str, today: date) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day <= today and day.isoformat() == text
