"""The rules of marks, gates and segments, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from srm_portal.suppliers.domain.gates import Standing, gates
from srm_portal.suppliers.domain.performance import coverage, overall, period_days, quarter_of, weight_problems
from srm_portal.suppliers.domain.scorecard import (
    DeliveryFact,
    Measure,
    in_full,
    in_time,
    marks_of,
    of_deliveries,
    of_surveys,
    ppm_mark,
    wilson,
)
from srm_portal.suppliers.domain.segmentation import FACTORS, Spend, abc, concentration, position

DUE = date(2026, 3, 10)
TODAY = date(2026, 3, 31)


def line(delivered: int | None = 10, ordered: int = 100, received: int = 100, rejected: int = 0) -> DeliveryFact:
    when = date(2026, 3, delivered) if delivered else None
    return DeliveryFact(DUE, when, Decimal(ordered), Decimal(received), Decimal(rejected))


@pytest.mark.parametrize(("delivered", "right"), [(7, False), (8, True), (10, True), (11, False), (None, False)])
def test_on_time_is_two_days_early_to_the_day_itself(delivered, right):
    assert in_time(line(delivered)) is right


@pytest.mark.parametrize(
    ("received", "rejected", "right"), [(95, 0, True), (94, 0, False), (105, 0, True), (106, 0, False), (100, 6, False)]
)
def test_in_full_is_within_five_percent_of_good_parts(received, rejected, right):
    assert in_full(line(received=received, rejected=rejected)) is right


def test_an_open_overdue_line_counts_as_late_and_one_not_yet_due_not_at_all():
    found = {one.code: one for one in of_deliveries([line(), line(None, received=0)], TODAY)}
    assert found["on_time_few"].mark == 50
    assert of_deliveries([line(None, received=0)], date(2026, 3, 1)) == []


def test_nothing_received_says_nothing_about_quality():
    codes = {one.code for one in of_deliveries([line(None, received=0)], TODAY)}
    assert "rejected_ppm" not in codes


def test_rejected_parts_cost_points_on_a_logarithm():
    assert (ppm_mark(0), ppm_mark(50_000), ppm_mark(900_000)) == (100, 0, 0)
    assert ppm_mark(100) > ppm_mark(500) > ppm_mark(5_000) > 0


def test_few_lines_are_told_with_what_they_really_say():
    low, high = wilson(2, 2)
    assert low < 50 and high == 100
    few = [line(), line()]
    assert of_deliveries(few, TODAY)[0].code == "on_time_few"
    assert of_deliveries(few * 3, TODAY)[0].code == "on_time"


def test_colleagues_marks_become_points():
    found = of_surveys([{"quality": 5, "cost": 3}, {"quality": 4}])
    assert [(one.dimension, one.mark) for one in found] == [("quality", 88), ("cost", 50)]


def test_measures_of_one_dimension_are_weighted():
    marks = marks_of([Measure("delivery", 90, 2, "a"), Measure("delivery", 60, 1, "b")])
    assert marks["delivery"] == 80 and marks["quality"] is None


def test_the_overall_mark_goes_by_weights_and_says_how_much_it_covers():
    marks = {"quality": 90, "delivery": 60, "cost": None}
    assert overall(marks) == 75
    assert overall(marks, {"quality": 3, "delivery": 1}) == 83
    assert overall(marks, {"quality": 0, "delivery": 0}) is None
    assert coverage(marks, {"quality": 3, "delivery": 1, "cost": 1, "responsiveness": 0, "sustainability": 0}) == 80


def test_weights_out_of_range_or_all_zero_are_named():
    assert [one.code for one in weight_problems({"quality": 101})] == ["weight_out_of_range"]
    zero = dict.fromkeys(("quality", "delivery", "cost", "responsiveness", "sustainability"), 0)
    assert [one.code for one in weight_problems(zero)] == ["weights_all_zero"]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026", (date(2026, 1, 1), date(2026, 12, 31))),
        ("2026-Q1", (date(2026, 1, 1), date(2026, 3, 31))),
        ("2028-02", (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_a_period_has_its_days(period, days):
    assert period_days(period) == days


def test_a_day_lies_in_its_quarter():
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]


def test_gates_speak_by_the_rules_and_blocking_ones_first():
    standing = Standing(40, ("financial",), ("ISO 9001:2015",), ("Insurance",), ("Scrap",))
    found = gates(standing, {"risk": "block", "certificates": ["ISO 9001", "ISO 14001"]})
    assert [(one.code, one.level) for one in found] == [
        ("gate_risk", "block"), ("gate_score", "warn"), ("gate_certificate", "warn"),
        ("gate_certificate_ended", "warn"), ("gate_plan", "warn"),
    ]  # fmt: skip
    off = dict.fromkeys(("score", "risk", "certificate", "plan"), "off")
    assert gates(standing, off) == []
    assert gates(Standing(), {}) == []


def test_abc_classes_go_by_the_share_before_the_item():
    rows = abc([Spend("b", Decimal(15)), Spend("a", Decimal(80)), Spend("c", Decimal(5)), Spend("d", Decimal(0))])
    assert [(row.key, row.klass) for row in rows] == [("a", "A"), ("b", "B"), ("c", "C"), ("d", "C")]
    assert abc([Spend("only", Decimal(1))])[0].klass == "A"
    assert abc([]) == [] and abc([Spend("a", Decimal(0))]) == []


def test_concentration_of_one_supplier_is_ten_thousand():
    assert concentration([Decimal(7)]) == 10_000
    assert concentration([Decimal(1)] * 4) == 2_500
    assert concentration([]) is None


HIGH, LOW = dict.fromkeys(FACTORS, 5), dict.fromkeys(FACTORS, 1)


def test_a_category_stands_where_its_factors_put_it():
    assert position(HIGH, 1, "A").quadrant == "strategic"
    assert position(LOW, 9, "C").quadrant == "routine"
    risky = LOW | dict.fromkeys(("substitutes", "switching", "scarcity", "logistics"), 5)
    assert position(risky, 1, "C").quadrant == "bottleneck"
    weighty = LOW | {"product": 5, "growth": 5}
    assert position(weighty, 9, "A").quadrant == "leverage"


def test_a_category_with_a_missing_factor_is_not_put_anywhere():
    assert position({"product": 3}, 1, "A") is None


def test_a_category_near_the_middle_stays_where_it_was():
    middle = dict.fromkeys(FACTORS, 3)
    assert position(middle, 3, "B").quadrant == "strategic"
    assert position(middle, 3, "B", "routine").quadrant == "routine"
    assert position(middle, 3, "B", "leverage").quadrant == "leverage"
