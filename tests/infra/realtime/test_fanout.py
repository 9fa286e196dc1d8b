import json

import pytest

from srm_portal.infra.realtime.fanout import Fanout, Member, View, with_members


class Post:
    """Keeps what was sent, and counts how often a text was prepared."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.prepared: list[bytes] = []

    def prepare(self, text: bytes) -> bytes:
        self.prepared.append(text)
        return text

    def send(self, engine_sid: str, prepared: bytes) -> None:
        self.sent.append((engine_sid, prepared))

    def received(self, engine_sid: str) -> list[list]:
        return [json.loads(text[2:]) for to, text in self.sent if to == engine_sid]


class Board:
    """A topic's committed state."""

    def __init__(self) -> None:
        self.version = 0
        self.asked: list[str] = []

    def render(self, topic: str) -> View:
        shared = {"buyer": b'{"v":%d,"all":true}' % self.version, "supplier": b'{"v":%d}' % self.version}
        return View(self.version, shared, self.personal)

    def personal(self, audience: str, key: str) -> bytes:
        self.asked.append(key)
        return b"" if audience == "buyer" else b'"rank":%d' % len(key)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def fanout(post, board) -> Fanout:
    made = Fanout(post)
    made.register("auction", "view", board.render, lambda topic: {"seq": board.version, "ends": 99})
    return made


def change(fanout: Fanout, board: Board, now: float) -> float | None:
    """One committed change and what leaves at `now`; returns how long the rest has to wait."""
    board.version += 1
    fanout.publish("auction:1", board.version)
    return leave(fanout, now)


def leave(fanout: Fanout, now: float) -> float | None:
    ready, wait = fanout.due(now)
    for topic in ready:
        fanout.flush(topic, now)
    return wait


def test_each_member_gets_the_view_of_its_audience_with_its_own_part(fanout, post, board):
    fanout.join("auction:1", Member("a", "supplier", "S1"), 0)
    fanout.join("auction:1", Member("b", "supplier", "S22"), 0)
    fanout.join("auction:1", Member("c", "buyer"), 0)
    fanout.join("auction:1", Member("d", "stranger"), 0)
    change(fanout, board, 0)
    assert post.received("a") == [["view", {"v": 1, "rank": 2}]]
    assert post.received("b") == [["view", {"v": 1, "rank": 3}]]
    assert post.received("c") == [["view", {"v": 1, "all": True}]]
    assert post.received("d") == []


def test_a_frame_is_made_once_per_distinct_payload_and_a_part_once_per_key(fanout, post, board):
    for number in range(500):
        fanout.join("auction:1", Member(f"s{number}", "supplier", f"S{number % 3}"), 0)
        fanout.join("auction:1", Member(f"b{number}", "buyer"), 0)
    change(fanout, board, 0)
    assert len(post.sent) == 1000
    assert len(post.prepared) == 2
    assert sorted(board.asked) == ["", "S0", "S1", "S2"]


def test_the_first_change_leaves_at_once_and_those_soon_after_leave_together(fanout, post, board):
    fanout.join("auction:1", Member("a", "supplier", "S"), 0)
    assert change(fanout, board, 10.0) is None
    assert [change(fanout, board, at) for at in (10.02, 10.04, 10.06)] == pytest.approx([0.08, 0.06, 0.04])
    assert len(post.sent) == 1
    leave(fanout, 10.1)
    assert [payload["v"] for _, payload in post.received("a")] == [1, 4]


def test_nothing_leaves_twice(fanout, post, board):
    fanout.join("auction:1", Member("a", "supplier", "S"), 0)
    change(fanout, board, 0)
    assert not fanout.publish("auction:1", board.version)
    assert fanout.due(100) == ([], None)


def test_topics_do_not_wait_for_each_other(fanout, post, board):
    for name in "123":
        fanout.join(f"auction:{name}", Member(name, "supplier", "S"), 0)
        fanout.publish(f"auction:{name}", 1)
    ready, _ = fanout.due(0)
    assert [topic.name for topic in ready] == ["auction:1", "auction:2", "auction:3"]


def test_a_change_during_a_flush_leaves_with_the_next_one(post, board):
    fanout = Fanout(post, pause=lambda: board.version == 1 and bump(fanout, board))
    fanout.register("auction", "view", board.render)
    for number in range(251):
        fanout.join("auction:1", Member(f"s{number}", "supplier", "S"), 0)
    change(fanout, board, 0)
    assert {payload["v"] for _, text in post.sent for payload in [json.loads(text[2:])[1]]} == {1}
    leave(fanout, 0.1)
    assert post.received("s250")[-1] == ["view", {"v": 2, "rank": 1}]


def bump(fanout: Fanout, board: Board) -> None:
    board.version += 1
    fanout.publish("auction:1", board.version)


def test_a_big_room_lets_others_run_every_250_sends(post, board):
    pauses: list[int] = []
    fanout = Fanout(post, pause=lambda: pauses.append(len(post.sent)))
    fanout.register("auction", "view", board.render)
    for number in range(1001):
        fanout.join("auction:1", Member(f"s{number}", "supplier", "S"), 0)
    change(fanout, board, 0)
    assert pauses == [250, 500, 750, 1000]


def test_a_crowded_room_is_shown_less_often(post, board):
    fanout = Fanout(post, crowded_above=2)
    fanout.register("auction", "view", board.render)
    for number in range(3):
        fanout.join("auction:1", Member(f"s{number}", "supplier", "S"), 0)
    change(fanout, board, 0)
    assert change(fanout, board, 0) == 0.25


def test_who_joins_with_an_old_snapshot_gets_the_newest_view_at_once(fanout, post, board):
    fanout.join("auction:1", Member("a", "supplier", "S"), 0)
    change(fanout, board, 0)
    fanout.join("auction:1", Member("late", "supplier", "S"), 0)
    fanout.join("auction:1", Member("fresh", "supplier", "S"), 1)
    assert post.received("late") == [["view", {"v": 1, "rank": 1}]]
    assert post.received("fresh") == []


def test_who_leaves_or_is_gone_gets_nothing_more(fanout, post, board):
    for name in "abc":
        fanout.join("auction:1", Member(name, "supplier", "S"), 0)
    fanout.leave("auction:1", "a")
    fanout.drop("b")
    change(fanout, board, 0)
    assert [to for to, _ in post.sent] == ["c"]
    fanout.drop("c")
    assert fanout.topics() == ()
    assert not fanout.publish("auction:1", 99)


def test_the_heartbeat_is_one_frame_for_everybody_in_the_topic(fanout, post):
    for name in "ab":
        fanout.join("auction:1", Member(name, "supplier", name), 0)
    assert fanout.beat(1234) == 2
    assert len(post.prepared) == 1
    assert post.received("a") == [["tick", {"topic": "auction:1", "server_ms": 1234, "seq": 0, "ends": 99}]]


def test_a_topic_of_an_unknown_kind_is_a_mistake(fanout):
    with pytest.raises(KeyError):
        fanout.join("weather:1", Member("a", "supplier"), 0)


@pytest.mark.parametrize(
    ("shared", "suffix", "body"),
    [(b"{}", b'"a":1', b'{"a":1}'), (b'{"b":2}', b'"a":1', b'{"b":2,"a":1}'), (b'{"b":2}', b"", b'{"b":2}')],
)
def test_members_are_added_to_an_object(shared, suffix, body):
    assert with_members(shared, suffix) == body
