"""Robustness: closed forms against brute force, and cases that can be worked out by hand."""

from __future__ import annotations

import os
from decimal import Decimal

import numpy as np
import pytest

from srm_portal.evaluation.domain.methods import Additive, Preference, closeness, compromise, single_flows, stretched
from srm_portal.evaluation.domain.ranking import competition
from srm_portal.evaluation.domain.sensitivity import (
    effective_weights,
    intervals,
    smallest_change,
    tornado,
    withdrawals,
    without_each_evaluator,
)
from srm_portal.evaluation.domain.smaa import acceptability, draw
from srm_portal.evaluation.domain.values import BestWorst, Direction, evaluate

THREE = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]])


def test_two_criteria_by_hand() -> None:
    """C wins between w1 = 0.4 and w1 = 0.6: at 0.6 A has 0.6 too."""
    found = intervals(Additive(THREE), np.array([0.5, 0.5]), 2)
    assert (found[0].low, found[0].high) == pytest.approx((0.4, 0.6))
    assert (found[0].below, found[0].above) == (1, 0)


def test_the_smallest_change_names_who_takes_over() -> None:
    weights = np.array([0.55, 0.45])
    change = smallest_change(intervals(Additive(THREE), weights, 2), weights)
    assert change is not None
    assert (change.criterion, change.new_winner) == (0, 0)
    assert (change.start, change.to) == pytest.approx((0.55, 0.6))


def test_where_one_offer_is_best_on_everything_no_weight_matters() -> None:
    weights = np.array([0.5, 0.5])
    found = intervals(Additive(np.array([[1.0, 1.0], [0.5, 0.2]])), weights, 0)
    assert [(range_.low, range_.high) for range_ in found] == [(0.0, 1.0)] * 2
    assert smallest_change(found, weights) is None


def test_a_criterion_with_all_the_weight_gives_it_to_the_others_evenly() -> None:
    found = intervals(Additive(THREE), np.array([1.0, 0.0]), 0)
    assert (found[0].low, found[0].high) == pytest.approx((0.6, 1.0))


@pytest.mark.parametrize("make", [closeness, compromise])
def test_scanned_intervals_hold_the_winner(make: object) -> None:
    matrix = np.random.default_rng(2).uniform(1, 9, (6, 4))
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    model = make(matrix, ["max", "min", "max", "max"])  # type: ignore[operator]
    winner = int(model.scores(weights[None, :])[0].argmax())
    for j, range_ in enumerate(intervals(model, weights, winner)):
        for share in np.linspace(range_.low, range_.high, 21):
            moved = weights * (1 - share) / (1 - weights[j])
            moved[j] = share
            row = model.scores(moved[None, :])[0]
            assert row[winner] >= row.max() - 1e-9
        assert (range_.above is None) == (range_.high == 1)


def test_smaa_of_two_criteria_is_the_length_of_each_winning_piece() -> None:
    samples = 1_000_000 if os.environ.get("SRM_FULL") else 200_000
    found = acceptability(Additive(THREE), 2, samples=samples, seed=7)
    assert list(found.first) == pytest.approx([0.4, 0.4, 0.2], abs=5e-3)
    assert list(found.central[2]) == pytest.approx([0.5, 0.5], abs=5e-3)
    assert list(found.central[0]) == pytest.approx([0.8, 0.2], abs=5e-3)


def test_smaa_counts_as_ranking_draw_by_draw_does() -> None:
    values = np.random.default_rng(1).random((70, 4))
    found = acceptability(Additive(values), 4, samples=2000, seed=5)
    scores = draw(np.random.default_rng(5), 2000, 4) @ values.T
    ranks = (-scores).argsort(axis=1).argsort(axis=1)
    expected = np.array([np.bincount(ranks[:, i], minlength=70) for i in range(70)]) / 2000
    assert np.abs(found.ranks - expected).max() <= 2e-3


