"""A stand of the auction's socket protocol: a lot, one bidder's view of it, answers as the engine gives them."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from flask import Flask, render_template_string, request
from flask_socketio import SocketIO
from flask_wtf.csrf import CSRFProtect

STEP = Decimal(250)
PAGE = (
    "{% extends 'layouts/room.html' %}{% block title %}CNC housings{% endblock %}"
    "{% block room %}{{ ui.bidder_room(room) }}{% endblock %}"
)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Stand:
    """One bidder (own), one rival (best); the tests move the rival and the clock."""

    def __init__(self) -> None:
        self.own, self.best, self.version, self.extended = Decimal(185500), Decimal(184250), 7, 1
        self.ends_ms, self.state, self.answer_bids = now_ms() + 272_000, "running", True
        self.receipts: dict[str, dict[str, Any]] = {}
        self.rank_only = False

    def lot(self) -> dict[str, Any]:
        leading = self.own <= self.best
        shown: dict[str, Any] = {
            "id": "lot-2",
            "name": "Lot 2",
            "title": "CNC housings AL-7075",
            "url": "?lot=lot-2",
            "state": "open",
            "opens_ms": self.ends_ms - 900_000,
            "ends_ms": self.ends_ms,
            "extended": self.extended,
            "currency": "EUR",
            "digits": 2,
            "step": str(STEP),
            "limit": str(self.own - STEP),
            "max_change": "0.05",
            "own": str(self.own),
            "own_at_ms": now_ms() - 131_000,
            "rank": 1 if leading else 2,
            "of": 5,
            "leading": leading,
            "log": [
                {"seq": 9, "at_ms": now_ms() - 12_000, "kind": "bid", "own": False, "amount": str(self.best)},
                {"seq": 8, "at_ms": now_ms() - 131_000, "kind": "bid", "own": True, "amount": str(self.own)},
                {"seq": 5, "at_ms": now_ms() - 200_000, "kind": "extension"},
            ],
            "history": [
                [now_ms() // 1000 - 600, 191000, 191000],
                [now_ms() // 1000 - 420, 189750, 189000],
                [now_ms() // 1000 - 130, float(self.own), 186000],
                [now_ms() // 1000, float(self.own), float(self.best)],
            ],
        }
        if self.rank_only:
            return {key: value for key, value in shown.items() if key not in ("leading", "of")}
        if not leading:
            shown |= {"lead": str(self.best - STEP), "gap": float((self.own - self.best) / self.best)}
        return shown | {"best": str(self.best)}

    def view(self) -> dict[str, Any]:
        others = [
            {"id": "lot-1", "name": "Lot 1", "url": "#", "state": "open", "rank": 1, "of": 6, "leading": True},
            {"id": "lot-3", "name": "Lot 3", "url": "#", "state": "waiting", "opens_ms": now_ms() + 900_000},
        ]
        lots = [others[0], self.lot(), others[1]]
        return {"version": self.version, "state": self.state, "server_ms": now_ms(), "lots": lots}

    def page(self) -> dict[str, Any]:
        return {
            "auction": "a1",
            "lot": "lot-2",
            "lots": self.view()["lots"],
            "view": self.view(),
            "server_ms": now_ms(),
            "state": self.state,
            "buyer": "Nordwerk GmbH",
            "reference": "P-2026-0142",
            "back_url": "#",
            "bid_url": "/room/bid",
            "phone": "+49 30 1234567",
            "help": "Anna Keller answers during the auction.",
        }

    def bid(self, data: dict[str, Any]) -> dict[str, Any]:
        amount = Decimal(data["amount"])
        if amount > self.own - STEP:
            return {"ok": False, "code": "decrement", "next_valid": str(self.own - STEP)}
        if (self.own - amount) / self.own >= Decimal("0.05") and not data["confirmed"]:
            return {"ok": False, "code": "needs_confirmation"}
        self.own, self.version = amount, self.version + 1
        self.receipts[data["request_id"]] = {"amount": data["amount"]}
        return {"ok": True, "amount": data["amount"], "at_ms": now_ms(), "view": self.view()}


def add_room(app: Flask) -> tuple[Stand, SocketIO]:
    stand, socketio = Stand(), SocketIO(app, async_mode="threading", ping_interval=4, ping_timeout=3)

    @app.get("/room")
    def room():
        return render_template_string(PAGE, room=stand.page())

    @app.post("/room/bid")
    def plain_bid():
        stand.bid({**request.form, "confirmed": bool(request.form["confirmed"])})
        return room()

    @socketio.on("auction.join")
    def join(_data):
        return {"ok": True, **stand.view()}

    @socketio.on("clock.echo")
    def echo(_data):
        return {"ok": True, "server_ms": now_ms()}

    @socketio.on("auction.bid")
    def bid(data):
        return stand.bid(data) if stand.answer_bids else {"ok": False, "code": "late"}

    @socketio.on("auction.status")
    def status(data):
        return {"ok": True, "receipt": stand.receipts.get(data["request_id"])}

    csrf: CSRFProtect = app.extensions["csrf"]
    csrf.exempt(plain_bid)
    return stand, socketio
