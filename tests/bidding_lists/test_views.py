"""The pages of steps 2 and 3 and of invitations, as buyers and managers use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from srm_portal.bidding_lists import queries, services
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.bidding_lists import (
    a_bidder,
    a_need_for_castings,
    a_published_event,
    a_shortlist,
    an_event_to_publish,
)
from tests.support.factories.suppliers import CASTINGS, a_contact, a_qualified_supplier, a_supplier
from tests.support.statements import count_statements
from tests.support.world import World

STATEMENTS_MAX = 12


@pytest.fixture
def buyer(world: World) -> FlaskClient:
    return world.client_of(world.buyer)


def _statements(client: FlaskClient, address: str) -> int:
    client.get(address)
    with count_statements() as found:
        assert client.get(address).status_code == 200
    assert len(found) <= STATEMENTS_MAX, str(found)
    return len(found)


def _said(client: FlaskClient, answer: Any) -> str:
    assert answer.status_code in (302, 303)
    return client.get(answer.headers["Location"]).text


def test_a_suggestion_is_added_with_its_reasons_and_dropped_with_one(world: World, buyer: FlaskClient) -> None:
    supplier_id = a_qualified_supplier(world, "Fonderie Alpha", category=CASTINGS)
    project_id = a_need_for_castings(world)
    page = buyer.get(f"/projects/{project_id}/suppliers/find").text
    assert "Fonderie Alpha" in page and "offers exactly this category" in page and "qualified until 1 Mar 2027" in page
    said = _said(buyer, buyer.post(f"/projects/{project_id}/candidates", data={"supplier_id": supplier_id}))
    assert "Added as a candidate" in said and "1 candidate" in said and "offers exactly this category" in said
    drop = f"/projects/{project_id}/candidates/{supplier_id}/drop"
    assert buyer.post(drop, data={"reason": ""}).status_code == 409
    assert "too small" in _said(buyer, buyer.post(drop, data={"reason": "too small"}))


def test_the_registry_is_searched_with_filters_in_the_page(world: World, buyer: FlaskClient) -> None:
    a_supplier(world, "Far Away", city="Nice", place=None, country="IT")
    a_supplier(world, "Near By", city="Lille", categories=(CASTINGS,))
    project_id = a_need_for_castings(world)
    address = f"/projects/{project_id}/suppliers/find"
    assert "Far Away" in buyer.get(f"{address}?country=it").text
    assert "Near By" not in buyer.get(f"{address}?country=IT").text
    assert "Near By" in buyer.get(f"{address}?category={CASTINGS}").text
    assert "Nobody matches" in buyer.get(f"{address}?q=nothing").text
    assert "This place is not known" in buyer.get(f"{address}?near=Atlantis").text
    assert buyer.get(f"{address}?score=x&km=-1&page=0&near=48.85,2.35").status_code == 200


def test_an_unknown_supplier_cannot_be_added(world: World, buyer: FlaskClient) -> None:
    project_id = a_need_for_castings(world)
    assert buyer.post(f"/projects/{project_id}/candidates", data={"supplier_id": "nobody"}).status_code == 404


def test_a_prospect_is_added_in_place_and_a_wrong_form_keeps_what_was_typed(world: World, buyer: FlaskClient) -> None:
    project_id = a_need_for_castings(world)
    data = {"name": "Neu GmbH", "country": "de", "contact_name": "Uwe", "contact_email": "nowhere", "language": "en"}
    wrong = buyer.post(f"/projects/{project_id}/suppliers/new", data=data)
    assert wrong.status_code == 422 and "Neu GmbH" in wrong.text and "is not an e-mail address" in wrong.text
    data["contact_email"] = "uwe@neu.example"
    assert "Neu GmbH" in _said(buyer, buyer.post(f"/projects/{project_id}/suppliers/new", data=data))
    again = buyer.post(f"/projects/{project_id}/suppliers/new", data=data | {"contact_email": "u@neu.example"})
    assert again.status_code == 422 and "accept_duplicates" in again.text


def test_step_two_is_passed_from_its_page(world: World, buyer: FlaskClient) -> None:
    project_id = a_need_for_castings(world)
    a_shortlist(world, project_id, 1)
    assert "On to the bidding list" in buyer.get(f"/projects/{project_id}/suppliers").text
    passed = buyer.post(f"/projects/{project_id}/steps/potential/pass")
    assert passed.headers["Location"].endswith(f"/projects/{project_id}/bidding-list")
    assert "needs at least 3" in buyer.get(passed.headers["Location"]).text


def test_the_list_is_made_with_panel_waiver_and_contacts(world: World, buyer: FlaskClient) -> None:
    project_id = a_need_for_castings(world)
    panel = a_qualified_supplier(world, "Panel SA", category=CASTINGS)
    other = a_supplier(world, "Other SA")
    contact = a_contact(world, panel, "Paul Panel", email="paul@panel.example")
    services.add_candidate(world.buyer, project_id, other, now=world.now)
    base = f"/projects/{project_id}/bidding-list"
    assert "Panel SA" in buyer.get(base).text
    assert "Shortlisted." in _said(buyer, buyer.post(f"{base}/{panel}/shortlist"))
    assert "not on the panel" in _said(buyer, buyer.post(f"{base}/{other}/shortlist"))
    assert "Please fill this in" in _said(buyer, buyer.post(f"{base}/{other}/waiver", data={"reason": ""}))
    said = _said(buyer, buyer.post(f"{base}/{other}/waiver", data={"reason": "sole maker"}))
    assert "waits for a manager" in said
    chosen = {"contact_id": contact, "language": "fr"}
    assert "Français" in _said(buyer, buyer.post(f"{base}/{panel}/contact", data=chosen))
    said = _said(buyer, buyer.post(f"{base}/competition-waiver", data={"reason": "only two exist"}))
    assert "Waiver for lists of at least 2" in said
    assert "still a candidate" in _said(buyer, buyer.post(f"{base}/{panel}/unlist"))


def test_a_manager_decides_a_waiver_and_its_asker_cannot(world: World, buyer: FlaskClient) -> None:
    project_id, other = a_need_for_castings(world), a_supplier(world, "Other SA")
    both = world.person("buyer", "purchasing_manager", limit="1000")
    services.add_candidate(both, project_id, other, now=world.now)
    waiver_id = services.ask_waiver(both, project_id, other, reason="sole maker", now=world.now)
    address, manager = f"/waivers/{waiver_id}", world.client_of(world.manager)
    assert "You prepared this yourself" in world.client_of(both).get(address).text
    refused = world.client_of(both).post(address, data={"decision": "approve"})
    assert refused.status_code == 422 and "You prepared this yourself" in refused.text
    assert buyer.post(address, data={"decision": "approve"}).status_code == 404
    missing = manager.post(address, data={"decision": "refuse", "note": ""})
    assert missing.status_code == 422 and "Please give a reason" in missing.text
    assert "approved" in _said(manager, manager.post(address, data={"decision": "approve", "note": "fine"}))
    assert "sole maker" in buyer.get(address).text


def test_publishing_from_the_page_says_what_is_missing_or_shows_the_invitations(world: World) -> None:
    project_id, event_id, _found = an_event_to_publish(world, days=1)
    world.later(days=2)
    buyer = world.client_of(world.buyer)
    assert "Something is still missing" in _said(buyer, buyer.post(f"/events/{event_id}/publish"))
    _project, ready, _bidders = an_event_to_publish(world)
    said = _said(buyer, buyer.post(f"/events/{ready}/publish"))
    assert "Published" in said and "Bidder 1" in said and "waits to be sent" in said
    world.run_jobs()
    assert "delivered" in buyer.get(f"/events/{ready}/invitations").text
    assert sourcing.project(project_id).stage == "criteria"


def test_the_button_to_publish_says_what_follows(world: World) -> None:
    from flask import render_template

    _project, event_id, _found = an_event_to_publish(world)
    with world.app.test_request_context():
        text = render_template("bidding_lists/_publish.html", event=sourcing.event(event_id), count=3)
    assert f"/events/{event_id}/publish" in text and "3 suppliers are invited by mail" in text


def test_invitations_are_sent_again_withdrawn_and_made_late(world: World, buyer: FlaskClient) -> None:
    project_id, event_id, found = a_published_event(world, accepted=False)
    late, _actor = a_bidder(world, "Late SA")
    page = f"/events/{event_id}/invitations"
    first, second = queries.invited(event_id)[:2]
    assert first.email in buyer.get(f"/invitations/{first.id}/resend").text
    assert "A fresh link" in _said(buyer, buyer.post(f"/invitations/{first.id}/resend", data={"contact_id": ""}))
    assert buyer.post(f"/invitations/{second.id}/withdraw", data={"reason": ""}).status_code == 409
    said = _said(buyer, buyer.post(f"/invitations/{second.id}/withdraw", data={"reason": "conflict"}))
    assert "withdrawn" in said and "conflict" in said
    assert f"{page}/late" in buyer.get(page).text
    page = f"{page}/late"
    assert "Late SA" in buyer.get(page).text
    unsaid = buyer.post(page, data={"supplier_id": late, "reason": ""})
    assert unsaid.status_code == 422 and "Please fill this in" in unsaid.text
    assert "Late SA" in _said(buyer, buyer.post(page, data={"supplier_id": late, "reason": "found today"}))
    frozen = buyer.get(f"/projects/{project_id}/bidding-list").text
    assert "frozen" in frozen and "found today" in frozen
    assert len(found) == 3


def test_candidates_are_asked_for_information_from_the_page(world: World, buyer: FlaskClient) -> None:
    project_id = a_need_for_castings(world)
    assert "Add the candidates first" in buyer.get(f"/projects/{project_id}/suppliers/rfi/new").text
    (supplier_id,) = a_shortlist(world, project_id, 1)
    data = {"title": "Alloys", "questions": "Which?", "deadline_at": "2026-03-10T12:00", "suppliers": [supplier_id]}
    wrong = buyer.post(f"/projects/{project_id}/suppliers/rfi/new", data=data | {"deadline_at": "2026-03-01T12:00"})
    assert wrong.status_code == 422 and "at least five minutes" in wrong.text and "Which?" in wrong.text
    said = _said(buyer, buyer.post(f"/projects/{project_id}/suppliers/rfi/new", data=data))
    assert "Alloys" in said and "0 of 1" in said


@pytest.mark.parametrize("role", ["evaluator", "auditor", "manager", "requester"])
def test_readers_read_and_change_nothing(world: World, role: str) -> None:
    person = getattr(world, role)
    project_id = a_need_for_castings(world)
    supplier_id, _actor = a_bidder(world)
    reader = world.client_of(person)
    seen = 404 if role == "requester" else 200
    assert reader.get(f"/projects/{project_id}/suppliers").status_code == seen
    assert reader.get(f"/projects/{project_id}/bidding-list").status_code == seen
    assert reader.get(f"/projects/{project_id}/suppliers/rfi").status_code == seen
    assert reader.post(f"/projects/{project_id}/candidates", data={"supplier_id": supplier_id}).status_code == 404
    assert reader.post(f"/projects/{project_id}/bidding-list/{supplier_id}/shortlist").status_code == 404
    assert queries.candidates(project_id) == []


def test_pages_of_another_organisation_are_absent(world: World) -> None:
    project_id, event_id, _found = a_published_event(world)
    invitation = queries.invited(event_id)[0]
    both = world.person("buyer", "purchasing_manager", organisation_id=world.other_organisation())
    stranger = world.client_of(both)
    for address in (
        f"/projects/{project_id}/suppliers",
        f"/projects/{project_id}/suppliers/find",
        f"/projects/{project_id}/suppliers/rfi",
        f"/projects/{project_id}/bidding-list",
        f"/events/{event_id}/invitations",
        f"/events/{event_id}/invitations/late",
        f"/invitations/{invitation.id}/resend",
        "/waivers/0123456789abcdef0123",
    ):
        assert stranger.get(address).status_code == 404, address
    assert stranger.post(f"/events/{event_id}/publish").status_code == 404
    assert stranger.post(f"/invitations/{invitation.id}/withdraw", data={"reason": "x"}).status_code == 404


def _asked(world: World, project_id: str, supplier_ids: list[str]) -> None:
    until = world.now + timedelta(days=3)
    services.publish_rfi(
        world.buyer, project_id, title="T", questions="Q", deadline_at=until, supplier_ids=supplier_ids, now=world.now
    )


def test_step_two_needs_as_many_statements_for_many_candidates_as_for_few(world: World, buyer: FlaskClient) -> None:
    project_id = a_need_for_castings(world)
    pages = (
        f"/projects/{project_id}/suppliers",
        f"/projects/{project_id}/suppliers/find",
        f"/projects/{project_id}/suppliers/find?q=b",
        f"/projects/{project_id}/suppliers/rfi/new",
        f"/projects/{project_id}/suppliers/rfi",
        f"/projects/{project_id}/bidding-list",
    )
    for supplier_id in a_shortlist(world, project_id, 2):
        _asked(world, project_id, [supplier_id])
    unknown = a_supplier(world, "B unknown", categories=(CASTINGS,))
    services.add_candidate(world.buyer, project_id, unknown, now=world.now)
    services.ask_waiver(world.buyer, project_id, unknown, reason="x", now=world.now)
    few = [_statements(buyer, page) for page in pages]
    _asked(world, project_id, list(a_shortlist(world, project_id, 12)))
    assert [_statements(buyer, page) for page in pages] == few


def test_invitations_need_as_many_statements_for_many_as_for_few(world: World, buyer: FlaskClient) -> None:
    few = a_published_event(world, suppliers=3, accepted=False)
    many = a_published_event(world, suppliers=12, accepted=False)
    world.run_jobs()
    for address in ("/events/{1}/invitations", "/projects/{0}/bidding-list", "/projects/{0}/suppliers"):
        counts = {_statements(buyer, address.format(*one)) for one in (few, many)}
        assert len(counts) == 1
