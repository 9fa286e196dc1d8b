"""From a committed change to everybody's screen: dirty topics, at most one view per interval, frames made once.

A feature registers a kind of topic with a renderer. A change marks the topic dirty; the first one leaves at once, those
within the next interval leave together. A view is rendered from committed state when it leaves, never when it is asked
for, so that nobody sees more or less than what its version says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

YIELD_EVERY = 250


class Sender(Protocol):
    """The way to a client: a driver's, or the stock one's."""

    def prepare(self, text: bytes) -> Any: ...

    def send(self, engine_sid: str, prepared: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class View:
    """What a topic looks like at `version`.

    `shared` holds the JSON object of each audience as bytes; an audience that is not in it is told nothing. `personal`
    returns the members to add for one key (`b'"rank":3'`, empty for none); it is asked once per key and view.
    """

    version: int
    shared: Mapping[str, bytes]
    personal: Callable[[str, str], bytes] | None = None


Render = Callable[[str], View | None]
Tick = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of topic: names of topics start with `kind:`; `event` is what clients listen to."""

    event: str
    render: Render
    tick: Tick | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One socket in one topic: `audience` picks the shared view, `key` the personal part."""

    engine_sid: str
    audience: str
    key: str = ""


@dataclass(slots=True, eq=False)
class Topic:
    name: str
    kind: Kind
    members: dict[str, Member] = field(default_factory=dict)
    asked: int = -1
    sent_at: float = float("-inf")
    dirty: bool = False
    flushing: bool = False
    last: View | None = None


class Fanout:
    """The topics of this process and who is in them. Times are monotonic seconds, given by the caller."""

    def __init__(
        self,
        sender: Sender,
        *,
        pause: Callable[[], None] = lambda: None,
        interval_s: float = 0.1,
        crowded_interval_s: float = 0.25,
        crowded_above: int = 5000,
    ) -> None:
        self._sender = sender
        self._pause = pause
        self._interval_s, self._crowded_interval_s = interval_s, crowded_interval_s
        self._crowded_above = crowded_above
        self._kinds: dict[str, Kind] = {}
        self._topics: dict[str, Topic] = {}
        self._dirty: dict[str, Topic] = {}
        self._of_socket: dict[str, set[str]] = {}

    def register(self, kind: str, event: str, render: Render, tick: Tick | None = None) -> None:
        """Topics named `kind:...` are rendered by `render` and sent as `event`; `tick` feeds the heartbeat."""
        if kind in self._kinds:
            raise ValueError(f"{kind} is registered already")
        self._kinds[kind] = Kind(event, render, tick)

    def join(self, topic_name: str, member: Member, version: int) -> None:
        """Add a socket whose snapshot is at `version`; it gets the newest view at once where there is a newer one."""
        topic = self._topics.get(topic_name)
        if topic is None:
            topic = self._topics[topic_name] = Topic(topic_name, self._kind(topic_name))
        topic.members[member.engine_sid] = member
        self._of_socket.setdefault(member.engine_sid, set()).add(topic_name)
        if topic.last is not None and topic.last.version > version:
            self._send_view(topic, topic.last, (member,))

    def leave(self, topic_name: str, engine_sid: str) -> None:
        topic = self._topics.get(topic_name)
        if topic is not None and topic.members.pop(engine_sid, None) is not None:
            self._of_socket[engine_sid].discard(topic_name)
            if not topic.members:
                del self._topics[topic_name]
                self._dirty.pop(topic_name, None)

    def drop(self, engine_sid: str) -> None:
        """The socket is gone."""
        for topic_name in tuple(self._of_socket.get(engine_sid, ())):
            self.leave(topic_name, engine_sid)
        self._of_socket.pop(engine_sid, None)

    def topics_of(self, engine_sid: str) -> frozenset[str]:
        return frozenset(self._of_socket.get(engine_sid, ()))

    def topics(self) -> tuple[str, ...]:
        """Topics with somebody in them."""
        return tuple(self._topics)

    def publish(self, topic_name: str, version: int) -> bool:
        """Mark a change; older versions and topics without members are passed over. True where something is to send."""
        topic = self._topics.get(topic_name)
        if topic is None or version <= topic.asked:
            return False
        topic.asked, topic.dirty = version, True
        self._dirty[topic_name] = topic
        return True

    def due(self, now: float) -> tuple[list[Topic], float | None]:
        """The dirty topics whose turn it is, and in how many seconds the next one's is (None: nothing waits)."""
        ready: list[Topic] = []
        wait: float | None = None
        for topic in tuple(self._dirty.values()):
            if topic.flushing:
                continue
            left = topic.sent_at + self._interval_of(topic) - now
            if left <= 0:
                ready.append(topic)
            elif wait is None or left < wait:
                wait = left
        return ready, wait

    def flush(self, topic: Topic, now: float) -> int:
        """Render and send one topic to everybody in it; returns the number of frames sent."""
        self._dirty.pop(topic.name, None)
        topic.dirty, topic.sent_at, topic.flushing = False, now, True
        try:
            view = topic.kind.render(topic.name)
            if view is None:
                return 0
            topic.last = view
            return self._send_view(topic, view, tuple(topic.members.values()))
        finally:
            topic.flushing = False

    def beat(self, server_ms: int) -> int:
        """One heartbeat for every topic that has a tick: `{topic, server_ms, ...}` with the feature's facts."""
        sent = 0
        for topic in tuple(self._topics.values()):
            facts = topic.kind.tick(topic.name) if topic.kind.tick is not None else None
            if facts is None:
                continue
            body = orjson.dumps({"topic": topic.name, "server_ms": server_ms, **facts})
            frame = self._sender.prepare(event_text("tick", body))
            for member in tuple(topic.members.values()):
                sent = self._sent(sent, member.engine_sid, frame)
        return sent

    def _send_view(self, topic: Topic, view: View, members: tuple[Member, ...]) -> int:
        made: dict[tuple[str, bytes], Any] = {}
        suffixes: dict[tuple[str, str], bytes] = {}
        sent = 0
        for member in members:
            audience = member.audience
            shared = view.shared.get(audience)
            if shared is None:
                continue
            suffix = b""
            if view.personal is not None:
                who = (audience, member.key)
                found = suffixes.get(who)
                suffix = suffixes[who] = view.personal(audience, member.key) if found is None else found
            frame = made.get((audience, suffix))
            if frame is None:
                body = with_members(shared, suffix)
                frame = made[audience, suffix] = self._sender.prepare(event_text(topic.kind.event, body))
            sent = self._sent(sent, member.engine_sid, frame)
        return sent

    def _sent(self, sent: int, engine_sid: str, frame: Any) -> int:
        self._sender.send(engine_sid, frame)
        if (sent + 1) % YIELD_EVERY == 0:
            self._pause()
        return sent + 1

    def _interval_of(self, topic: Topic) -> float:
        return self._crowded_interval_s if len(topic.members) > self._crowded_above else self._interval_s

    def _kind(self, topic_name: str) -> Kind:
        return self._kinds[topic_name.partition(":")[0]]


def event_text(event: str, body: bytes) -> bytes:
    """An Engine.IO message with a Socket.IO event and one JSON argument."""
    return b'42["' + event.encode() + b'",' + body + b"]"


def with_members(shared: bytes, suffix: bytes) -> bytes:
    """A JSON object's bytes with more members added at its end."""
    if not suffix:
        return shared
    return shared[:-1] + (b"," if len(shared) > 2 else b"") + suffix + b"}"
