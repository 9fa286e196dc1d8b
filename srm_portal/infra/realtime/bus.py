"""Between worker processes: one small message per committed batch, applied in the order of versions.

The bus may lose and reorder messages. Whoever receives holds what is early, drops what is old and, where a gap stays,
reads the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Receive = Callable[[bytes], None]
Lost = Callable[[], None]


class Bus(Protocol):
    """Carries bytes to all workers, the sender included."""

    def publish(self, message: bytes) -> None: ...

    def subscribe(self, receive: Receive, lost: Lost) -> None:
        """Call `receive` with each message from now on, and `lost` when some may have been missed."""

    def run(self) -> None:
        """Deliver until closed; on a bus without a connection there is nothing to do."""

    def close(self) -> None: ...


class MemoryBus:
    """All workers in one process: for one worker, and for tests with several."""

    def __init__(self, peers: list[MemoryBus] | None = None) -> None:
        self._peers = peers if peers is not None else []
        self._peers.append(self)
        self._receive: Receive | None = None

    def publish(self, message: bytes) -> None:
        for peer in tuple(self._peers):
            if peer._receive is not None:
                peer._receive(message)

    def subscribe(self, receive: Receive, lost: Lost) -> None:
        self._receive = receive

    def run(self) -> None:
        return None

    def close(self) -> None:
        self._peers.remove(self)


class RedisBus:
    """Publish and subscribe on one channel of Redis or Valkey; `lost` is called whenever a subscription begins."""

    def __init__(self, url: str, channel: str = "srm.realtime", sleep: Callable[[float], Any] = time.sleep) -> None:
        import redis

        self._error = redis.exceptions.ConnectionError
        self._client: Any = redis.Redis.from_url(url, socket_connect_timeout=5, health_check_interval=15)
        self._channel = channel
        self._sleep = sleep
        self._receive: Receive = lambda message: None
        self._lost: Lost = lambda: None
        self._closed = False
        self._pubsub: Any = None

    def publish(self, message: bytes) -> None:
        """Raises nothing on a lost connection: a push is a hint, the journal has the truth."""
        try:
            self._client.publish(self._channel, message)
        except self._error:
            return

    def subscribe(self, receive: Receive, lost: Lost) -> None:
        self._receive, self._lost = receive, lost

    def run(self) -> None:
        while not self._closed:
            try:
                self._pubsub = self._client.pubsub(ignore_subscribe_messages=False)
                self._pubsub.subscribe(self._channel)
                self._deliver()
            except self._error:
                self._sleep(0.5)

    def close(self) -> None:
        self._closed = True

    def _deliver(self) -> None:
        while not self._closed:
            message = self._pubsub.get_message(timeout=1.0)
            if message is None:
                continue
            if message["type"] == "subscribe":
                self._lost()
            elif message["type"] == "message":
                self._receive(message["data"])
        self._pubsub.close()


@dataclass(frozen=True, slots=True)
class Delta:
    """What one committed batch changed in a topic: its rows lead from version `since` to version `version`."""

    topic: str
    since: int
    version: int
    rows: Any


@dataclass(slots=True)
class VersionGate:
    """Lets a topic's deltas through in order, each once."""

    held_max: int = 16
    _known: dict[str, int] = field(default_factory=dict)
    _held: dict[str, dict[int, Delta]] = field(default_factory=dict)

    def reached(self, topic: str, version: int) -> None:
        """This worker itself is at `version`, by its own commit or by reading the database."""
        if version > self._known.get(topic, -1):
            self._known[topic] = version

    def forget(self, topic: str) -> None:
        self._known.pop(topic, None)
        self._held.pop(topic, None)

    def waiting(self) -> frozenset[str]:
        """Topics with deltas that came too early; one that stays here has lost a message."""
        return frozenset(self._held)

    def admit(self, delta: Delta) -> tuple[list[Delta], bool]:
        """The deltas that are due now, in order, and whether the database has to be read because a gap stays.

        A delta that starts in the middle of what is known overlaps and counts as a gap, too.
        """
        known = self._known.get(delta.topic)
        if known is None:
            return [], True
        held = self._held.setdefault(delta.topic, {})
        if delta.version > known:
            held[delta.since] = delta
        due: list[Delta] = []
        while known in held:
            due.append(held.pop(known))
            known = due[-1].version
        self._known[delta.topic] = known
        stale = [since for since, early in held.items() if early.version <= known]
        for since in stale:
            del held[since]
        gap = len(held) > self.held_max or any(since < known for since in held)
        if gap or not held:
            self._held.pop(delta.topic, None)
        return due, gap
