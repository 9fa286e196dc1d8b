"""The command line as programs use it: exit status, one line of error, one document of result."""

from __future__ import annotations

import copy
import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from srm_portal.cli import cli, load_commands
from srm_portal.identity.services import sign_in
from srm_portal.infra import migrate
from srm_portal.kernel.clock import FixedClock, SystemClock
from tests.support.factories.offers import a_submitted_offer, a_tender, proof
from tests.support.installation import Installation
from tests.support.world import PASSWORD, World

SCORE: dict[str, Any] = {
    "method": "weighted_sum",
    "alternatives": ["A", "B"],
    "criteria": [
        {
            "name": "price",
            "direction": "min",
            "weight": "60",
            "value": {"kind": "price_absolute", "ceiling": "120", "floor": "60"},
        },
        {"name": "quality", "direction": "max", "weight": "40", "value": {"kind": "points", "max": "5"}},
    ],
    "matrix": [["100", "4"], ["110", "5"]],
}
AWARD: dict[str, Any] = {
    "currency": "EUR",
    "lots": [{"id": "L1"}, {"id": "L2"}],
    "suppliers": [{"id": "S1"}, {"id": "S2"}],
    "offers": [
        {"supplier": "S1", "lot": "L1", "price": "4800"},
        {"supplier": "S2", "lot": "L1", "price": "4700.50"},
        {"supplier": "S1", "lot": "L2", "price": "900"},
    ],
}
AUCTION: dict[str, Any] = {
    "lots": [{"id": "L1", "open": "2026-01-05T09:30:00.000Z", "close": "2026-01-05T10:00:00.000Z"}],
    "bidders": [{"id": "A"}, {"id": "B"}],
    "commands": [
        {"recv": "2026-01-05T09:40:00.000Z", "by": "A", "do": "bid", "lot": "L1", "amount": "99.50", "key": "k1"},
        {"recv": "2026-01-05T09:41:00.000Z", "by": "B", "do": "bid", "lot": "L1", "amount": "98", "key": "k2"},
        {"recv": "2026-01-05T10:00:00.000Z", "by": "A", "do": "bid", "lot": "L1", "amount": "90", "key": "k3"},
    ],
}


def changed(document: dict[str, Any], **values: Any) -> dict[str, Any]:
    return copy.deepcopy(document) | values


IMPOSSIBLE = changed(AWARD, constraints=[{"kind": "exclude", "supplier": "S1", "lot": "L2"}])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("commands") / "portal")


def _every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _every_command(command, (*path, name))


def test_every_command_explains_itself() -> None:
    load_commands()
    paths = list(_every_command(cli))
    for path in paths:
        answer = CliRunner().invoke(cli, [*path, "--help"])
        assert answer.exit_code == 0, path
        lines = answer.output.splitlines()
        assert lines[0].startswith("Usage: "), path
        assert lines[2].strip().endswith((".", ")", ":", "?")) or len(lines[2]) > 60, f"{path} has no sentence"
    assert {("score",), ("award",), ("auction", "replay"), ("audit", "verify"), ("keys", "rotate")} <= set(paths)


@pytest.mark.parametrize(
    ("words", "document", "shown"),
    [
        (("score", "-"), SCORE, {"ranking": [1, 2]}),
        (("award", "-"), AWARD, {"status": "optimal", "cost": "5600.5"}),
        (("auction", "replay", "-", "--view", "A"), AUCTION, {"view"}),
    ],
    ids=["score", "award", "auction replay"],
)
def test_a_good_document_is_answered_with_the_same_bytes_every_time(
    place: Installation, words: tuple[str, ...], document: Any, shown: Any
) -> None:
    text = json.dumps(document)
    first = place.command(*words, typed=text, PYTHONHASHSEED="1")
    (place.folder / "document.json").write_text(text)
    from_file = [("document.json" if word == "-" else word) for word in words]
    second = place.command(*from_file, PYTHONHASHSEED="2")
    assert (first.returncode, first.stderr) == (0, b"")
    assert first.stdout == second.stdout
    answer = json.loads(first.stdout)
    if isinstance(shown, dict):
        assert {name: answer[name] for name in shown} == shown
    else:
        assert shown <= answer.keys()


