import json
import threading
import time

import pytest

from srm_portal.infra.realtime import frames
from tests.infra.realtime.wire import Client, Closed, Polling, masked


@pytest.fixture
def witness(server):
    """Another client, to whom nothing may happen."""
    client = server.client("witness")
    yield client
    assert client.emit("ask", {"n": 1})["ok"]
    client.drop()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('["ask",{"n":"7"}]', "invalid"),
        ('["ask",{"n":true}]', "invalid"),
        ('["ask",{"n":7.0}]', "invalid"),
        ('["ask",{"n":null}]', "invalid"),
        ('["ask",{"n":[1]}]', "invalid"),
        ('["ask",{"n":100000000000000000000000}]', "invalid"),
        ('["ask",{"n":7,"note":"a\\u0000b"}]', "invalid"),
        ('["ask",{"n":7,"room":"auction:1"}]', "invalid"),
        ('["ask",{}]', "invalid"),
        ('["ask"]', "invalid"),
        ('["ask",{"n":NaN}]', "malformed"),
        ('["ask",{"n":7},{"n":8}]', "malformed"),
        ("[]", "malformed"),
        ("[7,{}]", "malformed"),
        ("[null]", "malformed"),
        ('[{"a":1}]', "malformed"),
        ('["ask",{"n":7', "malformed"),
        ('["ask",{"n":"\\ud800"}]', "malformed"),
        ("[" * 5000 + "]" * 5000, "malformed"),
        ('["ask",[7]]', "not_an_object"),
        ('["ask","7"]', "not_an_object"),
        ('["ask",{"n":' + "[" * 100 + "]" * 100 + "}]", "too_deep"),
        ('["ask",{"n":' + '{"a":' * 100 + "1" + "}" * 100 + "}]", "too_deep"),
        ('["nonsense",{}]', "unknown_event"),
        ('["",{}]', "unknown_event"),
        ('["connect",{"HTTP_COOKIE":"who=buyer-1"}]', "unknown_event"),
        ('["disconnect",{}]', "unknown_event"),
        ('["*",{}]', "unknown_event"),
        ('["refuse",{}]', "above_limit"),
        ('["hide",{}]', "not_found"),
        ('["run",{}]', "forbidden"),
    ],
)
def test_a_wrong_event_is_refused_and_acknowledged(server, witness, body, code):
    client = server.client("mallory")
    answer = client.emit_raw(body)
    assert (answer["ok"], answer["code"]) == (False, code)
    assert client.emit("ask", {"n": 1})["ok"]
    client.drop()


def test_a_refusal_carries_its_facts_and_names_the_fields(server):
    client = server.client("frank")
    assert client.emit("refuse", {})["facts"] == {"limit": "12.50"}
    problems = client.emit("ask", {"n": -1, "room": "x"})["facts"]["problems"]
    assert problems == [{"field": "room", "code": "unknown_field"}, {"field": "n", "code": "out_of_range"}]


def test_the_role_decides_who_may_send_an_event(server):
    assert server.client("buyer-7").emit("run", {}) == {"ok": True}


def test_a_handler_may_ask_for_the_applications_context(server):
    assert server.client("carla").emit("name", {})["app"] == "served_app"


def test_a_mistake_of_ours_is_acknowledged_without_a_word_about_it(start):
    server = start()
    client = server.client("claire")
    assert client.emit("crash", {}) == {"ok": False, "code": "internal"}
    assert client.emit("ask", {"n": 1})["ok"]
    assert "ZeroDivisionError" in server.stop()


@pytest.mark.parametrize(
    "text",
    [
        '42/admin,1["ask",{"n":1}]',
        '4212345678901["ask",{"n":1}]',
        '42{"a":1}',
        "42",
        '451-["ask",{"_placeholder":true,"num":0}]',
        "44{}",
        "47",
        "4",
        "2",
        "5",
        "6",
        "9",
        "x",
        "40{",
        "40",
    ],
)
def test_what_is_no_event_ends_the_connection(server, witness, text):
    client = server.client("mallory")
    client.send(text)
    client.close_code()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (masked(b"x" * 20_000), frames.TOO_BIG),
        (masked(b"x" * 100_000), frames.TOO_BIG),
        (masked(b"\xff\xfe"), frames.NOT_UTF8),
        (masked(b"binary", frames.BINARY), frames.NO_BINARY),
        (frames.encode_frame(b"not masked"), frames.PROTOCOL_ERROR),
        (b"\xff" * 64, frames.PROTOCOL_ERROR),
        (b"GET / HTTP/1.1\r\n\r\n", frames.PROTOCOL_ERROR),
    ],
    ids=["twenty kB", "hundred kB", "not utf-8", "binary", "not masked", "noise", "http"],
)
def test_a_broken_frame_ends_the_connection_with_its_code(server, witness, data, code):
    client = server.client("mallory")
    client.send_bytes(data)
    assert client.close_code() == code


