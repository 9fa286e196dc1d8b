import pytest

from srm_portal.identity import queries as identity
from srm_portal.identity.services import sign_in
from srm_portal.kernel.errors import Invalid, NotFound, Refused, Stale
from srm_portal.suppliers import queries, services
from tests.support.factories.suppliers import a_contact, a_supplier


def codes_of(call):
    with pytest.raises(Invalid) as refusal:
        call()
    return [(problem.field, problem.code) for problem in refusal.value.problems]


def test_a_contact_is_added_once_per_address(world):
    supplier_id = a_supplier(world)
    a_contact(world, supplier_id, "Ana", "ana@acme.example")
    found = queries.contacts([supplier_id])[supplier_id]
    assert [(one.name, one.email) for one in found] == [("Ana", "ana@acme.example")]
    assert queries.supplier_for(world.buyer, supplier_id).email_domain == "acme.example"
    again = codes_of(lambda: a_contact(world, supplier_id, "Ana B", "ANA@acme.example"))
    assert again == [("email", "contact_known")]


def test_a_contact_needs_a_name_and_a_real_address(world):
    supplier_id = a_supplier(world)
    wrong = codes_of(lambda: services.add_contact(world.buyer, supplier_id, name=" ", email="no", now=world.now))
    assert wrong == [("name", "required"), ("email", "not_an_email")]


def test_an_invited_contact_gets_a_mail_and_can_sign_in_with_a_code(world, letters):
    supplier_id = a_supplier(world, "Acme")
    contact_id = a_contact(world, supplier_id, "Ana", "ana@acme.example", language="fr")
    user_id = services.invite_contact(world.buyer, contact_id, may_bid=True, now=world.now)
    world.run_jobs()
    recipient, subject, body = letters[0]
    assert recipient == "ana@acme.example"
    assert "Nordwerk" in subject and "/supplier/sign-in" in body
    person = identity.person(user_id)
    assert (person.supplier_id, person.roles, person.may_bid, person.language) == (
        supplier_id,
        ("supplier_user",),
        True,
        "fr",
    )
    assert sign_in.send_code("ana@acme.example", now=world.now) == user_id


def test_an_invitation_sent_again_makes_no_second_user(world):
    contact_id = a_contact(world, a_supplier(world))
    first = services.invite_contact(world.buyer, contact_id, may_bid=False, now=world.now)
    assert services.invite_contact(world.buyer, contact_id, may_bid=False, now=world.now) == first


def test_a_blocked_suppliers_contact_is_not_invited(world):
    supplier_id = a_supplier(world)
    contact_id = a_contact(world, supplier_id)
    services.block_supplier(world.buyer, supplier_id, reason="fraud", now=world.now)
    with pytest.raises(Refused):
        services.invite_contact(world.buyer, contact_id, may_bid=True, now=world.now)
    assert queries.contact(contact_id).user_id is None


def test_the_right_to_bid_is_given_and_taken(world):
    contact_id = a_contact(world, a_supplier(world))
    user_id = services.invite_contact(world.buyer, contact_id, may_bid=False, now=world.now)
    services.set_may_bid(world.buyer, contact_id, may_bid=True, now=world.now)
    assert identity.person(user_id).may_bid
    with pytest.raises(Refused) as refusal:
        services.set_may_bid(world.buyer, contact_id, may_bid=True, now=world.now)
    assert refusal.value.code == "already_done"


def test_the_right_to_bid_needs_an_access(world):
    contact_id = a_contact(world, a_supplier(world))
    with pytest.raises(Refused) as refusal:
        services.set_may_bid(world.buyer, contact_id, may_bid=True, now=world.now)
    assert refusal.value.code == "contact_no_access"


def test_access_is_ended_with_a_reason_and_renewed(world):
    contact_id = a_contact(world, a_supplier(world))
    user_id = services.invite_contact(world.buyer, contact_id, may_bid=True, now=world.now)
    with pytest.raises(Refused):
        services.end_access(world.buyer, contact_id, reason="", now=world.now)
    services.end_access(world.buyer, contact_id, reason="left the company", now=world.now)
    assert identity.person(user_id).state == "disabled"
    services.renew_access(world.buyer, contact_id, now=world.now)
    assert identity.person(user_id).state == "active"


def test_who_signs_in_keeps_their_address_and_is_not_removed(world):
    contact_id = a_contact(world, a_supplier(world), "Ana", "ana@acme.example")
    services.invite_contact(world.buyer, contact_id, may_bid=True, now=world.now)
    view = queries.contact(contact_id)
    values = {"name": "Ana", "phone": "", "role": "", "language": "en", "version": view.version, "now": world.now}
    assert codes_of(lambda: services.edit_contact(world.buyer, contact_id, email="other@acme.example", **values)) == [
        ("email", "sign_in_address")
    ]
    with pytest.raises(Refused) as refusal:
        services.remove_contact(world.buyer, contact_id, now=world.now)
    assert refusal.value.code == "contact_signs_in"


def test_a_contact_without_access_is_changed_and_removed(world):
    supplier_id = a_supplier(world)
    contact_id = a_contact(world, supplier_id, "Ana")
    values = {"email": "bea@acme.example", "phone": "1", "role": "Sales", "language": "fr", "now": world.now}
    services.edit_contact(world.buyer, contact_id, name="Bea", version=1, **values)
    assert queries.contact(contact_id).name == "Bea"
    with pytest.raises(Stale) as stale:
        services.edit_contact(world.buyer, contact_id, name="Cat", version=1, **values)
    assert stale.value.differences == {"name": ("Bea", "Cat")}
    services.remove_contact(world.buyer, contact_id, now=world.now)
    assert queries.contacts([supplier_id]) == {supplier_id: []}


def test_a_supplier_keeps_its_own_contacts_but_invites_nobody(world):
    own, other = a_supplier(world), a_supplier(world)
    person = world.supplier_user(own)
    contact_id = services.add_contact(person, own, name="Ana", email="ana@own.example", now=world.now)
    assert queries.contact_for(person, contact_id).name == "Ana"
    with pytest.raises(NotFound):
        services.add_contact(person, other, name="Ana", email="ana@own.example", now=world.now)
    with pytest.raises(NotFound):
        services.invite_contact(person, contact_id, may_bid=True, now=world.now)
    foreign = a_contact(world, other)
    with pytest.raises(NotFound):
        services.remove_contact(person, foreign, now=world.now)
