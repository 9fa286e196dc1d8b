"""A project as an OCDS package: valid, complete, without a reference that leads nowhere, the same bytes each time."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from srm_portal.exchange.domain.json_in import load_json
from srm_portal.exchange.domain.ocds_check import check_package
from srm_portal.exchange.domain.ocds_read import ImportedRelease, read_package
from srm_portal.exchange.domain.ocds_write import ExportParty, ExportProject, package_bytes, write_package
from tests.exchange.releases import PUBLISHER, euros, moment, whole_project
from tests.support.ocds_schema import code_faults, schema_faults, schema_is_absent


def written(project: ExportProject) -> dict[str, Any]:
    return write_package(project, PUBLISHER)


def read_back(project: ExportProject) -> ImportedRelease:
    (release,) = read_package(load_json(package_bytes(written(project)))).imported
    return release


def bare_project(**changes: Any) -> ExportProject:
    buyer = ExportParty("own", "Example Works")
    return replace(ExportProject("P-2026-0002", "Gloves", moment(1), "planning", buyer), **changes)


STAGES = {
    "a whole project": whole_project(),
    "a bare need": bare_project(),
    "an open tender": bare_project(status="active", tender_ends_at=moment(9), has_auction=True),
    "a cancelled tender": bare_project(status="cancelled"),
    "criteria without lots": whole_project(
        lots=(), statistics=(), enquiries=(),
        items=tuple(replace(item, lot_id=None) for item in whole_project().items),
        bids=tuple(replace(bid, lot_ids=()) for bid in whole_project().bids),
        awards=tuple(replace(award, lot_ids=()) for award in whole_project().awards),
    ),
}  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_a_package_validates_and_no_reference_dangles(stage: str) -> None:
    package = written(STAGES[stage])
    assert check_package(package) == []
    if schema_is_absent():
        pytest.skip("OCDS schema absent (set SRM_SHARED): the structural check alone was made")
    plain = json.loads(package_bytes(package))
    assert schema_faults(plain) == [] and code_faults(plain) == []


def test_the_validator_sees_a_planted_fault() -> None:
    if schema_is_absent():
        pytest.skip("OCDS schema absent (set SRM_SHARED)")
    package = json.loads(package_bytes(written(whole_project())))
    package["releases"][0]["tender"]["value"]["currency"] = "EURO"
    package["releases"][0]["bids"]["details"][0]["value"]["amount"] = "18500"
    package["releases"][0]["date"] = "tomorrow"
    package["uri"] = "no address"
    faults = schema_faults(package)
    assert {fault.split()[0] for fault in faults} == {"1.1.5", "eu"} and len(faults) == 8


@pytest.mark.parametrize(
    ("where", "change", "fault"),
    [
        ("awards", {"suppliers": [{"id": "nobody"}]}, ("awards[0].suppliers", "unknown_party")),
        ("awards", {"relatedLots": ["9"]}, ("awards[0].relatedLots", "unknown_lot")),
        ("awards", {"relatedBid": "9"}, ("awards[0].relatedBid", "unknown_bid")),
        ("contracts", {"awardID": "9"}, ("contracts[0].awardID", "unknown_award")),
    ],
)
def test_the_structural_check_sees_a_dangling_reference(
    where: str, change: dict[str, object], fault: tuple[str, str]
) -> None:
    package = written(whole_project())
    package["releases"][0][where][0].update(change)
    assert [(problem.field, problem.code) for problem in check_package(package)] == [fault]


def test_the_structural_check_sees_an_id_used_twice() -> None:
    package = written(whole_project())
    package["releases"][0]["parties"] *= 2
    assert {problem.code for problem in check_package(package)} == {"id_twice"}


def test_only_parties_that_play_a_part_are_published() -> None:
    release = written(whole_project())["releases"][0]
    assert {(party["id"], *party["roles"]) for party in release["parties"]} == {
        ("FR-RCS-123456789", "buyer", "procuringEntity"),
        ("PL-KRS-0000123456", "tenderer", "supplier"),
        ("s2", "enquirer", "tenderer"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"tenderer_keys": ("stranger",)},
        {"lots": ()},
        {"bids": ()},
        {"awards": ()},
    ],
)
def test_a_view_that_refers_to_what_it_does_not_hold_is_our_mistake(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        written(whole_project(criteria=(), **changes))


def test_two_branches_under_one_register_number_stay_two_parties() -> None:
    twins = tuple(ExportParty(key, key, scheme="PL-KRS", identifier="1") for key in ("s1", "s2"))
    release = written(whole_project(parties=twins))["releases"][0]
    assert [party["id"] for party in release["parties"]] == ["FR-RCS-123456789", "PL-KRS-1", "s2"]


def test_extensions_are_those_that_are_used() -> None:
    assert written(bare_project()).get("extensions") is None
    assert len(written(whole_project())["extensions"]) == 10


def test_the_same_project_gives_the_same_bytes() -> None:
    assert package_bytes(written(whole_project())) == package_bytes(written(whole_project()))


def test_amounts_are_written_with_every_digit() -> None:
    data = package_bytes(written(whole_project(value=euros("123456789012345.67"))))
    assert b'"amount": 123456789012345.67' in data


def test_what_is_written_reads_back_the_same() -> None:
    project, release = whole_project(), read_back(whole_project())
    assert [warning.code for warning in release.warnings] == ["url_missing"]
    assert (release.kind, release.title, release.description) == ("archive", project.title, project.description)
    assert (release.value, release.min_value, release.budget) == (project.value, project.min_value, project.budget)
    assert release.tender_period is not None
    assert release.tender_period.ends_at == project.tender_ends_at
    assert [lot.value for lot in release.lots] == [lot.value for lot in project.lots]
    assert [(item.quantity, item.unit_code, item.unit_price, item.lot_id) for item in release.items] == [
        (item.quantity, item.unit_code, item.unit_price, item.lot_id) for item in project.items
    ]
    assert [criterion.weight for criterion in release.lots[0].criteria] == [Decimal("0.6"), Decimal("0.4")]
    assert release.awards[0].value == project.awards[0].value
    assert release.awards[0].supplier_ids == ("PL-KRS-0000123456",)
    assert (release.contracts[0].signed_at, release.contracts[0].award_id) == (project.contracts[0].signed_at, "A1")
    assert [document.url for document in release.documents] == [None, "https://portal.example/d/1.pdf"]
    assert [milestone.title for milestone in release.milestones] == ["Site visit"]


def test_a_need_and_an_open_tender_read_back_as_what_they_are() -> None:
    assert read_back(STAGES["a bare need"]).kind == "planning"
    assert read_back(STAGES["an open tender"]).kind == "tender"


def test_an_imported_process_keeps_its_ocid() -> None:
    release = written(bare_project(imported_ocid="ocds-b5fd17-x"))["releases"][0]
    assert release["ocid"] == "ocds-b5fd17-x"
