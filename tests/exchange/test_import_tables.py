"""Needs, suppliers and categories from tables into a real database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from srm_portal.exchange import services
from srm_portal.exchange.domain.report import ImportReport
from srm_portal.exchange.domain.templates import needs_template, suppliers_template
from srm_portal.infra.sheets import csv_bytes, xlsx_bytes
from srm_portal.kernel.errors import InputError, NotFound
from srm_portal.sourcing import queries as sourcing
from srm_portal.suppliers import queries as suppliers
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.web.paging import Page
from tests.support.factories.suppliers import a_supplier, the_categories
from tests.support.shared_data import needs, shared_path
from tests.support.world import World

NEED = ("Reference", "Title", "Quantity", "Unit", "Target unit price", "Currency", "Lot", "Line item")
SUPPLIER = ("Name", "Country", "VAT number", "E-mail", "Contact person", "Categories (CPV)", "Registration number")
TREE = "code,parent,en,fr\n44000000,,Structures,Structures\n44300000,44000000,Cable,Câble\n"


def needs_of(world: World, *rows: tuple[Any, ...], partial: bool = False, preview: bool = False) -> ImportReport:
    data = xlsx_bytes("Needs", NEED, rows)
    return services.import_needs(world.buyer, data, partial=partial, now=world.now, preview=preview)


def suppliers_of(world: World, *rows: tuple[Any, ...], partial: bool = False) -> ImportReport:
    data = csv_bytes(SUPPLIER, rows)
    return services.import_suppliers(world.buyer, data, partial=partial, now=world.now)


def categories_of(world: World, text: str, *, partial: bool = False, scheme: str = "CPV") -> ImportReport:
    return services.import_categories(world.buyer, text.encode(), partial=partial, scheme=scheme, now=world.now)


def names(world: World) -> list[str]:
    return [row.supplier.name for row in suppliers.search(world.buyer, SupplierFilter(), Page(1))[0]]


def count(world: World) -> int:
    return sourcing.projects(world.buyer)[1]


# --- needs ---------------------------------------------------------------------------------------------------------


def test_rows_with_one_reference_become_one_need(world: World) -> None:
    report = needs_of(
        world,
        ("N1", "Valves", Decimal(100), "pcs", Decimal("12.50"), "USD", "1", "DN50"),
        ("N1", None, Decimal(4), "kg", Decimal(10), "USD", "South", "Grease"),
    )
    (outcome,) = report.outcomes
    project = sourcing.project(outcome.object_id)
    assert (outcome.row, project.title, project.stage, project.currency) == (2, "Valves", "need", "USD")
    assert project.budget == Decimal("1290.00")
    lines = [(line.title, line.lot_number, line.unit, line.target_price) for line in sourcing.lines(project.id)]
    assert lines == [("DN50", 1, "C62", Decimal("12.50")), ("Grease", 2, "KGM", Decimal("10.00"))]
    assert [lot.title for lot in sourcing.lots(project.id)] == ["Valves", "South"]


def test_the_template_can_be_imported_as_it_stands(world: World) -> None:
    sheet = needs_template("fr")
    data = xlsx_bytes(sheet.name, [str(cell) for cell in sheet.rows[0]], sheet.rows[1:])  # type: ignore[arg-type]
    report = services.import_needs(world.buyer, data, partial=False, now=world.now)
    assert report.done and [outcome.label for outcome in report.outcomes] == ["Gate valves 2027", "Work gloves"]


def test_one_wrong_cell_keeps_the_whole_workbook_out(world: World) -> None:
    report = needs_of(world, ("N1", "Valves", Decimal(1), "pcs"), ("N2", "Bolts", "many", "pcs"))
    assert not report.done and count(world) == 0
    (fault,) = report.faults
    assert (fault.row, fault.field, fault.code, dict(fault.facts)["column"]) == (3, "quantity", "not_a_number", "C")


def test_the_good_needs_go_in_when_asked_for(world: World) -> None:
    report = needs_of(world, ("N1", "Valves", Decimal(1), "pcs"), ("N2", "Bolts", "many", "pcs"), partial=True)
    assert report.done and count(world) == 1 and report.count("imported", "refused") == 2


def test_a_need_has_one_currency(world: World) -> None:
    report = needs_of(
        world,
        ("N1", "Valves", Decimal(1), "pcs", Decimal(1), "USD"),
        ("N1", None, Decimal(1), "pcs", Decimal(1), "EUR"),
    )
    assert [fault.code for fault in report.faults] == ["several_currencies"] and count(world) == 0


def test_a_need_comes_in_once(world: World) -> None:
    for _ in range(2):
        report = needs_of(world, ("N1", "Valves", Decimal(1), "pcs"))
    assert [outcome.state for outcome in report.outcomes] == ["already_imported"] and count(world) == 1


def test_a_missing_column_is_named_and_no_row_is_read(world: World) -> None:
    data = xlsx_bytes("Needs", ("Reference", "Title", "Quantity"), [("N1", "Valves", Decimal(1))])
    report = services.import_needs(world.buyer, data, partial=True, now=world.now)
    assert [(fault.field, fault.code) for fault in report.problems] == [("unit", "column_missing")]
    assert report.outcomes == () and report.refused and count(world) == 0


def test_a_budget_beyond_the_database_is_refused(world: World) -> None:
    row = ("N1", "Valves", Decimal("999999999999"), "pcs", Decimal("999999999999"), "EUR")
    assert "amount_too_large" in {fault.code for fault in needs_of(world, row).faults}


def test_what_is_no_workbook_is_refused(world: World) -> None:
    with pytest.raises(InputError):
        services.import_needs(world.buyer, b"Reference;Title", partial=False, now=world.now)


# --- suppliers -----------------------------------------------------------------------------------------------------


def test_suppliers_become_prospects_with_their_contact(world: World) -> None:
    the_categories(world)
    row = ("Acme", "France", "FR83404833048", "ana@acme.example", "Ana", "42600000", "404833048")
    (outcome,) = suppliers_of(world, row).outcomes
    supplier = suppliers.supplier_for(world.buyer, outcome.object_id)
    assert (supplier.state, supplier.country, supplier.vat) == ("prospect", "FR", "FR83404833048")
    assert supplier.categories == ("42600000",) and outcome.reference == supplier.reference
    assert [contact.name for contact in suppliers.contacts([supplier.id])[supplier.id]] == ["Ana"]


def test_the_template_of_suppliers_names_categories_of_the_tree(world: World) -> None:
    categories_of(world, "code,parent,en\n42131000,,Taps\n42131230,42131000,Gate valves\n")
    sheet = suppliers_template("en")
    data = csv_bytes([str(cell) for cell in sheet.rows[0]], sheet.rows[1:])  # type: ignore[arg-type]
    assert services.import_suppliers(world.buyer, data, partial=False, now=world.now).done
    assert names(world) == ["Example Valves"]


def test_one_wrong_supplier_keeps_all_of_them_out(world: World) -> None:
    report = suppliers_of(world, ("Acme", "FR"), ("Beta", "Atlantis"))
    assert not report.done and names(world) == []
    assert [(fault.row, fault.code) for fault in report.faults] == [(3, "unknown_country")]


def test_the_good_suppliers_go_in_when_asked_for(world: World) -> None:
    suppliers_of(world, ("Acme", "FR"), ("Beta", "Atlantis"), partial=True)
    assert names(world) == ["Acme"]


def test_an_address_nobody_can_have_takes_its_supplier_back_out(world: World) -> None:
    report = suppliers_of(world, ("Acme", "FR", None, "ana@acme..example", "Ana"), ("Beta", "FR"), partial=True)
    assert [(row.label, row.state) for row in report.outcomes] == [("Acme", "refused"), ("Beta", "imported")]
    assert names(world) == ["Beta"]


def test_a_name_longer_than_the_registry_keeps_is_refused_by_row(world: World) -> None:
    report = suppliers_of(world, ("A" * 201, "FR"))
    assert [(fault.row, fault.field, fault.code) for fault in report.faults] == [(2, "name", "too_long")]


def test_a_supplier_in_the_registry_stays_as_it_is(world: World) -> None:
    known = a_supplier(world, "Acme SAS", country="FR")
    (outcome,) = suppliers_of(world, ("ACME", "FR")).outcomes
    assert (outcome.state, outcome.object_id) == ("already_imported", known)
    assert names(world) == ["Acme SAS"]


def test_a_namesake_in_another_country_is_another_company(world: World) -> None:
    a_supplier(world, "Acme", country="FR")
    suppliers_of(world, ("Acme", "PL"))
    assert names(world) == ["Acme", "Acme"]


# --- categories ----------------------------------------------------------------------------------------------------


def test_categories_come_in_with_their_parents_and_labels(world: World) -> None:
    report = categories_of(world, TREE)
    assert report.done and [outcome.reference for outcome in report.outcomes] == ["44000000", "44300000"]
    category = suppliers.category("44300000")
    assert category is not None and (category.parent, category.label("fr")) == ("44000000", "Câble")


def test_one_wrong_category_keeps_the_tree_as_it_was(world: World) -> None:
    report = categories_of(world, TREE + "4430,44000000,Short,\n")
    assert not report.done and suppliers.categories() == []
    assert [(fault.row, fault.code) for fault in report.faults] == [(4, "category_wrong")]


def test_the_good_categories_go_in_when_asked_for(world: World) -> None:
    categories_of(world, TREE + "4430,44000000,Short,\n", partial=True)
    assert [category.code for category in suppliers.categories()] == ["44000000", "44300000"]


def test_another_scheme_has_codes_of_its_own(world: World) -> None:
    assert categories_of(world, "code,parent,en\nM,,Metal\nM.1,M,Steel\n", scheme="HOUSE").done


def test_the_whole_vocabulary_is_imported(world: World) -> None:
    data = needs(shared_path("data", "cpv.csv")).read_bytes()
    report = services.import_categories(world.administrator, data, partial=False, now=world.now)
    assert report.done and report.count("imported") == 9454


def test_requesters_import_nothing(world: World) -> None:
    for run in (services.import_needs, services.import_suppliers, services.import_categories):
        with pytest.raises(NotFound):
            run(world.requester, b"", partial=False, now=world.now)
