"""The registry's pages, as buyers, managers and suppliers use them."""

import io

import pytest

from srm_portal.suppliers import ports, queries, services
from srm_portal.web.panels import PanelBlock
from tests.support.factories.documents import CSV
from tests.support.factories.suppliers import (
    CASTINGS,
    MACHINE_TOOLS,
    a_cell,
    a_contact,
    a_qualified_supplier,
    a_supplier,
    the_categories,
)
from tests.support.statements import count_statements

STATEMENTS_MAX = 12
NEW = {"name": "Fonderie Éclair", "country": "FR", "city": "Lille", "categories": [CASTINGS, MACHINE_TOOLS]}


@pytest.fixture
def buyer(world):
    the_categories(world)
    return world.client_of(world.buyer)


@pytest.fixture
def stranger(world):
    return world.client_of(world.person("buyer", "purchasing_manager", organisation_id=world.other_organisation()))


def test_a_prospect_is_typed_and_shown(world, buyer):
    made = buyer.post("/suppliers/new", data=NEW | {"regions": "FR1, FR2", "place": "50.63, 3.06"})
    assert made.status_code == 302
    page = buyer.get(made.headers["Location"]).text
    for text in ("Fonderie Éclair", "Cast-iron products", "FR1, FR2", "France", "prospect", "S-2026-0001"):
        assert text in page


def test_a_wrong_form_keeps_what_was_typed(buyer):
    answer = buyer.post("/suppliers/new", data=NEW | {"vat": "FR123", "place": "somewhere", "note": "typed long ago"})
    assert answer.status_code == 422
    for text in ("Fonderie Éclair", "FR123", "somewhere", "typed long ago"):
        assert text in answer.text
    answer = buyer.post("/suppliers/new", data=NEW | {"vat": "FR123"})
    assert "is not a VAT number of FR" in answer.text
    assert f'<option selected value="{CASTINGS}">' in answer.text


def test_a_likely_duplicate_is_shown_with_a_link_and_added_when_confirmed(world, buyer):
    known = a_supplier(world, "FONDERIE ECLAIR SAS")
    answer = buyer.post("/suppliers/new", data=NEW)
    assert answer.status_code == 422
    assert f"/suppliers/{known}" in answer.text and "same name" in answer.text
    assert buyer.post("/suppliers/new", data=NEW | {"accept_duplicates": "y"}).status_code == 302


def test_the_edit_form_shows_the_record_and_saves_it(world, buyer):
    supplier_id = a_supplier(world, "Acme", city="Lille", categories=(CASTINGS,), iban="GR1601101050000010547023795")
    page = buyer.get(f"/suppliers/{supplier_id}/edit").text
    assert "Lille" in page and f'<option selected value="{CASTINGS}">' in page and "3795" in page
    assert "01101050000010547023795" not in page
    data = {"name": "Acme", "country": "FR", "city": "Lyon", "version": "1", "categories": [CASTINGS]}
    assert buyer.post(f"/suppliers/{supplier_id}/edit", data=data).status_code == 302
    view = queries.supplier_for(world.buyer, supplier_id)
    assert (view.city, view.iban_masked) == ("Lyon", "GR•• •••• 3795")


def test_a_stale_edit_form_shows_both_versions_and_saves_on_the_second_try(world, buyer):
    supplier_id = a_supplier(world, "Acme", city="Lille")
    data = {"name": "Acme", "country": "FR", "version": "1"}
    assert buyer.post(f"/suppliers/{supplier_id}/edit", data=data | {"city": "Lyon"}).status_code == 302
    answer = buyer.post(f"/suppliers/{supplier_id}/edit", data=data | {"city": "Metz"})
    assert answer.status_code == 422
    assert "Two versions" in answer.text and "Lyon" in answer.text and "Metz" in answer.text
    again = buyer.post(f"/suppliers/{supplier_id}/edit", data=data | {"city": "Metz", "version": ""})
    assert again.status_code == 302
    assert queries.supplier_for(world.buyer, supplier_id).city == "Metz"


def test_the_list_is_filtered_by_its_address(world, buyer):
    a_qualified_supplier(world, "Machines Nord", country="DE", city="Kiel")
    a_supplier(world, "Fonderie Sud", categories=(CASTINGS,))
    for address in (
        "?q=nord",
        "?category=42000000",
        "?country=DE",
        "?qualification=qualified",
        "?state=active",
        "?q=kiel&country=DE&sort=-name",
    ):
        page = buyer.get(f"/suppliers{address}").text
        assert "Machines Nord" in page and "Fonderie Sud" not in page, address
    assert "Nothing matches" in buyer.get("/suppliers?min_score=90").text
    assert "Machines Nord" in buyer.get("/suppliers?min_score=many&page=x&km=-3").text


