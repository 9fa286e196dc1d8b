"""Category codes as they come in files."""

from __future__ import annotations

import re
from decimal import Decimal

_CPV = re.compile(r"([0-9]{8})(?:\s*-\s*[0-9])?")


def read_cpv(value: object) -> str | None:
    """The eight digits of a CPV code written with or without its check digit; a number gets back its leading zero."""
    if isinstance(value, Decimal):
        if value != value.to_integral_value() or not 10**6 <= value < 10**8:
            return None
        return f"{int(value):08d}"
    match = _CPV.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1] if match else None
