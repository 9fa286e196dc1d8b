"""Random auctions of every format, played by the engine and by the slow model: the same answers, always."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from srm_portal.auctions.domain.codec import event_from_json, event_to_json
from srm_portal.auctions.domain.commands_document import command_from_json
from srm_portal.auctions.domain.evolution import fold, start
from srm_portal.auctions.domain.export import export
from srm_portal.auctions.domain.projections import view
from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.replay import END, parse, replay, run
from srm_portal.auctions.domain.rules import Visibility
from tests.auctions.model import Model, cents, milliseconds

STEPS = int(os.environ.get("SRM_MODEL_STEPS", "2000"))
LENGTH = 24
OPEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PEOPLE = ["ANNA", "BERTA", "CARLA", "DORA"]
GAPS_MS = [0, 1, 999, 1000, 5_000, 10_000, 20_000, 30_000, 59_999, 60_000, 90_000]

simulation = settings(
    max_examples=max(STEPS // LENGTH, 1),
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def pick(*options: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


extensions = st.none() | some(
    mode=pick("reset", "add", "receipt"),
    window_s=pick(30, 120),
    length_s=pick(20, 120),
    trigger=pick("any", "new_leader", "beats_other", {"rank": 1}, {"rank": 3}),
    scope=pick("lot", "all"),
    max_count=pick(None, 1, 2),
    hard_stop_s=pick(0, 45, 3600),
)
typed_rules = some(
    direction=pick("reverse", "forward"),
    decrement=some(
        amount=pick("0", "0.50", "1", "2"),
        percent=pick(None, "1", "3"),
        combine=pick("larger", "smaller"),
        base=pick("own", "leader"),
    ),
    ties=pick("timestamp", "equal_best", "equal_worst", "forbid", "forbid_first"),
    extension=extensions,
    lead_buffer=pick(None, None, "1", "3"),
    leader_may_improve=pick(True, True, False),
    max_change_percent=pick(None, "5"),
)
dutch = some(
    start=pick("60", "100"), step=pick("4", "7.50"), tick_s=pick(10, 60), cap=pick("90", "130.50"), winners=pick(1, 2)
)
japanese = pick({"step_amount": "2"}, {"step_percent_of_start": "2"}, {"step_percent_of_latest": "3"}).flatmap(
    lambda step: some(
        start=pick("100"),
        target=pick("90", "85.55"),
        tick_s=pick(10, 60),
        min_active=pick(0, 1, 2),
        **{name: st.just(value) for name, value in step.items()},
    )
)
turns = some(
    count=pick(1, 2, 3), turn_s=pick(20, 60), first_pause_s=pick(0, 30), pause_s=pick(0, 10), announce_s=pick(0, 10)
)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(pick("english", "english", "english", "dutch", "japanese", "japanese", "sealed", "rounds", "rounds"))
    found = {"format": kind, **draw(typed_rules)}
    if kind == "dutch":
        found |= {"dutch": draw(dutch), "direction": "reverse"}
    if kind == "japanese":
        found |= {"japanese": draw(japanese), "direction": "reverse"}
    if kind == "rounds":
        found |= {"rounds": draw(turns), "extension": None}
    return found


@st.composite
def commands(draw: st.DrawFn, kind: str, names: list[str]) -> list[dict[str, Any]]:
    """Mostly sensible acts near each other's prices; some wrong ones."""
    recv = OPEN + timedelta(milliseconds=draw(pick(-1000, 0, 0, 5000)))
    found = []
    for _ in range(LENGTH):
        recv += timedelta(milliseconds=draw(pick(*GAPS_MS)))
        found.append({"recv": moment_text(recv), "lot": draw(pick(*names)), **draw(act(kind))})
    return found


amounts = st.integers(80 * 2, 104 * 2).map(lambda half: f"{half // 2}.{half % 2 * 5}0") | pick(
    "90", "91.111", "0", "100"
)


