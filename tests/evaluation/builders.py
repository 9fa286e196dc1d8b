"""Scoring files with the facts that matter; the rest is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from srm_portal.evaluation.domain.scoring_file import run

EXAMPLE: dict[str, Any] = {
    "method": "weighted_sum",
    "alternatives": ["A", "B"],
    "criteria": [
        {
            "name": "price",
            "direction": "min",
            "weight": "40",
            "value": {"kind": "price_absolute", "ceiling": "120", "floor": "60"},
        },
        {"name": "delivery", "direction": "min", "weight": "20", "value": {"kind": "linear_best_worst"}},
        {
            "name": "quality",
            "direction": "max",
            "weight": "40",
            "value": {"kind": "points", "max": "5"},
            "knock_out": {"min": "2"},
        },
    ],
    "matrix": [["100", "5", "4"], ["110", "3", "5"]],
    "parameters": {},
    "sensitivity": {"intervals": True, "smaa": {"samples": 10000, "seed": 1}},
}

RAW = {"kind": "raw"}
BEST_WORST = {"kind": "linear_best_worst"}


def text(value: object) -> str:
    return repr(float(value)) if isinstance(value, float) else str(value)


def file_of(
    rows: Sequence[Sequence[object]],
    weights: Sequence[object],
    *,
    method: str = "weighted_sum",
    directions: Sequence[str] | None = None,
    values: Sequence[dict[str, Any]] | dict[str, Any] = RAW,
    names: Sequence[str] | None = None,
    parameters: dict[str, Any] | None = None,
    sensitivity: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A scoring file of `rows`; criteria are called c0, c1... unless `names` says otherwise."""
    count = len(weights)
    kinds = [values] * count if isinstance(values, dict) else list(values)
    document: dict[str, Any] = {
        "method": method,
        "alternatives": [chr(65 + i) if i < 26 else f"A{i}" for i in range(len(rows))],
        "criteria": [
            {
                "name": names[j] if names else f"c{j}",
                "direction": directions[j] if directions else "max",
                "weight": text(weights[j]),
                "value": kinds[j],
            }
            for j in range(count)
        ],
        "matrix": [[None if cell is None else text(cell) for cell in row] for row in rows],
    }
    if parameters:
        document["parameters"] = parameters
    if sensitivity:
        document["sensitivity"] = sensitivity
    return document


def pairwise_file(upper: str, count: int, **parameters: str) -> dict[str, Any]:
    """An AHP file from the judgements above the diagonal, row by row."""
    cells = [[Fraction(1)] * count for _ in range(count)]
    judgements = iter(upper.split())
    for i in range(count):
        for j in range(i + 1, count):
            cells[i][j] = Fraction(next(judgements))
            cells[j][i] = 1 / cells[i][j]
    return {
        "method": "ahp_weights",
        "criteria": [{"name": f"c{j}"} for j in range(count)],
        "matrix": [[str(cell) for cell in row] for row in cells],
        "parameters": parameters,
    }


def scores(document: dict[str, Any]) -> list[float]:
    return [float(score) for score in run(document)["scores"]]


def warned(document: dict[str, Any]) -> set[str]:
    return {warning["code"] for warning in run(document)["warnings"]}
