"""A small WebSocket driver for python-engineio on gevent that writes straight to the socket.

Engine.IO's stock drivers keep a greenlet or two, a queue and a request environ per connection and pay for a switch per
message. Here a connection is one descriptor with a read watcher: what arrives is parsed in the event loop and handled
in a greenlet that lives only as long as there is something to do; what leaves is written at once, and only what the
kernel does not take is kept, up to a cap. A client that reads too slowly is let go: it reconnects and
gets a fresh view.

`install` puts the driver under an unmodified Socket.IO server by its two hooks: the websocket class, and the `connect`
event, where a socket is given our class before anything else happens to it.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

import gevent
from engineio import exceptions
from engineio import packet as engine_packet
from engineio import socket as engine_socket

from srm_portal.infra.realtime import frames
from srm_portal.infra.realtime.websocket import DirectWebSocket, Environ, Limits
from srm_portal.kernel.clock import monotonic

ENGINEIO_VERSION = "4.15.1"

_KEPT_OF_ENVIRON = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
    "REMOTE_ADDR", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_COOKIE", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "wsgi.url_scheme", "flask.app",
)  # fmt: skip
_PING = frames.encode_frame(b"2")
_PROBE_ANSWER = frames.encode_frame(b"3probe")
_ENGINE_CLOSE = frames.encode_frame(b"1")


def trimmed(environ: Environ) -> Environ:
    """What a later request context or authenticator needs; the rest of the handshake is let go."""
    return {name: environ[name] for name in _KEPT_OF_ENVIRON if name in environ}


class DirectSocket(engine_socket.Socket):  # type: ignore[misc]
    """Engine.IO's session: as it is while polling; without queue, writer and pinger once on a websocket."""

    driver: Driver
    queue: Any
    closed: bool
    closing: bool
    connected: bool
    link: DirectWebSocket | None = None
    ws: DirectWebSocket | None = None
    inbox: list[str] | None = None
    ending: str | None = None
    ping_sent_at: float | None = None
    ping_due_at = 0.0

    def send(self, pkt: engine_packet.Packet) -> None:
        if self.ws is not None:
            self.ws.send_frame(frame_of(pkt))
        elif self.queue.qsize() < self.driver.limits.queue_max:
            super().send(pkt)
        else:
            self.end(self.server.reason.TRANSPORT_ERROR)

    def send_frame(self, frame: bytes) -> None:
        """Send a prepared text frame; a polling client gets the same text through its queue."""
        if self.ws is not None:
            self.ws.send_frame(frame)
        elif not self.closed:
            self.send(engine_packet.Packet(engine_packet.MESSAGE, frames.payload_of(frame)[1:].decode()))

    def poll(self) -> list[engine_packet.Packet]:
        """Wait for packets; keeps its own hand on the queue, which an upgrade takes away."""
        queue = self.queue
        if queue is None:
            return [engine_packet.Packet(engine_packet.NOOP)]
        try:
            packets = [queue.get(timeout=self.server.ping_interval + self.server.ping_timeout)]
        except self.server.get_queue_empty_exception():
            raise exceptions.QueueEmpty() from None
        while not queue.empty():
            packets.append(queue.get_nowait())
        return [packet for packet in packets if packet is not None]

    def check_ping_timeout(self) -> bool:
        """Only asks whether it is closed: the driver's ticker watches the pings."""
        if self.closed:
            raise exceptions.SocketIsClosedError()
        return True

    def schedule_ping(self) -> None:
        """A pong came by polling."""
        self.ping_sent_at = None

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Tell the server, then the client; never waits for the client."""
        if self.closed or self.closing:
            return
        if self.ws is None:
            if self.link is not None:
                self.link.close()
            super().close(wait=False, abort=abort, reason=reason)
            return
        self.closing = True
        self.server._trigger_event("disconnect", self.sid, reason or self.server.reason.SERVER_DISCONNECT)
        if not abort:
            self.ws.send_frame(_ENGINE_CLOSE)
        self.closed = True
        self.ws.close()
        self.server.sockets.pop(self.sid, None)

    def end(self, reason: str) -> None:
        """Close from the event loop, or from inside a fan-out: later, and not while a message is being handled."""
        if self.inbox is not None:
            self.ending = reason
        elif not self.closed:
            gevent.spawn(self.close, abort=True, reason=reason)

    def handshake_failed(self) -> None:
        if not self.connected:
            self.close(abort=True, reason=self.server.reason.TRANSPORT_ERROR)

    def attach(self, link: DirectWebSocket) -> None:
        """A websocket is open: at once the transport of a new session, or the one a polling session may move to."""
        if self.link is not None:
            self.link.owner = None
            self.link.abort()
        self.link = link
        if self.connected:
            self.upgrading = True
        else:
            self.connected = True
            self._go_direct()

    def on_lost(self, link: DirectWebSocket, reason: str) -> None:
        if self.ws is link:
            self.end(reason)
        elif self.link is link:
            self.link, self.upgrading = None, False

    def on_text(self, text: str) -> None:
        """In the event loop: pongs are done here, everything else waits its turn in one short-lived greenlet."""
        if text == "3" and self.ws is not None:
            self.ping_sent_at = None
        elif self.inbox is None:
            self.inbox = [text]
            gevent.spawn(self._work_off)
        else:
            self.inbox.append(text)
            if len(self.inbox) >= self.driver.limits.inbox_max and self.link is not None:
                self.link.pause()

    def _work_off(self) -> None:
        try:
            while self.inbox and not self.closed:
                batch, self.inbox = self.inbox, []
                for text in batch:
                    if self.closed or self.ending:
                        break
                    self._take(text)
                if self.link is not None:
                    self.link.resume()
        finally:
            self.inbox = None
            if self.ending:
                self.close(abort=True, reason=self.ending)

    def _take(self, text: str) -> None:
        kind, link = text[:1], self.link
        if kind == "4" and self.ws is not None:
            self.server._trigger_event("message", self.sid, text[1:])
        elif kind == "1" and self.ws is not None:
            self.close(abort=True, reason=self.server.reason.CLIENT_DISCONNECT)
        elif text == "2probe" and self.upgrading and link is not None:
            link.send_frame(_PROBE_ANSWER)
            self.queue.put(engine_packet.Packet(engine_packet.NOOP))
        elif text == "5" and self.upgrading:
            self._go_direct()
        elif link is not None:
            link.close(frames.PROTOCOL_ERROR, "unknown packet")
            self.on_lost(link, self.server.reason.TRANSPORT_ERROR)

    def _go_direct(self) -> None:
        """From here on packets are written, not queued; those that still wait go first."""
        queue, self.queue = self.queue, None
        self.ws, self.upgraded, self.upgrading = self.link, True, False
        while not queue.empty():
            packet = queue.get_nowait()
            if packet is not None and packet.packet_type != engine_packet.NOOP:
                self.send(packet)


def frame_of(pkt: engine_packet.Packet) -> bytes:
    """The packet as a frame, made once however many receive it."""
    frame: bytes | None = getattr(pkt, "frame", None)
    if frame is None:
        encoded = pkt.encode()
        if isinstance(encoded, str):
            frame = frames.encode_frame(encoded.encode())
        else:
            frame = frames.encode_frame(bytes(encoded), frames.BINARY)
        pkt.frame = frame
    return frame


class DirectSender:
    """Sends prepared texts to engine sessions of a server with this driver."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def prepare(self, text: bytes) -> bytes:
        """An Engine.IO packet's text as a frame."""
        return frames.encode_frame(text)

    def send(self, engine_sid: str, frame: bytes) -> None:
        """Unknown and closed sessions are passed over."""
        session = self._engine.sockets.get(engine_sid)
        if session is not None:
            session.send_frame(frame)


