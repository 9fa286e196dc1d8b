"""The sockets of the auction room on the portal as it is served: what is answered, what is refused, what ends them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest

from srm_portal.kernel.clock import SystemClock
from srm_portal.web.sessions import COOKIE, session_id
from tests.infra.realtime.wire import Client, Closed
from tests.support.installation import Served
from tests.support.live_room import Room, a_room, bid_of, body, port_of

pytestmark = pytest.mark.crash

ENDS_WITHIN_S = 2


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return a_room(tmp_path_factory.mktemp("sockets") / "portal", bidders=5, auctions=2)


@pytest.fixture(scope="module")
def served(room: Room) -> Iterator[Served]:
    with room.place.serving() as served:
        yield served


@pytest.fixture
def witness(room: Room, served: Served) -> Iterator[Client]:
    """Another bidder in the room, to whom nothing may happen."""
    client = room.bidder(served, 3)
    yield client
    assert client.emit("clock.echo", {})["ok"]
    client.drop()


def test_r6_the_server_echoes_its_time_and_every_view_carries_it(room: Room, served: Served) -> None:
    client = room.bidder(served, 0)
    view = client.emit("auction.sync", {"auction": room.id})
    for told in (client.emit("clock.echo", {})["server_ms"], view["server_ms"], client.push("tick")["server_ms"]):
        assert abs(told - SystemClock().now().timestamp() * 1000) < 5000
    assert view["lots"][0]["ends_ms"] > view["server_ms"]
    answer = client.emit("auction.bid", bid_of(room.id, 900_000, "r6", at="2001-01-01T00:00:00Z"))
    assert [one["code"] for one in answer["facts"]["problems"]] == ["unknown_field"], "a client's time is not asked for"
    client.drop()


def test_a_bid_is_acknowledged_and_everybody_is_shown_their_own_view(room: Room, served: Served) -> None:
    one, two = room.bidder(served, 0), room.bidder(served, 1)
    answer = one.emit("auction.bid", bid_of(room.id, 800_000, "first"))
    assert (answer["ok"], answer["amount"], answer["replayed"]) == (True, "800000", False)
    again = one.emit("auction.bid", bid_of(room.id, 800_000, "first"))
    assert (again["replayed"], again["receipt"]) == (True, again["receipt"])
    assert two.push("auction")["version"] >= answer["view"]["version"]
    assert one.emit("auction.bid", bid_of(room.id, 700_000, "first"))["code"] == "key_reused"
    for client in (one, two):
        client.drop()


WRONG: list[tuple[str, Any, str]] = [
    ("auction.bid", {}, "invalid"),
    ("auction.bid", {"auction": "ID", "lot": "L1", "amount": "1"}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"amount": 5}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"amount": None}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"amount": True}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"amount": "9" * 41}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"confirmed": "yes"}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"room": "auction:1"}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k") | {"auction": ["ID"]}, "invalid"),
    ("auction.bid", bid_of("ID", 5, "k" * 65), "invalid"),
    ("auction.bid", bid_of("ID", 5, "a\u0000b"), "invalid"),
    ("auction.bid", bid_of("ID", 5, "schl\u00fcssel"), "key_missing"),
    ("auction.bid", bid_of("ID", 5, "k", lot="L9"), "unknown_lot"),
    ("auction.bid", bid_of("0" * 20, 5, "k"), "not_found"),
    ("auction.bid", bid_of("OTHER", 5, "k"), "not_found"),
    ("auction.bid", [1], "not_an_object"),
    ("auction.bid", "bid", "not_an_object"),
    ("auction.accept", {"auction": "ID", "lot": "L1", "tick": "1", "request_id": "k"}, "invalid"),
    ("auction.accept", {"auction": "ID", "lot": "L1", "tick": 1, "request_id": "k"}, "not_allowed"),
    ("auction.join", {"auction": "OTHER"}, "not_found"),
    ("auction.join", {"auction": "auction:ID"}, "invalid"),
    ("auction.join", {"auction": "ID", "audience": "staff"}, "invalid"),
    ("auction.join", {"room": "auction:ID"}, "invalid"),
    ("auction.sync", {"auction": "OTHER"}, "not_found"),
    ("auction.status", {"auction": "OTHER", "request_id": "k"}, "not_found"),
    ("auction.pause", {"auction": "ID"}, "unknown_event"),
    ("join_room", {"room": "auction:ID"}, "unknown_event"),
    ("auction", {"version": 9}, "unknown_event"),
    ("tick", {}, "unknown_event"),
    ("auction.bid", {"auction": json.loads("[" * 20 + "]" * 20)}, "too_deep"),
]


def named(data: Any, room: Room) -> Any:
    """ID and OTHER stand for the auction of the bidder and the one they are not invited to."""
    text = json.dumps(data).replace('"ID"', f'"{room.id}"').replace(":ID", f":{room.id}")
    return json.loads(text.replace("OTHER", room.auctions[1].id))


def test_every_wrong_event_is_refused_by_its_code(room: Room, served: Served, witness: Client) -> None:
    codes = []
    for start in range(0, len(WRONG), 10):
        client = room.bidder(served, 0)
        for event, data, _code in WRONG[start : start + 10]:
            answer = client.emit_raw(body(event, named(data, room)))
            codes.append(None if answer["ok"] else answer["code"])
        client.drop()
    assert codes == [code for _event, _data, code in WRONG]


NO_NUMBERS = ["abc", "", " 5", "5 ", "-5", "+5", "1e3", "NaN", "Infinity", "0x10", "1,5", "1.2.3", ".5", "5.",
              "\uff11", "\u0665", "0"]  # fmt: skip


def test_every_notation_that_is_no_plain_number_is_refused(room: Room, served: Served, witness: Client) -> None:
    client = room.bidder(served, 0)
    answers = [client.emit("auction.bid", bid_of(room.id, text, f"n{at}")) for at, text in enumerate(NO_NUMBERS)]
    codes = [answer["code"] for answer in answers]
    assert set(codes) == {"not_a_number", "invalid"}
    assert codes.count("invalid") == 1, "only the empty text fails the event's own check"
    client.drop()


def test_a_hundred_levels_of_nesting_and_a_huge_frame_harm_nobody(room: Room, served: Served, witness: Client) -> None:
    client = room.bidder(served, 0)
    deep = '["auction.bid",{"auction":' + "[" * 100 + "]" * 100 + "}]"
    assert client.emit_raw(deep)["code"] == "too_deep"
    client.send('421["auction.bid",{"amount":"' + "9" * 20_000 + '"}]')
    assert client.close_code() == 1009


def test_a_flood_of_bids_is_refused_and_ended(room: Room, served: Served, witness: Client) -> None:
    client = room.bidder(served, 2)
    codes: list[Any] = []
    try:
        for number in range(400):
            codes.append(client.emit("auction.bid", bid_of(room.id, 5, f"flood{number}")).get("code"))
    except (Closed, BrokenPipeError, ConnectionError):
        pass
    assert codes.count("too_fast") >= 150
    assert set(codes) <= {"too_fast", "decrement", "not_an_improvement", None, "late"}


def test_of_sixty_sockets_of_one_bidder_five_are_let_in(room: Room, served: Served, witness: Client) -> None:
    let_in, refused = [], set()
    for _ in range(60):
        try:
            let_in.append(room.socket(served, room.bidders[0][4]))
        except ConnectionRefusedError as refusal:
            refused.add(str(refusal))
    assert (len(let_in), refused) == (5, {"too_many_sockets"})
    for client in let_in:
        client.drop()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_foreign_page_gets_no_socket(room: Room, served: Served, origin: str) -> None:
    cookie = f"{COOKIE}={room.bidders[0][0]}"
    assert Client(port_of(served), cookie=cookie, origin=origin).status == 400


def test_no_or_an_ended_or_an_expired_session_gets_no_socket(room: Room, served: Served) -> None:
    for cookie in ("", "made-up", room.buyer + "x"):
        with pytest.raises(ConnectionRefusedError, match="signed_out"):
            room.socket(served, cookie)
    expired = room.bidders[1][4]
    with sqlite3.connect(room.place.folder / "portal.sqlite3", timeout=10) as database:
        changed = database.execute(
            "UPDATE web_session SET expires_at = '2020-01-01 00:00:00.000000' WHERE id = ?", (session_id(expired),)
        )
        assert changed.rowcount == 1
    with pytest.raises(ConnectionRefusedError, match="signed_out"):
        room.socket(served, expired)


def ended_within(client: Client, since: float) -> None:
    client.sock.settimeout(ENDS_WITHIN_S)
    client.close_code()
    assert time.monotonic() - since < ENDS_WITHIN_S


def test_signing_out_ends_the_socket(room: Room, served: Served) -> None:
    cookie = room.bidders[1][0]
    client, page = room.bidder(served, 0, auction=1), f"/s/auctions/{room.auctions[1].id}"
    since = time.monotonic()
    room.browser(served, cookie).fill("/sign-out", page=page)
    ended_within(client, since)
    with pytest.raises(ConnectionRefusedError, match="signed_out"):
        room.socket(served, cookie)


def test_blocking_a_company_ends_its_sockets_and_its_bids(room: Room, served: Served) -> None:
    auction = room.auctions[1]
    blocked, other = room.bidder(served, 1, auction=1), room.bidder(served, 2, auction=1)
    cockpit = f"/auctions/{auction.id}"
    since = time.monotonic()
    buyer = room.browser(served, room.buyer)
    buyer.fill(f"{cockpit}/block", page=cockpit, supplier=auction.supplier_ids[1], reason="a sanctions list")
    ended_within(blocked, since)
    assert other.emit("auction.bid", bid_of(auction.id, 900_000, "still"))["ok"]
    back = room.bidder(served, 1, auction=1)
    assert back.emit("auction.bid", bid_of(auction.id, 800_000, "again"))["code"] == "blocked"
    for client in (other, back):
        client.drop()
