"""Bank accounts behind a second look, certificates with an end, questionnaires with editions."""

from __future__ import annotations

import io
from datetime import date

import pytest
from werkzeug.datastructures import FileStorage

from srm_portal.documents.queries import files_of
from srm_portal.infra.db import db
from srm_portal.kernel.errors import Forbidden, Invalid, NotFound, Refused
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.questionnaires import Option, Question
from tests.documents.corpus import HOSTILE, pdf
from tests.suppliers.test_registry import IBAN
from tests.support.factories.suppliers import a_supplier

YES_NO = (Option("yes", 100), Option("no", 0))


def a_paper(name: str = "iso.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(pdf()), name)


def test_an_account_counts_once_another_person_confirmed_it(world):
    supplier_id = a_supplier(world, iban=IBAN, account_confirmed=False)
    assert queries.supplier_for(world.buyer, supplier_id).iban_masked == ""
    account = queries.accounts(supplier_id)[0]
    with pytest.raises(Forbidden) as refusal:
        services.confirm_account(world.buyer, account.id, evidence="called", now=world.now)
    assert refusal.value.code == "own_work"
    with pytest.raises(Refused):
        services.confirm_account(world.manager, account.id, evidence="", now=world.now)
    services.confirm_account(world.manager, account.id, evidence="Called Ana on the known number.", now=world.now)
    assert queries.supplier_for(world.buyer, supplier_id).iban_masked == "GR•• •••• 3795"


def test_a_suppliers_own_account_waits_and_the_old_one_stays(world, letters):
    supplier_id = a_supplier(world, iban=IBAN)
    person = world.supplier_user(supplier_id)
    services.name_account(person, supplier_id, iban="FR1420041010050500013M02606", holder="Acme", now=world.now)
    assert queries.supplier_for(world.buyer, supplier_id).iban_masked == "GR•• •••• 3795"
    waiting = queries.accounts(supplier_id)[0]
    assert (waiting.state, waiting.by_supplier) == ("waiting", True)
    services.refuse_account(world.buyer, waiting.id, evidence="Nobody there knew of it.", now=world.now)
    assert queries.supplier_for(world.buyer, supplier_id).iban_masked == "GR•• •••• 3795"
    with pytest.raises(Refused):
        services.confirm_account(world.manager, waiting.id, evidence="x", now=world.now)


def test_a_wrong_account_number_is_named(world):
    supplier_id = a_supplier(world)
    with pytest.raises(Invalid) as wrong:
        services.name_account(world.buyer, supplier_id, iban="FR00", holder="", now=world.now)
    assert wrong.value.problems[0].code == "iban_wrong"


def test_another_organisation_confirms_no_account(world):
    account = queries.accounts(a_supplier(world, iban=IBAN, account_confirmed=False))[0]
    with pytest.raises(NotFound):
        stranger = world.person("buyer", organisation_id=world.other_organisation())
        services.confirm_account(stranger, account.id, evidence="x", now=world.now)


def a_certificate(world, supplier_id, actor=None, until=date(2026, 12, 31)):
    return services.add_certificate(
        actor or world.buyer, supplier_id, a_paper(), kind="ISO 9001", number="Q-1", issuer="TÜV",
        issued_on=date(2024, 1, 1), valid_until_on=until, now=world.now,
    )  # fmt: skip


def test_a_certificate_is_a_claim_until_checked_and_expires(world):
    supplier_id = a_supplier(world)
    one = a_certificate(world, supplier_id)
    view = queries.certificates([supplier_id])[supplier_id][0]
    assert view.standing(world.now.date()) == "claimed"
    services.check_certificate(world.manager, one, right=True, note="", now=world.now)
    view = queries.certificate_for(world.buyer, one)
    assert (view.standing(world.now.date()), view.standing(date(2027, 1, 1))) == ("checked", "expired")
    with pytest.raises(Refused):
        services.remove_certificate(world.buyer, one, now=world.now)


def test_a_certificate_without_file_or_already_over_is_refused(world):
    with pytest.raises(Invalid) as wrong:
        services.add_certificate(
            world.buyer, a_supplier(world), None, kind="ISO", number="", issuer="", issued_on=None,
            valid_until_on=date(2020, 1, 1), now=world.now,
        )  # fmt: skip
    assert {one.code for one in wrong.value.problems} == {"already_over", "file_missing"}


def test_the_supplier_and_the_buyers_hear_before_a_certificate_ends(world, letters):
    supplier_id = a_supplier(world, "Acme")
    world.supplier_user(supplier_id)
    assert world.buyer
    a_certificate(world, supplier_id)
    world.run_jobs()
    before = len(letters)
    world.later(days=245)
    world.run_jobs()
    assert len(letters) - before == 2


@pytest.mark.parametrize("code", sorted(HOSTILE))
def test_every_hostile_file_is_refused_at_the_suppliers_door(world, code):
    """One of each fault through the real form: refused in words, nothing kept, no crash."""
    supplier_id = a_supplier(world)
    client = world.client_of(world.supplier_user(supplier_id))
    name, data = HOSTILE[code][0]
    typed = {"kind": "ISO 9001", "file": (io.BytesIO(data() if callable(data) else data), name)}
    answer = client.post("/supplier/papers/certificates/new", data=typed)
    assert answer.status_code == 422
    assert "This was refused (" not in answer.get_data(as_text=True)
    assert queries.certificates([supplier_id])[supplier_id] == []


def a_questionnaire(world, *questions: Question) -> tuple[str, list[str]]:
    one = services.create_questionnaire(world.buyer, title="Quality", purpose="qualification", now=world.now)
    return one, [services.save_question(world.buyer, one, question, now=world.now) for question in questions]


def test_a_published_edition_stays_and_the_next_takes_its_place(world):
    first, _keys = a_questionnaire(world, Question("", "ISO 9001?", "yes_no", options=YES_NO))
    services.publish_questionnaire(world.buyer, first, now=world.now)
    with pytest.raises(Refused) as refusal:
        services.save_question(world.buyer, first, Question("", "More?", "text"), now=world.now)
    assert refusal.value.code == "questionnaire_is_fixed"
    second = services.revise_questionnaire(world.buyer, first, now=world.now)
    assert services.revise_questionnaire(world.buyer, first, now=world.now) == second
    services.save_question(world.buyer, second, Question("", "More?", "text"), now=world.now)
    services.publish_questionnaire(world.buyer, second, now=world.now)
    states = {one.edition: one.state for one in queries.questionnaires(world.buyer)}
    assert states == {1: "retired", 2: "published"}


def test_an_empty_questionnaire_is_not_published(world):
    one, _keys = a_questionnaire(world)
    with pytest.raises(Invalid):
        services.publish_questionnaire(world.buyer, one, now=world.now)


def test_a_question_moved_before_its_condition_is_found_at_publication(world):
    one, (key,) = a_questionnaire(world, Question("", "ISO?", "yes_no", options=YES_NO))
    later = services.save_question(
        world.buyer, one, Question("", "Since when?", "date", show_if=key, show_value="yes"), now=world.now
    )
    services.move_question(world.buyer, one, later, up=True, now=world.now)
    with pytest.raises(Invalid) as wrong:
        services.publish_questionnaire(world.buyer, one, now=world.now)
    assert [(one.row, one.code) for one in wrong.value.problems] == [(1, "condition_not_earlier")]


def sent(world, supplier_id, *questions):
    form, keys = a_questionnaire(world, *questions)
    services.publish_questionnaire(world.buyer, form, now=world.now)
    return services.send_questionnaire(world.buyer, form, supplier_id, due_on=None, now=world.now), keys


def test_a_supplier_answers_what_was_sent_with_a_file_and_is_scored(world):
    supplier_id = a_supplier(world)
    answer, (iso, paper) = sent(
        world,
        supplier_id,
        Question("", "ISO 9001?", "yes_no", options=YES_NO),
        Question("", "The paper", "file", required=True),
    )
    client = world.client_of(world.supplier_user(supplier_id))
    address = f"/supplier/questionnaires/{answer}"
    assert client.get(address).status_code == 200
    missing = client.post(address, data={f"q_{iso}": "yes", "act": "hand_in"})
    assert missing.status_code == 422
    done = client.post(
        address, data={f"q_{iso}": "yes", f"q_{paper}": (io.BytesIO(pdf()), "iso.pdf"), "act": "hand_in"}
    )
    assert done.status_code == 302
    db.session.rollback()
    view = queries.answer_of(answer, ("supplier", supplier_id), world.organisation_id)
    assert (view.state, view.score) == ("submitted", 100)
    buyer = world.client_of(world.buyer)
    assert buyer.get(f"/suppliers/answers/{answer}").status_code == 200
    assert buyer.get(f"/suppliers/answers/{answer}/{view.answers[paper]}").status_code == 200
    other = world.client_of(world.supplier_user(a_supplier(world)))
    assert other.get(address).status_code == 404
    assert other.get(f"/suppliers/answers/{answer}/{view.answers[paper]}").status_code == 404


def test_the_papers_pages_open_and_act(world):
    supplier_id = a_supplier(world, "Acme", iban=IBAN, account_confirmed=False)
    form, _keys = a_questionnaire(world, Question("", "ISO?", "yes_no", options=YES_NO))
    services.publish_questionnaire(world.buyer, form, now=world.now)
    buyer, manager = world.client_of(world.buyer), world.client_of(world.manager)
    papers = f"/suppliers/{supplier_id}/papers"
    typed = {"kind": "ISO 9001", "valid_until_on": "2027-01-01", "file": (io.BytesIO(pdf()), "iso.pdf")}
    assert buyer.post(f"/suppliers/{supplier_id}/certificates/new", data=typed).status_code == 302
    db.session.rollback()
    one = queries.certificates([supplier_id])[supplier_id][0]
    assert manager.post(f"/suppliers/certificates/{one.id}/check", data={"right": "yes"}).status_code == 302
    db.session.rollback()
    account = queries.accounts(supplier_id)[0]
    typed = {"act": "confirm", "evidence": "called back"}
    assert manager.post(f"/suppliers/{supplier_id}/accounts/{account.id}", data=typed).status_code == 302
    assert buyer.post(f"/suppliers/{supplier_id}/questionnaires", data={"questionnaire": form}).status_code == 302
    page = buyer.get(papers).get_data(as_text=True)
    assert "ISO 9001" in page and "GR•• •••• 3795" in page and "Quality" in page
    person = world.client_of(world.supplier_user(supplier_id))
    own = person.get("/supplier/papers").get_data(as_text=True)
    assert "ISO 9001" in own and "Quality" in own
    assert person.get("/supplier/papers/account").status_code == 200
    typed = {"iban": "FR1420041010050500013M02606", "holder": "Acme"}
    assert person.post("/supplier/papers/account", data=typed).status_code == 302
    stranger = world.client_of(world.supplier_user(a_supplier(world)))
    file = files_of("certificate", [one.id])[one.id][0]
    assert person.get(f"/certificates/{one.id}/{file.id}").status_code == 200
    assert stranger.get(f"/certificates/{one.id}/{file.id}").status_code == 404


def test_questionnaires_are_made_by_pages(world):
    buyer = world.client_of(world.buyer)
    made = buyer.post("/suppliers/questionnaires/new", data={"title": "Basics", "purpose": "registration"})
    address = made.headers["Location"]
    typed = {
        "text": "ISO?",
        "kind": "yes_no",
        "options": "yes = 100\nno = 0",
        "weight": "2",
        "required": "y",
        "show_if": "",
    }
    assert buyer.post(address, data=typed).status_code == 302
    assert buyer.post(address, data=typed | {"options": "yes = much"}).status_code == 422
    db.session.rollback()
    form = queries.questionnaires(world.buyer)[0]
    key = form.questions[0].key
    follow = {"text": "Since?", "kind": "date", "show_if": key, "show_value": "yes"}
    assert buyer.post(address, data=follow).status_code == 302
    assert buyer.get(f"{address}/{key}").status_code == 200
    assert buyer.post(f"{address}/{key}", data=typed | {"text": "ISO 9001?"}).status_code == 302
    assert buyer.post(f"{address}/{key}/down").status_code == 302
    assert buyer.post(f"{address}/{key}/up").status_code == 302
    assert buyer.post(f"{address}/state", data={"act": "publish"}).status_code == 302
    db.session.rollback()
    assert queries.questionnaires(world.buyer)[0].state == "published"
    assert buyer.post(f"{address}/state", data={"act": "revise"}).status_code == 302
    assert buyer.get("/suppliers/questionnaires").status_code == 200
    assert buyer.get(address).status_code == 200
