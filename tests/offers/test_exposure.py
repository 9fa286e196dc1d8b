"""The register of who saw what: written where opened offers are shown, read by those who may compare them."""

from __future__ import annotations

from srm_portal.audit.queries import stream_acts
from srm_portal.infra.db import db
from srm_portal.offers import queries
from tests.support.factories.offers import a_submitted_offer, a_tender, after_deadline, opened_event
from tests.support.world import World


def seen(world: World, event_id: str) -> list[tuple[str, str, int]]:
    db.session.rollback()
    return [(row.name, row.what, row.times) for row in queries.exposures(world.auditor, event_id)[1]]


def test_every_look_is_noted_with_its_class_and_times(world: World) -> None:
    tender = opened_event(world)
    buyer, manager = world.client_of(world.buyer), world.client_of(world.manager)
    place = f"/projects/{tender.project_id}/selection"
    [first, _second] = queries.opened(tender.event_id)
    assert seen(world, tender.event_id) == []
    buyer.get(place)
    buyer.get(place)
    world.later(minutes=11)
    buyer.get(place)
    buyer.get(f"/offers/{first.id}")
    manager.get(place + ".xlsx")
    assert seen(world, tender.event_id) == [
        (world.buyer.name, "prices", 2), (world.buyer.name, "offer", 1), (world.manager.name, "export", 1)]  # fmt: skip
    acts = stream_acts(tender.stream, ["offers.seen"])
    assert [line.details["what"] for line in acts] == ["prices", "offer", "export"]


def test_sealed_offers_are_seen_by_nobody_and_technical_ones_apart(world: World) -> None:
    tender = a_tender(world, envelopes="two")
    a_submitted_offer(world, tender.first, tender.event_id)
    buyer, place = world.client_of(world.buyer), f"/projects/{tender.project_id}/selection"
    buyer.get(place)
    assert seen(world, tender.event_id) == []
    after_deadline(world, tender)
    buyer = world.client_of(world.buyer)
    assert buyer.post(place + "/open").status_code == 302
    assert "Who saw it" in buyer.get(place).text
    assert seen(world, tender.event_id) == [(world.buyer.name, "technical", 1)]


def test_the_register_is_for_those_who_may_compare(world: World) -> None:
    tender = opened_event(world)
    world.client_of(world.buyer).get(f"/projects/{tender.project_id}/selection")
    place = f"/events/{tender.event_id}/exposure"
    page = world.client_of(world.auditor).get(place).text
    assert world.buyer.name in page and "prices, side by side" in page
    assert world.client_of(world.evaluator).get(place).status_code == 404
    assert world.client_of(tender.first).get(place).status_code == 404
