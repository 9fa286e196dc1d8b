"""Knowing each other: pages of both sides, messages, meetings, and one page for all of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from srm_portal.infra.db import db
from srm_portal.kernel.errors import Invalid, NotFound
from srm_portal.suppliers import queries, services
from srm_portal.suppliers.queries import SupplierFilter
from srm_portal.web.paging import Page
from tests.documents.corpus import pdf
from tests.support.factories.suppliers import CASTINGS, MACHINE_TOOLS, a_supplier
from tests.support.statements import count_statements


def a_page(world, actor=None, kind="profile", title="Who we are", **values):
    return services.publish_page(actor or world.buyer, kind=kind, title=title, body="Pumps.", now=world.now, **values)


def test_a_supplier_reads_what_is_for_all_and_for_what_it_offers(world):
    person = world.supplier_user(a_supplier(world, categories=(CASTINGS,)))
    a_page(world)
    a_page(world, kind="forecast", title="Castings 2027", category="44000000")
    a_page(world, kind="forecast", title="Tools 2027", category=MACHINE_TOOLS)
    assert {one.title for one in queries.pages_of_buyer(person)} == {"Who we are", "Castings 2027"}
    hidden = next(one for one in queries.pages_of_buyer(world.buyer) if one.title == "Tools 2027")
    with pytest.raises(NotFound):
        queries.page_for(person, hidden.id)


def test_each_side_changes_its_own_pages_only(world):
    supplier_id = a_supplier(world)
    person = world.supplier_user(supplier_id)
    theirs = a_page(world, person, kind="catalogue", title="Valves")
    ours = a_page(world)
    for actor, page in ((world.buyer, theirs), (person, ours), (world.supplier_user(a_supplier(world)), theirs)):
        with pytest.raises(NotFound):
            services.withdraw_page(actor, page, now=world.now)
    with pytest.raises(Invalid):
        a_page(world, person, kind="profile")
    services.withdraw_page(person, theirs, now=world.now)
    assert queries.pages_of_supplier(supplier_id) == []


def test_a_supplier_is_found_by_the_words_of_its_pages(world):
    supplier_id = a_supplier(world, "Acme")
    a_supplier(world, "Other")
    a_page(world, world.supplier_user(supplier_id), kind="catalogue", title="Łożyska ślizgowe")
    rows, total = queries.search(world.buyer, SupplierFilter(text="lozyska"), Page(1))
    assert (total, rows[0].supplier.name, rows[0].mention) == (1, "Acme", "Łożyska ślizgowe")


def test_messages_go_both_ways_and_no_third_reads_them(world, letters):
    supplier_id = a_supplier(world)
    person = world.supplier_user(supplier_id)
    services.send_message(world.buyer, supplier_id, "Welcome.", now=world.now)
    services.send_message(person, supplier_id, "Thank you.", now=world.now + timedelta(minutes=1))
    assert [(one.body, one.from_supplier) for one in queries.messages(supplier_id)] == [
        ("Thank you.", True), ("Welcome.", False),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        services.send_message(world.supplier_user(a_supplier(world)), supplier_id, "x", now=world.now)
    with pytest.raises(NotFound):
        services.send_message(person, supplier_id, "x", project_id="1" * 20, now=world.now)
    with pytest.raises(Invalid):
        services.send_message(person, supplier_id, "pay \u202eme", now=world.now)


def test_a_meeting_gets_minutes_that_both_sides_read(world):
    supplier_id = a_supplier(world)
    meeting = services.plan_meeting(
        world.buyer, supplier_id, title="Review", starts_at=world.now, place="Lyon", participants="A, B", agenda="1. Scrap",
        now=world.now,
    )  # fmt: skip
    services.write_minutes(world.buyer, meeting, "Gauge by April.", version=None, now=world.now)
    person = world.client_of(world.supplier_user(supplier_id))
    assert "Gauge by April." in person.get("/supplier/messages").text
    other = world.client_of(world.supplier_user(a_supplier(world)))
    assert "Gauge by April." not in other.get("/supplier/messages").text


def test_the_pages_of_the_shared_space_open_and_act(world):
    supplier_id = a_supplier(world, "Acme")
    buyer, person = world.client_of(world.buyer), world.client_of(world.supplier_user(supplier_id))
    typed = {"kind": "term", "title": "OTIF", "body": "On time in full", "file": (io.BytesIO(pdf()), "otif.pdf")}
    assert buyer.post("/suppliers/space/new", data=typed).status_code == 302
    assert "OTIF" in buyer.get("/suppliers/space").text and "OTIF" in person.get("/supplier/space").text
    db.session.rollback()
    page = queries.pages_of_buyer(world.buyer)[0]
    assert buyer.get(f"/suppliers/space/{page.id}").status_code == 200
    typed = {"kind": "term", "title": "OTIF", "body": "In full and on time", "version": "1"}
    assert buyer.post(f"/suppliers/space/{page.id}", data=typed).status_code == 302
    assert person.post(f"/supplier/space/{page.id}", data=typed).status_code == 404
    typed = {"kind": "capacity", "title": "Two presses free", "body": "from May", "period": "2026-Q2"}
    assert person.post("/supplier/space/new", data=typed).status_code == 302
    assert person.post("/supplier/messages", data={"body": "Hello", "project": ""}).status_code == 302
    assert buyer.post(f"/suppliers/{supplier_id}/messages", data={"body": "Hi", "project": ""}).status_code == 302
    meeting = {"title": "Review", "starts_at": "2026-03-10T10:00", "place": "Lyon"}
    assert buyer.post(f"/suppliers/{supplier_id}/meetings/new", data=meeting).status_code == 302
    db.session.rollback()
    one = queries.meetings(supplier_id)[0]
    assert buyer.post(f"/suppliers/meetings/{one.id}", data={"minutes": "All well."}).status_code == 302
    whole = buyer.get(f"/suppliers/{supplier_id}/relationship").text
    for text in ("Two presses free", "Hello", "Review", "Not qualified for anything"):
        assert text in whole
    db.session.rollback()
    own = queries.pages_of_supplier(supplier_id)[0]
    assert person.get(f"/supplier/space/{own.id}").status_code == 200
    assert person.post(f"/space/{own.id}/withdraw").status_code == 302
    assert person.get(f"/suppliers/{supplier_id}/relationship").status_code == 404


PAGES = ("relationship", "standing", "plans", "papers", "messages")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_record_needs_at_most_twelve_statements(world, page):
    supplier_id = a_supplier(world, "Acme")
    client = world.client_of(world.buyer)
    client.get(f"/suppliers/{supplier_id}/{page}")
    with count_statements() as found:
        assert client.get(f"/suppliers/{supplier_id}/{page}").status_code == 200
    assert len(found) <= 12, found
