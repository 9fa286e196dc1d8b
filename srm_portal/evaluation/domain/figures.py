"""Numbers as people write them: strict reading into exact fractions, printing with twelve significant digits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from srm_portal.kernel.errors import InputError
from srm_portal.kernel.money import plain

Array = npt.NDArray[np.float64]
Exact = npt.NDArray[Any]
"""An object array whose items are `Fraction`."""

DIGITS = 12
NOISE = 5e-14
TEXT_MAX = 60
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
_RATIO = re.compile(r"[0-9]+(\.[0-9]+)?/[0-9]+(\.[0-9]+)?")
_LIMIT = Fraction(10**30)
_PRINTING = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


def number(value: object, field: str) -> Fraction:
    """Read one finite number, exactly as its decimal text says.

    Raises InputError naming `field` for anything else: empty, text, NaN, infinity, true, beyond 1e30.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise InputError(field, 'a decimal number such as "12.5" is needed')
    text = str(value)
    if len(text) > TEXT_MAX or not _DECIMAL.fullmatch(text):
        raise InputError(field, f'a decimal number such as "12.5" is needed, not {text[:TEXT_MAX]!r}')
    exact = _exactly(text)
    if abs(exact) > _LIMIT:
        raise InputError(field, "a number of at most 1e30 is needed")
    return exact


def _exactly(text: str) -> Fraction:
    """Plain digits, by far the most frequent, are read without the general parser."""
    whole, _point, decimals = text.partition(".")
    if "e" in text or "E" in text:
        return Fraction(text)
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def judgement(value: object, field: str) -> Fraction:
    """Read a positive comparison: "3", "0.2" or "1/5"."""
    if isinstance(value, str) and len(value) <= TEXT_MAX and _RATIO.fullmatch(value):
        above, below = (Fraction(part) for part in value.split("/"))
        if above > 0 and below > 0:
            return above / below
    exact = number(value, field)
    if exact <= 0:
        raise InputError(field, 'a comparison above 0 is needed, such as "3" or "1/3"')
    return exact


def printed(value: Fraction | float | Decimal) -> str:
    """The value rounded to twelve significant digits, without exponent: 1/3 is "0.333333333333"."""
    if isinstance(value, Fraction):
        return plain(_PRINTING.divide(Decimal(value.numerator), Decimal(value.denominator)))
    return plain(_PRINTING.plus(Decimal(value)))


def printed_all(values: Iterable[Fraction | float]) -> list[str]:
    return [printed(value) for value in values]


def settled(values: Array) -> Array:
    """Rounding noise around zero becomes zero, so that equal offers stay equal when printed."""
    return np.where(np.abs(values) < NOISE, 0.0, values)


def as_exact(values: Sequence[Fraction]) -> Exact:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def as_floats(values: Exact) -> Array:
    return np.asarray(values, dtype=np.float64)


def whole_numbers(column: Sequence[Fraction], companions: Sequence[Fraction] = ()) -> tuple[Array, Array]:
    """A column and its thresholds in a common unit in which both are whole, so that differences are exact.

    0.8 - 0.6 and 0.2 differ as floats; 8 - 6 and 2 do not. Where the whole numbers would leave the range
    that a float holds exactly, the plain nearest floats are returned.
    """
    factor = math.lcm(*(value.denominator for value in (*column, *companions)))
    if any(abs(value) * factor >= 2**53 for value in (*column, *companions)):
        factor = 1
    return (
        np.array([float(value * factor) for value in column], dtype=np.float64),
        np.array([float(value * factor) for value in companions], dtype=np.float64),
    )
