"""Everything live in one place: connections, what clients send, what they are shown, other workers.

Features call `Realtime.on` and `Realtime.topic` while the application is put together, and `publish`, `committed`,
`tell` and `kick` while it runs.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Flask

from srm_portal.infra.realtime.bus import Bus, Delta, MemoryBus, VersionGate
from srm_portal.infra.realtime.events import Answer, Event, EventLimits, Events, Handler, Join, Leave, no
from srm_portal.infra.realtime.fanout import Fanout, Member, Render, Sender, Tick, event_text
from srm_portal.infra.realtime.schema import Schema
from srm_portal.infra.realtime.sessions import Registry, Session, TokenBucket
from srm_portal.infra.realtime.stack import Refusal, SocketIO, engine_packet
from srm_portal.kernel.clock import Clock, SystemClock, monotonic
from srm_portal.kernel.errors import Refused
from srm_portal.kernel.permissions import Actor

Authenticator = Callable[[Mapping[str, Any]], Actor | None]
Apply = Callable[[str, Any, int], None]
CatchUp = Callable[[str], int]

_EVENT = re.compile(r"2([0-9]{0,10})(\[.*)", re.DOTALL)
_FORGET_SIGN_OUT_S = 10.0


class PacketSender:
    """Sends through the stock Engine.IO queue, for the drivers that are not ours."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def prepare(self, text: bytes) -> engine_packet.Packet:
        return engine_packet.Packet(engine_packet.MESSAGE, text[1:].decode())

    def send(self, engine_sid: str, packet: engine_packet.Packet) -> None:
        if engine_sid in self._engine.sockets:
            self._engine.send_packet(engine_sid, packet)


