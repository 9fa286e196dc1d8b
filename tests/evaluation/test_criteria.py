"""Criterion trees, tie-breaks, weights from words, the linter and the break-even price."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from srm_portal.evaluation.domain import values
from srm_portal.evaluation.domain.break_even import break_even_price
from srm_portal.evaluation.domain.criteria import Criterion, leaves, problems, shares
from srm_portal.evaluation.domain.figures import as_exact
from srm_portal.evaluation.domain.linter import counterexample, independent, lint, lint_offers
from srm_portal.evaluation.domain.ranking import Contender, with_tie_breaks
from srm_portal.evaluation.domain.values import ValueFunction, evaluate
from srm_portal.evaluation.domain.weights import analytic_hierarchy, direct, from_incomplete, joint_judgements

F = Fraction
LINEAR = values.Linear(F(0), F(10))


def leaf(name: str, weight: object, value: ValueFunction | None = LINEAR, direction: str = "max") -> Criterion:
    return Criterion(name, F(str(weight)), direction, value)  # type: ignore[arg-type]


def codes(*tree: Criterion) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems(tree)]


def test_weights_of_a_hundred_may_be_published() -> None:
    assert codes(leaf("price", 60), leaf("quality", 40)) == []


@pytest.mark.parametrize(("second", "code"), [(39, "weights_not_100"), (41, "weights_not_100")])
def test_weights_that_miss_a_hundred_may_not(second: int, code: str) -> None:
    found = problems([leaf("price", 60), leaf("quality", second)])
    assert [problem.code for problem in found] == [code]
    assert dict(found[0].facts) == {"sum": str(60 + second), "missing": str(40 - second)}


def test_other_faults_of_a_tree_are_named_with_their_place() -> None:
    assert codes() == [("criteria", "no_criteria")]
    assert codes(leaf("a", 0), leaf("b", 0)) == [("criteria", "weights_zero")]
    assert codes(leaf("a", -5), leaf("b", 105)) == [("criteria[0].weight", "weight_negative")]
    assert codes(leaf("a", 50), leaf("A ", 50)) == [("criteria[1].name", "name_twice")]
    assert codes(leaf(" ", 100)) == [("criteria[0].name", "name_missing")]
    assert codes(leaf("a", 100, None)) == [("criteria[0].value", "value_missing")]
    assert codes(leaf("a", 100, values.Linear(F(1), F(1)))) == [("criteria[0].value", "range_empty")]
    assert codes(Criterion("a", None, "max", LINEAR), leaf("b", 100)) == [("criteria[0].weight", "weight_missing")]
    group = Criterion("g", F(100), children=(leaf("a", 50), leaf("b", 49)))
    assert codes(group) == [("criteria[0].children", "weights_not_100")]


def test_leaf_weights_are_products_down_the_tree() -> None:
    tree = (leaf("price", 40), Criterion("quality", F(60), children=(leaf("a", 25), leaf("b", 75))))
    assert [criterion.name for criterion in leaves(tree)] == ["price", "a", "b"]
    assert shares(tree) == (F(2, 5), F(3, 20), F(9, 20))
    asleep = (leaf("price", 1), Criterion("quality", F(0), children=(leaf("a", 0), leaf("b", 0))))
    assert shares(asleep) == (1, 0, 0)


def test_direct_points_are_normalised_or_refused() -> None:
    assert direct([F(100), F(50)]) == (F(2, 3), F(1, 3))
    with pytest.raises(ValueError, match="weights_zero"):
        direct([F(0)])
    with pytest.raises(ValueError, match="weight_negative"):
        direct([F(-1), F(2)])


def test_comparisons_left_out_are_filled_by_the_others() -> None:
    full = [[F(1), F(2), F(6)], [F(1, 2), F(1), F(3)], [F(1, 6), F(1, 3), F(1)]]
    holes: list[list[Fraction | None]] = [[F(1), F(2), None], [F(1, 2), F(1), F(3)], [None, F(1, 3), F(1)]]
    assert from_incomplete(holes) == pytest.approx(analytic_hierarchy(full).weights)
    with pytest.raises(ValueError, match="not_connected"):
        from_incomplete([[F(1), None], [None, F(1)]])


def test_judgements_of_a_group_stay_reciprocal() -> None:
    joint = joint_judgements([[[F(1), F(2)], [F(1, 2), F(1)]], [[F(1), F(8)], [F(1, 8), F(1)]]])
    assert joint[0, 1] == pytest.approx(4)
    assert joint[1, 0] == pytest.approx(0.25)


def test_ties_are_broken_by_the_announced_chain_and_the_reason_is_kept() -> None:
    same = Decimal("71.20")
    found = with_tie_breaks(
        [
            Contender(Decimal("71.204"), price=Decimal(100), submitted=2),
            Contender(same, price=Decimal(90), submitted=3),
            Contender(same, price=Decimal(90), submitted=1),
            None,
            Contender(Decimal(80)),
        ]
    )
    assert found == [(4, "price"), (3, "submitted"), (2, "submitted"), (None, None), (1, None)]


def test_offers_equal_on_the_whole_chain_share_a_rank() -> None:
    twin = Contender(Decimal(5), price=Decimal(1))
    assert with_tie_breaks([twin, twin, Contender(Decimal(5), price=None)]) == [
        (1, "level"),
        (1, "level"),
        (3, "price"),
    ]


@pytest.mark.parametrize(
    "function", [values.PriceInverse(), values.PriceFromLowest(), values.BestWorst(), values.OfBest()]
)
@pytest.mark.parametrize("weight", [F(1, 5), F(1, 2), F(4, 5)])
def test_the_linter_shows_offers_that_turn_the_order_round(function: ValueFunction, weight: Fraction) -> None:
    found = counterexample(function, weight, "min")
    assert found is not None

    def first(marks: tuple[Fraction, ...], rest: tuple[Fraction, ...]) -> int:
        worth = evaluate(function, as_exact(list(marks)), "min")
        totals = [weight * value + (1 - weight) * other for value, other in zip(worth, rest, strict=True)]
        assert totals.count(max(totals)) == 1
        return totals.index(max(totals))

    assert first(found.marks, found.rest) == found.first_with != found.withdrawn
    assert found.withdrawn == len(found.marks) - 1
    assert first(found.marks[:-1], found.rest[:-1]) == found.first_without != found.first_with


def test_the_linter_finds_nothing_against_a_published_range() -> None:
    assert counterexample(values.PriceAbsolute(F(2), F(1)), F(1, 2)) is None
    fixed = (leaf("price", 60, values.PriceAbsolute(F(200), F(100)), "min"), leaf("quality", 40))
    assert lint(fixed) == []
    assert independent(fixed)


def test_the_linter_names_each_weak_formula() -> None:
    bent = values.Piecewise((F(0), F(1), F(2)), (F(0), F(1), F(1, 2)))
    tree = (leaf("price", 50, values.PriceInverse(), "min"), leaf("a", 30, values.Raw()), leaf("b", 20, bent))
    assert [(finding.criterion, finding.code) for finding in lint(tree)] == [
        ("price", "relative_price_formula"),
        ("a", "raw_without_scale"),
        ("b", "not_monotone"),
    ]
    assert not independent(tree)


def test_offers_beyond_the_published_range_are_all_clipped() -> None:
    tree = (leaf("price", 50, values.PriceAbsolute(F(100), F(50)), "min"), leaf("quality", 50))
    found = lint_offers(tree, [[F(120), F(5)], [F(130), F(5)]])
    assert [(finding.criterion, finding.code) for finding in found] == [
        ("price", "all_clipped"), ("quality", "all_alike"),
    ]  # fmt: skip


@pytest.mark.parametrize("function", [values.PriceAbsolute(F(200), F(50)), values.PriceInverse(), values.BestWorst()])
def test_at_the_break_even_price_an_offer_wins_and_a_cent_above_it_does_not(function: ValueFunction) -> None:
    tree = (leaf("price", 60, function, "min"), leaf("quality", 40))
    cells = [[F(100), F(8)], [F(120), F(5)], [F(110), F(6)]]
    price = break_even_price(tree, cells, 1, 0)
    assert price is not None and price < 120

    def best(asked: Fraction) -> bool:
        worth = evaluate(function, as_exact([F(100), asked, F(110)]), "min")
        totals = [F(3, 5) * value + F(2, 5) * row[1] / 10 for value, row in zip(worth, cells, strict=True)]  # type: ignore[operator]
        return totals[1] >= max(totals)

    assert best(price)
    assert not best(price + F(1, 100))


def test_an_offer_that_no_price_can_save_has_no_break_even() -> None:
    tree = (leaf("price", 10, values.PriceAbsolute(F(200), F(50)), "min"), leaf("quality", 90))
    assert break_even_price(tree, [[F(100), F(9)], [F(100), F(1)]], 1, 0) is None


def test_the_winner_learns_how_far_the_price_could_rise() -> None:
    tree = (leaf("price", 50, values.PriceAbsolute(F(200), F(100)), "min"), leaf("quality", 50))
    assert break_even_price(tree, [[F(150), F(9)], [F(150), F(5)]], 0, 0) == 190
