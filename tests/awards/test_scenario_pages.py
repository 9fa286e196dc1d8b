"""The pages of scenarios: ask, watch, compare, change by hand, propose; wrong input comes back as typed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from srm_portal.audit.services import record
from srm_portal.awards import queries, services
from srm_portal.awards.models import AwardScenario
from srm_portal.awards.services import scenarios
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from tests.awards.test_scenario_services import three_lots
from tests.support.factories.awards import a_scenario, answered, asked
from tests.support.statements import count_statements
from tests.support.world import World

STATEMENTS_MAX = 12


def test_a_scenario_is_asked_with_own_constraints_and_shown(world: World) -> None:
    tender = three_lots(world)
    url, buyer = f"/projects/{tender.project_id}/scenarios", world.client_of(world.buyer)
    assert "No scenarios yet" in buyer.get(url).text
    assert "Own constraints" in buyer.get(url + "/new?kind=best_of").text
    data = {
        "name": "Two sources", "kind": "best_of", "suppliers": "2", "seconds": "10", "rules-0-kind": "max_share",
        "rules-0-value": "70", "rules-1-kind": "exclude", "rules-1-supplier": tender.suppliers[2], "rules-2-kind": "",
    }  # fmt: skip
    done = buyer.post(url + "/new", data=data)
    assert done.status_code == 302, done.text
    db.session.rollback()
    (view,) = queries.scenarios(tender.project_id)
    assert "Looking for the best award" in buyer.get(done.location).text
    progress = buyer.get(f"/award-scenarios/{view.id}/progress").json
    assert progress and progress["state"] == "running"
    answered(world, view.id)
    page = buyer.get(f"/award-scenarios/{view.id}").text
    assert "best possible, proved" in page and "every supplier: at most 70" in page and "who-gets-what" in page
    assert "Two sources" in buyer.get(url).text
    progress = buyer.get(f"/award-scenarios/{view.id}/progress").json
    assert progress and progress["state"] == "done"
    exported = buyer.get(f"/award-scenarios/{view.id}.json")
    assert json.loads(exported.text)["constraints"][0] == {"kind": "max_suppliers", "value": 2}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Please fill this in"),
        ({"kind": "best_of", "suppliers": ""}, "fill this in"),
        ({"kind": "best_score", "price_weight": "0", "quality_weight": "0"}, "points for price"),
        ({"rules-0-kind": "max_share", "rules-0-value": "120"}, "does not fit"),
        ({"rules-0-kind": "max_suppliers", "rules-0-value": "1.5"}, "does not fit"),
        ({"rules-0-kind": "max_suppliers", "rules-0-value": "many"}, "does not fit"),
        ({"rules-0-kind": "fix"}, "does not fit"),
        ({"split": "y", "share_min": "80", "share_max": "20"}, "is no share"),
        ({"seconds": "0"}, "between"),
        ({"price_weight": "NaN"}, "not a number"),
    ],
)
def test_wrong_input_is_named_and_kept(world: World, wrong: dict[str, str], words: str) -> None:
    tender = three_lots(world)
    data = {"name": "Kept name", "kind": "cheapest", "seconds": "10"} | wrong
    page = world.client_of(world.buyer).post(f"/projects/{tender.project_id}/scenarios/new", data=data)
    assert page.status_code == 422 and words in page.text
    assert not wrong.get("name", True) or "Kept name" in page.text
    assert queries.scenarios(tender.project_id) == []


def test_an_infeasible_scenario_names_the_conflict_on_the_page(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(
        world, tender.project_id, {"kind": "max_suppliers", "value": 1}, {"kind": "max_share", "value": "0.9"}
    )
    page = world.client_of(world.buyer).get(f"/award-scenarios/{view.id}").text
    assert "cannot hold together" in page and "At most 1 suppliers" in page and "every supplier: at most 90" in page
    assert "Propose this award" not in page


def test_a_lot_without_any_offer_is_named(world: World) -> None:

    tender = three_lots(world)
    made = services.create_scenario(world.buyer, tender.project_id, "Gap", asked(), now=world.now)
    answer = {
        "status": "infeasible", "cost": None, "bound": None, "gap": None, "savings": None, "allocation": [],
        "conflict": [], "reason": "uncovered_lot", "lots": ["2"],
    }  # fmt: skip
    said = {"step": "best", "answer": answer, "shares": [], "packages": [], "seconds": 0}
    scenarios.finish(made, [said], "", now=world.now)
    assert "Nobody offers for lot 2." in world.client_of(world.buyer).get(f"/award-scenarios/{made}").text


def test_time_that_ended_offers_to_search_on(world: World) -> None:

    tender = three_lots(world)
    view = a_scenario(world, tender.project_id)

    @command
    def only_feasible() -> None:

        row = db.session.get_one(AwardScenario, view.id)
        answer = row.result["answer"] | {"status": "feasible", "bound": "1", "gap": "0.5"}
        row.result = row.result | {"answer": answer}
        record(world.buyer, "award.scenario_solved", "award_scenario", view.id, now=world.now)

    only_feasible()
    buyer = world.client_of(world.buyer)
    page = buyer.get(f"/award-scenarios/{view.id}").text
    assert "Time ended before the proof" in page and "Search on" in page
    assert buyer.post(f"/award-scenarios/{view.id}/go-on").status_code == 302
    assert "Take the best found so far" in buyer.get(f"/award-scenarios/{view.id}").text


def test_winners_are_moved_by_hand_and_the_award_is_proposed(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(world, tender.project_id, {"kind": "max_suppliers", "value": 2})
    buyer = world.client_of(world.buyer)
    url = f"/award-scenarios/{view.id}/by-hand"
    assert "by hand" in buyer.get(url).text
    data = {"name": "Mine"} | {f"share|{lot}|{tender.suppliers[lot - 1]}": "100" for lot in (1, 2, 3)}
    assert buyer.post(url, data=data | {f"share|1|{tender.suppliers[0]}": "lots"}).status_code == 422
    done = buyer.post(url, data=data)
    assert done.status_code == 302
    page = buyer.get(done.location).text
    assert "Broken rules" in page and "At most 2 suppliers" in page
    made = done.location.rpartition("/")[2]
    award_url = f"/projects/{tender.project_id}/award"
    assert "From the scenario" in buyer.get(f"{award_url}?scenario={made}").text
    proposal = {
        "scenario": made,
        "justification": "Three sources are safer.",
        "standstill_days": "5",
        "tell_winner": "y",
    }
    assert buyer.post(award_url, data=proposal).status_code == 302
    db.session.rollback()
    award = queries.award(tender.project_id)
    assert award is not None and award.scenario_id == made
    assert award.telling == {"winner": True, "price": False, "scores": False}


def test_facts_are_typed_checked_and_kept(world: World) -> None:
    tender = three_lots(world)
    url, buyer = f"/projects/{tender.project_id}/award-facts", world.client_of(world.buyer)
    first = tender.suppliers[0]
    data = {
        f"supplier-{first}-fixed_cost": "250", f"supplier-{first}-groups": "local, small", "lot-1-incumbent": first,
        "switching_cost_rate": "3", "packages-0-supplier": first, "packages-0-lots": "1, 2", "packages-0-price": "900",
        "packages-0-id": "Both", "discounts-0-supplier": first, "discounts-0-kind": "incremental",
        "discounts-0-tiers": "0 = 0; 1000 = 2.5",
    }  # fmt: skip
    for wrong, words in (
        ({"packages-0-lots": "1, 9"}, "names a lot that does not exist"),
        ({"discounts-0-tiers": "a lot = much"}, "cannot be read"),
        ({f"supplier-{first}-fixed_cost": "-5"}, "no amount of zero or more"),
        ({"discounts-0-tiers": "100 = 2; 50 = 3"}, "discounts[0].tiers"),
    ):
        page = buyer.post(url, data=data | wrong)
        assert page.status_code == 422 and words in page.text, wrong
        assert "local, small" in page.text
    assert buyer.post(url, data=data).status_code == 302
    db.session.rollback()
    document = queries.ground(tender.project_id).document
    assert document["switching_cost_rate"] == "0.03"
    assert document["suppliers"][0] | {"quality": ""} == {
        "id": first, "fixed_cost": "250", "capacity": None, "quality": "", "groups": ["local", "small"],
    }  # fmt: skip
    assert document["packages"][0]["lots"] == ["1", "2"] and document["discounts"][0]["tiers"][1]["percent"] == "2.5"
    page = buyer.get(url).text
    assert "local, small" in page and "1,000 = 2.5" in page


def test_the_pages_need_few_statements_however_many_scenarios(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(world, tender.project_id)
    for number in range(4):
        a_scenario(world, tender.project_id, name=f"Number {number}")
    buyer = world.client_of(world.buyer)
    award_id = services.propose_scenario(
        world.buyer, view.id, justification="The cheapest of all.", standstill_days=3, version=None, now=world.now
    )
    project = f"/projects/{tender.project_id}"
    for url in (
        f"{project}/scenarios", f"{project}/scenarios/new", f"/award-scenarios/{view.id}", f"{project}/award",
        f"/award-scenarios/{view.id}/by-hand", f"{project}/award-facts", f"{project}/award-rule",
        f"{project}/award-report", f"/awards/{award_id}/letters",
    ):  # fmt: skip
        db.session.rollback()
        with count_statements() as found:
            assert buyer.get(url).status_code == 200
        assert len(found) <= STATEMENTS_MAX, f"{url}: {len(found)}\n{found}"


def test_readers_see_scenarios_and_cannot_make_them(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(world, tender.project_id)
    auditor, supplier = world.client_of(world.auditor), world.client_of(tender.first)
    assert auditor.get(f"/award-scenarios/{view.id}").status_code == 200
    assert auditor.post(f"/award-scenarios/{view.id}/remove").status_code == 404
    assert auditor.post(f"/projects/{tender.project_id}/award-facts", data={}).status_code == 404
    for url in (f"/award-scenarios/{view.id}", f"/projects/{tender.project_id}/scenarios"):
        assert supplier.get(url).status_code == 404
    stranger = world.client_of(world.person("buyer", organisation_id=world.other_organisation()))
    assert stranger.get(f"/award-scenarios/{view.id}.json").status_code == 404


def test_a_scenario_is_removed_on_its_page(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(world, tender.project_id)
    buyer = world.client_of(world.buyer)
    assert buyer.post(f"/award-scenarios/{view.id}/remove").status_code == 302
    db.session.rollback()
    assert queries.scenarios(tender.project_id) == []
    assert view.cost == sum((one.amount for one in view.winners), Decimal(0))
