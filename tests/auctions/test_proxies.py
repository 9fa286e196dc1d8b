"""Proxy bids: R53 to R56."""

from __future__ import annotations

from tests.auctions.factory import act, amounts, bid, buyer, close, code, codes, next_valid, order, play, proxy


def made(result, index=-1):
    return [(each["by"], each["amount"]) for each in result["outcomes"][index]["made"]]


def test_r54_the_worked_example_limit_80_against_90():
    for first, second in ((("A", "80"), ("B", "90")), (("B", "90"), ("A", "80"))):
        result = play(proxy("09:40", *first), proxy("09:41", *second))
        assert made(result) == [("B", "90.00"), ("A", "89.00")]
        assert order(result) == ["A", "B"]
        assert [each["seq"] for each in result["outcomes"][1]["made"]] == [3, 4]


def test_r54_whoever_began_with_an_ordinary_bid():
    result = play(bid("09:40", "B", "95"), proxy("09:41", "B", "90"), proxy("09:42", "A", "80"))
    assert made(result) == [("B", "90.00"), ("A", "89.00")]


def test_r54_the_other_never_goes_below_its_own_limit():
    result = play(proxy("09:40", "A", "89.50"), proxy("09:41", "B", "90"))
    assert made(result) == [("B", "90.00"), ("A", "89.50")]


def test_r54_of_equal_limits_the_earlier_leads_at_the_limit():
    result = play(proxy("09:40", "A", "80"), proxy("09:41", "B", "80"))
    assert made(result) == [("A", "80.00")]
    assert order(result) == ["A"]


def test_r54_three_proxies_resolve_in_one_transaction():
    result = play(proxy("09:40", "A", "80"), bid("09:41", "C", "100"), proxy("09:42", "B", "90"))
    assert made(result, 1) == [("A", "99.00")]
    assert made(result) == [("B", "90.00"), ("A", "89.00")]


def test_r53_own_step_and_the_others_decrement_whichever_is_lower():
    own = play(bid("09:40", "A", "100"), proxy("09:41", "A", "80", "10"), bid("09:42", "B", "99.50"))
    assert made(own) == [("A", "90.00")]
    other = play(bid("09:40", "A", "100"), proxy("09:41", "A", "80", "1"), bid("09:42", "B", "90"))
    assert made(other) == [("A", "89.00")]


def test_r53_the_limit_is_never_passed():
    result = play(bid("09:40", "A", "100"), proxy("09:41", "A", "80"), bid("09:42", "B", "80.50"))
    assert made(result) == [("A", "80.00")]


def test_r53_where_the_limit_cannot_take_the_lead_no_bid_is_made():
    at_limit = play(bid("09:40", "A", "100"), proxy("09:41", "A", "80"), bid("09:42", "B", "80"))
    below = play(bid("09:40", "A", "100"), proxy("09:41", "A", "80"), bid("09:42", "B", "79"))
    assert made(at_limit) == made(below) == []
    assert amounts(below)["A"] == "100.00"


def test_r53_a_proxy_set_while_behind_acts_at_once():
    result = play(bid("09:40", "B", "95"), bid("09:41", "A", "100"), proxy("09:42", "A", "80"))
    assert made(result) == [("A", "94.00")]
    assert result["outcomes"][-1]["rank"] == 1


def test_r53_a_proxy_alone_makes_no_bid():
    assert made(play(proxy("09:42", "A", "80"))) == []


def test_a_step_below_the_decrement_is_refused_with_the_decrement():
    result = play(proxy("09:40", "A", "80", "1.99"), decrement={"amount": "2"})
    assert (code(result), next_valid(result)) == ("step_below_decrement", "2.00")


def test_a_limit_is_checked_like_a_bid():
    facts = {"lots": [{"ceiling": "100"}]}
    assert code(play(proxy("09:40", "A", "abc"), **facts)) == "not_a_number"
    assert code(play(act("09:40", "A", "proxy", step="1"), **facts)) == "not_a_number"
    assert code(play(proxy("09:40", "A", "99.999"), **facts)) == "not_on_tick"
    assert code(play(proxy("09:40", "A", "101"), **facts)) == "above_ceiling"
    assert code(play(bid("09:40", "A", "90"), proxy("09:41", "A", "90"), **facts)) == "not_an_improvement"
    assert code(play(proxy("10:00", "A", "90"), **facts)) == "late"


def test_a_cancelled_proxy_makes_no_more_bids():
    result = play(
        bid("09:40", "A", "100"), proxy("09:41", "A", "80"), act("09:42", "A", "cancel_proxy"), bid("09:43", "B", "95")
    )
    assert codes(result) == [None] * 4
    assert made(result) == []


def test_the_proxy_of_a_blocked_bidder_rests():
    result = play(
        bid("09:40", "A", "100"),
        proxy("09:41", "A", "80"),
        buyer("09:42", "block", bidder="A"),
        bid("09:43", "B", "95"),
    )
    assert made(result) == []


def test_r55_the_limit_is_hidden_from_everybody_else():
    facts = [bid("09:40", "A", "100"), proxy("09:41", "A", "81.23")]
    shows = {viewer: "81.23" in str(play(*facts, view=viewer)["view"]) for viewer in ("A", "B", "buyer", "observer")}
    assert shows == {"A": True, "B": False, "buyer": False, "observer": False}


def test_r56_a_made_bid_may_extend_once():
    result = play(
        bid("09:40", "A", "100"),
        proxy("09:41", "A", "80"),
        bid("09:59", "B", "95"),
        extension={"trigger": "new_leader"},
    )
    assert close(result) == "10:01:00"


def test_a_proxy_in_a_forward_auction_climbs():
    result = play(proxy("09:40", "A", "120"), proxy("09:41", "B", "110"), direction="forward")
    assert made(result) == [("B", "110.00"), ("A", "111.00")]


def test_a_proxy_keeps_the_lead_buffer():
    result = play(bid("09:40", "B", "100"), proxy("09:41", "A", "80"), lead_buffer="5")
    assert made(result) == [("A", "95.00")]
    assert made(play(bid("09:40", "B", "100"), proxy("09:41", "A", "96"), lead_buffer="5")) == []
