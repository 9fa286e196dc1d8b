"""The pages of criteria, consensus, ranking and sensitivity, as people use them without script."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from srm_portal.evaluation import queries, services
from srm_portal.evaluation.domain import scoring_file
from srm_portal.evaluation.domain.sheet import CriterionValue
from srm_portal.identity.queries import active_actor
from srm_portal.infra.db import db
from tests.support.factories.contracts import PRICES
from tests.support.factories.offers import Tender, a_tender, opened_event
from tests.support.factories.sourcing import an_approved_need
from tests.support.statements import count_statements
from tests.support.world import World

D = Decimal
CRITERIA = (
    CriterionValue("", "Price", "price", D(60), "Commercial", worst=D(1_000_000), best=D(1)),
    CriterionValue("", "Quality", "points", D(30), "Technical"),
    CriterionValue("", "Service", "points", D(10), "Technical / People"),
)
STATEMENTS_MAX = 12


def _post(client: FlaskClient, url: str, **sent: Any) -> TestResponse:
    """Send, and let the test read afresh what came of it."""
    db.session.rollback()
    return client.post(url, **sent)


def _marked(world: World, *, ranked: bool = True) -> Tender:
    people = [world.evaluator, world.person("evaluator")]
    tender = opened_event(world, prices=PRICES, criteria=CRITERIA, evaluators=people)
    for at, one in enumerate(queries.evaluators(tender.project_id)):
        actor = active_actor(one.user_id)
        assert actor is not None
        services.declare(actor, tender.project_id, conflict="", now=world.now)
        for view in queries.owed(one, tender.project_id):
            for place, offer in enumerate(queries.offer_facts(tender.project_id)):
                points = D(1 + (place + 2 * at) % 4)
                services.save_mark(
                    actor, tender.project_id, view.value.id, offer.supplier_id,
                    points=points, comment="as seen", now=world.now,
                )  # fmt: skip
        services.submit_scorecard(actor, tender.project_id, now=world.now)
    if ranked:
        services.run_ranking(world.buyer, tender.project_id, now=world.now)
    return tender


def _draft(world: World) -> str:
    project_id = an_approved_need(world)
    services.save_criteria(world.buyer, project_id, CRITERIA, {}, now=world.now)
    return project_id


@pytest.mark.parametrize("page", ["consensus", "ranking", "sensitivity", "criteria/checks", "criteria/plan"])
def test_the_pages_of_the_selection_open_and_ask_little_of_the_database(world: World, page: str) -> None:
    tender = _marked(world)
    client = world.client_of(world.buyer)
    client.get("/profile")
    with count_statements() as statements:
        answer = client.get(f"/projects/{tender.project_id}/{page}")
    assert answer.status_code == 200
    assert len(statements.texts) <= STATEMENTS_MAX, "\n".join(statements.texts)


def test_every_number_opens_to_its_formula_and_its_sources(world: World) -> None:
    tender = _marked(world)
    client = world.client_of(world.buyer)
    view = queries.ranking(tender.project_id)
    assert view is not None
    for criterion_id in view.criterion_ids:
        page = client.get(f"/projects/{tender.project_id}/ranking/{criterion_id}/{tender.suppliers[0]}")
        assert page.status_code == 200
    assert "as seen" in page.text and " / 5 = " in page.text
    assert client.get(f"/projects/{tender.project_id}/ranking/{view.criterion_ids[0]}/nobody").status_code == 404


@pytest.mark.parametrize(
    "method", ["weighted_sum", "topsis", "vikor", "promethee_ii", "price_per_quality", "reduced_price"]
)
def test_every_ranking_leaves_as_a_scoring_file_that_ranks_the_same(world: World, method: str) -> None:
    tender = _marked(world)
    client = world.client_of(world.buyer)
    answer = client.get(f"/projects/{tender.project_id}/ranking.json?method={method}")
    file = json.loads(answer.text)
    found = scoring_file.run(file)
    assert file["method"] == method
    assert sorted(found["ranking"])[0] == 1
    if method == "weighted_sum":
        view = queries.ranking(tender.project_id)
        assert view is not None and found == view.result


def test_a_method_that_is_none_has_no_file(world: World) -> None:
    tender = _marked(world)
    client = world.client_of(world.buyer)
    assert client.get(f"/projects/{tender.project_id}/ranking.json?method=dice").status_code == 404


def test_others_marks_are_hidden_until_all_are_in(world: World) -> None:
    tender = opened_event(world, prices=PRICES, criteria=CRITERIA, evaluators=[world.evaluator])
    page = world.client_of(world.buyer).get(f"/projects/{tender.project_id}/consensus")
    assert page.status_code == 200 and "hidden until all are in" in page.text


def test_the_meeting_agrees_locks_and_unlocks_on_its_page(world: World) -> None:
    tender = _marked(world, ranked=False)
    client, url = world.client_of(world.buyer), f"/projects/{tender.project_id}"
    criterion = next(view.value.id for view in queries.criteria(tender.project_id) if view.value.manual)
    cell = f"{url}/consensus/{criterion}/{tender.suppliers[0]}"
    _post(client, cell, data={"points": "4.5", "reason": "We saw the line run."})
    assert queries.consensus(tender.project_id)[(criterion, tender.suppliers[0])] == D("4.5")
    page = client.get(f"{url}/consensus").text
    assert "We saw the line run." in page and "Kendall" in page
    _post(client, f"{url}/lock")
    assert queries.plan(tender.project_id).locked_at is not None
    _post(client, cell, data={"points": "1", "reason": "Too late."})
    assert queries.consensus(tender.project_id)[(criterion, tender.suppliers[0])] == D("4.5")
    _post(client, f"{url}/unlock", data={"reason": "Another round of talk."})
    assert queries.plan(tender.project_id).locked_at is None


def test_blind_evaluators_see_letters_instead_of_names(world: World) -> None:
    tender = opened_event(world, prices=PRICES, criteria=CRITERIA, evaluators=[world.evaluator], plan={"blind": True})
    client = world.client_of(world.evaluator)
    _post(client, f"/projects/{tender.project_id}/declare", data={"conflict": ""})
    page = client.get(f"/projects/{tender.project_id}/scorecard").text
    assert "Offer A" in page and "Bidder" not in page


def test_one_criterion_is_set_in_full_and_drawn(world: World) -> None:
    project_id = _draft(world)
    client = world.client_of(world.buyer)
    price = queries.criteria(project_id)[0].value
    url = f"/projects/{project_id}/criteria/{price.id}"
    assert "<polyline" in client.get(url).text
    sent = {
        "formula": "piecewise",
        "points": "100 = 1\n150 = 0.25\n300 = 0",
        "description": "All in",
        "worst": "",
        "best": "",
    }
    assert _post(client, url, data=sent).status_code in (302, 303)
    held = queries.criteria(project_id)[0]
    assert held.value.points == ((D(100), D(1)), (D(150), D("0.25")), (D(300), D(0)))
    assert held.description == "All in"
    assert "favours the extremes" in client.get(f"/projects/{project_id}/criteria/checks").text
    wrong = _post(client, url, data=sent | {"points": "300 = 1; 100 = 0"})
    assert wrong.status_code == 422 and "300 = 1; 100 = 0" in wrong.text


def test_the_sheet_keeps_what_it_does_not_show(world: World) -> None:
    project_id = _draft(world)
    client = world.client_of(world.buyer)
    first = queries.criteria(project_id)[0].value
    _post(
        client,
        f"/projects/{project_id}/criteria/{first.id}",
        data={"formula": "exponential", "bend": "-0.5", "worst": "1000", "best": "1", "description": ""},
    )
    row = {
        "criteria-0-id": first.id, "criteria-0-name": "Cost", "criteria-0-kind": "price", "criteria-0-weight": "55",
        "criteria-0-worst": "900", "criteria-0-best": "1", "criteria-0-group": "Commercial",
    }  # fmt: skip
    assert _post(client, f"/projects/{project_id}/criteria", data=row).status_code in (302, 303)
    held = queries.criteria(project_id)[0].value
    assert (held.name, held.worst, held.formula, held.bend) == ("Cost", D(900), "exponential", D("-0.5"))


@pytest.mark.parametrize("method", ["swing", "ranks", "ahp", "bwm"])
def test_the_weights_are_worked_out_on_their_page(world: World, method: str) -> None:
    project_id = _draft(world)
    client = world.client_of(world.buyer)
    url = f"/projects/{project_id}/criteria/weights?method={method}"
    assert client.get(url).status_code == 200
    answers = {
        "swing": {"point-0": "100", "point-1": "50"},
        "ranks": {"place-0": "1", "place-1": "2"},
        "ahp": {"pair-0-1": "3"},
        "bwm": {"best": "0", "worst": "1", "over-1": "3", "under-0": "3"},
    }[method]
    assert _post(client, url, data=answers | {"use": "1", "method": method}).status_code in (302, 303)
    weights = [view.value.weight for view in queries.criteria(project_id)]
    assert sum(weights) == 100 and weights[0] > 60
    assert client.get(url).status_code == 200


def test_contradicting_comparisons_are_shown_with_the_pair_that_hurts_most(world: World) -> None:
    project_id = an_approved_need(world)
    three = [CriterionValue("", name, "points", D(1)) for name in ("Speed", "Care", "Cost")]
    services.save_criteria(world.buyer, project_id, three, {}, now=world.now)
    client = world.client_of(world.buyer)
    url = f"/projects/{project_id}/criteria/weights?method=ahp"
    _post(client, url, data={"pair-0-1": "5", "pair-1-2": "5", "pair-0-2": "1/5", "method": "ahp"})
    page = client.get(url).text
    assert "contradict each other" in page and "hurts most" in page


def test_the_plan_and_the_evaluators_are_set_on_their_page(world: World) -> None:
    project_id = _draft(world)
    client = world.client_of(world.buyer)
    url = f"/projects/{project_id}/criteria/plan"
    sent = {
        "told": "weights",
        "rule": "median",
        "comments": "all",
        "ties": "quality,price",
        "blind": "y",
        "least-1": "60",
    }
    assert _post(client, url, data=sent).status_code in (302, 303)
    plan = queries.plan(project_id)
    assert (plan.told, plan.blind, plan.rule, plan.ties) == ("weights", True, "median", ("quality", "price"))
    assert plan.group_minimums == {"Technical": D(60)}
    wrong = _post(client, url, data=sent | {"least-1": "many"})
    assert wrong.status_code == 422 and "many" in wrong.text
    quality = queries.criteria(project_id)[1].value.id
    person = world.evaluator.user_id
    _post(
        client,
        f"/projects/{project_id}/evaluators",
        data={"detailed": "1", "evaluators": person, f"voice-{person}": "2", f"criteria-{person}": quality},
    )
    held = queries.evaluators(project_id)[0]
    assert (held.voice, held.criteria) == (2, (quality,))
    _post(
        client,
        f"/projects/{project_id}/evaluators",
        data={"detailed": "1", "evaluators": person, f"voice-{person}": "-1"},
    )
    assert queries.evaluators(project_id)[0].voice == 2


def test_criteria_are_amended_on_their_page_and_suppliers_read_it(world: World) -> None:
    tender = a_tender(world, criteria=CRITERIA, evaluators=[world.evaluator])
    client = world.client_of(world.buyer)
    url = f"/projects/{tender.project_id}/criteria/amend"
    rows: dict[str, str] = {"reason": "Quality matters more, as a bidder pointed out."}
    for at, view in enumerate(queries.criteria(tender.project_id)):
        one = view.value
        rows |= {
            f"criteria-{at}-id": one.id, f"criteria-{at}-name": one.name, f"criteria-{at}-kind": one.kind,
            f"criteria-{at}-group": one.group, f"criteria-{at}-weight": ("50", "35", "15")[at],
            f"criteria-{at}-worst": "1000000" if at == 0 else "", f"criteria-{at}-best": "1" if at == 0 else "",
        }  # fmt: skip
    assert client.get(url).status_code == 200
    wrong = _post(client, url, data=rows | {"reason": ""})
    assert wrong.status_code == 422
    assert _post(client, url, data=rows).status_code in (302, 303)
    page = world.client_of(tender.first).get(f"/s/events/{tender.event_id}").text
    assert "35 %" in page and "How offers are judged" in page


def test_a_supplier_sees_only_what_the_buyer_chose_to_tell(world: World) -> None:
    tender = a_tender(world, criteria=CRITERIA, evaluators=[world.evaluator], plan={"told": "order"})
    page = world.client_of(tender.first).get(f"/s/events/{tender.event_id}").text
    assert "How offers are judged" in page and "60 %" not in page


def test_templates_are_kept_and_copied_on_the_page(world: World) -> None:
    project_id, fresh = _draft(world), an_approved_need(world)
    client = world.client_of(world.buyer)
    _post(client, f"/projects/{project_id}/criteria/template", data={"name": "Machines"})
    key = next(key for key, name in queries.sources(world.buyer, fresh) if name == "Machines")
    _post(client, f"/projects/{fresh}/criteria/copy", data={"source": key})
    assert [view.value.name for view in queries.criteria(fresh)] == ["Price", "Quality", "Service"]


def test_a_wrong_cell_of_the_scorecard_costs_no_other(world: World) -> None:
    tender = opened_event(world, prices=PRICES, criteria=CRITERIA, evaluators=[world.evaluator])
    client = world.client_of(world.evaluator)
    _post(client, f"/projects/{tender.project_id}/declare", data={"conflict": ""})
    one, other = tender.suppliers[:2]
    quality = next(view.value.id for view in queries.criteria(tender.project_id) if view.value.manual)
    sent = {f"mark|{quality}|{one}": "eleven", f"mark|{quality}|{other}": "3.5", "submit": "1"}
    page = _post(client, f"/projects/{tender.project_id}/scorecard", data=sent, follow_redirects=True)
    own = queries.own_evaluator(world.evaluator, tender.project_id)
    assert {key[1]: mark.points for key, mark in queries.own_marks(own.id).items()} == {other: D("3.5")}
    assert own.state == "open" and "eleven" in page.text


def test_a_supplier_opens_none_of_the_buyer_s_pages(world: World) -> None:
    tender = _marked(world)
    client = world.client_of(tender.first)
    for page in ("consensus", "ranking", "sensitivity", "criteria/plan", "criteria/weights", "criteria/checks"):
        assert client.get(f"/projects/{tender.project_id}/{page}").status_code == 404
