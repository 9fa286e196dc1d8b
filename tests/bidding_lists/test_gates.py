"""Rules for suppliers at the bidding list: some warn, some block until a manager waives."""

from __future__ import annotations

import pytest

from srm_portal.bidding_lists import queries, services
from srm_portal.kernel.errors import Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import services as suppliers
from tests.support.factories.bidding_lists import a_bidder, a_need_for_castings
from tests.support.world import World

RULES = {"score": "warn", "score_min": 50, "risk": "block", "certificate": "off", "certificates": [], "plan": "off"}


def a_risky_bidder(world: World) -> str:
    """On the panel, with an open risk of the highest level."""
    supplier_id, _person = a_bidder(world, "Risky")
    suppliers.raise_flag(
        world.buyer, supplier_id, kind="sanctions", level="high", text="On a list", source="Official journal",
        seen_on=world.now.date(), review_on=None, now=world.now,
    )  # fmt: skip
    return supplier_id


def _codes(world: World, project_id: str) -> list[str]:
    project = sourcing.project(project_id)
    return [one.code for one in queries.bidding_list(project, world.now.date()).blockers()]


def test_what_warns_is_shown_and_stops_nobody(world: World) -> None:
    project_id, supplier_id = a_need_for_castings(world), a_risky_bidder(world)
    services.shortlist(world.buyer, project_id, supplier_id, now=world.now)
    row = queries.bidding_list(sourcing.project(project_id), world.now.date()).shortlisted[0]
    assert [(gate.code, gate.blocks) for gate in row.gates] == [("gate_risk", False)]
    assert "list_gate_blocks" not in _codes(world, project_id)
    page = world.client_of(world.buyer).get(f"/projects/{project_id}/bidding-list").text
    assert "An open risk of the highest level (sanctions)." in page


def test_what_blocks_needs_a_waiver_even_on_the_panel(world: World) -> None:
    weights = dict.fromkeys(("quality", "delivery", "cost", "responsiveness", "sustainability"), 1)
    suppliers.set_rules(world.manager, weights=weights, gates=RULES, now=world.now)
    project_id, supplier_id = a_need_for_castings(world), a_risky_bidder(world)
    services.add_candidate(world.buyer, project_id, supplier_id, now=world.now)
    with pytest.raises(Refused) as refusal:
        services.shortlist(world.buyer, project_id, supplier_id, now=world.now)
    assert refusal.value.code == "waiver_needed"
    waiver = services.ask_waiver(world.buyer, project_id, supplier_id, reason="Only source.", now=world.now)
    assert "list_waiver_waiting" in _codes(world, project_id)
    services.decide_waiver(world.manager, waiver, approve=True, note="Checked.", now=world.now)
    assert not {"list_waiver_waiting", "list_gate_blocks"} & set(_codes(world, project_id))


def test_a_risk_raised_after_the_shortlist_blocks_it(world: World) -> None:
    project_id = a_need_for_castings(world)
    supplier_id, _person = a_bidder(world, "Risky")
    services.shortlist(world.buyer, project_id, supplier_id, now=world.now)
    weights = dict.fromkeys(("quality", "delivery", "cost", "responsiveness", "sustainability"), 1)
    suppliers.set_rules(world.manager, weights=weights, gates=RULES, now=world.now)
    suppliers.raise_flag(
        world.buyer, supplier_id, kind="sanctions", level="high", text="On a list", source="Official journal",
        seen_on=world.now.date(), review_on=None, now=world.now,
    )  # fmt: skip
    assert "list_gate_blocks" in _codes(world, project_id)
