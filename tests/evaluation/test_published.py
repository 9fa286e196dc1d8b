"""Tables printed in books and papers come out as printed, to the digits that were printed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from srm_portal.evaluation.domain.best_worst import best_worst
from srm_portal.evaluation.domain.consensus import kendall_w
from srm_portal.evaluation.domain.scoring_file import run
from srm_portal.evaluation.domain.weights import rank_order_centroid

from .builders import file_of, pairwise_file, scores


def test_the_factor_rating_of_two_countries() -> None:
    """Heizer & Render, Operations Management, location strategies (Five Flags over Florida): 70.4 and 68.0."""
    rows = [[70, 50, 85, 75, 60], [60, 60, 80, 70, 70]]
    found = run(file_of(rows, ["0.25", "0.05", "0.10", "0.39", "0.21"]))
    assert found["scores"] == ["70.35", "68"]
    assert found["ranking"] == [1, 2]


def test_the_factor_weighting_of_a_supplier() -> None:
    """Heizer & Render, Operations Management, supply chain management (vendor evaluation): 3.9 of 5."""
    weights = ["0.20", "0.15", "0.05", "0.10", "0.05", "0.15", "0.10", "0.20"]
    assert run(file_of([[5, 4, 4, 2, 2, 4, 2, 5]], weights))["scores"] == ["3.9"]


def test_topsis_of_the_fighter_aircraft() -> None:
    """Hwang & Yoon (1981), Multiple Attribute Decision Making, ch. III: 0.643, 0.268, 0.613, 0.312."""
    rows = [
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    ]
    directions = ["max", "max", "max", "min", "max", "max"]
    document = file_of(rows, ["0.2", "0.1", "0.1", "0.1", "0.2", "0.3"], method="topsis", directions=directions)
    assert scores(document) == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=6e-4)
    assert run(document)["ranking"] == [1, 4, 2, 3]


MOUNTAIN = [[1, 3000], [2, 3750], [5, 4500]]


def test_vikor_of_the_mountain_climber() -> None:
    """Opricovic & Tzeng (2004), EJOR 156, illustrative example of risk and altitude: the second is the compromise."""
    found = run(file_of(MOUNTAIN, ["0.5", "0.5"], method="vikor", directions=["min", "max"]))
    assert found["details"]["S"] == ["0.5", "0.375", "0.5"]
    assert found["details"]["R"] == ["0.5", "0.25", "0.5"]
    assert found["scores"] == ["1", "0", "1"]
    assert found["ranking"] == [2, 1, 2]
    assert found["details"]["compromise"] == ["B"]


def test_topsis_of_the_mountain_climber_prefers_the_first() -> None:
    """Opricovic & Tzeng (2004): TOPSIS with vector normalisation disagrees with VIKOR and picks the first."""
    found = run(file_of(MOUNTAIN, ["0.5", "0.5"], method="topsis", directions=["min", "max"]))
    assert found["ranking"] == [1, 2, 3]


def test_promethee_of_the_power_plants() -> None:
    """Brans, Vincke & Mareschal (1986), EJOR 24: leaving flows .220 .396 .247 .329 .455 .300, order 5 2 4 6 3 1."""
    rows = [
        [80, 90, 600, 54, 8, 5],
        [65, 58, 200, 97, 1, 1],
        [83, 60, 400, 72, 4, 7],
        [40, 80, 1000, 75, 7, 10],
        [52, 72, 600, 20, 3, 8],
        [94, 96, 700, 36, 5, 6],
    ]
    preferences = [
        {"kind": "u_shape", "q": "10"},
        {"kind": "v_shape", "p": "30"},
        {"kind": "linear", "q": "50", "p": "500"},
        {"kind": "level", "q": "10", "p": "60"},
        {"kind": "usual"},
        {"kind": "gaussian", "s": "5"},
    ]
    directions = ["min", "max", "min", "min", "min", "max"]
    document = file_of(
        rows, [1] * 6, method="promethee_ii", directions=directions, parameters={"preferences": preferences}
    )
    found = run(document)
    leaving = [float(flow) for flow in found["details"]["phi_plus"]]
    assert leaving == pytest.approx([0.220, 0.396, 0.247, 0.329, 0.455, 0.300], abs=6e-4)
    assert found["ranking"] == [6, 2, 5, 3, 1, 4]


def test_ahp_of_drinks() -> None:
    """Saaty (2008), Int. J. Services Sciences 1(1), consumption of drinks: weights to three digits, CR 0.022."""
    upper = "9 5 2 1 1 1/2  1/3 1/9 1/9 1/9 1/9  1/3 1/4 1/3 1/9  1/2 1 1/3  2 1/2  1/3"
    found = run(pairwise_file(upper, 7))
    assert [float(weight) for weight in found["weights"]] == pytest.approx(
        [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], abs=6e-4
    )
    assert float(found["details"]["cr"]) == pytest.approx(0.0223, abs=5e-5)
    assert found["warnings"] == []


def test_ahp_of_the_wealth_of_nations() -> None:
    """Saaty (1980), The Analytic Hierarchy Process: lambda_max 7.61, CI .10, CR .08."""
    upper = "4 9 6 6 5 5  7 5 5 3 4  1/5 1/5 1/7 1/5  1 1/3 1/3  1/3 1/3  2"
    details = run(pairwise_file(upper, 7))["details"]
    assert [round(float(details[name]), 2) for name in ("lambda_max", "ci", "cr")] == [7.61, 0.1, 0.08]


def test_ahp_of_a_school_is_called_inconsistent() -> None:
    """Saaty (1980), choosing a school: weights .32 .14 .03 .13 .24 .14, consistency far from good."""
    found = run(pairwise_file("4 3 1 3 4  7 3 1/5 1  1/5 1/5 1/6  1 1/3  3", 6))
    assert [round(float(weight), 2) for weight in found["weights"]] == [0.32, 0.14, 0.03, 0.13, 0.24, 0.14]
    assert [warning["code"] for warning in found["warnings"]] == ["inconsistent_pairwise"]


def test_ahp_of_a_leader() -> None:
    """The leader of the widely reprinted AHP example: .547 .127 .270 .056, CR 0.044 with Saaty's random index."""
    found = run(pairwise_file("4 3 7  1/3 3  5", 4))
    assert [float(weight) for weight in found["weights"]] == pytest.approx([0.547, 0.127, 0.270, 0.056], abs=6e-4)
    assert round(float(found["details"]["cr"]), 3) == 0.044


