"""Keeping a CRM in step, against the memory twin: both directions, conflicts, and a CRM that misbehaves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from srm_portal.adapters.memory_crm import MemoryCrm
from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.customers.queries import CustomerView
from srm_portal.infra import gateways
from srm_portal.infra.db import db
from srm_portal.integrations.ports import CrmKinds
from srm_portal.integrations.queries import crm as queries
from srm_portal.integrations.queries.crm import RunView
from srm_portal.integrations.services import crm
from srm_portal.kernel.errors import Invalid, NotFound, Refused
from tests.support.factories.customers import a_customer, an_opportunity, an_order
from tests.support.world import World

PARTY = {"name": "Bolt", "country": "DE", "city": "Ulm", "vat": "", "website": ""}
WISH = {
    "title": "Pumps", "description": "", "amount": "1200", "probability": "40", "expected_on": "2026-09-01",
    "phase": "open", "lines": "3|u|Pump P-1\n2|kg|Grease", "currency": "EUR", "business": "",
}  # fmt: skip


@pytest.fixture
def outside(world: World) -> Iterator[MemoryCrm]:
    memory = MemoryCrm()
    before = world.app.extensions["srm_gateways"][CrmKinds]
    gateways.bind(world.app, CrmKinds, lambda: {"tryton": lambda _access: memory})
    connect(world)
    yield memory
    gateways.bind(world.app, CrmKinds, before)


def connect(world: World, **changes: str) -> None:
    values = {
        "kind": "tryton", "url": "https://crm.example.com", "database": "crm", "login": "portal", "password": "word",
        "user_id": world.buyer.user_id, "rule": "ask",
    }  # fmt: skip
    crm.connect(world.administrator, now=world.now, **(values | changes))  # type: ignore[arg-type]


def run(world: World, *, dry: bool = False) -> RunView:
    run_id = crm.ask_run(world.administrator, dry=dry, now=world.now)
    world.run_jobs()
    db.session.rollback()
    return queries.run_for(world.administrator, run_id)


def acts(done: RunView) -> list[tuple[str, str]]:
    return [(line["kind"], line["act"]) for line in done.log]


def ours(world: World) -> list[CustomerView]:
    return customers.all_customers(world.buyer)


def test_parties_contacts_and_opportunities_go_both_ways(world: World, outside: MemoryCrm) -> None:
    acme = a_customer(world, "Acme", city="Lyon")
    customer_services.add_contact(world.buyer, acme, name="Ann", email="ann@acme.example", now=world.now)
    an_opportunity(world, acme, title="Valves")
    bolt = outside.put("party", **PARTY)
    outside.put("contact", bolt, name="Ben", email="ben@bolt.example", phone="")
    outside.put("opportunity", bolt, **WISH)
    done = run(world)
    assert (done.state, done.error) == ("done", "")
    by_name = {one.name: one for one in ours(world)}
    assert (by_name["Bolt"].city, by_name["Bolt"].source) == ("Ulm", "crm")
    assert [one.name for one in customers.contacts([by_name["Bolt"].id])[by_name["Bolt"].id]] == ["Ben"]
    (wish,) = customers.opportunities_of(by_name["Bolt"].id)
    whole = customers.opportunity_for(world.buyer, wish.id)
    assert (whole.stage, whole.amount, [(line.title, line.unit) for line in whole.lines]) == (
        "qualified", Decimal(1200), [("Pump P-1", "C62"), ("Grease", "KGM")],
    )  # fmt: skip
    there = [dict(one.values) for one in outside.of("party").values() if one.values["name"] == "Acme"]
    assert [one["city"] for one in there] == ["Lyon"]
    assert {one.values["title"] for one in outside.of("opportunity").values()} == {"Pumps", "Valves"}
    assert acts(run(world)) == [], "a second run finds nothing to do"


def test_a_dry_run_tells_all_and_changes_nothing(world: World, outside: MemoryCrm) -> None:
    a_customer(world, "Acme")
    outside.put("party", **PARTY)
    done = run(world, dry=True)
    assert acts(done) == [("party", "create_here"), ("party", "create_there")]
    assert [one.name for one in ours(world)] == ["Acme"]
    assert len(outside.of("party")) == 1
    assert {call.split()[0] for call in outside.calls} == {"read"}


def test_the_same_company_in_both_is_joined_and_what_both_changed_is_shown(world: World, outside: MemoryCrm) -> None:
    acme = a_customer(world, "Acme SA", city="Lyon", country="DE")
    outside.put("party", **(PARTY | {"name": "Acme"}))
    done = run(world)
    (line,) = done.log
    assert (line["act"], sorted(line["conflicts"])) == (
        "conflict", [["city", "Lyon", "Ulm"], ["name", "Acme SA", "Acme"]],
    )  # fmt: skip
    assert customers.customer_for(world.buyer, acme).city == "Lyon"
    connect(world, rule="theirs", password="")
    run(world)
    db.session.rollback()
    assert customers.customer_for(world.buyer, acme).city == "Ulm"
    assert len(ours(world)) == len(outside.of("party")) == 1


def test_a_change_on_one_side_reaches_the_other_as_far_as_the_mapping_lets_it(world: World, outside: MemoryCrm) -> None:
    bolt = outside.put("party", **PARTY)
    run(world)
    (view,) = ours(world)
    outside.write("party", [_changed(outside, bolt, city="Bonn")])
    run(world)
    db.session.rollback()
    assert customers.customer_for(world.buyer, view.id).city == "Bonn"
    crm.set_mapping(world.administrator, {"party-city": "off"}, now=world.now)
    outside.write("party", [_changed(outside, bolt, city="Kiel", website="https://bolt.example")])
    run(world)
    db.session.rollback()
    again = customers.customer_for(world.buyer, view.id)
    assert (again.city, again.website) == ("Bonn", "https://bolt.example")


def _changed(outside: MemoryCrm, one: str, **values: str):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(outside.of("party")[one], values=values)


def test_a_crm_that_is_down_or_slow_is_tried_again_by_itself(world: World, outside: MemoryCrm) -> None:
    a_customer(world, "Acme")
    outside.fails = ["crm_unreachable", "", "", "crm_slow"]
    waiting = run(world)
    assert (waiting.state, waiting.error) == ("queued", "crm_unreachable")
    for _time in range(2):
        world.later(minutes=6)
        world.run_jobs()
    db.session.rollback()
    assert queries.run_for(world.administrator, waiting.id).state == "done"
    assert len(outside.of("party")) == 1


def test_a_lost_answer_makes_no_second_company(world: World, outside: MemoryCrm) -> None:
    a_customer(world, "Acme")
    outside.loses = True
    assert run(world).error == "crm_slow"
    outside.loses = False
    world.later(minutes=1)
    world.run_jobs()
    assert [one.values["name"] for one in outside.of("party").values()] == ["Acme"]


@pytest.mark.parametrize("code", ["crm_rubbish", "crm_login", "crm_database"])
def test_what_a_person_must_mend_ends_the_run_and_says_so(world: World, outside: MemoryCrm, code: str) -> None:
    a_customer(world, "Acme")
    outside.fails = [code]
    done = run(world)
    assert (done.state, done.error) == ("failed", code)
    page = world.client_of(world.administrator).get(f"/admin/systems/crm/runs/{done.id}")
    assert page.status_code == 200
    assert run(world).state == "done"


def test_one_bad_record_keeps_no_other_back(world: World, outside: MemoryCrm) -> None:
    for name in ("Acme", "Bad here", "Crane"):
        a_customer(world, name)
    outside.refuses = {"Bad here"}
    outside.put("party", **(PARTY | {"name": "Good"}))
    outside.put("party", **(PARTY | {"name": "Wrong", "country": "Atlantis"}))
    done = run(world)
    refused = {line["label"]: line["code"] for line in done.log if line["act"] == "refused"}
    assert refused == {"Bad here": "crm_refused", "Wrong": "country_unknown"}
    assert {one.name for one in ours(world)} == {"Acme", "Bad here", "Crane", "Good"}
    assert {one.values["name"] for one in outside.of("party").values()} == {"Acme", "Crane", "Good", "Wrong"}


def test_a_company_whose_data_was_erased_stays_out_of_the_exchange(world: World, outside: MemoryCrm) -> None:
    acme = a_customer(world, "Acme")
    run(world)
    customer_services.erase_customer(world.buyer, acme, reason="asked", now=world.now)
    assert acts(run(world)) == [("party", "gone_here")]


def test_an_amount_in_another_currency_is_left_alone(world: World, outside: MemoryCrm) -> None:
    outside.put("opportunity", outside.put("party", **PARTY), **(WISH | {"currency": "USD"}))
    run(world)
    (wish,) = customers.opportunities_of(ours(world)[0].id)
    assert (wish.amount, wish.currency) == (Decimal(1200), "USD")


def test_needs_of_an_opportunity_go_back_to_the_crm_by_themselves(world: World, outside: MemoryCrm) -> None:
    from srm_portal.sourcing import services as sourcing

    outside.put("opportunity", outside.put("party", **PARTY), **WISH)
    run(world)
    (wish,) = customers.opportunities_of(ours(world)[0].id)
    sourcing.start_need(world.buyer, wish.id, now=world.now)
    world.run_jobs()
    (there,) = outside.of("opportunity").values()
    assert there.values["business"].endswith(" need")


def test_an_order_starts_a_need_with_its_lines_dates_and_price(world: World) -> None:
    from datetime import date

    from srm_portal.sourcing import queries as projects
    from srm_portal.sourcing import services as sourcing

    acme = a_customer(world, "Acme")
    for line, net in ((1, 100), (2, 50)):
        an_order(
            world, acme, net, number="SO-9", line=line, product=f"Part {line}", quantity=Decimal(line),
            needed_on=date(2026, 9, line),
        )  # fmt: skip
    project = projects.project(sourcing.start_need_of_order(world.buyer, "SO-9", now=world.now))
    assert (project.customer_id, project.customer_price, project.needed_on) == (acme, Decimal(150), date(2026, 9, 1))
    assert [(one.title, one.quantity) for one in projects.lines(project.id)] == [("Part 1", 1), ("Part 2", 2)]
    with pytest.raises(NotFound):
        sourcing.start_need_of_order(world.buyer, "SO-0", now=world.now)


def test_a_connection_is_checked_when_it_is_typed(world: World) -> None:
    for changes, field in (
        ({"url": "http://10.0.0.1"}, "url"),
        ({"url": "https://127.0.0.1"}, "url"),
        ({"kind": "other"}, "kind"),
        ({"rule": "newest"}, "rule"),
        ({"password": ""}, "password"),
        ({"user_id": "nobody"}, "user_id"),
    ):
        with pytest.raises(Invalid) as refused:
            connect(world, **changes)
        assert [one.field for one in refused.value.problems] == [field], changes


def test_links_bind_a_connection_to_its_database(world: World, outside: MemoryCrm) -> None:
    a_customer(world, "Acme")
    run(world)
    with pytest.raises(Refused, match="crm_has_links"):
        connect(world, database="another")


def test_the_pages_of_the_crm_show_and_do_it(world: World, outside: MemoryCrm) -> None:
    a_customer(world, "Acme")
    page = world.client_of(world.administrator)
    assert page.get("/admin/systems/crm").status_code == 200
    assert page.get("/admin/systems/crm/mapping").status_code == 200
    assert page.get("/admin/systems/crm/connect").status_code == 200
    done = run(world)
    shown = page.get(f"/admin/systems/crm/runs/{done.id}")
    assert "Acme" in shown.text
    assert page.get("/admin/systems").status_code == 200
    assert page.get("/admin/systems/interface").status_code == 200