def test_smaa_is_the_same_for_the_same_seed_and_differs_for_another() -> None:
    first, again, other = (acceptability(Additive(THREE), 2, samples=1000, seed=seed).ranks for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_twins_share_their_ranks() -> None:
    found = acceptability(Additive(np.array([[1.0, 0.5], [1.0, 0.5], [0.2, 0.1]])), 2, samples=500, seed=1)
    assert found.ranks.tolist() == [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]


def test_an_order_of_importance_is_respected_by_every_draw() -> None:
    weights = draw(np.random.default_rng(1), 500, 3, order=(2, 0, 1))
    assert (weights[:, 2] >= weights[:, 0]).all()
    assert (weights[:, 0] >= weights[:, 1]).all()
    assert weights.sum(axis=1) == pytest.approx(np.ones(500))


def test_the_loser_whose_withdrawal_changes_the_winner_is_found() -> None:
    scores = {2: np.array([2.0, 1.0]), 0: np.array([3.0, 1.0])}
    found = withdrawals([2, 1, 3], lambda row: scores[row])
    assert [(reversal.withdrawn, reversal.first) for reversal in found] == [(2, (0,))]


def test_a_changed_order_behind_the_winner_is_told_apart() -> None:
    found = withdrawals([1, 2, 3, 4], lambda row: np.array([9.0, 1.0, 2.0]) if row == 3 else np.array([9.0, 2.0, 1.0]))
    assert [(reversal.withdrawn, reversal.order_only) for reversal in found] == [(3, True)]


def test_promethee_by_sorting_equals_comparing_all_pairs() -> None:
    column = np.random.default_rng(3).integers(0, 9, 60).astype(np.float64)
    for direction in ("max", "min"):
        sorted_ = single_flows(column, direction, Preference())
        compared = single_flows(column, direction, Preference("u_shape", q=0.0))
        assert np.allclose(sorted_, compared)


@pytest.mark.parametrize("directions", [["max", "max", "min"], ["min", "min", "max"]])
def test_stretching_marks_by_folding_equals_valuing_them_first(directions: list[Direction]) -> None:
    marks = np.array([[5.0, 7.0, 1.0], [2.0, 7.0, 9.0], [3.0, 7.0, 4.0]])
    weights = np.array([[0.5, 0.2, 0.3], [0.1, 0.1, 0.8]])
    columns = [evaluate(BestWorst(), marks[:, j], direction) for j, direction in enumerate(directions)]
    expected = Additive(np.column_stack(columns)).scores(weights)
    assert np.allclose(stretched(marks, directions).scores(weights), expected)


def test_the_widest_bar_of_the_tornado_comes_first() -> None:
    bars = tornado(Additive(np.array([[1.0, 0.0, 0.5], [0.0, 0.3, 0.5]])), np.array([0.5, 0.3, 0.2]), 0)
    widths = [abs(bar.lead_at_high - bar.lead_at_low) for bar in bars]
    assert widths == sorted(widths, reverse=True)
    assert bars[0].criterion == 0


def test_leaving_out_the_one_evaluator_who_decided_shows() -> None:
    cube = np.array([[[1.0], [0.0]], [[0.4], [0.6]], [[0.45], [0.55]]])
    assert without_each_evaluator(cube, np.array([1.0]), np.ones(3)) == [(1,), (0,), (0,)]
    assert without_each_evaluator(cube[:1], np.array([1.0]), np.ones(1)) == []


def test_evaluators_who_mark_alike_hand_the_decision_to_the_price() -> None:
    values = np.array([[1.0, 0.70], [0.0, 0.75]])
    assert list(effective_weights(values, np.array([0.4, 0.6]))) == pytest.approx([0.4 / 0.43, 0.03 / 0.43])


def test_a_tie_stays_a_tie_when_smaller_is_better() -> None:
    assert competition([Decimal(2), Decimal(1), Decimal(1), None], smaller_is_better=True) == [3, 1, 1, None]
