"""English auctions: R4 to R13."""

from __future__ import annotations

import pytest

from tests.auctions.factory import (
    amounts,
    bid,
    buyer,
    close,
    code,
    codes,
    next_valid,
    order,
    play,
    proxy,
    ranks,
    winner,
)

TIERS = [
    {"from": "1001", "amount": "200"},
    {"from": "801", "up_to": "1000", "amount": "70"},
    {"from": "701", "up_to": "800", "amount": "50"},
    {"up_to": "700", "amount": "30"},
]


def test_r4_a_first_bid_is_accepted_with_its_number_rank_and_close():
    result = play(bid("09:58", "A", "99.50", key="k1"))
    assert result["outcomes"] == [
        {
            "index": 0,
            "accepted": True,
            "seq": 1,
            "replayed": False,
            "rank": 1,
            "close": "2026-01-05T10:00:00.000Z",
            "made": [],
        }
    ]
    assert result["lots"] == [
        {
            "id": "L1",
            "state": "closed",
            "close": "2026-01-05T10:00:00.000Z",
            "extensions": 0,
            "ranking": [{"bidder": "A", "rank": 1, "amount": "99.50", "metric": "99.50", "seq": 1}],
            "winner": "A",
        }
    ]


def test_r4_an_unknown_bidder_and_an_unknown_lot_are_refused():
    result = play(bid("09:58", "Z", "99"), bid("09:58", "A", "99", lot="L9"))
    assert codes(result) == ["unknown_bidder", "unknown_lot"]


def test_r4_a_blocked_bidder_is_refused_until_unblocked():
    result = play(
        buyer("09:40", "block", bidder="A"),
        bid("09:41", "A", "99"),
        buyer("09:42", "unblock", bidder="A"),
        bid("09:43", "A", "99"),
    )
    assert codes(result) == [None, "blocked", None, None]


def test_r4_the_same_key_and_payload_returns_the_original_receipt_even_after_the_close():
    first = bid("09:58", "A", "99", key="k")
    result = play(first, bid("09:59", "B", "90"), bid("10:30", "A", "99", key="k"))
    original, again = result["outcomes"][0], result["outcomes"][2]
    assert again == original | {"index": 2, "replayed": True}


def test_r4_the_same_key_with_another_payload_is_key_reused():
    assert code(play(bid("09:58", "A", "99", key="k"), bid("09:58", "A", "98", key="k"))) == "key_reused"


def test_r4_a_key_belongs_to_one_bidder():
    assert codes(play(bid("09:58", "A", "99", key="k"), bid("09:58", "B", "98", key="k"))) == [None, None]


def test_r4_a_refusal_uses_up_no_key():
    result = play(bid("09:20", "A", "99", key="k"), bid("09:58", "A", "98", key="k"))
    assert codes(result) == ["not_open", None]


def test_r4_participant_is_checked_before_the_key_and_the_key_before_the_time():
    result = play(
        bid("09:58", "A", "99", key="k"),
        bid("11:00", "A", "98", key="k"),
        buyer("09:59", "block", bidder="A"),
        bid("11:00", "A", "98", key="k"),
    )
    assert codes(result)[1::2] == ["key_reused", "blocked"]


def test_r4_pause_is_checked_before_time_and_time_before_the_number():
    result = play(
        bid("11:00", "A", "rubbish"),
        buyer("09:40", "pause"),
        bid("11:00", "A", "rubbish"),
    )
    assert codes(result) == ["late", None, "paused"]


def test_r4_number_is_checked_before_ceiling_and_ceiling_before_improvement():
    lots = [{"ceiling": "100"}]
    result = play(
        bid("09:40", "A", "90"),
        bid("09:41", "A", "100.005"),
        bid("09:41", "A", "101"),
        bid("09:41", "A", "95"),
        lots=lots,
    )
    assert codes(result) == [None, "not_on_tick", "above_ceiling", "not_an_improvement"]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "abc",
        "1e3",
        "NaN",
        "-5",
        "+5",
        " 5",
        "5 ",
        "1,5",
        ".5",
        "5.",
        "0",
        "0.00",
        "٣",
        "１",
        True,
        5,
        5.5,
        [],
        None,
    ],
)
def test_r4_what_is_not_plain_positive_digits_is_not_a_number(sent):
    expected = None if sent is None else "not_a_number"
    assert code(play(bid("09:58", "A", sent))) == expected


def test_an_absent_amount_takes_the_contracts_default():
    assert amounts(play({"by": "A"})) == {"A": "99.50"}


