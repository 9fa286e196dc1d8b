"""The CRM adapter against a running Tryton 8.2."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from srm_portal.adapters.outbound import Outbound
from srm_portal.adapters.tryton import TrytonCrm
from srm_portal.customers import queries as customers
from srm_portal.customers import services as customer_services
from srm_portal.infra import gateways
from srm_portal.infra.db import db
from srm_portal.integrations.ports import Access, CrmFailure, CrmGateway, CrmKinds, WebhookTransport
from srm_portal.integrations.queries import crm as queries
from srm_portal.integrations.queries.crm import RunView
from srm_portal.integrations.services import crm
from srm_portal.sourcing import services as sourcing
from tests.support.factories.customers import a_customer, an_opportunity
from tests.support.tryton import PASSWORD, Tryton, a_tryton
from tests.support.world import World

pytestmark = pytest.mark.slow
RATIO_MAX = 1.3
SIZE = 5000


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    folder: Path = tmp_path_factory.mktemp("tryton")
    with a_tryton(folder) as server:
        yield server


@pytest.fixture
def connected(world: World, tryton: Tryton) -> Iterator[Tryton]:
    before = dict(world.app.extensions["srm_gateways"])
    sender = Outbound({f"127.0.0.1:{tryton.port}"}, 60)

    def opener(access: Access) -> CrmGateway:
        return TrytonCrm(access, sender)

    gateways.bind(world.app, WebhookTransport, sender)  # type: ignore[type-abstract]
    gateways.bind(world.app, CrmKinds, lambda: {"tryton": opener})
    crm.connect(
        world.administrator, kind="tryton", url=tryton.url, database="crm", login="admin", password=PASSWORD,
        user_id=world.buyer.user_id, rule="ask", now=world.now,
    )  # fmt: skip
    yield tryton
    world.app.extensions["srm_gateways"] = before


def run(world: World) -> RunView:
    run_id = crm.ask_run(world.administrator, dry=False, now=world.now)
    while world.run_jobs():  # a thousand at a time; what 5,000 new customers are told about waits before it
        db.session.rollback()
    return queries.run_for(world.administrator, run_id)


def a_party(tryton: Tryton, name: str, **values: Any) -> int:
    country = next(one["id"] for one in tryton.all("country.country", "code") if one["code"] == "FR")
    address = [["create", [{"city": "Lyon", "country": country}]]]
    made: int = tryton.model("party.party", "create", [{"name": name, "addresses": address} | values])[0]
    return made


def test_a_wish_in_tryton_becomes_a_need_and_what_happens_is_read_back_there(world: World, connected: Tryton) -> None:
    mechanisms = [{"type": "email", "value": "ben@bolt.example", "name": "Ben"}]
    vat = [{"type": "eu_vat", "code": "FR40303265045"}]
    party = a_party(connected, "Bolt SA", contact_mechanisms=[["create", mechanisms]], identifiers=[["create", vat]])
    line = {"description": "Pump P-1", "quantity": 3.0}
    wish = connected.model(
        "sale.opportunity", "create",
        [{"party": party, "description": "Pumps for 2027", "comment": "Soon", "lines": [["create", [line]]],
          "amount": {"__class__": "Decimal", "decimal": "1200.50"}, "conversion_probability": 0.4,
          "end_date": {"__class__": "date", "year": 2026, "month": 9, "day": 1}}],
    )[0]  # fmt: skip
    done = run(world)
    assert (done.state, done.error) == ("done", "")
    (bolt,) = [one for one in customers.all_customers(world.buyer) if one.name == "Bolt SA"]
    assert (bolt.city, bolt.country, bolt.vat) == ("Lyon", "FR", "FR40303265045")
    assert [one.email for one in customers.contacts([bolt.id])[bolt.id]] == ["ben@bolt.example"]
    (one,) = customers.opportunities_of(bolt.id)
    whole = customers.opportunity_for(world.buyer, one.id)
    assert (whole.title, whole.amount, whole.probability) == ("Pumps for 2027", Decimal("1200.50"), 40)
    assert (whole.expected_on, whole.stage) == (date(2026, 9, 1), "lead")
    assert [(each.title, each.quantity) for each in whole.lines] == [("Pump P-1", 3)]

    sourcing.start_need(world.buyer, whole.id, now=world.now)
    world.run_jobs()
    (there,) = [each for each in connected.all("sale.opportunity", "comment") if each["id"] == wish]
    assert there["comment"].startswith("Soon")
    assert "N-2026-0001 need" in there["comment"] or " need" in there["comment"]
    assert run(world).log == [], "in step"


def test_our_customers_wishes_and_changes_reach_tryton(world: World, connected: Tryton) -> None:
    acme = a_customer(world, "Acme Pumps", city="Ulm", country="DE", website="https://acme.example")
    person = customer_services.add_contact(
        world.buyer, acme, name="Ann", email="ann@acme.example", phone="+49 731 1", now=world.now
    )
    wish = an_opportunity(world, acme, title="Valves", expected_on=date(2026, 10, 1))
    done = run(world)
    assert [line for line in done.log if line["act"] == "refused"] == []
    (there,) = [each for each in connected.all("party.party", "name", "addresses.city") if each["name"] == "Acme Pumps"]
    assert there["addresses."][0]["city"] == "Ulm"
    names = {each["value"]: each["name"] for each in connected.all("party.contact_mechanism", "value", "name")}
    assert names["ann@acme.example"] == "Ann"
    customer_services.edit_contact(
        world.buyer, person, name="Ann Lee", email="ann@acme.example", phone="", role="", version=None, now=world.now
    )
    customer_services.move_opportunity(world.buyer, wish, "lost", reason="too dear", now=world.now)
    assert [line for line in run(world).log if line["act"] == "refused"] == []
    mechanisms = connected.all("party.contact_mechanism", "value", "name", "party")
    kept = [
        (each["value"], each["name"]) for each in mechanisms if each["party"] == there["id"] and each["value"][0] != "h"
    ]
    assert kept == [("ann@acme.example", "Ann Lee")]
    states = {each["description"]: each["state"] for each in connected.all("sale.opportunity", "description", "state")}
    assert states["Valves"] == "lost"
    run(world)  # losing it there ended it there today
    assert run(world).log == []


def test_what_tryton_refuses_is_named_and_keeps_nothing_back(world: World, connected: Tryton) -> None:
    a_customer(world, "Nowhere Ltd", country="NZ")
    a_customer(world, "Somewhere SA")
    done = run(world)
    refused = {line["label"]: line["code"] for line in done.log if line["act"] == "refused"}
    assert refused == {"Nowhere Ltd": "crm_refused"}
    assert "Somewhere SA" in {each["name"] for each in connected.all("party.party", "name")}


def test_a_wrong_word_database_or_address_is_told_apart(tryton: Tryton) -> None:
    sender = Outbound({f"127.0.0.1:{tryton.port}"}, 10)
    for access, code in (
        (Access(tryton.url, "crm", "admin", "wrong"), "crm_login"),
        (Access(tryton.url, "absent", "admin", PASSWORD), "crm_database"),
        (Access("https://127.0.0.1:9", "crm", "admin", PASSWORD), "crm_unreachable"),
    ):
        with pytest.raises(CrmFailure) as refused:
            TrytonCrm(access, sender)
        assert refused.value.code == code


def test_five_thousand_parties_cost_little_more_than_trytons_own_calls(world: World, connected: Tryton) -> None:
    """A run that finds nothing new, against reading the same records bare."""
    country = next(one["id"] for one in connected.all("country.country", "code") if one["code"] == "FR")
    for start in range(0, SIZE, 500):
        rows = [
            {"name": f"Party {number:05d}", "addresses": [["create", [{"city": "Lyon", "country": country}]]]}
            for number in range(start, start + 500)
        ]
        connected.model("party.party", "create", rows)
    first = run(world)
    assert (first.state, first.error) == ("done", "")
    assert first.counts["create_here"] >= SIZE
    sender = Outbound({f"127.0.0.1:{connected.port}"}, 60)
    bare, whole = [], []
    for _time in range(3):
        begin = time.monotonic()
        gateway = TrytonCrm(Access(connected.url, "crm", "admin", PASSWORD), sender)
        for kind in ("party", "contact", "opportunity"):
            gateway.read(kind)
        middle = time.monotonic()
        again = run(world)
        assert (again.state, again.error, again.counts) == ("done", "", {"same": len(connected.all("party.party")) - 2})
        bare.append(middle - begin)
        whole.append(time.monotonic() - middle)
    print(f"bare {min(bare):.2f} s, whole run {min(whole):.2f} s, ratio {min(whole) / min(bare):.2f}")
