"""From criteria, offers and marks to the scoring file: what the portal ranks is what anybody can rank again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from srm_portal.evaluation.domain import sheet
from srm_portal.evaluation.domain.sheet import CriterionValue as CriterionValue
from srm_portal.evaluation.domain.sheet import Node
from srm_portal.kernel.money import plain

Marks = Mapping[tuple[str, str], Decimal]
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What an offer says, as far as criteria look at it. `answers` by criterion id."""

    supplier_id: str
    name: str
    total: Decimal | None
    lead_days: int | None
    answers: Mapping[str, str] = field(default_factory=dict)
    submitted: int | None = None


def present_value(yearly: Decimal, years: int, rate: Decimal) -> Decimal:
    """What a cost paid at the end of each of some years is worth today, to the cent: sum yearly / (1 + rate)^y."""
    factor = 1 / (1 + Fraction(rate) / 100)
    whole = Fraction(yearly) * sum((factor**year for year in range(1, years + 1)), Fraction(0))
    return (Decimal(whole.numerator) / Decimal(whole.denominator)).quantize(CENT, ROUND_HALF_EVEN)


def value_function(one: CriterionValue) -> dict[str, Any]:
    """The `value` of the scoring file."""
    kind = one.function
    match kind:
        case "points":
            return {"kind": kind, "max": plain(one.scale)}
        case "table" if one.kind == "yes_no":
            return {"kind": kind, "values": {"yes": "1", "no": "0"}}
        case "table":
            return {"kind": kind, "values": {label: plain(value) for label, value in one.options}}
        case "piecewise":
            return {"kind": kind, "xs": [plain(x) for x, _v in one.points], "vs": [plain(v) for _x, v in one.points]}
        case "price_absolute":
            return {"kind": kind} | _ends(one, "ceiling", "floor")
        case "linear":
            return {"kind": kind} | _ends(one)
        case "exponential":
            assert one.bend is not None
            return {"kind": kind, "rho": plain(one.bend)} | _ends(one)
        case "target":
            assert one.ideal is not None
            return {"kind": kind, "ideal": plain(one.ideal)} | _ends(one)
        case _:
            return {"kind": kind}


def _ends(one: CriterionValue, worst: str = "worst", best: str = "best") -> dict[str, str]:
    assert one.worst is not None and one.best is not None
    return {worst: plain(one.worst), best: plain(one.best)}


def knock_out(one: CriterionValue) -> dict[str, Any] | None:
    """The `knock_out` of the scoring file. A document that must be there is missing where no mark could be given."""
    if one.must and one.kind == "yes_no":
        return {"must": ["yes"]}
    if one.must and one.kind == "choice":
        return {"must": [label for label, value in one.options if value > 0]}
    if one.minimum is not None:
        return {"max" if one.falling else "min": plain(one.minimum)}
    return {"min": "0"} if one.must and one.kind == "file" else None


def as_criterion(one: CriterionValue) -> dict[str, Any]:
    """One leaf of the scoring file."""
    rule = knock_out(one)
    return {
        "name": one.name,
        "direction": "min" if one.falling else "max",
        "weight": plain(one.weight),
        "value": value_function(one),
    } | ({"knock_out": rule} if rule else {})


def cell(one: CriterionValue, offer: OfferFacts, marks: Marks) -> str | None:
    """The raw value of one offer on one criterion; None where it is missing."""
    answer = offer.answers.get(one.id) or None
    match one.kind:
        case "price":
            return None if offer.total is None else plain(offer.total)
        case "lead_time":
            return None if offer.lead_days is None else str(offer.lead_days)
        case "points" | "file":
            mark = marks.get((one.id, offer.supplier_id))
            return None if mark is None or (one.kind == "file" and one.must and answer is None) else plain(mark)
        case "life_cycle":
            if answer is None or offer.total is None:
                return None
            return plain(offer.total + present_value(Decimal(answer), one.years, one.rate))
        case "number":
            return None if answer is None else plain(Decimal(answer))
        case "date":
            return None if answer is None else str(date.fromisoformat(answer).toordinal())
        case _:
            return answer


def missing_cells(
    criteria: Sequence[CriterionValue], offers: Sequence[OfferFacts], marks: Marks
) -> list[tuple[str, str]]:
    """(criterion, offer) by name wherever nothing is known: a missing mark is shown, never guessed."""
    return [(one.name, offer.name) for one in criteria for offer in offers if cell(one, offer, marks) is None]


def document(
    criteria: Sequence[CriterionValue],
    offers: Sequence[OfferFacts],
    marks: Marks,
    *,
    group_minimums: Mapping[str, Decimal] | None = None,
    samples: int = 100_000,
    seed: int = 1,
) -> dict[str, Any]:
    """The scoring file (contract score.md) of this evaluation: same inputs, same bytes.

    `group_minimums` gives the least percent of a group's value ("Technical": 70) below which an offer is out.
    """
    nodes = sheet.tree(criteria)
    columns = [criteria[at] for at in sheet.leaf_order(nodes)]
    return {
        "method": "weighted_sum",
        "alternatives": [offer.name for offer in offers],
        "criteria": _tree(nodes, lambda at: as_criterion(criteria[at]), group_minimums or {}),
        "matrix": [[cell(one, offer, marks) for one in columns] for offer in offers],
        "parameters": {"missing": "zero"},
        "sensitivity": {"intervals": True, "smaa": {"samples": samples, "seed": seed}},
    }


def _tree(
    nodes: Sequence[Node], leaf: Callable[[int], dict[str, Any]], least: Mapping[str, Decimal]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for node in nodes:
        if node.at is not None:
            found.append(leaf(node.at))
            continue
        shown: dict[str, Any] = {"name": node.name, "weight": plain(node.weight)}
        minimum = least.get(" / ".join(node.path))
        if minimum is not None:
            shown["knock_out"] = {"min_score": plain(minimum / sheet.HUNDRED)}
        found.append(shown | {"children": _tree(node.children, leaf, least)})
    return found


def leaves_of(criteria: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The leaves of a scoring file's criteria, in the order of the matrix."""
    return [leaf for one in criteria for leaf in (leaves_of(one["children"]) if one.get("children") else (one,))]
