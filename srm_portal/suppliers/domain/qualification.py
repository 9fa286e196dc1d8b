"""Qualification: one cell a category, region and business unit; what a decision must say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.period import Validity
from srm_portal.suppliers.domain.categories import ancestors, is_cpv, significant

APPROVED = ("qualified", "conditional")
DECISIONS = ("qualified", "conditional", "disqualified")
AGAINST = ("disqualified", "suspended")
"""What speaks against a supplier, also against an approval further up the tree."""
REMIND_DAYS_BEFORE = 30
REQUALIFY_DAYS_BEFORE = 90
HEARING_DAYS = 14
AREAS = ("quality", "capability", "finance", "sustainability")
"""What an assessment looks at, each 0..100; the mark of the cell is their mean where none is given."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the deciding person says about a cell."""

    status: str
    valid_from_on: date | None
    valid_until_on: date | None
    score: int | None = None
    reason: str = ""
    scores: tuple[tuple[str, int], ...] = ()

    @property
    def mark(self) -> int | None:
        """The mark that was given, else the mean of the areas, half up."""
        if self.score is not None or not self.scores:
            return self.score
        total = sum(mark for _area, mark in self.scores)
        return (2 * total + len(self.scores)) // (2 * len(self.scores))


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
    wrong = [(area, mark) for area, mark in decision.scores if area not in AREAS or not 0 <= mark <= 100]
    return found + [FieldProblem(area, "mark_range", value=str(mark)) for area, mark in wrong]


def state_on(status: str, valid: Validity, day: date) -> str:
    """What the cell is worth on a day: its status, or `expired` / `not_yet` outside its validity."""
    if status not in APPROVED or valid.holds(day):
        return status
    return "expired" if valid.to_on is not None and valid.to_on < day else "not_yet"


def covers_region(cell: str, wanted: str) -> bool:
    """Regions are codes that grow longer inside (NUTS: FR, FR1, FR10). An empty cell covers everything."""
    return not cell or not wanted or wanted.casefold().startswith(cell.casefold())


@dataclass(frozen=True, slots=True)
class Cell:
    """A decided cell of one supplier that no later decision superseded."""

    id: str
    category: str
    region: str
    status: str
    valid: Validity
    decided_at: datetime
    business_unit: str = ""


def _nearness(cell: Cell) -> tuple[int, int, bool, datetime]:
    return len(significant(cell.category)), len(cell.region), bool(cell.business_unit), cell.decided_at


def covering(category: str) -> list[str]:
    """The categories whose cells speak for this one: itself and everything above it."""
    return ancestors(category) if is_cpv(category) else [category]


def deciding_cell(cells: Iterable[Cell], category: str, region: str, on: date, unit: str = "") -> Cell | None:
    """The approving cell that counts for a category, region and business unit on a day, or None.

    A cell speaks for everything below its category and inside its region. The nearest cell decides, so a
    disqualification for castings stands against an approval for all metal goods. Expired cells are silent.
    """
    above = set(covering(category))
    speaking = [
        cell
        for cell in cells
        if cell.category in above
        and covers_region(cell.region, region)
        and (not cell.business_unit or not unit or cell.business_unit.casefold() == unit.casefold())
        and (cell.status in AGAINST or (cell.status in APPROVED and cell.valid.holds(on)))
    ]
    if not speaking:
        return None
    nearest = max(speaking, key=_nearness)
    return nearest if nearest.status in APPROVED else None
