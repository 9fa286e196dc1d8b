"""The award file's promises: format, edge cases, explanations, the same bytes on every run."""

from __future__ import annotations

import copy
import json
from fractions import Fraction

import jsonschema
import pytest

from srm_portal.awards.domain.award_file import run
from srm_portal.awards.domain.schema import AWARD
from srm_portal.kernel.errors import InputError
from tests.awards.brute import random_document


def document(**more: object) -> dict:
    """Two lots, three suppliers: A is cheapest for L1, B for L2, C close behind on both."""
    return {
        "currency": "EUR",
        "lots": [{"id": "L1", "baseline": "120"}, {"id": "L2", "baseline": "120"}],
        "suppliers": [
            {"id": "A", "quality": "60", "groups": ["local"]},
            {"id": "B", "quality": "80"},
            {"id": "C", "quality": "70"},
        ],
        "offers": [
            {"supplier": "A", "lot": "L1", "price": "100"},
            {"supplier": "A", "lot": "L2", "price": "130"},
            {"supplier": "B", "lot": "L1", "price": "120"},
            {"supplier": "B", "lot": "L2", "price": "100"},
            {"supplier": "C", "lot": "L1", "price": "105"},
            {"supplier": "C", "lot": "L2", "price": "105"},
        ],
        **more,
    }


def winners(answer: dict) -> dict[str, str]:
    return {won["lot"]: won["supplier"] for won in answer["allocation"]}


def test_the_answer_has_every_field_of_the_format():
    status, answer = run(document())
    assert status == 0
    assert answer == {
        "status": "optimal",
        "cost": "200",
        "bound": "200",
        "gap": "0",
        "allocation": [
            {"lot": "L1", "supplier": "A", "share": "1", "price": "100"},
            {"lot": "L2", "supplier": "B", "share": "1", "price": "100"},
        ],
        "packages": [],
        "suppliers": ["A", "B"],
        "savings": "40",
        "conflict": [],
    }


def test_the_same_document_gives_the_same_bytes():
    for seed in range(20):
        one = random_document(seed, rules=2)
        assert json.dumps(run(one, compare=True)) == json.dumps(run(copy.deepcopy(one), compare=True))


def test_among_equal_awards_the_suppliers_listed_first_win():
    tied = document(constraints=[{"kind": "max_suppliers", "value": 1}])
    for offer in tied["offers"]:
        offer["price"] = "100"
    assert winners(run(tied)[1]) == {"L1": "A", "L2": "A"}
    tied["suppliers"].reverse()
    assert winners(run(tied)[1]) == {"L1": "C", "L2": "C"}


def test_five_thousand_offers_tie_and_the_first_supplier_wins_them_all():
    lots = [{"id": f"L{i}"} for i in range(1000)]
    names = ["A", "B", "C", "D", "E"]
    offers = [{"supplier": s, "lot": lot["id"], "price": "7"} for lot in lots for s in names]
    _, answer = run({"currency": "EUR", "lots": lots, "suppliers": [{"id": s} for s in names], "offers": offers})
    assert answer["cost"] == "7000" and answer["suppliers"] == ["A"]


def test_the_price_of_a_constraint_is_the_cost_with_all_minus_the_cost_without_it():
    rules = [{"kind": "max_suppliers", "value": 1}, {"kind": "exclude", "supplier": "C", "lot": None}]
    _, answer = run(document(constraints=rules), compare=True)
    assert answer["cost"] == "220"
    assert answer["price_of"] == [
        {"constraint": 0, "cost_without": "200", "price": "20"},
        {"constraint": 1, "cost_without": "210", "price": "10"},
    ]


def test_where_there_is_no_award_prices_are_unknown_but_costs_without_are_told():
    rules = [{"kind": "min_suppliers", "value": 3}, {"kind": "max_suppliers", "value": 1}]
    status, answer = run(document(constraints=rules), compare=True)
    assert (status, answer["conflict"]) == (1, [0])
    assert answer["price_of"] == [
        {"constraint": 0, "cost_without": "210", "price": None},
        {"constraint": 1, "cost_without": None, "price": None},
    ]