def test_an_award_that_cannot_be_is_a_no_with_its_reasons(place: Installation) -> None:
    answer = place.command("award", "-", typed=json.dumps(IMPOSSIBLE))
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["status"] == "infeasible"


def test_a_refused_bid_is_an_outcome_not_an_error(place: Installation) -> None:
    answer = place.command("auction", "replay", "-", typed=json.dumps(AUCTION))
    assert answer.returncode == 0
    outcomes = json.loads(answer.stdout)["outcomes"]
    assert [one["accepted"] for one in outcomes] == [True, True, False]
    assert outcomes[2]["code"] == "late"


@pytest.mark.parametrize(
    ("words", "typed", "named"),
    [
        (("score", "-"), json.dumps(changed(SCORE, colour="red")), "colour"),
        (("score", "-"), json.dumps(changed(SCORE, **{"two\nlines": 1})), "two lines"),
        (("score", "-"), json.dumps(changed(SCORE, matrix=[["NaN", "4"], ["110", "5"]])), "matrix"),
        (("score", "-"), '{"method": "topsis", "method": "vikor"}', "method"),
        (("award", "-"), json.dumps(changed(AWARD, award="both")), "award"),
        (("award", "-"), '{"lots": [{"id": "L1", "baseline": Infinity}]}', "Infinity"),
        (("auction", "replay", "-"), json.dumps(changed(AUCTION, rules={"format": "american"})), "format"),
        (("auction", "replay", "-", "--at", "yesterday"), json.dumps(AUCTION), "at"),
        (("auction", "replay", "-"), "[" * 100_000, "nested"),
        (("score", "nowhere.json"), "", "nowhere.json"),
        (("score",), "", "FILE"),
        (("schema", "contract"), "", "score"),
        (("receipt", "verify", "-", "--key", "nowhere.json"), "{}", "nowhere.json"),
        (("paint",), "", "paint"),
    ],
)
def test_wrong_input_is_one_line_that_names_the_place(
    place: Installation, words: tuple[str, ...], typed: str, named: str
) -> None:
    answer = place.command(*words, typed=typed)
    assert answer.returncode == 2
    assert answer.stdout == b""
    assert answer.stderr.decode().startswith("srm-portal: ")
    assert answer.stderr.count(b"\n") == 1
    assert named in answer.stderr.decode()


def test_bytes_that_are_no_text_are_refused(place: Installation) -> None:
    answer = place.command("score", "-", typed=b'{"method": "\xff\xfe"}')
    assert (answer.returncode, answer.stderr) == (2, b"srm-portal: -: not UTF-8; save the file as UTF-8\n")


@pytest.mark.parametrize(("name", "document"), [("score", SCORE), ("award", AWARD), ("auction-replay", AUCTION)])
def test_the_published_schema_takes_what_the_command_takes(name: str, document: dict[str, Any]) -> None:
    import jsonschema

    load_commands()
    answer = CliRunner().invoke(cli, ["schema", name])
    schema = json.loads(answer.output)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(document, colour="red"), schema)


@pytest.fixture(scope="module")
def held(place: Installation) -> dict[str, bytes]:
    """A supplier's receipt, the portal's keys and the offer as sent."""
    clock = FixedClock(SystemClock().now())
    with place.inside(clock) as app:
        migrate.upgrade()
        world = World(app, clock)
        tender = a_tender(world)
        a_submitted_offer(world, tender.first, tender.event_id)
        receipt, offer, nonce = proof(tender.first, tender.event_id)
        keys = app.test_client().get("/receipt/keys.json")
    (place.folder / "offer.json").write_bytes(offer)
    (place.folder / "keys.json").write_bytes(keys.data)
    return {"receipt": receipt, "nonce": nonce.encode()}


