"""The pages of customers, as requesters and buyers use them."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest

from srm_portal.customers import ports, queries, services
from srm_portal.web.panels import PanelBlock
from tests.support.factories.customers import a_customer, an_opportunity, an_order
from tests.support.factories.documents import CSV
from tests.support.statements import count_statements

STATEMENTS_MAX = 12
NEW = {"name": "Alpes Pompes", "country": "FR", "city": "Grenoble", "roles": ["customer", "partner"]}
OPPORTUNITY = {"title": "Pumps", "amount": "12,500.00", "currency": "eur", "target_margin": "15"}
LINE = {"lines-0-title": "Pump P-1", "lines-0-quantity": "1,200", "lines-0-unit": "C62", "lines-0-price": "8.42"}


@pytest.fixture
def buyer(world):
    return world.client_of(world.buyer)


@pytest.fixture
def stranger(world):
    return world.client_of(world.person("buyer", organisation_id=world.other_organisation()))


def test_a_customer_is_typed_and_shown(buyer):
    made = buyer.post("/customers/new", data=NEW)
    assert made.status_code == 302
    page = buyer.get(made.headers["Location"]).text
    for text in ("Alpes Pompes", "Grenoble", "customer, partner", "C-2026-0001", "France"):
        assert text in page


def test_a_wrong_form_keeps_what_was_typed(buyer):
    answer = buyer.post("/customers/new", data=NEW | {"vat": "FR1", "note": "typed long ago"})
    assert answer.status_code == 422
    for text in ("Alpes Pompes", "FR1", "typed long ago", "is not a VAT number of FR"):
        assert text in answer.text


def test_a_likely_duplicate_is_shown_and_added_when_confirmed(world, buyer):
    known = a_customer(world, "ALPES POMPES SARL")
    answer = buyer.post("/customers/new", data=NEW)
    assert answer.status_code == 422 and f"/customers/{known}" in answer.text
    assert buyer.post("/customers/new", data=NEW | {"accept_duplicates": "y"}).status_code == 302


def test_a_stale_edit_shows_both_versions(world, buyer):
    customer_id = a_customer(world, "Alpes", city="Grenoble")
    data = {"name": "Alpes", "country": "FR", "roles": ["customer"], "version": "1"}
    assert buyer.post(f"/customers/{customer_id}/edit", data=data | {"city": "Lyon"}).status_code == 302
    answer = buyer.post(f"/customers/{customer_id}/edit", data=data | {"city": "Nice"})
    assert answer.status_code == 422
    assert "Two versions" in answer.text and "Lyon" in answer.text and "Nice" in answer.text


def test_the_list_is_filtered_by_its_address(world, buyer):
    a_customer(world, "Énergie Alpes", segment="Energy", owner_id=world.buyer.user_id)
    a_customer(world, "Werke Nord", country="DE", roles=("partner",))
    for address in ("?q=energie", "?segment=Energy", "?role=customer", "?country=FR", "?mine=1"):
        page = buyer.get(f"/customers{address}").text
        assert "Énergie Alpes" in page and "Werke Nord" not in page, address
    assert "Nothing matches" in buyer.get("/customers?q=nobody").text


def test_the_empty_list_says_what_customers_are_for(buyer):
    assert "No customers yet" in buyer.get("/customers").text


def test_every_page_of_a_record_opens(world, buyer):
    customer_id = a_customer(world, "Alpes", owner_id=world.buyer.user_id)
    opportunity_id = an_opportunity(world, customer_id, lines=2, target_margin=Decimal(12))
    an_order(world, customer_id, 1234)
    services.add_contact(world.buyer, customer_id, name="Ana", email="ana@alpes.example", now=world.now)
    services.log_interaction(
        world.buyer, customer_id, kind="call", subject="Prices", opportunity_id=opportunity_id, now=world.now
    )
    services.add_task(world.buyer, customer_id, title="Call back", due_on=date(2026, 2, 1), now=world.now)
    services.note_need(
        world.system,
        customer_id=customer_id,
        opportunity_id=opportunity_id,
        project_id="p1",
        reference="P-2026-0001",
        title="Pumps to buy",
        now=world.now,
    )
    page = buyer.get(f"/customers/{customer_id}").text
    for text in ("Ana", "Prices", "Call back", "late", "Pumps for Grenoble", "€1,234"):
        assert text in page
    assert "Pumps to buy" in buyer.get(f"/customers/{customer_id}/business").text
    for part in ("files", "history", "edit", "contacts/new", "talks/new", "tasks/new", "opportunities/new"):
        assert buyer.get(f"/customers/{customer_id}/{part}").status_code == 200, part
    page = buyer.get(f"/customers/opportunities/{opportunity_id}").text
    for text in ("Pump P-2", "€2,000.00", "12 %", "Prices", "Pumps to buy"):
        assert text in page
    for part in ("edit", "lines"):
        assert buyer.get(f"/customers/opportunities/{opportunity_id}/{part}").status_code == 200
    assert "Pumps for Grenoble" in buyer.get("/customers/opportunities").text


def test_a_foreign_record_and_an_absent_one_look_the_same(world, stranger):
    customer_id, opportunity_id = a_customer(world), an_opportunity(world)
    for part in ("", "/edit", "/business", "/files", "/history", "/contacts/new", "/talks/new", "/tasks/new"):
        assert stranger.get(f"/customers/{customer_id}{part}").status_code == 404, part
    for part in ("", "/edit", "/lines"):
        assert stranger.get(f"/customers/opportunities/{opportunity_id}{part}").status_code == 404, part
    assert stranger.get("/customers/0123456789abcdef0123").status_code == 404
    assert stranger.post(f"/customers/{customer_id}/erase", data={"reason": "envy"}).status_code == 404
    moved = stranger.post(f"/customers/opportunities/{opportunity_id}/move", data={"stage": "won", "reason": ""})
    assert moved.status_code == 404


def test_evaluators_and_suppliers_know_no_customers(world):
    customer_id = a_customer(world)
    for person in (world.evaluator, world.supplier_user("0123456789abcdef0123")):
        client = world.client_of(person)
        assert client.get("/customers").status_code == client.get(f"/customers/{customer_id}").status_code == 404


def test_a_manager_reads_and_changes_nothing(world):
    customer_id = a_customer(world)
    manager = world.client_of(world.manager)
    assert manager.get(f"/customers/{customer_id}").status_code == 200
    assert manager.get(f"/customers/{customer_id}/edit").status_code == 404
    assert manager.post(f"/customers/{customer_id}/files", data={}).status_code == 404


def test_contacts_and_tasks_are_kept_by_forms(world, buyer):
    customer_id = a_customer(world)
    wrong = buyer.post(f"/customers/{customer_id}/contacts/new", data={"name": "Ana", "email": "ana"})
    assert wrong.status_code == 422 and 'value="Ana"' in wrong.text
    assert buyer.post(f"/customers/{customer_id}/contacts/new", data={"name": "Ana"}).status_code == 302
    contact = queries.contacts([customer_id])[customer_id][0]
    assert buyer.post(f"/customers/contacts/{contact.id}", data={"name": "Bea", "version": "1"}).status_code == 302
    assert "Bea" in buyer.get(f"/customers/{customer_id}").text
    assert buyer.post(f"/customers/contacts/{contact.id}/remove").status_code == 302
    assert "Bea" not in buyer.get(f"/customers/{customer_id}").text
    task = {"title": "Call back", "due_on": "2026-03-05", "assignee_id": world.buyer.user_id}
    assert buyer.post(f"/customers/{customer_id}/tasks/new", data=task).status_code == 302
    wrong = buyer.post(f"/customers/{customer_id}/tasks/new", data=task | {"due_on": "soon"})
    assert wrong.status_code == 422 and "soon" in wrong.text
    done = re.search(r"/customers/tasks/\w+/done", buyer.get(f"/customers/{customer_id}").text)[0]
    assert buyer.post(done).status_code == 302
    assert "<s>Call back</s>" in buyer.get(f"/customers/{customer_id}").text
    assert buyer.post(done.replace("done", "reopen")).status_code == 302


def test_a_complaint_is_logged_and_resolved_on_the_page(world, buyer):
    customer_id = a_customer(world)
    assert "selected" in buyer.get(f"/customers/{customer_id}/talks/new?kind=complaint").text
    talk = {"kind": "complaint", "subject": "Two weeks late", "text": "Again.", "at": "2026-03-02T09:30"}
    assert buyer.post(f"/customers/{customer_id}/talks/new", data=talk).status_code == 302
    assert "Resolve the complaint" in buyer.get(f"/customers/{customer_id}").text
    kept = queries.interactions(customer_id)[0]
    refused = buyer.post(f"/customers/talks/{kept.id}/resolve", data={"reason": ""}, follow_redirects=True)
    assert "Please give a reason" in refused.text
    buyer.post(f"/customers/talks/{kept.id}/resolve", data={"reason": "credit note"})
    assert "Resolved: credit note" in buyer.get(f"/customers/{customer_id}").text


def test_a_talk_of_tomorrow_keeps_what_was_typed(world, buyer):
    talk = {"kind": "call", "subject": "Too early", "text": "long text", "at": "2027-01-01T09:30"}
    answer = buyer.post(f"/customers/{a_customer(world)}/talks/new", data=talk)
    assert answer.status_code == 422
    for text in ("lies ahead", "Too early", "long text", "2027-01-01T09:30"):
        assert text in answer.text


def test_an_opportunity_is_opened_with_its_lines_and_moved(world, buyer):
    customer_id = a_customer(world)
    made = buyer.post(f"/customers/{customer_id}/opportunities/new", data=OPPORTUNITY)
    assert made.status_code == 302
    lines = made.headers["Location"]
    assert buyer.post(lines, data=LINE).status_code == 302
    page = lines.removesuffix("/lines")
    assert "€10,104.00" in buyer.get(page).text
    assert buyer.post(f"{page}/move", data={"stage": "proposal", "reason": ""}).status_code == 302
    assert "50 % chance" in buyer.get(page).text
    refused = buyer.post(f"{page}/move", data={"stage": "lost", "reason": ""}, follow_redirects=True)
    assert "Please give a reason" in refused.text


def test_a_wrong_opportunity_keeps_what_was_typed(world, buyer):
    data = OPPORTUNITY | {"amount": "12e3", "target_margin": "100"}
    answer = buyer.post(f"/customers/{a_customer(world)}/opportunities/new", data=data)
    assert answer.status_code == 422 and "12e3" in answer.text
    answer = buyer.post(f"/customers/{a_customer(world)}/opportunities/new", data=data | {"amount": "1"})
    assert answer.status_code == 422 and "is not a margin" in answer.text


def test_wrong_cells_are_named_and_the_sheet_keeps_what_was_typed(world, buyer):
    address = f"/customers/opportunities/{an_opportunity(world)}/lines"
    answer = buyer.post(address, data=LINE | {"lines-0-quantity": "many", "lines-0-needed_on": "soon"})
    assert answer.status_code == 422
    for text in ("many", "soon", "Row 1", 'aria-invalid="true"'):
        assert text in answer.text
    answer = buyer.post(address, data=LINE | {"lines-0-quantity": "0"})
    assert answer.status_code == 422 and "must be more than zero" in answer.text


def test_a_line_is_added_and_removed_without_script(world, buyer):
    address = f"/customers/opportunities/{an_opportunity(world)}/lines"
    answer = buyer.post(address, data=LINE | {"add": "1"})
    assert answer.status_code == 200 and 'name="lines-1-title"' in answer.text
    answer = buyer.post(address, data=LINE | {"remove": "0"})
    assert answer.status_code == 200 and "Pump P-1" not in answer.text


def test_later_rooms_show_their_blocks_on_an_opportunity(world, buyer):
    opportunity_id = an_opportunity(world)
    sources = world.app.extensions.setdefault("srm_panels", {}).setdefault(ports.OPPORTUNITY, [])
    before = list(sources)
    ports.register_opportunity_panel(
        world.app, lambda _actor, _id, _now: PanelBlock("Later block", "components/csrf.html", aside=True)
    )
    try:
        assert "Later block" in buyer.get(f"/customers/opportunities/{opportunity_id}").text
    finally:
        sources[:] = before
    assert "Later block" not in buyer.get(f"/customers/opportunities/{opportunity_id}").text


def test_the_analysis_shows_grades_and_the_pipeline_with_their_formulas(world, buyer):
    big, small = a_customer(world, "Big"), a_customer(world, "Small")
    an_order(world, big, 9000)
    an_order(world, small, 1000)
    an_order(world, small, 77, currency="USD")
    an_opportunity(world, big)
    page = buyer.get("/customers/analysis").text
    for text in ("AZ · Big", "BZ · Small", "€9,000", "less than 80 % of the whole", "value × chance", "€1,000"):
        assert text in page
    assert "$77" in buyer.get("/customers/analysis?currency=USD&years=5").text
    assert buyer.get("/customers/analysis?currency=XXX&years=999").status_code == 200


def test_an_analysis_of_nothing_says_so(buyer):
    assert "No orders" in buyer.get("/customers/analysis").text


def test_personal_data_is_erased_with_a_reason(world, buyer):
    customer_id = a_customer(world, "Jean Dupont")
    refused = buyer.post(f"/customers/{customer_id}/erase", data={"reason": ""}, follow_redirects=True)
    assert "Please give a reason" in refused.text
    buyer.post(f"/customers/{customer_id}/erase", data={"reason": "asked by letter"})
    page = buyer.get(f"/customers/{customer_id}").text
    assert "erased" in page and "Jean Dupont" not in page


def test_a_file_is_kept_and_read_by_the_same_house_only(world, buyer, stranger):
    customer_id = a_customer(world)
    upload = {"file": (io.BytesIO(CSV), "drawing list.csv")}
    made = buyer.post(f"/customers/{customer_id}/files", data=upload, content_type="multipart/form-data")
    assert made.status_code == 302
    page = buyer.get(f"/customers/{customer_id}/files").text
    path = f"/customers/{customer_id}/files/" + page.split(f'href="/customers/{customer_id}/files/')[1].split('"')[0]
    assert buyer.get(path).data == CSV
    assert stranger.get(path).status_code == 404
    assert buyer.post(f"{path}/remove").status_code == 302


def statements(client, address):
    """Of a second visit: the first one also writes into the session."""
    client.get(address)
    with count_statements() as found:
        assert client.get(address).status_code == 200
    return found


def test_the_lists_need_as_many_statements_for_sixty_rows_as_for_ten(world, buyer):
    for _ in range(10):
        an_opportunity(world, a_customer(world, owner_id=world.buyer.user_id))
    few = [statements(buyer, address) for address in ("/customers", "/customers/opportunities")]
    for _ in range(50):
        an_opportunity(world, a_customer(world, owner_id=world.buyer.user_id))
    many = [statements(buyer, address) for address in ("/customers", "/customers/opportunities")]
    for one, other in zip(few, many, strict=True):
        assert len(one) == len(other) <= STATEMENTS_MAX, str(other)


def test_a_full_record_stays_within_the_statements_of_a_page(world, buyer):
    customer_id = a_customer(world, owner_id=world.buyer.user_id)
    opportunity_id = an_opportunity(world, customer_id, lines=20)
    for number in range(15):
        services.add_contact(world.buyer, customer_id, name=f"Person {number}", now=world.now)
        services.add_task(world.buyer, customer_id, title=f"Task {number}", now=world.now)
        an_order(world, customer_id, number)
    for address in (
        f"/customers/{customer_id}",
        f"/customers/{customer_id}/business",
        f"/customers/opportunities/{opportunity_id}",
        "/customers/analysis",
    ):
        found = statements(buyer, address)
        assert len(found) <= STATEMENTS_MAX, str(found)
