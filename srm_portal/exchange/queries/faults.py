"""Faults of a file as a person or a program reads them."""

from __future__ import annotations

from dataclasses import dataclass

from srm_portal.kernel.errors import FieldProblem
from srm_portal.web.errors import problem_sentence
from srm_portal.web.sentences.exchange import PREFIX, SENTENCES


@dataclass(frozen=True, slots=True)
class FaultView:
    """`column` is the letter the spreadsheet program shows, `text` the sentence in the reader's language."""

    row: int | None
    column: str
    sheet: str
    field: str
    code: str
    value: str
    text: str


def fault_view(problem: FieldProblem) -> FaultView:
    facts = dict(problem.facts)
    named = f"{PREFIX}{problem.code}"
    code = named if named in SENTENCES else problem.code
    text = problem_sentence(FieldProblem(problem.field, code, problem.row, problem.value, problem.facts))
    return FaultView(
        problem.row, facts.get("column", ""), facts.get("sheet", ""), problem.field, problem.code, problem.value, text
    )
