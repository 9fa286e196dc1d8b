"""Every role signs in to the demonstration and sees every kind of page sound: wide and on a phone, light and dark."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page

from srm_portal.demonstration.invented import PASSWORD
from srm_portal.demonstration.people import STAFF, email_of
from tests.journeys.people import take_picture
from tests.journeys.portal import Portal, serving
from tests.web.browser import chromium, launched, opened, violations, visit

pytestmark = [pytest.mark.browser]

PEOPLE = [email_of(name) for name, _person, _roles, _limit in STAFF] + ["sales1@demo.example"]
LOOKS = ((1440, "light"), (1440, "dark"), (390, "dark"), (390, "light"))
SHORT = ((1440, "light"), (390, "dark"))  # the short run; the six steps and the long run look in all four ways
FULL = bool(os.environ.get("SRM_FULL"))
NOT_PAGES = re.compile(
    r"\.(json|xlsx|pdf|zip|py|csv|vcf|ics|docx|txt|typ)$|/files/|/pdf$|^/static/|^/notices/[a-z0-9]+$|/minutes|^/metrics"
)
NUMBER = re.compile(r"/(?=[0-9a-zA-Z]*\d)[0-9a-zA-Z]{16,}|(?<=/panels)/\d+|(?<=/clauses)/\w+")
HREF = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
TOO_WIDE = """[...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest('.table-scroll, .tscroll, dialog')).slice(0, 4).map(one => one.outerHTML.slice(0, 120))"""
seen_by_axe: set[str] = set()


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with serving(tmp_path_factory.mktemp("demo"), "demo") as portal:
        yield portal


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


def sign_in(page: Page, portal: Portal, email: str) -> None:
    visit(page, f"{portal.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def shape(path: str) -> str:
    """The kind of a page: its address without numbers of records."""
    return NUMBER.sub("/*", path)


def links_unopened(page: Page, address: str) -> tuple[list[str], int]:
    """The links in the main part of a page that is fetched but not shown, and its status."""
    answer = page.request.get(address)
    html = answer.headers.get("content-type", "").startswith("text/html")
    main = answer.text().partition("<main")[2] if html else ""
    found = (urlsplit(urljoin(address, unescape(href))) for href in HREF.findall(main))
    here = urlsplit(address).netloc
    paths = dict.fromkeys(one.path for one in found if one.netloc == here)
    return [path for path in paths if not NOT_PAGES.search(path)], answer.status


def links(page: Page, inside: str) -> list[str]:
    hrefs = page.eval_on_selector_all(
        f"{inside} a[href]", "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"
    )
    paths = [urlsplit(href).path for href in hrefs if urlsplit(href).netloc == urlsplit(page.url).netloc]
    return [path for path in dict.fromkeys(paths) if not NOT_PAGES.search(path)]


def faults_of(page: Page, axe: bool) -> list[str]:
    """What is wrong with the page that is open, in every look; axe only where this kind was not judged before.

    The short run measures a kind once; for everybody else it asks whether the page answers.
    """
    found = [f"policy: {one}" for one in page.evaluate("window.__csp || []")]
    for width, scheme in LOOKS if FULL else SHORT if axe else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"scrolls sideways at {width}: {page.evaluate(TOO_WIDE)}")
        if axe:
            found += [f"{width} {scheme}: {one}" for one in violations(page) if one[1] in ("serious", "critical")]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found += [f"console: {one}" for one in page.complaints]  # type: ignore[attr-defined]
    page.complaints.clear()  # type: ignore[attr-defined]
    return found


def walk(page: Page, portal: Portal, start: str) -> tuple[set[str], list[str]]:
    """Open the pages of the navigation and one of each kind that can be reached from them."""
    visit(page, f"{portal.url}{start}")
    waiting = [urlsplit(page.url).path, *links(page, "body")]
    kinds: set[str] = set()
    faults: list[str] = []
    while waiting:
        path = waiting.pop(0)
        kind = shape(path)
        if kind in kinds:
            continue
        kinds.add(kind)
        if not FULL and kind in seen_by_axe:
            more, status = links_unopened(page, portal.url + path)
            waiting += more
            if status >= 400:
                faults.append(f"{path}: answered {status}")
            continue
        try:
            answer = page.goto(portal.url + path)
        except Error as error:
            assert "Download is starting" in str(error), error
            continue
        page.wait_for_load_state("load")
        if answer is None or answer.status >= 400:
            faults.append(f"{path}: answered {answer and answer.status}")
            page.complaints.clear()  # type: ignore[attr-defined]
            continue
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        faults += [f"{path}: {one}" for one in faults_of(page, kind not in seen_by_axe)]
        seen_by_axe.add(kind)
        waiting += links(page, "main")
    return kinds, faults


@pytest.mark.parametrize("email", PEOPLE)
def test_each_printed_role_signs_in_and_every_kind_of_page_is_sound(
    demonstration: Portal, chrome: Browser, email: str
) -> None:
    with opened(chrome) as page:
        sign_in(page, demonstration, email)
        if email == email_of("buyer"):
            for name, scheme in (("home", "light"), ("home-dark", "dark")):
                take_picture(page, name, scheme)
        kinds, faults = walk(page, demonstration, "/")
    assert not faults, "\n".join(faults)
    assert len(kinds) >= 5


@pytest.mark.slow
def test_the_buyers_pages_are_sound_in_french(demonstration: Portal, chrome: Browser) -> None:
    seen_by_axe.clear()
    with opened(chrome) as page:
        sign_in(page, demonstration, email_of("buyer"))
        page.goto(f"{demonstration.url}/?lang=fr")
        assert page.locator("html").get_attribute("lang") == "fr"
        kinds, faults = walk(page, demonstration, "/")
    assert not faults, "\n".join(faults)
    assert len(kinds) >= 15