class Driver:
    """What all connections of one Socket.IO server share: limits, the ping ticker, connections on their way out."""

    def __init__(self, server: Any, limits: Limits) -> None:
        self.engine = server.eio
        self.reason = server.eio.reason
        self.limits = limits
        self.lingering: dict[DirectWebSocket, float] = {}
        self._on_connect = self.engine.handlers["connect"]
        self._ticker: gevent.Greenlet | None = None
        self.engine._async = {**self.engine._async, "websocket": self._websocket}
        self.engine.start_service_task = False
        self.engine.on("connect", self._adopt)

    def tick(self, now: float) -> None:
        """Ping who is due, end who did not answer, drop who lingers. `now` in monotonic seconds."""
        for number, session in enumerate(tuple(self.engine.sockets.values()), start=1):
            if session.closed:
                self.engine.sockets.pop(session.sid, None)
            elif session.ping_sent_at is not None:
                if now - session.ping_sent_at > self.engine.ping_timeout:
                    session.end(self.reason.PING_TIMEOUT)
            elif now >= session.ping_due_at:
                session.ping_sent_at = now
                session.ping_due_at = now + self.engine.ping_interval
                if session.ws is not None:
                    session.ws.send_frame(_PING)
                else:
                    session.send(engine_packet.Packet(engine_packet.PING))
            if number % 250 == 0:
                gevent.sleep(0)
        for link in [link for link, until in self.lingering.items() if now >= until]:
            link.abort()

    def _adopt(self, sid: str, environ: Environ) -> Any:
        session = self.engine.sockets[sid]
        session.__class__ = DirectSocket
        session.driver = self
        session.ping_due_at = monotonic() + self.engine.ping_interval
        if self._ticker is None:
            self._ticker = gevent.spawn(self._run)
        return self._on_connect(sid, trimmed(environ))

    def _run(self) -> None:
        while True:
            gevent.sleep(1)
            self.tick(monotonic())

    def _websocket(self, handler: Any, _engine: Any) -> DirectWebSocket:
        return DirectWebSocket(handler.__self__, self)


def install(server: Any, limits: Limits | None = None) -> Driver:
    """Put the driver under a Socket.IO server that is not serving yet; serve it with `DirectHandler`."""
    version = metadata.version("python-engineio")
    if version != ENGINEIO_VERSION:
        raise RuntimeError(f"the direct driver is made for python-engineio {ENGINEIO_VERSION}, this is {version}")
    if server.async_mode != "gevent":
        raise RuntimeError(f"the direct driver needs gevent, the server runs {server.async_mode}")
    return Driver(server, limits or Limits())
