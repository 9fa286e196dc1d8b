"""The scoring file as outsiders meet it: its format, its output, its warnings."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from srm_portal.evaluation.domain.schema import SCORE
from srm_portal.evaluation.domain.scoring_file import run
from srm_portal.kernel.errors import InputError

from .builders import BEST_WORST, EXAMPLE, file_of, warned


def example(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(EXAMPLE), **changes}


def test_the_documented_example_is_ranked() -> None:
    found = run(example())
    assert list(found) == [
        "method", "weights", "scores", "ranking", "ties", "knocked_out", "details", "warnings", "sensitivity",
    ]  # fmt: skip
    assert found["weights"] == ["0.4", "0.2", "0.4"]
    assert found["scores"] == ["0.453333333333", "0.666666666667"]
    assert found["ranking"] == [2, 1]
    assert found["ties"] == "competition"
    assert found["knocked_out"] == []
    assert found["warnings"] == []


def test_the_documented_example_says_how_stable_it_is() -> None:
    sensitivity = run(example())["sensitivity"]
    assert sensitivity["intervals"] == [["0", "0.736842105263"], ["0", "1"], ["0", "1"]]
    assert sensitivity["smallest_change"] == {
        "criterion": "price", "from": "0.4", "to": "0.736842105263", "new_winner": "A",
    }  # fmt: skip
    assert len(sensitivity["smaa"]["rank_acceptability"]) == 2


def test_the_same_input_gives_the_same_bytes() -> None:
    assert json.dumps(run(example())) == json.dumps(run(example()))


def test_no_float_leaves_in_the_output() -> None:
    def walk(value: Any) -> None:
        assert not isinstance(value, float)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    for method in ("weighted_sum", "topsis", "vikor", "promethee_ii", "price_per_quality", "entropy_weights"):
        walk(run(example(method=method)))


def test_the_schema_is_a_schema_and_takes_the_example() -> None:
    jsonschema.Draft202012Validator.check_schema(SCORE)
    jsonschema.validate(EXAMPLE, SCORE)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bonus": 1}, "bonus"),
        ({"parameters": {"speed": "1"}}, "parameters.speed"),
        ({"sensitivity": {"often": True}}, "sensitivity.often"),
        ({"criteria": [{**EXAMPLE["criteria"][0], "colour": "red"}, *EXAMPLE["criteria"][1:]]}, "criteria[0].colour"),
    ],
)
def test_unknown_fields_are_refused_by_file_and_schema(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        run(example(**change))
    assert refused.value.field == field
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(example(**change), SCORE)


def test_numbers_may_be_json_numbers() -> None:
    rows = [[100, 5, 4], [110.0, 3, 5]]
    assert run(example(matrix=rows))["scores"] == run(example())["scores"]


def test_equal_scores_share_a_rank_and_leave_the_next_free() -> None:
    assert run(file_of([[3], [2], [2], [1]], [1]))["ranking"] == [1, 2, 2, 4]


def test_offers_equal_in_value_tie_although_their_sums_differ_as_floats() -> None:
    """0.1 + 0.2 is not 0.3 for a float; the ranking is made from exact sums, printed with twelve digits."""
    found = run(file_of([["0.1", "0.2"], ["0.3", "0"]], [1, 1]))
    assert found["scores"] == ["0.15", "0.15"]
    assert found["ranking"] == [1, 1]


def test_cents_on_a_price_of_a_million_million_count() -> None:
    values = {"kind": "price_absolute", "ceiling": "1000000000000.10", "floor": "1000000000000.00"}
    rows = [["1000000000000.05"], ["1000000000000.06"]]
    assert run(file_of(rows, [1], values=values))["scores"] == ["0.5", "0.4"]


def test_children_share_the_weight_of_their_group() -> None:
    document = file_of([["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]], [1, 1, 1])
    first, second, third = document["criteria"]
    third["weight"], first["weight"], second["weight"] = "60", "1", "3"
    document["criteria"] = [{"name": "quality", "weight": "40", "children": [first, second]}, third]
    assert run(document)["scores"] == ["0.1", "0.3", "0.6"]


def test_an_offer_below_a_knock_out_keeps_its_score_but_takes_no_rank() -> None:
    found = run(example(matrix=[["100", "5", "4"], ["60", "1", "1"]]))
    assert found["ranking"] == [1, None]
    assert found["scores"][1] is not None
    assert found["knocked_out"] == [{"alternative": "B", "criterion": "quality", "why": "below_min"}]


def test_a_knocked_out_offer_is_not_looked_at_by_relative_formulas() -> None:
    rows = [["100", "4"], ["120", "4"], ["10", "1"]]
    document = file_of(rows, [1, 0], directions=["min", "max"], values=[{"kind": "price_inverse"}, {"kind": "raw"}])
    document["criteria"][1]["knock_out"] = {"min": "2"}
    assert run(document)["scores"][:2] == ["1", "0.833333333333"]


@pytest.mark.parametrize(
    ("rule", "cell", "why"),
    [
        ({"min": "2"}, "1", "below_min"),
        ({"max": "9"}, "10", "above_max"),
        ({"must": "5"}, "6", "not_accepted"),
        ({"must": ["5", "6"]}, "7", "not_accepted"),
        ({"min_score": "0.5"}, "4", "score_below_min"),
    ],
)
def test_each_kind_of_knock_out(rule: dict[str, Any], cell: str, why: str) -> None:
    document = file_of([["5"], [cell]], [1], values={"kind": "points", "max": "10"})
    document["criteria"][0]["knock_out"] = rule
    assert [out["why"] for out in run(document)["knocked_out"]] == [why]


def test_a_criterion_that_only_knocks_out_needs_neither_weight_nor_value() -> None:
    document = file_of([["yes", "5"], ["no", "9"]], [0, 1])
    document["criteria"][0] = {"name": "certificate", "knock_out": {"must": "yes"}}
    found = run(document)
    assert found["ranking"] == [1, None]
    assert found["weights"] == ["0", "1"]


def test_a_group_may_ask_for_a_least_score() -> None:
    document = file_of([["1", "0.2", "1"], ["0.6", "0.9", "0"]], [1, 1, 1])
    first, second, third = document["criteria"]
    group = {"name": "technical", "weight": "1", "children": [first, second], "knock_out": {"min_score": "0.7"}}
    document["criteria"] = [group, third]
    found = run(document)
    assert found["ranking"] == [None, 1]
    assert found["knocked_out"][0]["criterion"] == "technical"


def test_answers_are_valued_by_their_table() -> None:
    table = {"kind": "table", "values": {"none": "0", "some": "0.4", "all": "1"}}
    document = file_of([["all"], ["some"]], [1], values=table)
    assert run(document)["scores"] == ["1", "0.4"]


def test_prozorro_s_reduced_price() -> None:
    """coefficient = 1 + sum v / (1 - sum vmax): 1 + 0.15 / 0.85, and a price of 115 becomes 97.75."""
    rows = [["115", "0.1", "0.05"], ["100", "0", "0"]]
    document = file_of(rows, [0, "0.1", "0.05"], method="reduced_price", names=["price", "warranty", "delivery"])
    document["criteria"][0] = {"name": "price"}
    found = run(document)
    assert found["scores"] == ["97.75", "100"]
    assert found["ranking"] == [1, 2]
    assert found["details"]["coefficients"] == ["1.17647058824", "1"]


def test_a_feature_s_table_names_its_greatest_share() -> None:
    table = {"kind": "table", "values": {"2 years": "0", "5 years": "0.1"}}
    document = file_of([["100", "5 years"]], [0, 0], method="reduced_price", names=["price", "warranty"])
    document["criteria"] = [{"name": "price"}, {"name": "warranty", "value": table}]
    assert run(document)["scores"] == ["90"]


def test_price_per_point_of_quality() -> None:
    rows = [["100", "4"], ["110", "5"]]
    found = run(file_of(rows, [0, 1], method="price_per_quality", names=["price", "quality"]))
    assert found["scores"] == ["25", "22"]
    assert found["ranking"] == [2, 1]


def test_swing_points_become_weights() -> None:
    assert run(file_of([], [100, 60, 40], method="swing_weights"))["weights"] == ["0.5", "0.3", "0.2"]


def test_weights_alone_have_no_scores() -> None:
    found = run(file_of([[1, 2], [3, 1]], [1, 1], method="entropy_weights"))
    assert "scores" not in found
    assert "ranking" not in found


def test_one_offer_is_first_on_its_own() -> None:
    for method in ("weighted_sum", "topsis", "vikor", "promethee_ii"):
        document = file_of([["5", "3"]], [1, 2], method=method, values=BEST_WORST, sensitivity={"intervals": True})
        assert run(document)["ranking"] == [1], method


def test_no_offers_give_an_empty_ranking() -> None:
    for method in ("weighted_sum", "topsis", "vikor", "promethee_ii"):
        smaa = {"intervals": True, "smaa": {"samples": 10, "seed": 1}}
        found = run(file_of([], [1, 2], method=method, values=BEST_WORST, sensitivity=smaa))
        assert (found["scores"], found["ranking"]) == ([], []), method
        assert found["sensitivity"]["intervals"] == []


def test_equal_offers_all_stand_first() -> None:
    for method in ("weighted_sum", "topsis", "vikor", "promethee_ii"):
        found = run(file_of([["5", "3"]] * 4, [1, 2], method=method, values=BEST_WORST))
        assert found["ranking"] == [1, 1, 1, 1], method


def test_five_thousand_equal_offers_all_stand_first() -> None:
    found = run(file_of([["5"]] * 5000, [1], values=BEST_WORST))
    assert set(found["ranking"]) == {1}


def test_where_all_are_knocked_out_nobody_wins() -> None:
    found = run(example(matrix=[["100", "5", "1"], ["110", "3", "0"]]))
    assert found["ranking"] == [None, None]
    assert found["sensitivity"]["intervals"] == []
    assert found["sensitivity"]["smallest_change"] is None


def test_a_missing_mark_may_count_zero_or_exclude_where_the_file_says_so() -> None:
    rows = [["1", "1"], ["1", None]]
    zero = run(file_of(rows, [1, 1], parameters={"missing": "zero"}))
    assert (zero["scores"], zero["ranking"]) == (["1", "0.5"], [1, 2])
    out = run(file_of(rows, [1, 1], parameters={"missing": "exclude"}))
    assert (out["scores"], out["ranking"]) == (["1", None], [1, None])
    assert out["knocked_out"] == [{"alternative": "B", "criterion": "c1", "why": "missing"}]


def test_weights_that_do_not_add_up_are_normalised_and_said() -> None:
    found = run(file_of([[1, 2]], [50, 49]))
    assert found["details"]["weight_sum"] == "99"
    assert [warning["code"] for warning in found["warnings"]] == ["weights_not_100"]
    assert "99" in found["warnings"][0]["text"]
    assert warned(file_of([[1, 2]], ["0.5", "0.5"])) == set()


def test_a_criterion_that_tells_nothing_apart_is_said() -> None:
    assert warned(file_of([[1, 2], [1, 3]], [50, 50])) == {"no_spread"}


def test_a_price_of_zero_is_said_and_wins_all_points() -> None:
    document = file_of([["0"], ["10"]], [100], values={"kind": "price_inverse"}, names=["price"])
    assert run(document)["scores"] == ["1", "0"]
    assert warned(document) == {"zero_price", "relative_price_formula"}


REVERSING = [["100", "0.65"], ["120", "1"], ["80", "0"]]


def test_a_relative_price_formula_is_shown_with_the_loser_that_decides() -> None:
    """With C in, B wins; without C, which is last, A would."""
    values = [{"kind": "price_inverse"}, {"kind": "raw"}]
    document = file_of(REVERSING, [70, 30], values=values, names=["price", "quality"])
    found = run(document)
    assert found["ranking"] == [2, 1, 3]
    texts = {warning["code"]: warning["text"] for warning in found["warnings"]}
    assert set(texts) == {"relative_price_formula", "rank_reversal"}
    assert "without C" in texts["rank_reversal"]
    assert "A would be first" in texts["relative_price_formula"]
    rest = file_of(REVERSING[:2], [70, 30], values=values, names=["price", "quality"])
    assert run(rest)["ranking"] == [1, 2]


def test_fixed_ranges_are_not_warned_of() -> None:
    values = [{"kind": "price_absolute", "ceiling": "150", "floor": "50"}, {"kind": "raw"}]
    assert warned(file_of(REVERSING, [70, 30], values=values, names=["price", "quality"])) == set()


def test_what_a_method_does_not_use_may_stand_there() -> None:
    document = example(method="ahp_weights", matrix=[["1", "3", "5"], ["1/3", "1", "2"], ["0.2", "0.5", "1"]])
    assert len(run(document)["weights"]) == 3


def test_promethee_looks_at_decimal_differences_exactly() -> None:
    """0.8 - 0.6 is 0.2 and no more than q = 0.2, whatever floats say."""
    preferences = [{"kind": "u_shape", "q": "0.2"}]
    document = file_of([["0.8"], ["0.6"]], [1], method="promethee_ii", parameters={"preferences": preferences})
    assert run(document)["scores"] == ["0", "0"]
