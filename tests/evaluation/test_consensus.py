"""Several evaluators: one score, and who disagrees about what."""

from __future__ import annotations

import numpy as np
import pytest

from srm_portal.evaluation.domain.consensus import (
    agreed,
    ahp_consensus,
    flags,
    group_scores,
    habits,
    kendall_w,
    mean_of_ranks,
    mean_ranks,
)

NAN = np.nan


def cell(*marks: float) -> np.ndarray:
    """A cube of one offer and one criterion."""
    return np.array(marks, dtype=np.float64)[:, None, None]


def test_the_group_score_is_the_weighted_mean_of_the_evaluators() -> None:
    cube = np.array([[[1.0, 0.0], [0.5, 0.5]], [[0.0, 1.0], [1.0, 1.0]]])
    weights = np.array([0.75, 0.25])
    assert list(group_scores(cube, weights)) == pytest.approx([0.5, 0.75])
    assert list(group_scores(cube, weights, np.array([3.0, 1.0]))) == pytest.approx([0.625, 0.625])


@pytest.mark.parametrize(("rule", "expected"), [("mean", 5.0), ("median", 6.0), ("trimmed", pytest.approx(17 / 3))])
def test_rules_differ_in_how_much_one_extreme_evaluator_moves_them(rule: str, expected: float) -> None:
    assert agreed(cell(0, 5, 6, 6, 8), rule).item() == expected  # type: ignore[arg-type]


def test_a_mark_not_given_counts_in_nothing() -> None:
    for rule in ("mean", "median", "trimmed"):
        assert agreed(cell(4, NAN, 6), rule).item() == 5.0  # type: ignore[arg-type]
        assert np.isnan(agreed(cell(NAN, NAN), rule).item())  # type: ignore[arg-type]


def test_voices_weigh_the_mean_of_those_who_marked() -> None:
    assert agreed(cell(2, NAN, 8), "mean", np.array([1.0, 5.0, 2.0])).item() == 6.0


def test_a_wide_range_is_flagged_and_a_narrow_one_is_not() -> None:
    wide = flags(cell(3, 7), scale=10)
    assert [(flag.code, flag.evaluator) for flag in wide] == [("wide_range", -1)]
    assert flags(cell(5, 7), scale=10) == []


def test_a_mark_far_from_the_median_is_flagged_with_its_evaluator() -> None:
    found = [flag for flag in flags(cell(5, 5, 8), scale=10) if flag.evaluator >= 0]
    assert [(flag.code, flag.evaluator, flag.size) for flag in found] == [("far_from_median", 2, 3.0)]


def test_an_outlier_needs_five_marks_to_be_called_so() -> None:
    five = {flag.code for flag in flags(cell(5.0, 5.1, 4.9, 5.05, 6.5), scale=10)}
    four = {flag.code for flag in flags(cell(5.0, 5.1, 4.9, 6.5), scale=10)}
    assert five == {"outlier"}
    assert four == set()


def test_one_evaluator_disagrees_with_nobody() -> None:
    assert flags(cell(5), scale=10) == []


def test_strict_lenient_and_indifferent_evaluators_are_named() -> None:
    cube = np.array([[[2.0], [4.0]], [[5.0], [7.0]], [[9.0], [9.0]], [[NAN], [NAN]]])
    codes = [habit.codes for habit in habits(cube, scale=10)]
    assert codes == [("strict",), (), ("lenient", "no_spread"), ()]


def test_full_agreement_is_one_and_opposite_orders_are_zero() -> None:
    same = kendall_w(np.array([[1.0, 2, 3], [10, 20, 30]]))
    opposite = kendall_w(np.array([[1.0, 2, 3], [3, 2, 1]]))
    assert same is not None and same.w == 1 and same.reading == "strong"
    assert opposite is not None and opposite.w == 0


@pytest.mark.parametrize("marks", [[[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 1.0], [2.0, 2.0]]])
def test_where_there_is_no_order_there_is_no_agreement_to_measure(marks: list[list[float]]) -> None:
    assert kendall_w(np.array(marks)) is None


def test_tied_marks_share_the_mean_of_their_ranks() -> None:
    assert list(mean_ranks(np.array([5.0, 9.0, 5.0, 1.0]))) == [2.5, 1.0, 2.5, 4.0]


def test_mean_of_scores_and_mean_of_ranks_can_disagree() -> None:
    marks = np.array([[10.0, 6, 0], [5, 6, 0], [5, 6, 0]])
    assert marks.mean(axis=0).argmax() == 0
    assert mean_of_ranks(marks).argmin() == 1


def test_the_same_weights_are_full_consensus_and_opposite_ones_none() -> None:
    assert ahp_consensus([[0.5, 0.3, 0.2]] * 3) == pytest.approx(1)
    assert ahp_consensus([[1.0, 0.0], [0.0, 1.0]]) == pytest.approx(0)
