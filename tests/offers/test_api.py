"""Offers through the JSON API: the same services, decimal texts, coded answers."""

from __future__ import annotations

from typing import Any

from srm_portal.identity.services import tokens
from srm_portal.infra.db import db
from srm_portal.kernel.permissions import Actor
from srm_portal.offers import verify_receipt
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.offers import Tender, a_tender, after_deadline
from tests.support.world import World


class Program:
    """A system that acts for a person with a token."""

    def __init__(self, world: World, actor: Actor) -> None:
        self._client = world.app.test_client()
        text = tokens.create_token(actor, "system", days=30, now=world.now)
        self._headers = {"Authorization": f"Bearer {text}"}

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self._client.open("/api/v1" + path, method=method, json=body, headers=self._headers)
        db.session.rollback()
        return answer.status_code, answer.json


def an_offer(tender: Tender, *prices: str | None) -> dict[str, Any]:
    publication = sourcing.event(tender.event_id).publication
    assert publication is not None
    lines = [
        {"line": line["id"], "unit_price": price, "lead_days": 20}
        if price
        else {"line": line["id"], "not_quoted": True}
        for line, price in zip(publication["lines"], prices, strict=True)
    ]
    return {"lines": lines, "payment_days": 30, "validity_on": "2027-01-31", "delivery": "DAP"}


def test_offers_go_in_are_opened_and_compared_by_programs(world: World) -> None:
    tender = a_tender(world)
    buyer, first, second = (Program(world, actor) for actor in (world.buyer, tender.first, tender.second))
    place = f"/events/{tender.event_id}"
    status, receipt = first("POST", place + "/offer/submit", an_offer(tender, "10", "20.5"))
    assert status == 201 and receipt["version"] == 1
    keys = world.app.test_client().get("/receipt/keys.json").json
    proof = receipt["receipt"].encode(), keys, receipt["offer"].encode(), receipt["nonce"]
    assert verify_receipt.verify(*proof)["valid"]
    assert second("PUT", place + "/offer", an_offer(tender, "8", None))[1]["missing"] == []
    assert second("POST", place + "/offer/submit", {})[0] == 201
    assert buyer("GET", place + "/offers") == (
        200, {"state": "open", "counts": {"invited": 3, "accepted": 2, "submitted": 2}},
    )  # fmt: skip
    assert buyer("POST", place + "/opening")[0] == 409
    assert buyer("GET", place + "/comparison")[0] == 404
    after_deadline(world, tender)
    assert buyer("POST", place + "/opening") == (201, {"opened": 2})
    shown = buyer("GET", place + "/offers")[1]
    assert [line["unit_price"] for line in shown["offers"][0]["lines"]] == ["10", "20.5"]
    compared = buyer("GET", place + "/comparison")[1]
    assert compared["lines"][1]["cells"][1] == {"state": "miss", "value": "20.5", "distance": None}
    assert [one["compliant"] for one in compared["suppliers"]] == [True, False]


def test_wrong_bodies_are_named_field_by_field_and_nothing_is_kept(world: World) -> None:
    tender = a_tender(world)
    first, place = Program(world, tender.first), f"/events/{tender.event_id}/offer"
    good = an_offer(tender, "1", "1")
    for change in (
        {"lines": [{"line": "x", "unit_price": 8.5}]},
        {"lines": [{"line": "x", "unit_price": "NaN"}]},
        {"lines": [{"line": "x", "price": "1"}]},
        {"lines": [{"line": "x", "unit_price": "1"}]},
        {"payment_days": True},
        {"validity_on": "soon"},
        {"answers": {"nobody": "yes"}},
        {"admin": True},
    ):
        status, answer = first("PUT", place, good | change)
        assert status == 422 and answer["code"] == "invalid" and answer["problems"], change
    assert first("GET", place)[1]["version"] is None


def test_late_strange_and_unbinding_programs_are_refused_in_codes(world: World) -> None:
    tender = a_tender(world)
    place = f"/events/{tender.event_id}"
    stranger, assistant = a_tender(world).first, world.supplier_user(tender.suppliers[0], may_bid=False)
    assert Program(world, stranger)("GET", place + "/offer")[0] == 404
    assert Program(world, stranger)("POST", place + "/offer/submit", an_offer(tender, "1", "1"))[0] == 404
    status, answer = Program(world, assistant)("POST", place + "/offer/submit", an_offer(tender, "1", "1"))
    assert (status, answer["code"]) == (403, "may_not_bid")
    first = Program(world, tender.first)
    assert first("POST", place + "/offer/submit", an_offer(tender, "1", "1"))[0] == 201
    assert first("POST", place + "/offer/withdraw")[1]["submitted"] is None
    after_deadline(world, tender)
    status, answer = first("POST", place + "/offer/submit", {})
    assert (status, answer["code"]) == (409, "offer_late")
    evaluator = Program(world, world.evaluator)
    assert evaluator("POST", place + "/opening")[0] == 404
    assert evaluator("GET", place + "/comparison")[0] == 404
