"""An opener's key in a real Chromium: made, kept as a file, tried, used; the command line opens the same file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from srm_portal.infra import sealing as boxes
from srm_portal.infra.db import db
from srm_portal.offers import queries, services
from srm_portal.web.sessions import COOKIE
from tests.support.factories.offers import a_submitted_offer, a_tender, after_deadline
from tests.support.factories.openers import an_opener
from tests.support.world import World
from tests.web.browser import launched, opened, served, violations

pytestmark = [pytest.mark.browser]
PHRASE = "a long walk by the river"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def enter(page: Page, url: str, client: FlaskClient) -> None:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    page.context.clear_cookies()
    page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": url}])


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("SRM_LOOK")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def act(page: Page, key: Path, phrase: str) -> None:
    page.locator("opener-act:defined").wait_for(state="attached")
    page.get_by_label("Your key file").set_input_files(key)
    page.get_by_label("Pass-phrase").fill(phrase)
    page.get_by_role("button", name="Open it here and send the answer").click()


def test_a_key_made_in_the_browser_opens_in_the_browser_and_on_the_command_line(
    world: World, chrome: Browser, tmp_path: Path
) -> None:
    person, other = world.person("auditor", name="Vera Witness"), an_opener(world, name="Second Opener")
    with served(world.app) as url, opened(chrome, accept_downloads=True) as page:
        enter(page, url, world.client_of(person))
        page.goto(url + "/openings/key")
        picture(page, "key")
        page.locator("opener-key:defined").wait_for(state="attached")
        page.get_by_label("Pass-phrase (at least ten letters)").fill("short")
        page.get_by_role("button", name="Make and save the key file").click()
        expect(page.get_by_text("The pass-phrase is too short")).to_be_visible()
        page.get_by_label("Pass-phrase (at least ten letters)").fill(PHRASE)
        with page.expect_download() as made:
            page.get_by_role("button", name="Make and save the key file").click()
        key = tmp_path / "key.json"
        made.value.save_as(key)
        assert violations(page) == []
        page.get_by_role("button", name="Register", exact=True).click()
        page.wait_for_url("**/openings")
        db.session.rollback()
        registered = queries.own_key(person)
        private = boxes.open_opener_file(key.read_bytes(), PHRASE)
        assert registered is not None and boxes.public_of(private).hex() == registered.public

        def rehearsed(event_id: str) -> None:
            names = [person.user_id, other.actor.user_id]
            services.name_openers(world.buyer, event_id, names, 2, now=world.now)
            services.answer_rehearsal(other.actor, event_id, other.answer(world, event_id), now=world.now)
            page.goto(f"{url}/openings/{event_id}")
            picture(page, "rehearsal")
            act(page, key, "another phrase altogether")
            expect(page.get_by_text("Wrong pass-phrase")).to_be_visible()
            act(page, key, PHRASE)
            expect(page.get_by_text("Nothing more to do before the deadline")).to_be_visible()
            db.session.rollback()

        tender = a_tender(world, level="S2", before_publication=rehearsed)
        a_submitted_offer(world, tender.first, tender.event_id)
        after_deadline(world, tender)
        db.session.rollback()
        enter(page, url, world.client_of(person))
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{url}/openings/{tender.event_id}")
        picture(page, "share")
        assert violations(page) == []
        act(page, key, PHRASE)
        expect(page.get_by_text("You have acted")).to_be_visible()
        picture(page, "acted")
        db.session.rollback()
        other.act(world, tender.event_id)
        db.session.rollback()
        enter(page, url, world.client_of(world.buyer))
        page.goto(f"{url}/projects/{tender.project_id}/selection")
        picture(page, "selection")
        assert violations(page) == []
        assert page.complaints == []  # type: ignore[attr-defined]
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    assert json.loads(key.read_text())["format"] == "srm-portal/locked/1"
