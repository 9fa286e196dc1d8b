"""A contract from draft to two signatures in a real Chromium: the supplier and two managers on phones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from srm_portal.contracts import queries, services
from srm_portal.infra.db import db
from srm_portal.infra.pdf_signing import check_pdf
from srm_portal.kernel.permissions import Actor
from srm_portal.web.sessions import COOKIE
from tests.support.factories.contracts import a_contract_by_hand
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World
from tests.web.browser import assert_sound, chromium, launched, opened, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


@contextmanager
def seated(chrome: Browser, world: World, person: Actor, base: str, width: int) -> Iterator[Page]:
    """This person's browser, signed in."""
    cookie = world.client_of(person).get_cookie(COOKIE)
    assert cookie is not None
    with opened(chrome, width, 900 if width > 500 else 844, accept_downloads=True) as page:
        page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": base}])
        page.set_default_timeout(60_000)  # the first signature loads its libraries
        yield page


def look(page: Page, name: str) -> None:
    """Sound for axe, on this width; a picture where SRM_LOOK names a folder."""
    if folder := os.environ.get("SRM_LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert_sound(page)


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def test_from_draft_to_two_signatures(world: World, chrome: Browser, tmp_path: Path) -> None:
    supplier_id = a_supplier(world)
    contract_id = a_contract_by_hand(world, supplier_id, "300000")
    seller = world.supplier_user(supplier_id, name="Sophie Martin")
    managers = [world.manager, world.person("purchasing_manager", limit="5000000", name="Milan Petit")]
    second = services.draft_for_supplier(
        world.buyer,
        supplier_id,
        title="Pallet pooling",
        kind="framework",
        value=queries.contract(contract_id).value,
        starts_on=world.now.date(),
        ends_on=world.now.date() + timedelta(days=700),
        now=world.now,
    )
    services.submit_for_approval(world.buyer, second, now=world.now)
    with served(world.app) as base:
        text = f"{base}/contracts/{contract_id}"
        with seated(chrome, world, world.buyer, base, 1440) as buyer:
            buyer.goto(text)
            look(buyer, "show")
            buyer.goto(f"{text}/redline")
            press(buyer, "Give the pen to the supplier")
            with seated(chrome, world, seller, base, 390) as supplier:
                supplier.goto(f"{base}/s/contracts/{contract_id}")
                look(supplier, "supplier")
                supplier.locator("#clause-law").get_by_role("link", name="Propose another text").click()
                supplier.get_by_label(re.compile("^Text")).fill("The law of the Supplier’s seat applies.")
                supplier.get_by_label("Why").fill("Our insurer asks for it.")
                look(supplier, "propose")
                press(supplier, "Propose")
                press(supplier, "Give the text back to the buyer")
                expect(supplier.get_by_text("The buyer holds the pen", exact=True)).to_be_visible()
            buyer.goto(f"{text}/redline")
            expect(buyer.get_by_text("Our insurer asks for it.")).to_be_visible()
            look(buyer, "redline")
            press(buyer, "Accept")
            buyer.goto(f"{text}/compare")
            expect(buyer.locator("ins").first).to_be_visible()
            look(buyer, "compare")
            with buyer.expect_download() as got:
                buyer.get_by_role("link", name="As Word with tracked changes").click()
            assert Path(got.value.path()).read_bytes().startswith(b"PK")
            buyer.goto(text)
            press(buyer, "Ask for approval")
            for number, manager in enumerate(managers):
                with seated(chrome, world, manager, base, 390) as phone:
                    phone.goto(f"{base}/approvals/contracts")
                    look(phone, f"waiting-{number}")
                    phone.goto(f"{text}/approval")
                    expect(phone.get_by_text("The law of the Supplier’s seat applies.").first).to_be_visible()
                    look(phone, f"approval-{number}")
                    phone.get_by_role("link", name="To your decision").click()
                    press(phone, "Approve")
                    look(phone, f"after-{number}")
            with seated(chrome, world, seller, base, 390) as supplier:
                supplier.goto(f"{base}/contracts/{contract_id}/sign")
                look(supplier, "sign-supplier")
                press(supplier, "Sign now")
            with seated(chrome, world, managers[0], base, 390) as phone:
                phone.goto(f"{text}/sign")
                press(phone, "Sign now")
                expect(phone.get_by_text("every signature in it holds")).to_be_visible()
                look(phone, "signed")
                with phone.expect_download() as got:
                    phone.get_by_role("link", name="Signed file").last.click()
                paper = tmp_path / "signed.pdf"
                shutil.copy(got.value.path(), paper)
            for part in ("running", "sign"):
                buyer.goto(f"{text}/{part}")
                look(buyer, part)
            for path in (
                "contracts",
                "contracts/due",
                "contracts/library",
                "contracts/library/price",
                "contracts/spend",
            ):
                buyer.goto(f"{base}/{path}")
                look(buyer, path.replace("/", "-"))
        with seated(chrome, world, managers[0], base, 1440) as wide:
            wide.goto(f"{base}/contracts/{second}/approval")
            look(wide, "approval-wide")
            wide.goto(f"{base}/approvals/authority")
            look(wide, "authority")
    db.session.rollback()
    assert queries.contract(contract_id).state == "active"
    with ThreadPoolExecutor(1) as pool:  # the browser's own loop runs in this thread
        assert [one.good for one in pool.submit(check_pdf, paper.read_bytes()).result()] == [True, True]
    if program := shutil.which("pdfsig"):
        said = subprocess.run([program, str(paper)], capture_output=True, text=True, check=True).stdout
        assert said.count("Signature is Valid") == 2
