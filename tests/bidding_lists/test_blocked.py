"""A blocked supplier loses the invitations that could still be answered."""

from __future__ import annotations

import pytest

from srm_portal.bidding_lists import queries
from srm_portal.kernel.errors import NotFound
from srm_portal.notifications.queries import notices
from srm_portal.suppliers import services as suppliers
from tests.support.factories.bidding_lists import a_published_event
from tests.support.world import World


def _states(event_id: str) -> dict[str, tuple[str, str]]:
    return {one.supplier_id: (one.state, one.reason) for one in queries.invited(event_id)}


def test_open_invitations_end_with_the_reason_for_staff_alone(world: World) -> None:
    _project_id, event_id, users = a_published_event(world)
    (blocked, actor), *others = users.items()
    suppliers.block_supplier(world.buyer, blocked, reason="Insolvent since Monday", now=world.now)
    assert _states(event_id)[blocked][0] == "accepted"
    world.run_jobs()
    states = _states(event_id)
    assert states[blocked] == ("withdrawn", "Insolvent since Monday")
    assert {states[supplier_id] for supplier_id, _actor in others} == {("accepted", "")}
    with pytest.raises(NotFound):
        queries.invitation_of(actor, event_id)
    told = " ".join(one.text for one in notices(actor)[0])
    assert "has ended" in told
    assert "Insolvent" not in told


def test_invitations_of_a_passed_deadline_stay_as_they_are(world: World) -> None:
    _project_id, event_id, users = a_published_event(world)
    blocked = next(iter(users))
    world.later(days=8)
    suppliers.block_supplier(world.buyer, blocked, reason="Insolvent", now=world.now)
    world.run_jobs()
    assert _states(event_id)[blocked] == ("accepted", "")


def test_a_block_that_was_lifted_before_the_work_ended_nothing(world: World) -> None:
    _project_id, event_id, users = a_published_event(world)
    supplier_id = next(iter(users))
    suppliers.block_supplier(world.buyer, supplier_id, reason="By mistake", now=world.now)
    suppliers.unblock_supplier(world.buyer, supplier_id, reason="It was another company", now=world.now)
    world.run_jobs()
    assert _states(event_id)[supplier_id] == ("accepted", "")
