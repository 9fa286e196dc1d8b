"""What a push, a connection and an acknowledgement cost, against the floor that a compiled WebSocket server sets.

`run()` returns the figures; `python benchmarks/realtime.py [participants ...]` prints them as JSON. Every figure comes
from a server process of its own, measured in CPU seconds and resident memory, on this machine and in this run. The
floor is picows (Cython) writing the same bytes to as many connections at the same pace.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROUNDS, EVERY_S, SETTLE_S = 100, 0.05, 1.0
STALLED_PUSHES, STALLED_BYTES = 10_000, 1_000


def body_of(number: int, key: str) -> bytes:
    """One personal view as a supplier would get it, about 130 bytes."""
    shared = b'{"topic":"room:bench","v":%d,"best":"98765.00","ends":"2030-01-01T12:00:00.000Z"' % number
    return shared + b',"me":{"rank":%d,"own":"98770.00"}}' % (int(key) % 50)


# the three programs


def serve_ours(driver: str) -> None:
    """Our server with one kind of room, all sockets in it, pushing on demand."""
    if driver != "threading":
        from gevent import monkey

        monkey.patch_all()
    import gc

    import psutil
    from flask import Flask, request

    from srm_portal.infra.realtime import EventLimits, Join, Realtime, View, create_socketio, serve
    from srm_portal.infra.realtime.schema import fields
    from srm_portal.kernel.permissions import Actor

    app = Flask(__name__)
    app.config["SRM_REALTIME_DRIVER"] = driver
    socketio = create_socketio(app)
    realtime = Realtime(limits=EventLimits(sockets_per_user_max=100_000, rate=1000, burst=1000))
    state = {"version": 0}

    def render(topic: str) -> View:
        version = state["version"]
        return View(version, {"all": b"{}"}, lambda audience, key: body_of(version, key)[1:-1])

    def who(environ: Any) -> Actor:
        return Actor(environ["HTTP_COOKIE"].partition("=")[2], "bidder", "org", frozenset({"supplier_user"}))

    def join(actor: Actor, data: Any, now: Any) -> Join:
        return Join("room:bench", {}, state["version"], "all", actor.user_id, frozenset({f"bench/{actor.user_id}"}))

    realtime.on("join", fields({}), "self:edit", join)
    realtime.on("ask", fields({}), "self:edit", lambda actor, data, now: {"n": 1})
    realtime.topic("room", "view", render)
    realtime.init_app(app, socketio, who)
    realtime.fanout._interval_s = 0.0
    flush, sent = realtime.fanout.flush, [0]

    def counted(topic: Any, now: float) -> int:
        sent[0] += (number := flush(topic, now))
        return number

    realtime.fanout.flush = counted  # type: ignore[method-assign]

    @app.post("/push")
    def push() -> dict[str, Any]:
        process = psutil.Process()
        before, started = sum(process.cpu_times()[:2]), time.monotonic()
        for number in range(int(request.args["rounds"])):
            state["version"] += 1
            realtime.publish("room:bench", state["version"])
            socketio.sleep(max(0.0, started + (number + 1) * EVERY_S - time.monotonic()))
        socketio.sleep(SETTLE_S)
        return {"cpu_s": sum(process.cpu_times()[:2]) - before, "sent": sent[0]}

    @app.post("/stall")
    def stall() -> dict[str, Any]:
        for number in range(STALLED_PUSHES):
            realtime.tell("notice", {"number": number, "text": "x" * STALLED_BYTES}, user_id="stalled")
            if number % 50 == 0:
                socketio.sleep(0.002)
        return {}

    @app.get("/memory")
    def memory() -> dict[str, Any]:
        gc.collect()
        return {"rss": psutil.Process().memory_info().rss, "sessions": len(realtime.registry)}

    serve(app, socketio, "127.0.0.1", 0, on_ready=lambda host, port: os.write(1, f"{port}\n".encode()))


def serve_floor() -> None:
    """picows sending the same bytes; HTTP-free: a line on standard input starts the rounds."""
    import psutil
    import uvloop
    from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

    links: list[WSTransport] = []

    class Link(WSListener):  # type: ignore[misc]
        def on_ws_connected(self, transport: WSTransport) -> None:
            links.append(transport)

        def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
            if frame.msg_type == WSMsgType.TEXT:
                transport.send(WSMsgType.TEXT, b"431[{}]")

    async def rounds(count: int) -> dict[str, Any]:
        process = psutil.Process()
        before, started = sum(process.cpu_times()[:2]), time.monotonic()
        for number in range(count):
            for key, link in enumerate(links):
                link.send(WSMsgType.TEXT, b'42["view",' + body_of(number + 1, str(key)) + b"]")
            await asyncio.sleep(max(0.0, started + (number + 1) * EVERY_S - time.monotonic()))
        await asyncio.sleep(SETTLE_S)
        return {"cpu_s": sum(process.cpu_times()[:2]) - before, "sent": count * len(links)}

    async def main() -> None:
        server = await ws_create_server(lambda request: Link(), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            print(json.dumps(await rounds(int(line))), flush=True)

    uvloop.run(main())


def listen(port: int, participants: int) -> None:
    """Participants that join and count what they get; a number on standard input is answered once so many came."""
    import uvloop
    from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

    joined, received = 0, 0

    class Participant(WSListener):  # type: ignore[misc]
        def on_ws_connected(self, transport: WSTransport) -> None:
            if participants_of_floor:
                transport.send(WSMsgType.TEXT, b"40")

        def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
            nonlocal joined, received
            if frame.msg_type != WSMsgType.TEXT:
                return
            text = frame.get_payload_as_bytes()
            if text.startswith(b"42["):
                received += 1
            elif text.startswith(b"431["):
                joined += 1
            elif text.startswith(b"40"):
                transport.send(WSMsgType.TEXT, b'421["join",{}]')
            elif text.startswith(b"0"):
                transport.send(WSMsgType.TEXT, b"40")
            elif text == b"2":
                transport.send(WSMsgType.TEXT, b"3")

    async def main() -> None:
        url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        kept = []
        for number in range(participants):
            kept.append(await ws_connect(Participant, url, extra_headers={"Cookie": f"who={number}"}))
        while joined < participants:
            await asyncio.sleep(0.01)
        print("joined", flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            while received < int(line):
                await asyncio.sleep(0.01)
            print(received, flush=True)

    participants_of_floor = os.environ.get("FLOOR") == "1"
    uvloop.run(main())


# the measurements


def push_cost(program: list[str], participants: int, rounds: int = ROUNDS) -> float:
    """Microseconds of server CPU per delivered personal push."""
    floor = program[0] == "floor"
    with started(*program) as server:
        port = int(line_of(server))
        with started("listen", str(port), str(participants), FLOOR="1" if floor else "0") as crowd:
            assert line_of(crowd) == "joined"
            if floor:
                tell(server, rounds)
                result = json.loads(line_of(server))
            else:
                result = ask(port, f"/push?rounds={rounds}", "POST")
            tell(crowd, result["sent"])
            assert int(line_of(crowd)) >= result["sent"]
    return float(result["cpu_s"]) / result["sent"] * 1e6


def idle_memory(driver: str, connections: int = 1000) -> float:
    """KiB of resident memory per connection that has joined a room and says nothing."""
    with started("ours", driver) as server:
        port = int(line_of(server))
        with started("listen", str(port), "100"):
            while ask(port, "/memory")["sessions"] < 100:
                time.sleep(0.05)
            before = ask(port, "/memory")["rss"]
            with started("listen", str(port), str(connections)) as crowd:
                assert line_of(crowd) == "joined"
                return float(ask(port, "/memory")["rss"] - before) / connections / 1024


def churn_growth(driver: str = "direct", reconnects: int = 10_000) -> float:
    """MiB of resident memory more after so many connections came and went, a first thousand not counted."""
    with started("ours", driver) as server:
        port = int(line_of(server))
        before = 0
        for number in range(reconnects + 1000):
            if number == 1000:
                before = ask(port, "/memory")["rss"]
            Plain(port, f"churn{number}").sock.close()
        while ask(port, "/memory")["sessions"]:
            time.sleep(0.05)
        return round((ask(port, "/memory")["rss"] - before) / 2**20, 2)


def acknowledgement(driver: str, count: int = 200) -> dict[str, float]:
    """Milliseconds until an event is acknowledged, one client, nothing else going on."""
    with started("ours", driver) as server:
        client = Plain(int(line_of(server)), "ack")
        return percentiles([client.ask() for _ in range(count)])


def stalled_client(driver: str = "direct") -> dict[str, float]:
    """One client stops reading while thousands of messages are for it: memory, and what another client notices.

    The other client's figure is set against the same messages sent while nobody is there to receive them.
    """
    with started("ours", driver) as server:
        port = int(line_of(server))
        other = Plain(port, "other")
        before = ask(port, "/memory")["rss"]
        nobody = acknowledgements_during(other, port, "/stall")
        stalled = Plain(port, "stalled", receive_buffer=4096)
        somebody = acknowledgements_during(other, port, "/stall")
        after = ask(port, "/memory")["rss"]
        stalled.sock.close()
    return {
        "rss_growth_mib": round((after - before) / 2**20, 2),
        "others_ack_p99_without_ms": nobody["p99"],
        "others_ack_p99_ms": somebody["p99"],
    }


def acknowledgements_during(client: Plain, port: int, path: str) -> dict[str, float]:
    posting = threading.Thread(target=ask, args=(port, path, "POST"))
    posting.start()
    milliseconds = []
    while posting.is_alive():
        milliseconds.append(client.ask(pause_s=0.002))
    return percentiles(milliseconds)


def run(sizes: tuple[int, ...] = (500, 5000)) -> dict[str, Any]:
    """All figures; `sizes` are the numbers of participants to push to."""
    figures: dict[str, Any] = {"pushes": {}}
    for participants in sizes:
        rounds = ROUNDS if participants <= 1000 else ROUNDS // 5
        floor = [push_cost(["floor"], participants, rounds)]
        ours = [push_cost(["ours", "direct"], participants, rounds) for _ in range(3)]
        stock = push_cost(["ours", "gevent-websocket"], participants, rounds) if participants <= 1000 else None
        floor += [push_cost(["floor"], participants, rounds) for _ in range(2)]
        figures["pushes"][participants] = {
            "direct_us": round(statistics.median(ours), 2),
            "picows_us": round(statistics.median(floor), 2),
            "ratio_to_picows": round(statistics.median(ours) / statistics.median(floor), 2),
            "gevent_websocket_us": stock and round(stock, 2),
        }
    figures["idle_kib_per_connection"] = {
        driver: round(idle_memory(driver), 1) for driver in ("direct", "gevent-websocket")
    }
    figures["ack_ms"] = {driver: acknowledgement(driver) for driver in ("direct", "gevent-websocket")}
    figures["stalled"] = stalled_client()
    figures["mib_after_10000_reconnects"] = churn_growth()
    return figures


# tools


class Plain:
    """A blocking Socket.IO client of a few lines, for latencies of one client."""

    def __init__(self, port: int, who: str, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.connect(("127.0.0.1", port))
        self.sock.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            b"Cookie: who=" + who.encode() + b"\r\n\r\n"
        )
        self._seen = b""
        self._wait_for(b'"maxPayload"')
        self._send(b"40")
        self._wait_for(b'40{"sid"')

    def ask(self, pause_s: float = 0.0) -> float:
        """Milliseconds from sending an event to its acknowledgement, after a pause."""
        time.sleep(pause_s)
        began = time.perf_counter()
        self._send(b'427["ask",{}]')
        self._wait_for(b"437[")
        return (time.perf_counter() - began) * 1000

    def _send(self, text: bytes) -> None:
        self.sock.sendall(bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text)

    def _wait_for(self, mark: bytes) -> None:
        while mark not in self._seen:
            data = self.sock.recv(65536)
            assert data, "the server ended the connection"
            self._seen += data
        self._seen = b""


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """One of the programs above as a process, ended on leaving."""
    process = subprocess.Popen(
        [sys.executable, __file__, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], number: int) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{number}\n")
    process.stdin.flush()


def ask(port: int, path: str, method: str = "GET") -> dict[str, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(request, timeout=300) as response:
        return json.load(response)  # type: ignore[no-any-return]


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    return {
        "p50": round(ordered[len(ordered) // 2], 2),
        "p99": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 2),
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours", name]:
            serve_ours(name)
        case ["floor"]:
            serve_floor()
        case ["listen", number, people]:
            listen(int(number), int(people))
        case counts:
            print(json.dumps(run(tuple(int(count) for count in counts) or (500,)), indent=1))
