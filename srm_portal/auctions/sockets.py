"""Live auctions over the socket: joining, bidding, accepting, and what is pushed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask import Flask, current_app

from srm_portal.auctions import queries, services, store
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one socket may follow: a bidder's own view, or the little that makes a board read itself anew."""

    audience: str
    key: str
    view: dict[str, Any]
    entry: int
    scopes: frozenset[str]


def _seen(actor: Actor, auction_id: str, now: datetime) -> _Seen:
    scope = f"auction:{auction_id}"
    if actor.supplier_id is None:
        if not actor.may("auction:read"):
            raise NotFound
        row = store.auction_row(actor, auction_id)
        view = {"version": row.seq, "server_ms": _milliseconds(now)}
        return _Seen("staff", "", view, row.seq, frozenset({f"{scope}:staff"}))
    seat = queries.seat(actor, auction_id)
    if seat.must_accept:
        raise NotFound
    known = store.live(auction_id, seat.seq)
    own = frozenset({scope, f"{scope}:{actor.supplier_id}", f"event:{seat.event_id}:{actor.supplier_id}"})
    with known.lock:
        return _Seen("bidder", seat.alias, queries.snapshot(known, seat.alias, now), known.seq, own)


def _join(actor: Actor, data: dict[str, Any], now: datetime) -> Join:
    seen = _seen(actor, data["auction"], now)
    return Join(f"{TOPIC}:{data['auction']}", seen.view, seen.entry, seen.audience, seen.key, seen.scopes)


def _sync(actor: Actor, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    return _seen(actor, data["auction"], now).view


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
    known = store.remembered(receipt.auction_id) or store.live(receipt.auction_id)
    name = known.alias_of(actor.supplier_id) or ""
    now = app_now()
    return {
        "amount": queries.short(receipt.amount),
        "at_ms": _milliseconds(receipt.recv),
        "replayed": receipt.replayed,
        "receipt": receipt.entry_hash,
        "view": queries.own_view(known, name, now),
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
    """The committed state for everybody in the room: one shared part, and each bidder's own.

    Bidders are sent nothing where all that is new are acts of others that they may not notice (R42, R51).
    """
    known, now = store.live(_id(topic)), app_now()
    with known.lock:
        version, news = known.seq, known.loud > known.told
        known.told = known.loud
        seen = {"bidder": orjson.dumps(queries.shared_view(known, now))} if news else {}

    def personal(audience: str, key: str) -> bytes:
        if audience != "bidder":
            return b""
        with known.lock:
            return orjson.dumps(queries.pushed(known, key, now))[1:-1]

    staff = orjson.dumps({"version": version, "server_ms": _milliseconds(now)})
    return View(version, seen | {"staff": staff}, personal)


def _tick(topic: str) -> dict[str, Any] | None:
    """The heartbeat: the version, and each lot's end. Reads memory only."""
    known: store.Live | None = current_app.extensions.get("srm_auctions", {}).get(_id(topic))
    if known is None:
        return None
    with known.lock:
        return {"version": queries.version_for(known), "ends": queries.ends(known, app_now())}
