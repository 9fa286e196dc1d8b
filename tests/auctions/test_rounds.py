"""Rounds in turns: R50."""

from __future__ import annotations

from tests.auctions.factory import amounts, at, bid, buyer, close, code, codes, order, play

THREE = [
    {"id": "A", "start_price": "100"},
    {"id": "B", "start_price": "120"},
    {"id": "C", "start_price": "120"},
]
"""First turn 09:35: C (highest, later), then B 09:37, A 09:39; pause 09:41; round two 09:43."""


def rounds(*commands, **facts):
    return play(*commands, format="rounds", bidders=facts.pop("bidders", THREE), **facts)


def test_r50_three_bidders_take_29_minutes():
    assert close(rounds()) == "09:59:00"
    assert close(rounds(rounds={})) == "09:59:00"


def test_r50_no_act_keeps_the_opening_bid():
    result = rounds()
    assert amounts(result) == {"A": "100.00", "B": "120.00", "C": "120.00"}
    assert result["lots"][0]["winner"] == "A"
    assert result["lots"][0]["ranking"][0]["seq"] == 0


def test_r50_highest_price_first_and_of_equal_bids_the_later_acts_earlier():
    assert codes(rounds(bid("09:35", "C", "110"), bid("09:37", "B", "109"), bid("09:39", "A", "99"))) == [None] * 3
    assert code(rounds(bid("09:35", "B", "110"))) == "not_your_turn"


def test_r50_in_a_pause_it_is_nobodys_turn():
    for clock in ("09:30", "09:34:59.999", "09:41", "09:42:59.999", "09:57"):
        assert code(rounds(bid(clock, "C", "90"))) == "not_your_turn"


def test_r50_a_turn_ends_when_the_next_begins():
    assert code(rounds(bid("09:36:59.999", "C", "110"))) is None
    assert code(rounds(bid("09:37:00", "C", "110"))) == "not_your_turn"


def test_r50_each_round_orders_anew_by_the_bids_at_its_beginning():
    result = rounds(bid("09:35", "C", "90"), bid("09:43", "B", "110"), bid("09:45", "A", "95"), bid("09:47", "C", "89"))
    assert codes(result) == [None] * 4
    assert order(result) == ["C", "A", "B"]


def test_r50_a_bid_must_improve_ones_own():
    assert code(rounds(bid("09:35", "C", "120"))) == "not_an_improvement"
    assert code(rounds(bid("09:35", "C", "119.50"))) == "decrement"


def test_r50_after_the_announcement_it_is_late_and_before_the_start_not_open():
    assert code(rounds(bid("09:59", "C", "90"))) == "late"
    assert code(rounds(bid("09:29", "C", "90"))) == "not_open"


def test_r50_own_numbers():
    short = {"count": 1, "turn_s": 10, "first_pause_s": 5, "pause_s": 7, "announce_s": 3}
    assert close(rounds(rounds=short)) == "09:30:38"


def test_r50_reduced_prices_order_the_turns():
    bidders = [
        {"id": "A", "start_price": "100"},
        {"id": "B", "start_price": "110", "features": ["0.2"], "feature_maxima": ["0.2"]},
    ]
    result = rounds(bid("09:35", "A", "90"), bidders=bidders, metric={"kind": "reduced_price"})
    assert code(result) is None


def test_r46_a_paused_turn_goes_on_where_it_stopped():
    result = rounds(
        bid("09:35", "C", "110"),
        buyer("09:36", "pause"),
        buyer("10:00", "resume"),
        bid("10:00:59.999", "C", "100"),
        bid("10:01", "B", "99"),
    )
    assert codes(result) == [None] * 5
    assert close(result) == "10:23:00"


def test_r50_the_screen_says_whose_turn_it_is_only_to_the_one_who_acts():
    commands = [bid("09:35", "C", "110")]
    mine = rounds(*commands, view="B", when="09:37:30")["view"]["lots"][0]["turn"]
    other = rounds(*commands, view="A", when="09:37:30")["view"]["lots"][0]["turn"]
    assert mine == {"round": 1, "yours": True, "opening_bids": ["120.00", "120.00", "100.00"]}
    assert other == mine | {"yours": False}
    assert at("09:37:30") == "2026-01-05T09:37:30.000Z"
