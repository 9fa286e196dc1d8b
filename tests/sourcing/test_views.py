"""The pages of step 1, as a buyer and a manager use them."""

from __future__ import annotations

import re

from srm_portal.sourcing import queries
from tests.support.factories.sourcing import a_need, an_approved_need, an_event
from tests.support.world import World

LINE = {
    "lines-0-lot": "1",
    "lines-0-title": "Bracket",
    "lines-0-quantity": "2,400",
    "lines-0-unit": "C62",
    "lines-0-baseline_price": "8.42",
}


def test_a_need_is_written_submitted_and_approved_by_two_people(world: World) -> None:
    buyer, manager = world.client_of(world.buyer), world.client_of(world.manager)
    made = buyer.post("/projects/new", data={"title": "Brackets", "engagement": "purchase"})
    project_id = made.headers["Location"].split("/")[2]
    need = {
        "title": "Brackets",
        "category": "44316000",
        "product": "Brackets",
        "market": "wide",
        "strategic_aim": "cost",
        "sector": "machinery",
        "engagement": "purchase",
        "currency": "eur",
        "budget": "25,000.00",
        "needed_on": "2026-09-01",
    }
    assert buyer.post(f"/projects/{project_id}/need", data=need).status_code == 302
    assert buyer.post(f"/projects/{project_id}/lines", data=LINE).status_code == 302
    assert buyer.post(f"/projects/{project_id}/submit").status_code == 302
    assert "Approve the need" in manager.get(f"/projects/{project_id}").text
    assert manager.post(f"/projects/{project_id}/approve").status_code == 302
    assert "Potential suppliers" in buyer.get(f"/projects/{project_id}").text


def test_a_wrong_amount_keeps_what_was_typed_and_says_what_is_right(world: World) -> None:
    project_id = a_need(world)
    answer = world.client_of(world.buyer).post(
        f"/projects/{project_id}/need",
        data={"title": "T", "currency": "EUR", "engagement": "purchase", "budget": "12e3"},
    )
    assert answer.status_code == 422
    assert "12e3" in answer.text and "is not a number" in answer.text


def test_wrong_cells_are_named_and_the_sheet_keeps_what_was_typed(world: World) -> None:
    project_id = a_need(world)
    data = LINE | {"lines-0-quantity": "many", "lines-1-title": "", "lines-1-quantity": "3"}
    answer = world.client_of(world.buyer).post(f"/projects/{project_id}/lines", data=data)
    assert answer.status_code == 422
    assert "many" in answer.text and "Row 1" in answer.text


def test_a_line_is_added_without_script(world: World) -> None:
    project_id = a_need(world)
    answer = world.client_of(world.buyer).post(f"/projects/{project_id}/lines", data=LINE | {"add": "1"})
    assert answer.status_code == 200
    assert 'name="lines-1-title"' in answer.text


def test_the_list_searches_and_pages(world: World) -> None:
    a_need(world, title="Steel castings")
    a_need(world, title="Brackets")
    text = world.client_of(world.buyer).get("/projects?q=castings").text
    assert "Steel castings" in text and ">Brackets<" not in text


def test_a_foreign_project_and_an_absent_one_look_the_same(world: World) -> None:
    project_id = a_need(world)
    stranger = world.client_of(world.person("buyer", organisation_id=world.other_organisation()))
    foreign, absent = stranger.get(f"/projects/{project_id}"), stranger.get("/projects/0123456789abcdef0123")
    assert foreign.status_code == absent.status_code == 404
    token = re.compile(r'name="csrf-token" content="[^"]*"')
    assert token.sub("", foreign.text) == token.sub("", absent.text)


def test_the_event_page_saves_a_deadline_in_the_persons_zone(world: World) -> None:
    project_id = an_approved_need(world)
    client = world.client_of(world.buyer)
    data = {"kind": "rfq", "title": "Brackets", "deadline_at": "2026-03-30T14:00", "level": "S1", "validity_days": "60"}
    assert client.post(f"/projects/{project_id}/event", data=data).status_code == 302
    event = queries.main_event(project_id)
    assert event is not None and event.deadline_at is not None
    assert event.deadline_at.isoformat() == "2026-03-30T12:00:00+00:00"
    assert "2026-03-30T14:00" in client.get(f"/projects/{project_id}/event").text
    assert client.get(f"/events/{event.id}/questions").status_code == 200


def test_reopening_without_a_reason_is_refused_in_words(world: World) -> None:
    project_id = an_approved_need(world)
    client = world.client_of(world.buyer)
    answer = client.post(f"/projects/{project_id}/steps/need/reopen", data={"reason": ""})
    assert answer.status_code == 409 and "reason" in answer.text
    assert client.post(f"/projects/{project_id}/steps/need/reopen", data={"reason": "typo"}).status_code == 302


def test_an_event_of_step_one_is_not_offered(world: World) -> None:
    project_id = a_need(world)
    answer = world.client_of(world.buyer).post(
        f"/projects/{project_id}/event", data={"kind": "rfq", "title": "x", "level": "S1", "validity_days": "60"}
    )
    assert answer.status_code == 422 and "not approved yet" in answer.text
    an_event(world, an_approved_need(world))
