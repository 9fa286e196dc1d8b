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

import base64
import binascii
import hashlib
import socket
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import gevent
from engineio import exceptions
from engineio import packet as engine_packet
from engineio import socket as engine_socket
from gevent import monkey, pywsgi

from srm_portal.infra.realtime import frames
from srm_portal.kernel.clock import monotonic

ENGINEIO_VERSION = "4.15.1"

_RawSocket = monkey.get_original("socket", "socket")
_HANDLER = "srm.handler"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEPT_OF_ENVIRON = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
    "REMOTE_ADDR", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_COOKIE", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "wsgi.url_scheme", "flask.app",
)  # fmt: skip
_PING = frames.encode_frame(b"2")
_PROBE_ANSWER = frames.encode_frame(b"3probe")
_ENGINE_CLOSE = frames.encode_frame(b"1")
_RECEIVE = 32 * 1024

Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes unless said otherwise. `inbox` messages wait before reading pauses; `queue` packets before polling ends."""

    frame_in_max: int = 16 * 1024
    buffer_out_max: int = 256 * 1024
    inbox_max: int = 64
    queue_max: int = 512
    linger_s: float = 1.0


def trimmed(environ: Environ) -> Environ:
    """What a later request context or authenticator needs; the rest of the handshake is let go."""
    return {name: environ[name] for name in _KEPT_OF_ENVIRON if name in environ}


def handshake_answer(environ: Environ) -> bytes | None:
    """The 101 response, or None where the request is not a WebSocket handshake (RFC 6455, 4.2). No extensions."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip()
    try:
        nonce = base64.b64decode(key, validate=True)
    except binascii.Error:
        return None
    if len(nonce) != 16 or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        return None
    if environ["REQUEST_METHOD"] != "GET" or environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
        return None
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


class DirectHandler(pywsgi.WSGIHandler):  # type: ignore[misc]
    """A request handler whose socket the driver can take over, so that no greenlet stays behind."""

    socket: Any

    def get_environ(self) -> Environ:
        environ: Environ = super().get_environ()
        environ[_HANDLER] = weakref.ref(self)
        return environ

    def take_socket(self) -> tuple[socket.socket, bytes]:
        """The bare non-blocking socket, and what the client sent right behind its handshake."""
        self.socket.settimeout(0)
        early = self.rfile.peek()
        taken = _RawSocket(fileno=self.socket.detach())
        taken.setblocking(False)
        self.socket, self.close_connection = None, True
        return taken, early


class DirectWebSocket:
    """One connection after the handshake. Methods run in the event loop or in any greenlet and never wait."""

    __slots__ = ("_driver", "_out", "_readable", "_reader", "_sock", "_writable", "closing", "owner")

    def __init__(self, owner: DirectSocket, driver: Driver) -> None:
        self.owner: DirectSocket | None = owner
        self._driver = driver
        self._sock: socket.socket | None = None
        self._reader = frames.FrameReader(driver.limits.frame_in_max)
        self._readable: Any = None
        self._writable: Any = None
        self._out: bytearray | None = None
        self.closing = False

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes] | Environ:
        """Engine.IO's way to start: as a WSGI application that answers the handshake."""
        assert self.owner is not None
        answer = handshake_answer(environ)
        if answer is None:
            self.owner.handshake_failed()
            refusal: Environ = self._driver.engine._bad_request("Invalid websocket handshake")
            return refusal
        self._sock, early = environ[_HANDLER]().take_socket()
        self._readable = gevent.get_hub().loop.io(self._sock.fileno(), 1)
        self._write(answer)
        self.owner.attach(self)
        self.resume()
        if early:
            self._received(early)
        return ()

    def send_frame(self, frame: bytes) -> None:
        """Write one whole frame now; keep what the kernel does not take; let a slow reader go at the cap."""
        if not self.closing:
            self._write(frame)

    def close(self, code: int = frames.NORMAL, reason: str = "") -> None:
        """Say goodbye, let what is buffered leave, and drop the connection after at most `linger_s`."""
        if self.closing:
            return
        self._write(frames.encode_close(code, reason))
        self._finish()

    def abort(self) -> None:
        """Let go of the descriptor at once."""
        self.closing, self._out = True, None
        sock, self._sock = self._sock, None
        if sock is None:
            return
        for watcher in (self._readable, self._writable):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._readable = self._writable = None
        self._driver.lingering.pop(self, None)
        sock.close()

    def pause(self) -> None:
        """Stop reading: the client has more unanswered messages than it may have."""
        if self._readable is not None:
            self._readable.stop()

    def resume(self) -> None:
        if self._readable is not None and not self._readable.active:
            self._readable.start(self._on_readable)

    def _on_readable(self) -> None:
        assert self._sock is not None
        try:
            data = self._sock.recv(_RECEIVE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._received(data)
        else:
            self._lost(self._driver.reason.TRANSPORT_CLOSE)

    def _received(self, data: bytes) -> None:
        if self.closing:
            return
        try:
            for opcode, payload in self._reader.feed(data):
                if opcode == frames.TEXT and self.owner is not None:
                    self.owner.on_text(str(payload))
                elif opcode == frames.PING:
                    self._write(frames.encode_frame(bytes(payload), frames.PONG))  # type: ignore[arg-type]
                elif opcode == frames.CLOSE:
                    self._write(frames.encode_frame(bytes(payload)[:2], frames.CLOSE))  # type: ignore[arg-type]
                    self._finish()
                    self._tell(self._driver.reason.TRANSPORT_CLOSE)
                elif opcode == frames.BINARY:
                    raise frames.FrameError(frames.NO_BINARY, "text only")
                if self.closing:
                    return
        except frames.FrameError as error:
            self.close(error.code, str(error))
            self._tell(self._driver.reason.TRANSPORT_ERROR)

    def _write(self, frame: bytes) -> None:
        sock, waiting = self._sock, self._out
        if sock is None:
            return
        if waiting is not None:
            if len(waiting) + len(frame) > self._driver.limits.buffer_out_max:
                self._lost(self._driver.reason.TRANSPORT_ERROR)
            else:
                waiting += frame
            return
        try:
            sent = sock.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lost(self._driver.reason.TRANSPORT_ERROR)
            return
        if sent < len(frame):
            self._out = bytearray(memoryview(frame)[sent:])
            self._writable = gevent.get_hub().loop.io(sock.fileno(), 2)
            self._writable.start(self._on_writable)

    def _on_writable(self) -> None:
        assert self._sock is not None and self._out is not None
        try:
            sent = self._sock.send(self._out)
        except BlockingIOError:
            return
        except OSError:
            self._lost(self._driver.reason.TRANSPORT_ERROR)
            return
        del self._out[:sent]
        if not self._out:
            self._writable.stop()
            self._writable.close()
            self._out = self._writable = None
            if self.closing:
                self._end_writing()

    def _finish(self) -> None:
        self.closing = True
        if self._sock is not None:
            self._driver.lingering[self] = monotonic() + self._driver.limits.linger_s
            self.resume()
            if self._out is None:
                self._end_writing()

    def _end_writing(self) -> None:
        """Half a close: the peer reads our last frame even while it is still sending."""
        assert self._sock is not None
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.abort()

    def _lost(self, reason: str) -> None:
        self.abort()
        self._tell(reason)

    def _tell(self, reason: str) -> None:
        owner, self.owner = self.owner, None
        if owner is not None:
            owner.on_lost(self, reason)


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
