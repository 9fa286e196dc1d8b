"""Who comes in, and what a wrong request is told."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from srm_portal.identity.services import tokens
from tests.support.factories.sourcing import a_need
from tests.support.factories.suppliers import a_supplier
from tests.support.program import Program
from tests.support.world import World

ABSENT = "0123456789abcdef0123"
WITHOUT_TOKEN = {("GET", "/openapi.json"), ("POST", f"/hooks/{ABSENT}")}
"""The description is for everybody; a message of another system carries its own signature."""


def _api_rules(app: Flask) -> list[tuple[str, str]]:
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            place = rule.rule.removeprefix("/api/v1")
            for name in rule.arguments:
                place = place.replace(f"<{name}>", "potential" if name == "stage" else ABSENT)
            found += [(method, place) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(set(found) - WITHOUT_TOKEN)


def test_without_a_token_every_address_asks_for_one_and_a_cookie_is_none(world: World) -> None:
    nobody, browser = Program(world, None), world.client_of(world.buyer)
    for method, place in _api_rules(world.app):
        assert nobody(method, place, {}) == (401, {"code": "sign_in_needed"}), place
        assert browser.open(f"/api/v1{place}", method=method, json={}).status_code == 401, place


def test_a_wrong_ended_or_revoked_token_opens_nothing(world: World) -> None:
    text = tokens.create_token(world.buyer, "short", days=1, now=world.now)
    program = Program(world, None, text)
    assert program("GET", "/projects")[0] == 200
    assert Program(world, None, text[:-1])("GET", "/projects")[0] == 401
    (row,) = tokens.tokens_of(world.buyer)
    tokens.revoke_token(world.buyer, row.id, now=world.now)
    assert program("GET", "/projects")[0] == 401
    late = Program(world, world.buyer)
    world.later(days=31)
    assert late("GET", "/projects")[0] == 401


def test_foreign_and_absent_are_the_same_404(world: World) -> None:
    project_id, supplier_id = a_need(world), a_supplier(world)
    foreign = world.person("buyer", organisation_id=world.other_organisation())
    own, other = Program(world, world.buyer), Program(world, foreign)
    for place, known in (("/projects/{}", project_id), ("/suppliers/{}", supplier_id)):
        assert own("GET", place.format(known))[0] == 200
        assert other("GET", place.format(known)) == other("GET", place.format(ABSENT)) == (404, {"code": "not_found"})
    for method, place, body in (
        ("POST", f"/projects/{project_id}/submit", None),
        ("PUT", f"/projects/{project_id}/criteria", {"criteria": []}),
        ("POST", f"/projects/{project_id}/candidates", {"supplier": supplier_id}),
        ("GET", f"/projects/{project_id}/candidates", None),
        ("GET", f"/projects/{project_id}/suggestions", None),
        ("POST", f"/suppliers/{supplier_id}/contacts", {"name": "A", "email": "a@example.com"}),
    ):
        assert other(method, place, body) == (404, {"code": "not_found"}), place


def test_every_address_with_an_id_is_404_for_an_absent_one(world: World) -> None:
    people = [world.buyer, world.manager, world.supplier_user(a_supplier(world))]
    programs = [Program(world, person) for person in people]
    for method, place in _api_rules(world.app):
        if ABSENT in place:
            statuses = {program(method, place, {})[0] for program in programs}
            assert statuses <= {404, 422}, (method, place, statuses)


def test_a_role_without_the_permission_sees_an_absent_address(world: World) -> None:
    supplier = Program(world, world.supplier_user(a_supplier(world)))
    for method, place in (("GET", "/projects"), ("GET", "/suppliers"), ("POST", "/suppliers")):
        assert supplier(method, place) == (404, {"code": "not_found"})
    requester = Program(world, world.requester)
    assert requester("POST", "/suppliers", {"name": "X", "country": "FR"})[0] == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "title", "required"),
        ([], "body", "not_an_object"),
        ("text", "body", "not_an_object"),
        ({"title": "x", "is_admin": True}, "is_admin", "unknown_field"),
        ({"title": 5}, "title", "wrong_value"),
        ({"title": "half \ud800"}, "title", "wrong_value"),
        ({"title": "nul \x00"}, "title", "wrong_value"),
        ({"title": "x", "budget": 12.5}, "budget", "wrong_value"),
        ({"title": "x", "budget": "1e3"}, "budget", "wrong_value"),
        ({"title": "x", "budget": "NaN"}, "budget", "wrong_value"),
        ({"title": "x", "budget": "１２"}, "budget", "wrong_value"),
        ({"title": "x", "needed_on": 20260901}, "needed_on", "wrong_value"),
        ({"title": "x", "needed_on": "soon"}, "needed_on", "wrong_value"),
        ({"title": "x", "lines": {}}, "lines", "wrong_value"),
        ({"title": "x", "lines": [{"title": "y"}]}, "lines.quantity", "required"),
        ({"title": "x", "lines": [{"title": "y", "quantity": "1", "price": "2"}]}, "lines.price", "unknown_field"),
    ],
)
def test_a_wrong_body_is_named_by_field_and_nothing_is_kept(world: World, body: Any, field: str, code: str) -> None:
    buyer = Program(world, world.buyer)
    status, answer = buyer("POST", "/projects", body)
    assert status == 422
    assert [(one["field"], one["code"]) for one in answer["problems"]] == [(field, code)]
    assert answer["problems"][0]["text"]
    assert buyer("GET", "/projects")[1]["total"] == 0


def test_a_body_that_is_no_json_is_refused_and_a_wrong_method_is_named(world: World) -> None:
    client = world.app.test_client()
    token = tokens.create_token(world.buyer, "raw", days=1, now=world.now)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = client.post("/api/v1/projects", data=b'{"title": ', headers=headers)
    assert (answer.status_code, answer.json["problems"][0]["code"]) == (422, "not_an_object")  # type: ignore[index]
    assert client.delete("/api/v1/projects", headers=headers).status_code == 405


def test_amounts_come_back_as_texts(world: World) -> None:
    buyer = Program(world, world.buyer)
    body = {"title": "Bolts", "budget": "0012.340000", "lines": [{"title": "M8", "quantity": "0.5"}]}
    _status, made = buyer("POST", "/projects", body)
    assert made["budget"] == "12.34"
    assert buyer("GET", f"/projects/{made['id']}")[1]["lines"][0]["quantity"] == "0.5"
