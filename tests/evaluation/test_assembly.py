"""From criteria, offers and marks to a ranking: the portal's own path to the scoring file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.assembly import (
    OfferFacts,
    document,
    missing_cells,
)
from srm_portal.evaluation.domain.joint import joint_marks, spreads
from srm_portal.evaluation.domain.sheet import CriterionValue, criterion_problems

D = Decimal
PRICE = CriterionValue("c1", "Price", "price", D(50), worst=D(200), best=D(100))
QUALITY = CriterionValue("c2", "Quality", "points", D(30), minimum=D(2))
ISO = CriterionValue("c3", "ISO 9001", "yes_no", D(10), must=True)
LEAD = CriterionValue("c4", "Lead time", "lead_time", D(10), worst=D(30), best=D(10))
CRITERIA = [PRICE, QUALITY, ISO, LEAD]
A = OfferFacts("s1", "Alpha", D(100), 30, {"c3": "yes"})
B = OfferFacts("s2", "Beta", D(150), 10, {"c3": "yes"})
C = OfferFacts("s3", "Gamma", D(100), 10, {"c3": "no"})
MARKS = {("c2", "s1"): D(5), ("c2", "s2"): D(4), ("c2", "s3"): D(5)}


def test_scores_are_the_published_formula_in_full() -> None:
    result = scoring_file.run(document(CRITERIA, [A, B, C], MARKS))
    assert result["scores"][:2] == ["0.9", "0.69"]
    assert result["ranking"] == [1, 2, None]


def test_a_no_where_yes_is_a_must_knocks_out() -> None:
    result = scoring_file.run(document(CRITERIA, [A, B, C], MARKS))
    assert [(out["alternative"], out["criterion"]) for out in result["knocked_out"]] == [("Gamma", "ISO 9001")]


def test_a_mark_below_the_minimum_knocks_out() -> None:
    result = scoring_file.run(document(CRITERIA, [A, B], MARKS | {("c2", "s1"): D("1.5")}))
    assert result["ranking"] == [None, 1]


def test_a_losers_leaving_changes_nobodys_points() -> None:
    with_all = scoring_file.run(document(CRITERIA, [A, B, C], MARKS))["scores"]
    without = scoring_file.run(document(CRITERIA, [A, C], MARKS))["scores"]
    assert with_all[0] == without[0]


def test_the_same_inputs_give_the_same_document() -> None:
    assert document(CRITERIA, [A, B], MARKS) == document(list(CRITERIA), [A, B], dict(MARKS))


def test_what_is_missing_is_named_not_guessed() -> None:
    marks = {key: value for key, value in MARKS.items() if key != ("c2", "s2")}
    assert missing_cells(CRITERIA, [A, B], marks) == [("Quality", "Beta")]
    assert scoring_file.run(document(CRITERIA, [A, B], marks))["ranking"][0] == 1


def test_the_mean_counts_until_a_consensus_replaces_it() -> None:
    marks = {("c2", "s1", "e1"): D(4), ("c2", "s1", "e2"): D(1), ("c2", "s2", "e1"): D(3)}
    assert joint_marks(marks, {})[("c2", "s1")] == D("2.5000")
    assert joint_marks(marks, {("c2", "s1"): D(3)})[("c2", "s1")] == D(3)
    assert spreads(marks) == {("c2", "s1"): D(3)}


def test_weights_that_make_99_are_named_with_their_sum() -> None:
    found = criterion_problems([replace(PRICE, weight=D(49)), QUALITY, ISO, LEAD])
    assert [(one.code, dict(one.facts)) for one in found] == [("weights_sum", {"total": "99"})]


def test_each_wrong_row_is_named() -> None:
    rows = [
        replace(PRICE, worst=None),
        replace(QUALITY, weight=D(-1)),
        replace(QUALITY, name=""),
        CriterionValue("c9", "Choice", "choice", D(10)),
        replace(LEAD, best=D(30)),
        replace(ISO, kind="magic"),
    ]
    found = {(one.row, one.code) for one in criterion_problems(rows)}
    assert {
        (1, "range_needed"),
        (2, "weight_negative"),
        (3, "required"),
        (4, "options_needed"),
        (5, "range_empty"),
        (6, "unknown_value"),
    } <= found
