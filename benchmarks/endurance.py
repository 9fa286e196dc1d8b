"""An auction that lasts, on a network that does not: is the memory flat, and do all end in step?

    python -m benchmarks.endurance [--minutes 60] [--connections 300] [--file endurance.json]

A portal as people run it (its own process, SQLite), five pages per company, bids all the time, and between them and the
server a network that delays, stalls for seconds and cuts. At the end the network is calm, and every page must soon show
the newest version; what was acknowledged is counted against the rows, and the auction is replayed from its export.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil

from benchmarks.crowd import BadNetwork, Seat
from srm_portal.auctions.models import AuctionEntry
from srm_portal.infra.db import db
from srm_portal.kernel.clock import SystemClock
from srm_portal.web.sessions import COOKIE
from tests.support.installation import Served
from tests.support.live_room import Room, a_room, port_of
from tests.support.replays import the_auction_replays

PAGES_EACH, FIRST_AMOUNT, BID_EVERY_S, IN_STEP_WITHIN_S = 5, 10_000_000, 20.0, 30.0


async def _bid_on(seat: Seat, place: int, stopped: asyncio.Event, chance: Random, kept: dict[str, str]) -> None:
    for number in range(1, FIRST_AMOUNT):
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), chance.uniform(0, 2 * BID_EVERY_S))
        if stopped.is_set():
            return
        key = f"{place}-{number}"
        answer = await seat.bid(FIRST_AMOUNT - number, key)
        if not answer["ok"]:
            raise AssertionError(f"{key}: {answer}")
        kept[key] = answer["amount"]


async def _watch(served: Served, seconds: float, samples: list[tuple[float, float]]) -> None:
    """Resident memory of the server in MiB, every ten seconds."""
    process, began = psutil.Process(served.process.pid), time.monotonic()
    while (at := time.monotonic() - began) < seconds:
        samples.append((round(at, 1), round(process.memory_info().rss / 2**20, 2)))
        await asyncio.sleep(min(10.0, seconds / 20))


async def _in_step(seats: list[Seat], within_s: float) -> float:
    """Seconds until every page shows what the server says is the newest."""
    began = time.monotonic()
    while True:
        newest = max(seat.version for seat in seats)
        for seat in seats[:1]:
            with suppress(OSError, TimeoutError):
                if seat.link is not None:
                    view = await asyncio.wait_for(seat.link.ask("auction.sync", {"auction": seat.auction}), 8)
                    newest = max(newest, view["version"])
        behind = [seat for seat in seats if seat.version != newest]
        if not behind:
            return time.monotonic() - began
        if time.monotonic() - began > within_s:
            raise AssertionError(f"{len(behind)} pages stand behind {newest} after {within_s} s")
        await asyncio.sleep(0.2)


async def _live(room: Room, served: Served, minutes: float, connections: int) -> dict[str, Any]:
    chance = Random(1)
    network = BadNetwork(port_of(served), chance)
    port = await network.open()
    cookies = [f"{COOKIE}={one}" for one in room.bidders[0]]
    seats = [Seat(cookies[at % len(cookies)], room.id, port) for at in range(connections)]
    stopped, left, kept = asyncio.Event(), asyncio.Event(), {}
    pages = [asyncio.ensure_future(seat.stay(left, Random(at))) for at, seat in enumerate(seats)]
    bidding = [
        asyncio.ensure_future(_bid_on(seat, at, stopped, Random(-at), kept))
        for at, seat in enumerate(seats[: len(cookies)])
    ]
    samples: list[tuple[float, float]] = []
    await _watch(served, minutes * 60, samples)
    network.calm = True
    stopped.set()
    await asyncio.gather(*bidding)
    step_s = await _in_step(seats, IN_STEP_WITHIN_S)
    samples.append((minutes * 60, round(psutil.Process(served.process.pid).memory_info().rss / 2**20, 2)))
    left.set()
    for seat in seats:
        if seat.link is not None:
            seat.link.end()
    await asyncio.gather(*pages)
    return {
        "minutes": minutes,
        "connections": connections,
        "cuts": network.cuts,
        "stalls": network.stalls,
        "reconnects": sum(seat.connections for seat in seats) - connections,
        "pushes": sum(seat.pushes for seat in seats),
        "asked_anew": sum(seat.asked_anew for seat in seats),
        "acknowledged": kept,
        "in_step_after_s": round(step_s, 2),
        "memory_mib": samples,
    }


def run(minutes: float = 60, connections: int = 300) -> dict[str, Any]:
    """Everything that was seen; raises AssertionError where a promise was not kept."""
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as folder:
        companies = -(-connections // PAGES_EACH)
        room = a_room(Path(folder) / "portal", bidders=companies, minutes=int(minutes) + 60)
        with room.place.serving() as served:
            found = asyncio.run(_live(room, served, minutes, connections))
        kept = found.pop("acknowledged")
        with room.place.inside(SystemClock()):
            rows = db.session.query(AuctionEntry.key).filter_by(auction_id=room.id, kind="bid", code="").all()
            document = the_auction_replays(room.id)
    stored = [row.key for row in rows]
    amounts = {one["key"]: one["amount"] for one in document["commands"] if one["do"] == "bid"}
    assert len(stored) == len(set(stored)), "a bid is there twice"
    assert {key: amounts.get(key) for key in kept} == kept, "an acknowledged bid is lost or changed"
    return found | {"bids": len(kept), "replay": "the same outcomes", "memory": memory(found["memory_mib"])}


def memory(samples: list[tuple[float, float]]) -> dict[str, float]:
    """Medians of the second and the last fifth of the run in MiB, and the growth between them."""
    fifth = max(len(samples) // 5, 1)
    early = statistics.median(mib for _at, mib in samples[fifth : 2 * fifth] or samples)
    late = statistics.median(mib for _at, mib in samples[-fifth:])
    return {"early_mib": early, "late_mib": late, "growth_mib": round(late - early, 2)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__.split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--connections", type=int, default=300)
    parser.add_argument("--file", default="endurance.json")
    given = parser.parse_args()
    seen = run(given.minutes, given.connections)
    Path(given.file).write_text(json.dumps(seen, indent=1) + "\n")
    print(json.dumps({name: value for name, value in seen.items() if name != "memory_mib"}, indent=1))
