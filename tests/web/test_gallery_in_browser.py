"""The gallery in a real Chromium: sound in both themes and sizes, and usable by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browser import assert_sound, chromium, launched, opened, served, violations, visit
from tests.web.gallery import SAMPLES, create_gallery

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with served(create_gallery()) as address:
        yield address


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    assert chromium(), "no Chromium on this machine"
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_gallery_is_sound(base: str, chrome: Browser, theme: str, width: int) -> None:
    with opened(chrome, width) as page:
        visit(page, f"{base}/?theme={theme}")
        assert_sound(page)


@pytest.mark.parametrize("name", list(SAMPLES))
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_layout_is_sound(base: str, chrome: Browser, name: str, theme: str, width: int) -> None:
    with opened(chrome, width) as page:
        visit(page, f"{base}/page/{name}?theme={theme}")
        assert_sound(page)


def test_axe_sees_a_planted_fault(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.evaluate("document.querySelector('[data-theme-toggle]').removeAttribute('aria-label')")
        assert "button-name" in [found[0] for found in violations(page)]


def test_targets_are_large_enough_for_a_thumb(base: str, chrome: Browser) -> None:
    with opened(chrome, 390) as page:
        visit(page, base)
        small = page.evaluate(
            """[...document.querySelectorAll('button,.btn,.form-control,.form-select,input.cell,.tabbar a,.pager a')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
            .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert small == []


def test_the_system_decides_the_theme_without_script(base: str, chrome: Browser) -> None:
    with opened(chrome, color_scheme="dark", java_script_enabled=False) as page:
        page.goto(f"{base}/?theme=auto")
        assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(15, 23, 38)"


def test_paper_is_light_in_the_dark_theme(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, f"{base}/?theme=dark")
        page.emulate_media(media="print")
        assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.locator(".topbar").is_visible()


def test_digits_score_and_move_down_and_undo_takes_back(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        first, below = page.locator("input[name='s-0-0']"), page.locator("input[name='s-1-0']")
        first.focus()
        page.keyboard.press("3")
        expect(first).to_have_value("3")
        expect(below).to_be_focused()
        page.keyboard.press(".")
        expect(below).to_have_value("2.5")
        page.keyboard.press("Control+z")
        expect(below).to_have_value("2")
        page.keyboard.press("7")
        expect(below).to_have_value("2")


def test_a_comment_is_kept_with_its_score(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.locator("input[name='s-0-1']").focus()
        page.keyboard.press("c")
        page.get_by_role("textbox", name="Comment").fill("Audit passed")
        page.get_by_role("button", name="Keep the comment").click()
        expect(page.locator("input[name='s-0-1-note']")).to_have_value("Audit passed")


def test_other_weights_rank_anew_and_reset_comes_back(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        sliders = page.locator("weight-sliders")
        expect(sliders.locator("#weights-ranking .nm").first).to_have_text("Kowalski Precyzja")
        slider = sliders.get_by_role("slider", name="Weight of Quality system")
        slider.focus()
        page.keyboard.press("End")
        expect(sliders.locator("#weights-ranking .nm").first).to_contain_text("Usinage Rhône-Alpes")
        expect(sliders.locator("[data-part=mode]")).to_have_text("What-if weights")
        sliders.get_by_role("button", name="Reset").click()
        expect(sliders.locator("[data-part=mode]")).to_have_text("Published weights")


def test_rows_of_a_spreadsheet_are_pasted_with_errors_per_cell(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.evaluate(
            """() => { const data = new DataTransfer();
            data.setData('text/plain', 'Shaft\\t1,200\\tkg\\nCover\\tmany\\tbarrel\\nPin\\t7\\tpiece\\n');
            document.querySelector('[name="lines-0-description"]')
              .dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
        )
        expect(page.locator("[name='lines-0-description']")).to_have_value("Shaft")
        expect(page.locator("[name='lines-0-quantity']")).to_have_value("1,200")
        expect(page.locator("[name='lines-0-unit']")).to_have_value("KGM")
        expect(page.locator("[name='lines-2-description']")).to_have_value("Pin")
        expect(page.locator("line-sheet .cell-error")).to_have_text(["Not a number", "“barrel” is not in the list"])
        expect(page.locator("line-sheet [data-part=state]")).to_contain_text("3 rows pasted. 2 values to correct.")


def test_a_row_can_be_added_and_removed(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.get_by_role("button", name="Add a row").click()
        expect(page.locator("[name='lines-2-description']")).to_be_focused()
        page.get_by_role("button", name="Remove row 1").click()
        expect(page.locator("[name='lines-0-description']")).to_have_value("Housing H-7075")


def test_a_file_of_the_wrong_kind_is_told_at_once(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        files = [
            {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            {"name": "b.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        ]
        page.locator("file-drop input[type=file]").set_input_files(files)
        expect(page.locator("file-drop .fld-error")).to_have_text(["Only these kinds: pdf, xlsx"])
        assert page.evaluate("document.querySelector('file-drop input').files.length") == 1


def test_ctrl_k_opens_the_search_and_arrows_choose(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.keyboard.press("Control+k")
        page.get_by_role("dialog", name="Search or jump to").get_by_role("searchbox").fill("abc")
        expect(page.locator("#search-hits a")).to_have_text("Found: 3 letters")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#search-hits a")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#search-dialog")).not_to_be_visible()


def test_the_theme_button_goes_round_and_is_kept(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.get_by_role("button", name="Colour theme").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_dialog_asks_before_what_cannot_be_undone(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.get_by_role("button", name="Void bid").click()
        dialog = page.get_by_role("dialog", name="Void this bid?")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).not_to_be_visible()


def test_a_refused_form_puts_the_focus_on_its_summary(base: str, chrome: Browser) -> None:
    with opened(chrome) as page:
        visit(page, base)
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".errsum")).to_be_focused()
        assert violations(page) == []
        page.get_by_role("link", name="Title: Give the project a title").click()
        expect(page.get_by_role("textbox", name="Title")).to_be_focused()
