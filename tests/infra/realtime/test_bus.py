import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.infra.realtime.bus import Delta, MemoryBus, RedisBus, VersionGate


def deltas(lengths: list[int]) -> list[Delta]:
    """Batches of those lengths, one after the other."""
    made, version = [], 0
    for length in lengths:
        made.append(Delta("t", version, version + length, f"rows of {version + length}"))
        version += length
    return made


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.data())
def test_in_whatever_order_deltas_come_they_are_applied_in_order_and_once(lengths, data):
    batches = deltas(lengths)
    arriving = data.draw(st.permutations(batches + data.draw(st.lists(st.sampled_from(batches), max_size=4))))
    gate = VersionGate()
    gate.reached("t", 0)
    applied = [delta for arrived in arriving for delta in gate.admit(arrived)[0]]
    assert applied == batches
    assert gate.waiting() == frozenset()


def test_a_lost_delta_leaves_its_successors_waiting():
    first, _, third = deltas([1, 1, 1])
    gate = VersionGate()
    gate.reached("t", 0)
    assert gate.admit(first) == ([first], False)
    assert gate.admit(third) == ([], False)
    assert gate.waiting() == {"t"}


def test_too_many_early_deltas_ask_for_the_database():
    gate = VersionGate(held_max=2)
    gate.reached("t", 0)
    assert [gate.admit(delta)[1] for delta in deltas([1] * 5)[1:]] == [False, False, True, False]


def test_a_topic_nobody_has_read_yet_asks_for_the_database():
    assert VersionGate().admit(deltas([1])[0]) == ([], True)


def test_a_delta_that_overlaps_what_is_known_asks_for_the_database():
    gate = VersionGate()
    gate.reached("t", 2)
    assert gate.admit(Delta("t", 1, 4, None)) == ([], True)


def test_own_commits_move_the_gate():
    first, second = deltas([1, 1])
    gate = VersionGate()
    gate.reached("t", 1)
    assert gate.admit(first) == ([], False)
    assert gate.admit(second) == ([second], False)


def test_the_memory_bus_reaches_every_worker():
    peers: list[MemoryBus] = []
    buses = [MemoryBus(peers) for _ in range(3)]
    received: list[tuple[int, bytes]] = []
    for number, bus in enumerate(buses):
        bus.subscribe(lambda message, number=number: received.append((number, message)), lambda: None)
    buses[1].close()
    buses[0].publish(b"hello")
    assert received == [(0, b"hello"), (2, b"hello")]


@pytest.mark.valkey
def test_the_redis_bus_carries_a_message_to_another_connection(valkey_url):
    received: list[bytes] = []
    arrived, ready = threading.Event(), threading.Event()
    sender, receiver = (RedisBus(valkey_url, "deltas") for _ in range(2))

    def receive(message: bytes) -> None:
        received.append(message)
        (arrived if message == b"batch" else ready).set()

    receiver.subscribe(receive, ready.set)
    thread = threading.Thread(target=receiver.run)
    thread.start()
    while not ready.wait(0.05):
        sender.publish(b"are you there")
    sender.publish(b"batch")
    assert arrived.wait(10)
    receiver.close()
    thread.join(10)
    assert received[-1] == b"batch"


@pytest.mark.valkey
def test_a_bus_that_is_away_does_not_hold_up_a_commit(tmp_path):
    RedisBus(f"unix://{tmp_path}/nobody").publish(b"batch")


@pytest.mark.valkey
def test_two_workers_show_the_same_version_and_end_the_same_sockets(start, valkey_url):
    one, two = (start(redis_url=valkey_url) for _ in range(2))
    here, there = one.client("anna"), two.client("bert")
    for client in (here, there):
        client.emit("join", {"room": "shared"})
    version = one.post("/bump/shared?by=3")["v"]
    assert _shown_up_to(version, here) == _shown_up_to(version, there) == version
    for _ in range(20):
        version = one.post("/bump/shared")["v"]
        version = two.post("/bump/shared")["v"]
    assert _shown_up_to(version, here) == _shown_up_to(version, there) == version
    assert one.post("/kick?user_id=bert") == {"kicked": 0}
    there.close_code()
    assert here.emit("ask", {"n": 1})["ok"]


def _shown_up_to(version, client):
    """The first view of that version or later; a worker that has just reached the bus shows its own once more."""
    while (shown := client.push("view"))["v"] < version:
        pass
    return shown["v"]
