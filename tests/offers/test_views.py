"""The pages of offers, as suppliers and buyers use them."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event as database_events

from srm_portal.infra.db import db
from srm_portal.offers import queries, verify_receipt
from srm_portal.sourcing import queries as sourcing
from tests.support.factories.offers import (
    Tender,
    a_draft,
    a_submitted_offer,
    a_tender,
    after_deadline,
    opened_event,
)
from tests.support.world import World

TOKENS = re.compile(r'(name="csrf-token" content|name="csrf_token"[^>]*value)="[^"]*"')


def own(tender: Tender) -> Any:
    """The first bidder's offer as it is stored now, whatever this test read before."""
    db.session.rollback()
    return queries.own_offer(tender.first, tender.event_id)


def main_of(answer: Any) -> str:
    """What the page says itself, without the frame and what is different for every project."""
    body = answer.text[answer.text.index('<div class="kpis">') : answer.text.index("</main>")]
    return re.sub(r"[0-9a-f]{20}", "ID", TOKENS.sub("", body))


def line_ids(tender: Tender) -> list[str]:
    publication = sourcing.event(tender.event_id).publication
    assert publication is not None
    return [line["id"] for line in publication["lines"]]


def typed(tender: Tender, prices: list[str], **more: str) -> dict[str, str]:
    form = {"payment_days": "30", "validity_on": "2027-01-31", "delivery": "DAP Lyon"}
    for line_id, price in zip(line_ids(tender), prices, strict=True):
        form |= {f"price-{line_id}": price, f"lead-{line_id}": "20"}
    return form | more


def page(tender: Tender, name: str = "") -> str:
    return f"/s/events/{tender.event_id}/offer{name}"


def text_of(answer: Any) -> str:
    return TOKENS.sub("", answer.text)


# --- the supplier --------------------------------------------------------------------------------------------------


def test_an_offer_is_written_checked_handed_in_and_proved_by_anybody(world: World, client: Any) -> None:
    tender = a_tender(world)
    bidder = world.client_of(tender.first)
    assert "Write the offer" in bidder.get(f"/s/events/{tender.event_id}").text
    assert bidder.get(page(tender)).status_code == 200
    answer = bidder.post(page(tender), data=typed(tender, ["8.42", "1,024.80"], go="check"))
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/check")
    check = bidder.get(page(tender, "/check")).text
    assert "The offer is complete." in check and "€1,024.80" in check
    assert bidder.post(page(tender, "/submit")).headers["Location"].endswith("/receipt")
    receipt_page = bidder.get(page(tender, "/receipt")).text
    assert "version 1" in receipt_page
    archive = zipfile.ZipFile(io.BytesIO(bidder.get(page(tender, "/receipt/1/proof.zip")).data))
    assert set(archive.namelist()) == {
        "receipt.json", "offer.json", "nonce.txt", "keys.json", "verify_receipt.py", "HOW.txt",
    }  # fmt: skip
    assert client.get("/receipt/keys.json").data == archive.read("keys.json")
    program = client.get("/receipt/verify_receipt.py")
    assert program.data == archive.read("verify_receipt.py") and program.headers["X-Content-Type-Options"] == "nosniff"
    namespace: dict[str, Any] = {"__name__": "downloaded"}
    exec(compile(program.data, "verify_receipt.py", "exec"), namespace)
    keys = client.get("/receipt/keys.json").json
    parts = archive.read("receipt.json"), keys, archive.read("offer.json"), archive.read("nonce.txt").decode()
    assert namespace["verify"](*parts)["valid"] and verify_receipt.verify(*parts)["valid"]
    assert "Handed in on" in bidder.get(f"/s/events/{tender.event_id}").text


def test_a_wrong_price_keeps_what_was_typed_and_saves_nothing(world: World) -> None:
    tender = a_tender(world)
    answer = world.client_of(tender.first).post(page(tender), data=typed(tender, ["12e3", "5"], delivery="here"))
    assert answer.status_code == 422
    assert "12e3" in answer.text and "is not a number" in answer.text and ">here<" in answer.text
    assert own(tender).saved_at is None


def test_prices_are_read_in_the_language_of_who_types(world: World) -> None:
    tender = a_tender(world)
    french = world.person("supplier_user", supplier_id=tender.suppliers[0], language="fr")
    client = world.client_of(french)
    posted = client.post(page(tender), data=typed(tender, ["1 024,80", "0,5"]))
    assert posted.status_code == 302 and posted.headers["Location"] == page(tender)
    said = own(tender).draft
    assert [line.unit_price for line in said.lines] == [Decimal("1024.80"), Decimal("0.5")]
    assert 'value="1 024,8"' in client.get(page(tender)).text.replace("\u202f", " ").replace("\xa0", " ")


