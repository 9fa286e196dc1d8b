"""Durable bids: the auction's writer beside bare one-row commits of the driver, on the same disk in the same run.

Ten bidders bid from threads of one process, each waiting for its acknowledgement before the next bid. Afterwards the
acknowledged bids are counted against the rows. The floor runs before and after; its median counts.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from benchmarks.portal import engine_of, temporary_portal
from benchmarks.table import Figure
from srm_portal.auctions import services
from srm_portal.infra.db import db, prepare_sqlite
from srm_portal.kernel.clock import FixedClock, SystemClock
from srm_portal.kernel.permissions import Actor
from tests.support.factories.auctions import LiveAuction, a_live_auction
from tests.support.world import World

BIDDERS, BIDS_EACH, FLOOR_ROWS, AUCTIONS = 10, 150, 1_500, 5
FIRST_AMOUNT = 1_000_000


@dataclass
class Speed:
    """What a number of durable writes cost."""

    count: int
    seconds: float
    cpu_seconds: float
    milliseconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def cpu_us(self) -> float:
        return self.cpu_seconds / self.count * 1e6


def bare_commits() -> Speed:
    """Rows as wide as a bid's, one transaction each, WAL and synchronous=FULL."""
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "floor.sqlite3")
        prepare_sqlite(connection)
        connection.execute("CREATE TABLE bid (seq INTEGER PRIMARY KEY, body TEXT)")
        body = "x" * 600
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(FLOOR_ROWS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bid (body) VALUES (?)", (body,))
            connection.execute("COMMIT")
        speed = Speed(FLOOR_ROWS, time.perf_counter() - began, time.process_time() - cpu)
        connection.close()
        return speed


def _bid_on(app: Flask, person: Actor, auction_id: str, now: Any, taken: list[float]) -> None:
    for number in range(BIDS_EACH):
        began = time.perf_counter()
        with app.app_context():
            amount, key = str(FIRST_AMOUNT - number), f"{person.user_id}-{number}"
            services.place_bid(person, auction_id, "L1", amount, key=key, now=now)
        taken.append((time.perf_counter() - began) * 1000)


def bids(app: Flask, clock: FixedClock, auctions: list[LiveAuction]) -> tuple[Speed, int]:
    """Everybody bids at once; (speed, transactions)."""
    each = BIDDERS // len(auctions)
    pairs = [(person, auction.id) for auction in auctions for person in auction.bidders[:each]]
    taken: list[list[float]] = [[] for _ in pairs]
    threads = [
        threading.Thread(target=_bid_on, args=(app, person, auction_id, clock.now(), times))
        for (person, auction_id), times in zip(pairs, taken, strict=True)
    ]
    commits = [0]

    def count(_connection: Any) -> None:
        commits[0] += 1

    engine = engine_of(app)
    event.listen(engine, "commit", count)
    began, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    speed = Speed(
        sum(len(times) for times in taken),
        time.perf_counter() - began,
        time.process_time() - cpu,
        sorted(one for times in taken for one in times),
    )
    event.remove(engine, "commit", count)
    assert speed.count == len(pairs) * BIDS_EACH, f"only {speed.count} bids were taken"
    _all_kept(app, auctions, speed.count)
    return speed, commits[0]


def _all_kept(app: Flask, auctions: list[LiveAuction], acknowledged: int) -> None:
    with app.app_context():
        query = text("SELECT count(*) FROM auction_entry WHERE auction_id = :id AND kind = 'bid' AND code = ''")
        rows = sum(db.session.execute(query, {"id": one.id}).scalar_one() for one in auctions)
    assert rows == acknowledged, f"{acknowledged} bids were acknowledged, {rows} are stored"


def _auctions(app: Flask, clock: FixedClock, count: int) -> list[LiveAuction]:
    with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
        world = World(app, clock)
        found = [
            a_live_auction(world, BIDDERS // count, minutes=60, decrement_percent=Decimal(0), outage_grace_s=600)
            for _ in range(count)
        ]
        db.session.remove()
        return found


def run() -> dict[str, Any]:
    floors = [bare_commits()]
    clock = FixedClock(SystemClock().now())
    with temporary_portal(clock) as app:
        one, commits = bids(app, clock, _auctions(app, clock, 1))
        several, _commits = bids(app, clock, _auctions(app, clock, AUCTIONS))
    floors += [bare_commits() for _ in range(2)]
    rate = statistics.median(floor.rate for floor in floors)
    cpu = statistics.median(floor.cpu_us for floor in floors)
    return {
        "bids_per_second": round(one.rate),
        "bare_commits_per_second": round(rate),
        "rate_over_bare": round(one.rate / rate, 2),
        "cpu_us_a_bid": round(one.cpu_us),
        "bare_cpu_us": round(cpu),
        "cpu_over_bare": round(one.cpu_us / cpu, 2),
        "commits_a_bid": round(commits / one.count, 3),
        "acknowledgement_p50_ms": round(one.milliseconds[len(one.milliseconds) // 2], 2),
        "acknowledgement_p99_ms": round(one.milliseconds[int(len(one.milliseconds) * 0.99)], 2),
        "several_auctions_cpu_ratio": round(several.cpu_us / one.cpu_us, 2),
    }


def figures(found: dict[str, Any]) -> list[Figure]:
    return [
        Figure("durable bids", found["bids_per_second"], "/s"),
        Figure("bids / bare one-row commits, rate", found["rate_over_bare"], "x", least=0.8),
        Figure("bids / bare one-row commits, CPU", found["cpu_over_bare"], "x", most=4),
        Figure("transactions a bid", found["commits_a_bid"], "x", most=0.5),
        Figure("acknowledgement, median", found["acknowledgement_p50_ms"], "ms"),
        Figure("acknowledgement, p99", found["acknowledgement_p99_ms"], "ms", most=100),
        Figure(f"CPU a bid, {AUCTIONS} auctions / 1", found["several_auctions_cpu_ratio"], "x", most=1.3),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
