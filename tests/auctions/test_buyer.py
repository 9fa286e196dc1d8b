"""The buyer's acts: pause, outage, removal, surrogate, reopening, cancelling, rules (R2, R3, R46, R47, R60-R63)."""

from __future__ import annotations

from tests.auctions.factory import act, amounts, at, bid, buyer, close, code, codes, next_valid, order, play, winner


def test_r46_thirty_seconds_left_resumed_at_10_10_closes_at_10_11():
    result = play(buyer("09:59:30", "pause"), buyer("10:10", "resume"))
    assert close(result) == "10:11:00"


def test_r46_more_than_the_minimum_is_kept():
    result = play(buyer("09:50", "pause"), bid("09:55", "A", "99"), bid("10:05", "A", "99"), buyer("10:10", "resume"))
    assert codes(result) == [None, "paused", "paused", None]
    assert close(result) == "10:20:00"


def test_r46_the_minimum_is_a_rule():
    assert close(play(buyer("09:59:30", "pause"), buyer("10:10", "resume"), resume_min_s=120)) == "10:12:00"


def test_r46_the_hard_stop_moves_with_the_pause():
    result = play(
        buyer("09:50", "pause"), buyer("12:00", "resume"), bid("12:09:30", "A", "99"), extension={"hard_stop_s": 100}
    )
    assert close(result) == "12:11:30"


def test_r46_a_lot_not_open_yet_opens_at_the_resumption_with_its_whole_time():
    result = play(buyer("09:00", "pause"), buyer("09:45", "resume"), bid("09:45", "A", "99"))
    assert codes(result) == [None, None, None]
    assert close(result) == "10:15:00"
    assert close(play(buyer("09:00", "pause"), buyer("09:10", "resume"))) == "10:00:00"


def test_a_paused_lot_does_not_close():
    result = play(buyer("09:50", "pause"))
    assert (result["lots"][0]["state"], result["lots"][0]["paused"], winner(result)) == ("open", True, None)


def test_pausing_twice_resuming_what_runs_and_pausing_what_is_over_are_refused():
    assert code(play(buyer("09:50", "pause"), buyer("09:51", "pause"))) == "paused"
    assert code(play(buyer("09:51", "resume"))) == "not_paused"
    assert code(play(buyer("10:00", "pause"))) == "late"


TWO = [{"id": "L1"}, {"id": "L2", "close": at("11:00")}]


def test_without_a_lot_the_command_concerns_every_lot_not_yet_closed():
    result = play(buyer("10:30", "pause"), buyer("10:40", "resume"), lots=TWO)
    assert (close(result, 0), close(result, 1)) == ("10:00:00", "11:10:00")


def test_with_a_lot_it_concerns_that_lot():
    result = play(
        buyer("09:50", "pause", lot="L1"), bid("09:55", "A", "9", lot="L1"), bid("09:55", "A", "9", lot="L2"), lots=TWO
    )
    assert codes(result) == [None, "paused", None]
    assert code(play(buyer("09:50", "pause", lot="L9"))) == "unknown_lot"


def test_r47_a_long_outage_pauses_from_its_beginning():
    result = play(buyer("09:55", "outage", until=at("09:57")), bid("09:58", "A", "99"), buyer("10:10", "resume"))
    assert codes(result) == [None, "paused", None]
    assert close(result) == "10:15:00"


def test_r47_a_short_outage_carries_on():
    result = play(buyer("09:55", "outage", until=at("09:55:10")), bid("09:58", "A", "99"))
    assert codes(result) == [None, None]


def test_r47_an_outage_while_nothing_was_open_carries_on():
    assert codes(play(buyer("09:00", "outage", until=at("09:10")), bid("09:58", "A", "99"))) == [None, None]


def test_r60_a_bid_is_removed_while_paused_and_the_one_before_stands_again():
    result = play(
        bid("09:40", "A", "99"),
        bid("09:41", "A", "9"),
        bid("09:42", "B", "98"),
        buyer("09:43", "pause"),
        buyer("09:44", "remove_bid", seq=2, reason="mistyped"),
    )
    assert codes(result) == [None] * 5
    assert amounts(result) == {"B": "98.00", "A": "99.00"}


def test_r60_it_needs_a_pause_or_the_close_a_reason_and_a_bid():
    first = bid("09:40", "A", "99")
    assert code(play(first, buyer("09:44", "remove_bid", seq=1))) == "not_paused"
    assert code(play(first, buyer("10:00", "remove_bid", seq=1))) is None
    assert code(play(first, buyer("10:00", "remove_bid", seq=1, reason=""))) == "reason_required"
    assert code(play(first, buyer("10:00", "remove_bid", seq=7))) == "unknown_bid"


def test_r60_a_removed_bid_is_kept_struck_through_on_both_screens():
    commands = [bid("09:40", "A", "99"), buyer("10:00", "remove_bid", seq=1, reason="mistyped")]
    own = play(*commands, view="A")["view"]["lots"][0]
    assert (own["own"], own["own_bids"][0]["removed"]) == (None, "mistyped")
    assert play(*commands, view="buyer")["view"]["lots"][0]["bids"][0]["removed"] == "mistyped"


def test_r61_a_surrogate_bid_goes_through_every_check_and_is_marked():
    surrogate = {"by": "buyer", "do": "bid", "surrogate_for": "A", "reason": "by telephone"}
    result = play(
        {"recv": at("09:40"), "amount": "99", **surrogate},
        {"recv": at("09:41"), "amount": "99", **surrogate},
        view="buyer",
    )
    assert codes(result) == [None, "not_an_improvement"]
    assert result["view"]["lots"][0]["bids"][0]["surrogate"] is True
    assert code(play({"recv": at("09:40"), "amount": "99", **surrogate, "surrogate_for": "Z"})) == "unknown_bidder"
    assert code(play(bid("09:40", "A", "99", surrogate_for="B"))) == "not_allowed"