class Realtime:
    """Events in, views out, and who is connected. One per application, under `app.extensions["realtime"]`."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        limits: EventLimits | None = None,
        bus: Bus | None = None,
        worker: str = "",
    ) -> None:
        self.limits = limits or EventLimits()
        self.registry = Registry(self.limits.sockets_per_user_max)
        self._clock = clock or SystemClock()
        self._bus: Bus = bus or MemoryBus()
        self._worker = worker or secrets.token_hex(8)
        self._gate = VersionGate()
        self._late: frozenset[str] = frozenset()
        self._events = Events(self.limits.depth_max)
        self._kinds: dict[str, tuple[str, Render, Tick | None]] = {}
        self._appliers: dict[str, tuple[Apply, CatchUp]] = {}
        self._opening: dict[str, float] = {}
        self._ended: dict[str, float] = {}

    # what features call while the application is put together

    def on(self, event: str, schema: Schema, permission: str, handler: Handler, *, app_context: bool = False) -> None:
        """`handler(actor, data, now)` answers `event`; with `app_context` it runs inside the application's context.

        Raises ValueError for an event that is registered twice or names no known permission.
        """
        self._events.add(event, Event(schema, permission, handler, app_context))

    def topic(
        self,
        kind: str,
        event: str,
        render: Render,
        *,
        tick: Tick | None = None,
        apply: Apply | None = None,
        catch_up: CatchUp | None = None,
    ) -> None:
        """Topics named `kind:...`. `apply(topic, rows, version)` takes over what another worker committed;
        `catch_up(topic)` reads the database and returns the version it stands at.
        """
        self._kinds[kind] = (event, render, tick)
        if apply is not None and catch_up is not None:
            self._appliers[kind] = (apply, catch_up)

    def init_app(self, app: Flask, socketio: SocketIO, authenticator: Authenticator) -> None:
        """Take over the sockets of `socketio`. `authenticator(environ)` names the actor of a web session, or None."""
        self._app = app
        self._authenticator = authenticator
        self._server = socketio.server
        self._engine = socketio.server.eio
        self._sender = self._make_sender(app)
        self.fanout = Fanout(self._sender, pause=lambda: self._server.sleep(0))
        for kind, (event, render, tick) in self._kinds.items():
            self.fanout.register(kind, event, render, tick)
        self._engine_connect = self._engine.handlers["connect"]
        self._engine.on("connect", self._on_engine_connect)
        self._engine.on("message", self._on_message)
        self._server.on("connect", self._on_connect)
        self._server.on("disconnect", self._on_disconnect)
        self._wake = self._engine.create_event()
        app.extensions["realtime"] = self

    def start(self) -> None:
        """Begin to publish. Raises RuntimeError where an event would get past the permission table."""
        past = {name for handlers in self._server.handlers.values() for name in handlers} - {"connect", "disconnect"}
        if past or self._server.namespace_handlers:
            raise RuntimeError(f"socket events without a permission: {sorted(past) or 'a namespace'}")
        self._bus.subscribe(self._on_bus, self.catch_up_all)
        for loop in (self._publish_loop, self._beat_loop, self._bus.run):
            self._server.start_background_task(loop)

    # what features call while it runs

    def publish(self, topic: str, version: int) -> None:
        """Committed state of `topic` is at `version`: show it to everybody in it, soon and from another greenlet.

        Called from a greenlet, never from a native thread.
        """
        self._gate.reached(topic, version)
        if self.fanout.publish(topic, version):
            self._wake.set()

    def committed(self, topic: str, since: int, version: int, rows: Any) -> None:
        """Publish here and hand the batch's rows to the other workers in one message."""
        self.publish(topic, version)
        self._say({"delta": [topic, since, version, rows]})

    def tell(
        self,
        event: str,
        payload: Mapping[str, Any],
        *,
        session_id: str | None = None,
        user_id: str | None = None,
        scope: str | None = None,
    ) -> None:
        """Send one event to the sockets of a web session, a user or a scope, on all workers."""
        target = {"session_id": session_id, "user_id": user_id, "scope": scope}
        self._tell(event, dict(payload), target)
        self._say({"tell": [event, dict(payload), target]})

    def kick(self, *, session_id: str | None = None, user_id: str | None = None, scope: str | None = None) -> int:
        """Disconnect the sockets of a web session, a user or a scope on all workers; returns how many here."""
        target = {"session_id": session_id, "user_id": user_id, "scope": scope}
        self._say({"kick": target})
        return self._kick(target)

    # connections

    def _on_engine_connect(self, engine_sid: str, environ: dict[str, Any]) -> Any:
        self._opening[engine_sid] = monotonic()
        return self._engine_connect(engine_sid, environ)

    def _on_connect(self, sid: str, environ: Mapping[str, Any], _auth: Any = None) -> None:
        engine_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        self._opening[engine_sid] = monotonic()
        actor = self._authenticator(environ)
        if actor is None or actor.session_id in self._ended:
            raise self._refusal(engine_sid, "signed_out")
        now = monotonic()
        bucket = TokenBucket(self.limits.rate, self.limits.burst, now)
        patience = TokenBucket(self.limits.refused_rate, self.limits.refused_burst, now)
        try:
            self.registry.add(Session(sid, engine_sid, actor, bucket, patience))
        except Refused as refused:
            raise self._refusal(engine_sid, refused.code) from None
        self._opening.pop(engine_sid, None)

    def _refusal(self, engine_sid: str, code: str) -> Refusal:
        """The answer to a CONNECT that is refused; the connection goes once it has been told."""
        self._opening[engine_sid] = float("-inf")
        return Refusal(code, {"code": code})

    def _on_disconnect(self, sid: str, _reason: str | None = None) -> None:
        engine_sid = self._server.manager.eio_sid_from_sid(sid, "/")
        if engine_sid is not None:
            self.fanout.drop(engine_sid)
            self.registry.remove(engine_sid)
            self._drop(engine_sid)

    def _drop(self, engine_sid: str) -> None:
        """End a connection from wherever we are, later and without waiting."""
        self._server.start_background_task(self._engine.disconnect, engine_sid)

    def _kick(self, target: Mapping[str, str | None]) -> int:
        if target["session_id"] is not None:
            self._ended[target["session_id"]] = monotonic()
        found = self.registry.find(**target)
        for session in found:
            self._server.start_background_task(self._end, session)
        return len(found)

    def _end(self, session: Session) -> None:
        self._server.disconnect(session.sid)
        self._engine.disconnect(session.engine_sid)

    def _sweep(self, now: float) -> None:
        """End connections that never introduced themselves or were refused; forget old sign-outs."""
        for engine_sid, since in tuple(self._opening.items()):
            if engine_sid not in self._engine.sockets:
                self._opening.pop(engine_sid, None)
            elif now - since > self.limits.opening_s:
                self._opening.pop(engine_sid, None)
                self._drop(engine_sid)
        for session_id, since in tuple(self._ended.items()):
            if now - since > _FORGET_SIGN_OUT_S:
                del self._ended[session_id]

    # messages

    def _on_message(self, engine_sid: str, text: str | bytes) -> None:
        kind = text[:1]
        if kind == "2" and isinstance(text, str):
            self._on_event(engine_sid, text)
        elif kind in ("0", "1"):
            self._on_handshake(engine_sid, text)
        elif kind != "3":
            self._drop(engine_sid)

    def _on_handshake(self, engine_sid: str, text: str | bytes) -> None:
        if self._opening.get(engine_sid) == float("-inf"):
            return
        if text[:1] == "0" and self.registry.by_engine(engine_sid) is not None:
            self._drop(engine_sid)
            return
        try:
            self._server._handle_eio_message(engine_sid, text)
        except (ValueError, RecursionError):
            self._drop(engine_sid)

    def _on_event(self, engine_sid: str, text: str) -> None:
        session = self.registry.by_engine(engine_sid)
        match = _EVENT.fullmatch(text)
        if session is None or match is None:
            self._drop(engine_sid)
            return
        number, body = match.groups()
        answer: Answer = no("internal")
        try:
            answer = self._answer(session, body)
        finally:
            if number:
                self._acknowledge(engine_sid, number, answer)
        self._follow(session, answer)

    def _answer(self, session: Session, body: str) -> Answer:
        now = monotonic()
        if not session.bucket.take(now):
            if not session.patience.take(now):
                self._drop(session.engine_sid)
            return no("too_fast")
        answer = self._events.answer(self._app, session.actor, body, self._clock.now())
        if isinstance(answer, Join):
            topics = self.fanout.topics_of(session.engine_sid)
            if answer.topic not in topics and len(topics) >= self.limits.topics_per_socket_max:
                return no("too_many_topics", limit=self.limits.topics_per_socket_max)
        return answer

    def _acknowledge(self, engine_sid: str, number: str, answer: Answer) -> None:
        reply = answer.reply if isinstance(answer, Join | Leave) else answer
        body = orjson.dumps({"ok": True, **reply}, default=str)
        self._sender.send(engine_sid, self._sender.prepare(b"43" + number.encode() + b"[" + body + b"]"))

    def _follow(self, session: Session, answer: Answer) -> None:
        """After the acknowledgement, so that a snapshot is there before the first push; nothing waits in between."""
        if isinstance(answer, Leave):
            self.fanout.leave(answer.topic, session.engine_sid)
        elif isinstance(answer, Join) and self.registry.by_engine(session.engine_sid) is session:
            self.registry.add_scopes(session, answer.scopes)
            self._gate.reached(answer.topic, answer.version)
            self.fanout.join(answer.topic, Member(session.engine_sid, answer.audience, answer.key), answer.version)

    # loops

    def _publish_loop(self) -> None:
        while True:
            ready, wait = self.fanout.due(monotonic())
            for topic in ready:
                topic.flushing = True
                self._server.start_background_task(self._flush, topic)
            self._wake.wait(timeout=wait)
            self._wake.clear()

    def _flush(self, topic: Any) -> None:
        with self._app.app_context():
            self.fanout.flush(topic, monotonic())
        self._wake.set()

    def _beat_loop(self) -> None:
        while True:
            self._server.sleep(1)
            self._server.start_background_task(self._beat)

    def _beat(self) -> None:
        self._sweep(monotonic())
        waiting = self._gate.waiting()
        for topic in waiting & self._late:
            self._catch_up(topic)
        self._late = waiting
        with self._app.app_context():
            self.fanout.beat(int(self._clock.now().timestamp() * 1000))

    # other workers

    def _say(self, message: Mapping[str, Any]) -> None:
        self._bus.publish(orjson.dumps({"worker": self._worker, **message}, default=str))

    def _on_bus(self, raw: bytes) -> None:
        message = orjson.loads(raw)
        if message["worker"] == self._worker:
            return
        if "delta" in message:
            self._on_delta(Delta(*message["delta"]))
        elif "tell" in message:
            self._tell(*message["tell"])
        elif "kick" in message:
            self._kick(message["kick"])

    def _on_delta(self, delta: Delta) -> None:
        """Take over another worker's batch where somebody here is looking at the topic."""
        applier = self._appliers.get(delta.topic.partition(":")[0])
        if applier is None or delta.topic not in self.fanout.topics():
            self._gate.forget(delta.topic)
            return
        due, gap = self._gate.admit(delta)
        for step in due:
            applier[0](step.topic, step.rows, step.version)
            self.publish(step.topic, step.version)
        if gap:
            self._catch_up(delta.topic)

    def catch_up_all(self) -> None:
        """The bus was away: read every topic that somebody here is looking at."""
        for topic in self.fanout.topics():
            self._catch_up(topic)

    def _catch_up(self, topic: str) -> None:
        applier = self._appliers.get(topic.partition(":")[0])
        if applier is not None:
            self._gate.forget(topic)
            with self._app.app_context():
                self.publish(topic, applier[1](topic))

    def _tell(self, event: str, payload: Mapping[str, Any], target: Mapping[str, str | None]) -> None:
        frame = self._sender.prepare(event_text(event, orjson.dumps(payload, default=str)))
        for session in self.registry.find(**target):
            self._sender.send(session.engine_sid, frame)

    def _make_sender(self, app: Flask) -> Sender:
        if "realtime_driver" in app.extensions:
            from srm_portal.infra.realtime.driver import DirectSender

            return DirectSender(self._engine)
        return PacketSender(self._engine)
