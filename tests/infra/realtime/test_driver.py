import json
import socket

import pytest

from srm_portal.infra.realtime.server import listen
from tests.infra.realtime.wire import Client, Closed, Polling, masked


@pytest.fixture(scope="module", params=["direct", "gevent-websocket", "threading"])
def any_server(request, start):
    return start(request.param)


def test_an_event_is_acknowledged_with_its_answer(any_server):
    client = any_server.client("anna")
    answer = client.emit("ask", {"n": 7})
    assert (answer["ok"], answer["who"], answer["n"]) == (True, "anna", 7)


def test_a_view_is_pushed_with_the_own_part_only(any_server):
    anna, bert, buyer = (any_server.client(who) for who in ("anna", "bert", "buyer-1"))
    for client in (anna, bert, buyer):
        assert client.emit("join", {"room": "one"})["ok"]
    version = any_server.post("/bump/one")["v"]
    assert anna.push("view") == {"v": version, "topic": "room:one", "me": "anna"}
    assert bert.push("view") == {"v": version, "topic": "room:one", "me": "bert"}
    assert buyer.push("view") == {"v": version, "topic": "room:one"}


def test_an_answer_of_seventy_kilobytes_arrives_whole(any_server):
    assert any_server.client().emit("body", {"size": "large"})["body"] == "x" * 70_000


def test_a_heartbeat_tells_version_and_time(any_server):
    client = any_server.client()
    client.emit("join", {"room": "two"})
    tick = client.push("tick")
    assert tick["topic"] == "room:two" and tick["seq"] == 0 and tick["server_ms"] > 1_700_000_000_000


def test_an_ordinary_emit_arrives_too(any_server):
    emma, other = any_server.client("emma"), any_server.client("other")
    any_server.post("/emit/emma")
    assert emma.push("plain") == {"to": "emma"}
    other.emit("ask", {"n": 1})
    assert other.pushes == []


def test_polling_alone_is_enough(any_server):
    polling = Polling(any_server.port, "paul")
    assert polling.post("40") == 200
    assert polling.get()[0].startswith("40{")
    assert polling.post('421["join",{"room":"three"}]') == 200
    assert json.loads(polling.get()[0][3:]) == [{"ok": True, "v": 0}]
    any_server.post("/bump/three")
    received: list[str] = []
    while not any(text.startswith('42["view"') for text in received):
        received += polling.get()
    assert '42["view",{"v":1,"topic":"room:three","me":"paul"}]' in received


def test_a_session_moves_from_polling_to_websocket_without_losing_a_packet(any_server):
    polling = Polling(any_server.port, "petra")
    polling.post("40")
    polling.get()
    polling.post('421["join",{"room":"four"}]')
    polling.get()
    upgraded = Client(any_server.port, "petra", sid=polling.sid)
    upgraded.send("2probe")
    assert upgraded.text() == "3probe"
    any_server.post("/bump/four")
    while polling.get() != ["6"]:
        pass
    upgraded.send("5")
    assert upgraded.push("view")["v"] == 1
    assert upgraded.emit("ask", {"n": 1})["ok"]


def test_a_failed_probe_leaves_the_polling_session_working(server):
    polling = Polling(server.port, "pia")
    polling.post("40")
    polling.get()
    probing = Client(server.port, "pia", sid=polling.sid)
    probing.send("2wrong")
    assert probing.close_code() == 1002
    polling.post('421["ask",{"n":1}]')
    assert json.loads(polling.get()[0][3:])[0]["ok"]


def test_one_clients_events_are_answered_in_order(server):
    client = server.client()
    client.send_bytes(b"".join(_event(number) for number in range(1, 31)))
    answers = [client.text() for _ in range(30)]
    assert [json.loads(text[text.index("[") :])[0]["n"] for text in answers] == list(range(1, 31))


def test_what_comes_right_behind_the_handshake_is_read(server):
    client = Client(server.port, "early")
    assert client.text()[0] == "0"
    client.send_bytes(masked(b"40") + _event(5))
    assert client.text().startswith("40{")
    assert '"n":5' in client.text()