@pytest.mark.parametrize(
    ("rules", "conflict"),
    [
        ([{"kind": "min_suppliers", "value": 9}], [0]),
        ([{"kind": "min_suppliers_per_lot", "value": 2}], [0]),
        ([{"kind": "max_suppliers", "value": 0}], [0]),
        ([{"kind": "max_share", "value": "0.3"}], [0]),
        ([{"kind": "min_quality", "value": "81"}], [0]),
        (
            [{"kind": "max_suppliers", "value": 3}]
            + [{"kind": "min_share", "supplier": s, "value": "0.4"} for s in "ABC"],
            [1, 2, 3],
        ),
        (
            [
                {"kind": "fix", "lot": "L1", "supplier": "A"},
                {"kind": "fix", "lot": "L1", "supplier": "B"},
                {"kind": "exclude", "supplier": "A"},
            ],
            [0, 1],
        ),
        ([{"kind": "exclude", "supplier": s} for s in "ABC"], [0, 1, 2]),
        ([{"kind": "min_share", "group": "nobody", "value": "0.1"}], [0]),
    ],
)
def test_the_conflict_names_a_smallest_set_of_constraints(rules, conflict):
    status, answer = run(document(constraints=rules))
    assert (status, answer["status"], answer["conflict"]) == (1, "infeasible", conflict)
    assert answer["cost"] is None and "reason" not in answer


def test_a_lot_without_offer_is_named_whatever_the_constraints_say():
    bare = document(constraints=[{"kind": "min_suppliers", "value": 9}])
    bare["lots"] += [{"id": "L3"}, {"id": "L4"}]
    status, answer = run(bare)
    assert (status, answer["conflict"], answer["reason"], answer["lots"]) == (1, [], "uncovered_lot", ["L3", "L4"])


def test_a_lot_too_large_for_every_capacity_is_named():
    tight = document()
    tight["lots"][1]["quantity"] = "10"
    for supplier in tight["suppliers"]:
        supplier["capacity"] = "9"
    status, answer = run(tight)
    assert (status, answer["conflict"], answer["reason"], answer["lots"]) == (1, [], "capacity", ["L2"])
    tight["suppliers"][2]["capacity"] = "10"
    assert winners(run(tight)[1])["L2"] == "C"


def test_capacity_counts_the_use_of_the_offer_and_by_default_the_quantity():
    one = document()
    one["suppliers"][0]["capacity"] = "5"
    one["lots"][0]["quantity"] = "6"
    assert winners(run(one)[1])["L1"] == "C"
    one["offers"][0]["capacity_use"] = "5"
    assert winners(run(one)[1])["L1"] == "A"
    one["suppliers"][0]["capacity"] = "0"
    assert winners(run(one)[1])["L1"] == "C"


@pytest.mark.parametrize(("threshold", "cost"), [("200", "180"), ("200.01", "190")])
def test_a_spend_exactly_at_the_threshold_gets_the_better_tier(threshold, cost):
    tiers = [{"from": "0", "percent": "0"}, {"from": "100", "percent": "5"}, {"from": threshold, "percent": "10"}]
    one = document(discounts=[{"supplier": "A", "kind": "all_units", "tiers": tiers}])
    one["offers"] = [{"supplier": "A", "lot": lot, "price": "100"} for lot in ("L1", "L2")]
    assert run(one)[1]["cost"] == cost


def test_incremental_tiers_discount_only_what_lies_in_the_band():
    tiers = [{"from": "0", "percent": "0"}, {"from": "150", "percent": "10"}]
    one = document(discounts=[{"supplier": "A", "kind": "incremental", "tiers": tiers}])
    one["offers"] = [{"supplier": "A", "lot": lot, "price": "100"} for lot in ("L1", "L2")]
    assert run(one)[1]["cost"] == "195"


def test_switching_costs_are_added_where_the_incumbent_loses_his_lot():
    one = document(switching_cost_rate="0.03")
    one["lots"][0]["incumbent"] = "C"
    one["lots"][1]["incumbent"] = "Former supplier"
    _, answer = run(one)
    assert answer["cost"] == "207.2"
    one["switching_cost_rate"] = "0.05"
    assert run(one)[1]["cost"] == "211" and winners(run(one)[1])["L1"] == "C"


def test_shares_are_of_spend_at_bid_price_before_discounts_fixed_and_switching_costs():
    one = document(
        constraints=[{"kind": "max_share", "supplier": "A", "value": "0.5"}],
        discounts=[{"supplier": "B", "kind": "all_units", "tiers": [{"from": "0", "percent": "50"}]}],
        switching_cost_rate="0.1",
    )
    one["suppliers"][0]["fixed_cost"] = "1"
    one["lots"][0]["incumbent"] = "B"
    one["offers"] = one["offers"][:1] + one["offers"][3:4]
    assert run(one)[1]["cost"] == "163"
    one["constraints"][0]["value"] = "0.499"
    assert run(one)[1]["conflict"] == [0]


