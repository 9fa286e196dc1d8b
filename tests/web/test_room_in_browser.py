"""The bidder's room in a real Chromium against the socket's protocol: what is shown, asked, refused and said."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import assert_sound, chromium, launched, opened, served, visit
from tests.web.gallery import create_gallery
from tests.web.room_stand import Stand, add_room

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[str, Stand, SocketIO]]:
    app = create_gallery(tmp_path)
    stand, socketio = add_room(app)
    with served(app) as base:
        yield f"{base}/room", stand, socketio


def enter(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("[data-part=live]")).to_have_text("Live")


def push(stand: Stand, socketio: SocketIO) -> None:
    stand.version += 1
    socketio.emit("auction", stand.view())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (320, 640), (1280, 800)])
def test_the_room_is_sound(room, chrome: Browser, theme: str, size: tuple[int, int]) -> None:
    url, _stand, _socketio = room
    with opened(chrome, *size) as page:
        visit(page, f"{url}?theme={theme}")
        expect(page.locator("[data-part=live]")).to_have_text("Live")
        assert_sound(page)
        small = page.evaluate(
            """[...document.querySelectorAll('a,button,input')]
            .filter(e => e.checkVisibility() && !e.matches('.skip-link'))
            .filter(e => { const r = e.getBoundingClientRect(); return r.width < 43.5 || r.height < 43.5; })
            .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert small == []


@pytest.mark.parametrize(
    ("language", "live", "own"),
    [
        ("fr", "En direct", "185 500 €"),
        ("es", "En vivo", "185.500 €"),
        ("pl", "Na żywo", "185 500 €"),
        ("ro", "Live", "185.500 €"),
        ("ru", "На связи", "185 500 €"),
    ],
)
def test_the_room_speaks_the_bidders_language(room, chrome: Browser, language: str, live: str, own: str) -> None:
    url, _stand, _socketio = room
    with opened(chrome, 360, 780) as page:
        visit(page, f"{url}?lang={language}")
        expect(page.locator("[data-part=live]")).to_have_text(live)
        assert page.locator("[data-part=own]").inner_text().replace("\u202f", " ").replace("\u00a0", " ") == own
        cut = page.evaluate(
            """[...document.querySelectorAll('.btn-bid,.tile,.quick button,.clock,.hero-head')]
            .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
            .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert cut == []
        assert_sound(page)


def test_the_bidder_sees_time_rank_own_bid_and_what_to_do(room, chrome: Browser) -> None:
    url, _stand, _socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        expect(page.locator("[data-part=rank]")).to_have_text("2")
        expect(page.locator("[data-part=own]")).to_have_text("€185,500")
        expect(page.locator("[data-part=message-text]")).to_have_text(
            "You were overtaken. A bid of €184,000 takes the lead."
        )
        expect(page.locator(".btn-bid")).to_have_text("Bid €184,000")


def test_a_confirmed_bid_takes_the_lead(room, chrome: Browser) -> None:
    url, _stand, _socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        page.locator(".btn-bid").click()
        expect(page.locator("[data-part=own]")).to_have_text("€184,000")
        expect(page.locator("[data-part=gap]")).to_have_text("You are leading")
        expect(page.locator("#announce-now")).to_have_text("Your bid of €184,000 is confirmed")


def test_a_bid_above_the_limit_cannot_be_sent_and_the_hint_says_why(room, chrome: Browser) -> None:
    url, _stand, _socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        page.get_by_role("textbox").fill("185,400")
        expect(page.locator("[data-part=hint-text]")).to_have_text("Bid €185,250 or lower (step €250)")
        expect(page.locator(".btn-bid")).to_be_disabled()


def test_a_refusal_names_the_nearest_valid_amount(room, chrome: Browser) -> None:
    url, stand, _socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        page.get_by_role("textbox").fill("185,250")
        stand.own = Decimal(185000)
        page.locator(".btn-bid").click()
        expect(page.locator("[data-part=hint-text]")).to_have_text("The step is too small. Highest valid: €184,750")


def test_a_large_drop_asks_first_and_the_safe_answer_has_the_focus(room, chrome: Browser) -> None:
    url, stand, _socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        page.get_by_role("textbox").fill("162,500")
        page.locator(".btn-bid").click()
        expect(page.get_by_role("button", name="Change the amount")).to_be_focused()
        expect(page.locator("[data-part=sheet-text]")).to_contain_text("12.4% (€23,000) below")
        assert_sound(page)
        page.get_by_role("button", name="Yes, bid €162,500").click()
        expect(page.locator("[data-part=own]")).to_have_text("€162,500")
        assert stand.own == Decimal(162500)


def test_an_extension_is_told_in_the_flow(room, chrome: Browser) -> None:
    url, stand, socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        stand.ends_ms, stand.extended = stand.ends_ms + 120_000, 2
        push(stand, socketio)
        expect(page.locator("[data-part=extended-title]")).to_have_text("Time extended by 2 minutes")
        expect(page.locator("[data-part=extensions-text]")).to_have_text("Extended 2 times")


def test_an_older_view_changes_nothing(room, chrome: Browser) -> None:
    url, stand, socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        socketio.emit("auction", {**stand.view(), "version": 3, "state": "paused"})
        push(stand, socketio)
        expect(page.locator(".btn-bid")).to_be_enabled()


def test_a_pause_closes_the_dock_and_says_so(room, chrome: Browser) -> None:
    url, stand, socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        stand.state = "paused"
        push(stand, socketio)
        expect(page.get_by_role("timer")).to_have_text("Paused")
        expect(page.locator(".btn-bid")).to_be_disabled()


def test_a_lost_connection_greys_the_clock_and_sends_nothing(room, chrome: Browser) -> None:
    url, stand, socketio = room
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        for sid in list(socketio.server.manager.rooms["/"][None]):
            socketio.server.disconnect(sid)
        expect(page.locator("[data-part=lost]")).to_be_visible()
        expect(page.locator(".btn-bid")).to_have_text("Waiting for connection…")
        expect(page.locator("auction-clock .clock")).to_have_attribute("data-stale", "")
        stand.own = Decimal(185000)
        expect(page.locator("[data-part=live]")).to_have_text("Live", timeout=15000)
        expect(page.locator("[data-part=own]")).to_have_text("€185,000")


def test_where_the_rules_show_the_rank_only_nothing_more_is_shown(room, chrome: Browser) -> None:
    url, stand, _socketio = room
    stand.rank_only = True
    with opened(chrome, 390, 844) as page:
        enter(page, url)
        expect(page.locator("[data-part=rank]")).to_have_text("2")
        expect(page.locator("[data-quick=lead]")).to_be_hidden()
        expect(page.locator("[data-part=legend-best]")).to_be_hidden()
        expect(page.locator("[data-part=message-text]")).to_have_text("Your next valid bid: €185,250.")


def test_without_script_the_dock_is_a_plain_form(room, chrome: Browser) -> None:
    url, stand, _socketio = room
    with opened(chrome, 390, 844, java_script_enabled=False) as page:
        page.goto(url)
        page.locator("input[name=amount]").fill("185000")
        page.locator(".btn-bid").click()
        expect(page.locator("[data-part=own]")).to_have_text("€185,000.00")
        assert stand.own == Decimal(185000)
