"""A whole tender by programs: need, list, criteria, publication, offers, opening, comparison."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.permissions import Actor
from tests.support.factories.sourcing import an_approved_need
from tests.support.factories.suppliers import MACHINE_TOOLS, a_contact, a_qualified_supplier, a_supplier
from tests.support.program import Program
from tests.support.world import World

NEED = {
    "title": "Machined brackets",
    "category": MACHINE_TOOLS,
    "product": "Brackets",
    "market": "Many small machining firms",
    "strategic_aim": "A second source",
    "sector": "Machinery",
    "region": "FR",
    "budget": "120000.50",
    "needed_on": "2026-09-01",
}
CRITERIA = [
    {"name": "Price", "kind": "price", "weight": "60", "worst": "100000", "best": "100"},
    {"name": "Lead time", "kind": "lead_time", "weight": "40", "worst": "60", "best": "5"},
]


def bidders(world: World, count: int) -> dict[str, Actor]:
    """Qualified suppliers with a contact and somebody who may bind them, by id."""
    found = {}
    for number in range(count):
        supplier_id = a_qualified_supplier(world, f"Bidder {number}", category=MACHINE_TOOLS)
        a_contact(world, supplier_id)
        found[supplier_id] = world.supplier_user(supplier_id)
    return found


def done(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 201), answer
    return answer[1]


def a_published_tender(world: World, buyer: Program, suppliers: list[str], lines: int = 2) -> tuple[str, str]:
    """(project id, event id), made through the API alone."""
    manager = Program(world, world.manager)
    rows = [{"title": f"Bracket {at}", "quantity": "100.5", "unit": "C62"} for at in range(lines)]
    project = done(buyer("POST", "/projects", NEED | {"lines": rows}))
    place = f"/projects/{project['id']}"
    done(buyer("POST", f"{place}/submit"))
    assert done(manager("POST", f"{place}/approve"))["step"] == "potential"
    for supplier_id in suppliers:
        done(buyer("POST", f"{place}/candidates", {"supplier": supplier_id}))
        done(buyer("PUT", f"{place}/shortlist/{supplier_id}"))
    done(buyer("POST", f"{place}/steps/potential/pass"))
    done(buyer("POST", f"{place}/steps/bidding_list/pass"))
    done(buyer("PUT", f"{place}/criteria", {"criteria": CRITERIA}))
    deadline = moment_text(world.now + timedelta(days=7))
    event = done(buyer("POST", f"{place}/events", {"kind": "rfq", "deadline": deadline, "validity_days": 60}))
    invited = done(buyer("POST", f"/events/{event['id']}/publication"))["invitations"]
    assert {one["supplier"] for one in invited} == set(suppliers)
    return project["id"], event["id"]


def an_offer(own: dict[str, Any], price: str) -> dict[str, Any]:
    lines = [{"line": line["line"], "unit_price": price, "lead_days": 20} for line in own["draft"]["lines"]]
    return {"lines": lines, "payment_days": 30, "validity_on": "2026-12-31", "delivery": "DAP"}


def test_programs_play_a_tender_from_the_need_to_the_comparison(world: World) -> None:
    people, buyer = bidders(world, 3), Program(world, world.buyer)
    project_id, event_id = a_published_tender(world, buyer, list(people))
    place = f"/events/{event_id}"
    for at, person in enumerate(people.values()):
        supplier = Program(world, person)
        (mine,) = done(supplier("GET", "/invitations"))["invitations"]
        assert (mine["event"], mine["phase"]) == (event_id, "open")
        if at == 2:
            declined = done(supplier("POST", f"{place}/invitation/decline", {"reason": "no capacity"}))
            assert (declined["state"], declined["reason"]) == ("declined", "no capacity")
            continue
        assert done(supplier("POST", f"{place}/invitation/accept"))["state"] == "accepted"
        own = done(supplier("GET", f"{place}/offer"))
        done(supplier("POST", f"{place}/offer/submit", an_offer(own, f"1{at}.25")))
    states = [one["state"] for one in done(buyer("GET", f"{place}/invitations"))["invitations"]]
    assert sorted(states) == ["accepted", "accepted", "declined"]

    assert buyer("POST", f"{place}/opening")[0] == 409
    world.later(days=7)
    assert done(buyer("POST", f"{place}/opening")) == {"opened": 2}
    compared = done(buyer("GET", f"{place}/comparison"))
    assert [one["total"] for one in compared["suppliers"]] == ["2060.25", "2261.25"]
    assert [one["id"] for one in done(buyer("GET", "/projects"))["projects"]] == [project_id]


def test_a_gate_that_is_shut_is_a_coded_conflict(world: World) -> None:
    buyer, manager = Program(world, world.buyer), Program(world, world.manager)
    bare = done(buyer("POST", "/projects", {"title": "Only a title"}))
    status, answer = buyer("POST", f"/projects/{bare['id']}/submit")
    assert (status, answer["code"]) == (409, "step_blocked")
    missing = set(done(buyer("GET", f"/projects/{bare['id']}"))["blockers"]) - {"need_approval"}
    assert len(missing) == int(answer["facts"]["count"]) > 0
    assert manager("POST", f"/projects/{bare['id']}/approve")[0] == 409
    assert buyer("POST", f"/projects/{bare['id']}/approve")[0] == 404, "a buyer approves no need"


def test_a_supplier_off_the_panel_is_not_shortlisted(world: World) -> None:
    buyer, project_id = Program(world, world.buyer), an_approved_need(world, category=MACHINE_TOOLS)
    stranger = a_supplier(world)
    added = done(buyer("POST", f"/projects/{project_id}/candidates", {"supplier": stranger, "note": "met at a fair"}))
    assert [(one["supplier"], one["note"]) for one in added["candidates"]] == [(stranger, "met at a fair")]
    status, answer = buyer("PUT", f"/projects/{project_id}/shortlist/{stranger}")
    assert status == 409
    assert answer["text"]
    dropped = done(buyer("POST", f"/projects/{project_id}/candidates/{stranger}/drop", {"reason": "too small"}))
    assert dropped["candidates"][0]["state"] == "dropped"
    twice = buyer("POST", f"/projects/{project_id}/candidates/{stranger}/drop", {})
    assert twice[1] == {"code": "invalid", "problems": [twice[1]["problems"][0]]}
    assert twice[1]["problems"][0]["field"] == "reason"


def test_criteria_are_amounts_in_texts_and_make_a_hundred(world: World) -> None:
    buyer, project_id = Program(world, world.buyer), an_approved_need(world)
    place = f"/projects/{project_id}/criteria"
    status, answer = buyer("PUT", place, {"criteria": [CRITERIA[0]]})
    assert status == 422
    assert "weights_sum" in {one["code"] for one in answer["problems"]}
    choice = {"name": "Packing", "kind": "choice", "weight": "0.5", "description": "How it is packed"}
    choice |= {"options": [{"label": "crate", "value": "1"}, {"label": "pallet", "value": "0.4"}]}
    rest = CRITERIA[1] | {"weight": "39.5"}
    kept = done(buyer("PUT", place, {"criteria": [CRITERIA[0], rest, choice]}))
    assert kept == done(buyer("GET", place))
    assert [one["weight"] for one in kept["criteria"]] == ["60", "39.5", "0.5"]
    assert kept["criteria"][2]["options"] == choice["options"]
    assert kept["criteria"][2]["description"] == "How it is packed"
