"""The portal-wide log over a real database: it grows with every act, and shows what was changed under it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from srm_portal.audit import queries, services
from srm_portal.audit.domain import merkle
from srm_portal.audit.domain.chain import GENESIS, entry_hash
from srm_portal.audit.domain.checkpoint import parse
from srm_portal.audit.models import AuditEntry, AuditStream
from srm_portal.audit.services import check_checkpoint, extend_log, record, verify_log, verify_streams
from srm_portal.audit.services.trail import entry_row
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.canonical import canonical
from tests.support.world import World


@command
def act(world: World, number: int) -> str:
    return record(
        world.buyer, "thing.done", "thing", f"thing-{number}", now=world.now, stream=f"project:{number % 3}", price="7"
    )


def acts(world: World, count: int) -> None:
    assert world.buyer
    for number in range(count):
        act(world, number)


def rewrite(statement: str, **values: object) -> None:
    """What somebody with the database's password can do."""
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)
    db.session.rollback()
    db.session.expire_all()


def rebuild(world: World, changed: str) -> None:
    """Change one entry, then make chains, log and checkpoints again with the server's own keys: all of it consistent."""
    db.session.rollback()
    for entry in db.session.query(AuditEntry).order_by(AuditEntry.stream, AuditEntry.seq):
        row = entry_row(entry)
        before = db.session.execute(
            text("SELECT hash FROM audit_entry WHERE stream = :s AND seq = :q"), {"s": entry.stream, "q": entry.seq - 1}
        ).scalar()
        row["prev"] = before or GENESIS
        if entry.id == changed:
            row["details"] = canonical(json.loads(entry.details) | {"commitment": "f" * 64}).decode()
        db.session.execute(
            text("UPDATE audit_entry SET prev = :p, details = :d, hash = :h WHERE id = :i"),
            {"p": row["prev"], "d": row["details"], "h": entry_hash(row), "i": entry.id},
        )
        db.session.execute(
            text("UPDATE audit_stream SET head = :h WHERE name = :s"), {"h": entry_hash(row), "s": entry.stream}
        )
    for table in ("log_leaf", "log_node", "log_checkpoint", "log_mark", "log_head"):
        db.session.execute(text(f"DELETE FROM {table}"))
    db.session.commit()
    db.session.expire_all()
    extend_log(world.now)


def test_every_entry_becomes_a_leaf_once_and_a_checkpoint_is_signed(world: World) -> None:
    acts(world, 7)
    count = db.session.query(AuditEntry).count()
    assert extend_log(world.now) == count
    assert extend_log(world.now) == 0
    acts(world, 2)
    assert extend_log(world.now) == 2
    newest = queries.newest_checkpoint()
    assert newest is not None and newest.size == count + 2
    assert verify_log() == (count + 2, [])


def test_a_chain_stands_in_the_log_in_its_order(world: World) -> None:
    acts(world, 9)
    extend_log(world.now)
    rows = db.session.execute(
        text("SELECT e.seq FROM log_leaf l JOIN audit_entry e ON e.id = l.entry_id WHERE e.stream = 'project:1' "
             'ORDER BY l."index"')
    ).scalars()  # fmt: skip
    assert list(rows) == [1, 2, 3]


