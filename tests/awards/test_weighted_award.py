"""The weighted objective against every award there is."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from srm_portal.awards.domain.award_file import best, run
from srm_portal.awards.domain.reading import read
from srm_portal.awards.domain.weighted import score
from srm_portal.kernel.errors import InputError
from tests.awards.brute import Opinion, random_document


def points(document: dict, award: tuple, cheapest: Fraction) -> Fraction:
    opinion, goal = Opinion(document), document["objective"]
    cost = opinion.cost(*award)
    price = max(Fraction(0), 2 - cost / cheapest) if cheapest else Fraction(int(cost == 0))
    return Fraction(goal["price_weight"]) * price + Fraction(goal["quality_weight"]) * opinion.quality(*award) / 100


def test_the_award_with_the_most_points_wins_and_equal_points_go_to_the_lower_cost(rounds):
    solved = 0
    for seed in range(rounds // 2):
        document = random_document(seed, rules=seed % 3)
        weights = random.Random(seed).choice([("60", "40"), ("10", "90"), ("0", "1"), ("100", "0"), ("3", "97")])
        document["objective"] = {"kind": "weighted", "price_weight": weights[0], "quality_weight": weights[1]}
        opinion = Opinion(document)
        awards = [a for a in opinion.awards() if all(opinion.keeps(rule, *a) for rule in document["constraints"])]
        status, answer = run(document)
        assert (status == 0) == bool(awards)
        if not awards:
            continue
        cheapest = min(opinion.cost(*award) for award in awards)
        top, cost = min((-points(document, award, cheapest), opinion.cost(*award)) for award in awards)
        assert answer["status"] == "optimal"
        outcome = best(read(document))
        assert score(read(document), outcome.allocation, cheapest).points == -top
        assert outcome.cost == cost
        solved += 1
    assert solved > rounds / 5


def small(**more: object) -> dict:
    return {
        "currency": "EUR",
        "lots": [{"id": "L1", "baseline": "100"}],
        "suppliers": [{"id": "A", "quality": "50"}, {"id": "B", "quality": "90"}, {"id": "C", "quality": "100"}],
        "offers": [
            {"supplier": "A", "lot": "L1", "price": "100"},
            {"supplier": "B", "lot": "L1", "price": "150"},
            {"supplier": "C", "lot": "L1", "price": "900"},
        ],
        **more,
    }


@pytest.mark.parametrize(
    ("price", "quality", "winner"), [("60", "40", "A"), ("30", "70", "B"), ("10", "90", "C"), ("0", "1", "C")]
)
def test_weights_decide_between_cheap_and_good(price, quality, winner):
    # A: p + q/2, B: p/2 + 9q/10, C: q (nine times the cheapest price: no price points, never negative ones)
    goal = {"kind": "weighted", "price_weight": price, "quality_weight": quality}
    _, answer = run(small(objective=goal))
    expected = max("ABC", key=lambda s: points_of(s, Fraction(price), Fraction(quality)))
    assert answer["suppliers"] == [expected] == [winner]


def points_of(supplier: str, price: Fraction, quality: Fraction) -> Fraction:
    return {"A": price + quality / 2, "B": price / 2 + quality * 9 / 10, "C": quality}[supplier]


def test_the_cost_stays_in_money():
    goal = {"kind": "weighted", "price_weight": "30", "quality_weight": "70"}
    _, answer = run(small(objective=goal))
    assert (answer["cost"], answer["savings"]) == ("150", "-50")


def test_where_the_cheapest_award_is_free_only_free_awards_get_price_points():
    document = small(objective={"kind": "weighted", "price_weight": "60", "quality_weight": "40"})
    document["offers"][0]["price"] = "0"
    _, answer = run(document)
    assert answer["suppliers"] == ["A"]
    document["objective"] = {"kind": "weighted", "price_weight": "10", "quality_weight": "90"}
    assert run(document)[1]["suppliers"] == ["C"]


def test_quality_needs_baselines_to_be_weighed_by():
    document = small(objective={"kind": "weighted", "price_weight": "60", "quality_weight": "40"})
    document["lots"] = [{"id": "L1"}]
    with pytest.raises(InputError, match=r"lots\[0\]\.baseline"):
        run(document)
