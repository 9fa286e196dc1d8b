"""Coming in: from outside by a mailed link, from inside by a proposal, each decided by somebody else."""

from __future__ import annotations

import io
import re

import pytest
from werkzeug.datastructures import FileStorage

from srm_portal.audit.queries import history_of
from srm_portal.documents.queries import files_of
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.questionnaires import Option, Question
from srm_portal.suppliers.domain.record import SupplierData
from tests.documents.corpus import pdf
from tests.suppliers.test_registry import IBAN
from tests.support.factories.suppliers import MACHINE_TOOLS, a_supplier, supplier_data, the_categories

ACME = {
    "name": "Acme Tools",
    "country": "FR",
    "contact_name": "Ana Roux",
    "email": "ana@acme.example",
    "language": "en",
}


def opened(world) -> None:
    the_categories(world)
    services.open_registration(world.manager, is_open=True, welcome="We look for foundries.", now=world.now)


def link(world, letters, **values: str) -> str:
    """The token of a started registration, from its mail."""
    opened(world)
    services.start_registration(world.organisation_id, now=world.now, **(ACME | values))
    world.run_jobs()
    return re.search(r"/register/mine/(\S+)", letters[-1][2])[1]


def complete(token: str, world, **values) -> None:
    services.confirm_address(token, now=world.now)
    data = supplier_data("Acme Tools", city="Lille", registration_number="RCS 1", categories=(MACHINE_TOOLS,), **values)
    services.save_registration(token, data, version=None, now=world.now)


def a_paper() -> FileStorage:
    return FileStorage(io.BytesIO(pdf()), "certificate.pdf")


def test_nobody_registers_where_registration_is_closed(world):
    with pytest.raises(NotFound):
        services.start_registration(world.organisation_id, now=world.now, **ACME)


def test_a_company_registers_and_becomes_a_prospect_with_papers_and_access(world, letters):
    token = link(world, letters)
    complete(token, world)
    services.attach_to_registration(token, a_paper(), note="ISO 9001", now=world.now)
    services.hand_in(token, now=world.now)
    row = queries.registrations(world.buyer)[0]
    assert (row.state, row.origin, row.data.city) == ("submitted", "self", "Lille")
    supplier_id = services.accept_registration(world.buyer, row.id, now=world.now)
    view = queries.supplier_for(world.buyer, supplier_id)
    assert (view.state, view.source, view.categories) == ("prospect", "registration", (MACHINE_TOOLS,))
    assert [one.email for one in queries.contacts([supplier_id])[supplier_id]] == ["ana@acme.example"]
    assert [one.name for one in files_of("supplier", [supplier_id])[supplier_id]] == ["certificate.pdf"]
    assert files_of("registration", [row.id])[row.id] == []
    world.run_jobs()
    assert any("/supplier/sign-in" in body for _to, _subject, body in letters)


def test_an_unconfirmed_registration_is_shown_to_nobody_and_forgotten(world, letters):
    link(world, letters)
    assert queries.registrations(world.buyer) == []
    world.later(days=15)
    world.run_jobs()
    services.start_registration(world.organisation_id, now=world.now, **ACME)
    world.run_jobs()
    token = re.search(r"/register/mine/(\S+)", letters[-1][2])[1]
    services.confirm_address(token, now=world.now)
    assert len(queries.registrations(world.buyer)) == 1


def test_a_second_mail_comes_after_ten_minutes_and_the_first_link_ends(world, letters):
    first = link(world, letters)
    services.start_registration(world.organisation_id, now=world.now, **ACME)
    world.run_jobs()
    assert len(letters) == 1
    world.later(minutes=11)
    services.start_registration(world.organisation_id, now=world.now, **ACME)
    world.run_jobs()
    assert len(letters) == 2
    with pytest.raises(NotFound):
        services.confirm_address(first, now=world.now)


