"""All or nothing: one transaction, taken back when a row is refused and the good ones alone were not asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from srm_portal.exchange.domain.report import ImportReport, RowOutcome
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command, in_command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor

Progress = Callable[[int, int], None]
"""(rows done, rows in all)."""


class _TakenBack(Exception):
    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


def authorise(actor: Actor, *permissions: str) -> None:
    """Who may not import does not know of it."""
    if not all(actor.may(permission) for permission in ("import:run", *permissions)):
        raise NotFound


def carry_out(work: Callable[[], ImportReport], *, partial: bool, preview: bool) -> ImportReport:
    """Run `work` in one transaction and keep it, unless it is a preview or a row was refused without `partial`."""
    assert not in_command(), "an import is a transaction of its own"
    try:
        return _kept(work, partial, preview)
    except _TakenBack as taken_back:
        return taken_back.report.undone()


@command
def _kept(work: Callable[[], ImportReport], partial: bool, preview: bool) -> ImportReport:
    report = work()
    if preview or (report.refused and not partial):
        raise _TakenBack(report)
    return report


def savepoint() -> AbstractContextManager[object]:
    """What one row writes is kept as a whole or not at all."""
    return db.session.begin_nested()


def attempt(row: int, label: str, kind: str, write: Callable[[], RowOutcome]) -> RowOutcome:
    """The outcome of a row; a service's refusal becomes the row's, and nothing of the row stays."""
    try:
        with savepoint():
            return write()
    except Invalid as invalid:
        problems = tuple(
            FieldProblem(one.field if one.row is None else f"line {one.row}: {one.field}", one.code, row, one.value,
                         one.facts)
            for one in invalid.problems
        )  # fmt: skip
    except Refused as refused:
        facts = tuple((name, str(value)) for name, value in refused.facts.items())
        problems = (FieldProblem("", refused.code, row, label[:80], facts),)
    return RowOutcome(row, "refused", label, kind, problems=problems)
