"""Value functions: the formulas, their ends, and the agreement of floats with fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from srm_portal.evaluation.domain import values
from srm_portal.evaluation.domain.figures import as_exact, printed
from srm_portal.evaluation.domain.values import Direction, ValueFunction, evaluate, is_relative

F = Fraction


def exact(function: ValueFunction, marks: list[object], direction: Direction = "max") -> list[Fraction]:
    return list(evaluate(function, as_exact([F(str(mark)) for mark in marks]), direction))


@pytest.mark.parametrize(
    ("function", "marks", "direction", "expected"),
    [
        (values.Linear(F(100), F(50)), [120, 100, 75, 50, 10], "min", [0, 0, "1/2", 1, 1]),
        (values.Linear(F(0), F(10)), [-1, 0, 4, 11], "max", [0, 0, "2/5", 1]),
        (values.Linear(F(5), F(5)), [1, 9], "max", [1, 1]),
        (
            values.Piecewise((F(0), F(10), F(20)), (F(0), F(1), F("0.5"))),
            [-5, 5, 15, 99],
            "max",
            [0, "1/2", "3/4", "1/2"],
        ),
        (values.Raw(), [3, "0.5"], "max", [3, "1/2"]),
        (values.Points(F(5)), [0, 4, 5], "max", [0, "4/5", 1]),
        (values.BestWorst(), [1, 2, 5], "max", [0, "1/4", 1]),
        (values.BestWorst(), [1, 2, 5], "min", [1, "3/4", 0]),
        (values.BestWorst(), [7, 7], "min", [1, 1]),
        (values.OfBest(), [2, 4], "max", ["1/2", 1]),
        (values.OfBest(), [2, 4], "min", [1, "1/2"]),
        (values.OfBest(), [0, 0], "max", [1, 1]),
        (values.OfBest(), [0, 4], "min", [1, 0]),
        (values.PriceInverse(), [80, 100], "min", [1, "4/5"]),
        (values.PriceInverse(), [0, 100], "min", [1, 0]),
        (values.PriceFromLowest(), [80, 100, 160, 200], "min", [1, "3/4", 0, 0]),
        (values.PriceFromLowest(), [0, 5], "min", [1, 0]),
        (values.PriceAbsolute(F(120), F(60)), [130, 120, 90, 60, 1], "min", [0, 0, "1/2", 1, 1]),
        (values.Target(F(0), F(30), F(10)), [0, 5, 10, 20, 30, 40], "max", [0, "1/2", 1, "1/2", 0, 0]),
        (values.Target(F(30), F(0), F(10)), [0, 5, 10, 20, 30, 40], "max", [0, "1/2", 1, "1/2", 0, 0]),
        (values.Target(F(0), F(10), F(10)), [5, 10, 11], "max", ["1/2", 1, 0]),
    ],
)
def test_the_formula(
    function: ValueFunction, marks: list[object], direction: Direction, expected: list[object]
) -> None:
    assert exact(function, marks, direction) == [F(str(value)) for value in expected]


def test_an_exponential_bends_towards_the_first_improvements() -> None:
    """Kirkwood (1997): with rho 1 over a range of 1, half the way is worth (1 - e^-.5) / (1 - e^-1) = 0.6225."""
    found = exact(values.Exponential(F(1), F(0), F(1)), [0, "0.5", 1])
    assert [printed(value) for value in found] == ["0", "0.622459331202", "1"]


def test_an_exponential_that_hardly_bends_is_a_line() -> None:
    assert exact(values.Exponential(F(0), F(0), F(4)), [1]) == [F(1, 4)]


@pytest.mark.parametrize(("rho", "middle"), [(F(100000), 1), (F(-100000), 0)])
def test_an_exponential_may_bend_as_far_as_it_likes(rho: Fraction, middle: int) -> None:
    assert [round(float(value), 9) for value in exact(values.Exponential(rho), [0, 1, 2])] == [0, middle, 1]


def test_an_exponential_with_a_negative_rho_is_the_same_formula() -> None:
    found = exact(values.Exponential(F(-1), F(0), F(1)), ["0.5"])
    assert float(found[0]) == pytest.approx((1 - math.exp(0.5)) / (1 - math.exp(1)))


def test_an_exponential_on_a_cost_starts_from_its_worst_end() -> None:
    rising = exact(values.Exponential(F(2), F(0), F(1)), ["0.25"])
    falling = exact(values.Exponential(F(2), F(1), F(0)), ["0.75"])
    assert rising == falling


def test_relative_formulas_look_at_the_marked_offers_only() -> None:
    marks = as_exact([F(50), F(100), F(200)])
    among = np.array([False, True, True])
    assert list(evaluate(values.PriceInverse(), marks, "min", among)) == [1, 1, F(1, 2)]
    assert list(evaluate(values.BestWorst(), marks, "min", among)) == [1, 1, 0]


FUNCTIONS: list[ValueFunction] = [
    values.Linear(F(90), F(10)),
    values.Piecewise((F(0), F(7), F(50), F(99)), (F(0), F(1, 3), F(2, 3), F(1))),
    values.Raw(),
    values.Points(F(99)),
    values.BestWorst(),
    values.OfBest(),
    values.PriceInverse(),
    values.PriceFromLowest(),
    values.PriceAbsolute(F(90), F(10)),
    values.Exponential(F(1, 20), F(0), F(99)),
    values.Exponential(F(-1, 20)),
    values.Target(F(5), F(95), F(40)),
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: type(function).__name__)
@given(st.lists(st.integers(0, 99), min_size=1, max_size=8), st.sampled_from(["max", "min"]))
def test_floats_agree_with_fractions(function: ValueFunction, marks: list[int], direction: Direction) -> None:
    as_floats = evaluate(function, np.array(marks, dtype=np.float64), direction)
    as_fractions = evaluate(function, as_exact([F(mark) for mark in marks]), direction)
    assert as_floats.dtype == np.float64
    assert list(as_floats) == pytest.approx([float(value) for value in as_fractions], abs=1e-12)


def test_which_functions_let_bidders_move_each_other() -> None:
    relative = {type(function).__name__ for function in FUNCTIONS if is_relative(function)}
    assert relative == {"BestWorst", "OfBest", "PriceInverse", "PriceFromLowest", "Exponential"}
    assert not is_relative(values.Exponential(F(1), F(0), F(1)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F(1, 3), "0.333333333333"),
        (F(200000000000051, 100), "2000000000000"),
        (F(0), "0"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e-20, "0.00000000000000000001"),
        (F(5), "5"),
    ],
)
def test_twelve_significant_digits_are_printed(value: Fraction | float, text: str) -> None:
    assert printed(value) == text
