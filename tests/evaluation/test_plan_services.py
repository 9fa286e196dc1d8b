"""Criteria of every kind, the plan, weights worked out, templates, amendments, and marks that are locked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.audit.queries import stream_acts
from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain import assembly, scoring_file
from srm_portal.evaluation.domain.plan import PlanValue
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.identity.queries import active_actor
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.contracts import PRICES
from tests.support.factories.evaluation import WITH_MARKS, the_criteria
from tests.support.factories.offers import Tender, a_tender, opened_event
from tests.support.factories.sourcing import an_approved_need
from tests.support.world import World

D = Decimal
TREE = (
    CriterionValue("", "Price", "price", D(40), "Commercial", worst=D(1000), best=D(100)),
    CriterionValue("", "Energy", "life_cycle", D(10), "Commercial", worst=D(5000), best=D(100), years=10, rate=D(3)),
    CriterionValue("", "Team", "points", D(20), "Quality / People", scale=D(10)),
    CriterionValue("", "Plan", "file", D(10), "Quality / People", must=True),
    CriterionValue("", "Ready by", "date", D(10), "Quality", worst=D(739_900), best=D(739_800)),
    CriterionValue("", "Noise", "number", D(10), "Quality", formula="target", worst=D(0), best=D(90), ideal=D(40)),
)


def _people(world: World, tender: Tender) -> list[Actor]:
    found = [active_actor(one.user_id) for one in queries.evaluators(tender.project_id)]
    return [one for one in found if one is not None]


def _mark(world: World, tender: Tender, actor: Actor, points: str, comment: str = "seen") -> None:
    """Declare, mark everything that is owed, hand in."""
    services.declare(actor, tender.project_id, conflict="", now=world.now)
    own = queries.own_evaluator(actor, tender.project_id)
    for view in queries.owed(own, tender.project_id):
        for offer in queries.offer_facts(tender.project_id):
            services.save_mark(
                actor,
                tender.project_id,
                view.value.id,
                offer.supplier_id,
                points=D(points),
                comment=comment,
                now=world.now,
            )
    services.submit_scorecard(actor, tender.project_id, now=world.now)


def _marked(world: World, *points: str, **values: Any) -> Tender:
    people = [world.evaluator, *(world.person("evaluator") for _more in points[1:])]
    tender = opened_event(world, prices=PRICES, criteria=WITH_MARKS, evaluators=people, **values)
    for actor, given in zip(_people(world, tender), points, strict=True):
        _mark(world, tender, actor, given)
    return tender


def test_every_kind_of_criterion_comes_back_as_it_was_saved(world: World) -> None:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, TREE, {0: "The whole"}, complete=True, now=world.now)
    held = [replace(view.value, id="") for view in queries.criteria(project_id)]
    assert held == [replace(one, envelope="commercial") if one.kind in ("price", "life_cycle") else one for one in TREE]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"weight": D("NaN")}, "weight", "not_a_number"),
        ({"weight": D("-1")}, "weight", "weight_negative"),
        ({"worst": None}, "worst", "range_needed"),
        ({"worst": D(100), "best": D(100)}, "best", "range_empty"),
        ({"worst": D(1), "best": D(100)}, "worst", "ceiling_below_floor"),
        ({"formula": "nonsense"}, "formula", "unknown_value"),
        ({"formula": "piecewise"}, "points", "corners_needed"),
        ({"formula": "piecewise", "points": ((D(2), D(1)), (D(1), D(0)))}, "points", "corners_needed"),
        ({"formula": "exponential"}, "bend", "bend_needed"),
        ({"kind": "life_cycle"}, "years", "years_needed"),
        ({"kind": "points", "scale": D(0)}, "scale", "scale_out_of_range"),
        ({"kind": "choice"}, "options", "options_needed"),
        ({"group": "A / B / C / D"}, "group", "tree_too_deep"),
        ({"name": "Rest"}, "name", "criterion_twice"),
    ],
)
def test_what_is_wrong_with_a_criterion_is_named(world: World, wrong: dict[str, Any], field: str, code: str) -> None:
    project_id = an_approved_need(world)
    one = CriterionValue("", "Price", "price", D(50), worst=D(1000), best=D(100))
    rest = CriterionValue("", "Rest", "points", D(50))
    services.save_criteria(world.buyer, project_id, [one, rest], {}, now=world.now)
    with pytest.raises(Invalid) as caught:
        services.save_criteria(world.buyer, project_id, [rest, replace(one, **wrong)], {}, now=world.now)
    assert (field, code) in [(problem.field, problem.code) for problem in caught.value.problems]
    assert [view.value.name for view in queries.criteria(project_id)] == ["Price", "Rest"]


@pytest.mark.parametrize("weight", ["99", "0"])
def test_weights_that_do_not_make_100_block_the_step_and_are_kept(world: World, weight: str) -> None:
    project_id = an_approved_need(world)
    one = replace(WITH_MARKS[0], weight=D(weight))
    services.save_criteria(world.buyer, project_id, [one], {}, now=world.now)
    assert [view.value.weight for view in queries.criteria(project_id)] == [D(weight)]
    project = sourcing.project(project_id)
    found = {one.code: dict(one.facts) for one in sourcing.blockers(project, world.now, "criteria")}
    assert found["weights_sum"]["total"] == weight


def test_a_plan_is_fixed_with_the_publication(world: World) -> None:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, TREE, {}, now=world.now)
    wished = PlanValue("weights", True, "median", "all", ("quality",), {"Quality": D(60)})
    services.save_plan(world.buyer, project_id, wished, now=world.now)
    assert queries.plan(project_id) == wished
    with pytest.raises(Invalid) as caught:
        services.save_plan(world.buyer, project_id, replace(wished, group_minimums={"Nowhere": D(1)}), now=world.now)
    assert [problem.code for problem in caught.value.problems] == ["no_such_group"]
    tender = a_tender(world)
    with pytest.raises(Refused, match="event_is_published"):
        services.save_plan(world.buyer, tender.project_id, PlanValue(), now=world.now)


@pytest.mark.parametrize(
    ("told", "weight", "has_value"), [("full", "40", True), ("weights", "40", False), ("order", None, False)]
)
def test_suppliers_are_told_as_much_as_the_buyer_chose(
    world: World, told: str, weight: str | None, has_value: bool
) -> None:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, TREE, {}, now=world.now)
    services.save_plan(world.buyer, project_id, PlanValue(told=told), now=world.now)
    part = queries.published_part(project_id)
    first = part["items"][0]
    assert (first["weight"], bool(first["value"])) == (weight, has_value)
    assert (first["importance"], part["ties"]) == (1, ["price", "quality", "submitted"])
    assert part["items"][3]["knock_out"] == {"needed": True}


def test_weights_by_comparison_keep_the_total_of_their_group(world: World) -> None:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, TREE, {}, now=world.now)
    answers = {"matrix": [["1", "3", "5"], ["1/3", "1", "2"], ["1/5", "1/2", "1"]]}
    services.find_weights(world.buyer, project_id, "Quality", "ahp", answers, use=True, now=world.now)
    weights = {view.value.name: view.value.weight for view in queries.criteria(project_id)}
    assert weights["Team"] + weights["Plan"] + weights["Ready by"] + weights["Noise"] == 50
    assert abs(weights["Team"] - 2 * weights["Plan"]) <= D("0.02")
    assert (weights["Price"], weights["Energy"]) == (40, 10)
    held = queries.weights_found(project_id)["Quality"]
    assert (held.method, float(held.result["details"]["cr"]) < 0.1) == ("ahp", True)


@pytest.mark.parametrize(
    ("method", "answers", "expected"),
    [
        ("swing", {"points": ["100", "60"]}, ["62.5", "37.5"]),
        ("ranks", {"order": [2, 1]}, ["25", "75"]),
        ("ranks", {"order": [1, 1]}, ["50", "50"]),
        (
            "bwm",
            {"best": 0, "worst": 1, "best_to_others": ["1", "4"], "others_to_worst": ["4", "1"]},
            ["80", "20"],
        ),
        ("ahp", {"matrix": [["1", "3"], ["1/3", "1"]]}, ["75", "25"]),
    ],
)
def test_each_way_to_weights(world: World, method: str, answers: dict[str, Any], expected: list[str]) -> None:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, WITH_MARKS[:2], {}, now=world.now)
    services.find_weights(world.buyer, project_id, "", method, answers, use=True, now=world.now)
    assert [view.value.weight for view in queries.criteria(project_id)] == [D(one) for one in expected]


@pytest.mark.parametrize("points", [["0", "0"], ["many", "1"], ["-1", "2"], ["NaN", "1"]])
def test_weights_that_cannot_be_worked_out_change_nothing(world: World, points: list[str]) -> None:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, WITH_MARKS[:2], {}, now=world.now)
    with pytest.raises(Refused, match="weights_impossible"):
        services.find_weights(world.buyer, project_id, "", "swing", {"points": points}, use=True, now=world.now)
    assert [view.value.weight for view in queries.criteria(project_id)] == [60, 30]
    assert queries.weights_found(project_id) == {}


def test_criteria_are_copied_from_a_template_and_from_another_project(world: World) -> None:
    source, fresh, other = an_approved_need(world), an_approved_need(world), an_approved_need(world)
    services.save_criteria(world.buyer, source, TREE, {0: "All in"}, now=world.now)
    services.keep_template(world.buyer, source, "Machines", now=world.now)
    template = next(key for key, name in queries.sources(world.buyer, fresh) if name == "Machines")
    assert services.copy_criteria(world.buyer, fresh, template, now=world.now) == 6
    assert services.copy_criteria(world.buyer, other, f"project:{source}", now=world.now) == 6
    for project_id in (fresh, other):
        held = queries.criteria(project_id)
        assert [replace(view.value, id="") for view in held] == [
            replace(view.value, id="") for view in queries.criteria(source)
        ]
        assert held[0].description == "All in"


def test_nobody_copies_from_another_organisation(world: World) -> None:
    source = an_approved_need(world)
    services.save_criteria(world.buyer, source, TREE, {}, now=world.now)
    services.keep_template(world.buyer, source, "Machines", now=world.now)
    key = next(key for key, name in queries.sources(world.buyer, "") if name == "Machines")
    stranger = replace(world.buyer, organisation_id="org_elsewhere")
    with pytest.raises(NotFound):
        services.copy_criteria(stranger, source, key, now=world.now)
    assert queries.sources(stranger, "") == []


def test_a_change_after_the_publication_is_an_amendment_that_everybody_is_told(world: World) -> None:
    tender = a_tender(world)
    views = queries.criteria(tender.project_id)
    changed = [replace(views[0].value, weight=D(70)), replace(views[1].value, weight=D(30))]
    before = sourcing.event(tender.event_id).publication_sha256
    with pytest.raises(Refused, match="event_is_published"):
        services.save_criteria(world.buyer, tender.project_id, changed, {}, now=world.now)
    with pytest.raises(Refused, match="reason_needed"):
        services.amend_criteria(world.buyer, tender.project_id, changed, {}, reason="", now=world.now)
    services.amend_criteria(
        world.buyer, tender.project_id, changed, {}, reason="A bidder asked about the weights.", now=world.now
    )
    event = sourcing.event(tender.event_id)
    assert event.publication is not None
    assert [one["weight"] for one in event.publication["criteria"]["items"]] == ["70", "30"]
    assert event.publication_sha256 != before
    assert sourcing.amendments(tender.event_id)[-1].text == "A bidder asked about the weights."
    act = stream_acts(tender.stream, ["criteria.amended"])[-1]
    assert act.details["changes"]["Price"]["weight"] == ["60", "70"]


@pytest.mark.parametrize("how", ["added", "kind", "sum", "nothing"])
def test_an_amendment_cannot_change_what_was_asked(world: World, how: str) -> None:
    tender = a_tender(world)
    held = [view.value for view in queries.criteria(tender.project_id)]
    wished = {
        "added": [*held, CriterionValue("", "New", "points", D(0))],
        "kind": [held[0], replace(held[1], kind="number")],
        "sum": [replace(held[0], weight=D(61)), held[1]],
        "nothing": held,
    }[how]
    with pytest.raises((Refused, Invalid)):
        services.amend_criteria(world.buyer, tender.project_id, wished, {}, reason="Because we want to.", now=world.now)
    assert sourcing.amendments(tender.event_id) == []


def test_after_the_opening_nothing_is_amended(world: World) -> None:
    tender = opened_event(world, prices=PRICES)
    held = [view.value for view in queries.criteria(tender.project_id)]
    with pytest.raises(Refused, match="event_not_published"):
        services.amend_criteria(world.buyer, tender.project_id, held, {}, reason="Too late for this.", now=world.now)


def test_an_evaluator_marks_only_what_is_theirs(world: World) -> None:
    tender = opened_event(
        world, prices=PRICES, criteria=WITH_MARKS, evaluators=[world.evaluator, world.person("evaluator")]
    )
    quality, service = [view.value.id for view in queries.criteria(tender.project_id) if view.value.manual]
    one, other = _people(world, tender)
    services.assign_evaluators(
        world.buyer,
        tender.project_id,
        [one.user_id, other.user_id],
        voices={one.user_id: D(2)},
        criteria={one.user_id: [quality]},
        now=world.now,
    )
    services.declare(one, tender.project_id, conflict="", now=world.now)
    offer = queries.offer_facts(tender.project_id)[0].supplier_id
    with pytest.raises(Refused, match="criterion_of_others"):
        services.save_mark(one, tender.project_id, service, offer, points=D(3), comment="", now=world.now)
    for held in queries.offer_facts(tender.project_id):
        services.save_mark(one, tender.project_id, quality, held.supplier_id, points=D(4), comment="", now=world.now)
    services.submit_scorecard(one, tender.project_id, now=world.now)
    _mark(world, tender, other, "1")
    assert queries.agreed_marks(tender.project_id)[(quality, offer)] == 3
    assert queries.agreed_marks(tender.project_id)[(service, offer)] == 1


def test_a_criterion_whose_only_evaluator_has_a_conflict_stops_the_ranking(world: World) -> None:
    tender = opened_event(world, prices=PRICES, criteria=WITH_MARKS, evaluators=[world.evaluator])
    services.declare(world.evaluator, tender.project_id, conflict="My brother works there.", now=world.now)
    with pytest.raises(Refused, match="criterion_without_evaluator"):
        services.run_ranking(world.buyer, tender.project_id, now=world.now)


def test_locked_marks_do_not_change(world: World) -> None:
    tender = _marked(world, "3", "4")
    services.lock_technical(world.buyer, tender.project_id, now=world.now)
    assert queries.technical_locked(tender.project_id)
    criterion = next(view.value.id for view in queries.criteria(tender.project_id) if view.value.manual)
    offer = queries.offer_facts(tender.project_id)[0].supplier_id
    before = queries.agreed_marks(tender.project_id)
    with pytest.raises(Refused, match="technical_locked"):
        services.set_consensus(
            world.buyer, tender.project_id, criterion, offer, points=D(5), reason="We talked.", now=world.now
        )
    with pytest.raises(Refused, match="technical_locked"):
        services.lock_technical(world.buyer, tender.project_id, now=world.now)
    assert queries.agreed_marks(tender.project_id) == before


def test_a_lock_is_taken_back_with_a_reason_but_not_after_a_ranking(world: World) -> None:
    tender = _marked(world, "3", "4")
    with pytest.raises(Refused, match="technical_not_locked"):
        services.unlock_technical(world.buyer, tender.project_id, reason="Another round of talk.", now=world.now)
    services.lock_technical(world.buyer, tender.project_id, now=world.now)
    with pytest.raises(Refused, match="reason_needed"):
        services.unlock_technical(world.buyer, tender.project_id, reason="no", now=world.now)
    services.unlock_technical(world.buyer, tender.project_id, reason="Another round of talk.", now=world.now)
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    assert queries.plan(tender.project_id).locked_at == world.now
    with pytest.raises(Refused, match="ranking_exists"):
        services.unlock_technical(world.buyer, tender.project_id, reason="Another round of talk.", now=world.now)


def test_the_lock_waits_for_every_scorecard(world: World) -> None:
    tender = opened_event(world, prices=PRICES, criteria=WITH_MARKS, evaluators=[world.evaluator])
    with pytest.raises(Refused, match="scorecards_open"):
        services.lock_technical(world.buyer, tender.project_id, now=world.now)


def test_level_offers_are_placed_by_the_rule_fixed_in_advance(world: World) -> None:
    level = [{1: "10", 2: "20"}, {1: "10", 2: "20"}]
    tender = opened_event(world, prices=level, criteria=WITH_MARKS, evaluators=[world.evaluator])
    _mark(world, tender, world.evaluator, "3")
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    ranking = queries.ranking(tender.project_id)
    assert ranking is not None
    assert ranking.result["ranking"] == [1, 1]
    submitted = {row.settled_by for row in ranking.rows}
    assert submitted <= {"submitted", "level"}


def test_every_evaluator_is_left_out_in_turn(world: World) -> None:
    tender = _marked(world, "3", "4")
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    ranking = queries.ranking(tender.project_id)
    assert ranking is not None and ranking.facts is not None
    assert len(ranking.facts["without"]) == 2
    assert all(one["first"] for one in ranking.facts["without"])


def test_a_group_below_its_least_value_is_out(world: World) -> None:
    """Every mark is 2 of 5, 40 percent; the group asks for half."""
    grouped = [replace(one, group="Technical") if one.manual else one for one in WITH_MARKS]
    project_id = an_approved_need(world)
    the_criteria(world, project_id, grouped)
    services.save_plan(world.buyer, project_id, PlanValue(group_minimums={"Technical": D(50)}), now=world.now)
    facts = queries.plan(project_id).group_minimums
    views = [view.value for view in queries.criteria(project_id)]
    offers = [assembly.OfferFacts("a", "A", D(10), 3), assembly.OfferFacts("b", "B", D(20), 3)]
    marks = {(one.id, offer): D(2 if offer == "a" else 3) for one in views if one.manual for offer in ("a", "b")}
    answer = scoring_file.run(assembly.document(views, offers, marks, group_minimums=facts))
    assert answer["knocked_out"] == [{"alternative": "A", "criterion": "Technical", "why": "score_below_min"}]
    assert answer["ranking"] == [None, 1]


def test_the_best_score_that_is_knocked_out_is_neither_ranked_nor_recommended(world: World) -> None:
    strict = [replace(WITH_MARKS[0]), replace(WITH_MARKS[1], minimum=D(3)), WITH_MARKS[2]]
    tender = opened_event(world, prices=PRICES, criteria=strict, evaluators=[world.evaluator])
    services.declare(world.evaluator, tender.project_id, conflict="", now=world.now)
    quality, service = [view.value.id for view in queries.criteria(tender.project_id) if view.value.manual]
    offers = [one.supplier_id for one in queries.offer_facts(tender.project_id)]
    for place, supplier_id in enumerate(offers):
        for criterion, points in ((quality, "2.5" if place == 0 else "3"), (service, "4.5" if place == 0 else "0.5")):
            services.save_mark(
                world.evaluator, tender.project_id, criterion, supplier_id,
                points=D(points), comment="", now=world.now,
            )  # fmt: skip
    services.submit_scorecard(world.evaluator, tender.project_id, now=world.now)
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    ranking = queries.ranking(tender.project_id)
    assert ranking is not None
    out = next(row for row in ranking.rows if row.supplier_id == offers[0])
    assert (out.rank, out.knocked_out) == (None, ("Quality",))
    assert out.percent > 0
    with pytest.raises(Refused, match="knocked_out"):
        services.recommend(world.buyer, tender.project_id, offers[0], "The best of them all.", now=world.now)
