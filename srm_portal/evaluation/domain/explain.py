"""Where one number of a ranking comes from: the formula with its numbers in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from srm_portal.evaluation.domain.assembly import leaves_of


@dataclass(frozen=True, slots=True)
class Explained:
    """One cell: `raw` as offered or marked, `value` 0..1, `weight` in percent, `points` of 100 that it adds.

    `formula` names the value function; `facts` are the numbers in it, among them `lowest`, `highest` of the offers
    that are in where the formula looks at them.
    """

    criterion: str
    offer: str
    raw: str | None
    formula: str
    facts: tuple[tuple[str, str], ...]
    value: Decimal
    weight: Decimal
    points: Decimal
    knocked_out: tuple[str, ...]


def explained(document: Mapping[str, Any], result: Mapping[str, Any], row: int, column: int) -> Explained:
    """The cell of a run of the method `weighted_sum`."""
    leaf = leaves_of(document["criteria"])[column]
    value = Decimal(result["details"]["values"][row][column])
    weight = Decimal(result["weights"][column])
    name = document["alternatives"][row]
    function = leaf["value"]
    return Explained(
        criterion=leaf["name"],
        offer=name,
        raw=document["matrix"][row][column],
        formula=function["kind"],
        facts=(*_numbers(function), *_kin(document, result, column, function["kind"])),
        value=value,
        weight=weight * 100,
        points=weight * value * 100,
        knocked_out=tuple(
            out["why"]
            for out in result["knocked_out"]
            if out["alternative"] == name and out["criterion"] == leaf["name"]
        ),
    )


def _numbers(function: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return [(name, held) for name, held in function.items() if name != "kind" and isinstance(held, str)]


def _kin(document: Mapping[str, Any], result: Mapping[str, Any], column: int, kind: str) -> Sequence[tuple[str, str]]:
    if kind not in ("linear_best_worst", "linear_max", "price_inverse", "price_linear_from_lowest"):
        return []
    marks = [
        Decimal(row[column])
        for row, rank in zip(document["matrix"], result["ranking"], strict=True)
        if rank is not None and row[column] is not None
    ]
    return [("lowest", str(min(marks))), ("highest", str(max(marks)))] if marks else []