def act(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    who = pick(*PEOPLE, *PEOPLE, "NOBODY")
    keys = pick("", "", "", "k1", "k2")
    bids = some(by=who, do=st.just("bid"), amount=amounts, key=keys, confirm=pick(False, True))
    accepts = some(by=who, do=st.just("accept"), tick=st.integers(0, 6), key=keys)
    limits = amounts.filter(lambda each: each not in ("91.111", "0"))
    proxies = some(by=pick(*PEOPLE), do=st.just("proxy"), limit=limits, step=pick("1", "3", "5"), key=keys)
    cancels = some(by=pick(*PEOPLE), do=st.just("cancel_proxy"))
    buying = (
        some(by=st.just("buyer"), do=pick("pause", "resume", "resume"))
        | some(by=st.just("buyer"), do=pick("close", "cancel", "open", "open", "resume"))
        | some(by=st.just("buyer"), do=st.just("extend"), seconds=pick(1, 60))
        | some(by=st.just("buyer"), do=st.just("remove_bid"), seq=st.integers(1, 12))
    )
    usual = accepts if kind in ("dutch", "japanese") else bids
    mixed = [usual] * 8 + [buying, proxies] + ([proxies, cancels] if kind == "english" else [bids | accepts])
    return st.one_of(mixed)


def followed(document: dict[str, Any], draw: st.DrawFn) -> None:
    """Let most acceptances name the tick that runs, and most turn bidders act in their turn."""
    clock = document["rules"].get(document["rules"]["format"])
    if not isinstance(clock, dict) or "tick_s" not in clock:
        return
    for command in document["commands"]:
        if command["do"] == "accept" and draw(st.integers(0, 4)):
            since = milliseconds(command["recv"]) - milliseconds(moment_text(OPEN))
            command["tick"] = max(since // (1000 * clock["tick_s"]), 0)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(rules())
    names = draw(pick(["L1"], ["L1", "L2"]))
    lots = [
        {
            "id": name,
            "open": moment_text(OPEN),
            "close": moment_text(OPEN + timedelta(seconds=draw(pick(60, 150, 300, 600)))),
            "ceiling": draw(pick(None, None, "101", "95")),
        }
        for name in names
    ]
    rounds = found["format"] == "rounds"
    bidders = [
        {"id": name, "start_price": draw(pick("100", "102", "103") if rounds else pick(None, None, None, "103"))}
        for name in PEOPLE
    ]
    document = {
        "rules": found, "lots": lots, "bidders": bidders, "commands": draw(commands(found["format"], names)),
    }  # fmt: skip
    followed(document, draw)
    return document


def told(outcome: dict[str, Any]) -> dict[str, Any]:
    if not outcome["accepted"]:
        return {"code": outcome["code"]}
    return {
        "seq": outcome["seq"],
        "rank": outcome["rank"],
        "made": outcome["made"],
        "close": milliseconds(outcome["close"]),
        "replayed": outcome["replayed"],
    }


@pytest.mark.simulation
@simulation
@given(documents())
def test_the_engine_answers_as_the_model(document):
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


@st.composite
def rich_documents(draw: st.DrawFn) -> dict[str, Any]:
    """What the model does not know as well: every metric, timing of lots, packages, two stages, all that is visible."""
    document = draw(documents())
    names = [lot["id"] for lot in document["lots"]]
    step = document["rules"]["decrement"] | {"base": draw(pick("own", "leader", "next_rank"))}
    timing = {"kind": draw(pick("parallel", "serial", "staggered")), "gap_s": 10, "spacing_s": 60, "min_gap_s": 30}
    rules = document["rules"] | {
        "decrement": step,
        "metric": {"kind": draw(pick("price", "transformed", "weighted", "reduced_price", "life_cycle"))},
        "lots_timing": timing | {"increment_s": 20},
        "tie_chain": draw(pick(["metric", "seq"], ["metric", "quality", "seq"])),
        "visibility": dict.fromkeys(Visibility.__dataclass_fields__, True),
        "review_s": 30,
        "packages": [{"id": "P", "lots": names}],
        "closed_then_open": draw(pick(None, {"percent": "5"})),
    }
    scale = {"weighted": {"C": "110", "F": "60", "price_weight": "70"}, "reserve": "95"}
    about = [
        {"quality": "50"},
        {"quality": "60", "factor": "0.05", "addition": "1.5", "costs": "3"},
        {"quality": "10", "factor": "-0.03", "addition": "-2", "costs": "4"},
        {"quality": "99", "factor": "0.1", "features": ["0.1"], "feature_maxima": ["0.2"]},
    ]
    return document | {
        "rules": rules,
        "lots": [lot | scale for lot in document["lots"]],
        "bidders": [bidder | more for bidder, more in zip(document["bidders"], about, strict=True)],
    }


@pytest.mark.simulation
@simulation
@given(rich_documents())
def test_what_is_offered_as_next_valid_is_accepted(document):
    if document["rules"]["format"] in ("dutch", "japanese", "rounds"):
        return
    result = replay(document)
    for index, outcome in enumerate(result["outcomes"]):
        if outcome.get("next_valid") is None or document["commands"][index]["do"] != "bid":
            continue
        again = {**document["commands"][index], "amount": outcome["next_valid"], "confirm": True}
        retried = replay({**document, "commands": [*document["commands"][:index], again]})
        assert retried["outcomes"][-1]["accepted"], (again, retried["outcomes"][-1])


@pytest.mark.simulation
@simulation
@given(documents())
def test_the_log_and_the_export_give_the_same_auction_again(document):
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
@simulation
@given(rich_documents())
def test_a_bidders_screen_never_holds_another_bidders_name_or_hidden_value(document):
    state = run(parse(document)).state
    for moment in (OPEN - timedelta(hours=1), OPEN, OPEN + timedelta(minutes=1), END):
        for viewer in (*PEOPLE, "observer"):
            text = json.dumps(view(state, viewer, moment))
            assert not any(name in text for name in PEOPLE if name != viewer)
            assert "proxies" not in text and 'reserve"' not in text


@pytest.mark.simulation
@simulation
@given(documents(), st.integers(0, LENGTH))
def test_a_proxy_limit_is_seen_by_its_owner_alone(document, cut):
    set_first = {"recv": document["commands"][0]["recv"], "by": "DORA", "do": "proxy", "lot": "L1", "limit": SECRET}
    everything = {"visibility": dict.fromkeys(Visibility.__dataclass_fields__, True)}
    rules = document["rules"] | everything | {"format": "english"}
    played = [{**set_first, "step": "9"}, *document["commands"][:cut]]
    state = run(parse({**document, "rules": rules, "commands": played})).state
    bid = any(str(each.amount) == SECRET for lot in state.lots.values() for bids in lot.bids.values() for each in bids)
    for viewer in (*PEOPLE[:3], "observer", "buyer"):
        assert bid or SECRET not in json.dumps(view(state, viewer, OPEN + timedelta(minutes=1)))
