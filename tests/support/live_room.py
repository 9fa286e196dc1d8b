"""A served portal with auctions in it, real processes, and clients that speak to their sockets and forms."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from srm_portal.infra import migrate
from srm_portal.infra.db import db
from srm_portal.kernel.clock import FixedClock, SystemClock
from srm_portal.kernel.permissions import Actor
from srm_portal.web.sessions import COOKIE
from tests.infra.realtime.wire import Client
from tests.support.factories.auctions import LiveAuction, a_live_auction
from tests.support.installation import Installation, Served
from tests.support.person import Person
from tests.support.world import World


@dataclass
class Room:
    """An installation with open auctions; who may enter, as cookies."""

    place: Installation
    auctions: list[LiveAuction] = field(default_factory=list)
    bidders: list[list[str]] = field(default_factory=list)
    buyer: str = ""
    supplier_event: str = ""

    @property
    def id(self) -> str:
        return self.auctions[0].id

    def socket(self, served: Served, cookie: str, **options: Any) -> Client:
        """A signed-in socket."""
        return Client(port_of(served), cookie=f"{COOKIE}={cookie}", **options).opened()

    def bidder(self, served: Served, place: int, auction: int = 0) -> Client:
        """A bidder's socket in the room."""
        client = self.socket(served, self.bidders[auction][place])
        assert client.emit("auction.join", {"auction": self.auctions[auction].id})["ok"]
        return client

    def browser(self, served: Served, cookie: str) -> Person:
        """The same person without a script."""
        person = Person(served.url)
        person.headers["Cookie"] = f"{COOKIE}={cookie}"
        return person


def port_of(served: Served) -> int:
    return int(served.url.rsplit(":", 1)[1])


def cookie_of(world: World, person: Actor) -> str:
    found = world.client_of(person).get_cookie(COOKIE)
    assert found is not None
    return found.value


def a_room(
    folder: Path, bidders: int = 4, auctions: int = 1, settings: dict[str, str] | None = None, **rules: Any
) -> Room:
    """Auctions that opened a minute ago and last an hour, in an installation that is not served yet."""
    room = Room(Installation(folder, settings or {}))
    rules = {"minutes": 60, "outage_grace_s": 600, "window_s": 0, "decrement_percent": Decimal(0)} | rules
    began = SystemClock().now() - timedelta(seconds=125)
    clock = FixedClock(began)
    with room.place.inside(clock) as app:
        migrate.upgrade()
        world = World(app, clock)
        for _ in range(auctions):
            clock.set(began)
            auction = a_live_auction(world, bidders, **rules)
            room.auctions.append(auction)
        clock.set(SystemClock().now())
        room.buyer = cookie_of(world, world.buyer)
        room.bidders = [[cookie_of(world, person) for person in one.bidders] for one in room.auctions]
        db.session.remove()
    return room


def bid_of(auction_id: str, amount: object, key: str, lot: str = "L1", **more: Any) -> dict[str, Any]:
    return {"auction": auction_id, "lot": lot, "amount": str(amount), "request_id": key, "confirmed": True, **more}


def problems(answer: dict[str, Any]) -> list[str]:
    """The codes of the fields of an invalid event."""
    return [one["code"] for one in answer["facts"]["problems"]]


def body(event: str, data: Any) -> str:
    return json.dumps([event, data])
