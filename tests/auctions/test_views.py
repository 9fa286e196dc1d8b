"""What each viewer is sent, the linter and the profiles: R14, R15, R62."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from srm_portal.auctions.domain.commands import Command
from srm_portal.auctions.domain.engine import apply, decide
from srm_portal.auctions.domain.events import Receipt, Refusal
from srm_portal.auctions.domain.evolution import start
from srm_portal.auctions.domain.linter import lint
from srm_portal.auctions.domain.profiles import PROFILES
from srm_portal.auctions.domain.receipts import receipt_view
from srm_portal.auctions.domain.replay import parse, run
from srm_portal.auctions.domain.rules import Bidder, Lot, Rules, Visibility
from srm_portal.auctions.domain.rules_reading import rules_from_json
from srm_portal.auctions.domain.rules_writing import rules_to_json
from srm_portal.auctions.domain.steps import quick_steps
from tests.auctions.factory import accept, bid, document, play, proxy

BIDS = [bid("09:40", "A", "100"), bid("09:41", "B", "97.31"), bid("09:42", "C", "97.31")]


def lot(viewer: str, *commands, **visibility):
    facts = {"visibility": visibility} if visibility else {}
    return play(*(commands or BIDS), when="09:45", view=viewer, **facts)["view"]["lots"][0]


def test_r14_by_default_only_the_own_rank_is_shown():
    shown = lot("A")
    assert shown["rank"] == 3
    assert shown["own"]["amount"] == "100.00"
    assert not {"lead_price", "bidder_count", "history", "distance", "colour", "to_beat"} & set(shown)
    assert "97.31" not in str(shown)


def test_r14_the_rank_may_be_hidden():
    assert "rank" not in lot("A", rank=False)


def test_r14_lead_price_only_after_the_own_first_bid():
    assert lot("A", lead_price=True)["lead_price"] == "97.31"
    assert "lead_price" not in lot("D", lead_price=True)
    assert lot("D", lead_price=True, lead_after_own_bid=False)["lead_price"] == "97.31"


def test_lead_after_own_bid_alone_shows_nothing():
    assert "lead_price" not in lot("A", lead_after_own_bid=True)


def test_r14_colours():
    assert [lot(each, colour=True)["colour"] for each in "ABCD"] == ["not_leading", "tied", "tied", "not_leading"]
    assert lot("A", bid("09:40", "A", "5"), colour=True)["colour"] == "leading"


def test_r14_distance_count_history_and_competitors():
    shown = lot("A", distance=True, bidder_count=True, history=True, competitors=True)
    assert (shown["distance"], shown["bidder_count"]) == ("2.69", 3)
    assert [(each["amount"], each["own"]) for each in shown["history"]] == [
        ("100.00", True),
        ("97.31", False),
        ("97.31", False),
    ]
    assert shown["competitors"] == [{"rank": 1, "own": False}, {"rank": 2, "own": False}, {"rank": 3, "own": True}]


def test_r14_competitors_do_not_reveal_how_many_take_part():
    assert "competitors" not in lot("A", competitors=True)


def test_the_next_valid_amount_tells_no_rivals_price():
    facts = {"decrement": {"amount": "1", "base": "leader"}, "lots": [{"ceiling": "200"}], "when": "09:45"}
    assert play(*BIDS, view="A", **facts)["view"]["lots"][0]["next_valid"] == "99.00"
    open_lead = play(*BIDS, view="A", visibility={"lead_price": True}, **facts)
    assert open_lead["view"]["lots"][0]["next_valid"] == "96.31"


def test_r14_identities_are_never_shown_to_other_bidders():
    everything = dict.fromkeys(Visibility.__dataclass_fields__, True)
    names = [{"id": "ANNA"}, {"id": "BERTA"}, {"id": "CARLA"}]
    bids = [bid("09:40", "ANNA", "100"), bid("09:41", "BERTA", "90"), bid("09:42", "CARLA", "80")]
    for viewer in ("ANNA", "observer"):
        text = str(play(*bids, bidders=names, visibility=everything, view=viewer)["view"])
        assert "BERTA" not in text and "CARLA" not in text


def test_r62_the_buyer_sees_the_board_with_names():
    shown = lot("buyer")
    assert [(row["bidder"], row["amount"]) for row in shown["ranking"]] == [
        ("B", "97.31"),
        ("C", "97.31"),
        ("A", "100.00"),
    ]
    assert len(shown["bids"]) == 3


def test_an_observer_sees_times_and_state_only():
    shown = lot("observer")
    assert set(shown) == {"id", "state", "paused", "open", "close", "extensions", "quantity", "ceiling"}


def test_the_screen_says_won_only_to_the_winner_after_the_close():
    assert "won" not in lot("B")
    result = {each: play(*BIDS, view=each)["view"]["lots"][0]["won"] for each in "ABC"}
    assert result == {"A": False, "B": True, "C": False}


def test_reserve_met_is_told_where_the_policy_says_so():
    facts = {"lots": [{"reserve": "98"}], "visibility": {"reserve_met": True}, "when": "09:45", "view": "A"}
    assert play(BIDS[0], **facts)["view"]["lots"][0]["reserve_met"] is False
    result = play(*BIDS, **facts)["view"]["lots"][0]
    assert result["reserve_met"] is True
    assert "98.00" not in str(result)


def test_r15_a_view_carries_the_states_number():
    assert play(*BIDS, view="A")["view"]["state_seq"] == 3


def receipt_of(*commands, **facts):
    whole = run(parse(document(*commands, **facts)))
    answer = whole.answers[-1][1]
    return receipt_view(whole.state, answer if isinstance(answer, Receipt) else answer[-1])


def test_a_receipt_tells_its_owner_no_rivals_made_bid():
    told = receipt_of(bid("09:40", "B", "100"), proxy("09:41", "B", "80"), bid("09:42", "A", "95"))
    assert (told["seq"], told["rank"], told["made"]) == (3, 2, [])
    own = receipt_of(bid("09:40", "B", "100"), proxy("09:41", "A", "80"))
    assert own["made"] == [{"amount": "99.00", "seq": 3}]


def test_a_receipt_hides_the_rank_where_the_policy_does():
    assert "rank" not in receipt_of(bid("09:40", "A", "95"), visibility={"rank": False})


def test_r51_a_sealed_receipt_tells_no_number():
    assert "seq" not in receipt_of(bid("09:40", "B", "1"), bid("09:41", "A", "95"), format="sealed")


def test_r42_the_close_of_a_japanese_lot_does_not_tell_who_stayed():
    def told(*commands):
        facts = {"format": "japanese", "japanese": {}, "when": "09:30:30", "view": "A"}
        return play(accept("09:30:01", "A", 0), *commands, **facts)["view"]["lots"][0]["close"]

    assert told() == told(accept("09:30:02", "B", 0), accept("09:30:03", "C", 0)) == "2026-01-05T09:31:00.000Z"


def test_quick_steps_go_down_from_the_next_valid_amount():
    state = run(parse(document(*BIDS, visibility={"to_beat": True}))).state
    steps = quick_steps(state, "A", "L1")
    assert [str(each) for each in steps.steps] == ["99.00", "98.00", "97.00"]
    assert (str(steps.next_valid), str(steps.takes_the_lead)) == ("99.00", "96.31")
    assert quick_steps(run(parse(document(*BIDS))).state, "A", "L1").takes_the_lead is None
    assert quick_steps(state, "D", "L1").steps == ()


def warned(rules: Rules, bidders: int) -> set[str]:
    return {each.code for each in lint(rules, bidders)}


def test_r14_lead_price_from_four_bidders_rank_from_three():
    rules = rules_from_json({"visibility": {"lead_price": True}, "extension": {}, "max_change_percent": "20"})
    assert warned(rules, 4) == set()
    assert warned(rules, 3) == {"lead_price_needs_bidders"}
    assert warned(rules, 2) == {"lead_price_needs_bidders", "rank_needs_bidders"}


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({}, "no_overtime"),
        ({}, "no_confirmation_of_large_changes"),
        ({"decrement": {"amount": "0"}}, "no_decrement"),
        ({"decrement": {"amount": "0.005"}}, "decrement_off_tick"),
        ({"decrement": {"base": "leader"}}, "decrement_base_tells_prices"),
        ({"visibility": {"distance": True}}, "distance_tells_lead_price"),
        ({"visibility": {"history": True}}, "history_tells_lead_price"),
        ({"visibility": {"competitors": True}}, "competitors_need_bidder_count"),
        ({"format": "dutch", "dutch": {"start": "90000"}}, "dutch_start_at_cap"),
        ({"format": "dutch", "dutch": {}, "extension": {}}, "overtime_unused"),
        ({"format": "japanese", "japanese": {"min_active": 5}}, "min_active_not_below_bidders"),
        ({"format": "japanese", "japanese": {"tick_s": 3600}}, "takes_long"),
        ({"extension": {"hard_stop_s": 60}}, "hard_stop_within_window"),
        ({"lots_timing": {"kind": "staggered", "min_gap_s": 5}}, "min_gap_above_spacing"),
    ],
)
def test_the_linter_warns(rules, code):
    assert code in warned(rules_from_json(rules), 5)


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_whole_and_takes_a_first_act(name):
    rules = PROFILES[name]
    assert rules_from_json(rules_to_json(rules)) == rules
    assert not warned(rules, 5) - {"no_confirmation_of_large_changes", "to_beat_tells_lead_price"}


def test_decide_changes_nothing_and_apply_does():
    state = start(Rules(), [Lot()], [Bidder()])
    command = Command("bid", "A", lot="L1", amount="99")
    recv = Lot().open
    first, second = decide(state, command, recv), decide(state, command, recv)
    assert first == second and state.seq == 0
    apply(state, command, recv)
    assert state.seq == 1


def test_r5_a_late_bid_leaves_the_hash_of_its_value_and_how_late_it_was():
    state = start(Rules(), [Lot()], [Bidder()])
    late = decide(state, Command("bid", "A", lot="L1", amount="99"), Lot().close + timedelta(milliseconds=1500))
    assert isinstance(late, Refusal)
    assert (late.code, late.late_ms) == ("late", 1500)
    assert late.amount_sha256 == hashlib.sha256(b"99").hexdigest()
