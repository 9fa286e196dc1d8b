"""Handing in a file, looking at it, taking it in; and what leaves."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from srm_portal.exchange import services
from srm_portal.exchange.domain.json_out import dump_json
from srm_portal.infra.db import db
from srm_portal.infra.sheets import csv_bytes, xlsx_bytes
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.web.paging import Page
from tests.exchange.releases import award_release, package, tender_release, with_tender
from tests.exchange.stories import a_finished_story
from tests.support.factories.sourcing import a_need, an_approved_need
from tests.support.shared_data import needs, shared_path
from tests.support.statements import count_statements
from tests.support.world import World


def hand_in(client: FlaskClient, what: str, data: bytes, name: str = "file.bin") -> TestResponse:
    return client.post("/import", data={"what": what, "scheme": "CPV", "file": (io.BytesIO(data), name)})


def releases(*found: dict[str, Any]) -> bytes:
    return dump_json(package(*found))


def wrong(number: str = "002") -> dict[str, Any]:
    release = with_tender(value={"amount": -1, "currency": "EUR"})
    return release | {"ocid": f"ocds-a1b2c3-{number}", "id": f"{number}-release"}


def project_count(world: World) -> int:
    """Read anew: the requests of a browser have transactions of their own."""
    db.session.rollback()
    return sum(sourcing.projects(world.buyer, archived=archived)[1] for archived in (False, True))


def test_a_file_is_looked_at_before_anything_is_kept(world: World) -> None:
    buyer = world.client_of(world.buyer)
    answer = hand_in(buyer, "ocds", releases(tender_release()))
    assert answer.status_code == 302 and project_count(world) == 0
    page = buyer.get(answer.headers["Location"]).text
    assert "Gate valves" in page and "would go in" in page and "Import 1 row" in page
    done = buyer.post(answer.headers["Location"])
    assert (done.status_code, done.headers["Location"]) == (302, "/projects") and project_count(world) == 1
    assert "1 row was imported." in buyer.get("/projects").text


def test_a_decision_is_taken_once(world: World) -> None:
    buyer = world.client_of(world.buyer)
    address = hand_in(buyer, "ocds", releases(tender_release())).headers["Location"]
    assert buyer.post(address).status_code == 302
    assert buyer.post(address).status_code == 404 and buyer.get(address).status_code == 404
    assert project_count(world) == 1


def test_faults_are_listed_by_row_and_the_good_rows_can_go_in_alone(world: World) -> None:
    buyer = world.client_of(world.buyer)
    address = hand_in(buyer, "ocds", releases(tender_release(), wrong())).headers["Location"]
    page = buyer.get(address).text
    assert "tender.value.amount" in page and "is below zero" in page and "Import the 1 good row alone" in page
    refused = buyer.post(address)
    assert refused.status_code == 422 and project_count(world) == 0
    assert buyer.post(address, data={"good_only": "1"}).status_code == 302 and project_count(world) == 1


def test_a_file_given_up_is_gone(world: World) -> None:
    buyer = world.client_of(world.buyer)
    address = hand_in(buyer, "ocds", releases(tender_release())).headers["Location"]
    assert buyer.post(f"{address}/drop").status_code == 302
    assert buyer.get(address).status_code == 404 and project_count(world) == 0


def test_a_file_belongs_to_who_handed_it_in(world: World) -> None:
    address = hand_in(world.client_of(world.buyer), "ocds", releases(tender_release())).headers["Location"]
    colleague = world.client_of(world.person("buyer"))
    assert [colleague.get(address).status_code, colleague.post(address).status_code] == [404, 404]
    assert colleague.post(f"{address}/drop").status_code == 404


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(world: World) -> None:
    buyer = world.client_of(world.buyer)
    for what, data, said in (
        ("ocds", b"nonsense", "JSON is expected"),
        ("needs", b"nonsense", "cannot be read"),
        ("suppliers", b"\x00\x01", "cannot be read"),
        ("categories", b"a,b\n1,2\n", "cannot be read"),
        ("ocds", b"", "The file is empty."),
    ):
        answer = hand_in(buyer, what, data)
        assert answer.status_code == 422 and said in answer.text
    assert "Choose a file first." in buyer.post("/import", data={"what": "ocds"}).text
    assert buyer.post("/import", data={"what": "shares"}).status_code == 422


def test_needs_suppliers_and_categories_are_handed_in_the_same_way(world: World) -> None:
    buyer = world.client_of(world.buyer)
    files = {
        "categories": b"code,parent,en\n42000000,,Machines\n",
        "suppliers": csv_bytes(("Name", "Country", "Categories (CPV)"), [("Acme", "FR", "42000000")]),
        "needs": xlsx_bytes("N", ("Reference", "Title", "Quantity", "Unit"), [("N1", "Bolts", 5, "kg")]),
    }
    for what, data in files.items():
        address = hand_in(buyer, what, data).headers["Location"]
        assert buyer.get(address).status_code == 200
        answer = buyer.post(address)
        assert answer.status_code == 302 and buyer.get(answer.headers["Location"]).status_code == 200
    db.session.rollback()
    assert [row.supplier.name for row in suppliers.search(world.buyer, SupplierFilter(), Page(1))[0]] == ["Acme"]
    assert project_count(world) == 1


def test_the_faults_of_a_table_name_column_and_sheet(world: World) -> None:
    buyer = world.client_of(world.buyer)
    data = xlsx_bytes("Needs", ("Reference", "Title", "Quantity", "Unit"), [("N1", "Bolts", "many", "kg")])
    page = buyer.get(hand_in(buyer, "needs", data).headers["Location"]).text
    assert "Column C" in page and "many" in page and "Nothing in this file can be imported." in page


def test_templates_go_out_in_the_readers_language_and_come_in_again(world: World) -> None:
    buyer = world.client_of(world.buyer)
    template = buyer.get("/import/templates/needs.xlsx?lang=fr")
    assert template.headers["Content-Disposition"].startswith("attachment")
    page = buyer.get(hand_in(buyer, "needs", template.data).headers["Location"])
    assert "Gate valves 2027" in page.text
    assert "Nom *" in buyer.get("/import/templates/suppliers.csv?lang=fr").data.decode("utf-8-sig")


def test_an_administrator_imports_registers_and_no_projects(world: World) -> None:
    administrator = world.client_of(world.administrator)
    page = administrator.get("/import").text
    assert "Suppliers (.csv)" in page and "OCDS releases" not in page
    assert hand_in(administrator, "ocds", releases(tender_release())).status_code == 422


def test_who_may_not_import_finds_no_page(world: World) -> None:
    for actor in (world.requester, world.evaluator, world.manager, world.auditor):
        client = world.client_of(actor)
        assert client.get("/import").status_code == 404
        assert "/import" not in (client.get("/projects").text if actor is not world.evaluator else "")
    assert "/import" in world.client_of(world.buyer).get("/projects").text


def test_an_imported_project_says_where_it_comes_from(world: World) -> None:
    documents = [{"id": "D", "title": "Specification", "url": "https://docs.example/d.pdf"}]
    data = releases(with_tender(documents=documents))
    (outcome,) = services.import_ocds(world.buyer, data, partial=False, now=world.now).outcomes
    page = world.client_of(world.buyer).get(f"/projects/{outcome.object_id}").text
    assert "Imported from" in page and "ocds-a1b2c3-001" in page
    assert 'href="https://docs.example/d.pdf"' in page and "Example Works" in page
    assert "Imported from" not in world.client_of(world.buyer).get(f"/projects/{a_need(world)}").text


def test_every_page_of_an_archived_project_opens(world: World) -> None:
    (outcome,) = services.import_ocds(world.buyer, releases(award_release()), partial=False, now=world.now).outcomes
    buyer = world.client_of(world.buyer)
    page = buyer.get(f"/projects/{outcome.object_id}")
    assert page.status_code == 200 and "Valve Makers" in page.text and "18,500" in page.text
    for address in set(re.findall(rf'href="(/projects/{outcome.object_id}[^"#?]*)"', page.text)):
        assert buyer.get(address).status_code == 200, address


def test_no_imported_project_breaks_its_page(world: World) -> None:
    data = needs(shared_path("data", "uk-contracts-finder", "releases.json")).read_bytes()
    services.import_ocds(world.buyer, data, partial=True, now=world.now)
    buyer = world.client_of(world.buyer)
    for archived in (False, True):
        for project in sourcing.projects(world.buyer, archived=archived, limit=25)[0]:
            assert buyer.get(f"/projects/{project.id}").status_code == 200, project.reference


def test_a_project_is_exported_by_its_button(world: World) -> None:
    story = a_finished_story(world)
    buyer = world.client_of(world.buyer)
    assert f"/projects/{story.project_id}/ocds.json" in buyer.get(f"/projects/{story.project_id}").text
    answer = buyer.get(f"/projects/{story.project_id}/ocds.json")
    reference = sourcing.project(story.project_id).reference
    assert json.loads(answer.data)["releases"][0]["ocid"].endswith(reference)
    assert f"{reference}-ocds.json" in answer.headers["Content-Disposition"]


def test_a_need_that_nobody_approved_has_no_button_and_no_export(world: World) -> None:
    project_id = a_need(world)
    buyer = world.client_of(world.buyer)
    assert "ocds.json" not in buyer.get(f"/projects/{project_id}").text
    assert buyer.get(f"/projects/{project_id}/ocds.json").status_code == 409
    approved = an_approved_need(world)
    assert world.client_of(world.requester).get(f"/projects/{approved}/ocds.json").status_code == 404


def test_pages_need_few_statements_whatever_the_number_of_rows(world: World) -> None:
    buyer = world.client_of(world.buyer)
    rows = [(f"Acme {number}", "FR") for number in range(60)]
    address = hand_in(buyer, "suppliers", csv_bytes(("Name", "Country"), rows)).headers["Location"]
    with count_statements() as found:
        assert buyer.get(address).status_code == 200
    assert len(found) <= 12, str(found)
    (outcome,) = services.import_ocds(world.buyer, releases(award_release()), partial=False, now=world.now).outcomes
    with count_statements() as found:
        assert buyer.get(f"/projects/{outcome.object_id}").status_code == 200
    assert len(found) <= 12, str(found)
