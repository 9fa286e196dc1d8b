"""ABC analysis: the few customers that make most of the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

A_UNTIL = Decimal("0.80")
B_UNTIL = Decimal("0.95")


@dataclass(frozen=True, slots=True)
class AbcRow:
    """`share` and `running` (this row included) are shares of all value, 0..1."""

    key: str
    value: Decimal
    share: Decimal
    running: Decimal
    grade: str


def classify(values: Mapping[str, Decimal]) -> list[AbcRow]:
    """Customers by falling value (then key) with their grade.

    A while the value before the row is below 80 % of the whole, B below 95 %, then C; whoever has no value or a
    negative one (credit notes) is C. So the first customer is always A, however large.
    """
    none = Decimal(0)
    whole = sum((value for value in values.values() if value > 0), none)
    rows, before, running = [], none, none
    for key, value in sorted(values.items(), key=lambda pair: (-pair[1], pair[0])):
        if value <= 0:
            rows.append(AbcRow(key, value, none, running, "C"))
            continue
        grade = "A" if running < A_UNTIL else "B" if running < B_UNTIL else "C"
        share = value / whole
        before += value
        running = before / whole
        rows.append(AbcRow(key, value, share, running, grade))
    return rows
