"""After the signature: renewals, notice, call-offs, amendments, index, spend, dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from srm_portal.contracts import queries, services
from srm_portal.contracts.domain.life import Term, dues, months_later
from srm_portal.contracts.domain.prices import index_factor, indexed
from srm_portal.contracts.services.calendar import calendar
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from tests.support.factories.contracts import a_contract_by_hand, a_drafted_contract
from tests.support.factories.suppliers import a_supplier
from tests.support.world import World

D = Decimal


def put_in_force(world: World, contract_id: str) -> str:
    services.submit_for_approval(world.buyer, contract_id, now=world.now)
    text = queries.current_version(contract_id)
    services.approve(world.manager, contract_id, text.sha256, now=world.now)
    if queries.contract(contract_id).state != "approved":
        services.approve(world.person("purchasing_manager", limit="10000000"), contract_id, text.sha256, now=world.now)
    paper = FileStorage(BytesIO(contract_pdf(queries.contract(contract_id))), filename="signed.pdf")
    services.mark_signed(
        world.buyer, contract_id, signed_on=world.now.date(), upload=paper, code=text.sha256[:12], now=world.now
    )
    return contract_id


def in_force(world: World, kind: str = "purchase", value: str = "50000", supplier_id: str = "") -> str:
    today = world.now.date()
    contract_id = services.draft_for_supplier(
        world.buyer,
        supplier_id or a_supplier(world),
        title="Calibration",
        kind=kind,
        value=D(value),
        starts_on=today,
        ends_on=today + timedelta(days=364),
        now=world.now,
    )
    return put_in_force(world, contract_id)


def test_months_end_where_months_end() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2027, 12, 15), 2) == date(2028, 2, 15)
    term = Term(date(2026, 1, 1), date(2026, 12, 31), 90, 12)
    assert term.renewed_until == date(2027, 12, 31)


def test_what_falls_due_is_in_order_and_overdue_stays() -> None:
    term = Term(date(2026, 1, 1), date(2026, 12, 31), 90, 12)
    found = dues(term, [("Report", date(2026, 9, 1)), ("Far", date(2027, 9, 1))], date(2026, 9, 15), 120)
    assert [(one.kind, one.on.month) for one in found] == [("obligation", 9), ("notice", 10), ("renewal", 12)]


def test_the_index_moves_prices_within_its_limit() -> None:
    assert index_factor(D(100), D(110), 50, None) == D("1.050000")
    assert index_factor(D(100), D(130), 100, 5) == D("1.050000")
    assert index_factor(D(100), D(80), 100, 5) == D("0.950000")
    rows = [{"title": "a", "unit_price": "10.05", "number": "1"}, {"title": "b", "lot_total": "100"}]
    assert [one.get("unit_price") or one["lot_total"] for one in indexed(rows, D("1.05"))] == ["10.55", "105"]


def test_a_contract_renews_itself_unless_notice_was_given_in_time(world: World) -> None:
    first, second = in_force(world), in_force(world)
    for one in (first, second):
        with pytest.raises(Refused, match="contract_not_draft"):
            services.change_term(
                world.buyer, one, starts_on=None, ends_on=None, notice_days=1, version=None, now=world.now
            )
    made = []
    for _ in range(2):
        contract_id = a_contract_by_hand(world, a_supplier(world))
        held = queries.contract(contract_id)
        services.change_term(
            world.buyer,
            contract_id,
            starts_on=held.starts_on,
            ends_on=held.ends_on,
            notice_days=30,
            renews_months=12,
            version=None,
            now=world.now,
        )
        made.append(put_in_force(world, contract_id))
    renewing, noticed = made
    services.give_notice(world.buyer, noticed, reason="Another supplier", now=world.now)
    with pytest.raises(Refused, match="does_not_renew"):
        services.give_notice(world.buyer, noticed, reason="again", now=world.now)
    ends = queries.contract(renewing).ends_on
    late = world.now.replace(year=ends.year, month=ends.month, day=ends.day)
    with pytest.raises(Refused, match="notice_too_late"):
        services.give_notice(world.buyer, renewing, reason="late", now=late)
    world.clock.set(late + timedelta(days=2))
    world.run_jobs()
    db.session.rollback()
    assert queries.contract(renewing).ends_on == months_later(ends + timedelta(days=1), 12) - timedelta(days=1)
    assert queries.contract(noticed).ends_on == ends
    assert queries.contract(noticed).phase(world.now) == "expired"


def test_owners_are_reminded_of_dates_once(world: World, letters: list[tuple[str, str, str]]) -> None:
    contract_id = in_force(world)
    due = world.now.date() + timedelta(days=8)
    owner = world.person("buyer", name="Olga")
    services.add_obligation(
        world.buyer,
        contract_id,
        title="Send the test report",
        party="supplier",
        due_on=due,
        owner_id=owner.user_id,
        kind="report",
        now=world.now,
    )
    for _ in range(3):
        world.later(days=1)
        world.run_jobs()
    told = [body for _to, _subject, body in letters if "Send the test report" in body]
    assert len(told) == 1
    assert queries.obligations(contract_id)[0].owner_name == "Olga"


def test_call_offs_stay_within_the_framework(world: World) -> None:
    supplier_id = a_supplier(world)
    frame = in_force(world, "framework", "1000", supplier_id)
    today = world.now.date()
    values = {"title": "Batch", "kind": "call_off", "starts_on": today, "ends_on": today, "now": world.now}
    first = services.draft_for_supplier(world.buyer, supplier_id, value=D(700), framework_id=frame, **values)
    assert queries.contract(first).relation == "call_off"
    assert "CT-" in queries.current_version(first).clauses[0].text + queries.current_version(first).clauses[-1].text
    with pytest.raises(Invalid) as caught:
        services.draft_for_supplier(world.buyer, supplier_id, value=D(301), framework_id=frame, **values)
    assert caught.value.problems[0].code == "call_off_above_volume"
    services.draft_for_supplier(world.buyer, supplier_id, value=D(300), framework_id=frame, **values)
    assert queries.usage(queries.contract(frame)).left == 0
    with pytest.raises(Invalid):
        services.draft_for_supplier(world.buyer, a_supplier(world), value=D(1), framework_id=frame, **values)
    with pytest.raises(Invalid):
        services.draft_for_supplier(world.buyer, supplier_id, value=D(1), **values)
    plain = in_force(world, supplier_id=supplier_id)
    with pytest.raises(Refused, match="framework_not_running"):
        services.draft_for_supplier(world.buyer, supplier_id, value=D(1), framework_id=plain, **values)


def test_an_amendment_takes_effect_when_it_is_signed(world: World) -> None:
    contract_id = in_force(world)
    before = queries.current_version(contract_id)
    amendment = services.amend(world.buyer, contract_id, title="Longer term", now=world.now)
    with pytest.raises(Refused, match="amendment_under_way"):
        services.amend(world.buyer, contract_id, title="Another", now=world.now)
    held = queries.contract(amendment)
    later = held.ends_on + timedelta(days=100)
    services.change_term(
        world.buyer,
        amendment,
        starts_on=held.starts_on,
        ends_on=later,
        notice_days=60,
        version=None,
        now=world.now,
    )
    assert queries.contract(contract_id).ends_on != later
    put_in_force(world, amendment)
    after = queries.contract(contract_id)
    text = queries.current_version(contract_id)
    assert (after.ends_on, after.state, text.number) == (later, "active", before.number + 1)
    assert text.sha256 != before.sha256 and held.reference in text.note


def test_spend_is_booked_whole_or_not_at_all_and_rows_are_named(world: World) -> None:
    contract_id = in_force(world)
    reference = queries.contract(contract_id).reference
    good = f"contract;number;date;amount;text\n{reference};R1;2026-03-01;1250.50;March\n{reference};R2;2026-03-02;10;\n"
    assert services.import_spend(world.buyer, good.encode(), now=world.now) == 2
    assert queries.usage(queries.contract(contract_id)).spent == D("1260.50")
    bad = (
        f"contract,number,date,amount\n{reference},R1,2026-03-01,1\nCT-0,R9,2026-03-01,1\n"
        f"{reference},,2026-03-01,1\n{reference},R3,1 March,NaN\n{reference},R4,2026-03-01,5\n{reference},R4,2026-03-01,5\n"
    )
    with pytest.raises(Invalid) as caught:
        services.import_spend(world.buyer, bad.encode(), now=world.now)
    found = [(one.row, one.field, one.code) for one in caught.value.problems]
    assert found == [
        (2, "number", "booked_before"),
        (3, "contract", "contract_unknown"),
        (4, "number", "required"),
        (5, "date", "not_a_date"),
        (5, "amount", "not_an_amount"),
        (7, "number", "booked_before"),
    ]
    assert len(queries.spend(contract_id)) == 2
    for data, code in ((b"a,b\n", "columns_missing"), (b"\xff\xfe", "spend_not_utf8"), (b"", "columns_missing")):
        with pytest.raises(Refused, match=code):
            services.import_spend(world.buyer, data, now=world.now)
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    with pytest.raises(Invalid):
        services.import_spend(stranger, good.encode(), now=world.now)


def test_the_calendar_is_valid_and_escaped(world: World) -> None:
    contract_id = in_force(world)
    title = "Report; with, signs\nand a very long title " + "é" * 60
    due = world.now.date()
    services.add_obligation(world.buyer, contract_id, title=title, party="buyer", due_on=due, now=world.now)
    view = queries.contract(contract_id)
    data = calendar([(view, queries.obligations(contract_id))], url="http://localhost", now=world.now)
    lines = data.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines)
    assert data.decode().replace("\r\n ", "").count("SUMMARY:Report\\; with\\, signs") == 1
    assert data.count(b"BEGIN:VEVENT") == 3


def test_search_finds_words_of_the_text_in_any_order(world: World) -> None:
    supplier_id = a_supplier(world)
    contract_id = a_contract_by_hand(world, supplier_id)
    services.edit_clause(
        world.buyer, contract_id, "law", title="Loi", text="Réversibilité à Köln.", version=None, now=world.now
    )
    other = a_contract_by_hand(world, a_supplier(world))

    def found(text: str) -> set[str]:
        return {one.id for one in queries.contracts(world.buyer, text=text, now=world.now)[0]}

    assert found("reversibil KOLN") == {contract_id}
    assert found("calibration") == {contract_id, other}
    assert found("koln nowhere") == set() and found("!!") == set()
    services.edit_clause(world.buyer, contract_id, "law", title="Loi", text="Paris.", version=None, now=world.now)
    assert found("koln") == set(), "words that left the text are not found"


def test_obligations_come_from_the_award(world: World) -> None:
    contract_id = a_drafted_contract(world)
    project_id = queries.contract(contract_id).project_id
    from srm_portal.sourcing import queries as sourcing

    days = {line.needed_on for line in sourcing.lines(project_id or "") if line.needed_on}
    assert {one.due_on for one in queries.obligations(contract_id)} == days


def test_a_pdf_is_made_in_the_background(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    client = world.client_of(world.buyer)
    page = client.post(f"/contracts/{contract_id}/pdf")
    url = page.text.split('data-url="')[1].split('"')[0]
    assert client.get(url).json["state"] == "running"
    world.run_jobs()
    assert client.get(url).json["state"] == "done"
    assert "-v1.pdf" in client.get(f"/contracts/{contract_id}").text
    stranger = world.client_of(world.person("buyer", organisation_id=world.other_organisation()))
    assert stranger.get(url).status_code == 404
    other = a_contract_by_hand(world, a_supplier(world))
    assert client.get(url.replace(contract_id, other)).status_code == 404


def test_the_pages_of_a_running_contract(world: World) -> None:
    frame = in_force(world, "framework", "1000")
    client = world.client_of(world.buyer)
    today = world.now.date().isoformat()
    assert client.get(f"/contracts/{frame}/running").status_code == 200
    assert client.get("/contracts/due?days=365").status_code == 200
    assert client.get(f"/contracts/{frame}/calendar.ics").mimetype == "text/calendar"
    order = {"title": "Batch", "value": "1001", "starts_on": today, "ends_on": today}
    assert client.post(f"/contracts/{frame}/call-offs", data=order).status_code == 422
    assert client.post(f"/contracts/{frame}/call-offs", data=order | {"value": "10"}).status_code == 302
    assert client.post(f"/contracts/{frame}/amendments", data={"title": ""}).status_code == 422
    assert client.post(f"/contracts/{frame}/amendments", data={"title": "More"}).status_code == 302
    spend = client.post(
        "/contracts/spend", data={"upload": (BytesIO(b"contract,number,date,amount\nX,1,x,y\n"), "s.csv")}
    )
    assert spend.status_code == 422 and "There is no contract" in spend.text
    owed = {"title": "Report", "kind": "report", "party": "supplier", "owner_id": "", "due_on": today}
    assert client.post(f"/contracts/{frame}/obligations", data=owed).status_code == 302
    assert client.get("/contracts/spend").status_code == 200
    manager = world.client_of(world.manager)
    assert manager.get(f"/contracts/{frame}/running").status_code == 200
    assert manager.get("/contracts/spend").status_code == 404


def test_prices_follow_the_index_of_the_contract(world: World) -> None:
    contract_id = a_contract_by_hand(world, a_supplier(world))
    plain = in_force(world)
    with pytest.raises(Refused, match="no_index"):
        services.adjust_prices(world.buyer, plain, index_value=D(1), effective_on=world.now.date(), now=world.now)
    terms = {"value": D(50000), "category": "", "risk": "low", "sign_first": "supplier", "version": None}
    with pytest.raises(Invalid):
        services.change_terms(
            world.buyer,
            contract_id,
            index_name="Labour",
            index_base=None,
            index_share=80,
            index_cap=3,
            now=world.now,
            **terms,
        )
    services.change_terms(
        world.buyer,
        contract_id,
        index_name="Labour",
        index_base=D(100),
        index_share=80,
        index_cap=3,
        now=world.now,
        **terms,
    )
    put_in_force(world, contract_id)
    day = world.now.date() + timedelta(days=30)
    services.adjust_prices(world.buyer, contract_id, index_value=D(102), effective_on=day, now=world.now)
    assert queries.adjustments(contract_id)[0].factor == D("1.016")
    with pytest.raises(Invalid):
        services.adjust_prices(world.buyer, contract_id, index_value=D(103), effective_on=day, now=world.now)
    with pytest.raises(NotFound):
        services.adjust_prices(
            world.person("buyer", organisation_id=world.other_organisation()),
            contract_id,
            index_value=D(103),
            effective_on=day,
            now=world.now,
        )
