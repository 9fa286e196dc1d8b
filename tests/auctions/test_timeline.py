"""What time alone decides: R1, R3, and serial lots behind a paused one (R25)."""

from __future__ import annotations

from datetime import datetime

from srm_portal.auctions.domain.replay import parse, run
from srm_portal.auctions.domain.timeline import auction_phase, due, next_change
from tests.auctions.factory import at, bid, buyer, close, codes, document, play


def moment(clock: str) -> datetime:
    return datetime.fromisoformat(at(clock))


def state_of(*commands, **facts):
    return run(parse(document(*commands, **facts))).state


def walk(state, begin: str, steps: int) -> list[tuple[str, str]]:
    found, after = [], moment(begin)
    for _ in range(steps):
        change = next_change(state, after)
        if change is None:
            break
        after = change.at
        found.append((after.strftime("%H:%M:%S"), change.what))
    return found


def test_r1_an_english_lot_opens_closes_and_leaves_review():
    assert walk(state_of(review_s=300), "09:00", 9) == [
        ("09:30:00", "opens"),
        ("10:00:00", "closes"),
        ("10:05:00", "review"),
    ]


def test_r1_a_clock_ticks_until_it_closes():
    dutch = {"start": "60", "step": "10", "cap": "80"}
    assert walk(state_of(format="dutch", dutch=dutch), "09:30", 9) == [
        ("09:31:00", "tick"),
        ("09:32:00", "tick"),
        ("09:33:00", "closes"),
    ]


def test_r50_turns_have_edges():
    short = {"count": 2, "turn_s": 10, "first_pause_s": 5, "pause_s": 7, "announce_s": 3}
    edges = walk(state_of(format="rounds", rounds=short, bidders="AB"), "09:30", 20)
    seconds = [5, 15, 25, 32, 42, 52, 55]
    assert [each[0] for each in edges] == [f"09:30:{each:02}" for each in seconds]


def test_time_changes_nothing_in_a_paused_auction():
    assert next_change(state_of(buyer("09:50", "pause")), moment("09:51")) is None


def test_due_lists_openings_and_closings_once():
    state = state_of(lots=[{"id": "L1"}, {"id": "L2", "close": at("10:10")}])
    found = [(each.lot, each.what) for each in due(state, moment("09:59"), moment("10:10"))]
    assert found == [("L1", "closes"), ("L2", "closes")]
    assert due(state, moment("10:10"), moment("11:00")) == []


def test_r3_phases_of_the_whole_auction():
    state = state_of(prebid_s=600, review_s=60)
    clocks = ["09:00", "09:20", "09:30", "10:00", "10:01"]
    assert [auction_phase(state, moment(each)) for each in clocks] == [
        "published",
        "prebid",
        "running",
        "review",
        "closed",
    ]
    assert auction_phase(state_of(buyer("09:40", "cancel")), moment("09:50")) == "cancelled"


SERIAL = {"lots": [{"id": "L1"}, {"id": "L2"}], "lots_timing": {"kind": "serial", "gap_s": 60}}


def test_r25_a_serial_lot_waits_for_a_paused_one():
    result = play(
        buyer("09:50", "pause", lot="L1"),
        bid("10:05", "A", "99", lot="L2"),
        buyer("10:30", "resume", lot="L1"),
        bid("10:35", "A", "99", lot="L2"),
        bid("10:41", "A", "99", lot="L2"),
        **SERIAL,
    )
    assert codes(result) == [None, "not_open", None, "not_open", None]
    assert [close(result, each) for each in (0, 1)] == ["10:40:00", "11:11:00"]


def test_r25_pausing_and_resuming_all_keeps_serial_lots_in_line():
    result = play(buyer("09:50", "pause"), buyer("10:30", "resume"), **SERIAL)
    assert [close(result, each) for each in (0, 1)] == ["10:40:00", "11:11:00"]


def test_r25_a_paused_serial_lot_never_lets_the_next_one_end():
    result = play(buyer("09:50", "pause", lot="L1"), **SERIAL)
    assert [line["state"] for line in result["lots"]] == ["open", "waiting"]


def test_r4_terms_may_be_asked_for_first():
    accepting = {"recv": at("09:41"), "by": "A", "do": "accept_terms", "version": 1}
    result = play(bid("09:40", "A", "99"), accepting, bid("09:42", "A", "99"), terms_first=True)
    assert codes(result) == ["rules_changed", None, None]
