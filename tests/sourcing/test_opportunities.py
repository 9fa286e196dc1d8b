"""A need begins with what a customer asks for, and the way leads back and forth."""

from __future__ import annotations

from decimal import Decimal

import pytest

from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.sourcing import queries, services
from tests.support.factories.customers import a_customer, an_opportunity
from tests.support.factories.sourcing import a_need
from tests.support.world import World


def test_a_need_takes_over_lines_dates_price_and_margin(world: World) -> None:
    opportunity_id = an_opportunity(world, lines=2, target_margin=Decimal(20), currency="EUR")
    project_id = services.start_need(world.requester, opportunity_id, now=world.now)
    project, asked = queries.project(project_id), customers.opportunity(opportunity_id)
    assert asked is not None
    assert (project.title, project.opportunity_id, project.customer_id) == (asked.title, asked.id, asked.customer_id)
    assert (project.customer_price, project.target_margin) == (Decimal(2000), Decimal(20))
    assert project.needed_on == asked.lines[0].needed_on
    lines = [(one.title, one.quantity, one.needed_on, one.target_price) for one in queries.lines(project_id)]
    assert lines == [(one.title, one.quantity, one.needed_on, None) for one in asked.lines]
    assert [one.object_id for one in customers.links(asked.customer_id)] == [project_id]


def test_an_opportunity_without_lines_gives_its_expected_value(world: World) -> None:
    project_id = services.start_need(world.buyer, an_opportunity(world), now=world.now)
    assert queries.project(project_id).customer_price == Decimal(10_000)
    assert queries.lines(project_id) == []


def test_a_lost_opportunity_starts_nothing(world: World) -> None:
    opportunity_id = an_opportunity(world)
    customer_services.move_opportunity(world.buyer, opportunity_id, "lost", now=world.now, reason="too late")
    with pytest.raises(Refused, match="opportunity_lost"):
        services.start_need(world.buyer, opportunity_id, now=world.now)
    assert queries.projects(world.buyer)[1] == 0


def test_who_may_write_no_needs_starts_none(world: World) -> None:
    opportunity_id = an_opportunity(world)
    with pytest.raises(NotFound):
        services.start_need(world.auditor, opportunity_id, now=world.now)
    page = world.client_of(world.auditor).get(f"/customers/opportunities/{opportunity_id}").text
    assert f"/opportunities/{opportunity_id}/need" not in page
    assert world.client_of(world.auditor).post(f"/opportunities/{opportunity_id}/need").status_code == 404
    assert queries.projects(world.buyer)[1] == 0


def test_another_organisations_opportunity_is_absent(world: World) -> None:
    opportunity_id = an_opportunity(world)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(NotFound):
        services.start_need(stranger, opportunity_id, now=world.now)


def test_the_opportunity_offers_to_start_a_need_and_then_shows_it(world: World) -> None:
    opportunity_id, client = an_opportunity(world, lines=1), world.client_of(world.buyer)
    assert "Start a need" in client.get(f"/customers/opportunities/{opportunity_id}").text
    answer = client.post(f"/opportunities/{opportunity_id}/need")
    project = queries.projects(world.buyer)[0][0]
    assert answer.location.endswith(f"/projects/{project.id}/need")
    assert project.reference in client.get(f"/customers/opportunities/{opportunity_id}").text


def test_a_refusal_is_said_on_the_opportunity(world: World) -> None:
    opportunity_id, client = an_opportunity(world), world.client_of(world.buyer)
    customer_services.move_opportunity(world.buyer, opportunity_id, "lost", now=world.now, reason="too late")
    answer = client.post(f"/opportunities/{opportunity_id}/need", follow_redirects=True)
    assert "This opportunity is lost" in answer.text


def test_the_customers_page_shows_the_needs_that_the_reader_may_see(world: World) -> None:
    customer_id = a_customer(world)
    a_need(world, by=world.requester, title="Own need", customer_id=customer_id)
    other = a_need(world, title="Need of others", customer_id=customer_id)
    customer_services.note_need(
        world.buyer, customer_id=customer_id, project_id=other, reference="P-1", title="Need of others", now=world.now
    )
    page = f"/customers/{customer_id}/business"
    seen = world.client_of(world.requester).get(page).text
    assert "Own need" in seen
    assert "Need of others" not in seen
    everything = world.client_of(world.buyer).get(page).text
    assert "Own need" in everything
    assert "Need of others" in everything
