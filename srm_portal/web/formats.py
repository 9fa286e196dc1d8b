"""Numbers, money and time in the reader's language; and numbers as people type them. Pure functions over Babel."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from srm_portal.kernel.money import AMOUNT_DIGITS_MAX, Money, minor_units

DIGITS_MAX = 6
NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Groups and test codes that the locale data lists among territories."""
MINUS = "−"
SPACES = re.compile(r"[ \u00a0\u202f\u2009]")
DIGITS = re.compile(r"[#0,.]+")
GROUPED = r"[0-9]{1,3}(?:%s[0-9]{3})+"


def babel_locale(locale: str) -> str:
    """English texts use British formats: day before month, 24 hours."""
    return "en_GB" if locale == "en" else locale.replace("-", "_")


def _true_minus(text: str) -> str:
    return text.replace("-", MINUS)


def _pattern(digits_min: int, digits_max: int) -> str:
    return "#,##0" + ("." if digits_max else "") + "0" * digits_min + "#" * (digits_max - digits_min)


def money(amount: Decimal, currency: str, locale: str, digits: int | None = None) -> str:
    """`184000.5` EUR in English is "€184,000.50". Unit prices keep up to six digits rather than lose some;
    `digits` rounds for headlines."""
    coins = minor_units(currency)
    if digits is None:
        shown = _pattern(coins, max(coins, min(DIGITS_MAX, _decimals(amount))))
    else:
        shown = _pattern(digits, digits)
    known = Locale.parse(babel_locale(locale))
    pattern = DIGITS.sub(shown, known.currency_formats["standard"].pattern)
    return _true_minus(numbers.format_currency(amount, currency, pattern, locale=known, currency_digits=False))


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def number(value: Decimal | int | float, locale: str, digits: int | None = None) -> str:
    """Grouped, at most six digits after the point; `digits` fixes their number."""
    pattern = _pattern(0, DIGITS_MAX) if digits is None else _pattern(digits, digits)
    return _true_minus(numbers.format_decimal(value, pattern, locale=babel_locale(locale)))


def percent(share: Decimal | float, locale: str, digits: int = 1) -> str:
    """A share of one as percent: 0.079 is "7.9%" in English, "7,9 %" in French."""
    known = Locale.parse(babel_locale(locale))
    pattern = DIGITS.sub(_pattern(digits, digits), known.percent_formats[None].pattern)
    return _true_minus(numbers.format_percent(share, pattern, locale=known))


def zone_name(moment_: datetime, zone: str) -> str:
    """ "CET" where the zone has letters, "UTC+03" where it has none."""
    name = moment_.astimezone(ZoneInfo(zone)).tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def moment(value: datetime, locale: str, zone: str, seconds: bool = False) -> str:
    """A moment in the reader's zone, the zone named: "24 Nov 2026, 10:00 CET". Raises ValueError without a zone."""
    if value.tzinfo is None:
        raise ValueError("a moment carries its zone")
    local = value.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{day(local.date(), locale)}, {clock} {zone_name(value, zone)}"


def clock_time(value: datetime, locale: str, zone: str) -> str:
    """Only the time of day, to the second, for rooms where everything happens today."""
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M:%S}"


def day(value: date | datetime, locale: str, zone: str = "UTC") -> str:
    """ "24 Nov 2026"; a datetime is taken in `zone` first."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return dates.format_date(value, "d MMM y", locale=babel_locale(locale))


def span(length: timedelta, locale: str) -> str:
    """A length of time in its largest unit: "3 days", "4 hours"."""
    return dates.format_timedelta(length, threshold=1, locale=babel_locale(locale))


@cache
def country_names(locale: str) -> dict[str, str]:
    """ISO 3166 code -> name in the language, in the order of the names."""
    known = Locale.parse(babel_locale(locale))
    found = {code: str(name) for code, name in known.territories.items() if len(code) == 2 and code.isalpha()}
    return dict(sorted(((code, found[code]) for code in found.keys() - NOT_COUNTRIES), key=lambda pair: pair[1]))


def country(code: str, locale: str) -> str:
    return str(Locale.parse(babel_locale(locale)).territories.get(code, code))


def parse_number(text: str, locale: str) -> Decimal:
    """A number as people of this language type it: "184 000,50", "184.000,50", "184,000.50".

    The decimal sign is the language's own. Thousands may be grouped by the language's sign or by spaces, always in
    threes. The other sign groups only where a decimal part shows that it must ("184.000,50" in Polish). Raises
    ValueError("ambiguous") for what could mean two numbers ("184.000" in Polish), ValueError("not_a_number") otherwise.
    """
    symbols = babel_locale(locale)
    point = numbers.get_decimal_symbol(symbols)
    group = SPACES.sub(" ", numbers.get_group_symbol(symbols))
    typed = SPACES.sub(" ", text.strip()).replace(MINUS, "-")
    sign, typed = ("-", typed[1:].lstrip()) if typed.startswith("-") else ("", typed)
    whole, found, part = typed.partition(point)
    foreign = "." if point == "," else ","
    grouping = {group, " ", "'", *([foreign] if found else [])}
    if found and not re.fullmatch(r"[0-9]+", part):
        raise ValueError("not_a_number")
    for mark in grouping:
        if re.fullmatch(GROUPED % re.escape(mark), whole):
            whole = whole.replace(mark, "")
            break
    if not re.fullmatch(r"[0-9]+", whole) and not (whole == "" and found):
        alone = re.fullmatch(GROUPED % re.escape(foreign), whole)
        raise ValueError("ambiguous" if alone and not found else "not_a_number")
    if len(whole + part) > AMOUNT_DIGITS_MAX:
        raise ValueError("too_many_digits")
    return Decimal(f"{sign}{whole or '0'}.{part or '0'}") if found else Decimal(f"{sign}{whole}")


def filters(locale: Callable[[], str], zone: Callable[[], str]) -> dict[str, Callable[..., str]]:
    """The template filters |money |moment |clock |day |number |percent |span |country, for this reader."""

    def money_filter(value: Money | Decimal | int, currency: str | None = None, digits: int | None = None) -> str:
        if isinstance(value, Money):
            return money(value.amount, value.currency, locale(), digits)
        assert currency is not None, "an amount without its currency"
        return money(Decimal(value), currency, locale(), digits)

    return {
        "money": money_filter,
        "moment": lambda value, seconds=False: moment(value, locale(), zone(), seconds),
        "clock": lambda value: clock_time(value, locale(), zone()),
        "day": lambda value: day(value, locale(), zone()),
        "number": lambda value, digits=None: number(value, locale(), digits),
        "percent": lambda value, digits=1: percent(value, locale(), digits),
        "span": lambda value: span(value, locale()),
        "country": lambda code: country(code, locale()),
    }
