from dataclasses import replace
from decimal import Decimal

import pytest

from srm_portal.audit.queries import history_of
from srm_portal.infra.db import db
from srm_portal.infra.keys import open_secret
from srm_portal.kernel.errors import Invalid, NotFound, Refused, Stale
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.domain.places import point_of
from srm_portal.suppliers.models import Supplier
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.web.paging import Page
from tests.support.factories.suppliers import (
    CASTINGS,
    MACHINE_TOOLS,
    a_qualified_supplier,
    a_supplier,
    supplier_data,
    the_categories,
)

VAT = "FR40303265045"
IBAN = "GR16 0110 1050 0000 1054 7023 795"
LEI = "213800KUD8LAJWSQ9D15"
PARIS = point_of(Decimal("48.8566"), Decimal("2.3522"))
LYON = point_of(Decimal("45.7640"), Decimal("4.8357"))


def problems_of(call):
    with pytest.raises(Invalid) as refusal:
        call()
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def listed(world, **wanted):
    rows, total = queries.search(world.buyer, SupplierFilter(on=world.now.date(), **wanted), Page(1))
    assert total == len(rows)
    return [row.supplier.name for row in rows]


def test_a_prospect_gets_a_reference_and_a_trail(world):
    supplier_id = a_supplier(world, "Fonderie Éclair SAS", categories=(CASTINGS,), regions=("FR1", "FR2"), city="Lille")
    view = queries.supplier_for(world.buyer, supplier_id)
    assert (view.reference, view.state, view.categories, view.regions) == (
        "S-2026-0001",
        "prospect",
        (CASTINGS,),
        ("FR1", "FR2"),
    )
    assert history_of(world.buyer, [supplier_id])[0].action == "supplier.added"


def test_numbers_are_checked_and_kept_in_their_usual_form(world):
    supplier_id = a_supplier(world, vat="40 303 265 045", lei=LEI, iban=IBAN)
    view = queries.supplier_for(world.buyer, supplier_id)
    assert (view.vat, view.lei, view.iban_masked) == (VAT, LEI, "GR•• •••• 3795")


def test_the_iban_is_sealed_in_the_database(world):
    row = db.session.get(Supplier, a_supplier(world, iban=IBAN))
    assert "0110" not in row.iban_sealed + row.iban_masked
    assert open_secret(row.iban_sealed) == IBAN.replace(" ", "")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"vat": "FR40303265046"}, ("vat", "vat_wrong")),
        ({"lei": LEI[:-1] + "6"}, ("lei", "lei_wrong")),
        ({"iban": IBAN[:-1] + "6"}, ("iban", "iban_wrong")),
        ({"country": "XX"}, ("country", "country_unknown")),
        ({"categories": ("99999999",)}, ("categories", "category_unknown")),
        ({"name": " "}, ("name", "required")),
    ],
)
def test_a_wrong_number_is_named_and_nothing_is_kept(world, values, problem):
    the_categories(world)
    data = replace(supplier_data("Acme"), **values)
    assert problem in problems_of(lambda: services.add_prospect(world.buyer, data, now=world.now))
    assert listed(world) == []


def test_a_number_of_a_country_without_a_known_rule_is_kept_as_typed(world):
    supplier_id = a_supplier(world, country="GL", vat="12-34")
    assert queries.supplier_for(world.buyer, supplier_id).vat == "12-34"


@pytest.mark.parametrize(
    "twin",
    [
        {"name": "ACME S.A.S."},
        {"name": "Other", "vat": VAT},
        {"name": "Other", "website": "https://acme.example/contact"},
    ],
)
def test_a_likely_duplicate_is_refused_until_somebody_says_it_is_not(world, twin):
    a_supplier(world, "Acme SAS", vat=VAT, website="www.acme.example")
    data = supplier_data(twin.pop("name"), **twin)
    assert problems_of(lambda: services.add_prospect(world.buyer, data, now=world.now)) == {
        ("accept_duplicates", "looks_like_duplicate")
    }
    assert services.add_prospect(world.buyer, data, now=world.now, accept_duplicates=True)


def test_the_same_name_in_another_organisation_is_no_duplicate(world):
    a_supplier(world, "Acme SAS")
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    assert services.add_prospect(stranger, supplier_data("Acme SAS"), now=world.now)


def test_a_record_is_changed_and_the_trail_says_what(world):
    supplier_id = a_supplier(world, "Acme", city="Lille", iban=IBAN)
    view = queries.supplier_for(world.buyer, supplier_id)
    data = supplier_data("Acme", city="Lyon")
    services.edit_supplier(world.buyer, supplier_id, data, version=view.version, now=world.now)
    after = queries.supplier_for(world.buyer, supplier_id)
    assert (after.city, after.version, after.iban_masked) == ("Lyon", view.version + 1, view.iban_masked)
    assert history_of(world.buyer, [supplier_id])[0].details["changed"]["city"] == ["Lille", "Lyon"]


def test_a_stale_edit_is_refused_with_both_versions(world):
    supplier_id = a_supplier(world, "Acme", city="Lille")
    services.edit_supplier(world.buyer, supplier_id, supplier_data("Acme", city="Lyon"), version=1, now=world.now)
    with pytest.raises(Stale) as stale:
        services.edit_supplier(world.buyer, supplier_id, supplier_data("Acme", city="Metz"), version=1, now=world.now)
    assert stale.value.differences["city"] == ("Lyon", "Metz")


