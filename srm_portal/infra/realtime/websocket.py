"""One WebSocket connection on gevent: the handshake, the socket taken out of its request, reading and writing.

A connection is one descriptor with a read watcher. Frames are parsed in the event loop; what leaves is written at once,
and only what the kernel does not take is kept, up to a cap. Nothing here waits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import socket
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gevent
from gevent import monkey, pywsgi

from srm_portal.infra.realtime import frames
from srm_portal.kernel.clock import monotonic

if TYPE_CHECKING:
    from srm_portal.infra.realtime.driver import DirectSocket, Driver

_RawSocket = monkey.get_original("socket", "socket")
_HANDLER = "srm.handler"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
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
