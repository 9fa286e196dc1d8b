"""Overtime, lots' timing and the buyer's extension: R22 to R26, R56, R57."""

from __future__ import annotations

import pytest

from tests.auctions.factory import act, at, bid, buyer, close, code, codes, play

TABLE = [
    ("09:57:59.999", "10:00:00", "10:00:00", "10:00:00"),
    ("09:58:00.000", "10:00:00", "10:02:00", "10:00:00"),
    ("09:59:30.000", "10:01:30", "10:02:00", "10:01:30"),
    ("09:59:59.999", "10:01:59.999", "10:02:00", "10:01:59.999"),
]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line[0])
@pytest.mark.parametrize(("mode", "column"), [("reset", 1), ("add", 2), ("receipt", 3)])
def test_r23_the_table_of_modes(line, mode, column):
    result = play(bid(line[0], "A", "99"), extension={"mode": mode})
    assert close(result) == line[column]
    assert result["lots"][0]["extensions"] == int(line[column] != "10:00:00")


def test_r22_without_extension_rules_the_close_stands():
    assert close(play(bid("09:59:30", "A", "99"))) == "10:00:00"


def test_r22_reset_uses_the_window_and_receipt_the_length():
    facts = {"window_s": 60, "length_s": 300}
    assert close(play(bid("09:59:30", "A", "99"), extension={"mode": "reset", **facts})) == "10:00:30"
    assert close(play(bid("09:59:30", "A", "99"), extension={"mode": "receipt", **facts})) == "10:04:30"


def test_r22_an_extension_never_shortens():
    assert close(play(bid("09:58", "A", "99"), extension={"mode": "receipt", "length_s": 30})) == "10:00:00"


def test_r22_add_extends_once_per_window():
    rules = {"extension": {"mode": "add", "window_s": 120, "length_s": 30}}
    within = [bid("09:59:00", "A", "99"), bid("09:59:30", "B", "98")]
    assert close(play(*within, **rules)) == "10:00:30"
    assert close(play(*within, bid("10:00:10", "C", "97"), **rules)) == "10:01:00"


def test_r22_the_hard_stop_cuts_an_extension():
    rules = {"extension": {"hard_stop_s": 100}}
    result = play(bid("09:59:30", "A", "99"), bid("10:01:00", "B", "98"), bid("10:01:40", "C", "97"), **rules)
    assert close(result) == "10:01:40"
    assert codes(result) == [None, None, "late"]


def test_r22_the_count_limit_holds():
    rules = {"extension": {"max_count": 1}}
    result = play(bid("09:59:00", "A", "99"), bid("10:00:30", "B", "98"), **rules)
    assert close(result) == "10:01:00"
    assert result["lots"][0]["extensions"] == 1


FOUR = [bid("09:40", "A", "90"), bid("09:41", "B", "91"), bid("09:42", "C", "92"), bid("09:43", "D", "93")]


@pytest.mark.parametrize(
    ("trigger", "late_bid", "extends"),
    [
        ("any", bid("09:59:30", "E", "99"), True),
        ({"rank": 3}, bid("09:59:30", "E", "91.50"), True),
        ({"rank": 3}, bid("09:59:30", "E", "92"), False),
        ({"rank": 1}, bid("09:59:30", "E", "90.50"), False),
        ({"rank": 1}, bid("09:59:30", "E", "89"), True),
        ({"rank": 3}, bid("09:59:30", "A", "89"), False),
        ("any", bid("09:59:30", "A", "89"), True),
        ("new_leader", bid("09:59:30", "E", "89"), True),
        ("new_leader", bid("09:59:30", "A", "89"), False),
        ("new_leader", bid("09:59:30", "E", "90.50"), False),
        ("beats_other", bid("09:59:30", "E", "92.50"), True),
        ("beats_other", bid("09:59:30", "E", "99"), False),
        ("beats_other", bid("09:59:30", "D", "92"), False),
        ("beats_other", bid("09:59:30", "D", "91.99"), True),
        ("beats_other", bid("09:59:30", "A", "89"), False),
    ],
)
def test_r24_triggers(trigger, late_bid, extends):
    result = play(*FOUR, late_bid, extension={"trigger": trigger})
    assert codes(result)[-1] is None
    assert close(result) == ("10:01:30" if extends else "10:00:00")


