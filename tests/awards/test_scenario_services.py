"""Scenarios: asked, solved in a process of its own, checked again, changed by hand, proposed."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from srm_portal.awards import queries, services
from srm_portal.awards.domain.award_file import run
from srm_portal.awards.domain.reading import read
from srm_portal.awards.services import scenarios
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.awards import a_scenario, asked, solved
from tests.support.factories.contracts import a_ranked_project
from tests.support.factories.offers import Tender, opened_event
from tests.support.world import World

D = Decimal
PRICES: list[Any] = [{1: "10", 2: "20", 3: "30"}, {1: "8", 2: "25", 3: "31"}, {1: "12", 2: "18", 3: "33"}]


def three_lots(world: World, **values: Any) -> Tender:
    return a_ranked_project(world, prices=PRICES, lines=3, lots=3, **values)


def winners(view: queries.ScenarioView) -> dict[str, str]:
    return {won.lot: won.supplier_name for won in view.winners}


def test_the_cheapest_award_is_proved_and_checked_again(world: World) -> None:
    view = a_scenario(world, three_lots(world).project_id)
    assert (view.state, view.status, view.gap) == ("solved", "optimal", D(0))
    assert winners(view) == {"1": "Bidder 02", "2": "Bidder 03", "3": "Bidder 01"}
    assert view.cost == view.bound == sum(won.amount for won in view.winners)
    assert view.solver.startswith("HiGHS")


def test_the_solver_works_in_a_process_of_its_own(world: World) -> None:
    tender = three_lots(world)
    rule = {"kind": "max_suppliers", "value": 2}
    made = services.create_scenario(world.buyer, tender.project_id, "Apart", asked("cheapest", rule), now=world.now)
    apart, here = solved(world, made), a_scenario(world, tender.project_id, rule)
    assert (apart.status, apart.cost, apart.winners) == ("optimal", here.cost, here.winners)
    assert apart.prices == here.prices


def test_at_most_one_supplier_costs_what_it_costs(world: World) -> None:
    tender = three_lots(world)
    free = a_scenario(world, tender.project_id)
    one = a_scenario(world, tender.project_id, kind="best_of", suppliers=1)
    assert len(one.suppliers) == 1 and one.cost and free.cost
    assert one.prices[0].in_context == one.prices[0].alone == one.cost - free.cost


def test_rules_that_cannot_hold_together_are_named_with_what_would_help(world: World) -> None:
    tender = three_lots(world)
    rules = (
        {"kind": "max_suppliers", "value": 1},
        {"kind": "min_quality", "value": "0"},
        {"kind": "max_share", "value": "0.9"},
    )
    view = a_scenario(world, tender.project_id, *rules)
    assert view.status == "infeasible" and not view.can_be_awarded
    assert [one["kind"] for one in view.conflict] == ["max_suppliers", "max_share"]
    assert [value for _rule, value in view.loosened] == [D(2), D(1)]
    with pytest.raises(Refused, match="scenario_not_solved"):
        services.propose_scenario(
            world.buyer, view.id, justification="It is cheap.", standstill_days=1, version=None, now=world.now
        )


def test_the_exported_file_gives_the_same_answer_on_the_command_line(world: World) -> None:
    view = a_scenario(world, three_lots(world).project_id, {"kind": "max_share", "value": "0.6"})
    status, answer = run(json.loads(view.document))
    assert status == 0 and view.cost == D(answer["cost"])
    assert {(one["lot"], one["supplier"]) for one in answer["allocation"]} == {
        (one.lot, one.supplier_id) for one in view.winners
    }


def test_an_award_that_the_exact_check_refuses_is_never_shown(world: World) -> None:
    view = a_scenario(world, three_lots(world).project_id)
    problem = read(json.loads(view.document))
    status, answer = run(json.loads(view.document))
    found = {"step": "best", "answer": answer, "shares": [[at, "1"] for at in range(3)], "packages": [], "seconds": 0}
    result, wrong = scenarios.answered(problem, [found], "")
    assert wrong == "award_fails_check" and "answer" not in result
    assert status == 0


def test_a_lot_split_between_two_suppliers_adds_up_to_the_cent(world: World) -> None:
    view = a_scenario(
        world,
        three_lots(world).project_id,
        {"kind": "min_suppliers_per_lot", "value": 2},
        split={"share_min": "0.3", "share_max": "0.7"},
    )
    assert view.status == "optimal"
    by_lot: dict[str, Decimal] = {}
    for won in view.winners:
        by_lot[won.lot] = by_lot.get(won.lot, D(0)) + won.share
    assert by_lot == {"1": 1, "2": 1, "3": 1} and len(view.winners) == 6
    assert view.cost == view.value


def test_packages_and_discounts_count_and_come_down_to_lots(world: World) -> None:
    tender = three_lots(world)
    first, second = tender.suppliers[0], tender.suppliers[1]
    free = a_scenario(world, tender.project_id)
    assert free.cost is not None
    low = (free.cost / 4).quantize(D("0.01"))
    known = {
        "packages": [{"id": "Both", "supplier": first, "lots": ["1", "2"], "price": str(low), "xor_group": None}],
        "discounts": [
            {"supplier": second, "kind": "all_units", "tiers": [{"from": "0", "percent": "10"}]},
        ],
    }
    services.save_known(world.buyer, tender.project_id, known, version=None, now=world.now)
    view = a_scenario(world, tender.project_id)
    assert view.status == "optimal" and {won.package for won in view.winners if won.supplier_id == first} == {"Both"}
    assert sum(won.amount for won in view.winners if won.package) == low
    assert view.cost == view.value
    assert not queries.is_current(queries.scenario_for(world.buyer, free.id))


def test_incumbents_keep_their_lots_and_switching_costs_count(world: World) -> None:
    tender = three_lots(world)
    known = {"lots": {"1": {"incumbent": tender.suppliers[2]}}, "switching_cost_rate": "0.5"}
    services.save_known(world.buyer, tender.project_id, known, version=None, now=world.now)
    kept = a_scenario(world, tender.project_id, kind="incumbents")
    assert winners(kept)["1"] == "Bidder 03"


def test_facts_that_make_no_sense_are_refused_with_the_field(world: World) -> None:
    tender = three_lots(world)
    known = {"packages": [{"id": "P", "supplier": tender.suppliers[0], "lots": ["1", "1"], "price": "5"}]}
    with pytest.raises(Invalid) as caught:
        services.save_known(world.buyer, tender.project_id, known, version=None, now=world.now)
    assert dict(caught.value.problems[0].facts)["field"] == "packages[0].lots"
    assert queries.terms(tender.project_id).known == {}


def test_winners_chosen_by_hand_show_what_they_break(world: World) -> None:
    tender = three_lots(world)
    base = a_scenario(world, tender.project_id, {"kind": "max_suppliers", "value": 2})
    shares = {(str(lot), tender.suppliers[lot - 1]): Fraction(1) for lot in (1, 2, 3)}
    made = services.place_by_hand(world.buyer, base.id, shares, (), "My own", now=world.now)
    view = queries.scenario_for(world.buyer, made)
    assert (view.state, view.status) == ("solved", "by_hand")
    assert [one["code"] for one in view.violations] == ["max_suppliers"]
    fewer = services.place_by_hand(
        world.buyer, base.id, {("1", tender.suppliers[0]): Fraction(1)}, (), "Open lots", now=world.now
    )
    left = queries.scenario_for(world.buyer, fewer)
    assert [one["code"] for one in left.violations if one["index"] is None] == ["uncovered_lot", "uncovered_lot"]
    with pytest.raises(Refused, match="scenario_breaks_rules"):
        services.propose_scenario(
            world.buyer, fewer, justification="Nothing else.", standstill_days=1, version=None, now=world.now
        )


def test_a_hand_made_award_names_offers_that_exist(world: World) -> None:
    tender = three_lots(world)
    base = a_scenario(world, tender.project_id)
    with pytest.raises(Invalid):
        services.place_by_hand(world.buyer, base.id, {("1", "nobody"): Fraction(1)}, (), "x", now=world.now)


def test_time_that_ends_leaves_the_best_so_far_and_the_choice_to_go_on(world: World) -> None:
    tender = three_lots(world)
    made = services.create_scenario(world.buyer, tender.project_id, "Slow", asked(seconds=1), now=world.now)
    problem = read(queries.ground(tender.project_id).document)
    answer = run(queries.ground(tender.project_id).document)[1]
    shares = [[at, "1"] for at, offer in enumerate(problem.offers) if _won(answer, problem, offer)]
    first = {"step": "first", "done": 1, "total": 3, "shares": shares, "packages": [], "seconds": 1.0}
    first["answer"] = answer | {"status": "feasible", "bound": "1", "gap": "0.9"}
    scenarios.finish(made, [{"step": "started", "solver": "HiGHS"}, first], "", now=world.now)
    view = queries.scenario_for(world.buyer, made)
    assert (view.state, view.status, view.bound) == ("solved", "feasible", D("1.00")) and view.can_be_awarded
    services.go_on(world.buyer, made, now=world.now)
    assert solved(world, made).status == "optimal"
    with pytest.raises(Refused, match="wrong_state"):
        services.go_on(world.buyer, made, now=world.now)


def _won(answer: dict[str, Any], problem: Any, offer: Any) -> bool:
    lot, supplier = problem.lots[offer.lot].id, problem.suppliers[offer.supplier].id
    return any((one["lot"], one["supplier"]) == (lot, supplier) for one in answer["allocation"])


def test_a_worse_answer_of_a_longer_search_does_not_replace_the_better_one() -> None:
    def answer(cost: str | None, bound: str, status: str = "feasible") -> dict[str, Any]:
        return {"answer": {"cost": cost, "bound": bound, "status": status, "gap": "0.1"}}

    assert scenarios._kept(answer("10", "8"), answer("11", "9")) == answer("10", "8")
    assert scenarios._kept(answer("10", "8"), answer("9", "7"))["answer"]["bound"] == "8"
    assert scenarios._kept(answer("10", "8"), answer("9", "9", "optimal"))["answer"]["bound"] == "9"
    assert scenarios._kept(answer(None, "0"), answer("9", "7")) == answer("9", "7")


def test_stopping_takes_the_best_found_so_far(world: World) -> None:
    tender = three_lots(world)
    made = services.create_scenario(world.buyer, tender.project_id, "Stopped", asked(), now=world.now)
    services.stop_solving(world.buyer, made, now=world.now)
    view = solved(world, made)
    assert (view.state, view.error) == ("failed", "stopped")
    with pytest.raises(Refused, match="wrong_state"):
        services.stop_solving(world.buyer, made, now=world.now)


def test_a_scenario_is_removed_unless_an_award_came_of_it(world: World) -> None:
    tender = three_lots(world)
    keep, drop = a_scenario(world, tender.project_id), a_scenario(world, tender.project_id)
    services.propose_scenario(
        world.buyer, keep.id, justification="The cheapest of all.", standstill_days=3, version=None, now=world.now
    )
    services.remove_scenario(world.buyer, drop.id, now=world.now)
    with pytest.raises(Refused, match="scenario_in_use"):
        services.remove_scenario(world.buyer, keep.id, now=world.now)
    assert [one.id for one in queries.scenarios(tender.project_id)] == [keep.id]


def test_a_proposed_scenario_becomes_the_award_line_by_line(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(
        world,
        tender.project_id,
        {"kind": "min_suppliers_per_lot", "value": 2},
        split={"share_min": "0.25", "share_max": "0.75"},
    )
    award_id = services.propose_scenario(
        world.buyer, view.id, justification="Two sources each.", standstill_days=3, version=None, now=world.now
    )
    award = queries.award_by_id(award_id)
    assert award.value == view.value and award.scenario_id == view.id
    assert sorted((one.share for one in award.lines), reverse=True) == [D("0.75")] * 3 + [D("0.25")] * 3


def test_amounts_that_changed_make_a_scenario_old(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(world, tender.project_id)
    known = {"suppliers": {tender.suppliers[0]: {"fixed_cost": "500"}}}
    services.save_known(world.buyer, tender.project_id, known, version=None, now=world.now)
    with pytest.raises(Refused, match="scenario_is_old"):
        services.propose_scenario(
            world.buyer, view.id, justification="The cheapest of all.", standstill_days=3, version=None, now=world.now
        )


def test_nothing_to_award_is_said_before_the_solver_starts(world: World) -> None:
    tender = a_ranked_project(world, prices=[{1: "10", 2: None}, {1: "8", 2: None}])
    with pytest.raises(Refused, match="nothing_to_award"):
        services.create_scenario(world.buyer, tender.project_id, "x", asked(), now=world.now)


def test_equal_offers_and_a_price_of_zero_are_awarded_all_the_same(world: World) -> None:
    tender = a_ranked_project(world, prices=[{1: "0", 2: "20"}, {1: "0", 2: "20"}], lines=2, lots=2)
    first, second = a_scenario(world, tender.project_id), a_scenario(world, tender.project_id)
    assert first.status == "optimal" and winners(first) == winners(second)


def test_a_single_offer_is_an_award_too(world: World) -> None:
    tender = a_ranked_project(world, prices=[{1: "10", 2: "20"}])
    assert a_scenario(world, tender.project_id).status == "optimal"
    tight = a_scenario(world, tender.project_id, {"kind": "min_suppliers", "value": 2})
    assert [one["kind"] for one in tight.conflict] == ["min_suppliers"]


def test_strangers_and_readers_make_no_scenarios(world: World) -> None:
    tender = three_lots(world)
    view = a_scenario(world, tender.project_id)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    for person in (stranger, world.auditor, tender.first):
        with pytest.raises(NotFound):
            services.create_scenario(person, tender.project_id, "x", asked(), now=world.now)
    with pytest.raises(NotFound):
        queries.scenario_for(stranger, view.id)
    assert queries.scenario_for(world.auditor, view.id).id == view.id


def test_the_solver_works_only_at_step_six(world: World) -> None:
    tender = opened_event(world)
    with pytest.raises(Refused, match="not_current_step"):
        services.create_scenario(world.buyer, tender.project_id, "x", asked(), now=world.now)
    assert sourcing.project(tender.project_id).stage == "selection"
