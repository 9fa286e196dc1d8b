"""Ties and metrics: R16 to R21."""

from __future__ import annotations

from fractions import Fraction

import pytest

from srm_portal.auctions.domain.figures import exact_decimal
from tests.auctions.factory import bid, code, codes, next_valid, order, play, ranks, winner

FIVE = [
    bid("09:40", "A", "90"),
    bid("09:41", "B", "91"),
    bid("09:42", "C", "91"),
    bid("09:43", "D", "92"),
    bid("09:44", "E", "92"),
]
PAIRS = [
    bid("09:40", "A", "90"),
    bid("09:41", "B", "90"),
    bid("09:42", "C", "91"),
    bid("09:43", "D", "91"),
    bid("09:44", "E", "92"),
]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("timestamp", [1, 2, 3, 4, 5]), ("equal_best", [1, 1, 3, 3, 5]), ("equal_worst", [2, 2, 4, 4, 5])],
)
def test_r16_display_of_ties(ties, expected):
    assert list(ranks(play(*PAIRS, ties=ties)).values()) == expected


def test_r16_forbid_refuses_a_bid_equal_to_any_other():
    result = play(*FIVE, ties="forbid")
    assert codes(result) == [None, None, "tie", None, "tie"]
    assert next_valid(result, 2) == "90.99"


def test_r16_forbid_first_refuses_only_a_tie_for_the_lead():
    assert codes(play(*FIVE, ties="forbid_first")) == [None] * 5
    result = play(*PAIRS, ties="forbid_first")
    assert codes(result) == [None, "tie", None, None, None]
    assert next_valid(result, 1) == "89.99"


def test_r17_the_chain_may_hold_quality_before_time():
    bidders = [{"id": "A", "quality": "10"}, {"id": "B", "quality": "20"}]
    tied = [bid("09:40", "A", "90"), bid("09:41", "B", "90")]
    assert winner(play(*tied, bidders=bidders)) == "A"
    assert winner(play(*tied, bidders=bidders, tie_chain=["metric", "quality", "seq"])) == "B"


WEIGHTED = {"metric": {"kind": "weighted"}}
SCALE = [{"weighted": {"C": "120", "F": "60", "price_weight": "60"}}]


def test_r17_improving_the_metric_takes_the_new_seq_and_a_change_below_the_floor_keeps_the_old():
    bidders = [{"id": "A", "quality": "50"}, {"id": "B", "quality": "50"}]
    result = play(
        bid("09:40", "A", "60"),
        bid("09:41", "B", "60"),
        bid("09:42", "A", "55"),
        bidders=bidders,
        lots=SCALE,
        **WEIGHTED,
    )
    rows = result["lots"][0]["ranking"]
    assert [(row["bidder"], row["amount"], row["seq"]) for row in rows] == [("A", "55.00", 1), ("B", "60.00", 2)]


def test_r18_bids_a_tick_apart_are_no_tie():
    result = play(bid("09:40", "A", "90.00"), bid("09:41", "B", "89.99"), ties="equal_best")
    assert ranks(result) == {"B": 1, "A": 2}


def test_r19_the_adjusted_bid_to_beat_is_94_28():
    bidders = [{"id": "A"}, {"id": "B", "factor": "0.05"}]
    result = play(
        bid("09:40", "A", "100"),
        bid("09:41", "B", "94.29"),
        bid("09:42", "B", "94.28"),
        bidders=bidders,
        metric={"kind": "transformed"},
        decrement={"amount": "1", "base": "leader"},
    )
    assert codes(result) == [None, "decrement", None]
    assert next_valid(result, 1) == "94.28"
    assert order(result) == ["B", "A"]
    assert result["lots"][0]["ranking"][0]["metric"] == "98.994"


def test_r19_the_view_shows_the_adjusted_bid_to_beat_where_the_policy_says_so():
    bidders = [{"id": "A"}, {"id": "B", "factor": "0.05"}]
    facts = {"bidders": bidders, "metric": {"kind": "transformed"}, "visibility": {"to_beat": True}}
    result = play(bid("09:40", "A", "100"), view="B", **facts)
    assert result["view"]["lots"][0]["to_beat"] == "94.28"


def test_r19_an_addition_and_a_bonus():
    bidders = [{"id": "A", "addition": "5"}, {"id": "B", "factor": "-0.1"}]
    result = play(bid("09:40", "A", "90"), bid("09:41", "B", "100"), bidders=bidders, metric={"kind": "transformed"})
    rows = result["lots"][0]["ranking"]
    assert [(row["bidder"], row["metric"]) for row in rows] == [("B", "90.00"), ("A", "95.00")]


@pytest.mark.parametrize(
    ("price", "quality", "score"),
    [
        ("90", "50", "50"),
        ("120", "0", "0"),
        ("130", "0", "0"),
        ("60", "100", "100"),
        ("50", "100", "100"),
        ("100", "0", "20"),
    ],
)
def test_r20_the_weighted_score(price, quality, score):
    bidders = [{"id": "A", "quality": quality}]
    result = play(bid("09:40", "A", price), bidders=bidders, lots=SCALE, **WEIGHTED)
    assert result["lots"][0]["ranking"][0]["metric"] == score


def test_r20_a_score_that_is_no_decimal_is_a_fraction():
    scale = [{"weighted": {"C": "100", "F": "10", "price_weight": "70"}}]
    result = play(bid("09:40", "A", "80"), bidders="A", lots=scale, **WEIGHTED)
    assert result["lots"][0]["ranking"][0]["metric"] == "140/9"


def test_r20_higher_scores_lead():
    bidders = [{"id": "A", "quality": "100"}, {"id": "B", "quality": "0"}]
    result = play(bid("09:40", "A", "100"), bid("09:41", "B", "70"), bidders=bidders, lots=SCALE, **WEIGHTED)
    assert order(result) == ["A", "B"]


def test_r20_with_base_leader_the_challenger_is_told_a_price():
    bidders = [{"id": "A", "quality": "50"}, {"id": "B", "quality": "50"}]
    result = play(
        bid("09:40", "A", "100"),
        bid("09:41", "B", "99.50"),
        bidders=bidders,
        lots=SCALE,
        decrement={"amount": "1", "base": "leader"},
        **WEIGHTED,
    )
    assert (code(result), next_valid(result)) == ("decrement", "99.00")


def test_r21_reduced_price_with_k_1_1875():
    bidders = [{"id": "A", "features": ["0.10", "0.05"], "feature_maxima": ["0.15", "0.05"]}]
    result = play(bid("09:40", "A", "1000"), bidders=bidders, metric={"kind": "reduced_price"})
    assert result["lots"][0]["ranking"][0]["metric"] == "16000/19"


def test_r21_life_cycle_adds_the_declared_costs():
    bidders = [{"id": "A", "costs": "20"}, {"id": "B"}]
    result = play(bid("09:40", "A", "90"), bid("09:41", "B", "100"), bidders=bidders, metric={"kind": "life_cycle"})
    rows = result["lots"][0]["ranking"]
    assert [(row["bidder"], row["metric"]) for row in rows] == [("B", "100.00"), ("A", "110.00")]


def test_a_fraction_is_written_as_a_decimal_only_where_it_is_one():
    assert str(exact_decimal(Fraction(1, 8))) == "0.125"
    assert str(exact_decimal(Fraction(-3, 20))) == "-0.15"
    assert exact_decimal(Fraction(1, 3)) is None