def test_r24_the_default_is_reset_120_rank_3_and_an_hour():
    same = {
        "mode": "reset",
        "window_s": 120,
        "length_s": 120,
        "trigger": {"rank": 3},
        "scope": "lot",
        "hard_stop_s": 3600,
    }
    late = bid("09:59:30", "A", "99")
    assert play(late, extension={})["lots"] == play(late, extension=same)["lots"]


TWO = [{"id": "L1"}, {"id": "L2", "close": at("10:00:30")}]


def test_r25_scope_lot_moves_that_lot_only():
    result = play(bid("09:59:30", "A", "99"), lots=TWO, extension={})
    assert (close(result, 0), close(result, 1)) == ("10:01:30", "10:00:30")


def test_r25_scope_all_tests_the_window_of_the_lot_bid_on_and_moves_each_from_its_own_close():
    result = play(bid("09:59:30", "A", "99"), lots=TWO, extension={"mode": "add", "scope": "all"})
    assert (close(result, 0), close(result, 1)) == ("10:02:00", "10:02:30")


def test_r25_scope_all_leaves_a_waiting_lot_alone():
    lots = [{"id": "L1"}, {"id": "L2", "open": at("10:30"), "close": at("11:00")}]
    result = play(bid("09:59:30", "A", "99"), lots=lots, extension={"mode": "add", "scope": "all"})
    assert close(result, 1) == "11:00:00"


def lots(count: int) -> list[dict[str, str]]:
    return [{"id": f"L{each}"} for each in range(1, count + 1)]


STAGGERED = {"kind": "staggered", "spacing_s": 180, "min_gap_s": 120, "increment_s": 90}


def test_r57_staggered_lots_close_at_the_spacing():
    result = play(lots=lots(3), lots_timing=STAGGERED)
    assert [close(result, each) for each in range(3)] == ["10:00:00", "10:03:00", "10:06:00"]


def test_r25_the_cascade_moves_what_comes_too_close_by_the_increment_in_order():
    result = play(bid("09:59:30", "A", "99"), lots=lots(3), lots_timing=STAGGERED, extension={})
    assert [close(result, each) for each in range(3)] == ["10:01:30", "10:04:30", "10:07:30"]


def test_r25_the_cascade_stops_where_the_gap_is_kept():
    timing = {"kind": "staggered", "spacing_s": 300, "min_gap_s": 120, "increment_s": 90}
    result = play(bid("09:59:30", "A", "99"), lots=lots(3), lots_timing=timing, extension={})
    assert [close(result, each) for each in range(3)] == ["10:01:30", "10:05:00", "10:10:00"]


def test_r25_serial_lots_open_at_the_actual_close_plus_the_gap():
    result = play(
        bid("09:59:30", "A", "99"),
        bid("10:02:29.999", "A", "99", lot="L2"),
        bid("10:02:30", "A", "99", lot="L2"),
        lots=lots(2),
        lots_timing={"kind": "serial", "gap_s": 60},
        extension={},
    )
    assert codes(result) == [None, "not_open", None]
    assert close(result, 1) == "10:32:30"


def test_r25_serial_dutch_lots_follow_a_taken_lot():
    result = play(
        act("09:31", "A", "accept", tick=1),
        act("09:32", "A", "accept", tick=0, lot="L2"),
        lots=lots(2),
        lots_timing={"kind": "serial", "gap_s": 60},
        format="dutch",
        dutch={},
    )
    assert codes(result) == [None, None]
    assert close(result, 1) == "09:32:00"


def test_r26_the_buyers_extension_adds_to_the_current_close():
    result = play(bid("09:59:30", "A", "99"), buyer("09:59:40", "extend", seconds=300, reason="trouble"), extension={})
    assert close(result) == "10:06:30"
    assert result["lots"][0]["extensions"] == 1


def test_r26_an_extension_needs_a_reason_and_seconds_and_an_open_lot():
    assert code(play(buyer("09:40", "extend", seconds=60, reason=""))) == "reason_required"
    assert code(play(buyer("09:40", "extend"))) == "not_a_number"
    assert code(play(buyer("10:00", "extend", seconds=60))) == "late"


def test_r56_one_transaction_extends_once():
    result = play(
        bid("09:40", "A", "100"),
        act("09:41", "A", "proxy", limit="80", step="1"),
        bid("09:59:30", "B", "95"),
        extension={"mode": "add", "trigger": "any"},
    )
    assert close(result) == "10:02:00"
    assert result["lots"][0]["extensions"] == 1
