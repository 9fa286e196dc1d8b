"""Every worked example of the rules, through `srm-portal auction replay`: a file in, a document out."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from srm_portal.cli import cli, load_commands
from srm_portal.kernel.errors import InputError
from tests.auctions.factory import (
    accept,
    at,
    bid,
    buyer,
    close,
    code,
    codes,
    document,
    next_valid,
    order,
    proxy,
    winner,
)


def replayed(tmp_path: Path, given: Any, *options: str) -> dict[str, Any]:
    """What the command prints for a document, read back."""
    load_commands()
    file = tmp_path / "auction.json"
    file.write_text(given if isinstance(given, str) else json.dumps(given))
    answer = CliRunner().invoke(cli, ["auction", "replay", str(file), *options])
    if answer.exception is not None:
        raise answer.exception
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


MODES = [
    ("09:57:59.999", "10:00:00", "10:00:00", "10:00:00"),
    ("09:58:00.000", "10:00:00", "10:02:00", "10:00:00"),
    ("09:59:30.000", "10:01:30", "10:02:00", "10:01:30"),
    ("09:59:59.999", "10:01:59.999", "10:02:00", "10:01:59.999"),
]


@pytest.mark.parametrize(("recv", "reset", "add", "receipt"), MODES)
def test_r23_vector_of_the_modes_of_overtime(tmp_path: Path, recv: str, reset: str, add: str, receipt: str) -> None:
    for mode, expected in (("reset", reset), ("add", add), ("receipt", receipt)):
        given = document(bid(recv, "A", "99"), extension={"mode": mode})
        assert close(replayed(tmp_path, given)) == expected


@pytest.mark.parametrize(("base", "valid"), [("1001", "801"), ("1000", "930"), ("801", "731"), ("800", "750"),
                                             ("701", "651"), ("700", "670"), ("10", None)])  # fmt: skip
def test_r10_vector_of_the_tiers(tmp_path: Path, base: str, valid: str | None) -> None:
    tiers = [
        {"from": "1001", "amount": "200"},
        {"from": "801", "up_to": "1000", "amount": "70"},
        {"from": "701", "up_to": "800", "amount": "50"},
        {"up_to": "700", "amount": "30"},
    ]
    short = format(int(base) - 1, "d")
    found = replayed(tmp_path, document(bid("09:40", "A", base), bid("09:41", "A", short), decrement={"tiers": tiers}))
    assert (code(found), next_valid(found)) == ("decrement", None if valid is None else f"{valid}.00")


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ("timestamp", {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}),
        ("equal_best", {"A": 1, "B": 1, "C": 3, "D": 3, "E": 5}),
        ("equal_worst", {"A": 2, "B": 2, "C": 4, "D": 4, "E": 5}),
    ],
)
def test_r16_vector_of_the_display_of_ties(tmp_path: Path, ties: str, expected: dict[str, int]) -> None:
    bids = [bid("09:40", who, price) for who, price in zip("ABCDE", ("90", "90", "91", "91", "92"), strict=True)]
    found = replayed(tmp_path, document(*bids, ties=ties))
    assert {row["bidder"]: row["rank"] for row in found["lots"][0]["ranking"]} == expected


def test_r19_vector_of_the_adjusted_bid_to_beat(tmp_path: Path) -> None:
    given = document(
        bid("09:40", "A", "100"),
        bid("09:41", "B", "94.29"),
        bid("09:42", "B", "94.28"),
        bidders=["A", {"id": "B", "factor": "0.05"}],
        metric={"kind": "transformed"},
        decrement={"amount": "1", "base": "leader"},
        visibility={"to_beat": True},
    )
    found = replayed(tmp_path, given, "--view", "B", "--at", at("09:40:30"))
    assert found["view"]["lots"][0]["to_beat"] == "94.28"
    assert (codes(found), next_valid(found, 1)) == ([None, "decrement", None], "94.28")
    whole = replayed(tmp_path, given)
    assert [row["metric"] for row in whole["lots"][0]["ranking"]] == ["98.994", "100.00"]


def test_r20_vector_of_the_weighted_score(tmp_path: Path) -> None:
    given = document(
        bid("09:40", "A", "90"),
        bid("09:41", "B", "80"),
        bidders=[{"id": "A", "quality": "80"}, {"id": "B", "quality": "50"}],
        lots=[{"weighted": {"C": "120", "F": "60", "price_weight": "60"}}],
        metric={"kind": "weighted"},
    )
    rows = replayed(tmp_path, given)["lots"][0]["ranking"]
    assert [(row["bidder"], row["metric"]) for row in rows] == [("A", "62"), ("B", "60")]


def test_r21_vector_of_the_reduced_price(tmp_path: Path) -> None:
    given = document(
        bid("09:40", "A", "1000"),
        bidders=[{"id": "A", "features": ["0.10", "0.05"], "feature_maxima": ["0.15", "0.05"]}],
        metric={"kind": "reduced_price"},
    )
    assert replayed(tmp_path, given)["lots"][0]["ranking"][0]["metric"] == "16000/19"


@pytest.mark.parametrize(
    ("step", "prices"),
    [
        ({"step_percent_of_start": "1"}, ["100000.00", "99000.00", "98000.00", "97000.00"]),
        ({"step_percent_of_latest": "1"}, ["100000.00", "99000.00", "98010.00", "97029.90"]),
        ({"step_amount": "1000"}, ["100000.00", "99000.00", "98000.00", "97000.00"]),
    ],
)
def test_r41_vector_of_the_steps(tmp_path: Path, step: dict[str, str], prices: list[str]) -> None:
    taken = [accept(f"09:{30 + tick}", "A", tick) for tick in range(4)]
    for number in range(1, 5):
        found = replayed(tmp_path, document(*taken[:number], japanese={"min_active": 0} | step, format="japanese"))
        assert found["lots"][0]["ranking"][0]["amount"] == prices[number - 1]


def test_r31_vector_of_the_climbing_price(tmp_path: Path) -> None:
    dutch = {"start": "60000", "step": "4000", "tick_s": 60, "cap": "90000"}
    lost = document(accept("09:32:30", "A", 1), accept("09:32:30", "B", 2), dutch=dutch, format="dutch")
    found = replayed(tmp_path, lost)
    assert (codes(found), next_valid(found, 0)) == (["moved", None], "68000.00")
    assert (winner(found), found["lots"][0]["ranking"][0]["amount"], close(found)) == ("B", "68000.00", "09:32:30")
    assert close(replayed(tmp_path, document(dutch=dutch, format="dutch"))) == "09:39:00"


def test_r46_vector_of_the_pause(tmp_path: Path) -> None:
    found = replayed(tmp_path, document(buyer("09:59:30", "pause"), buyer("10:10", "resume")))
    assert close(found) == "10:11:00"


def test_r50_vector_three_bidders_take_29_minutes(tmp_path: Path) -> None:
    people = [{"id": name, "start_price": price} for name, price in (("A", "103"), ("B", "102"), ("C", "101"))]
    assert close(replayed(tmp_path, document(bidders=people, format="rounds"))) == "09:59:00"


def test_r54_vector_of_two_proxies(tmp_path: Path) -> None:
    found = replayed(tmp_path, document(proxy("09:40", "A", "80"), proxy("09:41", "B", "90")))
    assert [(each["by"], each["amount"]) for each in found["outcomes"][1]["made"]] == [("B", "90.00"), ("A", "89.00")]
    assert (order(found), winner(found)) == (["A", "B"], "A")


def test_r5_vector_equal_to_the_close_is_late(tmp_path: Path) -> None:
    found = replayed(tmp_path, document(bid("09:59:59.999", "A", "99"), bid("10:00", "B", "98")))
    assert codes(found) == [None, "late"]


def test_the_output_has_the_contracts_fields_and_no_others(tmp_path: Path) -> None:
    given = document(bid("09:58", "A", "99.50", key="k1"), bid("10:00", "A", "90"))
    found = replayed(tmp_path, given)
    assert set(found) == {"outcomes", "lots", "log_sha256"}
    assert found["outcomes"] == [
        {"index": 0, "accepted": True, "seq": 1, "replayed": False, "rank": 1, "close": at("10:00"), "made": []},
        {"index": 1, "accepted": False, "code": "late", "next_valid": None},
    ]
    row = {"bidder": "A", "rank": 1, "amount": "99.50", "metric": "99.50", "seq": 1}
    line = {"id": "L1", "state": "closed", "close": at("10:00"), "extensions": 0, "ranking": [row], "winner": "A"}
    assert found["lots"] == [line]
    assert set(replayed(tmp_path, given, "--view", "A")) == {"outcomes", "lots", "log_sha256", "view"}


def test_an_empty_document_is_the_contracts_defaults(tmp_path: Path) -> None:
    found = replayed(tmp_path, {})
    assert (found["outcomes"], found["lots"][0]["state"], found["lots"][0]["winner"]) == ([], "closed", None)


def test_a_bidder_without_a_name_is_a_refused_outcome(tmp_path: Path) -> None:
    found = replayed(tmp_path, document(bid("09:40", "", "99"), bid("09:40", "nobody", "99"), bid("09:40", "A", "x")))
    assert codes(found) == ["unknown_bidder", "unknown_bidder", "not_a_number"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "not JSON"),
        ("[]", "document"),
        ("7" * 6000, "not JSON"),
        ('{"rules": {"tick": 0.01}}', "rules.tick"),
        ('{"rules": {"format": "dutch"}}', "rules.dutch"),
        ('{"rules": {"extension": {"trigger": {"rank": 0}}}}', "rules.extension.trigger.rank"),
        ('{"lots": [{"id": "L1"}, {"id": "L1"}]}', "lots[1].id"),
        ('{"lots": [{"close": "2026-01-05T10:00:00"}]}', "lots[0].close"),
        ('{"bidders": "A"}', "bidders"),
        ('{"commands": [{"do": "steal"}]}', "commands[0].do"),
        ('{"commands": [{"confirm": "yes"}]}', "commands[0].confirm"),
        ('{"commands": [{"colour": "red"}]}', "commands[0].colour"),
        ('{"version": 2}', "version"),
    ],
)
def test_a_malformed_file_is_refused_by_the_name_of_its_field(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(InputError) as refused:
        replayed(tmp_path, text)
    assert named in str(refused.value)


WRONG: list[Any] = [
    None, 0, -1, 10**12, 1.5, "", "x", "-1", "1e5", "NaN", "99999999999999999999", True, [], {}, [[]], [{}], "forward",
    "2026-01-05T09:58:00", "9999-12-31T23:59:59Z", "dutch", "japanese", "sealed", "rounds", "weighted", "next_rank",
    "serial", "forbid", "add", "all", "buyer", "A", "L1", "L9", "cancel", "close", "remove_bid", "block", "extend", "5",
]  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for name, part in inside for each in [(*path, name), *_places(part, (*path, name))]]


def test_whatever_stands_in_a_file_is_played_or_refused_as_input() -> None:
    from srm_portal.auctions.domain.replay import replay
    from tests.auctions.test_replay_document import SHOWN

    chance = random.Random(3)
    played = refused = 0
    for _ in range(1500):
        commands = [
            bid("09:40", "A", "99.50", key="k1", confirm=True),
            accept("09:41", "B", 1, quantity="1"),
            proxy("09:42", "A", "80"),
            buyer("09:43", "pause", seconds=60, reason="a question"),
            buyer("09:44", "change_rules", rules={"resume_min_s": 5}),
            buyer("09:45", "resume"),
            buyer("10:30", "open"),
        ]
        given = json.loads(json.dumps(document(*commands, bidders="AB")))
        given["rules"] = json.loads(json.dumps(SHOWN)) | {"format": chance.choice(["english", "sealed", "rounds"])}
        for _ in range(chance.randint(1, 2)):
            path = chance.choice(_places(given))
            place = given
            for name in path[:-1]:
                place = place[name]
            place[path[-1]] = chance.choice(WRONG)
        try:
            replay(given, view=chance.choice([None, "A", "buyer", "observer"]))
            played += 1
        except InputError:
            refused += 1
    assert played > 100
    assert refused > 100