def test_r4_an_amount_off_the_tick_is_refused_with_the_next_valid_value():
    result = play(bid("09:58", "A", "99.999"))
    assert (code(result), next_valid(result)) == ("not_on_tick", "99.99")


def test_r4_absolute_limits():
    limits = {"min": "50", "max": "200"}
    result = play(bid("09:58", "A", "201"), bid("09:58", "A", "49"), bid("09:58", "A", "50"), limits=limits)
    assert codes(result) == ["outside_limits", "outside_limits", None]
    assert next_valid(result, 0) == "200.00"


def test_r4_a_bid_at_the_ceiling_counts_and_one_above_is_told_the_ceiling():
    result = play(bid("09:58", "A", "100.01"), bid("09:58", "A", "100"), lots=[{"ceiling": "100"}])
    assert codes(result) == ["above_ceiling", None]
    assert next_valid(result, 0) == "100.00"


def test_r4_the_qualification_price_is_a_ceiling_for_all_lots():
    result = play(bid("09:58", "A", "100.01"), bid("09:58", "A", "100"), qualification_price="100")
    assert codes(result) == ["above_ceiling", None]


def test_r5_a_bid_at_the_close_is_late():
    result = play(bid("09:59:59.999", "A", "99"), bid("10:00", "B", "98"))
    assert codes(result) == [None, "late"]
    assert next_valid(result) is None


def test_r5_a_bid_before_the_opening_is_not_open_and_at_the_opening_counts():
    assert codes(play(bid("09:29:59.999", "A", "99"), bid("09:30", "A", "99"))) == ["not_open", None]


def test_r7_one_live_bid_per_bidder_ranked_by_metric_then_time():
    result = play(bid("09:40", "A", "99"), bid("09:41", "B", "98"), bid("09:42", "C", "98"), bid("09:43", "A", "97"))
    assert order(result) == ["A", "B", "C"]
    assert amounts(result) == {"A": "97.00", "B": "98.00", "C": "98.00"}


def test_r8_a_bidder_never_raises_a_bid():
    result = play(bid("09:40", "A", "99"), bid("09:41", "A", "100"))
    assert (code(result), next_valid(result)) == ("not_an_improvement", "98.00")


def test_r8_better_by_less_than_the_step_is_decrement_and_by_the_step_is_accepted():
    result = play(bid("09:40", "A", "99"), bid("09:41", "A", "98.01"), bid("09:41", "A", "98"))
    assert codes(result) == [None, "decrement", None]
    assert next_valid(result, 1) == "98.00"


def test_r9_base_leader_asks_a_challenger_to_beat_the_leader_by_the_step():
    rules = {"decrement": {"amount": "2", "base": "leader"}}
    result = play(bid("09:40", "A", "100"), bid("09:41", "B", "99"), bid("09:42", "B", "98"), **rules)
    assert codes(result) == [None, "decrement", None]
    assert next_valid(result, 1) == "98.00"


def test_r9_with_base_leader_the_leaders_own_base_is_their_own_bid():
    rules = {"decrement": {"amount": "2", "base": "leader"}}
    result = play(bid("09:40", "A", "100"), bid("09:41", "A", "98.50"), bid("09:42", "A", "98"), **rules)
    assert codes(result) == [None, "decrement", None]


def test_r9_base_next_rank_asks_to_beat_the_bid_just_ahead():
    rules = {"decrement": {"amount": "1", "base": "next_rank"}}
    bids = [bid("09:40", "A", "100"), bid("09:41", "B", "98"), bid("09:42", "C", "96")]
    result = play(*bids, bid("09:43", "A", "97.50"), bid("09:44", "A", "97"), **rules)
    assert codes(result) == [None, None, None, "decrement", None]
    assert next_valid(result, 3) == "97.00"


def test_r10_percent_is_rounded_up_to_the_tick():
    rules = {"decrement": {"amount": "0", "percent": "1"}}
    result = play(bid("09:40", "A", "99.99"), bid("09:41", "A", "99"), **rules)
    assert (code(result), next_valid(result)) == ("decrement", "98.99")


@pytest.mark.parametrize(("combine", "valid"), [("larger", "95.00"), ("smaller", "97.00")])
def test_r10_amount_and_percent_combine(combine, valid):
    rules = {"decrement": {"amount": "3", "percent": "5", "combine": combine}}
    result = play(bid("09:40", "A", "100"), bid("09:41", "A", "99.99"), **rules)
    assert next_valid(result) == valid


