"""Questionnaires: modules of questions, shown or not by earlier answers, checked and scored by stated rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from srm_portal.kernel.errors import FieldProblem

KINDS = ("text", "long_text", "number", "yes_no", "choice", "choices", "date", "file")
PURPOSES = ("registration", "qualification", "performance")
QUESTIONS_MAX = 200
ANSWER_MAX = 5000
_NUMBER = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer; `points` 0..100 when it counts for the mark."""

    label: str
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`show_if` names an earlier question, `show_value` the answer that makes this one appear."""

    key: str
    text: str
    kind: str
    module: str = ""
    help: str = ""
    required: bool = False
    weight: int = 1
    options: tuple[Option, ...] = ()
    show_if: str = ""
    show_value: str = ""

    @property
    def scored(self) -> bool:
        return any(option.points is not None for option in self.options)


Answers = Mapping[str, Any]
"""Key -> text, or a list of texts for `choices`; for `file` the ids of kept files."""


def to_row(question: Question) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(question, name) for name in Question.__slots__ if name != "options"}
    return row | {"options": [[option.label, option.points] for option in question.options]}


def from_row(row: Mapping[str, Any]) -> Question:
    plain = {name: row[name] for name in Question.__slots__ if name != "options" and name in row}
    return Question(**plain, options=tuple(Option(label, points) for label, points in row.get("options", ())))


def parse_options(text: str) -> tuple[Option, ...]:
    """One a line, points behind a sign of equality: "ISO 9001 = 100". ValueError names the wrong line."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        label, equals, points = line.rpartition("=")
        if not equals:
            found.append(Option(line))
        elif label.strip() and re.fullmatch(r"\s*(100|[0-9]{1,2})\s*", points):
            found.append(Option(label.strip(), int(points)))
        else:
            raise ValueError(line)
    return tuple(found)


def options_text(options: Iterable[Option]) -> str:
    return "\n".join(one.label if one.points is None else f"{one.label} = {one.points}" for one in options)


def _question_problems(question: Question, earlier: Mapping[str, Question]) -> list[FieldProblem]:
    found = []
    if not question.text.strip():
        found.append(FieldProblem("text", "required"))
    if question.kind not in KINDS:
        found.append(FieldProblem("kind", "unknown_value", value=question.kind, facts=(("choices", ", ".join(KINDS)),)))
    if question.kind in ("choice", "choices") and len(question.options) < 2:
        found.append(FieldProblem("options", "options_missing"))
    if question.kind == "yes_no" and {one.label for one in question.options} - {"yes", "no"}:
        found.append(FieldProblem("options", "options_yes_no"))
    labels = [one.label for one in question.options]
    if len(labels) != len(set(labels)):
        found.append(FieldProblem("options", "options_twice"))
    if not 1 <= question.weight <= 100:
        found.append(FieldProblem("weight", "weight_range", value=str(question.weight)))
    if question.show_if and question.show_if not in earlier:
        found.append(FieldProblem("show_if", "condition_not_earlier"))
    elif question.show_if and earlier[question.show_if].kind not in ("yes_no", "choice", "choices"):
        found.append(FieldProblem("show_if", "condition_not_choice"))
    elif question.show_if and question.show_value not in possible(earlier[question.show_if]):
        choices = ", ".join(possible(earlier[question.show_if]))
        found.append(
            FieldProblem("show_value", "unknown_value", value=question.show_value, facts=(("choices", choices),))
        )
    return found


def possible(question: Question) -> tuple[str, ...]:
    """The answers a question of choices can have."""
    return ("yes", "no") if question.kind == "yes_no" else tuple(option.label for option in question.options)


def definition_problems(questions: Sequence[Question]) -> list[FieldProblem]:
    """Everything that keeps a questionnaire from being published; `row` counts questions from 1."""
    found = [] if questions else [FieldProblem("questions", "questions_missing")]
    if len(questions) > QUESTIONS_MAX:
        found.append(FieldProblem("questions", "questions_too_many", facts=(("max", str(QUESTIONS_MAX)),)))
    earlier: dict[str, Question] = {}
    for number, question in enumerate(questions, start=1):
        found += [
            FieldProblem(one.field, one.code, number, one.value, one.facts)
            for one in _question_problems(question, earlier)
        ]
        earlier[question.key] = question
    return found


def question_problems(question: Question, before: Sequence[Question]) -> list[FieldProblem]:
    """What is wrong with one question behind those before it."""
    return _question_problems(question, {one.key: one for one in before})


def visible(questions: Sequence[Question], answers: Answers) -> list[Question]:
    """The questions that these answers make appear; what hangs on a hidden question is hidden too."""
    shown: dict[str, Question] = {}
    for question in questions:
        given = answers.get(question.show_if, "")
        values = given if isinstance(given, (list, tuple)) else (given,)
        if not question.show_if or (question.show_if in shown and question.show_value in values):
            shown[question.key] = question
    return list(shown.values())


def _wrong(question: Question, answer: Any) -> str:
    """The code of what is wrong with a given answer, "" when nothing is."""
    texts = answer if isinstance(answer, (list, tuple)) else [answer]
    if any(len(text) > ANSWER_MAX for text in texts):
        return "question_answer_long"
    if question.kind in ("yes_no", "choice", "choices") and set(texts) - set(possible(question)):
        return "question_needs_choice"
    if question.kind == "number" and not _NUMBER.fullmatch(texts[0].replace(" ", "")):
        return "question_needs_number"
    if question.kind == "date":
        try:
            date.fromisoformat(texts[0])
        except ValueError:
            return "question_needs_date"
    return ""


def answer_problems(questions: Sequence[Question], answers: Answers, *, complete: bool) -> list[FieldProblem]:
    """What is wrong with the answers; missing ones count only when they are to be complete."""
    found = []
    for question in visible(questions, answers):
        answer = answers.get(question.key)
        if not answer:
            if complete and question.required:
                found.append(FieldProblem(question.key, "question_unanswered", value=question.text))
        elif code := _wrong(question, answer):
            found.append(FieldProblem(question.key, code, value=question.text))
    return found


def kept(questions: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """Only the answers to questions that appear: what a changed condition hides is dropped."""
    return {one.key: answers[one.key] for one in visible(questions, answers) if answers.get(one.key)}


def score(questions: Sequence[Question], answers: Answers) -> int | None:
    """0..100: the weighted mean of the points of visible scored questions; None when none is scored.

    An unanswered scored question gets 0; several choices add up to at most 100.
    """
    total = weights = 0
    for question in visible(questions, answers):
        if not question.scored:
            continue
        given = answers.get(question.key) or ()
        chosen = set(given) if isinstance(given, (list, tuple)) else {given}
        points = sum(option.points or 0 for option in question.options if option.label in chosen)
        total += question.weight * min(100, points)
        weights += question.weight
    if not weights:
        return None
    return int((Decimal(total) / weights).quantize(Decimal(1), ROUND_HALF_UP))


def changes(before: Sequence[Question], after: Sequence[Question]) -> list[tuple[str, Question]]:
    """What a new edition changes: ("added" | "changed" | "removed", question), in the order of the new one."""
    old = {one.key: one for one in before}
    new = {one.key for one in after}
    found = [("added" if one.key not in old else "changed", one) for one in after if old.get(one.key) != one]
    return found + [("removed", one) for one in before if one.key not in new]
