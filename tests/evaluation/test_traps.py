"""The linter's counterexamples hold: both scoring files are ranked, and they say what the finding says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from srm_portal.evaluation.domain.scoring_file import run
from srm_portal.evaluation.domain.sheet import CriterionValue, criterion_problems
from srm_portal.evaluation.domain.traps import Trap, traps

from .builders import file_of

D = Decimal
WEIGHTS = (D(5), D(30), D(50), D(70), D(90))
PRICE = CriterionValue("p", "Price", "price", D(40), worst=D(200), best=D(100))
NUMBER = CriterionValue("n", "Noise", "number", D(40), worst=D(90), best=D(40))


def ranks(file: Mapping[str, Any]) -> list[int]:
    return list(run(file)["ranking"])


def first(file: Mapping[str, Any]) -> set[str]:
    return {name for name, rank in zip(file["alternatives"], ranks(file), strict=True) if rank == 1}


def trap_of(one: CriterionValue, code: str, **more: Any) -> Trap:
    """The finding `code` about a criterion beside one that is marked by people."""
    rest = CriterionValue("q", "Quality", "points", D(100) - one.weight)
    sheet = [one, rest] if rest.weight else [one]
    assert criterion_problems(sheet) == []
    return next(trap for trap in traps(sheet, **more) if trap.code == code)


def codes(*criteria: CriterionValue, **more: Any) -> list[str]:
    return [trap.code for trap in traps(criteria, **more)]


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("formula", ["price_inverse", "price_linear_from_lowest", "linear_best_worst"])
def test_a_loser_s_leaving_changes_who_wins_by_a_relative_formula(formula: str, weight: Decimal) -> None:
    trap = trap_of(replace(PRICE, formula=formula, weight=weight), "loser_decides")
    assert trap.compared is not None
    gone = trap.published["alternatives"][-1]
    assert gone not in first(trap.published)
    assert trap.compared["alternatives"] == trap.published["alternatives"][:-1]
    assert first(trap.published) != first(trap.compared)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_middle_bid_cannot_win_by_the_inverse_formula_whatever_the_weight(weight: Decimal) -> None:
    trap = trap_of(replace(PRICE, formula="price_inverse", weight=weight), "middle_cannot_win")
    assert trap.compared is not None
    assert first(trap.compared) == {"B"}
    for share in range(101):
        assert "B" not in first(_reweighted(trap.published, share))


def _reweighted(file: Mapping[str, Any], share: int) -> dict[str, Any]:
    one, other = file["criteria"]
    return {**file, "criteria": [one | {"weight": str(share)}, other | {"weight": str(100 - share)}]}


@pytest.mark.parametrize(
    "convex",
    [
        replace(NUMBER, formula="exponential", bend=D("-0.1")),
        replace(NUMBER, formula="piecewise", points=((D(40), D(1)), (D(60), D("0.2")), (D(90), D(0)))),
        replace(PRICE, formula="piecewise", points=((D(100), D(1)), (D(120), D("0.3")), (D(200), D(0)))),
    ],
)
def test_every_hollow_curve_keeps_the_middle_from_winning(convex: CriterionValue) -> None:
    trap = trap_of(convex, "middle_cannot_win")
    assert trap.compared is not None
    assert first(trap.compared) == {"B"}
    assert all("B" not in first(_reweighted(trap.published, share)) for share in range(101))


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("formula", ["price_inverse", "price_linear_from_lowest"])
def test_a_price_of_zero_makes_all_others_alike(formula: str, weight: Decimal) -> None:
    trap = trap_of(replace(PRICE, formula=formula, weight=weight), "breaks_on_zero")
    assert trap.compared is not None
    with_zero, without = ranks(trap.published), ranks(trap.compared)
    assert "zero_price" in {warning["code"] for warning in run(trap.published)["warnings"]}
    assert with_zero[2] < with_zero[1]
    assert without[1] < without[2]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_hundredth_decides_where_two_offers_always_use_the_whole_scale(weight: Decimal) -> None:
    trap = trap_of(replace(PRICE, formula="linear_best_worst", weight=weight), "penny_decides")
    assert trap.compared is not None
    assert (first(trap.published), first(trap.compared)) == ({"A"}, {"B"})


@pytest.mark.parametrize("weight", WEIGHTS)
def test_beyond_twice_the_lowest_price_all_prices_are_alike(weight: Decimal) -> None:
    trap = trap_of(replace(PRICE, formula="price_linear_from_lowest", weight=weight), "clipped_at_twice")
    assert trap.compared is not None
    assert ranks(trap.published)[2] < ranks(trap.published)[1]
    assert ranks(trap.compared)[1] < ranks(trap.compared)[2]


@pytest.mark.parametrize(
    ("ceiling", "floor", "code"),
    [("100", "50", "range_misses_estimate"), ("900", "300", "range_misses_estimate"), ("9000", "1", "range_too_wide")],
)
@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_range_far_from_the_estimate_makes_a_fifth_of_the_price_worth_nothing(
    ceiling: str, floor: str, code: str, weight: Decimal
) -> None:
    trap = trap_of(replace(PRICE, worst=D(ceiling), best=D(floor), weight=weight), code, estimate=Fraction(200))
    assert trap.compared is not None
    assert first(trap.published) == {"B"}
    assert first(trap.compared) == {"A"}


@pytest.mark.parametrize(
    "idle",
    [
        CriterionValue("i", "ISO 9001", "yes_no", D(60), must=True),
        CriterionValue("c", "Incoterm", "choice", D(60), options=(("DAP", D(1)), ("DDP", D(1)))),
        CriterionValue("c", "Origin", "choice", D(60), options=(("EU", D(1)), ("else", D(0))), must=True),
        replace(NUMBER, minimum=D(40), weight=D(60)),
        CriterionValue("m", "Plan", "points", D(60), minimum=D(5)),
    ],
)
def test_a_weight_on_what_cannot_tell_offers_apart_decides_nothing(idle: CriterionValue) -> None:
    trap = trap_of(idle, "without_effect")
    assert trap.compared is not None
    answer = run(trap.published)
    assert answer["details"]["values"][0][0] == answer["details"]["values"][1][0]
    assert {"no_spread"} <= {warning["code"] for warning in answer["warnings"]}
    assert ranks(trap.published) == ranks(trap.compared)


def test_all_the_weight_on_what_cannot_tell_offers_apart_leaves_everybody_first() -> None:
    trap = trap_of(CriterionValue("i", "ISO 9001", "yes_no", D(100), must=True), "without_effect")
    assert trap.compared is None
    assert ranks(trap.published) == [1, 1]


def test_a_curve_that_turns_gives_the_better_mark_fewer_points() -> None:
    points = ((D(40), D("0.5")), (D(60), D(1)), (D(90), D(0)))
    trap = trap_of(replace(NUMBER, formula="piecewise", points=points), "not_monotone")
    assert ranks(trap.published) == [2, 1, 3]


def test_fixed_ranges_around_the_estimate_have_no_trap() -> None:
    quality = CriterionValue("q", "Quality", "points", D(60))
    assert codes(PRICE, quality, estimate=Fraction(150)) == []
    assert codes(NUMBER, quality) == []
    assert codes(CriterionValue("i", "ISO 9001", "yes_no", D(40)), quality) == []


@pytest.mark.parametrize("method", ["topsis", "vikor", "promethee_ii"])
def test_the_second_opinions_can_be_turned_by_a_loser(method: str) -> None:
    """A search over small marks finds, for each method, offers among which a loser's leaving changes the winner."""
    found = next(_turned(method))
    before, after = run(found), run(_shorter(found))
    assert before["ranking"][-1] != 1
    assert before["ranking"].index(1) != after["ranking"].index(1)
    assert "rank_reversal" in {warning["code"] for warning in before["warnings"]}


def _shorter(file: dict[str, Any]) -> dict[str, Any]:
    return {**file, "alternatives": file["alternatives"][:-1], "matrix": file["matrix"][:-1]}


def _turned(method: str) -> Any:
    for a, b, c, d in product(range(1, 8), repeat=4):
        file = file_of([[a, 5], [4, b], [c, d]], [45, 55], method=method, values={"kind": "raw"})
        before, after = run(file)["ranking"], run(_shorter(file))["ranking"]
        lone = before.count(1) == after.count(1) == 1 and before[-1] != 1
        if lone and before.index(1) != after.index(1):
            yield file
