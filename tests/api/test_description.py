"""The interface keeps to its own description: every operation is tried with values made from it."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from srm_portal.contracts import services as contracts
from srm_portal.customers import services as customers
from srm_portal.customers.services import ContractRow, QuoteRow
from srm_portal.identity.services import tokens
from srm_portal.kernel.permissions import PERMISSIONS, SCOPES
from srm_portal.web import openapi
from tests.support.factories.contracts import a_contract_by_hand
from tests.support.factories.customers import a_customer, an_opportunity, an_order
from tests.support.factories.sourcing import a_need
from tests.support.factories.suppliers import a_supplier
from tests.support.program import Program
from tests.support.world import World

EXAMPLES = 25 if os.environ.get("SRM_FULL") else 2
KEPT = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


def known_ids(world: World) -> dict[str, str]:
    """Something real for every place in an address, so that the calls get past the door."""
    customer = a_customer(world, "Known")
    contact = customers.add_contact(world.buyer, customer, name="Ann", email="ann@example.com", now=world.now)
    talk = customers.log_interaction(world.buyer, customer, kind="complaint", subject="Late", now=world.now)
    task = customers.add_task(world.buyer, customer, title="Call", now=world.now)
    an_order(world, customer, 100, number="SO-KNOWN")
    supplier = a_supplier(world)
    contract = a_contract_by_hand(world, supplier)
    contracts.submit_for_approval(world.buyer, contract, now=world.now)
    today = world.now.date()
    customers.record_quotes(world.buyer, [QuoteRow(customer, "Q-1", today, Decimal(1), "EUR")], now=world.now)
    customers.record_contracts(world.buyer, [ContractRow(customer, "K-1", "Frame", today, "EUR")], now=world.now)
    customers.record_satisfaction(world.buyer, customer, score=9, said_on=today, now=world.now)
    return {
        "customer_id": customer,
        "contact_id": contact,
        "interaction_id": talk,
        "task_id": task,
        "opportunity_id": an_opportunity(world, customer, lines=2),
        "number": "SO-KNOWN",
        "project_id": a_need(world),
        "supplier_id": supplier,
        "contract_id": contract,
        "stage": "need",
    }


def test_every_address_is_described_and_the_description_is_open(world: World) -> None:
    assert [one for one in openapi.undescribed(world.app) if not one.endswith(".hook")] == []
    answer = world.app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json["openapi"]) == (200, "3.1.0")  # type: ignore[index]
    paths = answer.json["paths"]  # type: ignore[index]
    ids = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert len(ids) == len(set(ids)) > 60


def test_the_interface_answers_as_described(world: World) -> None:
    """No server error, no status, type or member that the description does not name, for whatever fits it or not."""
    known = known_ids(world)
    document = openapi.document(world.app)
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path" and parameter["name"] in known:
                    parameter["schema"] = {"enum": [known[parameter["name"]], "absent"]}
    buyer, manager = (
        tokens.create_token(person, "fuzz", days=1, now=world.now) for person in (world.buyer, world.manager)
    )
    schema = schemathesis.openapi.from_dict(document)
    schema.app = world.app
    checks = [CHECKS.get_one(name) for name in KEPT]
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def try_it(case: schemathesis.Case) -> None:
            text = manager if case.operation.path.endswith("/approve") else buyer
            case.call_and_validate(headers={"Authorization": f"Bearer {text}"}, checks=checks)

        given(case=operation.as_strategy())(try_it)()
        tried += 1
    assert tried > 60


def test_an_etag_saves_an_answer_and_guards_a_change(world: World) -> None:
    client, customer = world.app.test_client(), a_customer(world, "Acme")
    token = tokens.create_token(world.buyer, "crm", days=1, now=world.now)
    headers, place = {"Authorization": f"Bearer {token}"}, f"/api/v1/customers/{customer}"
    first = client.get(place, headers=headers)
    tag = first.headers["ETag"]
    again = client.get(place, headers=headers | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    changed = client.patch(place, json={"city": "Lyon"}, headers=headers | {"If-Match": tag})
    assert (changed.status_code, changed.json["city"], changed.json["name"]) == (200, "Lyon", "Acme")  # type: ignore[index]
    late = client.patch(place, json={"city": "Nice"}, headers=headers | {"If-Match": tag})
    assert (late.status_code, late.json["code"]) == (412, "changed_meanwhile")  # type: ignore[index]
    assert client.get(place, headers=headers | {"If-None-Match": tag}).json["city"] == "Lyon"  # type: ignore[index]


def test_a_call_sent_twice_with_one_key_is_done_once(world: World) -> None:
    buyer = Program(world, world.buyer)
    body, key = {"name": "Acme", "country": "FR"}, {"Idempotency-Key": "k-1"}
    first = buyer("POST", "/customers", body, **_with(buyer, key))
    assert buyer("POST", "/customers", body, **_with(buyer, key)) == first
    assert buyer("GET", "/customers")[1]["total"] == 1
    status, answer = buyer("POST", "/customers", body | {"city": "Lyon"}, **_with(buyer, key))
    assert (status, answer["code"]) == (409, "idempotency_key_used")
    other = Program(world, world.requester)
    assert other("POST", "/customers", {"name": "Bolt", "country": "FR"}, **_with(other, key))[0] == 201


def test_a_refused_call_leaves_its_key_free(world: World) -> None:
    buyer, key = Program(world, world.buyer), {"Idempotency-Key": "k-1"}
    assert buyer("POST", "/customers", {"name": "Acme"}, **_with(buyer, key))[0] == 422
    assert buyer("POST", "/customers", {"name": "Acme", "country": "FR"}, **_with(buyer, key))[0] == 201
    status, answer = buyer("POST", "/customers", {}, **_with(buyer, {"Idempotency-Key": "x" * 201}))
    assert (status, answer["problems"][0]["code"]) == (422, "idempotency_key_wrong")


def _with(program: Program, headers: dict[str, str]) -> dict[str, Any]:
    return {"headers": program.headers | headers}


def test_a_token_opens_what_its_scopes_and_its_owner_both_open(world: World) -> None:
    def program(*scopes: str) -> Program:
        text = tokens.create_token(world.buyer, "crm", days=1, now=world.now, scopes=scopes)
        return Program(world, None, text)

    body = {"name": "Acme", "country": "FR"}
    reader, crm = program("read"), program("customers")
    assert crm("POST", "/customers", body)[0] == 201
    assert (reader("GET", "/customers")[0], reader("POST", "/customers", body)[0]) == (200, 404)
    assert (crm("GET", "/suppliers")[0], reader("GET", "/suppliers")[0]) == (404, 200)
    narrow = tokens.create_token(world.requester, "n", days=1, now=world.now, scopes=["suppliers"])
    assert Program(world, None, narrow)("GET", "/suppliers")[0] == 404, "a scope gives no right that its owner lacks"
    assert all(name in PERMISSIONS for names in SCOPES.values() for name in names)


def test_the_administrator_sees_and_ends_every_token_but_never_its_text(world: World) -> None:
    text = tokens.create_token(world.buyer, "crm", days=1, now=world.now, scopes=["customers"])
    (row,) = tokens.all_tokens(world.administrator)
    assert (row.name, row.owner, row.scopes) == ("crm", world.buyer.name, ("customers",))
    page = world.client_of(world.administrator).get("/admin/systems/tokens").text
    assert "crm" in page and text not in page
    tokens.revoke_token(world.administrator, row.id, now=world.now)
    assert Program(world, None, text)("GET", "/customers")[0] == 401