def test_best_worst_of_a_car() -> None:
    """Rezaei (2015), Omega 53, buying a car (quality, price, comfort, safety, style): fully consistent."""
    over, under = ["2", "1", "4", "2", "8"], ["4", "8", "2", "4", "1"]
    criteria = [{"name": name} for name in ("quality", "price", "comfort", "safety", "style")]
    parameters = {"best": 1, "worst": 4, "best_to_others": over, "others_to_worst": under}
    answer = run({"method": "bwm_weights", "criteria": criteria, "parameters": parameters})
    assert [round(float(weight), 4) for weight in answer["weights"]] == [0.2105, 0.4211, 0.1053, 0.2105, 0.0526]
    found = best_worst(1, 4, [Fraction(a) for a in over], [Fraction(a) for a in under])
    assert found.xi == 0
    assert [round(float(weight), 4) for weight in found.weights] == [0.2105, 0.4211, 0.1053, 0.2105, 0.0526]


def test_rank_order_centroid_of_four() -> None:
    """Edwards & Barron (1994), SMARTS and SMARTER: .5208 .2708 .1458 .0625."""
    assert [round(float(weight), 4) for weight in rank_order_centroid(4)] == [0.5208, 0.2708, 0.1458, 0.0625]


def test_kendall_w_of_three_executives() -> None:
    """Siegel (1956), Nonparametric Statistics: three executives rank six applicants, W = .16."""
    ranks = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], dtype=np.float64)
    found = kendall_w(-ranks)
    assert found is not None
    assert found.w == pytest.approx(0.1619, abs=5e-5)
    assert found.reading == "weak"


def test_kendall_w_with_ties() -> None:
    """Siegel (1956): three rankings of ten with ties, W = .828 after correction."""
    ranks = np.array(
        [
            [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
            [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
            [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
        ]
    )
    found = kendall_w(-ranks)
    assert found is not None
    assert found.w == pytest.approx(0.828, abs=5e-4)


def test_quality_and_cost_based_selection() -> None:
    """World Bank consultant guidelines: S = T% St + P% 100 Fm / F, with T 80 and P 20."""
    values = [{"kind": "points", "max": "100"}, {"kind": "price_inverse"}]
    rows = [[90, 120], [80, 100]]
    found = run(file_of(rows, [80, 20], directions=["max", "min"], values=values, names=["technical", "price"]))
    assert found["scores"] == ["0.886666666667", "0.84"]
