"""The award report: complete, in three formats, the same bytes when it is made again."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document
from pypdf import PdfReader

from srm_portal.audit.queries import stream_history
from srm_portal.awards import queries, services
from srm_portal.awards.services import paper, reporting
from srm_portal.cli import cli, load_commands
from srm_portal.infra.db import db
from srm_portal.kernel.errors import InputError, NotFound
from tests.support.factories.awards import a_scenario
from tests.support.factories.contracts import a_ranked_project, an_award
from tests.support.world import World


@pytest.fixture
def report(world: World) -> queries.ReportView:
    tender = a_ranked_project(world)
    a_scenario(world, tender.project_id, {"kind": "max_suppliers", "value": 1}, name="One source")
    an_award(world, tender.project_id)
    made = services.make_report(world.buyer, tender.project_id, now=world.now)
    return queries.report_for(world.buyer, made)


def text_of(report: queries.ReportView) -> str:
    return json.dumps(json.loads(report.document)["blocks"], ensure_ascii=False)


def test_it_goes_from_the_need_to_the_award(world: World, report: queries.ReportView) -> None:
    chapters = [one["heading"] for one in json.loads(report.document)["blocks"] if one.get("level") == 1]
    assert chapters == [
        "Summary", "The need", "Bidding list and invitations", "Criteria and the promised rule", "Offers",
        "Evaluators and marks", "Ranking", "Award scenarios", "Award", "People and times",
    ]  # fmt: skip
    said = text_of(report)
    for part in ("One source", "best possible, proved", "Lowest complete amount.", "approved the award", "SHA", "rank"):
        assert part.lower() in (said + report.document).lower(), part
    assert queries.award(report.project_id).sha256 in said  # type: ignore[union-attr]


def test_the_journals_hash_is_the_last_thing_it_says(world: World, report: queries.ReportView) -> None:
    before_it = stream_history(world.buyer, f"project:{report.project_id}", 2)[1]
    assert before_it.hash in text_of(report)


@pytest.mark.parametrize("kind", paper.KINDS)
def test_made_again_from_what_was_kept_it_is_the_same_bytes(
    world: World, report: queries.ReportView, kind: str
) -> None:
    first = services.files_of(world.buyer, report.id, kind)
    world.later(days=40, minutes=7)
    assert services.files_of(world.buyer, report.id, kind) == first
    again = {one.what: one for one in services.rerun(world.buyer, report.id)}
    assert again[kind].same and again["ranking"].same and again["scenario:One source"].same


def test_a_changed_input_is_noticed(world: World, report: queries.ReportView) -> None:
    document = json.loads(report.document)
    scenario = json.loads(document["inputs"]["scenarios"][0]["document"])
    scenario["offers"][0]["price"] = scenario["offers"][1]["price"] = "1"
    document["inputs"]["scenarios"][0]["document"] = json.dumps(scenario)
    found = reporting.again(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), report.files)
    assert {one.what for one in found if not one.same} >= {"scenario:One source", "pdf", "docx", "xlsx"}


def test_every_format_says_who_won(world: World, report: queries.ReportView) -> None:
    winner = next(iter(queries.award(report.project_id).suppliers.values()))  # type: ignore[union-attr]
    files = {kind: services.files_of(world.buyer, report.id, kind) for kind in paper.KINDS}
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages)
    assert winner in pages
    word = Document(io.BytesIO(files["docx"]))
    assert any(winner in cell.text for table in word.tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(winner in str(one) for one in cells)


def test_a_title_full_of_markup_stays_text() -> None:
    wild = '<w:t>&"#[*_$=1+1'
    document = {
        "title": wild, "subtitle": wild, "reference": "R", "buyer": wild, "language": "en", "inputs": {},
        "blocks": [
            {"heading": wild, "level": 1}, {"text": wild}, {"facts": [[wild, wild]]},
            {"bars": [[wild, "0.5", wild]]}, {"table": {"head": [wild], "rows": [[wild]], "numeric": [], "wide": 0}},
        ],
    }  # fmt: skip
    digest = "0" * 64
    assert wild in PdfReader(io.BytesIO(paper.file_of(document, digest, "pdf"))).pages[0].extract_text()
    word = Document(io.BytesIO(paper.file_of(document, digest, "docx")))
    assert wild in [one.text for one in word.paragraphs]
    book = openpyxl.load_workbook(io.BytesIO(paper.file_of(document, digest, "xlsx")))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_archives_carry_no_moment(world: World, report: queries.ReportView) -> None:
    for kind in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(services.files_of(world.buyer, report.id, kind))) as archive:
            assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_kept_inputs_make_the_same_files_without_the_portal(
    world: World, report: queries.ReportView, tmp_path: Path
) -> None:
    load_commands()
    kept = tmp_path / "kept.json"
    client = world.client_of(world.auditor)
    kept.write_bytes(client.get(f"/award-reports/{report.id}.json").data)
    for kind in paper.KINDS:
        out = tmp_path / f"again.{kind}"
        done = CliRunner().invoke(cli, ["award-report", str(kept), str(out)])
        assert done.exit_code == 0, done.output
        assert out.read_bytes() == client.get(f"/award-reports/{report.id}.{kind}").data
    wrong = CliRunner().invoke(cli, ["award-report", str(kept), str(tmp_path / "again.txt")])
    assert isinstance(wrong.exception, InputError)


def test_pages_make_read_and_repeat_it(world: World, report: queries.ReportView) -> None:
    url, buyer = f"/projects/{report.project_id}/award-report", world.client_of(world.buyer)
    assert buyer.post(url).status_code == 302
    db.session.rollback()
    assert [one.number for one in queries.reports(report.project_id)] == [2, 1]
    assert "byte for byte" in buyer.get(f"/award-reports/{report.id}/again").text
    assert buyer.get(f"/award-reports/{report.id}.exe").status_code == 404
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    assert world.client_of(stranger).get(f"/award-reports/{report.id}.pdf").status_code == 404
    with pytest.raises(NotFound):
        services.make_report(stranger, report.project_id, now=world.now)


def test_a_report_before_any_award_says_so(world: World) -> None:
    tender = a_ranked_project(world)
    made = services.make_report(world.buyer, tender.project_id, now=world.now)
    assert "not awarded yet" in text_of(queries.report_for(world.buyer, made))