def test_a_receipt_is_verified_offline_and_a_forged_one_is_a_no(place: Installation, held: dict[str, bytes]) -> None:
    offer = ("--offer", "offer.json", "--nonce", held["nonce"].decode())
    words = ("receipt", "verify", "-", "--key", "keys.json", *offer)
    good = place.command(*words, typed=held["receipt"])
    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["valid"] is True

    receipt = json.loads(held["receipt"])
    receipt["statement"]["at"] = receipt["statement"]["at"].replace("Z", "1Z", 1)
    forged = place.command(*words, typed=json.dumps(receipt))
    assert forged.returncode == 1
    assert json.loads(forged.stdout)["valid"] is False

    (place.folder / "list.json").write_text("[]")
    wrong = place.command("receipt", "verify", "-", "--key", "list.json", typed=held["receipt"])
    assert wrong.returncode == 2
    assert b"not a key file" in wrong.stderr


def test_a_checkpoint_is_printed_and_checked_later(place: Installation, held: dict[str, bytes]) -> None:
    note = place.command("audit", "checkpoint")
    assert note.returncode == 0 and note.stdout.count(b"\n") == 5
    later = place.command("audit", "checkpoint", "--check", "-", typed=note.stdout)
    assert later.returncode == 0 and json.loads(later.stdout) == {"valid": True, "verdict": "holds"}


def test_the_first_administrator_is_made_verified_locked_out_and_let_in_again(tmp_path: Path) -> None:
    place = Installation(tmp_path / "portal")
    made = ("users", "create", "--organisation", "Nordwerk", "--email", "ada@example.com", "--name", "Ada")
    too_early = place.command(*made, "--password", PASSWORD)
    assert (too_early.returncode, b"db upgrade" in too_early.stderr) == (2, True)
    with place.inside(SystemClock()):
        migrate.upgrade()
    weak = place.command(*made, "--password", "short")
    assert weak.returncode == 2
    assert weak.stderr.startswith(b"srm-portal: password: ")
    assert place.command(*made, "--password", PASSWORD).returncode == 0
    other = "the heron stands by the weir 9"
    assert place.command("users", "rescue", "ada@example.com", "--password", other).returncode == 0
    with place.inside(SystemClock()):
        now = SystemClock().now()
        assert sign_in.check_password("ada@example.com", PASSWORD, now=now).next == "refused"
        assert sign_in.check_password("ada@example.com", other, now=now).next == "enrol"


def test_a_trail_that_was_changed_is_a_no_that_names_the_row(place: Installation, held: dict[str, bytes]) -> None:
    good = place.command("audit", "verify")
    assert good.returncode == 0, good.stderr
    with sqlite3.connect(place.folder / "portal.sqlite3") as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE audit_entry SET object_label = 'other' WHERE seq = 2")
        connection.execute("DROP TRIGGER audit_entry_no_update")
        stream = "SELECT min(stream) FROM audit_entry WHERE seq = 2"
        connection.execute(f"UPDATE audit_entry SET object_label = 'other' WHERE seq = 2 AND stream = ({stream})")
    changed = place.command("audit", "verify")
    assert changed.returncode == 1
    answer = json.loads(changed.stdout)
    assert answer["valid"] is False
    assert [row["seq"] for row in answer["bad"]] == [2]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("postgresql://nobody@127.0.0.1:1/nothing", "database: the database does not answer"),
        ("a database", "DATABASE_URL: not an address"),
    ],
)
def test_a_database_that_is_not_there_is_one_line(tmp_path: Path, address: str, named: str) -> None:
    answer = Installation(tmp_path / "portal", {"DATABASE_URL": address}).command("audit", "verify")
    assert answer.returncode == 2
    assert answer.stderr.decode().startswith(f"srm-portal: {named}")
    assert answer.stderr.count(b"\n") == 1


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = Installation(tmp_path / "portal").command("run", "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[-1].startswith(b"srm-portal: ")
    assert b"in use" in answer.stderr
    assert b"Traceback" not in answer.stderr
