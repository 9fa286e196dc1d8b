"""Criteria, scorecards, consensus and ranking as people work with them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain import scoring_file
from srm_portal.identity.queries import active_actor
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from srm_portal.sourcing import services as sourcing
from tests.support.factories.contracts import PRICES, a_ranked_project
from tests.support.factories.evaluation import WITH_MARKS, the_criteria
from tests.support.factories.offers import Tender, opened_event
from tests.support.factories.sourcing import an_approved_need
from tests.support.world import World

D = Decimal


def _tender(world: World) -> Tender:
    people = [world.evaluator, world.person("evaluator")]
    return opened_event(world, prices=PRICES, criteria=WITH_MARKS, evaluators=people)


def _mark_all(world: World, tender: Tender, actor: object, points: str) -> None:
    services.declare(actor, tender.project_id, conflict="", now=world.now)  # type: ignore[arg-type]
    for view in queries.criteria(tender.project_id):
        if view.value.manual:
            for offer in queries.offer_facts(tender.project_id):
                services.save_mark(
                    actor,  # type: ignore[arg-type]
                    tender.project_id,
                    view.value.id,
                    offer.supplier_id,
                    points=D(points),
                    comment="",
                    now=world.now,
                )


def _actors(world: World, tender: Tender) -> list[object]:
    return [active_actor(one.user_id) for one in queries.evaluators(tender.project_id)]


def test_weights_that_make_99_stay_a_draft_and_block_the_step(world: World) -> None:
    project_id = an_approved_need(world)
    short = [WITH_MARKS[0], WITH_MARKS[1]]
    services.save_criteria(world.buyer, project_id, short, {}, now=world.now)
    with pytest.raises(Invalid) as caught:
        services.save_criteria(world.buyer, project_id, short, {}, complete=True, now=world.now)
    assert [one.code for one in caught.value.problems] == ["weights_sum"]


def test_criteria_are_fixed_at_publication(world: World) -> None:
    tender = opened_event(world, prices=PRICES)
    with pytest.raises(Refused, match="event_is_published"):
        the_criteria(world, tender.project_id)


def test_nobody_marks_before_declaring(world: World) -> None:
    tender = _tender(world)
    criterion = next(one.value for one in queries.criteria(tender.project_id) if one.value.manual)
    with pytest.raises(Refused, match="declare_first"):
        services.save_mark(
            world.evaluator,
            tender.project_id,
            criterion.id,
            tender.suppliers[0],
            points=D(3),
            comment="",
            now=world.now,
        )


def test_a_conflict_of_interest_excludes_from_marking(world: World) -> None:
    tender = _tender(world)
    services.declare(world.evaluator, tender.project_id, conflict="My brother works there", now=world.now)
    with pytest.raises(Refused, match="scorecard_is_in"):
        services.declare(world.evaluator, tender.project_id, conflict="", now=world.now)


@pytest.mark.parametrize("points", ["5.5", "-1", "3.3"])
def test_a_mark_outside_the_scale_is_refused(world: World, points: str) -> None:
    tender = _tender(world)
    services.declare(world.evaluator, tender.project_id, conflict="", now=world.now)
    criterion = next(one.value for one in queries.criteria(tender.project_id) if one.value.manual)
    with pytest.raises(Invalid):
        services.save_mark(
            world.evaluator,
            tender.project_id,
            criterion.id,
            tender.suppliers[0],
            points=D(points),
            comment="",
            now=world.now,
        )


def test_not_graded_is_not_zero(world: World) -> None:
    tender = _tender(world)
    services.declare(world.evaluator, tender.project_id, conflict="", now=world.now)
    with pytest.raises(Refused, match="marks_missing"):
        services.submit_scorecard(world.evaluator, tender.project_id, now=world.now)


def test_the_ends_of_the_scale_owe_a_comment(world: World) -> None:
    tender = _tender(world)
    _mark_all(world, tender, world.evaluator, "5")
    with pytest.raises(Refused, match="comment_owed"):
        services.submit_scorecard(world.evaluator, tender.project_id, now=world.now)


def test_marks_of_others_are_hidden_until_they_are_in(world: World) -> None:
    tender = _tender(world)
    _mark_all(world, tender, world.evaluator, "3")
    assert queries.submitted_marks(tender.project_id) == {}
    services.submit_scorecard(world.evaluator, tender.project_id, now=world.now)
    assert len(queries.submitted_marks(tender.project_id)) == 4
    with pytest.raises(Refused, match="scorecard_is_in"):
        _mark_all(world, tender, world.evaluator, "4")


def test_the_ranking_waits_for_every_scorecard(world: World) -> None:
    tender = _tender(world)
    with pytest.raises(Refused, match="scorecards_open"):
        services.run_ranking(world.buyer, tender.project_id, now=world.now)
    for actor in _actors(world, tender):
        _mark_all(world, tender, actor, "3")
        services.submit_scorecard(actor, tender.project_id, now=world.now)  # type: ignore[arg-type]
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    ranking = queries.ranking(tender.project_id)
    assert ranking is not None and [row.rank for row in ranking.rows] == [1, 2]


def test_a_consensus_replaces_the_mean_and_needs_a_reason(world: World) -> None:
    tender = _tender(world)
    for actor, points in zip(_actors(world, tender), ("2", "4"), strict=True):
        _mark_all(world, tender, actor, points)
        services.submit_scorecard(actor, tender.project_id, now=world.now)  # type: ignore[arg-type]
    criterion = next(one.value for one in queries.criteria(tender.project_id) if one.value.manual)
    key = (criterion.id, tender.suppliers[0])
    assert queries.agreed_marks(tender.project_id)[key] == D(3)
    with pytest.raises(Refused, match="reason_needed"):
        services.set_consensus(world.buyer, tender.project_id, *key, points=D(2), reason=" ", now=world.now)
    services.set_consensus(world.buyer, tender.project_id, *key, points=D(2), reason="talked", now=world.now)
    assert queries.agreed_marks(tender.project_id)[key] == D(2)


def test_a_kept_run_gives_the_same_bytes_again(world: World) -> None:
    tender = a_ranked_project(world)
    ranking = queries.ranking(tender.project_id)
    text = queries.document_text(tender.project_id)
    assert ranking is not None and text is not None
    assert scoring_file.run(json.loads(text)) == ranking.result


def test_a_recommendation_says_why(world: World) -> None:
    tender = opened_event(world, prices=PRICES)
    with pytest.raises(Refused, match="ranking_missing"):
        services.recommend(world.buyer, tender.project_id, tender.suppliers[0], "Because it is", now=world.now)
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    with pytest.raises(Invalid):
        services.recommend(world.buyer, tender.project_id, tender.suppliers[0], "Yes", now=world.now)
    with pytest.raises(NotFound):
        services.recommend(world.buyer, tender.project_id, "absent", "Because it is", now=world.now)


def test_step_five_is_passed_once_everything_is_there(world: World) -> None:
    tender = opened_event(world, prices=PRICES)
    with pytest.raises(Refused, match="step_blocked"):
        sourcing.pass_stage(world.buyer, tender.project_id, "selection", now=world.now)
    services.run_ranking(world.buyer, tender.project_id, now=world.now)
    services.recommend(world.buyer, tender.project_id, tender.suppliers[0], "A sound offer.", now=world.now)
    sourcing.pass_stage(world.buyer, tender.project_id, "selection", now=world.now)


@pytest.mark.parametrize("page", ["criteria", "ranking"])
def test_the_pages_open_for_buyers_and_not_for_strangers(world: World, page: str) -> None:
    tender = a_ranked_project(world)
    url = f"/projects/{tender.project_id}/{page}"
    assert world.client_of(world.buyer).get(url).status_code == 200
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    assert world.client_of(stranger).get(url).status_code == 404


def test_the_scorecard_saves_each_cell_and_hides_prices(world: World) -> None:
    tender = _tender(world)
    client = world.client_of(world.evaluator)
    client.post(f"/projects/{tender.project_id}/declare", data={"conflict": ""})
    page = client.get(f"/projects/{tender.project_id}/scorecard")
    assert page.status_code == 200 and "3,000" not in page.text
    criterion = next(one.value for one in queries.criteria(tender.project_id) if one.value.manual)
    name = f"mark|{criterion.id}|{tender.suppliers[0]}"
    url = f"/projects/{tender.project_id}/marks"
    assert client.post(url, json={"name": name, "value": "3.5"}).json == {"ok": True}
    assert client.post(url, json={"name": name, "value": "7"}).status_code == 422
    assert client.post(url, json={"name": name, "value": "NaN"}).status_code == 422
    assert client.post(url, json={"name": "mark|x|y", "value": "3"}).status_code == 404


def test_wrong_criteria_keep_what_was_typed(world: World) -> None:
    project_id = an_approved_need(world)
    data = {"criteria-0-name": "Price", "criteria-0-kind": "price", "criteria-0-weight": "sixty"}
    answer = world.client_of(world.buyer).post(f"/projects/{project_id}/criteria", data=data)
    assert answer.status_code == 422
    assert "sixty" in answer.text and "is not a number" in answer.text