def test_a_package_wins_where_it_is_cheaper_and_at_most_one_of_a_group_does():
    packages = [
        {"id": "P1", "supplier": "C", "lots": ["L1"], "price": "60", "xor_group": "x"},
        {"id": "P2", "supplier": "C", "lots": ["L2"], "price": "60", "xor_group": "x"},
    ]
    _, answer = run(document(packages=packages))
    assert (answer["cost"], len(answer["packages"])) == ("160", 1)
    packages[1]["xor_group"] = None
    assert run(document(packages=packages))[1]["packages"] == ["P1", "P2"]
    packages[1]["xor_group"] = "y"
    assert run(document(packages=packages))[1]["cost"] == "120"


def test_packages_that_overlap_need_coverage_at_least():
    lots = [{"id": "L1"}, {"id": "L2"}, {"id": "L3"}]
    packages = [
        {"id": "P1", "supplier": "A", "lots": ["L1", "L2"], "price": "10"},
        {"id": "P2", "supplier": "B", "lots": ["L2", "L3"], "price": "10"},
    ]
    one = document(lots=lots, offers=[], packages=packages)
    assert run(one)[1]["reason"] == "uncovered_lot"
    _, answer = run({**one, "coverage": "at_least"})
    assert (answer["cost"], answer["packages"], answer["suppliers"]) == ("20", ["P1", "P2"], ["A", "B"])


def test_very_large_and_very_small_prices_are_both_exact():
    one = document(constraints=[{"kind": "max_suppliers", "value": 2}])
    one["offers"][0]["price"] = one["offers"][2]["price"] = one["offers"][4]["price"] = "1000000000000"
    one["offers"][3]["price"] = "0.01"
    one["offers"][5]["price"] = "0.02"
    _, answer = run(one)
    assert (answer["cost"], winners(answer)) == ("1000000000000.01", {"L1": "A", "L2": "B"})


def test_free_offers_and_no_lots_at_all_are_awards_too():
    one = document(constraints=[{"kind": "max_share", "value": "0.5"}])
    for offer in one["offers"]:
        offer["price"] = "0"
    assert run(one)[1]["cost"] == "0"
    assert run({"currency": "EUR", "lots": [], "suppliers": [], "offers": []}) == (
        0,
        {
            "status": "optimal", "cost": "0", "bound": "0", "gap": "0", "allocation": [], "packages": [],
            "suppliers": [], "savings": None, "conflict": [],
        },
    )  # fmt: skip


def test_a_second_without_proof_is_told_as_such():
    big = random_document(3, rules=0, lots=1)
    lots = [{"id": f"L{i}", "baseline": "100"} for i in range(150)]
    names = [f"S{i}" for i in range(30)]
    big |= {
        "lots": lots, "packages": [], "constraints": [{"kind": "max_suppliers", "value": 7}], "coverage": "exactly",
        "suppliers": [{"id": s, "fixed_cost": "90"} for s in names],
        "offers": [
            {"supplier": s, "lot": lot["id"], "price": str(100 + (i * 7919 + k * 104729) % 97)}
            for i, lot in enumerate(lots)
            for k, s in enumerate(names)
        ],
        "discounts": [
            {"supplier": s, "kind": "all_units", "tiers": [{"from": str(1500 + 37 * k), "percent": "7"}]}
            for k, s in enumerate(names)
        ],
        "limits": {"seconds": 1},
    }  # fmt: skip
    status, answer = run(big)
    assert answer["status"] in ("feasible", "unknown") and (status == 0) == (answer["status"] == "feasible")
    if status == 0:
        assert Fraction(answer["bound"]) <= Fraction(answer["cost"]) and 0 < Fraction(answer["gap"]) <= 1


