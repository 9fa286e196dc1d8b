"""A person in front of a browser: presses buttons by their names, fills fields by their labels, keeps complaints."""

from __future__ import annotations

import base64
import hmac
import os
import re
import struct
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.portal import Mailbox, Portal
from tests.web.browser import WATCH, violations

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
PASSWORD = "a long walk by the river 7"


def one_time_code(secret: str, now: float) -> str:
    """RFC 6238 with SHA-1, six figures, thirty seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(now) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def take_picture(page: Page, name: str, scheme: str = "light") -> None:
    """For the documentation, when SRM_PICTURES is set."""
    if os.environ.get("SRM_PICTURES") != "1":
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
    page.screenshot(path=PICTURES / f"{name}.png")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


class Person:
    """One browser of their own; `width` 390 is a phone."""

    def __init__(self, browser: Browser, portal: Portal, name: str, width: int = 1440) -> None:
        self.name, self.portal, self.width = name, portal, width
        height = 900 if width > 500 else 844
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", accept_downloads=True
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.judged: set[str] = set()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "response", lambda answer: answer.status >= 500 and self.complaints.append(f"{answer.status} {answer.url}")
        )
        self.page.add_init_script(WATCH)

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.portal.url + path)
        return self.page

    def field(self, label: str) -> Locator:
        controls = self.page.locator("input, select, textarea")
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \*)?$")).and_(controls).first

    def fill(self, label: str, value: str) -> None:
        self.field(label).fill(value)

    def choose(self, label: str, value: str) -> None:
        self.field(label).select_option(value)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).locator("visible=true")

    def press(self, name: str) -> None:
        """A button that leads to another answer of the server."""
        with self.page.expect_navigation():
            self.button(name).last.click()
        self.calm()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).locator("visible=true").first.click()
        self.calm()

    def confirm(self, opening: str, submit: str, reason: str = "") -> None:
        """A button that asks first: open the dialogue, give the reason, press its button."""
        self.button(opening).first.click()
        dialog = self.page.locator("dialog[open]")
        if reason:
            dialog.get_by_role("textbox").fill(reason)
        with self.page.expect_navigation():
            dialog.get_by_role("button", name=submit, exact=True).click()
        self.calm()

    def calm(self) -> None:
        """The page answered, nothing was refused by the policy and nothing broke."""
        assert self.page.evaluate("window.__csp || []") == [], self.page.url
        assert self.complaints == [], self.page.url

    def sees(self, text: str) -> None:
        expect(self.page.locator("main").get_by_text(text).locator("visible=true").first).to_be_visible()

    def sound(self) -> None:
        """No serious finding, in light and dark, on this width; no sideways scroll."""
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = [one for one in violations(self.page) if one[1] in ("serious", "critical")]
            assert found == [], f"{self.page.url} {self.width} {scheme}: {found}"
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        self.calm()

    def picture(self, name: str) -> None:
        """Judged always, kept in the documentation when SRM_PICTURES is set."""
        self.sound()
        take_picture(self.page, name)

    def join(self, mailbox: Mailbox) -> None:
        """Follow the invitation of a colleague: choose a password, then sign in."""
        link = mailbox.wait_for(self.email, r"(http\S+/password/\S+)")
        self.go(link)
        self.fill("New password", PASSWORD)
        self.press("Save the password")
        self.go("/sign-in")
        if "/sign-in" in self.page.url:
            self.fill("E-mail address", self.email)
            self.fill("Password", PASSWORD)
            self.press("Sign in")

    def answer_invitation(self, mailbox: Mailbox) -> None:
        """A supplier: the link of the mail, then the code of a second mail."""
        self.go(mailbox.wait_for(self.email, r"(http\S+/i/\S+)"))
        before = len(mailbox.letters)
        self.press("Mail me a code to sign in")
        self.fill("Code from the mail", mailbox.wait_for(self.email, r"code is (\d[\d ]+\d)", before))
        self.press("Sign in")
