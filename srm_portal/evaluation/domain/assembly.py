"""From criteria, offers and marks to the scoring file: what the portal ranks is what anybody can rank again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import plain

KINDS = ("price", "points", "number", "yes_no", "choice", "lead_time")
MANUAL = frozenset({"points"})
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class CriterionValue:
    """One criterion as fixed before the opening.

    `weight` in percent of the whole. `worst` and `best` are the fixed ends of the value function (for a price: ceiling
    and floor). `options` gives the value 0..1 of each answer of a choice. `minimum` knocks an offer out below it
    (points, numbers); `must` knocks out a "no".
    """

    id: str
    name: str
    kind: str
    weight: Decimal
    group: str = ""
    envelope: str = "technical"
    worst: Decimal | None = None
    best: Decimal | None = None
    scale: Decimal = Decimal(5)
    options: tuple[tuple[str, Decimal], ...] = ()
    minimum: Decimal | None = None
    must: bool = False

    @property
    def manual(self) -> bool:
        """Whether people mark it; everything else is computed from the offer."""
        return self.kind in MANUAL


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What an offer says, as far as criteria look at it. `answers` by criterion id."""

    supplier_id: str
    name: str
    total: Decimal | None
    lead_days: int | None
    answers: Mapping[str, str] = field(default_factory=dict)


def criterion_problems(criteria: Sequence[CriterionValue]) -> list[FieldProblem]:
    """Every wrong row with its number (from 1); the sum of the weights as a problem of the whole."""
    problems: list[FieldProblem] = []
    names: set[str] = set()
    for row, one in enumerate(criteria, start=1):
        if not one.name.strip():
            problems.append(FieldProblem("name", "required", row))
        if one.name in names:
            problems.append(FieldProblem("name", "criterion_twice", row, one.name))
        names.add(one.name)
        if one.kind not in KINDS:
            problems.append(FieldProblem("kind", "unknown_value", row, one.kind, (("choices", ", ".join(KINDS)),)))
        if one.weight < 0:
            problems.append(FieldProblem("weight", "weight_negative", row, plain(one.weight)))
        if one.kind in ("price", "number", "lead_time"):
            if one.worst is None or one.best is None:
                problems.append(FieldProblem("worst", "range_needed", row))
            elif one.worst == one.best:
                problems.append(FieldProblem("best", "range_empty", row))
        if one.kind == "choice" and len(one.options) < 2:
            problems.append(FieldProblem("options", "options_needed", row))
    total = sum((one.weight for one in criteria), Decimal(0))
    if criteria and total != HUNDRED:
        problems.append(FieldProblem("weight", "weights_sum", value=plain(total), facts=(("total", plain(total)),)))
    return problems


def _value(one: CriterionValue) -> dict[str, Any]:
    match one.kind:
        case "points":
            return {"kind": "points", "max": plain(one.scale)}
        case "price":
            assert one.worst is not None and one.best is not None
            return {"kind": "price_absolute", "ceiling": plain(one.worst), "floor": plain(one.best)}
        case "yes_no":
            return {"kind": "table", "values": {"yes": "1", "no": "0"}}
        case "choice":
            return {"kind": "table", "values": {label: plain(value) for label, value in one.options}}
        case _:
            assert one.worst is not None and one.best is not None
            return {"kind": "linear", "worst": plain(one.worst), "best": plain(one.best)}


def _criterion(one: CriterionValue) -> dict[str, Any]:
    falling = one.worst is not None and one.best is not None and one.best < one.worst
    shown: dict[str, Any] = {
        "name": one.name,
        "direction": "min" if falling or one.kind in ("price", "lead_time") else "max",
        "weight": plain(one.weight),
        "value": _value(one),
    }
    if one.must and one.kind == "yes_no":
        shown["knock_out"] = {"must": ["yes"]}
    elif one.minimum is not None:
        shown["knock_out"] = {"max" if falling else "min": plain(one.minimum)}
    return shown


def cell(one: CriterionValue, offer: OfferFacts, marks: Mapping[tuple[str, str], Decimal]) -> str | None:
    """The raw value of one offer on one criterion; None where it is missing."""
    if one.kind == "price":
        return None if offer.total is None else plain(offer.total)
    if one.kind == "lead_time":
        return None if offer.lead_days is None else str(offer.lead_days)
    if one.kind == "points":
        mark = marks.get((one.id, offer.supplier_id))
        return None if mark is None else plain(mark)
    answer = offer.answers.get(one.id)
    if answer is None or answer == "":
        return None
    return answer if one.kind != "number" else plain(Decimal(answer))


def missing_cells(
    criteria: Sequence[CriterionValue], offers: Sequence[OfferFacts], marks: Mapping[tuple[str, str], Decimal]
) -> list[tuple[str, str]]:
    """(criterion, offer) by name wherever nothing is known: a missing mark is shown, never guessed."""
    return [(one.name, offer.name) for one in criteria for offer in offers if cell(one, offer, marks) is None]


def document(
    criteria: Sequence[CriterionValue],
    offers: Sequence[OfferFacts],
    marks: Mapping[tuple[str, str], Decimal],
    *,
    samples: int = 10_000,
    seed: int = 1,
) -> dict[str, Any]:
    """The scoring file (contract score.md) of this evaluation: same inputs, same bytes."""
    return {
        "method": "weighted_sum",
        "alternatives": [offer.name for offer in offers],
        "criteria": [_criterion(one) for one in criteria],
        "matrix": [[cell(one, offer, marks) for one in criteria] for offer in offers],
        "parameters": {"missing": "zero"},
        "sensitivity": {"intervals": True, "smaa": {"samples": samples, "seed": seed}},
    }


def mean_marks(
    marks: Mapping[tuple[str, str, str], Decimal], consensus: Mapping[tuple[str, str], Decimal]
) -> dict[tuple[str, str], Decimal]:
    """(criterion, supplier) -> mark: the mean of the evaluators to four digits, or what the consensus says."""
    grouped: dict[tuple[str, str], list[Decimal]] = {}
    for (criterion_id, supplier_id, _evaluator), points in marks.items():
        grouped.setdefault((criterion_id, supplier_id), []).append(points)
    means = {key: (sum(held, Decimal(0)) / len(held)).quantize(Decimal("0.0001")) for key, held in grouped.items()}
    return means | dict(consensus)


def spreads(marks: Mapping[tuple[str, str, str], Decimal]) -> dict[tuple[str, str], Decimal]:
    """(criterion, supplier) -> highest minus lowest mark: where evaluators should talk."""
    grouped: dict[tuple[str, str], list[Decimal]] = {}
    for (criterion_id, supplier_id, _evaluator), points in marks.items():
        grouped.setdefault((criterion_id, supplier_id), []).append(points)
    return {key: max(held) - min(held) for key, held in grouped.items() if len(held) > 1}
