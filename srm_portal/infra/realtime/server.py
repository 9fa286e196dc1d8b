"""The process that serves pages and sockets: the listener, the switch between drivers, a graceful end."""

from __future__ import annotations

import gc
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask

from srm_portal.infra.realtime.origins import origin_allowed, origin_of
from srm_portal.infra.realtime.stack import SocketIO

DriverName = Literal["direct", "gevent-websocket", "threading"]

BACKLOG = 4096
FRAME_IN_MAX = 16 * 1024
PING_INTERVAL_S = 25
PING_TIMEOUT_S = 20
STOP_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Access:
    """One answered request; the query is left out, it may carry a session id."""

    method: str
    path: str
    status: int
    seconds: float
    address: str


AccessHook = Callable[[Access], None]


def driver_name(app: Flask) -> DriverName:
    """Which driver `SRM_REALTIME_DRIVER` asks for; the direct one where it says nothing."""
    name = app.config.get("SRM_REALTIME_DRIVER", "direct")
    if name not in ("direct", "gevent-websocket", "threading"):
        raise RuntimeError(f"SRM_REALTIME_DRIVER: {name!r} is none of direct, gevent-websocket, threading")
    return name  # type: ignore[no-any-return]


def create_socketio(app: Flask) -> SocketIO:
    """Socket.IO for `app` on the configured driver. Raises RuntimeError where another one would be loaded."""
    name = driver_name(app)
    allowed = frozenset(origin_of(url) for url in app.config.get("SRM_REALTIME_ORIGINS", ()))
    socketio = SocketIO(
        app,
        async_mode="threading" if name == "threading" else "gevent",
        async_handlers=False,
        manage_session=False,
        cors_allowed_origins=lambda origin, environ: origin_allowed(origin, environ, allowed),
        max_http_buffer_size=FRAME_IN_MAX,
        ping_interval=app.config.get("SRM_REALTIME_PING_INTERVAL_S", PING_INTERVAL_S),
        ping_timeout=app.config.get("SRM_REALTIME_PING_TIMEOUT_S", PING_TIMEOUT_S),
    )
    if name == "direct":
        from srm_portal.infra.realtime.driver import install
        from srm_portal.infra.realtime.websocket import Limits

        buffer_out_max = app.config.get("SRM_REALTIME_BUFFER_OUT_MAX", Limits().buffer_out_max)
        limits = Limits(frame_in_max=FRAME_IN_MAX, buffer_out_max=buffer_out_max)
        app.extensions["realtime_driver"] = install(socketio.server, limits)
    assert_driver(socketio, name)
    return socketio


def assert_driver(socketio: SocketIO, name: DriverName) -> None:
    """Raise RuntimeError unless the websocket class in use is the one that `name` promises."""
    loaded = socketio.server.eio._async["websocket"]
    if name == "direct":
        from srm_portal.infra.realtime.driver import Driver

        right = isinstance(getattr(loaded, "__self__", None), Driver)
    elif name == "gevent-websocket":
        from engineio.async_drivers import gevent as stock

        right = loaded is stock.WebSocketWSGI and stock.SimpleWebSocketWSGI is None
    else:
        right = socketio.async_mode == "threading"
    if not right:
        raise RuntimeError(f"the realtime driver {name} is not the one that is loaded: {loaded!r}")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose connections do not wait to fill a segment (Nagle is off)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def serve(
    app: Flask,
    socketio: SocketIO,
    host: str,
    port: int,
    on_ready: Callable[[str, int], None] | None = None,
    on_stop: Callable[[], None] | None = None,
    access_log: AccessHook | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then let connections leave.

    `on_ready(host, port)` is called once connections are accepted, `on_stop()` when no new ones are. The gevent drivers
    need `gevent.monkey.patch_all()` to have run first.
    """
    name = driver_name(app)
    assert_driver(socketio, name)
    listener = listen(host, port)
    run = _serve_threads if name == "threading" else _serve_gevent
    run(app, socketio, listener, on_ready or (lambda *_: None), on_stop or (lambda: None), access_log)


def settle_memory() -> None:
    """What exists after the start stays; collect the rest seldom (a full collection stops every client)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _serve_gevent(
    app: Flask,
    socketio: SocketIO,
    listener: socket.socket,
    on_ready: Callable[[str, int], None],
    on_stop: Callable[[], None],
    access_log: AccessHook | None,
) -> None:
    import gevent
    from gevent import event, monkey, pywsgi

    if not monkey.is_module_patched("socket"):
        raise RuntimeError("gevent.monkey.patch_all() has to run before anything else is imported")
    handler = _with_hook(_handler_class(driver_name(app)), access_log)
    server = pywsgi.WSGIServer(listener, app, log=None, handler_class=handler)
    stopped = event.Event()
    signals = [gevent.signal_handler(number, stopped.set) for number in (signal.SIGTERM, signal.SIGINT)]
    server.start()
    _start_features(app)
    settle_memory()
    on_ready(*listener.getsockname()[:2])
    stopped.wait()
    for watcher in signals:
        watcher.cancel()
    server.close()
    on_stop()
    _let_go(socketio, app, gevent.sleep)
    server.stop(timeout=STOP_WITHIN_S)


def _serve_threads(
    app: Flask,
    socketio: SocketIO,
    listener: socket.socket,
    on_ready: Callable[[str, int], None],
    on_stop: Callable[[], None],
    access_log: AccessHook | None,
) -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_request(self, code: Any = "-", size: Any = "-") -> None:
            if access_log is not None:
                path = self.path.partition("?")[0]
                access_log(Access(self.command, path, int(code), 0.0, self.client_address[0]))

    host, port = listener.getsockname()[:2]
    server = make_server(host, port, app, threaded=True, request_handler=Handler, fd=listener.fileno())
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    _start_features(app)
    on_ready(host, port)
    stopped.wait()
    on_stop()
    server.shutdown()
    thread.join(STOP_WITHIN_S)


def _start_features(app: Flask) -> None:
    realtime = app.extensions.get("realtime")
    if realtime is not None:
        realtime.start()


def _let_go(socketio: SocketIO, app: Flask, sleep: Callable[[float], None]) -> None:
    """Close every session; clients come back to the next process by themselves."""
    engine = socketio.server.eio
    for session in tuple(engine.sockets.values()):
        session.close(wait=False, reason=engine.reason.SERVER_DISCONNECT)
    driver = app.extensions.get("realtime_driver")
    for _ in range(20):
        if driver is None or not driver.lingering:
            break
        sleep(0.1)


def _handler_class(name: DriverName) -> type:
    if name == "direct":
        from srm_portal.infra.realtime.websocket import DirectHandler

        return DirectHandler
    from geventwebsocket.handler import WebSocketHandler

    return WebSocketHandler  # type: ignore[no-any-return]


def _with_hook(base: type, access_log: AccessHook | None) -> type:
    class Handler(base):  # type: ignore[misc]
        def log_request(self) -> None:
            if access_log is not None:
                path = (self.path or "").partition("?")[0]
                seconds = max(0.0, self.time_finish - self.time_start)
                address = self.client_address[0] if isinstance(self.client_address, tuple) else ""
                access_log(Access(self.command or "", path, abs(self.code or 101), seconds, address))

    return Handler
