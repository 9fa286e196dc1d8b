"""Random auctions of every format, played by the engine and by the slow model: the same answers, always.

Hypothesis draws seeds; a seed that fails is named and stays in its database. `SRM_MODEL_STEPS` sets the steps of a run.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from srm_portal.auctions.domain.codec import event_from_json, event_to_json
from srm_portal.auctions.domain.commands_document import command_from_json
from srm_portal.auctions.domain.evolution import fold, start
from srm_portal.auctions.domain.export import export
from srm_portal.auctions.domain.projections import view
from srm_portal.auctions.domain.replay import END, parse, replay, run
from srm_portal.auctions.domain.rules import Visibility
from tests.auctions.model import Model, cents, milliseconds
from tests.auctions.player import LENGTH, OPEN, PEOPLE, a_document, a_rich_document

STEPS = int(os.environ.get("SRM_MODEL_STEPS", "40000"))
LONG_STEPS = int(os.environ.get("SRM_MODEL_LONG_STEPS", "1000000"))
seeds = st.integers(0, 2**40)


def rounds(steps: int) -> Any:
    return settings(
        max_examples=max(steps // LENGTH, 1),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def told(outcome: dict[str, Any]) -> dict[str, Any]:
    if not outcome["accepted"]:
        return {"code": outcome["code"]}
    return {
        "seq": outcome["seq"],
        "rank": outcome["rank"],
        "made": outcome["made"],
        "close": None if outcome["close"] is None else milliseconds(outcome["close"]),
        "replayed": outcome["replayed"],
    }


def engine_and_model_agree(document: dict[str, Any]) -> list[str]:
    """Play one auction twice; returns the codes of all answers, "" for an accepted command."""
    result, model = replay(document), Model(document)
    for command, outcome in zip(document["commands"], result["outcomes"], strict=True):
        assert told(outcome) == model.feed(command), (command, outcome)
    for line, lot in zip(result["lots"], model.lots, strict=True):
        assert {
            "close": milliseconds(line["close"]),
            "extensions": line["extensions"],
            "ranking": [(row["bidder"], cents(row["amount"]), row["seq"]) for row in line["ranking"]],
            "winner": line["winner"],
        } == model.result(lot)
    for package, line in zip(document["rules"]["packages"], result.get("packages", []), strict=True):
        assert [(row["bidder"], cents(row["amount"])) for row in line["ranking"]] == model.package(package["lots"])
    return [outcome.get("code", "") for outcome in result["outcomes"]]


@pytest.mark.simulation
def test_the_engine_answers_as_the_model() -> None:
    seen: Counter[str] = Counter()

    @rounds(STEPS)
    @given(seeds)
    def play(seed: int) -> None:
        seen.update(engine_and_model_agree(a_document(seed)))

    play()
    assert seen[""] > STEPS // 8, "too few commands were accepted to say much"
    asked = "late not_open paused key_reused not_a_number not_on_tick above_ceiling outside_limits not_an_improvement "
    asked += "decrement lead_buffer needs_confirmation tie moved taken dropped not_your_turn blocked cancelled "
    asked += "unknown_bidder step_below_decrement"
    assert sorted(set(asked.split()) - set(seen)) == [], "codes that no step met"


@pytest.mark.simulation
@pytest.mark.slow
def test_a_million_steps_are_answered_as_the_model_says() -> None:
    for seed in range(LONG_STEPS // LENGTH):
        engine_and_model_agree(a_document(seed))


@pytest.mark.simulation
@rounds(STEPS // 10)
@given(seeds)
def test_what_is_offered_as_next_valid_is_accepted(seed: int) -> None:
    document = a_rich_document(seed)
    if document["rules"]["format"] in ("dutch", "japanese", "rounds"):
        return
    result = replay(document)
    offered = [
        at
        for at, outcome in enumerate(result["outcomes"])
        if outcome.get("next_valid") is not None and document["commands"][at]["do"] == "bid"
    ]
    for index in offered[:3]:
        again = {**document["commands"][index], "amount": result["outcomes"][index]["next_valid"], "confirm": True}
        retried = replay({**document, "commands": [*document["commands"][:index], again]})
        assert retried["outcomes"][-1]["accepted"], (again, retried["outcomes"][-1])


@pytest.mark.simulation
@rounds(STEPS // 10)
@given(seeds)
def test_the_log_and_the_export_give_the_same_auction_again(seed: int) -> None:
    document = a_rich_document(seed)
    auction = parse(document)
    whole = run(auction)
    events = [event_from_json(each) for each in json.loads(json.dumps([event_to_json(event) for event in whole.log]))]
    assert fold(start(auction.rules, auction.lots, auction.bidders), events) == whole.state
    given_commands = [command_from_json(each) for each in auction.commands]
    exported = export(auction.rules, auction.lots, auction.bidders, given_commands)
    again = replay(exported)
    assert again["outcomes"] == exported["outcomes"] == replay(document)["outcomes"]
    assert again["log_sha256"] == exported["log_sha256"]


SECRET = "77.77"


@pytest.mark.simulation
@rounds(STEPS // 20)
@given(seeds)
def test_a_bidders_screen_never_holds_another_bidders_name_or_hidden_value(seed: int) -> None:
    state = run(parse(a_rich_document(seed))).state
    for moment in (OPEN - timedelta(hours=1), OPEN, OPEN + timedelta(minutes=1), END):
        for viewer in (*PEOPLE, "observer"):
            text = json.dumps(view(state, viewer, moment))
            assert not any(name in text for name in PEOPLE if name != viewer)
            assert "proxies" not in text and 'reserve"' not in text


@pytest.mark.simulation
@rounds(STEPS // 20)
@given(seeds, st.integers(0, LENGTH))
def test_a_proxy_limit_is_seen_by_its_owner_alone(seed: int, cut: int) -> None:
    document = a_document(seed)
    set_first = {"recv": document["commands"][0]["recv"], "by": "DORA", "do": "proxy", "lot": "L1", "limit": SECRET}
    everything = {"visibility": dict.fromkeys(Visibility.__dataclass_fields__, True)}
    rules = document["rules"] | everything | {"format": "english"}
    played = [{**set_first, "step": "9"}, *document["commands"][:cut]]
    state = run(parse({**document, "rules": rules, "commands": played})).state
    bid = any(str(each.amount) == SECRET for lot in state.lots.values() for bids in lot.bids.values() for each in bids)
    for viewer in (*PEOPLE[:3], "observer", "buyer"):
        assert bid or SECRET not in json.dumps(view(state, viewer, OPEN + timedelta(minutes=1)))
