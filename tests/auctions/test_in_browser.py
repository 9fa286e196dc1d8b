"""Two bidders on phones and a buyer run an auction to its end in a real Chromium, on a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import assert_sound, chromium, launched, opened

pytestmark = [pytest.mark.browser]
ROOT = Path(__file__).parents[2]
SERVED = Path(__file__).with_name("served_portal.py")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


class Portal:
    """A served auction and who may open it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.base, self.told = f"http://127.0.0.1:{told['port']}", told

    @contextmanager
    def page(self, chrome: Browser, cookie: str, width: int, height: int) -> Iterator[Page]:
        with opened(chrome, width, height) as page:
            page.context.add_cookies([{"name": self.told["cookie"], "value": cookie, "url": self.base}])
            yield page

    def room(self) -> str:
        return f"{self.base}/s/auctions/{self.told['auction']}"

    def cockpit(self) -> str:
        return f"{self.base}/auctions/{self.told['auction']}"


@contextmanager
def a_portal(folder: Path, **options: Any) -> Iterator[Portal]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SERVED), json.dumps({"folder": str(folder), **options})]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("READY"), line
        yield Portal(json.loads(line.split(" ", 1)[1]))
    finally:
        process.terminate()
        process.wait(timeout=20)


def place(page: Page, amount: str) -> None:
    page.get_by_role("textbox").fill(amount)
    page.locator(".btn-bid").click()


def enter(page: Page, url: str) -> None:
    """Into a room that is open, or soon will be."""
    page.goto(url)
    expect(page.locator("[data-part=live]")).to_have_text("Live", timeout=20_000)


def test_an_english_auction_runs_to_its_end(chrome: Browser, tmp_path: Path) -> None:
    with a_portal(tmp_path, bidders=4, profile="open_lead", minutes=1, window_s=0, opens_in_s=6) as portal:
        told = portal.told
        with (
            portal.page(chrome, told["bidders"][0], 390, 844) as anna,
            portal.page(chrome, told["bidders"][1], 390, 844) as bert,
            portal.page(chrome, told["buyer"], 1440, 900) as buyer,
        ):
            anna.goto(portal.room())
            expect(anna.locator("[data-room]")).to_be_visible(timeout=30_000)
            enter(bert, portal.room())
            enter(buyer, portal.cockpit())
            expect(anna.locator("[data-part=live]")).to_have_text("Live", timeout=20_000)
            place(anna, "2,000")
            expect(anna.locator("[data-part=gap]")).to_have_text("You are leading")
            place(bert, "1,950")
            expect(bert.locator("[data-part=gap]")).to_have_text("You are leading")
            expect(anna.locator("[data-part=message-text]")).to_contain_text("You were overtaken.")
            expect(buyer.locator("#board")).to_contain_text("€1,950.00")
            anna.context.set_offline(True)
            expect(anna.locator("[data-part=lost]")).to_be_visible(timeout=60_000)
            anna.context.set_offline(False)
            expect(anna.locator("[data-part=lost]")).to_be_hidden(timeout=30_000)
            expect(anna.locator("[data-part=own]")).to_have_text("€2,000")
            for page in (anna, bert):
                expect(page.get_by_role("timer")).to_have_text("Closed", timeout=90_000)
                expect(page.locator("[data-part=message-text]")).to_contain_text("Bidding is over.")
            expect(buyer.get_by_role("link", name="Replay")).to_be_visible(timeout=20_000)
            assert_sound(bert)
            assert_sound(buyer)
            buyer.get_by_role("link", name="Replay").click()
            expect(buyer.locator("[data-replay]")).to_be_visible()
            assert_sound(buyer)


def test_a_dutch_lot_is_taken_by_the_first(chrome: Browser, tmp_path: Path) -> None:
    clock = {"start": "1000", "step": "50", "cap": "2000", "tick_s": 30}
    with a_portal(tmp_path, bidders=3, profile="dutch_fast", opens_in_s=1, **clock) as portal:
        first, second = portal.told["bidders"][:2]
        with portal.page(chrome, first, 390, 844) as anna, portal.page(chrome, second, 390, 844) as bert:
            enter(anna, portal.room())
            enter(bert, portal.room())
            expect(anna.locator("[data-clock-room]")).to_be_visible(timeout=20_000)
            assert_sound(anna)
            anna.locator(".btn-bid").click()
            expect(anna.locator("[data-part=standing]")).to_have_text("You won")
            expect(bert.locator("[data-part=message-text]")).to_have_text("The lot is closed.")
            expect(bert.locator(".btn-bid")).to_be_disabled()
