"""The official client, in a real browser, against each driver."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.browser

OPEN = """
([who, transports]) => new Promise((resolve, reject) => {
  document.cookie = `who=${who}`;
  window.seen = {connects: 0, disconnects: [], views: [], errors: []};
  const socket = window.socket = io({transports, reconnectionDelay: 50, reconnectionDelayMax: 100, forceNew: true});
  socket.on("connect", () => { seen.connects += 1; resolve(socket.io.engine.transport.name); });
  socket.on("disconnect", (reason) => seen.disconnects.push(reason));
  socket.on("connect_error", (error) => { seen.errors.push(error.data); resolve("refused"); });
  socket.on("view", (view) => seen.views.push(view));
})
"""
EMIT = "([event, data]) => socket.timeout(5000).emitWithAck(event, data)"
TRANSPORTS = (["polling", "websocket"], ["websocket"], ["polling"])


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", params=["direct", "gevent-websocket"])
def any_server(request, start):
    return start(request.param)


@pytest.fixture
def page(browser, any_server):
    context = browser.new_context()
    page = context.new_page()
    page.goto(any_server.url)
    yield page
    context.close()


def open_settled(page, who, transports):
    """Open the socket and wait for the transport that it ends on."""
    page.evaluate(OPEN, [who, transports])
    page.wait_for_function("(name) => socket.io.engine.transport.name === name", arg=transports[-1])


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_events_answers_and_views_arrive_by(page, any_server, transports):
    open_settled(page, "anna", transports)
    assert page.evaluate(EMIT, ["ask", {"n": 3}])["n"] == 3
    assert page.evaluate(EMIT, ["nonsense", {}]) == {"ok": False, "code": "unknown_event"}
    assert len(page.evaluate(EMIT, ["body", {"size": "large"}])["body"]) == 70_000
    room = "-".join(transports)
    assert page.evaluate(EMIT, ["join", {"room": room}])["ok"]
    version = any_server.post(f"/bump/{room}")["v"]
    page.wait_for_function("seen.views.length > 0")
    assert page.evaluate("seen.views[0]") == {"v": version, "topic": f"room:{room}", "me": "anna"}


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_after_the_server_closes_the_client_comes_back_by_itself(page, any_server, transports):
    open_settled(page, "rita", transports)
    any_server.post("/close/rita")
    page.wait_for_function("seen.connects === 2")
    assert page.evaluate(EMIT, ["ask", {"n": 4}])["ok"]


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_a_kicked_client_stays_away(page, any_server, transports):
    open_settled(page, "kurt", transports)
    assert any_server.post("/kick?user_id=kurt") == {"kicked": 1}
    page.wait_for_function("seen.disconnects.length > 0 && !socket.active")
    assert page.evaluate("[socket.connected, seen.connects]") == [False, 1]


def test_a_client_without_a_session_is_told_so_and_stays_away(page):
    assert page.evaluate(OPEN, ["", ["websocket"]]) == "refused"
    assert page.evaluate("[seen.errors[0], socket.active]") == [{"code": "signed_out"}, False]


def test_a_large_event_is_cut_off_and_the_client_comes_back(page):
    page.evaluate(OPEN, ["lars", ["websocket"]])
    page.evaluate("socket.emit('ask', {n: 1, note: 'x'.repeat(20000)})")
    page.wait_for_function("seen.connects === 2")
    assert page.evaluate(EMIT, ["ask", {"n": 4}])["ok"]