def test_a_known_address_is_answered_alike_and_told_where_to_sign_in(world, letters):
    opened(world)
    supplier_id = a_supplier(world)
    person = world.supplier_user(supplier_id)
    email = identity.person(person.user_id).email
    client = world.app.test_client()
    answers = [
        client.post(f"/register/{world.organisation_id}", data=ACME | {"email": address})
        for address in (email, "new@other.example")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    pages = [re.sub(r'name="csrf-token" content="[^"]*"', "", answer.get_data(as_text=True)) for answer in answers]
    assert pages[0].replace(email, "") == pages[1].replace("new@other.example", "")
    world.run_jobs()
    assert "/supplier/sign-in" in next(body for to, _subject, body in letters if to == email)


def test_an_application_is_handed_in_complete_only(world, letters):
    token = link(world, letters)
    with pytest.raises(Refused) as refusal:
        services.hand_in(token, now=world.now)
    assert refusal.value.code == "address_not_confirmed"
    services.confirm_address(token, now=world.now)
    with pytest.raises(Invalid) as wrong:
        services.hand_in(token, now=world.now)
    assert {(one.field, one.code) for one in wrong.value.problems} == {
        ("city", "required"), ("categories", "required"), ("registration_number", "number_needed"),
    }  # fmt: skip


def test_a_questionnaire_for_newcomers_must_be_answered(world, letters):
    questionnaire = services.create_questionnaire(world.buyer, title="Basics", purpose="registration", now=world.now)
    question = Question(
        "", "Do you hold ISO 9001?", "yes_no", options=(Option("yes", 100), Option("no", 0)), required=True
    )
    key = services.save_question(world.buyer, questionnaire, question, now=world.now)
    services.publish_questionnaire(world.buyer, questionnaire, now=world.now)
    token = link(world, letters)
    complete(token, world)
    with pytest.raises(Refused) as refusal:
        services.hand_in(token, now=world.now)
    assert refusal.value.code == "questionnaires_open"
    page = world.app.test_client()
    view = queries.registration_by_token(token)
    answer = queries.answers_of("registration", view.id)[0]
    address = f"/register/mine/{token}/questions/{answer.id}"
    assert page.post(address, data={"act": "hand_in"}).status_code == 422
    assert page.post(address, data={f"q_{key}": "yes", "act": "hand_in"}).status_code == 302
    db.session.rollback()
    services.hand_in(token, now=world.now)
    supplier_id = services.accept_registration(world.buyer, view.id, now=world.now)
    assert [one.score for one in queries.answers_of("supplier", supplier_id)] == [100]


def test_a_handed_in_application_stays_as_it_is(world, letters):
    token = link(world, letters)
    complete(token, world)
    services.hand_in(token, now=world.now)
    for act in (
        lambda: services.save_registration(token, supplier_data("Other"), version=None, now=world.now),
        lambda: services.attach_to_registration(token, a_paper(), note="", now=world.now),
        lambda: services.hand_in(token, now=world.now),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "registration_handed_in"


def test_a_refused_company_is_told_why(world, letters):
    token = link(world, letters)
    complete(token, world)
    services.hand_in(token, now=world.now)
    row = queries.registrations(world.buyer)[0]
    with pytest.raises(Refused):
        services.refuse_registration(world.buyer, row.id, reason=" ", now=world.now)
    services.refuse_registration(world.buyer, row.id, reason="No foundry of your own.", now=world.now)
    world.run_jobs()
    assert "No foundry of your own." in letters[-1][2]
    with pytest.raises(Refused):
        services.accept_registration(world.manager, row.id, now=world.now)


def test_a_registering_company_that_shares_an_account_number_is_shown_as_alike(world, letters):
    known = a_supplier(world, "Known Works", iban=IBAN)
    token = link(world, letters)
    complete(token, world, iban=IBAN)
    services.hand_in(token, now=world.now)
    row = queries.registrations(world.buyer)[0]
    assert IBAN.replace(" ", "")[6:] not in repr(row)
    twins = queries.duplicates(world.organisation_id, queries.registration_data(row))
    assert [(one.id, one.why) for one in twins] == [(known, ("account",))]
    with pytest.raises(Invalid):
        services.accept_registration(world.buyer, row.id, now=world.now)
    assert services.accept_registration(world.buyer, row.id, now=world.now, accept_duplicates=True)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"lei": "529900T8BM49AURSDO55"}, "lei"),
        ({"registration_number": "RCS 77"}, "number"),
        ({"name": "АСМЕ"}, "name"),
    ],
)
def test_likeness_is_found_by_every_number_and_by_the_name_in_other_letters(world, values, why):
    given = {"name": "Acme"} | values if why != "name" else {"name": "Asme"}
    a_supplier(world, **given)
    found = queries.duplicates(
        world.organisation_id, SupplierData(**{"name": "Somebody else", "country": "FR"} | values)
    )
    assert [one.why for one in found] == [(why,)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Acme\u202egnp.exe", "text_has_direction"),
        ("Ac\u200bme", "text_has_invisible"),
        ("Acme\nBcc: all", "text_has_control"),
        ("Acme\x00", "text_has_control"),
    ],
)
def test_a_name_that_could_mislead_is_refused(world, name, code):
    with pytest.raises(Invalid) as wrong:
        services.add_prospect(world.buyer, supplier_data(name), now=world.now)
    assert ("name", code) in {(one.field, one.code) for one in wrong.value.problems}


