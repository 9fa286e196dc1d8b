"""One mark from several evaluators, exactly: what goes into the scoring file. The single marks stay beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

Rule = Literal["mean", "median", "trimmed"]
RULES: tuple[Rule, ...] = ("mean", "median", "trimmed")
STEP = Decimal("0.0001")
TRIM = Decimal("0.2")
SingleMarks = Mapping[tuple[str, str, str], Decimal]
"""(criterion, supplier, evaluator) -> points."""


def joint_marks(
    marks: SingleMarks,
    consensus: Mapping[tuple[str, str], Decimal],
    *,
    voices: Mapping[str, Decimal] | None = None,
    rule: Rule = "mean",
) -> dict[tuple[str, str], Decimal]:
    """(criterion, supplier) -> mark to four digits by the rule fixed in advance, or what the consensus says.

    `mean` weighs evaluators by their `voices` (1 each where not given); `median`, and `trimmed` (a fifth of the marks
    cut off at either end, rounded down), count heads.
    """
    held: dict[tuple[str, str], list[tuple[Decimal, Decimal]]] = {}
    for (criterion_id, supplier_id, evaluator), points in marks.items():
        voice = (voices or {}).get(evaluator, Decimal(1))
        held.setdefault((criterion_id, supplier_id), []).append((points, voice))
    return {key: _joined(given, rule).quantize(STEP) for key, given in held.items()} | dict(consensus)


def _joined(given: Sequence[tuple[Decimal, Decimal]], rule: Rule) -> Decimal:
    if rule == "mean":
        heard = sum((voice for _points, voice in given), Decimal(0))
        if heard > 0:
            return sum((points * voice for points, voice in given), Decimal(0)) / heard
    ordered = sorted(points for points, _voice in given)
    cut = (len(ordered) - 1) // 2 if rule == "median" else int(len(ordered) * TRIM) if rule == "trimmed" else 0
    kept = ordered[cut : len(ordered) - cut]
    return sum(kept, Decimal(0)) / len(kept)


def spreads(marks: SingleMarks) -> dict[tuple[str, str], Decimal]:
    """(criterion, supplier) -> highest minus lowest mark: where evaluators should talk."""
    held: dict[tuple[str, str], list[Decimal]] = {}
    for (criterion_id, supplier_id, _evaluator), points in marks.items():
        held.setdefault((criterion_id, supplier_id), []).append(points)
    return {key: max(given) - min(given) for key, given in held.items() if len(given) > 1}
