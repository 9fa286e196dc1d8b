"""Dutch and Japanese auctions: R31 to R45."""

from __future__ import annotations

import pytest

from tests.auctions.factory import (
    accept,
    amounts,
    at,
    bid,
    buyer,
    close,
    code,
    codes,
    next_valid,
    order,
    play,
    proxy,
    winner,
)


def dutch(*commands, **facts):
    clock = facts.pop("dutch", {})
    return play(*commands, format="dutch", dutch=clock, **facts)


def japanese(*commands, **facts):
    clock = facts.pop("japanese", {})
    return play(*commands, format="japanese", japanese=clock, **facts)


def test_r31_the_price_climbs_by_the_step_each_tick():
    result = dutch(accept("09:34:30", "A", 4))
    assert amounts(result) == {"A": "76000.00"}
    assert result["outcomes"][0]["rank"] == 1


def test_r31_another_tick_is_answered_moved_with_the_price_now():
    result = dutch(accept("09:35:00", "A", 4))
    assert (code(result), next_valid(result)) == ("moved", "80000.00")
    assert code(dutch(accept("09:34:59.999", "A", 4))) is None


def test_r32_the_first_acceptance_wins_and_the_lot_closes_at_once():
    result = dutch(accept("09:32:10", "A", 2), accept("09:32:10", "B", 2))
    assert codes(result) == [None, "taken"]
    assert (winner(result), close(result)) == ("A", "09:32:10")


def test_r33_at_the_cap_the_price_stays_one_full_tick_and_closes_without_award():
    assert amounts(dutch(accept("09:38:00", "A", 8))) == {"A": "90000.00"}
    assert amounts(dutch(accept("09:38:59.999", "A", 8))) == {"A": "90000.00"}
    assert code(dutch(accept("09:39:00", "A", 9))) == "late"
    empty = dutch()
    assert (close(empty), winner(empty), empty["lots"][0]["state"]) == ("09:39:00", None, "closed")


def test_r33_a_cap_that_the_step_meets_exactly_has_its_tick():
    clock = {"start": "100", "step": "10", "cap": "120"}
    assert amounts(dutch(accept("09:32:59.999", "A", 2), dutch=clock)) == {"A": "120.00"}
    assert close(dutch(dutch=clock)) == "09:33:00"


def test_r33_a_start_beyond_the_cap_shows_the_cap_for_one_tick():
    clock = {"start": "100", "step": "10", "cap": "90"}
    assert amounts(dutch(accept("09:30", "A", 0), dutch=clock)) == {"A": "90.00"}
    assert close(dutch(dutch=clock)) == "09:31:00"


def test_r34_parallel_lots_share_the_grid():
    lots = [{"id": "L1"}, {"id": "L2"}]
    result = dutch(accept("09:31", "A", 1), accept("09:32", "A", 2, lot="L2"), lots=lots)
    assert codes(result) == [None, None]
    assert (close(result, 0), close(result, 1)) == ("09:31:00", "09:32:00")


def test_r35_a_partial_quantity_leaves_the_rest_to_climb_on():
    result = dutch(
        accept("09:31", "A", 1, quantity="4"),
        accept("09:32", "B", 2, quantity="7"),
        accept("09:33", "B", 3),
        accept("09:34", "C", 4),
        dutch={"partial": True},
        lots=[{"quantity": "10"}],
    )
    assert codes(result) == [None, "outside_limits", None, "taken"]
    rows = result["lots"][0]["ranking"]
    assert [(row["bidder"], row["amount"], row["quantity"]) for row in rows] == [
        ("A", "64000.00", "4"),
        ("B", "72000.00", "6"),
    ]
    assert result["lots"][0]["winners"] == ["A", "B"]


def test_r36_n_winners_bind_each_at_their_own_price():
    result = dutch(
        accept("09:31", "A", 1),
        accept("09:31:30", "A", 1),
        accept("09:32", "B", 2),
        accept("09:33", "C", 3),
        dutch={"winners": 2},
    )
    assert codes(result) == [None, "taken", None, "taken"]
    assert result["lots"][0]["winners"] == ["A", "B"]


def test_a_forward_dutch_auction_falls_to_its_cap():
    clock = {"start": "100", "step": "10", "cap": "75"}
    result = dutch(accept("09:33", "A", 3), dutch=clock, direction="forward")
    assert amounts(result) == {"A": "75.00"}


def test_r37_who_does_not_accept_within_the_tick_is_out_for_good():
    result = japanese(
        accept("09:30", "A", 0),
        accept("09:30:30", "B", 0),
        accept("09:30:59", "C", 0),
        accept("09:31", "A", 1),
        accept("09:31:30", "C", 1),
        accept("09:32", "B", 2),
    )
    assert code(result) == "dropped"


def test_r37_an_acceptance_of_another_tick_is_moved():
    result = japanese(accept("09:30", "A", 1))
    assert (code(result), next_valid(result)) == ("moved", "100000.00")


def test_r12_accepting_the_same_tick_twice_is_refused():
    assert code(japanese(accept("09:30", "A", 0), accept("09:30:01", "A", 0))) == "not_an_improvement"


def stay(bidders: str, ticks: range | list[int]):
    return [accept(f"09:{30 + tick}", bidder, tick) for tick in ticks for bidder in bidders]