def test_an_event_before_the_introduction_ends_the_connection(server, witness):
    client = Client(server.port, "mallory")
    client.text()
    client.send('421["ask",{"n":1}]')
    client.close_code()


def test_a_flood_is_refused_event_by_event_and_then_ended(server, witness):
    client = server.client("mallory")
    for number in range(1, 400):
        client.send(f'42{number}["ask",{{"n":1}}]')
    codes = []
    try:
        while (text := client.text()).startswith("43"):
            codes.append(json.loads(text[text.index("[") :])[0].get("code"))
    except Closed:
        pass
    assert codes.count(None) >= 40
    assert codes.count("too_fast") >= 200
    assert set(codes) == {None, "too_fast"}


def test_of_sixty_sockets_of_one_user_five_are_let_in(server, witness):
    let_in, refused = [], []
    for _ in range(60):
        try:
            let_in.append(server.client("sixty"))
        except ConnectionRefusedError as refusal:
            refused.append(str(refusal))
    assert (len(let_in), set(refused)) == (5, {"too_many_sockets"})
    assert all(client.emit("ask", {"n": 1})["ok"] for client in let_in)
    let_in[0].drop()
    while server.stats()["sessions"] > 5:
        pass
    assert server.client("sixty").emit("ask", {"n": 1})["ok"]


def test_a_socket_without_a_session_is_refused_and_ended(server):
    client = Client(server.port, "")
    client.text()
    client.send("40")
    assert json.loads(client.text()[2:])["data"] == {"code": "signed_out"}
    client.close_code()


def test_a_connection_that_does_not_introduce_itself_is_ended(start):
    server = start(limits={"opening_s": 0.5})
    introduced, silent = server.client("anna"), Client(server.port, "silent")
    assert silent.close_code() == 1000
    assert introduced.emit("ask", {"n": 1})["ok"]


def test_a_socket_is_in_no_more_topics_than_it_may(start):
    client = start(limits={"topics_per_socket_max": 2}).client("anna")
    assert [client.emit("join", {"room": room})["ok"] for room in "aabc"] == [True, True, True, False]
    assert client.emit("leave", {"room": "a"})["ok"] and client.emit("join", {"room": "c"})["ok"]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1", "file://"])
def test_a_foreign_page_gets_no_socket(server, origin):
    assert Client(server.port, "anna", origin=origin).status == 400
    assert Polling(server.port, "anna", origin).status == 400


def test_our_own_page_and_a_configured_one_get_a_socket(start):
    server = start(SRM_REALTIME_ORIGINS=["https://portal.example/start"])
    for origin in (server.url, "https://portal.example"):
        assert Client(server.port, "anna", origin=origin).opened().emit("ask", {"n": 1})["ok"]
    assert Client(server.port, "anna", origin="https://portal.example.evil").status == 400


@pytest.mark.parametrize("driver", ["direct", "gevent-websocket"])
@pytest.mark.parametrize("target", ["user_id=kim", "session_id=web-kim", "scope=room:kick/S-kim"])
def test_a_kick_ends_the_named_sockets_within_two_seconds(start, driver, target):
    server = start(driver)
    kim, other = server.client("kim"), server.client("other")
    polling = Polling(server.port, "kim")
    polling.post("40")
    polling.get()
    polling.post('421["join",{"room":"kick"}]')
    polling.get()
    for client in (kim, other):
        client.emit("join", {"room": "kick"})
    asked_at = time.monotonic()
    assert server.post(f"/kick?{target}") == {"kicked": 2}
    kim.sock.settimeout(2)
    kim.close_code()
    assert server.stats()["sessions"] == 1
    assert time.monotonic() - asked_at < 2
    assert polling.post('422["ask",{"n":1}]') == 400
    assert other.emit("ask", {"n": 1})["ok"]


def test_an_ended_web_session_cannot_come_back_at_once(start):
    server = start()
    server.client("kay")
    server.post("/kick?session_id=web-kay")
    with pytest.raises(ConnectionRefusedError, match="signed_out"):
        server.client("kay")


def test_a_polling_client_that_never_reads_is_let_go(start):
    server = start()
    polling = Polling(server.port, "paul")
    polling.post("40")
    assert server.stats()["sessions"] == 1
    while server.stats()["sessions"]:
        server.post("/tell/paul?times=100")


def test_two_polls_at_once_do_not_harm_the_session(server):
    polling = Polling(server.port, "twin")
    polling.post("40")
    polling.get()
    threads = [threading.Thread(target=polling.get) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in (1, 2):
        polling.post(f'42{number}["ask",{{"n":1}}]')
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
