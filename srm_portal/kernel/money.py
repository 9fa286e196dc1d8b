"""Exact money. An amount is a `Decimal`; a `Money` adds its currency and refuses to mix two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

AMOUNT_DIGITS_MAX = 18
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_CURRENCY = re.compile(r"[A-Z]{3}")

MINOR_UNITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "HUF": 2, "BHD": 3, "KWD": 3, "TND": 3}


def minor_units(currency: str) -> int:
    """Digits after the point of a currency's smallest coin (ISO 4217)."""
    return MINOR_UNITS.get(currency, 2)


def tick(currency: str) -> Decimal:
    """The smallest step of an amount in this currency: 0.01 for EUR, 1 for JPY."""
    return Decimal(1).scaleb(-minor_units(currency))


def parse_amount(text: object) -> Decimal:
    """Strict ASCII digits with at most one point: what machines send.

    Raises ValueError for anything else: NaN, 1e3, signs, blanks, booleans, full-width digits, numbers
    that are not text, more than 18 digits.
    """
    if not isinstance(text, str) or not _PLAIN.fullmatch(text) or not text.isascii():
        raise ValueError("not_a_number")
    if len(text.replace(".", "")) > AMOUNT_DIGITS_MAX:
        raise ValueError("too_many_digits")
    return Decimal(text)


def plain(amount: Decimal) -> str:
    """The shortest exact text without exponent: 1E+3 -> "1000", 2.50 -> "2.5", -0 -> "0"."""
    text = format(amount.normalize(), "f")
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True, order=False)
class Money:
    """An exact amount in one currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError("amount must be a finite Decimal")
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError("currency must be three capital letters")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def times(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def rounded(self) -> Money:
        """To the currency's smallest coin, half up."""
        return Money(self.amount.quantize(tick(self.currency), rounding=ROUND_HALF_UP), self.currency)

    def convert(self, rate: Decimal, currency: str) -> Money:
        """`rate` is units of `currency` for one unit of this one; rounded to the new coin."""
        return Money(self.amount * rate, currency).rounded()


def zero(currency: str) -> Money:
    return Money(Decimal(0), currency)
