"""Numbers, money and moments as the reader writes them, and as the reader types them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from srm_portal.kernel.money import Money
from srm_portal.web import formats

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "€184,000.50"),
        ("fr", "184 000,50 €"),
        ("es", "184.000,50 €"),
        ("pl", "184 000,50 €"),
        ("ro", "184.000,50 EUR"),
        ("ru", "184 000,50 €"),
    ],
)
def test_money_is_written_as_the_language_writes_it(locale: str, expected: str) -> None:
    assert plain(formats.money(Decimal("184000.5"), "EUR", locale)) == expected


def test_a_unit_price_keeps_its_small_digits() -> None:
    assert formats.money(Decimal("0.0425"), "EUR", "en") == "€0.0425"


def test_a_headline_amount_can_be_rounded() -> None:
    assert formats.money(Decimal("114580.49"), "EUR", "en", digits=0) == "€114,580"


def test_yen_has_no_coins_below_one() -> None:
    assert formats.money(Decimal("1500"), "JPY", "en") == "JP¥1,500"


def test_a_negative_amount_carries_a_true_minus() -> None:
    assert formats.money(Decimal("-9843"), "EUR", "en", digits=0) == "−€9,843"


@pytest.mark.parametrize("locale", ["es", "pl"])
def test_four_digit_numbers_are_grouped_in_every_language(locale: str) -> None:
    assert plain(formats.number(Decimal("1234.5"), locale)) in ("1.234,5", "1 234,5")


def test_a_share_is_shown_as_percent() -> None:
    assert formats.percent(Decimal("-0.0791"), "en") == "−7.9%"
    assert plain(formats.percent(Decimal("0.0791"), "fr")) == "7,9 %"


def test_a_moment_names_the_readers_zone() -> None:
    assert formats.moment(NOON, "en", "Europe/Berlin") == "24 Nov 2026, 10:00 CET"
    assert formats.moment(NOON, "en", "Asia/Almaty") == "24 Nov 2026, 14:00 UTC+05"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        formats.moment(datetime(2026, 11, 24, 9, 0), "en", "UTC")  # noqa: DTZ001


def test_a_day_follows_the_readers_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert formats.day(late, "en", "Europe/Warsaw") == "25 Nov 2026"
    assert formats.day(date(2026, 11, 24), "fr") == "24 nov. 2026"


def test_a_length_of_time_is_told_in_its_largest_unit() -> None:
    assert formats.span(timedelta(days=3, hours=2), "en") == "3 days"


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("184,000.50", "en", "184000.50"),
        ("184 000.50", "en", "184000.50"),
        ("184000", "en", "184000"),
        ("1,234", "en", "1234"),
        (".5", "en", "0.5"),
        ("184 000,50", "fr", "184000.50"),
        ("184\u202f000,50", "fr", "184000.50"),
        ("184\u00a0000,50", "pl", "184000.50"),
        ("184.000,50", "pl", "184000.50"),
        ("184 000,50", "ru", "184000.50"),
        ("184.000,50", "es", "184000.50"),
        ("184.000", "ro", "184000"),
        ("−12,5", "fr", "-12.5"),
        ("-12.5", "en", "-12.5"),
    ],
)
def test_a_typed_number_is_read_by_the_readers_language(text: str, locale: str, expected: str) -> None:
    assert formats.parse_number(text, locale) == Decimal(expected)


@pytest.mark.parametrize(("text", "locale"), [("184.000", "pl"), ("1.234", "fr"), ("12.345", "ru")])
def test_a_number_that_could_mean_two_is_refused(text: str, locale: str) -> None:
    with pytest.raises(ValueError, match="ambiguous"):
        formats.parse_number(text, locale)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("", "en"),
        ("abc", "en"),
        ("1e3", "en"),
        ("NaN", "en"),
        ("1,5", "en"),
        ("18,4000", "en"),
        ("1.5", "es"),
        ("1,2,3", "fr"),
        ("184,000.50", "pl"),
        ("1 000.000,5.0", "es"),
        ("--1", "en"),
        ("١٢", "en"),
    ],
)
def test_what_is_no_number_is_refused(text: str, locale: str) -> None:
    with pytest.raises(ValueError, match="not_a_number"):
        formats.parse_number(text, locale)


def test_a_number_longer_than_the_ledger_is_refused() -> None:
    with pytest.raises(ValueError, match="too_many_digits"):
        formats.parse_number("1" * 19, "en")


def test_the_filters_speak_for_the_reader_of_the_request() -> None:
    filters = formats.filters(lambda: "pl", lambda: "Europe/Warsaw")
    assert plain(filters["money"](Money(Decimal("1234.5"), "PLN"))) == "1 234,50 zł"
    assert plain(filters["money"](Decimal(10), "EUR")) == "10,00 €"
    assert filters["clock"](NOON) == "10:00:00"