@pytest.mark.parametrize(
    ("base", "valid"),
    [
        ("1001", "801.00"),
        ("1000", "930.00"),
        ("801", "731.00"),
        ("800", "750.00"),
        ("701", "651.00"),
        ("700", "670.00"),
    ],
)
def test_r10_tiers_by_the_bases_level(base, valid):
    result = play(bid("09:40", "A", base), bid("09:41", "A", f"{int(base) - 1}.99"), decrement={"tiers": TIERS})
    assert (code(result), next_valid(result)) == ("decrement", valid)


def test_r10_tiers_may_be_pairs_of_level_and_step():
    pairs = [["0", "30"], ["701", "50"], ["801", "70"], ["1001", "200"]]
    result = play(bid("09:40", "A", "800"), bid("09:41", "A", "799"), decrement={"tiers": pairs})
    assert next_valid(result) == "750.00"


def test_r11_a_leader_may_improve_and_by_default_does_not_extend():
    result = play(bid("09:59", "A", "99"), bid("09:59:30", "A", "98"), extension={})
    assert codes(result) == [None, None]
    assert close(result) == "10:01:00"


def test_r11_the_setting_may_forbid_the_leader_to_improve():
    result = play(
        bid("09:40", "A", "99"),
        bid("09:41", "A", "98"),
        bid("09:42", "B", "97"),
        bid("09:43", "A", "96"),
        leader_may_improve=False,
    )
    assert codes(result) == [None, "not_an_improvement", None, None]


def test_r12_a_repeat_of_ones_own_value_is_refused_and_keeps_the_time_stamp():
    result = play(bid("09:40", "A", "99"), bid("09:41", "B", "99"), bid("09:42", "A", "99"))
    assert codes(result) == [None, None, "not_an_improvement"]
    assert order(result) == ["A", "B"]


def test_r13_a_drop_beyond_the_maximum_asks_for_a_confirmation_under_the_same_key():
    result = play(
        bid("09:40", "A", "100"),
        bid("09:41", "A", "89.99", key="k"),
        bid("09:41", "A", "89.99", key="k", confirm=True),
        max_change_percent="10",
    )
    assert codes(result) == [None, "needs_confirmation", None]
    assert codes(play(bid("09:40", "A", "100"), bid("09:41", "A", "90"), max_change_percent="10")) == [None, None]


def test_the_lead_buffer_holds_for_challengers_of_the_lead_only():
    facts = {"lead_buffer": "5", "decrement": {"amount": "1"}}
    first = bid("09:40", "A", "100")
    near = play(first, bid("09:41", "B", "96"), **facts)
    assert (code(near), next_valid(near)) == ("lead_buffer", "95.00")
    assert code(play(first, bid("09:41", "B", "95"), **facts)) is None
    assert code(play(first, bid("09:41", "B", "101"), **facts)) is None
    assert code(play(first, bid("09:41", "A", "99"), **facts)) is None


def test_a_forward_auction_turns_the_sign():
    result = play(
        bid("09:40", "A", "100"),
        bid("09:41", "A", "100.50"),
        bid("09:42", "B", "101"),
        bid("09:43", "A", "99"),
        bid("09:44", "C", "49"),
        direction="forward",
        lots=[{"ceiling": "50"}],
    )
    assert codes(result) == [None, "decrement", None, "not_an_improvement", "above_ceiling"]
    assert next_valid(result, 1) == "101.00"
    assert winner(result) == "B"
    assert next_valid(result, 4) == "50.00"


def test_a_starting_price_is_a_standing_offer_to_improve_on():
    bidders = [{"id": "A", "start_price": "100"}, {"id": "B", "start_price": "100"}]
    result = play(bid("09:40", "B", "99.50"), bid("09:41", "B", "99"), bidders=bidders)
    assert codes(result) == ["decrement", None]
    assert ranks(result) == {"B": 1, "A": 2}


def test_r59_a_lot_without_bids_closes_without_a_winner():
    result = play()
    assert (result["lots"][0]["state"], winner(result)) == ("closed", None)


def test_a_reserve_that_is_not_met_leaves_no_winner():
    assert winner(play(bid("09:40", "A", "100"), lots=[{"reserve": "99"}])) is None
    assert winner(play(bid("09:40", "A", "99"), lots=[{"reserve": "99"}])) == "A"


def test_r53_a_proxy_answers_an_ordinary_bid():
    result = play(bid("09:40", "A", "100"), proxy("09:41", "A", "80", "2"), bid("09:42", "B", "95"))
    assert result["outcomes"][2]["made"] == [{"by": "A", "amount": "94.00", "seq": 4}]
    assert result["outcomes"][2]["rank"] == 2
    assert order(result) == ["A", "B"]
