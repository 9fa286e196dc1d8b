"""The replay file to the letter: defaults, unknown fields, moments, views, export, schema."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from srm_portal.auctions.domain.codec import event_from_json, event_to_json, log_sha256
from srm_portal.auctions.domain.commands_document import command_from_json, command_to_json
from srm_portal.auctions.domain.evolution import fold, start
from srm_portal.auctions.domain.export import export
from srm_portal.auctions.domain.replay import parse, replay, run
from srm_portal.auctions.domain.rules import Rules
from srm_portal.auctions.domain.rules_reading import rules_from_json
from srm_portal.auctions.domain.rules_writing import rules_sha256, rules_to_json
from srm_portal.auctions.domain.schema import AUCTION_REPLAY
from srm_portal.kernel.errors import InputError
from tests.auctions.factory import act, amounts, at, bid, buyer, codes, document, play, proxy, winner

SHOWN = {
    "format": "english",
    "direction": "reverse",
    "currency": "EUR",
    "tick": "0.01",
    "decrement": {"amount": "1", "percent": None, "tiers": None, "combine": "larger", "base": "own"},
    "max_change_percent": None,
    "lead_buffer": None,
    "leader_may_improve": True,
    "ties": "timestamp",
    "tie_chain": ["metric", "seq"],
    "metric": {"kind": "price"},
    "extension": None,
    "lots_timing": {"kind": "parallel"},
    "resume_min_s": 60,
    "visibility": {
        "rank": True,
        "lead_price": False,
        "lead_after_own_bid": True,
        "bidder_count": False,
        "history": False,
        "distance": False,
    },
    "dutch": None,
    "japanese": None,
    "rounds": None,
}
SHOWN_PARTS = {
    "extension": {
        "mode": "reset",
        "window_s": 120,
        "length_s": 120,
        "trigger": {"rank": 3},
        "scope": "lot",
        "max_count": None,
        "hard_stop_s": 3600,
    },
    "dutch": {"start": "60000", "step": "4000", "tick_s": 60, "cap": "90000", "winners": 1, "partial": False},
    "japanese": {
        "start": "100000",
        "step_amount": None,
        "step_percent_of_start": "1",
        "step_percent_of_latest": None,
        "tick_s": 60,
        "min_active": 1,
        "target": None,
    },
    "rounds": {"count": 3, "turn_s": 120, "first_pause_s": 300, "pause_s": 120, "announce_s": 120},
    "decrement": {},
    "visibility": {},
    "metric": {},
    "lots_timing": {},
}


def test_absent_rules_are_the_values_shown():
    assert rules_from_json({}) == rules_from_json(SHOWN) == Rules()


def test_null_is_the_same_as_absent():
    assert rules_from_json(dict.fromkeys(SHOWN)) == Rules()


@pytest.mark.parametrize("part", SHOWN_PARTS)
def test_fields_absent_inside_a_given_object_take_their_shown_value(part):
    assert rules_from_json({part: {}}) == rules_from_json({part: SHOWN_PARTS[part]})


def test_absent_lot_bidder_and_command_fields_are_the_values_shown():
    shown = {
        "rules": {},
        "lots": [
            {"id": "L1", "open": at("09:30"), "close": at("10:00"), "ceiling": None, "reserve": None, "quantity": "1"}
        ],
        "bidders": [
            {
                "id": "A",
                "factor": "0",
                "addition": "0",
                "quality": "0",
                "features": [],
                "feature_maxima": [],
                "costs": "0",
                "start_price": None,
            }
        ],
        "commands": [bid("09:58", "A", "99.50", lot="L1")],
    }
    assert replay({"commands": [{}]}) == replay(shown)
    assert replay({"lots": [{}], "bidders": [{}], "commands": [{}]}) == replay(shown)


def test_weighted_fields_take_their_shown_values():
    rules = {"metric": {"kind": "weighted"}}
    full = {"weighted": {"C": "120", "F": "60", "price_weight": "60"}}
    results = [replay({"rules": rules, "lots": [lot], "commands": [{}]}) for lot in ({"weighted": {}}, full)]
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"extra": 1}, "extra"),
        ({"rules": {"formats": "english"}}, "rules.formats"),
        ({"rules": {"format": "vickrey"}}, "rules.format"),
        ({"rules": {"decrement": {"steps": 1}}}, "rules.decrement.steps"),
        ({"rules": {"tick": "abc"}}, "rules.tick"),
        ({"rules": {"tick": "0"}}, "rules.tick"),
        ({"rules": {"tick": 0.01}}, "rules.tick"),
        ({"rules": {"extension": {"trigger": "never"}}}, "rules.extension.trigger"),
        ({"rules": {"extension": {"window_s": "120"}}}, "rules.extension.window_s"),
        ({"rules": {"extension": {"window_s": True}}}, "rules.extension.window_s"),
        ({"rules": {"tie_chain": ["chance"]}}, "rules.tie_chain[0]"),
        ({"rules": {"leader_may_improve": "yes"}}, "rules.leader_may_improve"),
        ({"rules": {"format": "dutch"}}, "rules.dutch"),
        ({"rules": {"metric": {"kind": "weighted"}}}, "lots[0].weighted"),
        ({"rules": {"packages": [{"id": "P", "lots": ["L7"]}]}}, "rules.packages"),
        ({"rules": []}, "rules"),
        ({"lots": {}}, "lots"),
        ({"lots": [{"close": "2026-01-05T10:00:00"}]}, "lots[0].close"),
        ({"lots": [{"open": "soon"}]}, "lots[0].open"),
        ({"lots": [{"open": at("10:00")}]}, "lots[0].close"),
        ({"lots": [{}, {}]}, "lots[1].id"),
        ({"bidders": [{}, {}]}, "bidders[1].id"),
        ({"bidders": [{"start_price": "0"}]}, "bidders[0].start_price"),
        ({"bidders": [{"feature_maxima": ["1"]}]}, "bidders[0].feature_maxima"),
        ({"commands": [{"do": "dance"}]}, "commands[0].do"),
        ({"commands": [{"colour": "red"}]}, "commands[0].colour"),
        ({"commands": [{"recv": "noon"}]}, "commands[0].recv"),
        ({"commands": [{"do": "change_rules", "rules": {"tick": "x"}}]}, "commands[0].rules.tick"),
        ({"commands": "none"}, "commands"),
        ({"version": 2}, "version"),
        ([], "document"),
    ],
)
def test_malformed_structure_is_an_input_error_that_names_the_field(broken, field):
    with pytest.raises(InputError) as caught:
        replay(broken)
    assert caught.value.field == field
    assert caught.value.remedy


def test_wrong_amounts_bidders_and_lots_are_refused_outcomes():
    result = play(bid("09:58", "A", "x"), bid("09:58", "Q", "5"), bid("09:58", "A", "5", lot="Q"))
    assert codes(result) == ["not_a_number", "unknown_bidder", "unknown_lot"]


def test_seq_counts_accepted_commands_and_made_bids_from_one():
    result = play(
        bid("09:40", "A", "100"),
        bid("09:41", "A", "100"),
        buyer("09:42", "pause"),
        buyer("09:43", "resume"),
        proxy("09:44", "A", "80"),
        bid("09:45", "B", "90"),
        bid("09:46", "C", "50"),
    )
    assert [each.get("seq") for each in result["outcomes"]] == [1, None, 2, 3, 4, 5, 7]


def test_at_states_the_lots_at_that_moment():
    commands = [bid("09:40", "A", "99"), bid("09:50", "B", "98")]
    before = play(*commands, when="09:45")
    assert (before["lots"][0]["state"], amounts(before), winner(before)) == ("open", {"A": "99.00"}, None)
    assert len(before["outcomes"]) == 2
    assert amounts(play(*commands, when="09:50")) == {"B": "98.00", "A": "99.00"}
    assert play(*commands, when="10:00")["lots"][0]["state"] == "closed"
    assert play(*commands)["log_sha256"] == before["log_sha256"]


def test_at_and_view_must_be_right():
    with pytest.raises(InputError):
        replay({}, at="later")
    with pytest.raises(InputError):
        replay({}, view="Z")


def test_a_moment_with_an_offset_is_the_same_moment():
    offset = {**bid("09:58", "A", "99"), "recv": "2026-01-05T10:58:00+01:00"}
    assert play(offset) == play(bid("09:58", "A", "99"))


EVERYTHING = document(
    bid("09:35", "A", "100", key="k1"),
    bid("09:35", "A", "100", key="k1"),
    proxy("09:36", "A", "80", key="k2"),
    bid("09:37", "B", "95", key="k1"),
    act("09:38", "A", "cancel_proxy"),
    buyer("09:39", "pause", reason="check"),
    buyer("09:40", "remove_bid", seq=4, reason="mistyped"),
    buyer("09:41", "change_rules", rules={"extension": None, "resume_min_s": 90}),
    buyer("09:42", "block", bidder="C"),
    buyer("09:43", "resume"),
    {
        "recv": at("09:44"),
        "by": "buyer",
        "do": "bid",
        "lot": "L1",
        "amount": "77",
        "surrogate_for": "D",
        "reason": "fax",
    },
    act("09:45", "A", "accept_terms"),
    buyer("09:46", "extend", seconds=60, reason="trouble"),
    buyer("09:47", "outage", until=at("09:48")),
    buyer("09:49", "resume"),
    bid("09:50", "B", "nonsense"),
    bid("12:00", "B", "50"),
    buyer("12:01", "reopen", seconds=600, reason="trouble"),
    bid("12:02", "E", "50"),
    extension={"trigger": "any"},
)


def test_an_export_replays_to_the_same_outcomes():
    auction = parse(EVERYTHING)
    commands = [command_from_json(each, rules=auction.rules) for each in auction.commands]
    exported = json.loads(json.dumps(export(auction.rules, auction.lots, auction.bidders, commands)))
    original, again = replay(EVERYTHING), replay(exported)
    assert again["outcomes"] == exported["outcomes"]
    assert [each["accepted"] for each in again["outcomes"]] == [each["accepted"] for each in original["outcomes"]]
    assert again["lots"] == original["lots"]


def test_the_log_alone_rebuilds_the_state():
    auction = parse(EVERYTHING)
    result = run(auction)
    stored = json.loads(json.dumps([event_to_json(event) for event in result.log]))
    events = [event_from_json(each) for each in stored]
    assert events == result.log
    rebuilt = fold(start(auction.rules, auction.lots, auction.bidders), events)
    assert rebuilt == result.state
    assert log_sha256(events) == replay(EVERYTHING)["log_sha256"]


def test_a_copy_of_the_state_does_not_move_with_it():
    auction = parse(EVERYTHING)
    state = start(auction.rules, auction.lots, auction.bidders)
    picture, untouched = state.copy(), start(auction.rules, auction.lots, auction.bidders)
    fold(state, run(auction).log)
    assert picture == untouched != state


def test_commands_and_rules_survive_json():
    auction = parse(EVERYTHING)
    for each in auction.commands:
        recv, command = command_from_json(each, rules=auction.rules)
        assert command_from_json(command_to_json(recv, command), rules=auction.rules) == (recv, command)
    assert rules_from_json(rules_to_json(auction.rules)) == auction.rules


def test_what_a_live_client_left_out_stays_left_out_in_an_export():
    from srm_portal.auctions.domain.commands import Command

    moment = datetime(2026, 1, 5, 9, 58, tzinfo=UTC)
    auction = parse({})
    sent = [Command("bid", "A", lot="L1"), Command("bid", "A", amount="5"), Command("pause", "buyer")]
    exported = export(auction.rules, auction.lots, auction.bidders, [(moment, each) for each in sent])
    assert [each.get("code") for each in exported["outcomes"]] == ["not_a_number", "unknown_lot", None]


def test_r2_the_rules_hash_changes_with_the_rules_and_only_with_them():
    assert rules_sha256(Rules()) == rules_sha256(rules_from_json(SHOWN))
    assert rules_sha256(Rules()) != rules_sha256(Rules(resume_min_s=61))


def test_the_schema_accepts_what_the_parser_accepts():
    validator = jsonschema.Draft202012Validator(AUCTION_REPLAY)
    jsonschema.Draft202012Validator.check_schema(AUCTION_REPLAY)
    for each in ({}, {"rules": SHOWN}, {"rules": SHOWN_PARTS}, EVERYTHING, {"commands": [{"amount": 5}]}):
        validator.validate(each)


@pytest.mark.parametrize(
    "broken", [{"extra": 1}, {"rules": {"tick": 0.01}}, {"commands": [{"do": "dance"}]}, {"lots": {}}]
)
def test_the_schema_refuses_what_the_parser_refuses(broken):
    assert not jsonschema.Draft202012Validator(AUCTION_REPLAY).is_valid(broken)


def test_r64_a_practice_auction_is_marked_on_every_screen():
    for viewer in ("A", "buyer", "observer"):
        assert play(practice=True, view=viewer)["view"]["practice"] is True
        assert play(view=viewer)["view"]["practice"] is False