def broken(path: str, value: object) -> dict:
    """The document with one value replaced (or added); `path` like "offers.0.price"."""
    one = document(
        packages=[{"id": "P1", "supplier": "A", "lots": ["L1"], "price": "90"}],
        constraints=[{"kind": "max_share", "value": "0.9"}],
        discounts=[{"supplier": "A", "kind": "all_units", "tiers": [{"from": "0", "percent": "1"}]}],
        split={"share_min": "0.2", "share_max": "0.8"},
        limits={"seconds": 30, "gap": "0"},
        objective={"kind": "cost"},
    )
    place: object = one
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]  # type: ignore[index]
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [value]
    else:
        place[last] = value  # type: ignore[index]
    return one


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("currency", "euro", "currency"),
        ("colour", "red", "colour"),
        ("lots", {}, "lots"),
        ("lots.1.id", "L1", "lots[1].id"),
        ("lots.0.quantity", "-1", "lots[0].quantity"),
        ("lots.0.baseline", 1.5, "lots[0].baseline"),
        ("suppliers.0.capacity", "many", "suppliers[0].capacity"),
        ("suppliers.0.groups", "local", "suppliers[0].groups"),
        ("suppliers.2.id", "", "suppliers[2].id"),
        ("offers.0.price", "NaN", "offers[0].price"),
        ("offers.0.price", "1e3", "offers[0].price"),
        ("offers.0.price", float("inf"), "offers[0].price"),
        ("offers.0.price", True, "offers[0].price"),
        ("offers.0.supplier", "Z", "offers[0].supplier"),
        ("offers.0.lot", "L9", "offers[0].lot"),
        ("offers.1.lot", "L1", "offers[1]"),
        ("offers.0.currency", "USD", "offers[0].currency"),
        ("packages.0.lots", [], "packages[0].lots"),
        ("packages.0.lots", ["L1", "L1"], "packages[0].lots"),
        ("packages.0.lots", ["L7"], "packages[0].lots[0]"),
        ("award", "shared", "award"),
        ("coverage", "most", "coverage"),
        ("switching_cost_rate", "-0.1", "switching_cost_rate"),
        ("constraints.0.kind", "max_spend", "constraints[0].kind"),
        ("constraints.0.value", "1.2", "constraints[0].value"),
        ("constraints.0.lot", "L1", "constraints[0].lot"),
        ("constraints.0", {"kind": "max_suppliers", "value": "four"}, "constraints[0].value"),
        ("constraints.0", {"kind": "max_suppliers", "value": 1.5}, "constraints[0].value"),
        ("constraints.0", {"kind": "max_suppliers"}, "constraints[0].value"),
        ("constraints.0", {"kind": "min_share", "value": "0.1"}, "constraints[0].supplier"),
        (
            "constraints.0",
            {"kind": "min_share", "value": "0.1", "supplier": "A", "group": "local"},
            "constraints[0].group",
        ),
        ("constraints.0", {"kind": "fix", "lot": "L1", "supplier": "Z"}, "constraints[0].supplier"),
        ("constraints.0", {"kind": "fix", "lot": None, "supplier": "A"}, "constraints[0].lot"),
        ("constraints.0", {"kind": "exclude", "supplier": None}, "constraints[0].supplier"),
        ("discounts.0.kind", "rebate", "discounts[0].kind"),
        ("discounts.0.tiers.0.percent", "101", "discounts[0].tiers[0].percent"),
        ("discounts.0.tiers.1", {"from": "0", "percent": "2"}, "discounts[0].tiers[1].from"),
        ("objective.kind", "best", "objective.kind"),
        ("objective.price_weight", "60", "objective.price_weight"),
        ("objective", {"kind": "weighted", "price_weight": "60"}, "objective.quality_weight"),
        ("limits.seconds", 0, "limits.seconds"),
        ("limits.gap", "2", "limits.gap"),
    ],
)
def test_a_wrong_field_is_named(path, value, field):
    with pytest.raises(InputError) as refused:
        run(broken(path, value))
    assert refused.value.field == field and refused.value.remedy


@pytest.mark.parametrize("wrong", [None, [], "award", 7])
def test_a_document_that_is_no_object_is_refused(wrong):
    with pytest.raises(InputError, match="document"):
        run(wrong)


def test_wrong_split_limits_are_refused_where_the_award_is_split():
    with pytest.raises(InputError, match=r"split\.share_max"):
        run(document(award="split", split={"share_min": "0.9", "share_max": "0.8"}))


def test_the_schema_accepts_what_the_reader_accepts():
    jsonschema.Draft202012Validator.check_schema(AWARD)
    validator = jsonschema.Draft202012Validator(AWARD)
    for seed in range(30):
        validator.validate(random_document(seed, rules=4))
    validator.validate(broken("award", "split"))
    assert not validator.is_valid(broken("colour", "red"))
    assert not validator.is_valid(broken("constraints.0", {"kind": "max_suppliers", "value": "four"}))
