"""A real browser: a company registers with documents on a phone, two people qualify it, it stands on the panel."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import services
from srm_portal.suppliers.domain.questionnaires import Option, Question
from srm_portal.web.sessions import COOKIE
from tests.documents.corpus import pdf
from tests.support.factories.suppliers import MACHINE_TOOLS, the_categories
from tests.support.world import World
from tests.web.browser import assert_sound, chromium, launched, opened, served, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = os.environ.get("SRM_LOOK_AT")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


def seen(page: Page, name: str) -> None:
    """The page is sound; a picture is kept where SRM_LOOK_AT names a folder."""
    expect(page.locator("h1")).to_be_visible(timeout=20_000)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert_sound(page)


@contextmanager
def patient(chrome: Browser, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """A page that waits longer than a busy machine needs."""
    with opened(chrome, width, height) as page:
        page.set_default_navigation_timeout(120_000)
        yield page


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).last.click()


def sign_in(page: Page, world: World, actor: Actor, base: str) -> None:
    cookie = world.client_of(actor).get_cookie(COOKIE)
    assert cookie is not None
    page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": base}])


def prepared(world: World) -> None:
    """Registration is open and asks whether there is a certificate, and since when."""
    the_categories(world)
    services.open_registration(world.manager, is_open=True, welcome="We look for foundries.", now=world.now)
    form = services.create_questionnaire(world.buyer, title="Newcomers", purpose="registration", now=world.now)
    yes_no = (Option("yes", 100), Option("no", 0))
    iso = services.save_question(
        world.buyer, form, Question("", "ISO 9001?", "yes_no", "Quality", required=True, options=yes_no), now=world.now
    )
    since = Question("", "Since when?", "date", "Quality", show_if=iso, show_value="yes", required=True)
    services.save_question(world.buyer, form, since, now=world.now)
    services.publish_questionnaire(world.buyer, form, now=world.now)


def registers(page: Page, world: World, base: str, letters: list, paper: Path) -> None:
    """On a phone: the form, the mail, the application with a paper and answers, handed in."""
    visit(page, f"{base}/register")
    seen(page, "register")
    page.get_by_label("Name of the company").fill("Fonderie Łódź")
    page.get_by_label("Country").select_option("FR")
    page.get_by_label("Your name").fill("Ana Roux")
    page.get_by_label("E-mail address").fill("ana@foundry.example")
    press(page, "Send the link")
    world.run_jobs()
    token = re.search(r"/register/mine/(\S+)", letters[-1][2])
    assert token
    visit(page, f"{base}/register/mine/{token[1]}")
    seen(page, "application")
    page.get_by_label("Town").fill("Lille")
    page.get_by_label("Registration number").fill("RCS 4711")
    page.get_by_label("Categories").select_option(MACHINE_TOOLS)
    press(page, "Save")
    page.get_by_label("File").set_input_files(paper)
    press(page, "Add the file")
    assert page.get_by_role("link", name="certificate.pdf").is_visible()
    page.get_by_role("link", name="Newcomers").click()
    page.get_by_label("Since when?").wait_for(state="hidden")
    page.get_by_label("yes").check()
    page.get_by_label("Since when?").fill("2019-05-01")
    seen(page, "questionnaire")
    press(page, "Hand in")
    press(page, "Hand in the application")
    assert page.get_by_text("Your application is handed in").is_visible()


def test_a_company_registers_is_qualified_by_two_and_stands_on_the_panel(
    world: World, chrome: Browser, letters: list, tmp_path: Path
) -> None:
    prepared(world)
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(pdf())
    world.buyer, world.manager  # noqa: B018
    with served(world.app) as base, patient(chrome, 390, 844) as phone:
        registers(phone, world, base, letters, paper)
        with patient(chrome) as buyer, patient(chrome) as manager:
            sign_in(buyer, world, world.buyer, base)
            sign_in(manager, world, world.manager, base)
            visit(buyer, f"{base}/suppliers/registrations")
            seen(buyer, "registrations")
            buyer.get_by_role("link", name="Fonderie Łódź").click()
            seen(buyer, "registration")
            press(buyer, "Let in as a prospect")
            record = buyer.url
            visit(buyer, f"{record}/qualification")
            buyer.get_by_label("Category").select_option(MACHINE_TOOLS)
            press(buyer, "Ask")
            visit(manager, record)
            manager.get_by_role("link", name="Decide").click()
            manager.get_by_label("Valid until").fill("2027-03-01")
            manager.get_by_label("Quality management").fill("80")
            seen(manager, "decide")
            press(manager, "Decide")
            for name, address in (
                ("panel", f"{base}/suppliers/panels/{MACHINE_TOOLS}"), ("matrix", f"{base}/suppliers/matrix"),
                ("relationship", f"{record}/relationship"), ("standing", f"{record}/standing"),
                ("plans", f"{record}/plans"), ("papers", f"{record}/papers"), ("messages", f"{record}/messages"),
                ("segmentation", f"{base}/suppliers/segmentation"), ("rules", f"{base}/suppliers/rules"),
                ("space", f"{base}/suppliers/space"),
            ):  # fmt: skip
                visit(manager, address)
                seen(manager, name)
            visit(manager, f"{base}/suppliers/panels/{MACHINE_TOOLS}")
            assert manager.get_by_role("link", name="Fonderie Łódź").is_visible()
            db.session.rollback()
        with patient(chrome, 390, 844) as person:
            supplier_id = record.rsplit("/", 1)[-1]
            sign_in(person, world, world.supplier_user(supplier_id), base)
            for part in ("company", "papers", "plans", "space", "messages"):
                visit(person, f"{base}/supplier/{part}")
                seen(person, f"own_{part}")
