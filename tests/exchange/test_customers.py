"""Customers, business cards and orders come in by file, and go out again."""

from __future__ import annotations

import pytest

from srm_portal.customers import queries as registry
from srm_portal.exchange.domain.vcards import Card, read_cards, write_cards
from srm_portal.exchange.queries.export_customers import customer_cards, customers_csv
from srm_portal.exchange.services import import_cards, import_customers, import_orders
from srm_portal.kernel.errors import InputError, NotFound
from srm_portal.web.paging import Page
from tests.support.factories.customers import a_customer
from tests.support.world import World

TABLE = "Name;Country;VAT number;City;E-mail;Contact\nAcme;FR;FR40303265045;Lyon;ann@acme.example;Ann\nBolt;DE;;Ulm;;\n"
CARDS = """BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;;;\r\nFN:Ann Lee\r\nORG:Acme\\, Pumps;Sales\r\nEMAIL;TYPE=work:ann@
 acme.example\r\nitem1.TEL;TYPE=cell:+33 1\r\nTITLE:Buyer\r\nADR;TYPE=work:;;Rue 1;Lyon;;69000;France\r\nEND:VCARD\r\n
BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=81=C4=85cki;Jan\nORG:Bolt\nADR:;;;;;;Atlantis\nEND:VCARD
BEGIN:VCARD\nVERSION:4.0\nFN:Nobody\nEND:VCARD
""".replace("\n ", "\r\n ")
ORDERS = (
    "Customer,Order,Line,Date,Product,Quantity,Net value,Currency\n"
    "Acme,SO-1,1,2026-02-01,Pump,3,100.50,EUR\n"
    "Acme,SO-1,2,2026-02-01,Credit,,-20,EUR\n"
    "Nobody,SO-2,1,2026-02-01,Pump,1,5,EUR\n"
    "Acme,SO-3,x,soon,Pump,1,1e5,EURO\n"
)


def test_a_table_of_companies_comes_in_once_with_its_people(world: World) -> None:
    report = import_customers(world.buyer, TABLE.encode(), partial=False, now=world.now)
    assert [one.state for one in report.outcomes] == ["imported", "imported"]
    (acme, bolt) = registry.all_customers(world.buyer)
    assert (acme.vat, acme.city, bolt.country) == ("FR40303265045", "Lyon", "DE")
    assert [one.name for one in registry.contacts([acme.id])[acme.id]] == ["Ann"]
    again = import_customers(world.buyer, TABLE.encode(), partial=False, now=world.now)
    assert {one.state for one in again.outcomes} == {"already_imported"}


def test_a_wrong_row_keeps_the_file_out_and_is_named(world: World) -> None:
    report = import_customers(world.buyer, (TABLE + "Crane;Nowhere;;;;\n").encode(), partial=False, now=world.now)
    assert [(one.row, one.field, one.code) for one in report.faults] == [(4, "country", "unknown_country")]
    assert registry.all_customers(world.buyer) == []
    import_customers(world.buyer, (TABLE + "Crane;Nowhere;;;;\n").encode(), partial=True, now=world.now)
    assert len(registry.all_customers(world.buyer)) == 2


def test_cards_are_read_in_every_version_and_wrong_ones_named(world: World) -> None:
    report = import_cards(world.buyer, CARDS.encode(), partial=True, now=world.now)
    assert [(one.row, one.state, [p.field for p in one.problems]) for one in report.outcomes] == [
        (1, "imported", []), (2, "refused", ["ADR"]), (3, "refused", ["ORG"]),
    ]  # fmt: skip
    (acme,) = registry.all_customers(world.buyer)
    assert (acme.name, acme.country, acme.city, acme.roles) == ("Acme, Pumps", "FR", "Lyon", ("prospect",))
    (ann,) = registry.contacts([acme.id])[acme.id]
    assert (ann.name, ann.email, ann.phone, ann.role) == ("Ann Lee", "ann@acme.example", "+33 1", "Buyer")
    assert read_cards(CARDS.encode())[1].name == "Jan Łącki"
    again = import_cards(world.buyer, CARDS.encode(), partial=True, now=world.now)
    assert again.outcomes[0].state == "already_imported"


def test_cards_survive_a_round_trip(world: World) -> None:
    card = Card(1, "Ann; Lee\\", "Acme, SA", "a@b.example", "+33 1", "Buyer", "Łódź " * 30, "PL")
    (back,) = read_cards(write_cards([card]))
    assert (back.name, back.organisation, back.phone, back.city) == (
        card.name,
        card.organisation,
        "+33 1",
        card.city.strip(),
    )
    with pytest.raises(InputError):
        read_cards(b"no card at all")


def test_orders_come_in_by_row_and_replace_themselves(world: World) -> None:
    acme = a_customer(world, "Acme")
    report = import_orders(world.buyer, ORDERS.encode(), partial=True, now=world.now)
    faults = {(one.row, one.field) for one in report.faults}
    assert faults == {(4, "customer"), (5, "line"), (5, "ordered_on"), (5, "net"), (5, "currency")}
    for _time in range(2):
        import_orders(world.buyer, ORDERS.encode(), partial=True, now=world.now)
    lines, total = registry.order_lines(acme, Page(1))
    assert (total, sum(one.net for one in lines)) == (2, 80.5)


def test_what_goes_out_can_come_in_and_holds_no_formula(world: World) -> None:
    import_customers(world.buyer, TABLE.encode(), partial=False, now=world.now)
    report = import_customers(world.buyer, customers_csv(world.buyer, "en"), partial=False, now=world.now, preview=True)
    assert not report.refused
    a_customer(world, "=cmd()")
    assert b"\n=cmd" not in customers_csv(world.buyer, "en")
    acme = next(one for one in registry.all_customers(world.buyer) if one.name == "Acme")
    assert read_cards(customer_cards(world.buyer, acme.id))[0].email == "ann@acme.example"
    with pytest.raises(NotFound):
        foreign = world.person("buyer", organisation_id=world.other_organisation())
        customer_cards(foreign, acme.id)
