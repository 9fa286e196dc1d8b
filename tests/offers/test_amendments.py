"""An amendment after offers came in: the difference is shown, offers are kept, and count once confirmed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from srm_portal.audit.queries import stream_acts
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, Refused
from srm_portal.offers import queries, services
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as events
from srm_portal.sourcing.domain.amendments import amended, problems
from tests.support.factories.offers import Tender, a_draft, a_submitted_offer, a_tender, after_deadline
from tests.support.factories.openers import a_sealed_tender, some_openers
from tests.support.world import World

LINE = {"id": "a", "number": 1, "quantity": "100", "description": "steel"}


def test_only_what_differs_is_a_change() -> None:
    before = {"terms": "t", "instructions": "", "payment_days": 30, "validity_days": 90, "lines": [LINE]}
    same = {"a": {"quantity": "100.0", "description": "steel"}}
    assert amended(before, {"terms": "t"}, same) == (before, [])
    after, changes = amended(before, {"payment_days": 60}, {"a": {"quantity": "150", "description": "steel"}})
    assert after["payment_days"] == 60 and after["lines"][0]["quantity"] == "150" and before["payment_days"] == 30
    assert changes == [
        {"what": "payment_days", "line": None, "before": "30", "after": "60"},
        {"what": "quantity", "line": 1, "before": "100", "after": "150"},
    ]


@pytest.mark.parametrize("quantity", ["0", "-1", "many", "NaN", "1e400"])
def test_a_quantity_that_is_none_is_named(quantity: str) -> None:
    assert problems({"a": {"quantity": quantity}}, {"a": 1})[0].row == 1
    assert problems({"b": {}}, {"a": 1})[0].code == "unknown_line"


def two_offers(world: World) -> Tender:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "8", 2: "9"})
    a_submitted_offer(world, tender.second, tender.event_id, {1: "7", 2: "10"})
    return tender


def change(world: World, tender: Tender, quantity: str = "500") -> None:
    event = sourcing.event(tender.event_id)
    assert event.publication is not None
    lines = {event.publication["lines"][0]["id"]: {"quantity": quantity}}
    events.amend_event(world.buyer, tender.event_id, "More brackets", lines=lines, now=world.now)


def test_the_new_version_is_what_is_asked_and_the_old_one_is_kept(world: World) -> None:
    tender = two_offers(world)
    before = sourcing.event(tender.event_id)
    change(world, tender)
    event = sourcing.event(tender.event_id)
    assert event.publication is not None and event.publication["lines"][0]["quantity"] == "500"
    assert event.publication_sha256 != before.publication_sha256
    [one] = sourcing.amendments(tender.event_id)
    assert one.confirm and one.changes[0]["after"] == "500" and one.changes[0]["line"] == 1
    assert '"100' in str(db.session.execute(text("SELECT CAST(before AS TEXT) FROM amendment")).scalar())
    assert stream_acts(tender.stream, ["event.amended"])[0].details["changes"] == list(one.changes)


def test_an_offer_that_was_not_confirmed_is_kept_sealed_and_named(world: World) -> None:
    tender = two_offers(world)
    change(world, tender)
    assert queries.own_offer(tender.first, tender.event_id).unconfirmed == 1
    services.confirm_offer(tender.first, tender.event_id, now=world.now)
    assert queries.own_offer(tender.first, tender.event_id).unconfirmed == 0
    with pytest.raises(Refused, match="nothing_to_confirm"):
        services.confirm_offer(tender.first, tender.event_id, now=world.now)
    after_deadline(world, tender)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    [view] = queries.opened(tender.event_id)
    assert view.supplier_id == tender.suppliers[0] and view.total == Decimal("8") * 500 + Decimal("9") * 200
    [left] = queries.not_opened(tender.event_id)
    assert (left.supplier_id, left.problem) == (tender.suppliers[1], "amendment_not_confirmed")
    assert db.session.execute(text("SELECT count(*) FROM offer WHERE state = 'submitted'")).scalar() == 2


def test_handing_in_anew_confirms_by_itself_and_more_time_asks_for_nothing(world: World) -> None:
    tender = two_offers(world)
    later = world.now + timedelta(days=20)
    events.extend_deadline(world.buyer, tender.event_id, deadline_at=later, reason="holidays", now=world.now)
    assert queries.own_offer(tender.first, tender.event_id).unconfirmed == 0
    change(world, tender)
    version = queries.own_offer(tender.first, tender.event_id).draft_version
    services.save_draft(
        tender.first, tender.event_id, queries.own_offer(tender.first, tender.event_id).draft, version=version,
        now=world.now,
    )  # fmt: skip
    a_draft_now = queries.own_offer(tender.first, tender.event_id)
    assert a_draft_now.unconfirmed == 2
    services.confirm_offer(tender.first, tender.event_id, now=world.now)
    assert queries.own_offer(tender.first, tender.event_id).unconfirmed == 0


def test_who_may_not_bid_or_comes_late_does_not_confirm(world: World) -> None:
    tender = two_offers(world)
    change(world, tender)
    clerk = world.supplier_user(tender.suppliers[0], may_bid=False)
    with pytest.raises(Forbidden, match="may_not_bid"):
        services.confirm_offer(clerk, tender.event_id, now=world.now)
    after_deadline(world, tender)
    with pytest.raises(Refused, match="offer_late"):
        services.confirm_offer(tender.first, tender.event_id, now=world.now)


def test_at_s2_an_offer_that_nobody_can_read_is_confirmed_too(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people)
    a_draft(world, tender.first, tender.event_id)
    services.hand_in(tender.first, tender.event_id, now=world.now)
    change(world, tender)
    services.confirm_offer(tender.first, tender.event_id, now=world.now)
    after_deadline(world, tender)
    for one in people[:2]:
        one.act(world, tender.event_id)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1


def test_a_wrong_quantity_changes_nothing(world: World) -> None:
    tender = two_offers(world)
    with pytest.raises(Invalid):
        change(world, tender, "-3")
    assert sourcing.amendments(tender.event_id) == []


def test_the_pages_show_the_difference_and_the_button(world: World) -> None:
    tender = two_offers(world)
    event = sourcing.event(tender.event_id)
    assert event.publication is not None
    line_id = event.publication["lines"][0]["id"]
    buyer, supplier = world.client_of(world.buyer), world.client_of(tender.first)
    place = f"/events/{tender.event_id}/amendment"
    assert buyer.get(place).status_code == 200
    typed = {"text": "More brackets", "validity_days": "90", "payment_days": "30", f"quantity-{line_id}": "zero"}
    wrong = buyer.post(place, data=typed)
    assert wrong.status_code == 422 and "zero" in wrong.text
    assert buyer.post(place, data=typed | {f"quantity-{line_id}": "512"}).status_code == 302
    page = supplier.get(f"/s/events/{tender.event_id}").text
    assert "<del>" in page and "512" in page
    assert "Confirm it as it is" in supplier.get(f"/s/events/{tender.event_id}/offer").text
    assert supplier.post(f"/s/events/{tender.event_id}/offer/confirm").status_code == 302
    assert "Confirm it as it is" not in supplier.get(f"/s/events/{tender.event_id}/offer").text


def test_an_answer_to_one_is_told_to_the_asker_alone(world: World) -> None:
    tender = a_tender(world)
    asked = events.ask_question(tender.first, tender.event_id, "Which steel?", now=world.now)
    events.answer_question(world.buyer, asked, "The usual one.", to_all=False, now=world.now)
    told = db.session.execute(text("SELECT user_id FROM notice WHERE kind = 'question_answered'")).scalars()
    assert {one.supplier_id for one in identity.people(list(told)).values()} == {tender.suppliers[0]}
    assert sourcing.clarifications(tender.event_id, supplier_id=tender.suppliers[1]) == []


def test_an_answer_to_all_names_nobody_and_may_be_an_amendment(world: World) -> None:
    tender = two_offers(world)
    asked = events.ask_question(tender.first, tender.event_id, "Which steel?", now=world.now)
    events.answer_question(world.buyer, asked, "42CrMo4 from now on.", to_all=True, amend=True, now=world.now)
    [one] = sourcing.clarifications(tender.event_id, supplier_id=tender.suppliers[1])
    assert one.supplier_id is None and one.answer == "42CrMo4 from now on."
    [change_made] = sourcing.amendments(tender.event_id)
    assert change_made.text == "42CrMo4 from now on." and change_made.confirm
    assert queries.own_offer(tender.second, tender.event_id).unconfirmed == 1