SCRIPTS = ("شركة الأمل", "עברית בע״מ", "株式会社テスト", "می‌خواهم", "Łódź & Söhne", "<script>alert(1)</script>")


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_of_every_script_are_kept_and_shown_as_text(world, name):
    supplier_id = a_supplier(world, name)
    page = world.client_of(world.buyer).get(f"/suppliers/{supplier_id}").get_data(as_text=True)
    assert queries.supplier_for(world.buyer, supplier_id).name == name
    assert "<script>alert" not in page


def test_a_proposal_is_decided_by_a_manager_other_than_the_proposer(world):
    the_categories(world)
    data = supplier_data("Good Works", categories=(MACHINE_TOOLS,))
    proposal = services.propose_supplier(
        world.requester, data, contact_name="Ola", email="ola@good.example", reason="Saw them at a fair.", now=world.now
    )
    assert [one.id for one in queries.proposals_of(world.requester)] == [proposal]
    with pytest.raises(Forbidden) as refusal:
        services.accept_registration(world.buyer, proposal, now=world.now)
    assert refusal.value.code == "manager_decides"
    supplier_id = services.accept_registration(world.manager, proposal, now=world.now)
    assert queries.proposals_of(world.requester)[0].state == "accepted"
    assert queries.contacts([supplier_id])[supplier_id][0].user_id is None


def test_nobody_accepts_their_own_proposal(world):
    the_categories(world)
    both = world.person("buyer", "purchasing_manager")
    proposal = services.propose_supplier(
        both, supplier_data("Good Works"), contact_name="", email="", reason="Known.", now=world.now
    )
    with pytest.raises(Forbidden) as refusal:
        services.accept_registration(both, proposal, now=world.now)
    assert refusal.value.code == "own_work"


def test_a_proposal_needs_its_reason_and_whole_contact(world):
    the_categories(world)
    with pytest.raises(Invalid) as wrong:
        services.propose_supplier(
            world.requester, supplier_data(), contact_name="Ola", email="", reason="", now=world.now
        )
    assert {one.field for one in wrong.value.problems} == {"reason", "email"}


def test_another_organisation_sees_no_registration(world, letters):
    token = link(world, letters)
    complete(token, world)
    services.hand_in(token, now=world.now)
    row = queries.registrations(world.buyer)[0]
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    client = world.client_of(stranger)
    assert client.get(f"/suppliers/registrations/{row.id}").status_code == 404
    with pytest.raises(NotFound):
        services.accept_registration(stranger, row.id, now=world.now)


def test_the_pages_of_registering_open_and_keep_what_was_typed(world, letters):
    token = link(world, letters)
    client = world.app.test_client()
    assert client.get("/register").status_code == 302
    assert "We look for foundries" in client.get(f"/register/{world.organisation_id}").get_data(as_text=True)
    address = f"/register/mine/{token}"
    assert client.get(address).status_code == 200
    wrong = client.post(address, data={"name": "Acme", "country": "FR", "vat": "FR1", "city": "Lille"})
    assert wrong.status_code == 422 and "Lille" in wrong.get_data(as_text=True)
    hostile = client.post(f"{address}/files", data={"file": (io.BytesIO(b"MZ\x90"), "offer.pdf")})
    assert hostile.status_code == 422
    assert client.post(f"{address}/files", data={"file": (io.BytesIO(pdf()), "a.pdf")}).status_code == 302
    good = {"name": "Acme", "country": "FR", "city": "Lille", "registration_number": "1", "categories": MACHINE_TOOLS}
    assert client.post(address, data=good).status_code == 302
    assert client.post(f"{address}/hand-in").status_code == 302
    assert "Your application is handed in" in client.get(address).get_data(as_text=True)
    assert client.get("/register/mine/wrong").status_code == 404
    buyer = world.client_of(world.buyer)
    db.session.rollback()
    row = queries.registrations(world.buyer)[0]
    for page in ("/suppliers/registrations", f"/suppliers/registrations/{row.id}"):
        assert buyer.get(page).status_code == 200
    assert buyer.post(f"/suppliers/registrations/{row.id}", data={"reason": "good"}).status_code == 302
    db.session.rollback()
    assert "registration.accepted" in {line.action for line in history_of(world.buyer, [row.id], 50)}
    manager = world.client_of(world.manager)
    assert manager.get("/suppliers/registrations/settings").status_code == 200
    assert manager.post("/suppliers/registrations/settings", data={"welcome": "x"}).status_code == 302
    assert client.get(f"/register/{world.organisation_id}").status_code == 404
    requester = world.client_of(world.requester)
    assert requester.get("/suppliers/propose").status_code == 200
    typed = {"name": "Good Works", "country": "FR", "reason": "fair", "contact_name": "O", "email": "o@good.example"}
    assert requester.post("/suppliers/propose", data=typed).status_code == 302
    assert "Good Works" in requester.get("/suppliers/proposals").get_data(as_text=True)
