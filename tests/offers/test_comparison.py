"""Offers side by side: best, distance, estimates, deviations, knock-outs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from srm_portal.offers.domain.comparison import Comparison, LineFacts, OfferFacts, Quote, Wanted, compare

LINES = [
    LineFacts("a", 1, 1, "Bracket", "", Decimal(100), "C62", Decimal("9")),
    LineFacts("b", 1, 2, "Shaft", "", Decimal(10), "C62", Decimal("25")),
]
WANTED = Wanted("EUR", 60, date(2026, 6, 1))


def offer(name: str, a: str | None, b: str | None, **facts: object) -> OfferFacts:
    quotes = {"a": Quote(Decimal(a) if a else None, 20), "b": Quote(Decimal(b) if b else None, 30)}
    values = {"payment_days": 60, "validity_on": date(2026, 7, 1)} | facts
    return OfferFacts(name, f"s-{name}", name, quotes, **values)  # type: ignore[arg-type]


def deviating(one: OfferFacts, line: str, text: str = "other steel", ruling: str = "") -> OfferFacts:
    quotes = dict(one.quotes)
    quotes[line] = replace(quotes[line], deviation=text)
    return replace(one, quotes=quotes, rulings={line: ruling} if ruling else {})


def states(found: Comparison) -> list[list[str]]:
    return [[cell.state for cell in row.cells] for row in found.rows]


def test_the_best_of_each_line_is_marked_and_the_others_say_how_far_they_are() -> None:
    found = compare(LINES, [offer("A", "10", "20"), offer("B", "8", "25")], WANTED)
    assert states(found) == [["ok", "best"], ["best", "ok"]]
    assert found.rows[0].cells[0].share == Decimal("0.25")
    assert [column.total for column in found.columns] == [Decimal(1200), Decimal(1050)]
    assert found.columns[1].total_cell.state == "best"


def test_a_missing_line_is_estimated_at_the_highest_quoted_price() -> None:
    found = compare(LINES, [offer("A", "10", None), offer("B", "8", "25"), offer("C", "9", "30")], WANTED)
    cell = found.rows[1].cells[0]
    assert (cell.state, cell.value, cell.note) == ("miss", Decimal(30), "estimate")
    assert found.columns[0].total == Decimal(1300) and found.columns[0].estimated == 1
    assert not found.columns[0].compliant


def test_a_line_that_nobody_quotes_is_in_no_total() -> None:
    found = compare(LINES, [offer("A", "10", None), offer("B", "8", None)], WANTED, baseline=Decimal(5000))
    assert found.unpriced == ("b",)
    assert [column.total for column in found.columns] == [Decimal(1000), Decimal(800)]
    assert found.figures.baseline == Decimal(900)
    assert all(column.compliant for column in found.columns)


def test_a_deviating_quote_is_not_the_best_even_when_it_is_the_lowest() -> None:
    found = compare(LINES, [offer("A", "10", "20"), deviating(offer("B", "8", "25"), "a")], WANTED)
    assert states(found)[0] == ["best", "dev"]
    assert found.rows[0].cells[1].note == "lowest_if_accepted"
    assert found.columns[0].total_cell.state == "best" and found.columns[1].total_cell.state == "ok"
    assert (found.figures.deviations, found.figures.price_deviations) == (1, 1)


def test_an_accepted_deviation_counts_like_any_other() -> None:
    found = compare(LINES, [offer("A", "10", "20"), deviating(offer("B", "8", "25"), "a", ruling="accepted")], WANTED)
    assert states(found)[0] == ["ok", "best"]
    assert found.columns[1].compliant and found.figures.deviations == 0


def test_a_rejected_deviation_is_out_and_estimated() -> None:
    found = compare(LINES, [offer("A", "10", "20"), deviating(offer("B", "8", "25"), "a", ruling="rejected")], WANTED)
    assert states(found)[0] == ["best", "out"]
    assert found.columns[1].total == Decimal(1250) and not found.columns[1].compliant


def test_a_knocked_out_offer_sets_neither_best_nor_estimate() -> None:
    out = offer("B", "1", "99", knocked_out=("ISO 9001",))
    found = compare(LINES, [offer("A", "10", None), out, offer("C", "11", "20")], WANTED)
    assert states(found) == [["best", "out", "ok"], ["miss", "out", "best"]]
    assert found.columns[0].total == Decimal(1200)
    assert found.figures.lowest_name == "C"


def test_terms_are_as_asked_or_deviate() -> None:
    found = compare(
        LINES, [offer("A", "1", "1"), offer("B", "1", "1", payment_days=30, validity_on=date(2026, 5, 1))], WANTED
    )
    assert [column.payment_cell.note for column in found.columns] == ["as_asked", "deviates"]
    assert [column.validity_cell.state for column in found.columns] == ["ok", "dev"]
    assert [column.compliant for column in found.columns] == [True, False]


def test_only_the_columns_asked_for_are_shown_but_all_offers_count() -> None:
    offers = [offer("A", "10", "20"), offer("B", "8", "25"), offer("C", "7", "19")]
    found = compare(LINES, offers, WANTED, shown=["B", "A", "nobody"])
    assert [column.offer.id for column in found.columns] == ["B", "A"]
    assert [cell.state for cell in found.rows[0].cells] == ["ok", "ok"]
    assert found.figures.lowest == Decimal(890)


def test_the_figures_say_what_the_page_says() -> None:
    found = compare(
        LINES, [offer("A", "10", "20"), offer("B", "8", "25", validity_on=date(2026, 6, 15))], WANTED
    ).figures
    assert (found.lowest, found.lowest_name, found.baseline) == (Decimal(1050), "B", Decimal(1150))
    assert (found.against_baseline, found.against_share) == (Decimal(-100), Decimal("-0.0870"))
    assert (found.spread, found.spread_share) == (Decimal(150), Decimal("0.1429"))
    assert found.valid_until == date(2026, 6, 15)


def test_nothing_to_compare_is_no_mistake() -> None:
    assert compare(LINES, [], WANTED).figures.lowest is None
    assert compare([], [offer("A", "1", "1")], WANTED).figures.lowest is None
    zero = compare(LINES, [offer("A", "0", "0"), offer("B", "1", "1")], WANTED)
    assert zero.rows[0].cells[1].share is None
