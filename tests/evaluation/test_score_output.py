"""A problem written as a file is read back as the same problem."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from srm_portal.evaluation.domain.score_input import read_frame, read_problem
from srm_portal.evaluation.domain.score_output import as_file, exact_text
from srm_portal.evaluation.domain.scoring_file import run

from .builders import EXAMPLE

VALUES: list[dict[str, Any]] = [
    {"kind": "linear", "worst": "10.5", "best": "2"},
    {"kind": "piecewise", "xs": ["0", "4"], "vs": ["0", "1"]},
    {"kind": "raw"},
    {"kind": "points", "max": "10"},
    {"kind": "linear_best_worst"},
    {"kind": "linear_max"},
    {"kind": "price_inverse"},
    {"kind": "price_linear_from_lowest"},
    {"kind": "price_absolute", "ceiling": "10", "floor": "1"},
    {"kind": "exponential", "rho": "-0.25"},
    {"kind": "exponential", "rho": "0.25", "worst": "0", "best": "10"},
    {"kind": "target", "worst": "0", "best": "9", "ideal": "4"},
]


def written(document: dict[str, Any]) -> dict[str, Any]:
    outer, method = read_frame(document)
    return as_file(read_problem(outer, method), document.get("parameters"))


def test_the_documented_example_survives() -> None:
    assert json.dumps(written(EXAMPLE)) == json.dumps(EXAMPLE)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value["kind"])
def test_each_value_function_survives(value: dict[str, Any]) -> None:
    document = {**EXAMPLE, "criteria": [{**EXAMPLE["criteria"][0], "value": value}, *EXAMPLE["criteria"][1:]]}
    document["matrix"] = [["4", "5", "4"], ["2.25", "3", "5"]]
    assert written(document) == document
    assert run(written(document)) == run(document)


def test_groups_answers_and_knock_outs_survive() -> None:
    table = {"kind": "table", "values": {"yes": "1", "no": "0.05"}}
    leaf = {"name": "b", "weight": "3", "value": table, "knock_out": {"min_score": "0.1", "must": ["yes", "no"]}}
    group = {"name": "g", "weight": "50", "children": [{"name": "a", "direction": "min", "weight": "1", "value": {
        "kind": "raw"}, "knock_out": {"min": "1", "max": "7"}}, leaf]}  # fmt: skip
    document = {
        "method": "weighted_sum",
        "alternatives": ["A"],
        "criteria": [group],
        "matrix": [[None, "yes"]],
        "parameters": {"missing": "zero"},
    }
    assert written(document) == document


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 8), "0.125"), (Fraction(-5, 2), "-2.5"), (Fraction(0), "0"), (Fraction(10**29), "1" + "0" * 29)],
)
def test_every_digit_is_written(value: Fraction, text: str) -> None:
    assert exact_text(value) == text


def test_a_third_has_no_decimal_text() -> None:
    with pytest.raises(ValueError, match="no_finite_decimal"):
        exact_text(Fraction(1, 3))
