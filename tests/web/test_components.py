"""Every component renders alone, forgives absent keys, and says its facts to everybody who reads the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from srm_portal.kernel.money import Money
from tests.web.gallery import GalleryForm, create_gallery

COMPONENTS = Path(__file__).parents[2] / "templates" / "components"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Render = Callable[..., str]


@pytest.fixture(scope="module")
def app() -> Flask:
    gallery = create_gallery()
    gallery.config["WTF_CSRF_ENABLED"] = False
    return gallery


@pytest.fixture
def render(app: Flask) -> Iterator[Render]:
    with app.test_request_context("/?sort=name&status=active"):
        yield lambda source, **context: render_template_string(source, **context)


def macros() -> set[str]:
    """The components: files that define a macro of their own name."""
    return {path.stem for path in COMPONENTS.glob("*.html") if f"macro {path.stem}(" in path.read_text()}


def test_the_gallery_shows_every_component(app: Flask) -> None:
    used = (COMPONENTS / "gallery.html").read_text() + "".join(
        path.read_text()
        for folder in (COMPONENTS, COMPONENTS.parent / "layouts")
        for path in folder.glob("*.html")
        if path.name != "gallery.html"
    )
    names = macros() - {"job_progress", "bidder_room"}
    assert {name for name in names if f"ui.{name}(" not in used} == set()


def test_the_gallery_and_its_refused_form_are_served(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.post("/", data={"baseline": "x"}).status_code == 422


def test_every_component_is_described_in_the_guide() -> None:
    guide = (COMPONENTS.parents[1] / "docs" / "frontend.md").read_text()
    names = macros() - {"attrs"}
    assert {name for name in names if not re.search(rf"\b{name}\b", guide)} == set()


def test_no_template_carries_style_or_script_of_its_own() -> None:
    found = [
        str(path)
        for path in COMPONENTS.parent.rglob("*.html")
        if "emails" not in path.parts
        and re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script>|javascript:|hx-on", path.read_text())
    ]
    assert found == []


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"baseline": "12,x"}):
        form = GalleryForm()
        form.validate()
        page = render_template_string(
            "{{ ui.form_errors(form) }}{{ ui.field(form.baseline, suffix='EUR') }}", form=form
        )
    assert 'value="12,x"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="baseline-error"' in page
    assert '<a href="#baseline">Baseline: Not a valid decimal value.</a>' in page


def test_a_field_without_error_carries_no_error(render: Render) -> None:
    page = render("{{ ui.field(form.notes, rows=4) }}{{ ui.form_errors(form) }}", form=GalleryForm())
    assert "aria-invalid" not in page
    assert "errsum" not in page
    assert 'rows="4"' in page


def test_an_error_inside_a_list_names_its_row(app: Flask) -> None:
    data = MultiDict({"contacts-0": "far too long", "title": "T", "baseline": "1", "agree": "y", "kind": "rfq"})
    with app.test_request_context("/", method="POST", data=data):
        form = GalleryForm()
        form.validate()
        page = render_template_string("{{ ui.form_errors(form) }}", form=form)
    assert '<a href="#contacts-0">' in page


def test_a_button_is_never_disabled_without_a_reason(render: Render) -> None:
    page = render("{{ ui.button('Publish', why='Weights add up to 90 %') }}")
    assert "disabled" in page
    assert "Weights add up to 90 %" in page
    assert "disabled" not in render("{{ ui.button('Publish') }}")


def test_attributes_of_a_button_are_escaped(render: Render) -> None:
    page = render("{{ ui.button('<b>', hx_get='/x?a=\"1\"', autofocus=True, hidden=False) }}")
    assert "&lt;b&gt;" in page
    assert 'hx-get="/x?a=&#34;1&#34;"' in page
    assert " autofocus" in page
    assert "hidden" not in page


def test_what_is_not_known_is_said_in_words(render: Render) -> None:
    assert "not given" in render("{{ ui.money(none) }}")
    assert "not set" in render("{{ ui.moment(none) }}{{ ui.day(none) }}")


def test_values_are_shown_for_the_reader(render: Render) -> None:
    assert "€184,000.50" in render("{{ ui.money(m) }}", m=Money(Decimal("184000.5"), "EUR"))
    page = render("{{ ui.moment(now) }}", now=NOW)
    assert 'datetime="2026-11-24T09:00:00+00:00"' in page
    assert "24 Nov 2026, 10:00 CET" in page
    assert "24 Nov 2026" in render("{{ ui.day(d) }}", d=date(2026, 11, 24))
    assert "2,400&nbsp;pcs" in render("{{ ui.quantity(2400, 'pcs') }}")


def test_a_fall_of_cost_is_good_and_a_fall_of_quality_bad(render: Render) -> None:
    assert "delta good" in render("{{ ui.delta(-0.079) }}")
    assert "delta bad" in render("{{ ui.delta(-0.079, good='up') }}")
    assert "delta even" in render("{{ ui.delta(0) }}")


def test_sorting_turns_round_and_keeps_the_filters(render: Render) -> None:
    page = render("{{ ui.sort_head('Name', 'name') }}{{ ui.sort_head('Spend', 'spend', numeric=True) }}")
    assert 'aria-sort="ascending"' in page
    assert 'href="?status=active&amp;sort=-name"' in page
    assert 'href="?status=active&amp;sort=spend"' in page


def test_pages_keep_the_filters_and_mark_where_one_is(render: Render) -> None:
    page = render("{{ ui.pagination(2, 3, 120) }}")
    assert 'aria-current="page">2<' in page
    assert 'href="?sort=name&amp;status=active&amp;page=3"' in page
    assert "120 entries" in page
    assert "<ul>" not in render("{{ ui.pagination(1, 1, 7) }}")


def test_the_six_steps_say_where_one_is_in_words(render: Render) -> None:
    items = [
        {"label": "Need", "fact": "Approved", "state": "done", "url": "#"},
        {"label": "Criteria", "state": "current"},
    ]
    page = render("{{ ui.steps(items) }}", items=items)
    assert 'aria-current="step"' in page
    assert "Step 2 of 2, Criteria" in page
    assert "done: " in page


def test_a_place_is_read_with_its_field(render: Render) -> None:
    assert "Rank 2 of 5" in render("{{ ui.rank_badge(2, 5) }}")


def test_the_best_price_is_named_not_only_coloured(render: Render) -> None:
    page = render("{{ ui.price_cell({'value': '7.10', 'state': 'best'}) }}{{ ui.price_cell({'state': 'miss'}) }}")
    assert "best</span>" in page
    assert "not quoted" in page


def test_a_confirmation_spells_out_what_follows(render: Render) -> None:
    page = render(
        "{{ ui.confirm('c', 'Void?', '/void', 'Void', consequence='All are told.', reason='reason', typed='VOID') }}"
    )
    assert "All are told." in page
    assert 'name="reason"' in page
    assert 'pattern="VOID"' in page
    assert 'action="/void"' in page


def test_a_bar_never_leaves_its_frame_and_has_words_beside_it(render: Render) -> None:
    page = render("{{ ui.chart_bar([{'label': 'Parts', 'value': 0}, {'label': 'Freight', 'value': 5}]) }}")
    assert 'width="0' in page
    assert 'width="100.0"' in page
    assert "Freight" in page


def test_charts_of_nothing_do_not_fail(render: Render) -> None:
    page = render(
        "{{ ui.chart_bar([]) }}{{ ui.chart_stacked_bar([], ['a']) }}{{ ui.chart_donut([], 'x') }}"
        "{{ ui.chart_sparkline([], 'x') }}{{ ui.chart_columns([], ['a'], 'x') }}{{ ui.chart_tornado([], 0) }}"
        "{{ ui.chart_scatter([], 'x', 'y', 'z') }}{{ ui.ranking([], []) }}{{ ui.timeline([]) }}{{ ui.file_list([]) }}"
    )
    assert "Nothing has happened yet." in page
    assert "No files yet." in page


def test_a_job_tells_where_to_ask(render: Render) -> None:
    assert 'data-url="/jobs/7"' in render("{{ ui.job_progress('/jobs/7', 'Reading') }}")


def test_an_error_page_says_what_to_do(render: Render) -> None:
    page = render(
        "{% extends 'errors/error.html' %}",
        code=404,
        title="This page does not exist",
        text="Wrong.",
        remedy="Go back.",
    )
    assert "Go back." in page
    assert "404" in page


def test_lost_races_and_wrong_values_are_listed(render: Render) -> None:
    stale = render("{% extends 'errors/stale.html' %}", differences={"title": ("Theirs", "Mine")})
    assert "Theirs" in stale
    problems = [{"row": 3, "field": "quantity", "value": "six"}]
    page = render("{% extends 'errors/problems.html' %}", problems=problems, problem_sentence=lambda _p: "Not a number")
    assert "Not a number" in page