def test_a_session_leaves_nothing_behind(start):
    server = start()
    before = server.stats()
    clients = [server.client(f"user-{number}") for number in range(20)]
    for client in clients:
        client.emit("join", {"room": "brief"})
    assert server.stats()["sessions"] == before["sessions"] + 20
    for client in clients:
        client.drop()
    during = server.stats()
    while during["sessions"] > before["sessions"] or during["engine"] > before["engine"]:
        during = server.stats()
    assert "room:brief" not in during["topics"] and during["rooms"] <= before["rooms"]


def test_connections_that_come_and_go_quickly_are_all_served(server):
    for _ in range(3):
        clients = [server.client(f"churn-{number}") for number in range(100)]
        assert all(client.emit("ask", {"n": 1})["ok"] for client in clients)
        for client in clients:
            client.drop()


def test_a_listener_sends_without_waiting_to_fill_a_segment():
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_close_frame_is_answered_with_the_same_code(server):
    client = server.client()
    client.send_bytes(masked((3001).to_bytes(2, "big") + b"bye", 8))
    assert client.close_code() == 3001


def test_a_ping_is_answered_with_its_payload(server):
    client = server.client()
    client.send_bytes(masked(b"are you there", 9))
    assert client.frame() == (10, b"are you there")


def test_no_extension_is_agreed(server):
    assert "extensions" not in Client(server.port, "anna", compression=True).head.lower()


@pytest.mark.parametrize(
    "header", ["Sec-WebSocket-Version: 12", "Sec-WebSocket-Key: c2hvcnQ=", "Sec-WebSocket-Key: not base64!"]
)
def test_a_wrong_handshake_is_a_bad_request(server, header):
    given = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Upgrade": "websocket"}
    name, _, value = header.partition(": ")
    lines = [f"{key}: {text}" for key, text in ({**given, name: value}).items()]
    request = ["GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", "Host: x", "Connection: Upgrade", *lines]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(("\r\n".join(request) + "\r\n\r\n").encode())
        assert sock.recv(1000).startswith(b"HTTP/1.1 400")


def test_a_client_that_does_not_answer_pings_is_let_go(start):
    server = start(SRM_REALTIME_PING_INTERVAL_S=1, SRM_REALTIME_PING_TIMEOUT_S=1)
    silent, lively = server.client("silent"), server.client("lively")
    opcode, payload = silent.frame()
    assert (opcode, payload) == (1, b"2")
    lively.emit("join", {"room": "ping"})
    while server.stats()["sessions"] == 2:
        lively.push("tick")
    assert lively.emit("ask", {"n": 1})["ok"]


def test_the_end_of_the_server_is_told_to_clients_and_is_clean(start):
    server = start()
    client = server.client()
    errors = server.stop()
    assert client.close_code() in (1000, 1001)
    assert server.process.returncode == 0 and errors == ""


def test_a_slow_reader_is_let_go_at_the_cap_and_its_stream_is_valid_to_the_end(start):
    server = start(SRM_REALTIME_BUFFER_OUT_MAX=64 * 1024)
    slow, quick = server.client("slow", receive_buffer=4096), server.client("quick")
    before = server.stats()["rss"]
    while server.post("/tell/slow?size=10000&times=100") == {} and server.stats()["sessions"] == 2:
        assert quick.emit("ask", {"n": 1})["ok"]
    assert server.stats()["rss"] - before < 16 * 1024 * 1024
    numbers = _numbers_until_the_end(slow)
    assert len(numbers) > 3
    assert numbers[:100] == list(range(len(numbers)))[:100]
    assert quick.emit("ask", {"n": 2})["ok"]


def _numbers_until_the_end(client) -> list[int]:
    numbers: list[int] = []
    try:
        while True:
            name, payload = json.loads(client.text()[2:])
            assert name == "notice" and payload["text"] == "x" * 10_000
            numbers.append(payload["number"])
    except Closed:
        return numbers


def _event(number: int) -> bytes:
    return masked(b'42%d["ask",{"n":%d}]' % (number, number))