def test_the_list_measures_distances_and_says_when_it_cannot(world, buyer):
    buyer.post("/suppliers/new", data=NEW | {"place": "50.63, 3.06"})
    page = buyer.get("/suppliers?near=Lille&km=50").text
    assert "Fonderie Éclair" in page and "0 km" in page
    assert "distances are not known" in buyer.get("/suppliers?near=Atlantis").text


def test_the_empty_list_says_what_a_supplier_is(buyer):
    assert "No suppliers yet" in buyer.get("/suppliers").text


def test_every_page_of_a_record_opens(world, buyer):
    supplier_id = a_qualified_supplier(world, "Acme")
    a_contact(world, supplier_id)
    services.record_performance(world.buyer, supplier_id, "2025-Q4", {"quality": 60}, now=world.now)
    services.record_performance(world.buyer, supplier_id, "2026-Q1", {"quality": 80, "cost": 40}, now=world.now)
    page = buyer.get(f"/suppliers/{supplier_id}").text
    for text in ("Machine tools", "qualified", "Ana Contact", "2026-Q1", "Responsiveness"):
        assert text in page
    for part in ("business", "files", "history", "edit", "contacts/new", "qualification", "performance"):
        assert buyer.get(f"/suppliers/{supplier_id}/{part}").status_code == 200, part
    assert "decided on a qualification" in buyer.get(f"/suppliers/{supplier_id}/history").text
    for address in ("panels", f"panels/{MACHINE_TOOLS}", "qualifications"):
        assert buyer.get(f"/suppliers/{address}").status_code == 200, address


def test_a_foreign_record_and_an_absent_one_look_the_same(world, stranger):
    supplier_id = a_supplier(world)
    cell_id, contact_id = a_cell(world, supplier_id), a_contact(world, supplier_id)
    for part in ("", "/edit", "/business", "/files", "/history", "/contacts/new", "/qualification", "/performance"):
        assert stranger.get(f"/suppliers/{supplier_id}{part}").status_code == 404, part
    assert stranger.get("/suppliers/0123456789abcdef0123").status_code == 404
    assert stranger.get(f"/suppliers/contacts/{contact_id}").status_code == 404
    assert stranger.get(f"/suppliers/qualifications/{cell_id}").status_code == 404
    for part in ("block", "archive", "restore"):
        answer = stranger.post(f"/suppliers/{supplier_id}/{part}", data={"reason": "envy"})
        assert answer.status_code == 404, part
    assert queries.supplier_for(world.buyer, supplier_id).state == "prospect"


@pytest.mark.parametrize("role", ["requester", "administrator"])
def test_who_may_not_read_suppliers_finds_no_page(world, role):
    supplier_id = a_supplier(world)
    person = world.client_of(world.person(role))
    assert person.get("/suppliers").status_code == 404
    assert person.get(f"/suppliers/{supplier_id}").status_code == 404


def test_an_auditor_reads_and_changes_nothing(world):
    supplier_id = a_supplier(world)
    auditor = world.client_of(world.auditor)
    assert auditor.get(f"/suppliers/{supplier_id}").status_code == 200
    assert auditor.get(f"/suppliers/{supplier_id}/files").status_code == 200
    assert auditor.post(f"/suppliers/{supplier_id}/files", data={}).status_code == 404
    assert auditor.get(f"/suppliers/{supplier_id}/edit").status_code == 404


def test_a_contact_is_added_invited_and_switched_by_buttons(world, buyer):
    supplier_id = a_supplier(world)
    data = {"name": "Ana", "email": "ana@acme.example", "language": "fr"}
    assert buyer.post(f"/suppliers/{supplier_id}/contacts/new", data=data).status_code == 302
    contact = queries.contacts([supplier_id])[supplier_id][0]
    buyer.post(f"/suppliers/contacts/{contact.id}/invite", data={})
    assert "Allow bidding" in buyer.get(f"/suppliers/{supplier_id}").text
    buyer.post(f"/suppliers/contacts/{contact.id}/may-bid", data={"may_bid": "y"})
    assert "Forbid bidding" in buyer.get(f"/suppliers/{supplier_id}").text
    refused = buyer.post(f"/suppliers/contacts/{contact.id}/end", data={"reason": ""}, follow_redirects=True)
    assert "Please fill this in" in refused.text
    buyer.post(f"/suppliers/contacts/{contact.id}/end", data={"reason": "left"})
    assert "access ended" in buyer.get(f"/suppliers/{supplier_id}").text


