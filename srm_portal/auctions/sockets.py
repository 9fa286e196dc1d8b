"""Live auctions over the socket: joining, bidding, accepting, and what is pushed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from flask import Flask, current_app

from srm_portal.auctions import queries, services, store
from srm_portal.auctions.domain.public import public_close
from srm_portal.infra.moment import app_now
from srm_portal.infra.realtime import Join, Realtime, View
from srm_portal.infra.realtime.schema import boolean, fields, integer, text
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.permissions import Actor

EVENT = "auction"
TOPIC = "auction"
_AUCTION = text(20)
_KEY = text(64)
_LOT = text(20)


def register(app: Flask) -> None:
    realtime: Realtime = app.extensions["realtime"]
    realtime.on("auction.join", fields({"auction": _AUCTION}), "self:edit", _join, app_context=True)
    realtime.on("auction.sync", fields({"auction": _AUCTION}), "self:edit", _sync, app_context=True)
    bid = fields(
        {"auction": _AUCTION, "lot": _LOT, "amount": text(40), "request_id": _KEY}, {"confirmed": boolean()}
    )  # fmt: skip
    realtime.on("auction.bid", bid, "bid:place", _bid, app_context=True)
    accept = fields({"auction": _AUCTION, "lot": _LOT, "tick": integer(0, 10**6), "request_id": _KEY})
    realtime.on("auction.accept", accept, "bid:place", _accept, app_context=True)
    status = fields({"auction": _AUCTION, "request_id": _KEY})
    realtime.on("auction.status", status, "bid:place", _status, app_context=True)
    link = fields({"auction": _AUCTION, "round_trip_ms": integer(0, 60_000)})
    realtime.on("auction.link", link, "bid:place", _link, app_context=True)
    realtime.on("clock.echo", fields({}), "self:edit", _echo)

    def apply(topic: str, _rows: Any, version: int) -> None:
        with app.app_context():
            store.live(_id(topic), version)

    realtime.topic(TOPIC, EVENT, render, tick=_tick, apply=apply, catch_up=lambda topic: store.live(_id(topic)).seq)


def _id(topic: str) -> str:
    return topic.partition(":")[2]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _echo(_actor: Actor, _data: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {"server_ms": _milliseconds(now)}


def _seen(actor: Actor, auction_id: str, now: datetime) -> tuple[str, str, dict[str, Any]]:
    """(audience, key, snapshot) of a socket: a bidder's own, or the little that tells a board to read itself anew."""
    if actor.supplier_id is None:
        if not actor.may("auction:read"):
            raise NotFound
        row = store.auction_row(actor, auction_id)
        return "staff", "", {"version": row.seq, "server_ms": _milliseconds(now)}
    seat = queries.seat(actor, auction_id)
    if seat.must_accept:
        raise NotFound
    return "bidder", seat.alias, queries.snapshot(store.live(auction_id, seat.seq), seat.alias, now)


def _join(actor: Actor, data: dict[str, Any], now: datetime) -> Join:
    audience, key, view = _seen(actor, data["auction"], now)
    scope = f"auction:{data['auction']}"
    scopes = {scope, f"{scope}:{actor.supplier_id}"} if audience == "bidder" else {f"{scope}:staff"}
    return Join(f"{TOPIC}:{data['auction']}", view, view["version"], audience, key, frozenset(scopes))


def _sync(actor: Actor, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    return _seen(actor, data["auction"], now)[2]


def _bid(actor: Actor, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    receipt = services.place_bid(
        actor,
        data["auction"],
        data["lot"],
        data["amount"],
        key=data["request_id"],
        confirm=data.get("confirmed", False),
        now=now,
    )
    return _receipt(actor, receipt)


def _accept(actor: Actor, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    receipt = services.accept_price(
        actor, data["auction"], data["lot"], data["tick"], key=data["request_id"], now=now
    )  # fmt: skip
    return _receipt(actor, receipt)


def _receipt(actor: Actor, receipt: services.BidReceipt) -> dict[str, Any]:
    known = store.live(receipt.auction_id)
    name = known.alias_of(actor.supplier_id) or ""
    now = app_now()
    with known.lock:
        view = queries.shared_view(known, now) | {"mine": queries.pushed(known, name, now)}
    return {
        "amount": queries.short(receipt.amount),
        "at_ms": _milliseconds(receipt.recv),
        "replayed": receipt.replayed,
        "receipt": receipt.entry_hash,
        "view": view,
    }


def _status(actor: Actor, data: dict[str, Any], _now: datetime) -> dict[str, Any]:
    found = services.bid_status(actor, data["auction"], data["request_id"])
    if found is None:
        return {"receipt": None}
    return {"receipt": {"amount": queries.short(found.amount), "at_ms": _milliseconds(found.recv)}}


def _link(actor: Actor, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    services.note_link(actor, data["auction"], data["round_trip_ms"], now=now)
    return {}


def render(topic: str) -> View | None:
    """The committed state for everybody in the room: one shared part, and each bidder's own."""
    known, now = store.live(_id(topic)), app_now()
    with known.lock:
        shared = orjson.dumps(queries.shared_view(known, now))
        version = known.seq

    def personal(audience: str, key: str) -> bytes:
        if audience != "bidder":
            return b""
        with known.lock:
            return b'"mine":' + orjson.dumps(queries.pushed(known, key, now))

    staff = orjson.dumps({"version": version, "server_ms": _milliseconds(now)})
    return View(version, {"bidder": shared, "staff": staff}, personal)


def _tick(topic: str) -> dict[str, Any] | None:
    """The heartbeat: the version, and each lot's end. Reads memory only."""
    known: store.Live | None = current_app.extensions.get("srm_auctions", {}).get(_id(topic))
    if known is None:
        return None
    now = app_now()
    return {
        "version": known.seq,
        "ends": {name: _milliseconds(public_close(known.state, lot, now)) for name, lot in known.state.lots.items()},
    }
