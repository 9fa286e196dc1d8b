"""Two envelopes: technical first, scores locked, then the prices; at S1 and at S2."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text

from srm_portal.audit.queries import stream_acts
from srm_portal.evaluation import queries as evaluation
from srm_portal.evaluation import services as scoring
from srm_portal.infra.db import db
from srm_portal.kernel.canonical import from_canonical
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.offers import queries, services
from srm_portal.offers.domain.envelopes import TWO, joined, part_of
from srm_portal.sourcing import queries as sourcing
from tests.offers.test_canary import Upload
from tests.support.factories.evaluation import WITH_MARKS
from tests.support.factories.offers import Tender, a_draft, a_submitted_offer, a_tender, after_deadline
from tests.support.factories.openers import a_sealed_tender, some_openers
from tests.support.world import World

PRICES = {1: "8.42", 2: "24.80"}


def two_offers(world: World, **values) -> Tender:
    tender = a_tender(world, envelopes="two", **values)
    a_submitted_offer(world, tender.first, tender.event_id, PRICES, deviations={1: "other steel"})
    a_submitted_offer(world, tender.second, tender.event_id, {1: "9", 2: None})
    after_deadline(world, tender)
    return tender


def test_parts_joined_are_the_whole_again() -> None:
    line = {"line": "a", "unit_price": "1", "lead_days": 3, "comment": "c", "deviation": "d", "not_quoted": False}
    whole = {
        "lines": [line, line | {"line": "b", "unit_price": None, "not_quoted": True}],
        "terms": {"payment_days": 30, "validity_on": None, "delivery": "DAP"},
        "questions": {"q": "yes", "p": "4"},
        "files": ["f", "g"],
        "currency": "EUR",
    }
    parts = [part_of(whole, envelope, {"p"}, {"g": "price"}) for envelope in TWO]
    assert joined(*parts) == whole
    assert "unit_price" not in str(parts[0]) and "p" not in parts[0]["questions"] and parts[0]["files"] == ["f"]
    assert "deviation" not in str(parts[1]) and parts[1]["questions"] == {"p": "4"}
    assert joined(parts[0])["lines"][0]["unit_price"] is None


def test_technical_envelopes_open_first_and_hold_no_price(world: World) -> None:
    tender = two_offers(world)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 2
    event = sourcing.event(tender.event_id)
    assert event.state == "technical" and queries.opened(tender.event_id) == []
    views = queries.technical(tender.event_id)
    assert [view.total for view in views] == [None, None]
    assert all(line.unit_price is None for view in views for line in view.lines)
    assert views[0].lines[0].deviation == "other steel" and views[0].payment_days is None
    assert db.session.execute(text("SELECT count(*) FROM opened_line WHERE unit_price IS NOT NULL")).scalar() == 0
    assert queries.comparison(tender.event_id) is None


def test_prices_open_only_after_the_scores_are_locked(world: World) -> None:
    tender = two_offers(world)
    with pytest.raises(Refused, match="technical_not_opened"):
        services.lock_scores(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="unknown_envelope"):
        services.open_offers(world.buyer, tender.event_id, envelope="price", now=world.now)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="scores_not_locked"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(NotFound):
        services.lock_scores(world.evaluator, tender.event_id, now=world.now)
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="already_done"):
        services.lock_scores(world.buyer, tender.event_id, now=world.now)
    assert services.open_offers(world.manager, tender.event_id, now=world.now) == 2
    views = queries.opened(tender.event_id)
    assert [line.unit_price for line in views[0].lines] == [Decimal("8.42"), Decimal("24.8")]
    assert views[0].total == Decimal("842") + Decimal("4960") and views[0].lines[0].deviation == "other steel"
    assert views[1].lines[1].unit_price is None and views[0].payment_days == 30
    acts = stream_acts(tender.stream, ["offers.opened", "scores.locked"])
    assert [line.details.get("envelope", "lock") for line in acts] == ["technical", "lock", "price"]
    with pytest.raises(Refused, match="offers_already_opened"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)


def test_marks_are_given_between_the_envelopes_and_fixed_by_the_lock(world: World) -> None:
    tender = two_offers(world, criteria=WITH_MARKS, evaluators=[world.evaluator])
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="scores_missing"):
        services.lock_scores(world.buyer, tender.event_id, now=world.now)
    scoring.declare(world.evaluator, tender.project_id, conflict="", now=world.now)
    manual = [one.value.id for one in evaluation.criteria(tender.project_id) if one.value.manual]
    for criterion in manual:
        for supplier in tender.suppliers:
            scoring.save_mark(
                world.evaluator, tender.project_id, criterion, supplier, points=Decimal(3), comment="", now=world.now
            )
    scoring.submit_scorecard(world.evaluator, tender.project_id, now=world.now)
    with pytest.raises(Refused, match="offers_not_opened"):
        scoring.run_ranking(world.buyer, tender.project_id, now=world.now)
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="scores_locked"):
        scoring.set_consensus(
            world.buyer, tender.project_id, manual[0], tender.suppliers[0], points=Decimal(5), reason="better",
            now=world.now,
        )  # fmt: skip
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    assert scoring.run_ranking(world.buyer, tender.project_id, now=world.now)


def test_marks_changed_behind_the_lock_keep_the_prices_sealed(world: World) -> None:
    tender = two_offers(world)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO consensus (id, criterion_id, supplier_id, points, reason, at, by_name) "
            "SELECT 'x', id, :s, 1000000, 'r', :n, 'n' FROM criterion LIMIT 1"),
            {"s": tender.suppliers[0], "n": "2026-03-02 09:00:00.000000"})  # fmt: skip
    db.session.rollback()
    with pytest.raises(Refused, match="scores_changed"):
        services.open_offers(world.buyer, tender.event_id, now=world.now)


def test_a_price_envelope_of_another_offer_is_named(world: World) -> None:
    tender = two_offers(world)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    first, second = (
        db.session.execute(text("SELECT sealed FROM offer WHERE supplier_id = :s"), {"s": one}).scalar()
        for one in tender.suppliers
    )
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE offer SET sealed = :b WHERE supplier_id = :s"),
            {"b": second, "s": tender.suppliers[0]})  # fmt: skip
    assert first != second
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    [refused] = queries.not_opened(tender.event_id)
    assert (refused.supplier_id, refused.problem) == (tender.suppliers[0], "offer_of_another_place")


def test_two_envelopes_at_s2_are_two_ceremonies(world: World) -> None:
    people = some_openers(world)
    tender = a_sealed_tender(world, people, envelopes="two")
    a_draft(world, tender.first, tender.event_id, PRICES)
    services.attach_file(tender.first, tender.event_id, Upload(), envelope="technical", now=world.now)
    services.attach_file(tender.first, tender.event_id, Upload(), envelope="price", now=world.now)
    done = services.hand_in(tender.first, tender.event_id, now=world.now)
    assert done.kept is not None and len(from_canonical(done.kept)["files"]) == 2
    after_deadline(world, tender)
    first_share = people[0].answer(world, tender.event_id)
    for one in people[:2]:
        one.act(world, tender.event_id)
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    [view] = queries.technical(tender.event_id)
    assert len(queries.offer_for(world.buyer, view.id)[2]) == 1
    with pytest.raises(Refused, match="scores_not_locked"):
        people[0].act(world, tender.event_id)
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    with pytest.raises(Refused, match="false_share"):
        services.give_share(people[0].actor, tender.event_id, first_share, now=world.now)
    for one in people[1:]:
        one.act(world, tender.event_id)
    assert services.open_offers(world.buyer, tender.event_id, now=world.now) == 1
    assert len(queries.offer_for(world.buyer, view.id)[2]) == 2
    assert queries.opened(tender.event_id)[0].total == Decimal("5802")


def test_the_page_leads_from_the_technical_envelopes_to_the_prices(world: World) -> None:
    tender = two_offers(world)
    buyer, place = world.client_of(world.buyer), f"/projects/{tender.project_id}/selection"
    assert "Open the technical envelopes" in buyer.get(place).text
    assert buyer.post(place + "/open").status_code == 302
    page = buyer.get(place).text
    assert "Lock the scores" in page and "Open the prices" not in page and "8.42" not in page
    assert buyer.post(place + "/lock").status_code == 302
    assert "Open the prices" in buyer.get(place).text
    assert buyer.post(place + "/open").status_code == 302
    assert "8.42" in buyer.get(place).text


def test_the_consensus_page_tells_both_locks(world: World) -> None:
    tender = two_offers(world, criteria=WITH_MARKS, evaluators=[world.evaluator])
    services.open_offers(world.buyer, tender.event_id, now=world.now)
    scoring.declare(world.evaluator, tender.project_id, conflict="", now=world.now)
    for one in evaluation.criteria(tender.project_id):
        for supplier in tender.suppliers if one.value.manual else ():
            scoring.save_mark(world.evaluator, tender.project_id, one.value.id, supplier, points=Decimal(3), comment="",
                now=world.now)  # fmt: skip
    scoring.submit_scorecard(world.evaluator, tender.project_id, now=world.now)
    buyer, place = world.client_of(world.buyer), f"/projects/{tender.project_id}/consensus"
    scoring.lock_technical(world.buyer, tender.project_id, now=world.now)
    page = buyer.get(place).text
    assert "the prices stay sealed until the scores are locked" in page and "Unlock the marks" in page
    services.lock_scores(world.buyer, tender.event_id, now=world.now)
    page = buyer.get(place).text
    assert "Technical scores locked" in page and "Unlock the marks" not in page