def test_a_long_journal_is_taken_in_steps_with_a_checkpoint_each(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.log, "LEAVES_MAX", 4)
    acts(world, 10)
    count = db.session.query(AuditEntry).count()
    assert extend_log(world.now) == count
    assert db.session.execute(text("SELECT count(*) FROM log_checkpoint")).scalar() == -(-count // 4)
    assert verify_log() == (count, [])


def test_every_entry_has_a_proof_against_the_first_checkpoint_that_covers_it(world: World) -> None:
    acts(world, 5)
    extend_log(world.now)
    first = queries.newest_checkpoint()
    acts(world, 6)
    extend_log(world.now)
    for entry in db.session.query(AuditEntry):
        proof = queries.proof_of(entry.id)
        assert proof is not None
        said = parse(proof.checkpoint.rpartition("\n\n")[0] + "\n")
        path = [bytes.fromhex(step) for step in proof.path]
        assert merkle.verify_inclusion(bytes.fromhex(entry.hash), proof.index, said.size, path, said.root)
        assert first is not None and (said.size == first.size) == (proof.index < first.size)


def test_an_entry_that_the_log_has_not_yet_has_no_proof(world: World) -> None:
    acts(world, 1)
    entry = db.session.query(AuditEntry).first()
    assert entry is not None and queries.proof_of(entry.id) is None and queries.newest_checkpoint() is None


def test_an_old_checkpoint_holds_while_the_log_grows(world: World) -> None:
    acts(world, 3)
    extend_log(world.now)
    old = queries.newest_checkpoint()
    acts(world, 4)
    extend_log(world.now)
    assert old is not None
    assert check_checkpoint(old.note) == check_checkpoint(old.note, thorough=True) == "holds"
    grown = queries.growth(old.size)
    assert grown is not None
    newest, path = grown
    then, now = (parse(one.note.rpartition("\n\n")[0] + "\n") for one in (old, newest))
    steps = [bytes.fromhex(step) for step in path]
    assert merkle.verify_consistency(then.size, then.root, now.size, now.root, steps)
    assert queries.growth(0) is None and queries.growth(newest.size + 1) is None


def test_a_changed_entry_is_named(world: World) -> None:
    acts(world, 6)
    extend_log(world.now)
    rewrite("UPDATE audit_entry SET details = :d WHERE stream = 'project:1' AND seq = 1", d='{"price":"8"}')
    _size, faults = verify_log()
    assert any(fault.startswith("leaf ") for fault in faults)
    note = queries.newest_checkpoint()
    assert note is not None and check_checkpoint(note.note, thorough=True) == "log_differs"


def test_an_entry_taken_out_is_named(world: World) -> None:
    acts(world, 6)
    extend_log(world.now)
    rewrite("DELETE FROM audit_entry WHERE stream = 'project:2' AND seq = 2")
    assert any(fault.startswith("leaf ") for fault in verify_log()[1])


def test_a_log_rebuilt_with_one_entry_changed_is_caught_by_an_old_checkpoint_alone(world: World) -> None:
    """Chains and log hold in themselves, signed with the true keys: only who kept a checkpoint sees it."""
    acts(world, 6)
    extend_log(world.now)
    kept = queries.newest_checkpoint()
    assert kept is not None
    changed = db.session.query(AuditEntry).filter_by(stream="project:1", seq=1).one().id
    rebuild(world, changed)
    assert verify_streams()[1] == [] and verify_log()[1] == []
    assert check_checkpoint(kept.note) == check_checkpoint(kept.note, thorough=True) == "log_differs"


def test_a_log_that_was_cut_is_caught_by_an_old_checkpoint(world: World) -> None:
    acts(world, 6)
    extend_log(world.now)
    kept = queries.newest_checkpoint()
    assert kept is not None
    rewrite("DELETE FROM audit_entry WHERE stream = 'project:2'")
    rewrite("DELETE FROM audit_stream WHERE name = 'project:2'")
    for table in ("log_leaf", "log_node", "log_checkpoint", "log_mark", "log_head"):
        rewrite(f"DELETE FROM {table}")
    extend_log(world.now)
    assert check_checkpoint(kept.note) == "log_is_shorter"


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda note: "nonsense\n", "not_a_checkpoint"),
        (lambda note: note.rpartition("\n\n")[0] + "\n", "not_a_checkpoint"),
        (lambda note: note.replace("localhost", "elsewhere"), "not_signed"),
        (lambda note: note[:-6] + "AAA=\n", "not_signed"),
    ],
)
def test_what_is_no_checkpoint_of_this_portal_is_told_apart(world: World, change, verdict: str) -> None:
    acts(world, 1)
    extend_log(world.now)
    note = queries.newest_checkpoint()
    assert note is not None and check_checkpoint(change(note.note)) == verdict


def test_everybody_sees_the_newest_checkpoint_and_may_check_an_old_one(world: World) -> None:
    browser = world.app.test_client()
    assert browser.get("/log").status_code == 200
    assert browser.get("/log/checkpoint").status_code == 404
    acts(world, 4)
    extend_log(world.now)
    note = browser.get("/log/checkpoint").text
    assert note in browser.get("/log").text.replace("&#34;", '"').replace("&#43;", "+")
    mailed = "\r\n".join("  " + line for line in note.splitlines())
    assert "It holds" in browser.post("/log", data={"note": mailed}).text
    assert "Not readable" in browser.post("/log", data={"note": "hello"}).text
    assert browser.post("/log", data={"note": ""}).status_code == 422
    grown = browser.get("/log/growth/2").json
    assert grown is not None and grown["checkpoint"] == note and grown["proof"]
    assert browser.get("/log/growth/9999").status_code == 404


def test_a_stream_without_its_head_is_still_a_fault(world: World) -> None:
    acts(world, 3)
    db.session.rollback()
    rewrite("DELETE FROM audit_stream WHERE name = 'project:0'")
    assert db.session.get(AuditStream, "project:0") is None
    assert verify_streams()[1]
