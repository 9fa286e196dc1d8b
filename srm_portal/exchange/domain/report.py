"""What an import did, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from srm_portal.kernel.errors import FieldProblem

What = Literal["ocds", "needs", "suppliers", "categories", "deliveries", "customers", "cards", "orders"]
State = Literal["imported", "ready", "already_imported", "refused"]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """One release, need, supplier or category. `ready`: it would go in, but nothing was written.

    `row` counts as the kind of file does: releases from 0, rows of tables as the spreadsheet program shows them.
    """

    row: int
    state: State
    label: str = ""
    kind: str = ""
    object_id: str = ""
    reference: str = ""
    problems: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`outcomes` in the order of rows; `problems` belong to no row (a column that is missing); `done`: it is kept."""

    what: What
    outcomes: tuple[RowOutcome, ...]
    problems: tuple[FieldProblem, ...] = ()
    notes: tuple[FieldProblem, ...] = ()
    done: bool = True

    def count(self, *states: State) -> int:
        return sum(outcome.state in states for outcome in self.outcomes)

    @property
    def refused(self) -> bool:
        return bool(self.problems) or self.count("refused") > 0

    @property
    def faults(self) -> tuple[FieldProblem, ...]:
        """Every fault, those of no row first, then row by row."""
        return (*self.problems, *(problem for outcome in self.outcomes for problem in outcome.problems))

    @property
    def warnings(self) -> tuple[FieldProblem, ...]:
        return (*self.notes, *(warning for outcome in self.outcomes for warning in outcome.warnings))

    def undone(self) -> ImportReport:
        """The same report after everything was taken back."""
        rows = (
            replace(row, state="ready", object_id="", reference="") if row.state == "imported" else row
            for row in self.outcomes
        )
        return replace(self, outcomes=tuple(rows), done=False)


def refused_rows(problems: Iterable[FieldProblem], warnings: Sequence[FieldProblem] = ()) -> list[RowOutcome]:
    """One refused outcome for each row that has problems."""
    by_row: dict[int, list[FieldProblem]] = {}
    for problem in problems:
        if problem.row is not None:
            by_row.setdefault(problem.row, []).append(problem)
    return [
        RowOutcome(row, "refused", problems=tuple(found), warnings=tuple(one for one in warnings if one.row == row))
        for row, found in by_row.items()
    ]


def in_order(outcomes: Iterable[RowOutcome]) -> tuple[RowOutcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.row))
