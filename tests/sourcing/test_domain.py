"""Steps, needs and events: the pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from srm_portal.kernel.errors import Refused
from srm_portal.sourcing.domain import events, need, stages
from srm_portal.sourcing.domain.need import LineInput
from srm_portal.sourcing.domain.stages import Blocker

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_six_steps_follow_each_other_to_the_end() -> None:
    seen, stage = [], "need"
    while stage != stages.FINISHED:
        seen.append(stage)
        stage = stages.check_pass(stage, stage, [])
    assert tuple(seen) == stages.STAGES


def test_a_blocked_step_is_not_passed() -> None:
    with pytest.raises(Refused, match="step_blocked"):
        stages.check_pass("need", "need", [Blocker("need_title")])


def test_only_the_current_step_is_passed() -> None:
    with pytest.raises(Refused, match="not_current_step"):
        stages.check_pass("need", "criteria", [])


def test_reopening_opens_every_step_up_to_today_again() -> None:
    opened = stages.check_reopen("criteria", "potential", "new supplier", event_published=False)
    assert opened == ["potential", "bidding_list", "criteria"]


def test_reopening_needs_a_reason() -> None:
    with pytest.raises(Refused, match="reason_needed"):
        stages.check_reopen("criteria", "potential", "  ", event_published=False)


def test_what_suppliers_rely_on_is_not_reopened_after_publication() -> None:
    with pytest.raises(Refused, match="event_is_published"):
        stages.check_reopen("selection", "criteria", "wrong weight", event_published=True)
    assert stages.check_reopen("contract", "selection", "new offer", event_published=True) == ["selection", "contract"]


def test_a_reopened_step_is_marked_in_the_bar() -> None:
    marks = {mark.stage: mark.state for mark in stages.marks("bidding_list", frozenset({"bidding_list"}))}
    assert marks["potential"] == "done" and marks["bidding_list"] == "reopened" and marks["criteria"] == "later"


def test_every_wrong_cell_is_named_by_row_and_column() -> None:
    lines = [
        LineInput(1, "Bracket", Decimal(1), "C62"),
        LineInput(0, "", Decimal(0), "XXX", target_price=Decimal(-1)),
        LineInput(1, "Bolt", None, "C62"),
    ]
    found = {(p.row, p.field) for p in need.line_problems(lines)}
    assert found == {(2, "title"), (2, "quantity"), (2, "unit"), (2, "target_price"), (2, "lot"), (3, "quantity")}


def test_the_baseline_is_known_only_when_every_line_has_one() -> None:
    one = LineInput(1, "a", Decimal(3), "C62", baseline_price=Decimal("0.10"))
    assert need.baseline_of([one, one]) == Decimal("0.60")
    assert need.baseline_of([one, LineInput(1, "b", Decimal(1), "C62")]) is None
    assert need.baseline_of([]) is None


def test_the_deadline_itself_is_late() -> None:
    assert events.is_late(NOW, NOW)
    assert not events.is_late(NOW, NOW - timedelta(milliseconds=1))


def test_an_event_is_closed_by_comparison_not_by_a_timer() -> None:
    assert events.phase("published", NOW, NOW - timedelta(seconds=1)) == "open"
    assert events.phase("published", NOW, NOW) == "closed"


def test_questions_end_before_the_deadline() -> None:
    table = events.Timetable(NOW + timedelta(days=1), NOW + timedelta(days=2))
    assert [p.code for p in table.problems(NOW)] == ["questions_after_deadline"]
    assert events.Timetable(NOW + timedelta(days=2), NOW + timedelta(days=1)).problems(NOW) == []