def test_autosave_keeps_right_cells_and_tells_wrong_ones(world: World) -> None:
    tender = a_tender(world)
    client = world.client_of(tender.first)
    first = client.post(page(tender, "/draft"), data=typed(tender, ["8.42", "5"]))
    assert first.status_code == 200 and "Saved 10:00" in first.text and 'value="1"' in first.text
    second = client.post(page(tender, "/draft"), data=typed(tender, ["many", "6"], version="1"))
    assert "not saved" in second.text and "many" in second.text
    said = own(tender).draft
    assert [line.unit_price for line in said.lines] == [Decimal("8.42"), Decimal("6")]
    stale = client.post(page(tender, "/draft"), data=typed(tender, ["1", "1"], version="1"))
    assert stale.status_code == 422


def test_an_incomplete_offer_says_what_is_missing_and_is_not_taken(world: World) -> None:
    tender = a_tender(world)
    client = world.client_of(tender.first)
    client.post(page(tender), data=typed(tender, ["8.42", ""]))
    check = client.get(page(tender, "/check")).text
    assert "Bracket B-2: No price" in check and "Complete the list above first." in check
    assert client.post(page(tender, "/submit")).status_code == 409


def test_a_colleague_without_the_right_to_bind_sees_why_there_is_no_button(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    client = world.client_of(world.supplier_user(tender.suppliers[0], may_bid=False))
    check = client.get(page(tender, "/check")).text
    assert "Hand in the offer" not in check
    assert client.post(page(tender, "/submit")).status_code == 403


def test_the_sheet_goes_out_and_comes_back(world: World) -> None:
    tender = a_tender(world)
    client = world.client_of(tender.first)
    book = openpyxl.load_workbook(io.BytesIO(client.get(page(tender, "/lines.xlsx")).data))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    price, lead, skip = (head.index(name) + 1 for name in ("Unit price (EUR)", "Lead time (days)", "Not quoted"))
    sheet.cell(2, price).value, sheet.cell(2, lead).value = 1234.567891, 14
    sheet.cell(3, skip).value = "yes"
    assert fill(client, tender, book).status_code == 302
    said = own(tender).draft
    assert (said.lines[0].unit_price, said.lines[0].lead_days) == (Decimal("1234.567891"), 14)
    assert said.lines[1].not_quoted


def fill(client: Any, tender: Tender, book: openpyxl.Workbook) -> Any:
    data = io.BytesIO()
    book.save(data)
    upload = {"file": (io.BytesIO(data.getvalue()), "lines.xlsx")}
    return client.post(page(tender, "/sheet"), data=upload, content_type="multipart/form-data")


def test_a_wrong_sheet_is_told_row_by_row_and_changes_nothing(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id, {1: "5", 2: "6"})
    client = world.client_of(tender.first)
    book = openpyxl.Workbook()
    for row in (
        ["Line", "Unit price", "Lead time (days)"],
        [1, "seven", 1.5],
        [2, -3, 4],
        [2, 8, 4],
        [99, 1, 1],
    ):
        book.active.append(row)
    answer = fill(client, tender, book)
    assert answer.status_code == 422
    for words in (
        "“seven” is not a number",
        "not a whole number",
        "below zero",
        "Row 4 of the sheet",
        "Row 5 of the sheet",
    ):
        assert words in answer.text
    assert "seven" in answer.text
    assert own(tender).draft.lines[0].unit_price == 5


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_in_words(world: World, data: bytes) -> None:
    tender = a_tender(world)
    answer = world.client_of(tender.first).post(
        page(tender, "/sheet"), data={"file": (io.BytesIO(data), "x.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422 and "cannot be read" in answer.text


def test_files_are_attached_read_back_and_removed(world: World) -> None:
    tender = a_tender(world)
    client = world.client_of(tender.first)

    def upload(name: str, data: bytes, **headers: str) -> Any:
        form = {"file": (io.BytesIO(data), name)}
        return client.post(page(tender, "/files"), data=form, content_type="multipart/form-data", headers=headers)

    assert upload("plan.txt", b"the plan").status_code == 302
    refused = upload("plan.exe", b"MZ")
    assert refused.status_code == 422
    assert upload("plan.exe", b"MZ", Accept="application/json").json.keys() == {"text"}
    file = own(tender).files[0]
    got = client.get(page(tender, f"/files/{file.id}"))
    assert got.data == b"the plan" and "attachment" in got.headers["Content-Disposition"]
    assert world.client_of(tender.second).get(page(tender, f"/files/{file.id}")).status_code == 404
    assert client.post(page(tender, f"/files/{file.id}/remove")).status_code == 302
    assert own(tender).files == ()


def test_after_the_deadline_the_pages_say_so_and_nothing_changes(world: World) -> None:
    tender = a_tender(world)
    a_draft(world, tender.first, tender.event_id)
    after_deadline(world, tender)
    client = world.client_of(tender.first)
    assert client.get(page(tender)).headers["Location"].endswith("/receipt")
    assert "No offer is handed in" in client.get(page(tender, "/receipt")).text
    late = client.post(page(tender, "/submit"))
    assert late.status_code == 409 and "Too late" in late.text
    assert client.post(page(tender), data=typed(tender, ["1", "1"])).status_code == 422


def test_withdrawing_takes_the_offer_back(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    client = world.client_of(tender.first)
    assert client.post(page(tender, "/withdraw")).status_code == 302
    assert "Withdrawn on" in client.get(f"/s/events/{tender.event_id}").text
    assert "withdrawn" in client.get(page(tender, "/receipt")).text


def test_another_suppliers_offer_and_an_absent_one_look_the_same(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id)
    other = a_tender(world).first
    client = world.client_of(other)
    for name in ("", "/check", "/receipt", "/lines.xlsx", "/receipt/1/offer.json", "/receipt/1/proof.zip"):
        foreign, absent = client.get(page(tender, name)), client.get(f"/s/events/{'0' * 20}/offer{name}")
        assert foreign.status_code == absent.status_code == 404
        assert text_of(foreign) == text_of(absent)
    for name in ("", "/draft", "/submit", "/withdraw", "/sheet", "/files"):
        assert client.post(page(tender, name)).status_code == 404
    assert world.client_of(world.buyer).get(page(tender)).status_code == 404


# --- the buyer -----------------------------------------------------------------------------------------------------


def test_before_the_opening_the_page_is_the_same_whatever_was_offered(world: World) -> None:
    shown = []
    for prices in ({1: "1", 2: "1"}, {1: "98765.43", 2: "123456.78"}):
        tender = a_tender(world)
        for user in tender.users.values():
            a_submitted_offer(world, user, tender.event_id, prices)
        answer = world.client_of(world.buyer).get(f"/projects/{tender.project_id}/selection")
        assert answer.status_code == 200 and "Bidder" not in answer.text
        shown.append((main_of(answer), answer.headers.get("ETag")))
    assert shown[0] == shown[1]


def test_the_button_appears_at_the_deadline_and_opens_with_a_name(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "8.42", 2: "24.80"})
    client, address = world.client_of(world.buyer), f"/projects/{tender.project_id}/selection"
    assert "/selection/open" not in client.get(address).text
    assert client.post(address + "/open").status_code == 409
    after_deadline(world, tender)
    client = world.client_of(world.buyer)
    assert "/selection/open" in client.get(address).text
    assert client.post(address + "/open").status_code == 302
    text = client.get(address).text
    assert "8.42" in text and world.buyer.name in text and "opened" in text
    assert world.client_of(world.evaluator).post(address + "/open").status_code == 404


def test_the_matrix_marks_best_deviation_and_estimate(world: World) -> None:
    tender = a_tender(world)
    a_submitted_offer(world, tender.first, tender.event_id, {1: "10", 2: None})
    a_submitted_offer(world, tender.second, tender.event_id, {1: "8", 2: "25.01"}, deviations={1: "other steel"})
    after_deadline(world, tender)
    client, address = world.client_of(world.buyer), f"/projects/{tender.project_id}/selection"
    assert client.post(address + "/open").status_code == 302
    db.session.rollback()
    text = client.get(address).text
    for words in ("★", "lowest if accepted", "not quoted", "est. 25.01 used", "1 deviation", "as asked", "other steel"):
        assert words in text
    second = queries.opened(tender.event_id)[1]
    ruled = client.post(
        f"{address}/{second.id}/{second.lines[0].line_id}", data={"ruling": "accepted", "back": address + "?rows=all"}
    )
    assert ruled.status_code == 302 and ruled.headers["Location"] == address + "?rows=all"
    assert "deviation accepted" in client.get(address).text
    elsewhere = client.post(
        f"{address}/{second.id}/{second.lines[0].line_id}", data={"ruling": "", "back": "https://evil.example"}
    )
    assert elsewhere.headers["Location"] == address
    for rows in ("differences", "deviations", "nonsense"):
        assert client.get(f"{address}?rows={rows}").status_code == 200
    only = client.get(f"{address}?c={tender.suppliers[1]}").text
    assert only.count("mx-head") == 1


def test_prices_are_for_those_who_may_compare(world: World) -> None:
    tender = opened_event(world, prices=[{1: "777.77", 2: "20"}])
    address = f"/projects/{tender.project_id}/selection"
    view = queries.opened(tender.event_id)[0]
    for actor in (world.buyer, world.manager, world.auditor):
        assert "777.77" in world.client_of(actor).get(address).text
        assert "€777.77" in world.client_of(actor).get(f"/offers/{view.id}").text
    evaluator = world.client_of(world.evaluator)
    assert "777.77" not in evaluator.get(address).text
    assert evaluator.get(f"/offers/{view.id}").status_code == 404
    assert evaluator.get(address + ".xlsx").status_code == 404
    stranger = world.client_of(world.person("buyer", organisation_id=world.other_organisation()))
    assert stranger.get(address).status_code == 404 and stranger.get(f"/offers/{view.id}").status_code == 404
    assert world.client_of(tender.first).get(address).status_code == 404


def test_the_way_on_to_the_ranking_appears_with_the_opening(world: World) -> None:
    sealed, tender = a_tender(world), opened_event(world)
    client = world.client_of(world.buyer)
    assert "/ranking" not in client.get(f"/projects/{sealed.project_id}/selection").text
    text = client.get(f"/projects/{tender.project_id}/selection").text
    assert f"/projects/{tender.project_id}/ranking" in text and "/scorecard" not in text


def test_the_comparison_goes_out_as_a_workbook(world: World) -> None:
    tender = opened_event(world, prices=[{1: "10", 2: "20"}, {1: "8", 2: None}])
    data = world.client_of(world.buyer).get(f"/projects/{tender.project_id}/selection.xlsx").data
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][5:] == ("Bidder 01 (EUR)", "Remark", "Bidder 02 (EUR)", "Remark")
    assert rows[1][5:] == (10, None, 8, "best")
    assert rows[2][7:] == (None, "not quoted, estimated 20.00")
    assert rows[3][2] == "Total, like for like" and rows[3][5] == 5000


def test_the_step_shows_its_fact_and_the_project_goes_on_after_the_opening(world: World) -> None:
    tender = opened_event(world)
    client = world.client_of(world.buyer)
    assert "offers opened" in client.get(f"/projects/{tender.project_id}").text


def statements(app: Flask, client: Any, address: str) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    client.get(address)
    engine = db.engine
    database_events.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        database_events.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(("suppliers", "lines"), [(2, 2), (8, 60)])
def test_the_comparison_takes_few_statements_whatever_its_size(
    world: World, app: Flask, suppliers: int, lines: int
) -> None:
    prices = [{number + 1: str(number + 1) for number in range(lines)} for _ in range(suppliers)]
    tender = opened_event(world, prices=prices, lines=lines)
    client = world.client_of(world.buyer)
    assert statements(app, client, f"/projects/{tender.project_id}/selection") <= 12
    bidder = world.client_of(tender.first)
    assert statements(app, bidder, page(tender, "/receipt")) <= 12


def test_the_supplier_pages_and_the_sealed_page_take_few_statements(world: World, app: Flask) -> None:
    tender = a_tender(world, lines=40)
    a_submitted_offer(world, tender.first, tender.event_id)
    bidder = world.client_of(tender.first)
    for name in ("", "/check", "/receipt"):
        assert statements(app, bidder, page(tender, name)) <= 12
    assert statements(app, world.client_of(world.buyer), f"/projects/{tender.project_id}/selection") <= 12


def test_a_long_comparison_comes_in_pages_and_the_totals_stand_on_each(world: World) -> None:
    prices = dict.fromkeys(range(1, 102), "10")
    tender = opened_event(world, lines=101, prices=[prices, prices | {101: "11"}])
    buyer, place = world.client_of(world.buyer), f"/projects/{tender.project_id}/selection"
    first, second = buyer.get(place).text, buyer.get(place + "?page=2").text
    assert "Bracket B-100<" in first and "Bracket B-101<" not in first
    assert "Bracket B-101<" in second and "Bracket B-100<" not in second
    assert "Total, like for like" in first and "Total, like for like" in second
    assert "Bracket B-101<" in buyer.get(place + "?rows=differences").text
