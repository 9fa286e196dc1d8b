"""Answers: what is wrong, what is missing, what comes back as it went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from srm_portal.kernel.canonical import canonical, from_canonical
from srm_portal.offers.domain import answer as offer
from srm_portal.offers.domain.answer import Answer, LineAnswer, Terms
from srm_portal.offers.domain.asked import Asked, broken_knock_out, read_publication

TODAY = date(2026, 3, 2)
PUBLICATION: dict[str, Any] = {
    "currency": "EUR",
    "payment_days": 60,
    "validity_days": 30,
    "deadline": "2026-03-10T12:00:00.000Z",
    "lots": [{"id": "o1", "number": 1, "title": "Lot 1"}],
    "lines": [
        {"id": "a", "lot": 1, "number": 1, "title": "Bracket", "quantity": "100", "unit": "C62", "needed_on": None},
        {"id": "b", "lot": 1, "number": 2, "title": "Shaft", "quantity": "3", "unit": "C62", "needed_on": "2026-09-01"},
    ],
    "criteria": {
        "items": [
            {"id": "g", "parent": None, "name": "Quality", "kind": "points", "description": ""},
            {"id": "iso", "parent": "g", "name": "ISO 9001", "kind": "yes_no", "knock_out": {"must": ["yes"]}},
            {"id": "ppm", "parent": "g", "name": "PPM", "kind": "number", "unit": "ppm", "knock_out": {"max": "500"}},
            {"id": "how", "parent": "g", "name": "Method", "kind": "points", "knock_out": None},
            {"id": "p", "parent": None, "name": "Price", "kind": "price"},
        ]
    },
}
ASKED = read_publication(PUBLICATION)
FULL = Answer(
    (LineAnswer("a", Decimal("8.42"), 20, "ex works"), LineAnswer("b", Decimal("24.8"), deviation="42CrMo4")),
    Terms(60, date(2026, 6, 30), "DAP Lyon"),
    {"iso": "yes", "ppm": "120", "how": "audit"},
)


def codes(answer: Answer, asked: Asked = ASKED) -> set[str]:
    return {problem.code for problem in offer.problems(answer, asked, TODAY)}


def blocking(answer: Answer) -> set[tuple[str, str]]:
    return {(one.code, one.field) for one in offer.findings(answer, ASKED) if one.blocking}


def test_the_questions_are_the_leaves_that_a_supplier_answers() -> None:
    assert [question.id for question in ASKED.questions] == ["iso", "ppm", "how"]


def test_a_later_deadline_counts_and_the_validity_follows_it() -> None:
    later = read_publication(PUBLICATION, deadline_at=datetime(2026, 3, 20, 12, tzinfo=UTC))
    assert ASKED.valid_until() == date(2026, 4, 9)
    assert later.valid_until() == date(2026, 4, 19)


def test_an_answer_comes_back_from_its_canonical_bytes() -> None:
    assert offer.from_plain(from_canonical(canonical(offer.to_plain(FULL)))) == FULL


def test_a_full_answer_has_nothing_wrong_and_nothing_missing() -> None:
    assert codes(FULL) == set()
    assert offer.findings(FULL, ASKED) == []
    assert offer.total_of(FULL, ASKED) == Decimal("916.4")


def test_an_empty_answer_lacks_every_price_and_every_answer() -> None:
    assert blocking(Answer()) == {
        ("price_missing", "line-a-price"),
        ("price_missing", "line-b-price"),
        ("validity_missing", "validity_on"),
        ("payment_missing", "payment_days"),
        ("answer_missing", "answer-iso"),
        ("answer_missing", "answer-ppm"),
    }


def test_a_line_may_be_left_unquoted_but_not_all_of_them() -> None:
    one = replace(FULL, lines=(FULL.lines[0], LineAnswer("b", not_quoted=True)))
    assert blocking(one) == set()
    none = replace(FULL, lines=(LineAnswer("a", not_quoted=True), LineAnswer("b", not_quoted=True)))
    assert blocking(none) == {("nothing_quoted", "line-a-price")}


def test_wrong_values_are_named_by_row_and_field() -> None:
    lines = (
        LineAnswer("a", Decimal(-1), 9999, "x" * 3000),
        LineAnswer("b", Decimal("0.1234567"), not_quoted=True),
        LineAnswer("z", Decimal(1)),
    )
    found = {(p.row, p.field, p.code) for p in offer.problems(replace(FULL, lines=lines), ASKED, TODAY)}
    assert found == {
        (None, "line", "unknown_line"),
        (1, "price", "negative_price"),
        (1, "lead", "days_out_of_range"),
        (1, "comment", "text_too_long"),
        (2, "price", "price_too_fine"),
        (2, "price", "price_and_not_quoted"),
    }


def test_trailing_zeros_are_not_too_fine() -> None:
    assert codes(replace(FULL, lines=(LineAnswer("a", Decimal("1.50000000")),))) == set()


def test_terms_out_of_range_and_foreign_answers_are_wrong() -> None:
    terms = Terms(400, date(2026, 3, 1))
    answers = {"iso": "maybe", "ppm": "1e3", "nobody": "x"}
    assert codes(Answer(terms=terms, questions=answers)) == {
        "days_out_of_range",
        "validity_in_past",
        "answer_not_offered",
        "answer_no_number",
        "unknown_question",
    }


def test_less_than_was_asked_is_pointed_out_but_may_be_submitted() -> None:
    less = replace(FULL, terms=Terms(30, date(2026, 4, 1)), questions=FULL.questions | {"iso": "no"})  # type: ignore[operator]
    assert blocking(less) == set()
    assert {one.code for one in offer.findings(less, ASKED)} == {
        "payment_shorter",
        "validity_shorter",
        "answer_excludes",
    }


def test_knock_outs_hold_at_their_bound() -> None:
    iso, ppm, how = ASKED.questions
    assert not broken_knock_out(ppm, "500") and broken_knock_out(ppm, "500.1") and broken_knock_out(ppm, "")
    assert not broken_knock_out(iso, "yes") and broken_knock_out(iso, "no")
    assert not broken_knock_out(how, "")
