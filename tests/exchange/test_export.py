"""Projects as OCDS release packages: valid, complete, and silent about what is nobody's business."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.exchange import queries, services
from srm_portal.exchange.domain.json_in import load_json
from srm_portal.exchange.domain.json_out import dump_json
from srm_portal.exchange.domain.ocds_check import check_package
from srm_portal.exchange.domain.ocds_read import read_package
from srm_portal.kernel.errors import NotFound, Refused
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as projects
from tests.exchange.releases import award_release, package, planning_release, tender_release
from tests.exchange.stories import a_finished_story, a_published_story, carried_on, decided, opened, with_offers
from tests.support.factories.sourcing import a_need, an_approved_need
from tests.support.ocds_schema import code_faults, schema_faults, schema_is_absent
from tests.support.shared_data import needs, shared_path
from tests.support.world import World


def imported(world: World, release: dict[str, Any]) -> str:
    data = dump_json(package(release))
    (outcome,) = services.import_ocds(world.buyer, data, partial=False, now=world.now).outcomes
    return outcome.object_id


def exported(world: World, project_id: str) -> dict[str, Any]:
    """The release of the package, checked as far as the schema is there."""
    data = queries.export_of(world.buyer, project_id)
    assert check_package(load_json(data)) == []
    document: dict[str, Any] = json.loads(data)
    if not schema_is_absent():
        assert schema_faults(document) == [] and code_faults(document) == []
    (release,) = document["releases"]
    return release  # type: ignore[no-any-return]


def test_the_schema_judges_the_exports_of_this_file() -> None:
    needs(shared_path("data", "ocds", "standard-1__1__5.zip"))
    assert not schema_is_absent()


def test_an_imported_tender_is_written_as_it_was_said(world: World) -> None:
    release = exported(world, imported(world, tender_release()))
    assert (release["ocid"], release["tag"], release["buyer"]["name"]) == (
        "ocds-a1b2c3-001",
        ["tender"],
        "Example Works",
    )
    tender = release["tender"]
    assert (tender["status"], tender["procurementMethod"]) == ("active", "selective")
    assert (tender["value"], tender["mainProcurementCategory"]) == ({"amount": 20000.5, "currency": "EUR"}, "goods")
    assert tender["tenderPeriod"]["endDate"] == "2026-03-20T11:00:00.000Z"
    assert tender["items"][0]["quantity"] == 100


def test_an_imported_planning_keeps_its_budget_and_milestones(world: World) -> None:
    release = exported(world, imported(world, planning_release()))
    assert release["tag"] == ["planning"] and release["planning"]["budget"]["amount"]["amount"] == 25000
    assert [one["title"] for one in release["tender"]["milestones"]] == ["Market day"]


def test_an_archived_award_keeps_its_winner(world: World) -> None:
    release = exported(world, imported(world, award_release()))
    assert release["tag"] == ["tender", "award"] and release["tender"]["status"] == "complete"
    (award,) = release["awards"]
    assert award["value"] == {"amount": 18500, "currency": "EUR"}
    assert [one["name"] for one in award["suppliers"]] == ["Valve Makers"]


def test_what_was_exported_can_be_imported_elsewhere(world: World) -> None:
    project_id = imported(world, award_release())
    (again,) = read_package(load_json(queries.export_of(world.buyer, project_id))).imported
    assert (again.kind, again.title, again.awards[0].value) == ("archive", "Gate valves", again.awards[0].value)
    assert again.value is not None and again.value.amount == Decimal("20000.50")


def test_a_finished_project_is_exported_whole(world: World) -> None:
    story = a_finished_story(world, lots=2)
    release = exported(world, story.project_id)
    assert sourcing.project(story.project_id).stage == "finished"
    assert release["tag"] == ["tender", "award", "contract"] and release["tender"]["status"] == "complete"
    assert release["buyer"]["name"] == "Nordwerk"
    assert [lot["id"] for lot in release["tender"]["lots"]] == ["1", "2"]
    assert {one["status"] for one in release["bids"]["details"]} == {"valid", "disqualified"}
    measures = {one["measure"]: one["value"] for one in release["bids"]["statistics"]}
    assert (measures["bids"], measures["validBids"]) == (3, 2)
    awarded = {lot: award["suppliers"][0]["id"] for award in release["awards"] for lot in award["relatedLots"]}
    assert set(awarded) == {"1", "2"}
    assert {one["awardID"] for one in release["contracts"]} == {award["id"] for award in release["awards"]}
    bids = {one["id"] for one in release["bids"]["details"]}
    assert {award["relatedBid"] for award in release["awards"]} <= bids


def test_an_imported_tender_carried_to_its_contract_keeps_its_process(world: World) -> None:
    project_id = imported(world, tender_release())
    story = carried_on(world, project_id)
    open_release = exported(world, project_id)
    assert open_release["tender"]["tenderPeriod"]["endDate"].startswith("2026-03-09") and "bids" not in open_release
    with_offers(world, story)
    opened(world, story)
    decided(world, story)
    release = exported(world, project_id)
    assert (release["ocid"], release["tag"]) == ("ocds-a1b2c3-001", ["tender", "award", "contract"])
    assert release["tender"]["status"] == "complete" and release["buyer"]["name"] == "Example Works"
    assert release["tender"]["value"]["amount"] == 20000.5
    assert {one["name"] for one in release["awards"][0]["suppliers"]} <= {one["name"] for one in release["parties"]}


def test_criteria_are_written_with_weights_and_knock_outs(world: World) -> None:
    tender = exported(world, a_published_story(world).project_id)["tender"]
    rated = tender["lots"][0]["awardCriteria"]["criteria"]
    assert [(one["name"], one["numbers"][0]["number"]) for one in rated] == [("Price", 0.6), ("ISO 9001", 0.4)]
    assert [one["title"] for one in tender["criteria"]] == ["ISO 9001"]


def test_questions_answered_to_everybody_are_told_without_their_asker(world: World) -> None:
    tender = exported(world, a_published_story(world).project_id)["tender"]
    (enquiry,) = tender["enquiries"]
    assert (enquiry["description"], enquiry["answer"]) == ("Which steel, number 0?", "316L") and "author" not in enquiry


def test_nothing_of_the_bidders_is_told_before_the_opening(world: World) -> None:
    story = a_published_story(world)
    with_offers(world, story)
    release = exported(world, story.project_id)
    assert "bids" not in release and [party["roles"] for party in release["parties"]] == [["buyer", "procuringEntity"]]
    opened(world, story)
    assert len(exported(world, story.project_id)["bids"]["details"]) == 3


def test_budget_and_target_prices_stay_inside_before_the_opening(world: World) -> None:
    project_id = an_approved_need(world)
    release = exported(world, project_id)
    assert release["tag"] == ["planning"] and "budget" not in release.get("planning", {})
    text = json.dumps(release)
    assert "120000" not in text and "8.5" not in text and "second source" not in text


def test_the_same_project_gives_the_same_bytes(world: World) -> None:
    project_id = a_finished_story(world).project_id
    first = queries.export_of(world.buyer, project_id)
    world.later(days=3)
    assert queries.export_of(world.auditor, project_id) == first


def test_a_cancelled_project_says_so(world: World) -> None:
    project_id = imported(world, tender_release())
    projects.cancel_project(world.buyer, project_id, reason="Not needed", now=world.now)
    assert exported(world, project_id)["tag"] == ["tenderCancellation"]


def test_a_need_that_nobody_approved_is_not_exported(world: World) -> None:
    project_id = a_need(world)
    with pytest.raises(Refused) as refused:
        queries.export_of(world.buyer, project_id)
    assert refused.value.code == "not_exportable"


def test_the_list_holds_what_can_be_exported(world: World) -> None:
    a_need(world)
    references = [
        sourcing.project(one).reference for one in (an_approved_need(world), imported(world, award_release()))
    ]
    assert [project.reference for project in queries.exportable(world.buyer)] == references


def test_who_may_not_export_finds_nothing(world: World) -> None:
    project_id = an_approved_need(world)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    for actor in (world.requester, world.evaluator, stranger):
        with pytest.raises(NotFound):
            queries.export_of(actor, project_id)


def test_every_imported_real_release_is_exported_valid(world: World) -> None:
    data = needs(shared_path("data", "uk-contracts-finder", "releases.json")).read_bytes()
    services.import_ocds(world.buyer, data, partial=True, now=world.now)
    listed = queries.exportable(world.buyer)
    assert len(listed) == 191
    for project in listed:
        written = queries.export_of(world.buyer, project.id)
        assert check_package(load_json(written)) == [], project.reference
        assert schema_is_absent() or schema_faults(json.loads(written)) == [], project.reference
