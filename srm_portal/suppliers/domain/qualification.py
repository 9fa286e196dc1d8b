"""Qualification: one cell a category, region and business unit; what a decision must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.period import Validity

APPROVED = ("qualified", "conditional")
DECISIONS = ("qualified", "conditional", "disqualified")
REMIND_DAYS_BEFORE = 30


@dataclass(frozen=True, slots=True)
class Decision:
    """What the deciding person says about a cell."""

    status: str
    valid_from_on: date | None
    valid_until_on: date | None
    score: int | None = None
    reason: str = ""


def decision_problems(decision: Decision) -> list[FieldProblem]:
    """A condition or a no is explained; an approval says until when it holds."""
    found = []
    if decision.status not in DECISIONS:
        facts = (("choices", ", ".join(DECISIONS)),)
        return [FieldProblem("status", "unknown_value", value=decision.status, facts=facts)]
    if decision.status != "qualified" and not decision.reason.strip():
        found.append(FieldProblem("reason", "reason_needed"))
    if decision.status in APPROVED:
        if decision.valid_from_on is None:
            found.append(FieldProblem("valid_from_on", "required"))
        if decision.valid_until_on is None:
            found.append(FieldProblem("valid_until_on", "required"))
        elif decision.valid_from_on and decision.valid_until_on < decision.valid_from_on:
            found.append(FieldProblem("valid_until_on", "ends_before_start"))
    if decision.score is not None and not 0 <= decision.score <= 100:
        found.append(FieldProblem("score", "mark_range", value=str(decision.score)))
    return found


def state_on(status: str, valid: Validity, day: date) -> str:
    """What the cell is worth on a day: its status, or `expired` / `not_yet` outside its validity."""
    if status not in APPROVED or valid.holds(day):
        return status
    return "expired" if valid.to_on is not None and valid.to_on < day else "not_yet"


def covers_region(cell: str, wanted: str) -> bool:
    """Regions are codes that grow longer inside (NUTS: FR, FR1, FR10). An empty cell covers everything."""
    return not cell or not wanted or wanted.casefold().startswith(cell.casefold())
