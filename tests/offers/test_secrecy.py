"""What one supplier learns of another before the opening: nothing, by address, size, header or change."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from srm_portal.infra.db import db, new_id
from srm_portal.kernel.permissions import PERMISSIONS
from srm_portal.offers import queries, services
from tests.offers.test_canary import Upload
from tests.support.factories.offers import a_draft, a_submitted_offer, a_tender
from tests.support.world import World

TELLING = ("ETag", "Last-Modified", "X-Accel-Redirect")


def supplier_rules(world: World) -> Iterator[tuple[Rule, str]]:
    """Every address with a record in it that a supplier's role opens, with each of its methods."""
    for rule in world.app.url_map.iter_rules():
        guard = getattr(world.app.view_functions[rule.endpoint], "__guard__", ())
        opens = any("supplier_user" in PERMISSIONS.get(name, ()) for name in guard)
        if opens and rule.arguments:
            yield from ((rule, method) for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}))


def address(rule: Rule, values: dict[str, str], absent: bool) -> str:
    """The address with these records, or with ids of the same length that nobody has."""
    made = rule.rule
    for name in rule.arguments:
        value = values.get(name, "1")
        if absent and name.endswith("_id"):
            value = (new_id() + "0" * 40)[: len(value)]
        made = re.sub(rf"<(\w+:)?{name}>", value, made)
    return made


def test_every_address_of_one_supplier_is_the_same_404_for_another(world: World) -> None:
    tender, other = a_tender(world), a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    file_id = services.attach_file(tender.first, tender.event_id, Upload(), now=world.now)
    services.submit_offer(tender.first, tender.event_id, now=world.now)
    values = {"event_id": tender.event_id, "file_id": file_id, "version": "1", "name": "proof.zip"}
    stranger, seen = world.client_of(other.first), 0
    stranger.get("/s")
    for rule, method in supplier_rules(world):
        if "event_id" not in rule.arguments:
            continue
        theirs, nobodys = (stranger.open(address(rule, values, absent), method=method) for absent in (False, True))
        assert (theirs.status_code, len(theirs.data)) == (nobodys.status_code, len(nobodys.data)), rule
        assert theirs.status_code == 404 or rule.rule.startswith("/api/"), rule
        assert dict(theirs.headers).keys() == dict(nobodys.headers).keys()
        seen += 1
    assert seen > 20


def test_an_invited_rival_cannot_reach_into_the_other_offer_either(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    file_id = services.attach_file(tender.first, tender.event_id, Upload(), now=world.now)
    services.submit_offer(tender.first, tender.event_id, now=world.now)
    rival, place = world.client_of(tender.second), f"/s/events/{tender.event_id}/offer"
    for path in (f"/files/{file_id}", "/receipt/1/proof.zip", "/receipt/1/receipt.json"):
        theirs, nobodys = (
            rival.get(place + path),
            rival.get(place + path.replace(file_id, new_id()).replace("/1/", "/7/")),
        )
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert len(theirs.data) == len(nobodys.data)
    assert rival.post(place + f"/files/{file_id}/remove").status_code == 404
    db.session.rollback()
    assert len(queries.own_offer(tender.first, tender.event_id).files) == 1


def seen_by(browser: FlaskClient, paths: list[str]) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
    found = []
    for path in paths:
        answer = browser.get(path)
        body = re.sub(rb'csrf[-_]token"[^>]*', b"", answer.data)
        headers = [(name, value) for name, value in answer.headers if name not in ("Date", "Set-Cookie")]
        assert not any(name in answer.headers for name in TELLING), path
        found.append((answer.status_code, body, headers))
    return found


@pytest.mark.parametrize("level", ["S0", "S1"])
def test_what_a_rival_sees_does_not_change_when_somebody_hands_in(world: World, level: str) -> None:
    tender = a_tender(world, level=level)
    rival = world.client_of(tender.second)
    paths = ["/s", f"/s/events/{tender.event_id}", f"/s/events/{tender.event_id}/offer", "/notices"]
    world.run_jobs()
    seen_by(rival, paths)
    before = seen_by(rival, paths)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "8.42", 2: "24.80"})
    services.withdraw_offer(tender.first, tender.event_id, now=world.now)
    services.submit_offer(tender.first, tender.event_id, now=world.now)
    world.run_jobs()
    db.session.rollback()
    assert seen_by(rival, paths) == before
