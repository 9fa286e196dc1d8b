"""Needs, steps and events as people work with them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from srm_portal.audit.services import verify_streams
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from srm_portal.sourcing import queries, services
from srm_portal.sourcing.domain.need import LineInput
from tests.support.factories.sourcing import a_need, an_approved_need, an_event
from tests.support.world import World


def test_references_count_up_without_gaps(world: World) -> None:
    first, second = a_need(world), a_need(world)
    assert queries.project(first).reference == "P-2026-0001"
    assert queries.project(second).reference == "P-2026-0002"


def test_an_approved_need_begins_step_two(world: World) -> None:
    project = queries.project(an_approved_need(world))
    assert (project.stage, project.need_state) == ("potential", "approved")


def test_an_incomplete_need_is_not_submitted(world: World) -> None:
    project_id = services.create_project(world.buyer, title="Bolts", now=world.now)
    with pytest.raises(Refused, match="step_blocked"):
        services.submit_need(world.buyer, project_id, now=world.now)


def test_nobody_approves_a_need_they_wrote(world: World) -> None:
    both = world.person("buyer", "purchasing_manager", limit="1000000")
    project_id = a_need(world, by=both)
    services.submit_need(both, project_id, now=world.now)
    with pytest.raises(Forbidden, match="own_work"):
        services.approve_need(both, project_id, now=world.now)


def test_a_manager_approves_within_their_limit_only(world: World) -> None:
    small = world.person("purchasing_manager", limit="119999.99")
    project_id = a_need(world)
    services.submit_need(world.buyer, project_id, now=world.now)
    with pytest.raises(Forbidden, match="above_limit"):
        services.approve_need(small, project_id, now=world.now)
    enough = world.person("purchasing_manager", limit="120000")
    services.approve_need(enough, project_id, now=world.now)


def test_a_manager_without_a_limit_approves_nothing(world: World) -> None:
    project_id = a_need(world)
    services.submit_need(world.buyer, project_id, now=world.now)
    with pytest.raises(Forbidden, match="no_authority"):
        services.approve_need(world.person("purchasing_manager"), project_id, now=world.now)


def test_a_returned_need_can_be_changed_and_submitted_again(world: World) -> None:
    project_id = a_need(world)
    services.submit_need(world.buyer, project_id, now=world.now)
    with pytest.raises(Refused, match="need_waits"):
        services.edit_need(world.buyer, project_id, version=None, now=world.now, title="Other")
    services.return_need(world.manager, project_id, reason="say why", now=world.now)
    services.edit_need(world.buyer, project_id, version=None, now=world.now, title="Other")
    services.submit_need(world.buyer, project_id, now=world.now)


def test_a_stale_save_changes_nothing_and_shows_both(world: World) -> None:
    project_id = a_need(world)
    seen = queries.project(project_id).version
    services.edit_need(world.buyer, project_id, version=seen, now=world.now, title="Theirs")
    with pytest.raises(Stale) as caught:
        services.edit_need(world.buyer, project_id, version=seen, now=world.now, title="Yours")
    assert caught.value.differences == {"title": ("Theirs", "Yours")}
    assert queries.project(project_id).title == "Theirs"


def test_wrong_lines_are_all_named_and_none_is_saved(world: World) -> None:
    project_id = a_need(world, lines=2)
    wrong = [LineInput(1, "", Decimal(1), "C62"), LineInput(1, "Bolt", None, "C62")]
    with pytest.raises(Invalid) as caught:
        services.save_lines(world.buyer, project_id, wrong, version=None, now=world.now)
    assert [(p.row, p.field) for p in caught.value.problems] == [(1, "title"), (2, "quantity")]
    assert len(queries.lines(project_id)) == 2


def test_lines_make_the_baseline_and_the_lots(world: World) -> None:
    project_id = a_need(world, lines=4, lots=2)
    assert [lot.number for lot in queries.lots(project_id)] == [1, 2]
    assert queries.project(project_id).baseline == Decimal("8500.00")


def test_another_organisation_does_not_find_the_project(world: World) -> None:
    project_id = a_need(world)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        queries.project_for(stranger, project_id)
    with pytest.raises(NotFound):
        services.edit_need(stranger, project_id, version=None, now=world.now, title="Mine")


def test_a_requester_sees_their_own_needs_only(world: World) -> None:
    theirs, other = a_need(world, by=world.requester), a_need(world)
    rows, total = queries.projects(world.requester)
    assert total == 1 and rows[0].id == theirs
    with pytest.raises(NotFound):
        queries.project_for(world.requester, other)


def test_reopening_the_need_makes_it_a_draft_again(world: World) -> None:
    project_id = an_approved_need(world)
    services.reopen_stage(world.buyer, project_id, "need", reason="wrong quantity", now=world.now)
    view = queries.project(project_id)
    assert (view.stage, view.need_state) == ("need", "draft")
    assert [step.state for step in queries.steps(view)][:2] == ["reopened", "later"]
    assert queries.history(project_id)[0].reason == "wrong quantity"


def test_an_event_that_asks_for_offers_exists_once(world: World) -> None:
    project_id = an_approved_need(world)
    an_event(world, project_id)
    with pytest.raises(Refused, match="event_exists"):
        an_event(world, project_id)
    an_event(world, project_id, kind="rfi")


def test_a_deadline_moves_later_never_earlier(world: World) -> None:
    project_id = an_approved_need(world)
    event_id = an_event(world, project_id, kind="rfi", days=2)
    services.open_event(world.buyer, event_id, now=world.now)
    before = queries.event(event_id).deadline_at
    assert before is not None
    with pytest.raises(Invalid):
        services.extend_deadline(
            world.buyer, event_id, deadline_at=before - timedelta(days=1), reason="hurry", now=world.now
        )
    services.extend_deadline(
        world.buyer, event_id, deadline_at=before + timedelta(days=1), reason="asked by two", now=world.now
    )
    assert queries.event(event_id).deadline_at == before + timedelta(days=1)
    assert queries.amendments(event_id)[0].text == "asked by two"


def test_an_asker_stays_unknown_to_others(world: World) -> None:
    event_id = an_event(world, an_approved_need(world), kind="rfi")
    services.open_event(world.buyer, event_id, now=world.now)
    asker, other = world.supplier_user("a" * 20), world.supplier_user("b" * 20)
    question = services.ask_question(asker, event_id, "Which alloy?", now=world.now)
    assert queries.clarifications(event_id, supplier_id=other.supplier_id) == []
    services.answer_question(world.buyer, question, "AL-7075", to_all=True, now=world.now)
    shown = queries.clarifications(event_id, supplier_id=other.supplier_id)
    assert shown[0].answer == "AL-7075" and shown[0].supplier_id is None


def test_questions_end_with_their_time(world: World) -> None:
    event_id = an_event(world, an_approved_need(world), kind="rfi", days=1)
    services.open_event(world.buyer, event_id, now=world.now)
    world.later(days=1)
    with pytest.raises(Refused, match="questions_closed"):
        services.ask_question(world.supplier_user("a" * 20), event_id, "Too late?", now=world.now)


def test_everything_left_a_trail_that_verifies(world: World) -> None:
    an_event(world, an_approved_need(world))
    count, bad = verify_streams()
    assert count > 8 and bad == []
