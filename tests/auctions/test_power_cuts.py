"""The power goes: what was acknowledged is on the disk, whatever part of the rest arrived there.

`SRM_POWER_CUTS=2000` makes the short run long.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import event

from srm_portal.auctions import services
from srm_portal.infra.db import db
from srm_portal.kernel.clock import SystemClock
from srm_portal.kernel.permissions import Actor
from tests.auctions.power_cut import Op, Tape, recorded
from tests.support.live_room import Room, a_room

CUTS = int(os.environ.get("SRM_POWER_CUTS", "60"))
BIDS_EACH, BIDDERS = 25, 4
pytestmark = [pytest.mark.crash, pytest.mark.once]


def _people(room: Room) -> tuple[Actor, ...]:
    return room.auctions[0].bidders


def _bid_on(app: Flask, room: Room, person: Actor, tape: Tape) -> None:
    for number in range(BIDS_EACH):
        key = f"{person.user_id}-{number}"
        with app.app_context():
            now = SystemClock().now()
            services.place_bid(person, room.id, "L1", str(1_000_000 - number), key=key, confirm=True, now=now)
        tape.told(key)


def _bids_on_tape(room: Room, synchronous: str = "") -> tuple[Tape, int]:
    """Everybody bids at once while the disk is listened to; returns the tape and where the bidding begins on it."""
    with recorded(room.place.folder) as tape, room.place.inside(SystemClock()) as app:
        if synchronous:
            event.listen(db.engine, "connect", lambda link, _: link.execute(f"PRAGMA synchronous={synchronous}"))
            db.engine.dispose()
        began = len(tape.ops)
        threads = [threading.Thread(target=_bid_on, args=(app, room, person, tape)) for person in _people(room)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return tape, began


def _after_a_cut(folder: Path, before: dict[str, bytes], files: dict[str, bytes]) -> set[str]:
    """The keys of the bids that a restart finds; the file must be sound."""
    folder.mkdir(exist_ok=True)
    for name in ("portal.sqlite3", "portal.sqlite3-wal"):
        (folder / name).write_bytes(files.get(name, before.get(name, b"")))
    (folder / "portal.sqlite3-shm").unlink(missing_ok=True)
    link = sqlite3.connect(folder / "portal.sqlite3")
    try:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = link.execute("SELECT key FROM auction_entry WHERE kind = 'bid' AND code = '' ORDER BY seq").fetchall()
        seqs = [one for (one,) in link.execute("SELECT seq FROM auction_entry ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1)), "the log has a gap"
        return {key for (key,) in rows}
    finally:
        link.close()


def _lost(room: Room, tape: Tape, began: int, before: dict[str, bytes], folder: Path, cuts: int) -> tuple[int, int]:
    """(cuts after which an acknowledged bid was missing, acknowledged bids looked for)."""
    chance, lost, looked = Random(5), 0, 0
    start = [op for name, content in before.items() for op in (Op("write", name, 0, content), Op("sync", name))]
    both = Tape([*start, *tape.ops])
    for _ in range(cuts):
        files, told = both.until(len(start) + chance.randint(began, len(tape.ops)), chance)
        looked += len(told)
        lost += not told <= _after_a_cut(folder, before, files)
    return lost, looked


def _files(room: Room) -> dict[str, bytes]:
    found = {}
    for name in ("portal.sqlite3", "portal.sqlite3-wal"):
        path = room.place.folder / name
        found[name] = path.read_bytes() if path.exists() else b""
    return found


def test_a_power_cut_at_any_moment_loses_no_acknowledged_bid(tmp_path: Path) -> None:
    room = a_room(tmp_path / "portal", bidders=BIDDERS)
    before = _files(room)
    tape, began = _bids_on_tape(room)
    lost, looked = _lost(room, tape, began, before, tmp_path / "after", CUTS)
    assert lost == 0 and looked > CUTS
    print(CUTS, "power cuts,", looked, "acknowledged bids looked for, none lost")


def test_without_a_sync_at_each_commit_the_same_cuts_do_lose_bids(tmp_path: Path) -> None:
    """So the simulation sees what it is there to see."""
    room = a_room(tmp_path / "portal", bidders=BIDDERS)
    before = _files(room)
    tape, began = _bids_on_tape(room, synchronous="NORMAL")
    lost, _looked = _lost(room, tape, began, before, tmp_path / "after", 20)
    assert lost > 0
