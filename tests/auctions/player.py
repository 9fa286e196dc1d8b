"""Random auctions from a seed: rules of every format, and mostly sensible acts near each other's prices, some wrong ones.

Drawn with the standard library: Hypothesis draws the seeds, so that a run of tens of thousands of steps is cheap.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from srm_portal.auctions.domain.reader import moment_text
from srm_portal.auctions.domain.rules import Visibility

LENGTH = 40
OPEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PEOPLE = ["ANNA", "BERTA", "CARLA", "DORA"]
GAPS_MS = [0, 1, 200, 999, 1000, 2_000, 3_000, 5_000, 5_000, 10_000, 20_000, 59_999]
FORMATS = ["english"] * 4 + ["dutch", "dutch", "japanese", "japanese", "sealed", "rounds", "rounds"]
EXACT = ["transformed", "weighted", "reduced_price", "life_cycle"]


def a_document(seed: int) -> dict[str, Any]:
    """One auction that the model knows everything about."""
    chance = Random(seed)
    pick = chance.choice
    kind = pick(FORMATS)
    rules = _rules(chance, kind)
    names = pick([["L1"], ["L1", "L2"], ["L1", "L2", "L3"]])
    if len(names) > 1 and kind in ("english", "sealed") and pick([True, False]):
        rules["lots_timing"] = {"kind": "staggered", "spacing_s": 60, "min_gap_s": 45, "increment_s": 20}
    rules["packages"] = [{"id": "P", "lots": names}] if len(names) > 1 else []
    lots = [
        {
            "id": name,
            "open": moment_text(OPEN),
            "close": moment_text(OPEN + timedelta(seconds=pick([90, 200, 300, 400]))),
            "ceiling": pick([None, None, "101", "95"]),
            "quantity": "3" if kind == "dutch" else "1",
            "weighted": {"C": "110", "F": "70", "price_weight": pick(["60", "100", "33"])},
        }
        for name in names
    ]
    bidders = [
        {
            "id": name,
            "start_price": pick(["100", "102", "103"]) if kind == "rounds" else pick([None, None, None, "103"]),
            "factor": pick(["0", "0.05", "-0.03"]),
            "addition": pick(["0", "1.5", "-2"]),
            "quality": pick(["0", "50", "80", "33.3"]),
            "costs": pick(["0", "3", "-1.25"]),
            "features": pick([[], ["0.10", "0.05"]]),
            "feature_maxima": ["0.15", "0.05"],
        }
        for name in PEOPLE
    ]
    commands = _commands(chance, rules, names)
    return {"rules": rules, "lots": lots, "bidders": bidders, "commands": commands}


def _rules(chance: Random, kind: str) -> dict[str, Any]:
    pick = chance.choice
    plain = kind in ("dutch", "japanese") or pick([True, True, False])
    rules: dict[str, Any] = {
        "format": kind,
        "direction": pick(["reverse", "reverse", "forward"]),
        "metric": {"kind": "price" if plain else pick(EXACT)},
        "ties": pick(["timestamp", "equal_best", "equal_worst", "forbid", "forbid_first"]),
        "leader_may_improve": pick([True, True, False]),
        "max_change_percent": pick([None, "5"]),
        "qualification_price": pick([None, None, "104"]),
        "limits": pick([None, None, {"min": "20", "max": "110"}]),
        "decrement": {
            "amount": pick(["0", "0.50", "1", "2"]),
            "percent": pick([None, "1", "3"]),
            "combine": pick(["larger", "smaller"]),
            "base": pick(["own", "leader"]) if plain else "own",
        },
        "lead_buffer": pick([None, None, "1", "3"]) if plain else None,
    }
    if rules["direction"] == "forward":
        rules["qualification_price"] = pick([None, "80"])
    if kind != "rounds" and pick([True, True, False]):
        rules["extension"] = {
            "mode": pick(["reset", "add", "receipt"]),
            "window_s": pick([30, 120]),
            "length_s": pick([20, 120]),
            "trigger": pick(["any", "new_leader", "beats_other", {"rank": 1}, {"rank": 3}]),
            "scope": pick(["lot", "all"]),
            "max_count": pick([None, 1, 2]),
            "hard_stop_s": pick([0, 45, 3600]),
        }
    if kind == "dutch":
        rules["direction"] = "reverse"
        rules["dutch"] = {"start": pick(["60", "100"]), "step": pick(["4", "7.50"]), "tick_s": pick([10, 60])}
        rules["dutch"] |= {"cap": pick(["90", "130.50"]), "winners": pick([1, 1, 2]), "partial": pick([True, False])}
    if kind == "japanese":
        rules["direction"] = pick(["reverse", "reverse", "forward"])
        down = rules["direction"] == "reverse"
        step = pick([{"step_amount": "2"}, {"step_percent_of_start": "2"}, {"step_percent_of_latest": "3"}])
        clock = {
            "start": "100",
            "target": pick(["90", "85.55"] if down else ["110", "118.30"]),
            "tick_s": pick([10, 60]),
        }
        rules["japanese"] = clock | step | {"min_active": pick([0, 1, 2])}
    if kind == "rounds":
        rules["rounds"] = {"count": pick([1, 2, 3]), "turn_s": pick([20, 60]), "first_pause_s": pick([0, 30])}
        rules["rounds"] |= {"pause_s": pick([0, 10]), "announce_s": pick([0, 10])}
    return rules


def _commands(chance: Random, rules: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    pick, recv, level = chance.choice, OPEN + timedelta(milliseconds=chance.choice([-1000, 0, 0, 5000])), 104.0
    found = []
    clock = rules.get(rules["format"]) or {}
    for _ in range(LENGTH):
        recv += timedelta(milliseconds=pick(GAPS_MS))
        level -= chance.random() * (1 if rules["direction"] == "reverse" else -1)
        tick = max(int((recv - OPEN).total_seconds()) // clock.get("tick_s", 10**6), 0)
        act = _act(chance, rules, level, tick if chance.random() < 0.8 else pick(range(7)))
        held = {"recv": moment_text(recv), **act}
        if act["do"] == "outage":
            held["until"] = moment_text(recv + timedelta(seconds=pick([3, 10, 30])))
        elif act["do"] not in ("block", "unblock"):
            held["lot"] = pick(names)
        found.append(held)
    return found


def _amount(chance: Random, level: float) -> str:
    if chance.random() < 0.06:
        return chance.choice(["0", "91.111", "90", "100", "-1", "abc"])
    halves = round((level + chance.uniform(-4, 1)) * 2)
    return f"{halves // 2}.{halves % 2 * 5}0"


def _act(chance: Random, rules: dict[str, Any], level: float, tick: int) -> dict[str, Any]:
    pick, kind = chance.choice, rules["format"]
    key = {"key": pick(["", "", "", "k1", "k2"])}
    who = {"by": pick([*PEOPLE * 6, "NOBODY"])}
    fate = chance.random()
    if fate < 0.12:
        return _buying(chance)
    if fate < 0.15:
        return {"by": pick(PEOPLE), "do": "withdraw"}
    if kind in ("dutch", "japanese") and fate < 0.96:
        quantity = {"quantity": pick(["1", "2", "3"])} if kind == "dutch" and chance.random() < 0.4 else {}
        return who | key | quantity | {"do": "accept", "tick": tick}
    if kind == "english" and rules["metric"]["kind"] == "price" and fate < 0.32:
        if fate < 0.17:
            return {"by": pick(PEOPLE), "do": "cancel_proxy"}
        limit = _amount(chance, level + (-6 if rules["direction"] == "reverse" else 6))
        limit = limit if limit[0].isdigit() and limit not in ("0", "91.111") else "90"
        return {"by": pick(PEOPLE), **key, "do": "proxy", "limit": limit, "step": pick(["1", "3", "5"])}
    return who | key | {"do": "bid", "amount": _amount(chance, level), "confirm": chance.random() < 0.5}


def _buying(chance: Random) -> dict[str, Any]:
    pick = chance.choice
    buyer = {"by": "buyer"}
    match pick(["pause", "resume", "resume", "resume", "extend", "remove", "remove", "open", "rare", "block"]):
        case "extend":
            return buyer | {"do": "extend", "seconds": pick([1, 60])}
        case "remove":
            return buyer | {"do": "remove_bid", "seq": chance.randint(1, 12)}
        case "block":
            return buyer | {"do": pick(["block", "unblock", "unblock"]), "bidder": pick(PEOPLE)}
        case "rare":
            act = pick(["close", "cancel", "reopen", "reopen", "outage", "outage"])
            return buyer | {"do": act} | ({"seconds": pick([10, 120])} if act == "reopen" else {})
        case act:
            return buyer | {"do": act}


def a_rich_document(seed: int) -> dict[str, Any]:
    """What the model does not know as well: serial lots, the next rank as base, two stages, everything visible."""
    chance = Random(seed + 1)
    document = a_document(seed)
    timing = {"kind": chance.choice(["parallel", "serial", "staggered"]), "gap_s": 10, "spacing_s": 60, "min_gap_s": 30}
    more = {
        "lots_timing": timing | {"increment_s": 20},
        "tie_chain": chance.choice([["metric", "seq"], ["metric", "quality", "seq"]]),
        "visibility": dict.fromkeys(Visibility.__dataclass_fields__, True),
        "review_s": 30,
        "closed_then_open": chance.choice([None, {"percent": "5"}]),
        "metric": {"kind": chance.choice(["price", *EXACT])},
    }
    more["decrement"] = document["rules"]["decrement"] | {"base": chance.choice(["own", "leader", "next_rank"])}
    lots = [lot | {"reserve": "95"} for lot in document["lots"]]
    return document | {"rules": document["rules"] | more, "lots": lots}
