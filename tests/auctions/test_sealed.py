"""Sealed lots and "closed then open": R51, R52."""

from __future__ import annotations

from tests.auctions.factory import act, bid, buyer, code, codes, next_valid, order, play, winner


def sealed(*commands, **facts):
    return play(*commands, format="sealed", **facts)


def test_r51_bids_are_revised_freely_until_the_close():
    result = sealed(
        bid("09:40", "A", "100"),
        bid("09:41", "A", "99.99"),
        bid("09:42", "A", "120"),
        bid("10:00", "A", "90"),
        buyer("10:01", "open"),
    )
    assert codes(result) == [None, None, None, "late", None]
    assert result["lots"][0]["ranking"] == [
        {"bidder": "A", "rank": 1, "amount": "120.00", "metric": "120.00", "seq": 3}
    ]


def test_r51_nobody_sees_values_or_ranks_before_the_opening():
    bids = [bid("09:40", "A", "101.23"), bid("09:41", "B", "99.87")]
    result = sealed(*bids)
    assert [each["rank"] for each in result["outcomes"]] == [None, None]
    assert (result["lots"][0]["ranking"], winner(result)) == ([], None)
    for viewer in ("B", "C", "buyer", "observer"):
        assert "101.23" not in str(sealed(*bids, view=viewer)["view"])
    assert "101.23" in str(sealed(*bids, view="A")["view"])


def test_r51_the_screens_of_others_do_not_change_with_a_sealed_bid():
    def screen(viewer, *commands):
        return sealed(*commands, view=viewer)["view"]

    for viewer in ("B", "buyer", "observer"):
        assert screen(viewer, bid("09:40", "A", "100")) == screen(viewer)


def test_r51_the_opening_shows_the_order_and_the_winner():
    result = sealed(bid("09:40", "A", "100"), bid("09:41", "B", "99"), buyer("10:00", "open"))
    assert (order(result), winner(result)) == (["B", "A"], "B")


def test_r51_no_opening_before_the_close():
    assert code(sealed(bid("09:40", "A", "100"), buyer("09:59:59.999", "open"))) == "not_open"
    assert code(play(buyer("10:01", "open"))) == "not_allowed"


def test_r51_a_withdrawn_bid_is_gone():
    result = sealed(
        bid("09:40", "A", "100"), act("09:41", "A", "withdraw"), bid("09:42", "B", "120"), buyer("10:00", "open")
    )
    assert order(result) == ["B"]
    assert code(sealed(act("09:41", "A", "withdraw"))) == "unknown_bid"
    assert code(sealed(bid("09:40", "A", "100"), act("10:00", "A", "withdraw"))) == "late"


def test_r12_a_sealed_repeat_is_refused():
    assert code(sealed(bid("09:40", "A", "100"), bid("09:41", "A", "100.00"))) == "not_an_improvement"


def test_sealed_ceilings_and_ticks_hold():
    result = sealed(bid("09:40", "A", "100.005"), bid("09:40", "A", "101"), lots=[{"ceiling": "100"}])
    assert codes(result) == ["not_on_tick", "above_ceiling"]


FIVE = [
    bid("09:40", "A", "100"),
    bid("09:41", "B", "104"),
    bid("09:42", "C", "110"),
    bid("09:43", "D", "105"),
    bid("09:44", "E", "105.01"),
]
STAGES = {"closed_then_open": {"percent": "5"}}


def test_r52_the_best_and_those_within_the_percentage_go_live():
    result = sealed(
        *FIVE,
        buyer("10:01", "open", seconds=600),
        bid("10:02", "D", "99"),
        bid("10:03", "E", "98"),
        bid("10:04", "B", "98"),
        bid("10:11", "A", "90"),
        **STAGES,
    )
    assert codes(result)[5:] == [None, None, "blocked", None, "late"]
    assert winner(result) == "B"


def test_r52_at_least_three_go_live():
    bids = [bid("09:40", "A", "100"), bid("09:41", "B", "150"), bid("09:42", "C", "200"), bid("09:43", "D", "201")]
    result = sealed(
        *bids, buyer("10:01", "open", seconds=600), bid("10:02", "C", "99"), bid("10:02", "D", "98"), **STAGES
    )
    assert codes(result)[5:] == [None, "blocked"]


def test_r52_the_live_stage_may_begin_later_with_a_reopening():
    result = sealed(
        *FIVE,
        buyer("10:01", "open"),
        bid("10:01:30", "B", "99"),
        buyer("10:02", "reopen", seconds=300),
        bid("10:03", "B", "103.50"),
        bid("10:03", "B", "99"),
        **STAGES,
    )
    assert codes(result)[5:] == [None, "late", None, "decrement", None]
    assert next_valid(result, 8) == "103.00"


def test_r52_an_english_auction_may_start_from_sealed_offers():
    prices = {"A": "100", "B": "104", "C": "110", "D": "105", "E": "105.01"}
    bidders = [{"id": name, "start_price": price} for name, price in prices.items()]
    result = play(bid("09:40", "E", "90"), bid("09:40", "D", "99"), bidders=bidders, **STAGES)
    assert codes(result) == ["blocked", None]


def test_a_sealed_lot_that_was_opened_does_not_reopen():
    assert code(sealed(*FIVE, buyer("10:01", "open"), buyer("10:02", "reopen"))) == "not_allowed"