def test_a_wrong_contact_keeps_what_was_typed(world, buyer):
    supplier_id = a_supplier(world)
    answer = buyer.post(
        f"/suppliers/{supplier_id}/contacts/new", data={"name": "Ana", "email": "ana", "language": "fr"}
    )
    assert answer.status_code == 422
    assert "is not an e-mail address" in answer.text and 'value="Ana"' in answer.text


def test_an_address_in_use_elsewhere_is_said_beside_the_invitation(world, buyer):
    contact_id = a_contact(world, a_supplier(world), email="ana@acme.example")
    services.invite_contact(world.buyer, contact_id, may_bid=True, now=world.now)
    twin = a_contact(world, a_supplier(world), email="ana@acme.example")
    answer = buyer.post(f"/suppliers/contacts/{twin}/invite", data={}, follow_redirects=True)
    assert "Somebody already uses the address" in answer.text


def test_a_qualification_is_asked_by_one_and_decided_by_another(world, buyer):
    supplier_id = a_supplier(world, "Acme")
    asked = {"category": MACHINE_TOOLS, "reason": "needed for brackets"}
    assert buyer.post(f"/suppliers/{supplier_id}/qualification", data=asked).status_code == 302
    cell = queries.qualifications(supplier_id, world.now.date())[0]
    manager = world.client_of(world.manager)
    assert "needed for brackets" in manager.get(f"/suppliers/qualifications/{cell.id}").text
    own = buyer.get(f"/suppliers/qualifications/{cell.id}").text
    assert "somebody else has to decide" in own
    decision = {"status": "conditional", "valid_from_on": "2026-03-02", "valid_until_on": "", "version": "1"}
    answer = manager.post(f"/suppliers/qualifications/{cell.id}", data=decision)
    assert answer.status_code == 422
    assert 'value="2026-03-02"' in answer.text
    decision |= {"valid_until_on": "2027-03-01", "reason": "first sample"}
    assert manager.post(f"/suppliers/qualifications/{cell.id}", data=decision).status_code == 302
    assert "Acme" in buyer.get(f"/suppliers/panels/{MACHINE_TOOLS}").text


def test_who_asked_is_refused_by_the_page_too(world, buyer):
    supplier_id = a_supplier(world)
    cell_id = a_cell(world, supplier_id)
    decision = {"status": "qualified", "valid_from_on": "2026-03-02", "valid_until_on": "2027-03-01", "version": "1"}
    assert buyer.post(f"/suppliers/qualifications/{cell_id}", data=decision).status_code == 422
    assert queries.qualifications(supplier_id, world.now.date())[0].status == "applied"


def test_a_block_is_set_with_a_reason_and_shown(world, buyer):
    supplier_id = a_supplier(world)
    refused = buyer.post(f"/suppliers/{supplier_id}/block", data={"reason": " "}, follow_redirects=True)
    assert "Please give a reason" in refused.text
    buyer.post(f"/suppliers/{supplier_id}/block", data={"reason": "false certificate"})
    assert "false certificate" in buyer.get(f"/suppliers/{supplier_id}").text


def test_marks_are_typed_and_wrong_ones_kept_on_the_form(world, buyer):
    supplier_id = a_supplier(world)
    answer = buyer.post(f"/suppliers/{supplier_id}/performance", data={"period": "spring", "quality": "81"})
    assert answer.status_code == 422
    assert "spring" in answer.text and 'value="81"' in answer.text
    assert (
        buyer.post(f"/suppliers/{supplier_id}/performance", data={"period": "2026", "quality": "81"}).status_code == 302
    )


