"""Seats in live auctions: raw Socket.IO over picows, and a network between them and the server that is as bad as asked.

A seat behaves as the page does: it joins, follows pushes by their version, asks anew after a gap or a silence, connects
again after a loss, and asks about an unanswered bid under the same key.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

SILENCE_S, ANSWER_S = 6.0, 8.0
LOST = (OSError, TimeoutError, ConnectionError)


class Link(WSListener):  # type: ignore[misc]
    """One WebSocket: events out with their acknowledgements, pushes in."""

    def __init__(self, on_push: Callable[[str, Any, int], None]) -> None:
        self._on_push = on_push
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._transport: WSTransport | None = None
        self.heard_at = time.monotonic()
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        for future in (self.opened, *self._asked.values()):
            if not future.done():
                future.set_exception(ConnectionError("the line was cut"))
                future.exception()
        if not self.closed.done():
            self.closed.set_result(None)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.TEXT:
            return
        self.heard_at = time.monotonic()
        text = frame.get_payload_as_bytes()
        if text.startswith(b"42"):
            event, data = json.loads(text[2:])
            self._on_push(event, data, len(text))
        elif text.startswith(b"43"):
            number, _, body = text[2:].partition(b"[")
            future = self._asked.pop(int(number), None)
            if future is not None and not future.done():
                future.set_result(json.loads(b"[" + body)[0])
        elif text == b"2":
            transport.send(WSMsgType.TEXT, b"3")
        elif text.startswith(b"40") and not self.opened.done():
            self.opened.set_result(None)
        elif text.startswith(b"0"):
            transport.send(WSMsgType.TEXT, b"40")

    def ask(self, event: str, data: dict[str, Any]) -> asyncio.Future[Any]:
        """Send an event; the future is its acknowledgement."""
        number = next(self._numbers)
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        if self._transport is None or self.closed.done():
            raise ConnectionError("not connected")
        self._transport.send(WSMsgType.TEXT, f"42{number}{json.dumps([event, data])}".encode())
        return future

    def end(self) -> None:
        if self._transport is not None:
            self._transport.disconnect(False)


@dataclass(eq=False)
class Seat:
    """One open page of one person."""

    cookie: str
    auction: str
    port: int
    link: Link | None = None
    version: int = -1
    connections: int = 0
    asked_anew: int = 0
    pushes: int = 0
    longest_push: int = 0
    on_view: Callable[[Seat, int], None] | None = None
    _behind: int = 0
    _kept: set[asyncio.Task[Any]] = field(default_factory=set)

    async def enter(self) -> Link:
        """Connect and join; the snapshot's version is ours."""
        link = Link(self._pushed)
        url = f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket"
        async with asyncio.timeout(ANSWER_S * 2):
            await ws_connect(lambda: link, url, extra_headers={"Cookie": self.cookie})
            await link.opened
            view = await link.ask("auction.join", {"auction": self.auction})
        if not view["ok"]:
            raise AssertionError(f"not let in: {view}")
        self.connections += 1
        self.version, self.link = max(self.version, view["version"]), link
        return link

    async def stay(self, stopped: asyncio.Event, chance: Random) -> None:
        """Be there until told to stop, through every loss of the line."""
        while not stopped.is_set():
            with suppress(*LOST):
                link = await self.enter()
                while not link.closed.done() and time.monotonic() - link.heard_at < SILENCE_S:
                    await asyncio.wait({link.closed}, timeout=1)
                link.end()
            self.link = None
            await asyncio.sleep(0.2 + chance.random())

    async def bid(self, amount: int, key: str, lot: str = "L1") -> dict[str, Any]:
        """The answer to this bid, however often it has to be asked for."""
        asked = {"auction": self.auction, "lot": lot, "amount": str(amount), "request_id": key, "confirmed": True}
        while True:
            with suppress(*LOST):
                if self.link is not None:
                    answer: dict[str, Any] = await asyncio.wait_for(self.link.ask("auction.bid", asked), ANSWER_S)
                    if answer.get("code") != "internal":
                        return answer
            await asyncio.sleep(0.1)

    def _pushed(self, event: str, data: Any, size: int) -> None:
        if event == "auction":
            self.pushes += 1
            self.longest_push = max(self.longest_push, size)
            self.version = max(self.version, data["version"])
            if self.on_view is not None:
                self.on_view(self, data["version"])
        elif event == "tick" and data.get("version", -1) > self.version:
            self._behind += 1
            if self._behind > 1:
                self._behind = 0
                task = asyncio.ensure_future(self._anew())
                self._kept.add(task)
                task.add_done_callback(self._kept.discard)

    async def _anew(self) -> None:
        self.asked_anew += 1
        with suppress(*LOST):
            if self.link is not None:
                view = await asyncio.wait_for(self.link.ask("auction.sync", {"auction": self.auction}), ANSWER_S)
                self.version = max(self.version, view["version"])


@dataclass
class BadNetwork:
    """A TCP proxy that delays, stalls and cuts. `calm` lets everything pass."""

    server_port: int
    chance: Random
    delay_s: float = 0.05
    cut_every_s: float = 60.0
    stall_every_s: float = 90.0
    calm: bool = False
    cuts: int = 0
    stalls: int = 0

    async def open(self) -> int:
        """Start listening; returns the port."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0, backlog=1024)
        return int(server.sockets[0].getsockname()[1])

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*LOST, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self.server_port)
            ways = [asyncio.ensure_future(self._pipe(reader, back)), asyncio.ensure_future(self._pipe(there, writer))]
            fate = asyncio.ensure_future(self._fate())
            await asyncio.wait({*ways, fate}, return_when=asyncio.FIRST_COMPLETED)
            for task in (*ways, fate):
                task.cancel()
            back.transport.abort()
        writer.transport.abort()

    async def _fate(self) -> None:
        """Ends when the line is cut."""
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / self.cut_every_s))
            if not self.calm:
                self.cuts += 1
                return

    async def _pipe(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        stall_at = time.monotonic() + self.chance.expovariate(1 / self.stall_every_s)
        while data := await source.read(65536):
            if not self.calm:
                await asyncio.sleep(self.chance.random() * self.delay_s)
                if time.monotonic() > stall_at:
                    self.stalls += 1
                    await asyncio.sleep(self.chance.uniform(1, 10))
                    stall_at = time.monotonic() + self.chance.expovariate(1 / self.stall_every_s)
            target.write(data)
            await target.drain()
