"""A real Chromium on the gallery: nothing leaves the machine, every complaint of the page is kept."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = """window.__csp = [];
addEventListener('securitypolicyviolation', e => __csp.push(e.effectiveDirective + ' ' + e.blockedURI));"""


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


class Quiet(WSGIRequestHandler):
    """Says nothing about requests that went well."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if str(code).startswith("5"):
            super().log_request(code, size)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port; yields its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@contextmanager
def launched() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, width: int = 1440, height: int = 900, **options: Any) -> Iterator[Page]:
    """A fresh page whose `page.complaints` collects errors of scripts and the console."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda message: message.type == "error" and page.complaints.append(message.text),  # type: ignore[attr-defined]
    )
    page.route(
        "**/*",
        lambda route: (
            route.continue_() if route.request.url.startswith(("http://127.0.0.1", "data:")) else route.abort()
        ),
    )
    page.add_init_script(WATCH)
    yield page
    context.close()


def visit(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds; `evaluate` is not subject to the page's policy, a script tag would be."""
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
    return [(v["id"], v["impact"], [n["html"][:140] for n in v["nodes"]]) for v in found["violations"]]


def assert_sound(page: Page) -> None:
    """No accessibility violation, nothing blocked by the policy, no error, no sideways scroll."""
    found = violations(page)
    assert found == [], (page.url, found)
    assert page.evaluate("__csp") == []
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
