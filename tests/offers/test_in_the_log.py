"""Receipts and the portal-wide log: signed at once, proven later, and caught when the log is made again."""

from __future__ import annotations

import json

from sqlalchemy import text

from srm_portal.audit.domain.receipt import key_file
from srm_portal.audit.services import check_checkpoint, extend_log
from srm_portal.infra.db import db
from srm_portal.infra.keys import server_keys
from srm_portal.offers import queries, verify_receipt
from tests.audit.test_log import rebuild
from tests.support.factories.offers import Tender, a_submitted_offer, a_tender, after_deadline
from tests.support.world import World


def keys() -> dict:
    return key_file(server_keys().origin, server_keys().verifying())


def handed_in(world: World) -> Tender:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    a_submitted_offer(world, tender.second, tender.event_id, {1: "11", 2: "12"})
    return tender


def test_a_receipt_is_signed_at_once_and_proven_when_the_log_has_grown(world: World) -> None:
    tender = handed_in(world)
    issued, offer, nonce = queries.own_proof(tender.first, tender.event_id, 1)
    assert json.loads(issued)["proof"] is None and verify_receipt.verify(issued, keys(), offer, nonce)["valid"]
    extend_log(world.now)
    proven, offer, nonce = queries.own_proof(tender.first, tender.event_id, 1)
    found = verify_receipt.verify(proven, keys(), offer, nonce)
    assert found["valid"] and found["checks"]["inclusion"] and found["checks"]["commitment"]
    extend_log(world.later(minutes=1))
    assert queries.own_proof(tender.first, tender.event_id, 1)[0] == proven


def test_no_receipt_survives_a_changed_byte(world: World) -> None:
    tender = handed_in(world)
    extend_log(world.now)
    for user in (tender.first, tender.second):
        proven, _offer, _nonce = queries.own_proof(user, tender.event_id, 1)
        for place in range(0, len(proven), 11):
            changed = proven[:place] + bytes([proven[place] ^ 1]) + proven[place + 1 :]
            assert not verify_receipt.verify(changed, keys())["valid"]


def test_the_receipt_mail_carries_the_checkpoint_before_and_the_closing_mail_the_proof(
    world: World, letters: list[tuple[str, str, str]]
) -> None:
    tender = a_tender(world)
    extend_log(world.now)
    a_submitted_offer(world, tender.first, tender.event_id)
    world.run_jobs()
    mailed = next(body for _to, _subject, body in letters if "localhost\n" in body)
    note = mailed[mailed.index("localhost\n") :].rstrip("\n") + "\n"
    assert check_checkpoint(note) == "holds"
    after_deadline(world, tender)
    world.run_jobs()
    world.run_jobs()
    proofs = [body for _to, subject, body in letters if subject.startswith("Proof of your sealed offer")]
    assert len(proofs) == 1
    receipt = next(line for line in proofs[0].splitlines() if line.startswith('{"format"')) + "\n"
    found = verify_receipt.verify(receipt.encode(), keys())
    assert found["valid"] and found["checks"]["inclusion"]
    assert check_checkpoint(proofs[0][proofs[0].rindex("\nlocalhost\n") + 1 :].rstrip("\n") + "\n") == "holds"


def test_a_log_rebuilt_with_one_offer_changed_is_caught_by_the_checkpoint_in_an_old_mail(world: World) -> None:
    tender = handed_in(world)
    extend_log(world.now)
    proven, _offer, _nonce = queries.own_proof(tender.second, tender.event_id, 1)
    held = json.loads(proven)
    rebuild(world, json.loads(queries.own_proof(tender.first, tender.event_id, 1)[0])["statement"]["entry"]["id"])
    assert check_checkpoint(held["proof"]["checkpoint"]) == "log_differs"
    assert verify_receipt.verify(proven, keys())["valid"], "what the supplier holds stays true"
    again = json.loads(queries.own_proof(tender.second, tender.event_id, 1)[0])
    crossed = verify_receipt.verify(again, keys(), checkpoint=held["proof"]["checkpoint"])
    assert crossed["checks"]["inclusion"] is False


def test_the_page_tells_the_place_in_the_log(world: World) -> None:
    tender = handed_in(world)
    browser, place = world.client_of(tender.first), f"/s/events/{tender.event_id}/offer/receipt"
    assert "follows within a minute" in browser.get(place).text
    extend_log(world.now)
    size = db.session.execute(text("SELECT size FROM log_head")).scalar()
    assert f"of {size}" in browser.get(place).text