def test_bidders_may_not_do_the_buyers_acts():
    assert code(play(act("09:40", "A", "pause"))) == "not_allowed"
    assert code(play(act("09:40", "Z", "pause"))) == "unknown_bidder"


def test_r63_cancelling_takes_no_more_bids_and_receipts_stay_valid():
    result = play(
        bid("09:40", "A", "99", key="k"),
        buyer("09:50", "cancel", reason="budget"),
        bid("09:51", "B", "98"),
        bid("09:52", "A", "99", key="k"),
        buyer("09:53", "cancel"),
    )
    assert codes(result) == [None, None, "cancelled", None, "cancelled"]
    assert result["outcomes"][3]["replayed"] is True
    assert (result["lots"][0]["state"], winner(result)) == ("cancelled", None)
    assert code(play(buyer("09:50", "cancel", reason=""))) == "reason_required"


def test_the_buyer_may_close_early():
    result = play(bid("09:40", "A", "99"), buyer("09:50", "close"), bid("09:51", "B", "98"), buyer("09:52", "close"))
    assert codes(result) == [None, None, "late", "late"]
    assert (close(result), winner(result)) == ("09:50:00", "A")


def test_r3_a_lot_reopens_only_after_the_close_and_for_all():
    result = play(bid("09:40", "A", "99"), buyer("10:05", "reopen", seconds=600), bid("10:06", "B", "98"))
    assert codes(result) == [None, None, None]
    assert (close(result), winner(result)) == ("10:15:00", "B")
    assert code(play(buyer("09:50", "reopen"))) == "still_open"
    assert code(play(buyer("10:05", "reopen", reason=""))) == "reason_required"


def test_r3_states_of_a_lot():
    def state(clock, *commands):
        return play(*commands, when=clock, extension={}, review_s=300, prebid_s=600)["lots"][0]["state"]

    late = bid("09:59:30", "A", "99")
    assert state("09:10") == "waiting"
    assert state("09:20") == "prebid"
    assert state("09:30") == "open"
    assert state("10:01", late) == "overtime"
    assert state("10:02", late) == "review"
    assert state("10:06:30", late) == "closed"


def test_r3_prebids_are_taken_where_the_rules_say_so():
    assert codes(play(bid("09:19", "A", "99"), bid("09:20", "A", "99"), prebid_s=600)) == ["not_open", None]


def test_r2_rules_change_only_while_paused():
    change = {"decrement": {"amount": "5"}}
    result = play(
        buyer("09:40", "change_rules", rules=change),
        buyer("09:41", "pause"),
        buyer("09:42", "change_rules", rules=change),
        buyer("09:43", "resume"),
        bid("09:44", "A", "99"),
        bid("09:45", "A", "95"),
    )
    assert codes(result) == ["not_paused", None, None, None, None, "decrement"]
    assert next_valid(result) == "94.00"


def test_r2_a_material_change_asks_for_a_new_confirmation():
    result = play(
        buyer("09:41", "pause"),
        buyer("09:42", "change_rules", rules={"qualification_price": "95"}),
        buyer("09:43", "resume"),
        bid("09:44", "A", "90"),
        act("09:45", "A", "accept_terms", version=1),
        act("09:45", "A", "accept_terms", version=2),
        bid("09:46", "A", "90"),
        bid("09:46", "B", "90"),
    )
    assert codes(result)[3:] == ["rules_changed", "rules_changed", None, None, "rules_changed"]


def test_r4_a_bid_that_names_an_old_version_is_refused():
    result = play(
        buyer("09:41", "pause"),
        buyer("09:42", "change_rules", rules={"resume_min_s": 90}),
        buyer("09:43", "resume"),
        bid("09:44", "A", "90", version=1),
        bid("09:44", "A", "90", version=2),
    )
    assert codes(result)[3:] == ["rules_changed", None]


def test_r58_a_package_line_shows_the_rank_of_the_sum():
    lots = [{"id": "L1"}, {"id": "L2"}]
    result = play(
        bid("09:40", "A", "10"),
        bid("09:40", "A", "50", lot="L2"),
        bid("09:41", "B", "20"),
        bid("09:41", "B", "35", lot="L2"),
        bid("09:42", "C", "1"),
        lots=lots,
        packages=[{"id": "P", "lots": ["L1", "L2"]}],
        view="A",
    )
    assert result["packages"] == [
        {
            "id": "P",
            "lots": ["L1", "L2"],
            "ranking": [{"bidder": "B", "rank": 1, "amount": "55.00"}, {"bidder": "A", "rank": 2, "amount": "60.00"}],
        }
    ]
    assert result["view"]["packages"] == [{"id": "P", "lots": ["L1", "L2"], "amount": "60.00", "rank": 2}]
    assert order(result) == ["C", "A", "B"]


def test_the_buyers_keys_are_their_own():
    result = play(buyer("09:40", "pause", key="k"), buyer("09:41", "pause", key="k"), buyer("09:42", "resume", key="k"))
    assert codes(result) == [None, None, "key_reused"]


def test_r46_a_resumption_after_the_clock_was_set_back_takes_bids_at_once():
    acts = [buyer("09:30:30", "pause"), buyer("09:20", "resume")]
    taken = act("09:20", "A", "accept", tick=0)
    for rules, first in (
        ({}, bid("09:20", "A", "99")),
        ({"format": "dutch", "dutch": {}}, taken),
        ({"format": "japanese", "japanese": {}}, taken),
    ):
        assert code(play(*acts, first, **rules)) is None, rules
