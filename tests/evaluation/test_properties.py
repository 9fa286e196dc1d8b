"""What must hold for every ranking, tried on offers that hypothesis thinks up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from srm_portal.evaluation.domain.scoring_file import run

from .builders import BEST_WORST, file_of, pairwise_file

LINEAR = {"kind": "linear", "worst": "0", "best": "100"}
METHODS: list[tuple[str, dict[str, Any]]] = [
    ("weighted_sum", LINEAR),
    ("weighted_sum", BEST_WORST),
    ("weighted_sum", {"kind": "linear_max"}),
    ("topsis", BEST_WORST),
    ("vikor", BEST_WORST),
    ("promethee_ii", BEST_WORST),
]
every_method = pytest.mark.parametrize(("method", "value"), METHODS)


@st.composite
def problems(draw: st.DrawFn, least: int = 2) -> tuple[list[list[int]], list[int]]:
    """Rows of whole marks 1..99 on 1..4 criteria, with weights 1..9."""
    count = draw(st.integers(1, 4))
    row = st.lists(st.integers(1, 99), min_size=count, max_size=count)
    rows = draw(st.lists(row, min_size=least, max_size=6))
    return rows, draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))


def ranking(rows: list[list[int]], weights: list[Any], method: str, value: dict[str, Any]) -> list[int]:
    return list(run(file_of(rows, weights, method=method, values=value))["ranking"])


@every_method
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_in_which_offers_are_listed_means_nothing(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]], dice: Any
) -> None:
    rows, weights = problem
    order = list(range(len(rows)))
    dice.shuffle(order)
    before = ranking(rows, weights, method, value)
    after = ranking([rows[i] for i in order], weights, method, value)
    assert after == [before[i] for i in order]


@every_method
@given(problems(), st.integers(2, 1000))
def test_weights_in_another_unit_change_nothing(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]], factor: int
) -> None:
    rows, weights = problem
    assert ranking(rows, [weight * factor for weight in weights], method, value) == ranking(
        rows, weights, method, value
    )


@every_method
@given(problems(), st.data())
def test_improving_an_offer_never_lowers_its_rank(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]], data: st.DataObject
) -> None:
    rows, weights = problem
    i = data.draw(st.integers(0, len(rows) - 1))
    j = data.draw(st.integers(0, len(weights) - 1))
    better = [list(row) for row in rows]
    better[i][j] += data.draw(st.integers(1, 50))
    assert ranking(better, weights, method, value)[i] <= ranking(rows, weights, method, value)[i]


@every_method
@given(problems(), st.data())
def test_an_offer_worse_on_everything_is_never_first(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]], data: st.DataObject
) -> None:
    rows, weights = problem
    model = data.draw(st.sampled_from(rows))
    worse = [mark - data.draw(st.integers(1, 5)) for mark in model]
    assume(min(worse) > 0)
    assert ranking([*rows, worse], weights, method, value)[-1] > 1


@pytest.mark.parametrize(("method", "value"), [pair for pair in METHODS if pair[1] is not LINEAR])
@given(problems(), st.integers(2, 50))
def test_another_unit_of_a_criterion_changes_no_rank(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]], factor: int
) -> None:
    rows, weights = problem
    scaled = [[row[0] * factor, *row[1:]] for row in rows]
    assert ranking(scaled, weights, method, value) == ranking(rows, weights, method, value)


@given(problems(least=3), st.data())
def test_with_fixed_ranges_an_offer_that_leaves_moves_nobody_s_score(
    problem: tuple[list[list[int]], list[int]], data: st.DataObject
) -> None:
    rows, weights = problem
    gone = data.draw(st.integers(0, len(rows) - 1))
    before = run(file_of(rows, weights, values=LINEAR))["scores"]
    after = run(file_of(rows[:gone] + rows[gone + 1 :], weights, values=LINEAR))["scores"]
    assert after == before[:gone] + before[gone + 1 :]


@every_method
@given(problems())
def test_today_s_weight_lies_within_its_interval(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]]
) -> None:
    rows, weights = problem
    found = run(file_of(rows, weights, method=method, values=value, sensitivity={"intervals": True}))
    for weight, (low, high) in zip(found["weights"], found["sensitivity"]["intervals"], strict=True):
        assert 0 <= float(low) <= float(weight) + 1e-11
        assert float(weight) - 1e-11 <= float(high) <= 1


@given(problems())
def test_within_the_interval_the_winner_stays_and_beyond_it_loses(
    problem: tuple[list[list[int]], list[int]],
) -> None:
    rows, weights = problem
    assume(len(weights) > 1)
    document = file_of(rows, weights, values=LINEAR, sensitivity={"intervals": True})
    found = run(document)
    winner = found["ranking"].index(1)
    shares = [float(weight) for weight in found["weights"]]
    for j, (low, high) in enumerate(found["sensitivity"]["intervals"]):
        low, high = float(low), float(high)
        for share, stays in ((low, True), (high, True), (low - 0.001, False), (high + 0.001, False)):
            if 0 <= share <= 1 and shares[j] < 1:
                moved = [share if k == j else w * (1 - share) / (1 - shares[j]) for k, w in enumerate(shares)]
                scores = [sum(w * mark / 100 for w, mark in zip(moved, row, strict=True)) for row in rows]
                assert (scores[winner] >= max(scores) - 1e-9) or not stays
                assert stays or scores[winner] < max(scores)


@every_method
@given(problems())
def test_rank_acceptabilities_add_up_by_offer_and_by_rank(
    method: str, value: dict[str, Any], problem: tuple[list[list[int]], list[int]]
) -> None:
    rows, weights = problem
    smaa = {"smaa": {"samples": 50, "seed": 3}}
    found = run(file_of(rows, weights, method=method, values=value, sensitivity=smaa))["sensitivity"]["smaa"]
    shares = [[float(share) for share in row] for row in found["rank_acceptability"]]
    assert [sum(row) for row in shares] == pytest.approx([1.0] * len(rows))
    assert [sum(column) for column in zip(*shares, strict=True)] == pytest.approx([1.0] * len(rows))
    for share, central in zip(shares, found["central_weights"], strict=True):
        assert (central is None) == (share[0] == 0)
        assert central is None or sum(float(weight) for weight in central) == pytest.approx(1)


@given(st.lists(st.integers(1, 9), min_size=3, max_size=7), st.sampled_from(["eigenvector", "geometric_mean"]))
def test_consistent_comparisons_give_back_the_weights(weights: list[int], derivation: str) -> None:
    count = len(weights)
    upper = " ".join(f"{weights[i]}/{weights[j]}" for i in range(count) for j in range(i + 1, count))
    found = run(pairwise_file(upper, count, derivation=derivation))
    total = sum(weights)
    assert [float(weight) for weight in found["weights"]] == pytest.approx([weight / total for weight in weights])
    assert float(found["details"]["cr"]) < 1e-12
    assert found["details"]["most_inconsistent"] is None
