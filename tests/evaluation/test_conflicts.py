"""A conflict of interest: with one supplier, with all, declared late; and what it leaves to rank."""

from __future__ import annotations

from decimal import Decimal

import pytest

from srm_portal.evaluation import queries, services
from srm_portal.identity.queries import active_actor
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.kernel.permissions import Actor
from tests.support.factories.contracts import PRICES
from tests.support.factories.evaluation import WITH_MARKS
from tests.support.factories.offers import Tender, opened_event
from tests.support.world import World

D = Decimal
WHY = "My brother works there."


def _tender(world: World) -> Tender:
    other = world.person("evaluator", name="Evan Other")
    return opened_event(world, prices=PRICES, criteria=WITH_MARKS, evaluators=[world.evaluator, other])


def _other(world: World, tender: Tender) -> Actor:
    return next(
        person
        for one in queries.evaluators(tender.project_id)
        if one.user_id != world.evaluator.user_id and (person := active_actor(one.user_id))
    )


def _mark_all(world: World, tender: Tender, actor: Actor, points: str) -> None:
    own = queries.own_evaluator(actor, tender.project_id)
    for view in queries.owed(own, tender.project_id):
        for offer in queries.offers_to_mark(own, tender.project_id):
            services.save_mark(
                actor, tender.project_id, view.value.id, offer.supplier_id, points=D(points), comment="", now=world.now
            )


def test_a_conflict_with_one_supplier_leaves_the_others_to_mark(world: World) -> None:
    tender = _tender(world)
    near, criterion = tender.suppliers[0], queries.unmarked(tender.project_id)
    assert criterion == []
    services.declare(world.evaluator, tender.project_id, conflict=WHY, suppliers=[near], now=world.now)
    manual = next(one.value.id for one in queries.criteria(tender.project_id) if one.value.manual)
    with pytest.raises(NotFound):
        services.save_mark(world.evaluator, tender.project_id, manual, near, points=D(5), comment="Good", now=world.now)
    _mark_all(world, tender, world.evaluator, "2")
    services.submit_scorecard(world.evaluator, tender.project_id, now=world.now)
    services.declare(_other(world, tender), tender.project_id, conflict="", now=world.now)
    _mark_all(world, tender, _other(world, tender), "4")
    services.submit_scorecard(_other(world, tender), tender.project_id, now=world.now)
    agreed = queries.agreed_marks(tender.project_id)
    assert agreed[(manual, near)] == 4
    assert {points for (_c, supplier), points in agreed.items() if supplier != near} == {3}
    page = world.client_of(world.buyer).get(f"/projects/{tender.project_id}/consensus").get_data(as_text=True)
    assert "conflict declared" in page


def test_leaving_out_the_only_one_who_marked_an_offer_does_not_mark_it_zero(world: World) -> None:
    tender = _tender(world)
    other = _other(world, tender)
    services.declare(world.evaluator, tender.project_id, conflict=WHY, suppliers=[tender.suppliers[0]], now=world.now)
    services.declare(other, tender.project_id, conflict="", now=world.now)
    for actor in (world.evaluator, other):
        _mark_all(world, tender, actor, "3")
        services.submit_scorecard(actor, tender.project_id, now=world.now)
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    ranking = queries.ranking(tender.project_id)
    assert ranking is not None
    firsts = [row.supplier_name for row in ranking.rows if row.rank == 1]
    assert [one["first"] for one in ranking.facts["without"]] == [firsts, firsts]


def test_an_offer_that_everybody_has_a_conflict_with_stops_the_ranking(world: World) -> None:
    tender = _tender(world)
    for actor in (world.evaluator, _other(world, tender)):
        services.declare(actor, tender.project_id, conflict=WHY, suppliers=[tender.suppliers[0]], now=world.now)
        _mark_all(world, tender, actor, "3")
        services.submit_scorecard(actor, tender.project_id, now=world.now)
    with pytest.raises(Refused, match="criterion_without_evaluator"):
        services.lock_technical(world.buyer, tender.project_id, now=world.now)


def test_a_conflict_that_comes_up_late_takes_its_marks_out(world: World) -> None:
    tender = _tender(world)
    services.declare(world.evaluator, tender.project_id, conflict="", now=world.now)
    _mark_all(world, tender, world.evaluator, "3")
    services.declare(world.evaluator, tender.project_id, conflict=WHY, suppliers=[tender.suppliers[0]], now=world.now)
    own = queries.own_evaluator(world.evaluator, tender.project_id)
    held = queries.own_marks(own.id)
    assert own.state == "open" and held
    assert tender.suppliers[0] not in {supplier for _criterion, supplier in held}


def test_a_conflict_with_all_bidders_or_with_none_named_excludes(world: World) -> None:
    tender = _tender(world)
    services.declare(world.evaluator, tender.project_id, conflict=WHY, suppliers=tender.suppliers, now=world.now)
    services.declare(_other(world, tender), tender.project_id, conflict=WHY, now=world.now)
    assert {one.state for one in queries.evaluators(tender.project_id)} == {"excluded"}


def test_a_conflict_needs_its_reason_and_a_bidder(world: World) -> None:
    tender = _tender(world)
    with pytest.raises(Refused, match="reason_needed"):
        services.declare(
            world.evaluator, tender.project_id, conflict=" ", suppliers=[tender.suppliers[0]], now=world.now
        )
    with pytest.raises(NotFound):
        services.declare(world.evaluator, tender.project_id, conflict=WHY, suppliers=["nobody"], now=world.now)


def test_the_page_asks_which_offers_it_concerns_and_then_leaves_them_out(world: World) -> None:
    tender = _tender(world)
    client, path = world.client_of(world.evaluator), f"/projects/{tender.project_id}"
    place = str([one.supplier_id for one in queries.offer_facts(tender.project_id)].index(tender.suppliers[0]))
    silent = client.post(f"{path}/declare", data={"conflict": "", "suppliers": [place]})
    assert silent.status_code == 422
    assert client.post(f"{path}/declare", data={"conflict": WHY, "suppliers": [place]}).status_code == 302
    page = client.get(f"{path}/scorecard").get_data(as_text=True)
    assert "You do not mark the offers of" in page
    manual = next(one.value.id for one in queries.criteria(tender.project_id) if one.value.manual)
    assert f'name="mark|{manual}|{tender.suppliers[0]}"' not in page
    assert f'name="mark|{manual}|{tender.suppliers[1]}"' in page
