"""What a need must say before it can be approved, and what its lines are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.lifecycle import Lifecycle
from srm_portal.kernel.measure import UNITS
from srm_portal.sourcing.domain.stages import Blocker

ENGAGEMENTS = ("purchase", "subcontracting", "outsourcing")
NEED = Lifecycle({"draft": ("submitted",), "submitted": ("approved", "draft"), "approved": ("draft",)})
LINES_MAX = 2000


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as typed or imported; numbers are already exact."""

    lot: int
    title: str
    quantity: Decimal | None
    unit: str
    description: str = ""
    target_price: Decimal | None = None
    baseline_price: Decimal | None = None
    needed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What the gate of the need looks at."""

    title: str
    category: str
    product: str
    market: str
    strategic_aim: str
    sector: str
    engagement: str
    budget: Decimal | None
    needed_on: date | None
    state: str
    lines: int


def line_problems(lines: Sequence[LineInput]) -> list[FieldProblem]:
    """Every wrong cell with its row (from 1) and column."""
    problems: list[FieldProblem] = []
    if len(lines) > LINES_MAX:
        problems.append(FieldProblem("lines", "too_many_lines", facts=(("max", str(LINES_MAX)),)))
    for row, line in enumerate(lines, start=1):
        if not line.title.strip():
            problems.append(FieldProblem("title", "required", row))
        if line.quantity is None:
            problems.append(FieldProblem("quantity", "required", row))
        elif line.quantity <= 0:
            problems.append(FieldProblem("quantity", "not_positive", row, str(line.quantity)))
        if line.unit not in UNITS:
            problems.append(
                FieldProblem("unit", "unknown_value", row, line.unit, (("choices", ", ".join(sorted(UNITS))),))
            )
        for name, price in (("target_price", line.target_price), ("baseline_price", line.baseline_price)):
            if price is not None and price < 0:
                problems.append(FieldProblem(name, "not_positive", row, str(price)))
        if not 1 <= line.lot <= 200:
            problems.append(FieldProblem("lot", "lot_number", row, str(line.lot)))
    return problems


def baseline_of(lines: Sequence[LineInput]) -> Decimal | None:
    """Sum of quantity times baseline price over the lines; None unless every line has both."""
    total = Decimal(0)
    for line in lines:
        if line.quantity is None or line.baseline_price is None:
            return None
        total += line.quantity * line.baseline_price
    return total if lines else None


def gate(facts: NeedFacts) -> list[Blocker]:
    """What the need still lacks before step 1 is passed."""
    missing = [
        ("need_title", facts.title),
        ("need_category", facts.category),
        ("need_product", facts.product),
        ("need_market", facts.market),
        ("need_aim", facts.strategic_aim),
        ("need_sector", facts.sector),
        ("need_budget", facts.budget),
        ("need_date", facts.needed_on),
        ("need_lines", facts.lines),
    ]
    blockers = [Blocker(code) for code, value in missing if not value]
    if facts.engagement not in ENGAGEMENTS:
        blockers.append(Blocker("need_engagement"))
    if facts.state != "approved":
        blockers.append(Blocker("need_approval"))
    return blockers