def test_r38_accepting_a_price_stands_for_all_above_and_the_last_one_counts():
    result = japanese(*stay("AB", range(3)), accept("09:33", "A", 3))
    assert amounts(result) == {"A": "97000.00", "B": "98000.00"}


def test_r39_ends_at_min_active_with_the_tick():
    result = japanese(
        *stay("AB", [0]), accept("09:31", "A", 1), accept("09:31:59.999", "B", 1), accept("09:32", "A", 2)
    )
    assert (winner(result), close(result)) == ("A", "09:33:00")
    assert code(japanese(*stay("AB", [0]), accept("09:31", "A", 1), accept("09:32", "A", 2))) == "late"


def test_r39_min_active_two_ends_with_two():
    result = japanese(*stay("ABC", [0]), *stay("AB", [1]), accept("09:32", "A", 2), japanese={"min_active": 2})
    assert (code(result), close(result)) == ("late", "09:32:00")


def test_r39_ends_at_the_target():
    result = japanese(*stay("AB", range(3)), accept("09:33", "A", 3), japanese={"target": "98000"})
    assert (code(result), close(result), winner(result)) == ("late", "09:33:00", "A")


def test_r39_ends_when_none_is_left():
    result = japanese(*stay("AB", range(2)))
    assert (close(result), winner(result)) == ("09:33:00", "A")


def test_r39_without_any_acceptance_it_ends_with_the_first_tick_and_no_winner():
    result = japanese()
    assert (close(result), winner(result)) == ("09:31:00", None)


def test_r40_several_at_the_last_price_are_ordered_by_the_tie_chain():
    bidders = [{"id": "A", "quality": "50"}, {"id": "B", "quality": "80"}]
    by_quality = japanese(*stay("AB", range(2)), bidders=bidders, tie_chain=["metric", "quality", "seq"])
    assert winner(by_quality) == "B"
    assert winner(japanese(*stay("AB", range(2)), bidders=bidders)) == "A"


@pytest.mark.parametrize(
    ("step", "last"),
    [
        ({"step_amount": "1000"}, "97000.00"),
        ({"step_percent_of_start": "1"}, "97000.00"),
        ({"step_percent_of_latest": "1"}, "97029.90"),
        ({}, "97000.00"),
    ],
)
def test_r41_steps(step, last):
    result = japanese(*stay("AB", range(4)), japanese=step)
    assert amounts(result)["A"] == last


def test_r42_rivals_are_hidden():
    result = japanese(*stay("AB", range(2)), accept("09:32", "B", 2), view="A", when="09:32:30")
    lot = result["view"]["lots"][0]
    assert "rank" not in lot and "lead_price" not in lot
    assert lot["active"] is True
    assert "B" not in str(result["view"]["lots"])


def test_r43_a_japanese_lot_knows_no_overtime():
    assert close(japanese(*stay("AB", [0]), extension={"trigger": "any"})) == "09:32:00"
    assert code(japanese(buyer("09:30", "extend", seconds=60))) == "not_allowed"


def test_r45_an_outage_voids_the_broken_ticks_acceptances_and_runs_it_again():
    result = japanese(
        *stay("AB", [0]),
        accept("09:31:10", "A", 1),
        buyer("09:31:20", "outage", until=at("09:32:00")),
        buyer("09:40:00", "resume"),
        accept("09:40:05", "B", 1),
        accept("09:40:59.999", "A", 1),
    )
    assert codes(result) == [None] * 7
    assert (order(result), close(result)) == (["B", "A"], "09:42:00")


def test_r45_who_does_not_accept_the_tick_again_is_out():
    result = japanese(
        *stay("ABC", [0]),
        accept("09:31:10", "A", 1),
        buyer("09:31:20", "pause"),
        buyer("09:40:00", "resume"),
        accept("09:40:05", "B", 1),
        accept("09:40:06", "C", 1),
        accept("09:41:00", "A", 2),
    )
    assert code(result) == "dropped"


def test_a_forward_japanese_auction_climbs():
    result = japanese(*stay("AB", range(3)), japanese={"step_amount": "500"}, direction="forward")
    assert amounts(result) == {"A": "101000.00", "B": "101000.00"}


def test_r55_no_proxies_and_no_typed_bids_on_a_clock():
    assert codes(dutch(bid("09:31", "A", "5"), proxy("09:31", "A", "5"))) == ["not_allowed", "not_allowed"]
    assert codes(japanese(bid("09:30", "A", "5"), proxy("09:30", "A", "5"))) == ["not_allowed", "not_allowed"]


def test_r46_a_paused_dutch_clock_restarts_the_broken_tick():
    result = dutch(
        buyer("09:32:40", "pause"),
        buyer("09:50:00", "resume"),
        accept("09:50:59.999", "A", 2),
    )
    assert amounts(result) == {"A": "68000.00"}
    assert close(dutch(buyer("09:32:40", "pause"), buyer("09:50:00", "resume"))) == "09:57:00"


def test_r45_a_removed_acceptance_of_the_broken_tick_is_void_as_well():
    acts = [accept("09:30", "A", 0), accept("09:31", "A", 1), buyer("09:31:10", "pause")]
    acts += [buyer("09:31:20", "remove_bid", seq=2), buyer("09:31:30", "resume"), accept("09:31:40", "A", 1)]
    assert codes(play(*acts, format="japanese", japanese={"min_active": 0})) == [None] * 6
