"""The rules of questionnaires, without a database."""

from __future__ import annotations

import pytest

from srm_portal.suppliers.domain.questionnaires import (
    Option,
    Question,
    answer_problems,
    changes,
    definition_problems,
    from_row,
    kept,
    options_text,
    parse_options,
    score,
    to_row,
    visible,
)

ISO = Question("iso", "ISO 9001?", "yes_no", options=(Option("yes", 100), Option("no", 0)), required=True)
SINCE = Question("since", "Since when?", "date", show_if="iso", show_value="yes", required=True)
WHO = Question(
    "who",
    "Who certified?",
    "choice",
    options=(Option("TÜV", 100), Option("other", 50)),
    show_if="since",
    show_value="x",
)
PLANTS = Question("plants", "Plants", "choices", options=(Option("FR", 60), Option("PL", 60)), weight=3)


def test_a_question_appears_by_an_earlier_answer():
    assert visible([ISO, SINCE], {}) == [ISO]
    assert visible([ISO, SINCE], {"iso": "yes"}) == [ISO, SINCE]


def test_what_hangs_on_a_hidden_question_is_hidden_too():
    chain = [ISO, SINCE, Question("more", "More?", "text", show_if="since", show_value="")]
    assert visible(chain, {"iso": "no"}) == [ISO]


def test_a_hidden_required_question_is_not_missing_and_its_answer_is_dropped():
    assert answer_problems([ISO, SINCE], {"iso": "no"}, complete=True) == []
    assert [one.code for one in answer_problems([ISO, SINCE], {"iso": "yes"}, complete=True)] == ["question_unanswered"]
    assert answer_problems([ISO, SINCE], {"iso": "yes"}, complete=False) == []
    assert kept([ISO, SINCE], {"iso": "no", "since": "2020-01-01"}) == {"iso": "no"}


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        (ISO, "maybe", "question_needs_choice"),
        (SINCE, "soon", "question_needs_date"),
        (Question("n", "N", "number"), "1e3", "question_needs_number"),
        (Question("n", "N", "number"), "NaN", "question_needs_number"),
        (Question("t", "T", "text"), "x" * 5001, "question_answer_long"),
        (PLANTS, ["FR", "DE"], "question_needs_choice"),
    ],
)
def test_a_wrong_answer_is_named(question, answer, code):
    answers = {"iso": "yes", question.key: answer}
    questions = [ISO, question] if question is not ISO else [ISO]
    assert code in {one.code for one in answer_problems(questions, answers, complete=False)}


def test_the_mark_is_the_weighted_mean_of_visible_scored_questions():
    assert score([ISO], {"iso": "yes"}) == 100
    assert score([ISO, PLANTS], {"iso": "yes", "plants": ["FR"]}) == 70
    assert score([ISO, PLANTS], {"iso": "no", "plants": ["FR", "PL"]}) == 75
    assert score([ISO, PLANTS], {"iso": "yes"}) == 25
    assert score([SINCE], {}) is None


def test_a_definition_is_judged_in_order():
    wrong = [
        SINCE,
        ISO,
        Question("c", "Choose", "choice", options=(Option("one"),)),
        Question("w", "", "text", weight=0),
    ]
    found = {(one.row, one.code) for one in definition_problems(wrong)}
    assert found == {(1, "condition_not_earlier"), (3, "options_missing"), (4, "required"), (4, "weight_range")}
    assert [one.code for one in definition_problems([])] == ["questions_missing"]
    assert definition_problems([ISO, SINCE, PLANTS]) == []


def test_a_condition_on_a_free_text_or_an_unknown_answer_is_refused():
    assert "condition_not_choice" in {one.code for one in definition_problems([ISO, SINCE, WHO])}
    never = Question("x", "X", "text", show_if="iso", show_value="maybe")
    assert "unknown_value" in {one.code for one in definition_problems([ISO, never])}


def test_options_are_written_one_a_line_with_points():
    text = "ISO 9001 = 100\na = b = 5\nnone"
    assert parse_options(text) == (Option("ISO 9001", 100), Option("a = b", 5), Option("none"))
    assert options_text(parse_options(text)) == text
    with pytest.raises(ValueError, match="much"):
        parse_options("yes = much")


def test_a_question_survives_being_kept():
    assert from_row(to_row(PLANTS)) == PLANTS


def test_changes_between_editions_are_named():
    assert changes([ISO, SINCE], [ISO, PLANTS]) == [("added", PLANTS), ("removed", SINCE)]