def test_a_block_needs_a_reason_and_can_be_lifted(world):
    supplier_id = a_qualified_supplier(world)
    with pytest.raises(Refused) as refusal:
        services.block_supplier(world.buyer, supplier_id, reason=" ", now=world.now)
    assert refusal.value.code == "reason_needed"
    services.block_supplier(world.buyer, supplier_id, reason="false certificate", now=world.now)
    assert queries.supplier_for(world.buyer, supplier_id).state_reason == "false certificate"
    services.unblock_supplier(world.buyer, supplier_id, reason="cleared", now=world.now)
    assert queries.supplier_for(world.buyer, supplier_id).state == "active"


def test_an_archived_supplier_leaves_the_list_and_comes_back(world):
    supplier_id = a_supplier(world, "Acme")
    services.archive_supplier(world.buyer, supplier_id, now=world.now)
    assert listed(world) == []
    assert listed(world, state="archived") == ["Acme"]
    services.restore_supplier(world.buyer, supplier_id, now=world.now)
    assert listed(world) == ["Acme"]


def test_another_organisation_finds_nothing(world):
    supplier_id = a_supplier(world, "Acme")
    stranger = world.person("buyer", organisation_id=world.other_organisation())
    assert queries.search(stranger, SupplierFilter(), Page(1)) == ([], 0)
    with pytest.raises(NotFound):
        queries.supplier_for(stranger, supplier_id)
    with pytest.raises(NotFound):
        services.edit_supplier(stranger, supplier_id, supplier_data(), version=1, now=world.now)
    with pytest.raises(NotFound):
        services.block_supplier(stranger, supplier_id, reason="envy", now=world.now)


def test_a_supplier_user_reaches_only_their_own_company_and_changes_little(world):
    own, other = a_supplier(world, "Own"), a_supplier(world, "Other")
    person = world.supplier_user(own)
    assert queries.supplier_for(person, own).name == "Own"
    with pytest.raises(NotFound):
        queries.supplier_for(person, other)
    with pytest.raises(NotFound):
        services.edit_supplier(person, own, supplier_data("Better"), version=1, now=world.now)
    services.edit_own(person, phone="+33 1 23", website="own.example", version=1, now=world.now)
    view = queries.supplier_for(world.buyer, own)
    assert (view.phone, view.email_domain, view.version) == ("+33 1 23", "own.example", 2)


def test_the_list_is_searched_by_folded_words_reference_and_vat(world):
    a_supplier(world, "Fonderie Éclair SAS", city="Lille", vat=VAT)
    a_supplier(world, "ООО Прогресс", country="RU")
    for text in ("eclair", "ECLAIR lille", "S-2026-0001", VAT):
        assert listed(world, text=text) == ["Fonderie Éclair SAS"]
    assert listed(world, text="progress") == ["ООО Прогресс"]
    assert listed(world, text="eclair paris") == []


def test_the_list_is_narrowed_by_category_region_country_and_state(world):
    a_supplier(world, "Tools", categories=("42670000",), regions=("FR1",))
    a_supplier(world, "Castings", country="DE", categories=(CASTINGS,), region="DE2")
    assert listed(world, category="42000000") == ["Tools"]
    assert listed(world, category="42600000-2") == ["Tools"]
    assert listed(world, region="FR10") == ["Tools"]
    assert listed(world, region="DE") == ["Castings"]
    assert listed(world, country="DE") == ["Castings"]
    assert listed(world, state="active") == []


def test_the_list_is_narrowed_by_qualification_and_marks(world):
    approved = a_qualified_supplier(world, "Approved")
    a_supplier(world, "New")
    services.record_performance(world.buyer, approved, "2026-Q1", {"quality": 82}, now=world.now)
    assert listed(world, qualification="qualified") == ["Approved"]
    assert listed(world, qualification="qualified", category=MACHINE_TOOLS) == ["Approved"]
    assert listed(world, qualification="qualified", category=CASTINGS) == []
    assert listed(world, qualification="none") == ["New"]
    assert listed(world, min_score=80) == ["Approved"]
    assert listed(world, min_score=83) == []
    assert listed(world, sort="-score") == ["Approved", "New"]


def test_the_list_measures_kilometres_nearest_first(world):
    a_supplier(world, "Lyon", place=LYON, city="Lyon")
    a_supplier(world, "Paris", place=PARIS, city="Paris")
    a_supplier(world, "Nowhere")
    rows, total = queries.search(world.buyer, SupplierFilter(near=(PARIS, 500)), Page(1))
    assert [(row.supplier.name, row.distance_km) for row in rows] == [("Paris", 0), ("Lyon", 391)]
    assert total == 2
    assert listed(world, near=(PARIS, 100)) == ["Paris"]


def test_a_place_is_read_from_coordinates_or_from_a_known_town(world):
    a_supplier(world, place=LYON, city="Lyon")
    assert queries.place(world.buyer, "45.764, 4.8357") == LYON
    assert queries.place(world.buyer, "lyon") == LYON
    assert queries.place(world.buyer, "Atlantis") is None


def test_everybody_who_offers_a_category_is_found_but_not_the_blocked(world):
    a_supplier(world, "Tools", categories=("42670000",))
    blocked = a_supplier(world, "Blocked", categories=("42670000",))
    services.block_supplier(world.buyer, blocked, reason="fraud", now=world.now)
    assert [card.name for card in queries.by_category(world.organisation_id, "42600000")] == ["Tools"]


def test_cards_come_by_id(world):
    supplier_id = a_supplier(world, "Acme")
    assert queries.suppliers([supplier_id, "absent"])[supplier_id].name == "Acme"
