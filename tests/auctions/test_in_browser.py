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
    page.get_by_role("textbox", name="Your bid").fill(amount)
    page.locator(".btn-bid").click()


def enter(page: Page, url: str) -> None:
    """Into a page that is live, or soon will be."""
    page.goto(url)
    expect(page.locator("[data-part=live]")).to_have_text("Live", timeout=20_000)


@contextmanager
def three(chrome: Browser, folder: Path, **options: Any) -> Iterator[tuple[Portal, Page, Page, Page]]:
    """The portal, two bidders on phones in the room, and the buyer at a desk."""
    with a_portal(folder, **options) as portal:
        anna_key, bert_key = portal.told["bidders"][:2]
        with (
            portal.page(chrome, anna_key, 390, 844) as anna,
            portal.page(chrome, bert_key, 390, 844) as bert,
            portal.page(chrome, portal.told["buyer"], 1440, 900) as buyer,
        ):
            enter(buyer, portal.cockpit())
            anna.goto(portal.room())
            bert.goto(portal.room())
            for page in (anna, bert):
                expect(page.locator(".btn-bid[data-part=submit]")).to_be_visible(timeout=40_000)
                expect(page.locator("[data-part=live]")).to_have_text("Live", timeout=20_000)
            yield portal, anna, bert, buyer


def picture(page: Page, name: str) -> None:
    """For the guides, where a folder is named: `PICTURES=docs/pictures`."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_an_english_auction_runs_to_its_end_although_a_bidder_loses_the_network_in_mid_bid(
    chrome: Browser, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"bidders": 4, "profile": "open_lead", "minutes": 5, "opens_in_s": 8}
    with three(chrome, tmp_path, **options) as (portal, anna, bert, buyer):
        place(anna, "2,000")
        expect(anna.locator("[data-part=gap]")).to_have_text("You are leading")
        place(bert, "1,950")
        expect(bert.locator("[data-part=gap]")).to_have_text("You are leading")
        expect(anna.locator("[data-part=message-text]")).to_contain_text("You were overtaken.")
        expect(buyer.locator("#board")).to_contain_text("€1,950.00")
        place(anna, "1,900")
        anna.context.set_offline(True)
        expect(anna.locator("[data-part=lost]")).to_be_visible(timeout=60_000)
        anna.context.set_offline(False)
        expect(anna.locator("[data-part=lost]")).to_be_hidden(timeout=30_000)
        expect(anna.locator("[data-part=own]")).to_have_text("€1,900")
        expect(bert.locator("[data-part=message-text]")).to_contain_text("You were overtaken.")
        picture(anna, "room")
        picture(buyer, "cockpit")
        forgotten = {"lot": "L1", "amount": "1800", "requestId": "lost", "confirmed": False, "at": 0}
        anna.evaluate("bid => localStorage.setItem(`srm-outbox:${bid.auction}`, JSON.stringify(bid.held))", {
            "auction": portal.told["auction"], "held": forgotten,
        })  # fmt: skip
        anna.reload()
        expect(anna.locator("[data-part=hint-text]")).to_contain_text(
            "Your bid of €1,800 did not arrive.", timeout=20_000
        )
        expect(anna.locator("[data-part=own]")).to_have_text("€1,900")
        assert_sound(anna)
        assert_sound(buyer)
        buyer.get_by_role("button", name="Close early").first.click()
        dialog = buyer.locator("dialog[open]")
        dialog.get_by_label("Reason").fill("All have had their say.")
        dialog.get_by_label("Type CLOSE to confirm").fill("CLOSE")
        dialog.get_by_role("button", name="Close early").click()
        for page in (anna, bert):
            expect(page.get_by_role("timer")).to_have_text("Closed", timeout=20_000)
        expect(anna.locator("[data-part=message-text]")).to_contain_text("You won this lot at €1,900.")
        expect(bert.locator("[data-part=message-text]")).to_contain_text("Bidding is over.")
        buyer.get_by_role("link", name="Replay").click(timeout=20_000)
        expect(buyer.locator("[data-replay]")).to_be_visible()
        buyer.get_by_label("Screen of").select_option("A")
        expect(buyer.locator(".still")).to_contain_text("€1,900.00", timeout=20_000)
        assert_sound(buyer)


def test_a_dutch_lot_is_taken_by_the_first(chrome: Browser, tmp_path: Path) -> None:
    clock = {"start": "1000", "step": "50", "cap": "2000", "tick_s": 30}
    with three(chrome, tmp_path, bidders=3, profile="dutch_fast", opens_in_s=6, **clock) as (_, anna, bert, buyer):
        expect(anna.locator(".btn-bid")).to_be_enabled(timeout=30_000)
        assert_sound(anna)
        anna.locator(".btn-bid").click()
        expect(anna.locator("[data-part=standing]")).to_have_text("You won")
        expect(bert.locator("[data-part=message-text]")).to_have_text("The lot is closed.")
        expect(bert.locator(".btn-bid")).to_be_disabled()
        expect(buyer.get_by_role("link", name="Replay")).to_be_visible(timeout=20_000)


def test_a_japanese_lot_goes_to_who_stays_in_longest(chrome: Browser, tmp_path: Path) -> None:
    clock = {"start": "2500", "step": "50", "tick_s": 12}
    with three(chrome, tmp_path, bidders=2, profile="japanese", opens_in_s=18, **clock) as (_, anna, bert, buyer):
        for page in (anna, bert):
            expect(page.locator(".btn-bid")).to_have_text("Accept €2,500", timeout=30_000)
            page.locator(".btn-bid").click()
            expect(page.locator("[data-part=standing]")).to_have_text("Accepted")
        expect(anna.locator(".btn-bid")).to_have_text("Accept €2,450", timeout=30_000)
        anna.locator(".btn-bid").click()
        expect(anna.locator("[data-part=standing]")).to_have_text("You won", timeout=40_000)
        expect(bert.locator("[data-part=message-text]")).to_have_text("The lot is closed.", timeout=20_000)
        picture(bert, "clock")
        assert_sound(bert)
        expect(buyer.get_by_role("link", name="Replay")).to_be_visible(timeout=20_000)
