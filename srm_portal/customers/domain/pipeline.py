"""Opportunities: stages, chances, lines, and what the open ones are worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.lifecycle import Lifecycle
from srm_portal.kernel.measure import UNITS

OPEN = ("lead", "qualified", "proposal", "negotiation")
CLOSED = ("won", "lost")
STAGES = OPEN + CLOSED
USUAL_CHANCE = {"lead": 10, "qualified": 25, "proposal": 50, "negotiation": 75, "won": 100, "lost": 0}
"""Percent, taken over when a stage is entered; people may type another for an open stage."""
LINES_MAX = 2000

MOVES = Lifecycle(
    {stage: tuple(other for other in STAGES if other != stage) for stage in OPEN}
    | {"won": ("negotiation",), "lost": OPEN}
)


@dataclass(frozen=True, slots=True)
class LineInput:
    """What the customer asks for, one line; `price` is what they would pay a unit."""

    title: str
    quantity: Decimal | None
    unit: str = "C62"
    price: Decimal | None = None
    needed_on: date | None = None


def line_problems(lines: Sequence[LineInput]) -> list[FieldProblem]:
    """Every wrong cell with its row (from 1) and column."""
    found: list[FieldProblem] = []
    if len(lines) > LINES_MAX:
        found.append(FieldProblem("lines", "too_many_customer_lines", facts=(("max", str(LINES_MAX)),)))
    for row, line in enumerate(lines, start=1):
        if not line.title.strip():
            found.append(FieldProblem("title", "required", row))
        if line.quantity is None:
            found.append(FieldProblem("quantity", "required", row))
        elif line.quantity <= 0:
            found.append(FieldProblem("quantity", "not_positive", row, str(line.quantity)))
        if line.unit not in UNITS:
            found.append(FieldProblem("unit", "unknown_value", row, line.unit, (("choices", ", ".join(UNITS)),)))
        if line.price is not None and line.price < 0:
            found.append(FieldProblem("price", "not_positive", row, str(line.price)))
    return found


def lines_total(lines: Iterable[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """Sum of quantity x price; None when a line has no price, so that no sum pretends to be whole."""
    total = Decimal(0)
    for quantity, price in lines:
        if price is None:
            return None
        total += quantity * price
    return total


@dataclass(frozen=True, slots=True)
class StageValue:
    """The open opportunities of one stage: `weighted` is the sum of amount x chance."""

    stage: str
    count: int
    amount: Decimal
    weighted: Decimal


def by_stage(open_ones: Iterable[tuple[str, Decimal, int]]) -> list[StageValue]:
    """(stage, amount, chance in percent) of open opportunities in one currency -> one row a stage, in order."""
    found = list(open_ones)
    return [
        StageValue(
            stage,
            sum(1 for one, _amount, _chance in found if one == stage),
            sum((amount for one, amount, _chance in found if one == stage), Decimal(0)),
            sum((amount * chance / 100 for one, amount, chance in found if one == stage), Decimal(0)),
        )
        for stage in OPEN
    ]