def test_a_file_is_kept_read_and_removed(world, buyer, stranger):
    supplier_id = a_supplier(world)
    upload = {"file": (io.BytesIO(CSV), "prices.csv"), "note": "prices of 2026"}
    made = buyer.post(f"/suppliers/{supplier_id}/files", data=upload, content_type="multipart/form-data")
    assert made.status_code == 302
    page = buyer.get(f"/suppliers/{supplier_id}/files").text
    assert "prices.csv" in page and "prices of 2026" in page
    address = page.split(f'href="/suppliers/{supplier_id}/files/')[1].split('"')[0]
    path = f"/suppliers/{supplier_id}/files/{address}"
    answer = buyer.get(path)
    assert answer.data == CSV and answer.headers["Content-Disposition"].startswith("attachment")
    assert stranger.get(path).status_code == 404
    other = a_supplier(world)
    assert buyer.get(f"/suppliers/{other}/files/{address}").status_code == 404
    assert buyer.post(f"{path}/remove").status_code == 302
    assert buyer.get(path).status_code == 404


def test_a_program_is_not_kept(world, buyer):
    supplier_id = a_supplier(world)
    upload = {"file": (io.BytesIO(b"MZ\0\0"), "prices.exe")}
    answer = buyer.post(f"/suppliers/{supplier_id}/files", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 422 and "are not accepted" in answer.text
    answer = buyer.post(f"/suppliers/{supplier_id}/files", data={})
    assert answer.status_code == 422 and "Choose a file first" in answer.text


def test_later_rooms_show_their_blocks(world, buyer):
    supplier_id = a_supplier(world)
    found = []

    def block(actor, asked_id, _now):
        found.append(asked_id)
        return PanelBlock("From a later room", "components/stale.html", {}) if asked_id == supplier_id else None

    sources = world.app.extensions.setdefault("srm_panels", {}).setdefault(ports.RECORD, [])
    before = list(sources)
    ports.register_panel(world.app, block)
    try:
        with_block = buyer.get(f"/suppliers/{a_supplier(world)}/business").text
    finally:
        sources[:] = before
    assert "From a later room" not in with_block and len(found) == 1


def test_a_supplier_sees_what_is_held_and_keeps_its_contacts(world):
    supplier_id = a_qualified_supplier(world, "Acme", iban="GR1601101050000010547023795")
    note = services.add_contact(world.buyer, supplier_id, name="Ana", email="ana@acme.example", now=world.now)
    person = world.client_of(world.supplier_user(supplier_id))
    page = person.get("/supplier/company").text
    for text in ("Acme", "GR•• •••• 3795", "Machine tools", "Ana", "Nordwerk"):
        assert text in page
    assert (
        person.post("/supplier/company/edit", data={"phone": "+33 1", "website": "", "version": "2"}).status_code == 302
    )
    contact = {"name": "Bea", "email": "bea@acme.example", "language": "en"}
    assert person.post("/supplier/company/contacts/new", data=contact).status_code == 302
    assert person.get(f"/supplier/company/contacts/{note}").status_code == 200
    assert person.post(f"/supplier/company/contacts/{note}/remove").status_code == 302
    page = person.get("/supplier/company").text
    assert "Bea" in page and "Ana" not in page and "+33 1" in page


def test_a_supplier_reaches_no_page_of_the_buyer_and_no_other_company(world):
    own, other = a_supplier(world), a_supplier(world)
    contact_id = a_contact(world, other)
    person = world.client_of(world.supplier_user(own))
    for address in ("/suppliers", f"/suppliers/{own}", f"/supplier/company/contacts/{contact_id}"):
        assert person.get(address).status_code == 404, address


def test_staff_have_no_company_page(buyer):
    assert buyer.get("/supplier/company").status_code == 404


def statements(client, address):
    """Of a second visit: the first one also writes into the session."""
    client.get(address)
    with count_statements() as found:
        assert client.get(address).status_code == 200
    return found


def test_the_list_needs_as_many_statements_for_sixty_rows_as_for_ten(world, buyer):
    for _ in range(10):
        a_qualified_supplier(world)
    few = statements(buyer, "/suppliers")
    for _ in range(50):
        a_qualified_supplier(world)
    many = statements(buyer, "/suppliers")
    assert len(few) == len(many) <= STATEMENTS_MAX, str(many)


def test_a_full_record_needs_no_more_statements_than_an_empty_one(world, buyer):
    empty = a_supplier(world)
    full = a_qualified_supplier(world)
    for number in range(15):
        a_contact(world, full)
        services.record_performance(world.buyer, full, f"20{number + 10}", {"quality": number}, now=world.now)
    for part in ("", "/business", "/files", "/history"):
        few, many = statements(buyer, f"/suppliers/{empty}{part}"), statements(buyer, f"/suppliers/{full}{part}")
        assert len(few) <= len(many) <= STATEMENTS_MAX, str(many)
