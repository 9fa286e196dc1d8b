"""The award rule promised to suppliers: published, compared with the award, a departure owes a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from srm_portal.awards import queries, services
from srm_portal.awards.services import wording
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.awards import answered
from tests.support.factories.contracts import a_ranked_project, propose
from tests.support.factories.offers import Tender, a_tender
from tests.support.factories.sourcing import an_approved_need
from tests.support.world import World

PRICES: list[Any] = [{1: "10", 2: "20"}, {1: "8", 2: "25"}]


def promised(world: World, **rule: Any) -> Tender:
    def prepare(project_id: str) -> None:
        services.save_promise(world.buyer, project_id, {"kind": "cheapest"} | rule, version=None, now=world.now)

    return a_ranked_project(world, prices=PRICES, lines=2, lots=2, prepare=prepare)


def solve(world: World, project_id: str) -> queries.ScenarioView:
    return answered(world, services.create_promised(world.buyer, project_id, "The promised rule", now=world.now))


def test_the_rule_is_published_with_the_event_and_fixed(world: World) -> None:
    tender = promised(world)
    event = sourcing.event(tender.event_id)
    assert event.publication and event.publication["award_rule"] == {"kind": "cheapest"}
    with pytest.raises(Refused, match="promise_is_fixed"):
        services.save_promise(world.buyer, tender.project_id, {}, version=None, now=world.now)
    page = world.client_of(tender.first).get(f"/s/events/{tender.event_id}").text
    assert wording.promise({"kind": "cheapest"}) in page


def test_without_a_promise_nothing_is_owed(world: World) -> None:
    tender = a_ranked_project(world, prices=PRICES, lines=2, lots=2)
    award = queries.award_by_id(propose(world, tender.project_id))
    assert award.promise == {}
    with pytest.raises(Refused, match="nothing_promised"):
        services.create_promised(world.buyer, tender.project_id, "x", now=world.now)


def test_a_proposal_waits_for_the_promised_rule_to_be_solved(world: World) -> None:
    tender = promised(world)
    with pytest.raises(Refused, match="promise_unchecked"):
        propose(world, tender.project_id)
    view = solve(world, tender.project_id)
    assert view.promised and view.status == "optimal"
    award = queries.award_by_id(propose(world, tender.project_id))
    assert award.promise["kept"] is True and award.promise["proved"] is True


def test_a_departure_owes_a_reason_and_says_what_it_costs(world: World) -> None:
    tender = promised(world)
    best = solve(world, tender.project_id)
    choice = {lot.id: tender.suppliers[1] for lot in sourcing.lots(tender.project_id)}
    given = {"justification": "One supplier is simpler.", "standstill_days": 5, "version": None, "now": world.now}
    with pytest.raises(Invalid) as caught:
        services.propose_award(world.buyer, tender.project_id, choice, **given)
    assert [(one.field, one.code) for one in caught.value.problems] == [("departure", "departure_needed")]
    award_id = services.propose_award(
        world.buyer, tender.project_id, choice, departure="The first failed its audit.", **given
    )
    award = queries.award_by_id(award_id)
    assert best.cost and award.promise["kept"] is False
    assert Decimal(award.promise["difference"]) == award.value - best.cost
    page = world.client_of(world.manager).get(f"/projects/{tender.project_id}/award").text
    assert "The promised rule was not kept" in page and "failed its audit" in page


def test_the_best_ranked_rule_names_the_lots_that_went_elsewhere(world: World) -> None:
    tender = promised(world, kind="ranking")
    view = solve(world, tender.project_id)
    first = queries.ground(tender.project_id).ranked[0]
    assert set(view.suppliers) == {first}
    other = next(one for one in tender.suppliers if one != first)
    choice = {lot.id: other for lot in sourcing.lots(tender.project_id)}
    award_id = services.propose_award(
        world.buyer, tender.project_id, choice, justification="It is the better one.", departure="They withdrew it.",
        standstill_days=5, version=None, now=world.now,
    )  # fmt: skip
    broken = queries.award_by_id(award_id).promise["broken"]
    assert [one["kind"] for one in broken] == ["fix", "fix"]


def test_points_for_price_and_quality_are_compared_as_points(world: World) -> None:
    tender = promised(world, kind="best_score", price_weight="60", quality_weight="40")
    view = solve(world, tender.project_id)
    award_id = services.propose_scenario(
        world.buyer, view.id, justification="It is the rule's award.", standstill_days=5, version=None, now=world.now
    )
    assert queries.award_by_id(award_id).promise["kept"] is True


def test_a_rule_of_points_needs_points(world: World) -> None:
    project_id = an_approved_need(world)
    nothing = {"kind": "best_score", "price_weight": "0", "quality_weight": "0"}
    with pytest.raises(Invalid):
        services.save_promise(world.buyer, project_id, nothing, version=None, now=world.now)
    with pytest.raises(NotFound):
        services.save_promise(world.auditor, project_id, {"kind": "cheapest"}, version=None, now=world.now)


def test_the_rule_page_saves_and_is_read_only_after_publication(world: World) -> None:
    project_id = an_approved_need(world)
    url, buyer = f"/projects/{project_id}/award-rule", world.client_of(world.buyer)
    assert "no rule" in buyer.get(url).text.lower()
    data = {"kind": "cheapest", "suppliers": "2", "split": "y", "share_min": "20", "share_max": "80"}
    assert buyer.post(url, data=data).status_code == 302
    assert queries.terms(project_id).promise == {
        "kind": "cheapest", "suppliers": 2, "split": {"share_min": "0.2", "share_max": "0.8"},
    }  # fmt: skip
    assert buyer.post(url, data=data | {"share_min": "90"}).status_code == 422
    open_tender = a_tender(world)
    assert "Save the rule" not in buyer.get(f"/projects/{open_tender.project_id}/award-rule").text
