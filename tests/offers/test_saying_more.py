"""What an offer says beyond one price a line: another currency, costs on top, quantity breaks, alternatives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from srm_portal.kernel.errors import Invalid
from srm_portal.offers import forms, queries, services
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain.answer import Answer, LineAnswer, Terms
from srm_portal.offers.domain.envelopes import TWO, joined, part_of
from srm_portal.sourcing.domain.rates import rates_problems
from tests.support.factories.offers import Tender, a_submitted_offer, a_tender, after_deadline, an_answer
from tests.support.world import World

D = Decimal
DOLLAR = {"currency": "USD", "rate": "0.9", "on": "2026-02-27", "source": "European Central Bank"}
TODAY = date(2026, 3, 2)


def in_dollars(world: World, tender: Tender) -> Answer:
    plainly = an_answer(world, tender.event_id, {1: "10", 2: "20.000001"})
    first = replace(
        plainly.lines[0], breaks=((D(200), D("9.5")), (D(500), D(9))), alternative="Brass", alternative_price=D("7")
    )
    terms = replace(plainly.terms, currency="USD", freight=D(100), one_off=D(50))
    return replace(plainly, lines=(first, plainly.lines[1]), terms=terms)


def two_offers(world: World, **values) -> Tender:
    tender = a_tender(world, rates=[DOLLAR], **values)
    services.save_draft(tender.first, tender.event_id, in_dollars(world, tender), version=None, now=world.now)
    services.submit_offer(tender.first, tender.event_id, now=world.now)
    a_submitted_offer(world, tender.second, tender.event_id, {1: "9.1", 2: "18"})
    after_deadline(world, tender)
    return tender


def test_the_plain_value_says_more_only_where_more_is_said() -> None:
    short = Answer((LineAnswer("a", D(1)),), Terms(30, None, "DAP"))
    assert set(offer.to_plain(short)["lines"][0]) == {
        "line", "unit_price", "lead_days", "comment", "deviation", "not_quoted"}  # fmt: skip
    assert set(offer.to_plain(short)["terms"]) == {"payment_days", "validity_on", "delivery"}
    long = Answer(
        (LineAnswer("a", D(1), breaks=((D(5), D("0.9")),), alternative="b", alternative_price=D(2)),),
        Terms(30, None, "DAP", "USD", D(3), None, D(4)),
    )
    assert offer.from_plain(offer.to_plain(long)) == long and offer.from_plain(offer.to_plain(short)) == short


def test_the_price_of_an_alternative_goes_into_the_price_envelope() -> None:
    line = LineAnswer("a", D(1), breaks=((D(5), D("0.9")),), alternative="brass", alternative_price=D(2))
    whole = offer.to_plain(Answer((line,), Terms(30, None, "DAP", "USD", D(3)))) | {"currency": "EUR", "files": []}
    technical, price = (part_of(whole, envelope, (), {}) for envelope in TWO)
    assert technical["lines"][0]["alternative"] == "brass" and "alternative_price" not in technical["lines"][0]
    assert "currency" not in technical["terms"] and "freight" not in technical["terms"]
    assert joined(technical, price) == whole


def test_amounts_are_converted_to_a_millionth_at_the_published_rate(world: World) -> None:
    tender = two_offers(world)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    [dollars, euros] = queries.opened(tender.event_id)
    assert [line.unit_price for line in dollars.lines] == [D(9), D("18.000001")]
    assert dollars.made_in is not None and dollars.made_in.on == date(2026, 2, 27) and euros.made_in is None
    assert dollars.costs == {"freight": D(90), "one_off": D(45)}
    more = dollars.lines[0].beside()
    assert more.breaks == ((D(200), D("8.55")), (D(500), D("8.1"))) and more.alternative_price == D("6.3")


def test_landed_cost_adds_what_is_stated_on_top_and_may_turn_the_order(world: World) -> None:
    tender = two_offers(world)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    whole = queries.comparison(tender.event_id)
    assert whole is not None and whole.has_costs
    [dollars, euros] = whole.columns
    assert dollars.total < euros.total and dollars.landed == dollars.total + 135
    assert (dollars.total_cell.state, euros.landed_cell.state) == ("best", "best")
    page = world.client_of(world.buyer).get(f"/projects/{tender.project_id}/selection").text
    assert "Landed cost" in page and "European Central Bank" in page and "Brass" in page
    opened = world.client_of(world.buyer).get(f"/offers/{dollars.offer.id}").text
    assert "Offered in USD" in opened and "Freight" in opened


def test_two_envelopes_join_to_the_same_offer_in_another_currency(world: World) -> None:
    tender = two_offers(world, envelopes="two")
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    assert queries.technical(tender.event_id)[0].lines[0].beside().alternative == "Brass"
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 2
    assert queries.opened(tender.event_id)[0].lines[0].unit_price == D(9)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"terms": Terms(30, None, "DAP", "CHF")}, "currency_not_taken"),
        ({"terms": Terms(30, None, "DAP", "", D(-1))}, "negative_price"),
        ({"breaks": ((D(5), D(1)), (D(5), D(1)))}, "breaks_not_rising"),
        ({"breaks": ((D(5), D("0.0000001")),)}, "price_too_fine"),
        ({"alternative_price": D(1)}, "alternative_unnamed"),
    ],
)
def test_what_makes_no_sense_is_named(world: World, change: dict, code: str) -> None:
    tender = a_tender(world, rates=[DOLLAR])
    said = an_answer(world, tender.event_id)
    if "terms" in change:
        said = replace(said, terms=change["terms"])
    else:
        said = replace(said, lines=(replace(said.lines[0], **change), *said.lines[1:]))
    with pytest.raises(Invalid) as refused:
        services.save_draft(tender.first, tender.event_id, said, version=None, now=world.now)
    assert [one.code for one in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"currency": "EUR"}, "rate_currency"), ({"currency": "Dollar"}, "rate_currency"), ({"rate": "0"},
     "rate_not_positive"), ({"rate": "1e3"}, "rate_not_positive"), ({"on": "2026-03-03"}, "rate_day"),
     ({"on": "2.3.2026"}, "rate_day"), ({"source": " "}, "rate_source")],
)  # fmt: skip
def test_a_rate_needs_a_currency_a_past_day_and_a_source(change: dict, code: str) -> None:
    assert rates_problems([DOLLAR], "EUR", TODAY) == []
    assert [one.code for one in rates_problems([DOLLAR | change], "EUR", TODAY)] == [code]
    assert [one.code for one in rates_problems([DOLLAR, DOLLAR], "EUR", TODAY)] == ["rate_currency"]


def test_the_form_and_the_sheet_read_what_they_show(world: World) -> None:
    tender = a_tender(world, rates=[DOLLAR])
    asked = queries.own_offer(tender.first, tender.event_id).asked
    said = in_dollars(world, tender)
    for language in ("en", "fr"):
        shown = forms.as_typed(said, asked, language)
        again = forms.read_offer(shown.typed, asked, language, world.now.date())
        assert again.problems == [] and again.answer == said
        rows = [[heading for _name, heading in forms.sheet_headings("USD")]]
        rows += forms.sheet_rows(said, asked, str, language)
        typed, faults = forms.read_sheet(rows, shown, asked, language)
        assert faults == [] and forms.read_offer(typed, asked, language, world.now.date()).answer == said
    shown = forms.as_typed(said, asked, "en")
    wrong = forms.read_offer(shown.typed | {f"breaks-{asked.lines[0].id}": "many"}, asked, "en", world.now.date())
    assert [one.code for one in wrong.problems] == ["breaks_unreadable"]
