"""Awards and contracts on the pages of those they concern."""

from __future__ import annotations

from decimal import Decimal

import pytest

from srm_portal.audit.services import record
from srm_portal.awards import queries, services
from srm_portal.customers import queries as customers
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import Refused
from srm_portal.negotiations import services as negotiations
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing.store import project_row
from tests.support.factories.customers import a_customer, an_opportunity
from tests.support.factories.sourcing import an_approved_need
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World


@command
def _at_step_six(world: World, project_id: str) -> None:
    """Steps 2 to 5 are other tests' matter."""
    project_row(world.buyer, project_id).stage = "contract"
    record(world.system, "project.step_passed", "project", project_id, now=world.now)


def _proposed(world: World, **need: str) -> tuple[str, str, str]:
    """A proposed award after a talk: (project, supplier, award)."""
    project_id, supplier_id = an_approved_need(world, **need), a_supplier(world, "Foundry")
    _at_step_six(world, project_id)
    lot = sourcing.lots(project_id)[0]
    talk = negotiations.plan(
        world.buyer, project_id, supplier_id, title="Price", held_at=world.now, place="here", now=world.now
    )
    amount = Decimal(900)
    negotiations.add_move(world.buyer, talk, lot_id=lot.id, side="supplier", amount=amount, now=world.now)
    award_id = services.propose_award(
        world.buyer, project_id, {lot.id: supplier_id}, justification="The only one that can make it.",
        standstill_days=10, version=None, now=world.now,
    )  # fmt: skip
    return project_id, supplier_id, award_id


def _approve(world: World, award_id: str) -> None:
    services.approve_award(world.manager, award_id, queries.award_by_id(award_id).sha256, now=world.now)


def test_an_award_is_noted_at_the_customer_it_serves(world: World) -> None:
    opportunity_id = an_opportunity(world)
    asked = customers.opportunity(opportunity_id)
    assert asked is not None
    project_id, _supplier, award_id = _proposed(world, customer_id=asked.customer_id, opportunity_id=opportunity_id)
    assert customers.links(asked.customer_id) == []
    _approve(world, award_id)
    noted = [(one.kind, one.object_id, one.opportunity_id) for one in customers.links(asked.customer_id)]
    assert noted == [("award", project_id, opportunity_id)]


def test_a_refused_approval_notes_nothing(world: World) -> None:
    customer_id = a_customer(world)
    _project, _supplier, award_id = _proposed(world, customer_id=customer_id)
    with pytest.raises(Refused, match="award_changed"):
        services.approve_award(world.manager, award_id, "0" * 64, now=world.now)
    assert customers.links(customer_id) == []


def test_an_award_without_customer_or_for_one_of_another_organisation_is_decided_all_the_same(world: World) -> None:
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    foreign = a_customer(world, by=stranger)
    for need in ({}, {"customer_id": foreign}):
        _project, _supplier, award_id = _proposed(world, **need)
        _approve(world, award_id)
        assert queries.award_by_id(award_id).state == "approved"
    assert customers.links(foreign) == []


def test_the_suppliers_page_shows_what_they_won_once_it_is_decided(world: World) -> None:
    _project, supplier_id, award_id = _proposed(world)
    reference, page = queries.award_by_id(award_id).reference, f"/suppliers/{supplier_id}/business"
    assert reference not in world.client_of(world.buyer).get(page).text
    _approve(world, award_id)
    world.run_jobs()
    shown = world.client_of(world.buyer).get(page).text
    assert reference in shown
    assert "Contracts" in shown
    assert reference not in world.client_of(world.evaluator).get(page).text
    assert world.client_of(world.requester).get(page).status_code == 404


def test_the_customers_page_shows_awards_to_who_may_see_the_project(world: World) -> None:
    customer_id = a_customer(world)
    _project, _supplier, award_id = _proposed(world, customer_id=customer_id)
    _approve(world, award_id)
    reference, page = queries.award_by_id(award_id).reference, f"/customers/{customer_id}/business"
    assert reference in world.client_of(world.buyer).get(page).text
    assert reference not in world.client_of(world.requester).get(page).text
