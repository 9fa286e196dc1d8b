"""OCDS releases into a real database: all or nothing, or the good ones of them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.audit.queries import stream_acts
from srm_portal.audit.services import verify_streams
from srm_portal.exchange import services
from srm_portal.exchange.domain.json_out import dump_json
from srm_portal.exchange.domain.report import ImportReport
from srm_portal.kernel.errors import InputError, NotFound
from srm_portal.kernel.permissions import Actor
from srm_portal.sourcing import queries as sourcing
from srm_portal.sourcing import services as projects
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.web.paging import Page
from tests.exchange.releases import award_release, package, planning_release, tender_release, with_tender
from tests.support.factories.suppliers import a_supplier
from tests.support.shared_data import needs, shared_path
from tests.support.world import World


def bytes_of(*releases: object) -> bytes:
    return dump_json(package(*releases))


def run(
    world: World, *releases: object, by: Actor | None = None, partial: bool = False, preview: bool = False
) -> ImportReport:
    return services.import_ocds(by or world.buyer, bytes_of(*releases), partial=partial, now=world.now, preview=preview)


def other(release: dict[str, Any], number: str = "002") -> dict[str, Any]:
    return release | {"ocid": f"ocds-a1b2c3-{number}", "id": f"{number}-release"}


def a_won_release(**party: Any) -> dict[str, Any]:
    """An award whose supplier says where it is registered."""
    release = award_release()
    release["parties"][1] |= party
    return release


REGISTERED = {
    "identifier": {"scheme": "PL-KRS", "id": "0000123456"},
    "address": {"countryName": "Poland", "locality": "Gdynia"},
    "contactPoint": {"name": "Ola", "email": "ola@valves.example"},
}


def project_count(world: World) -> int:
    return sum(sourcing.projects(world.buyer, archived=archived)[1] for archived in (False, True))


def supplier_names(world: World) -> list[str]:
    rows, _total = suppliers.search(world.buyer, SupplierFilter(), Page(1))
    return [row.supplier.name for row in rows]


def test_a_tender_becomes_a_need_draft(world: World) -> None:
    (outcome,) = run(world, tender_release()).outcomes
    assert (outcome.state, outcome.kind, outcome.reference) == ("imported", "tender", "P-2026-0001")
    project = sourcing.project_for(world.buyer, outcome.object_id)
    assert (project.stage, project.need_state, project.archived) == ("need", "draft", False)
    assert (project.title, project.category, project.product) == ("Gate valves", "42131230", "Gate valves")
    assert (project.budget, project.baseline, project.currency) == (Decimal("20000.50"), Decimal("20000.50"), "EUR")
    assert project.source_id == "ocds-a1b2c3-001"
    (line,) = sourcing.lines(project.id)
    assert (line.title, line.quantity, line.unit) == ("DN50", Decimal(100), "C62")


def test_an_imported_need_is_worked_on_like_any_other(world: World) -> None:
    (outcome,) = run(world, tender_release()).outcomes
    projects.edit_need(world.buyer, outcome.object_id, version=None, market="Valve makers", now=world.now)
    assert sourcing.project(outcome.object_id).market == "Valve makers"


def test_what_has_no_quantity_is_bought_as_a_whole(world: World) -> None:
    (outcome,) = run(world, with_tender(items=[{"id": "1", "description": "Cleaning"}])).outcomes
    (line,) = sourcing.lines(outcome.object_id)
    assert (line.title, line.quantity, line.unit) == ("Cleaning", Decimal(1), "LS")


def test_lots_keep_their_lines(world: World) -> None:
    lots = [{"id": "L1", "title": "North"}, {"id": "L2", "title": "South"}]
    items = [{"id": "1", "description": "A", "relatedLot": "L2"}, {"id": "2", "description": "B", "relatedLot": "L1"}]
    (outcome,) = run(world, with_tender(lots=lots, items=items)).outcomes
    assert [lot.title for lot in sourcing.lots(outcome.object_id)] == ["North", "South"]
    assert [(line.title, line.lot_number) for line in sourcing.lines(outcome.object_id)] == [("A", 2), ("B", 1)]


def test_lots_without_items_are_a_line_each(world: World) -> None:
    lots = [{"id": "L1", "title": "North"}, {"id": "L2", "title": "South"}]
    (outcome,) = run(world, with_tender(lots=lots, items=[])).outcomes
    assert [(line.title, line.unit) for line in sourcing.lines(outcome.object_id)] == [("North", "LS"), ("South", "LS")]


def test_a_planning_brings_its_budget(world: World) -> None:
    (outcome,) = run(world, planning_release()).outcomes
    project = sourcing.project(outcome.object_id)
    assert (outcome.kind, project.budget, project.baseline) == ("planning", Decimal(25000), Decimal("20000.50"))


def test_an_award_becomes_a_finished_project_of_the_archive(world: World) -> None:
    (outcome,) = run(world, award_release()).outcomes
    project = sourcing.project(outcome.object_id)
    assert (project.stage, project.archived, project.need_state) == ("finished", True, "imported")
    source = sourcing.source(project.id)
    assert source is not None
    assert source["release"]["awards"][0]["value"] == {"amount": "18500", "currency": "EUR"}
    (act,) = stream_acts(project.stream, ["project.imported"])
    assert act.actor_name == world.buyer.name


def test_documents_and_parties_are_listed_with_the_project(world: World) -> None:
    documents = [{"id": "D", "title": "Specification", "url": "https://docs.example/d.pdf"}]
    (outcome,) = run(world, with_tender(documents=documents)).outcomes
    source = sourcing.source(outcome.object_id)
    assert source is not None
    assert source["release"]["documents"][0]["url"] == "https://docs.example/d.pdf"
    assert source["release"]["parties"][0]["name"] == "Example Works"


def test_a_registered_winner_becomes_a_prospect(world: World) -> None:
    (outcome,) = run(world, a_won_release(**REGISTERED)).outcomes
    assert supplier_names(world) == ["Valve Makers"]
    source = sourcing.source(outcome.object_id)
    assert source is not None
    supplier = suppliers.supplier_for(world.buyer, source["suppliers"]["S"])
    assert (supplier.state, supplier.country, supplier.city) == ("prospect", "PL", "Gdynia")
    assert supplier.registration_number == "PL-KRS-0000123456" and supplier.source == "OCDS"
    assert [contact.email for contact in suppliers.contacts([supplier.id])[supplier.id]] == ["ola@valves.example"]


def test_a_winner_without_a_country_is_only_listed(world: World) -> None:
    (outcome,) = run(world, award_release()).outcomes
    assert supplier_names(world) == []
    assert "only_listed" in {warning.code for warning in outcome.warnings}


def test_the_buyer_of_a_release_never_becomes_a_supplier(world: World) -> None:
    release = tender_release()
    release["parties"][0] |= REGISTERED
    run(world, release)
    assert supplier_names(world) == []


def test_a_company_is_found_again_by_its_register_number(world: World) -> None:
    renamed = other(a_won_release(**REGISTERED))
    renamed["parties"][1] |= {"name": "Valve Makers International"}
    run(world, a_won_release(**REGISTERED), renamed)
    assert supplier_names(world) == ["Valve Makers"]


def test_a_company_is_found_again_by_its_name(world: World) -> None:
    known = a_supplier(world, "Valve Makers S.A.", country="PL")
    (outcome,) = run(world, a_won_release(**REGISTERED)).outcomes
    source = sourcing.source(outcome.object_id)
    assert source is not None and source["suppliers"] == {"S": known}


def test_the_same_name_with_another_register_number_is_another_company(world: World) -> None:
    namesake = other(a_won_release(**(REGISTERED | {"identifier": {"scheme": "PL-KRS", "id": "0000999999"}})))
    run(world, a_won_release(**REGISTERED), namesake)
    assert len(supplier_names(world)) == 2


def test_one_wrong_release_keeps_the_whole_file_out(world: World) -> None:
    wrong = other(with_tender(value={"amount": -1, "currency": "EUR"}))
    report = run(world, a_won_release(**REGISTERED), wrong)
    assert not report.done and [outcome.state for outcome in report.outcomes] == ["ready", "refused"]
    assert project_count(world) == 0 and supplier_names(world) == []


def test_the_good_releases_go_in_when_asked_for(world: World) -> None:
    wrong = other(with_tender(value={"amount": -1, "currency": "EUR"}))
    report = run(world, tender_release(), wrong, partial=True)
    assert report.done and [outcome.state for outcome in report.outcomes] == ["imported", "refused"]
    assert [(fault.row, fault.field, fault.code) for fault in report.faults] == [(1, "tender.value.amount", "negative")]
    assert project_count(world) == 1


def test_what_cannot_be_kept_exactly_is_refused_and_leaves_no_supplier_behind(world: World) -> None:
    release = a_won_release(**REGISTERED)
    release["tender"]["value"] = {"amount": Decimal("1.1234567"), "currency": "EUR"}
    (outcome,) = run(world, release, partial=True).outcomes
    assert {problem.code for problem in outcome.problems} == {"too_precise"} and outcome.problems[0].row == 0
    assert supplier_names(world) == [] and project_count(world) == 0


def test_an_amount_beyond_the_database_is_refused(world: World) -> None:
    (outcome,) = run(world, with_tender(value={"amount": 10**17, "currency": "EUR"})).outcomes
    assert "amount_too_large" in {problem.code for problem in outcome.problems}


def test_a_title_too_long_is_cut_and_kept_in_full_below(world: World) -> None:
    title = "Valves " * 60
    (outcome,) = run(world, with_tender(title=title)).outcomes
    project = sourcing.project(outcome.object_id)
    assert len(project.title) == 300 and project.description.startswith(title.strip())
    assert "title_cut" in {warning.code for warning in outcome.warnings}


def test_a_preview_says_what_would_happen_and_keeps_nothing(world: World) -> None:
    report = run(world, a_won_release(**REGISTERED), preview=True)
    assert not report.done and [(row.state, row.reference) for row in report.outcomes] == [("ready", "")]
    assert project_count(world) == 0 and supplier_names(world) == []
    (outcome,) = run(world, tender_release()).outcomes
    assert outcome.reference == "P-2026-0001"


def test_the_same_file_again_changes_nothing(world: World) -> None:
    run(world, tender_release())
    (outcome,) = run(world, tender_release()).outcomes
    assert (outcome.state, outcome.reference) == ("already_imported", "P-2026-0001")
    assert project_count(world) == 1


def test_a_newer_release_of_a_process_that_came_in_is_refused(world: World) -> None:
    run(world, tender_release())
    (outcome,) = run(world, tender_release(id="001-amended")).outcomes
    assert [problem.code for problem in outcome.problems] == ["other_release_imported"]
    assert dict(outcome.problems[0].facts)["reference"] == "P-2026-0001"


def test_another_organisation_imports_the_same_release_for_itself(world: World) -> None:
    run(world, tender_release())
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    (outcome,) = run(world, tender_release(), by=stranger).outcomes
    assert outcome.state == "imported"


def test_who_may_not_import_finds_nothing(world: World) -> None:
    for actor in (world.evaluator, world.auditor, world.manager, world.administrator):
        with pytest.raises(NotFound):
            run(world, tender_release(), by=actor)


def test_what_is_no_release_package_is_refused_as_a_whole(world: World) -> None:
    with pytest.raises(InputError):
        services.import_ocds(world.buyer, b'{"records": []}', partial=True, now=world.now)
    assert project_count(world) == 0


def test_progress_is_told_release_by_release(world: World) -> None:
    told: list[tuple[int, int]] = []
    services.import_ocds(
        world.buyer,
        bytes_of(tender_release(), other(tender_release())),
        partial=False,
        now=world.now,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


def test_all_201_real_releases_are_imported_or_refused_by_row(world: World) -> None:
    data = needs(shared_path("data", "uk-contracts-finder", "releases.json")).read_bytes()
    report = services.import_ocds(world.buyer, data, partial=True, now=world.now)
    assert report.done and [outcome.row for outcome in report.outcomes] == list(range(201))
    assert Counter(outcome.state for outcome in report.outcomes) == {"imported": 191, "refused": 10}
    assert {problem.code for problem in report.faults} == {"superseded"}
    _open, current = sourcing.projects(world.buyer, limit=1)
    _closed, archived = sourcing.projects(world.buyer, archived=True, limit=1)
    assert (current, archived) == (50, 141)
    assert verify_streams()[1] == []
    again = services.import_ocds(world.buyer, data, partial=True, now=world.now)
    assert Counter(outcome.state for outcome in again.outcomes) == {"already_imported": 191, "refused": 10}
    assert project_count(world) == 191


def test_the_real_releases_are_all_or_nothing_without_partial(world: World) -> None:
    data = needs(shared_path("data", "uk-contracts-finder", "releases.json")).read_bytes()
    report = services.import_ocds(world.buyer, data, partial=False, now=world.now)
    assert not report.done and report.count("ready") == 191 and report.count("refused") == 10
    assert project_count(world) == 0
