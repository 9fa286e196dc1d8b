"""Every wrong file is refused with the field that is wrong, and never with a traceback of ours."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.evaluation.domain.scoring_file import run
from srm_portal.kernel.errors import InputError

from .builders import EXAMPLE, file_of, pairwise_file


def with_change(path: list[Any], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(EXAMPLE)
    held: Any = document
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    return document


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "abc", "", "1,5", "１２", math.nan, math.inf, True, [], {}])
def test_a_weight_that_is_no_number_from_zero_up_is_refused(value: object) -> None:
    with pytest.raises(InputError) as refused:
        run(with_change(["criteria", 0, "weight"], value))
    assert refused.value.field == "criteria[0].weight"
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", ["NaN", "inf", "abc", "", "1e999", "9" * 61, math.nan, False, [1], {"a": 1}])
def test_a_mark_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(InputError) as refused:
        run(with_change(["matrix", 1, 2], value))
    assert refused.value.field == "matrix[1][2]"


def test_a_missing_mark_is_refused_not_guessed() -> None:
    for method in ("weighted_sum", "topsis", "vikor", "promethee_ii", "price_per_quality", "critic_weights"):
        document = with_change(["matrix", 0, 1], None)
        document["method"] = method
        with pytest.raises(InputError) as refused:
            run(document)
        assert refused.value.field == "matrix[0][1]", method


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["method"], "guess", "method"),
        (["method"], None, "method"),
        (["criteria"], [], "criteria"),
        (["criteria"], "price", "criteria"),
        (["criteria", 0], "price", "criteria[0]"),
        (["criteria", 0, "name"], " ", "criteria[0].name"),
        (["criteria", 1, "name"], "price", "criteria[1].name"),
        (["criteria", 0, "direction"], "up", "criteria[0].direction"),
        (["criteria", 0, "weight"], None, "criteria[0].weight"),
        (["criteria", 0, "value"], None, "criteria[0].value"),
        (["criteria", 0, "value", "kind"], "magic", "criteria[0].value.kind"),
        (["criteria", 0, "value", "ceiling"], "60", "criteria[0].value.ceiling"),
        (["criteria", 0, "value", "worst"], "60", "criteria[0].value.worst"),
        (["criteria", 1, "direction"], None, "criteria[1].direction"),
        (["criteria", 2, "value", "max"], "0", "criteria[2].value.max"),
        (["criteria", 2, "knock_out"], {"least": "2"}, "criteria[2].knock_out.least"),
        (["matrix"], [["100", "5", "4"]], "matrix"),
        (["matrix", 0], ["100", "5"], "matrix[0]"),
        (["matrix", 0, 0], "-1", "matrix[0][0]"),
        (["matrix", 0, 2], "6", "matrix[0][2]"),
        (["alternatives", 1], "A", "alternatives[1]"),
        (["alternatives", 1], 7, "alternatives[1]"),
        (["alternatives"], None, "alternatives"),
        (["parameters"], [], "parameters"),
        (["sensitivity", "intervals"], "yes", "sensitivity.intervals"),
        (["sensitivity", "smaa", "samples"], 0, "sensitivity.smaa.samples"),
        (["sensitivity", "smaa", "samples"], "many", "sensitivity.smaa.samples"),
        (["sensitivity", "smaa", "seed"], -1, "sensitivity.smaa.seed"),
        (["sensitivity", "smaa"], {"samples": 5}, "sensitivity.smaa.seed"),
    ],
)
def test_the_wrong_field_is_named(path: list[Any], value: object, field: str) -> None:
    with pytest.raises(InputError) as refused:
        run(with_change(path, value))
    assert refused.value.field == field


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(InputError, match="weight"):
        run(file_of([["1", "2"]], [0, 0]))


def test_a_document_that_is_no_object_is_refused() -> None:
    for document in (None, [], "text", 5):
        with pytest.raises(InputError):
            run(document)  # type: ignore[arg-type]


def test_comparisons_must_be_reciprocal() -> None:
    document = pairwise_file("3 5 2", 3)
    document["matrix"][2][0] = "0.21"
    with pytest.raises(InputError) as refused:
        run(document)
    assert refused.value.field == "matrix[2][0]"
    document["matrix"][2][0] = "0.2000001"
    assert run(document)["weights"]


@pytest.mark.parametrize("value", ["0", "-3", "1/0", "x", None])
def test_comparisons_must_be_positive(value: object) -> None:
    document = pairwise_file("3 5 2", 3)
    document["matrix"][0][1] = value
    with pytest.raises(InputError) as refused:
        run(document)
    assert refused.value.field == "matrix[0][1]"


def best_worst_file(**changes: Any) -> dict[str, Any]:
    parameters = {"best": 0, "worst": 2, "best_to_others": ["1", "2", "8"], "others_to_worst": ["8", "4", "1"]}
    criteria = [{"name": name} for name in ("a", "b", "c")]
    return {"method": "bwm_weights", "criteria": criteria, "parameters": {**parameters, **changes}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"best": 3}, "parameters.best"),
        ({"worst": 0}, "parameters.worst"),
        ({"best_to_others": ["1", "2"]}, "parameters.best_to_others"),
        ({"best_to_others": ["2", "2", "8"]}, "parameters.best_to_others[0]"),
        ({"best_to_others": ["1", "10", "8"]}, "parameters.best_to_others[1]"),
        ({"others_to_worst": ["7", "4", "1"]}, "parameters.others_to_worst[0]"),
    ],
)
def test_best_worst_comparisons_must_fit(change: dict[str, Any], field: str) -> None:
    assert run(best_worst_file())["details"]["xi"] == "0"
    with pytest.raises(InputError) as refused:
        run(best_worst_file(**change))
    assert refused.value.field == field


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES: list[list[Any]] = [
    ["method"], ["alternatives"], ["criteria"], ["criteria", 0], ["criteria", 0, "name"], ["criteria", 0, "weight"],
    ["criteria", 0, "value"], ["criteria", 0, "value", "kind"], ["criteria", 0, "value", "ceiling"],
    ["criteria", 2, "knock_out"], ["criteria", 2, "knock_out", "must"], ["criteria", 1, "children"], ["matrix"],
    ["matrix", 0], ["matrix", 0, 0], ["parameters"], ["sensitivity"], ["sensitivity", "smaa"],
    ["sensitivity", "smaa", "seed"],
]  # fmt: skip


@given(st.sampled_from(PLACES), ANYTHING, st.sampled_from(["weighted_sum", "topsis", "promethee_ii", "reduced_price"]))
def test_whatever_stands_in_a_field_the_answer_is_a_ranking_or_a_named_field(
    place: list[Any], value: object, method: str
) -> None:
    document = with_change(place, value)
    if place != ["method"]:
        document["method"] = method
    if document["sensitivity"] == EXAMPLE["sensitivity"]:
        del document["sensitivity"]
    try:
        assert "ranking" in run(document) or "weights" in run(document)
    except InputError as refused:
        assert refused.field
