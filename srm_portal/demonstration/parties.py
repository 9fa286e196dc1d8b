"""Sixty suppliers with qualifications and two years of marks; twenty-five customers with their history."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from srm_portal.customers import services as customers
from srm_portal.customers.domain.pipeline import LineInput
from srm_portal.customers.domain.record import CustomerData
from srm_portal.customers.services.opportunities import OpportunityData
from srm_portal.customers.services.orders import OrderRow
from srm_portal.demonstration import invented, people
from srm_portal.demonstration.people import Team
from srm_portal.identity import queries as identity
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers import services as suppliers
from srm_portal.suppliers.domain.places import point_of
from srm_portal.suppliers.domain.qualification import Decision
from srm_portal.suppliers.domain.record import SupplierData

DIMENSIONS = ("quality", "delivery", "cost", "responsiveness", "sustainability")


@dataclass(frozen=True, slots=True)
class Registry:
    """Supplier ids by category, and the portal user of each supplier that has one."""

    by_category: dict[str, list[str]]
    users: dict[str, Actor]


def _add_supplier(team: Team, number: int, now: datetime) -> tuple[str, tuple[str, ...]]:
    place = invented.PLACES[number % len(invented.PLACES)]
    name = invented.supplier_name(number)
    codes = (invented.CATEGORIES[number % 12], invented.CATEGORIES[(number * 5 + 3) % 12])
    supplier_id = suppliers.add_prospect(
        team["buyer" if number % 2 else "buyer2"],
        SupplierData(
            name=name,
            country=place.country,
            region=place.region,
            city=place.city,
            place=point_of(Decimal(place.latitude), Decimal(place.longitude)),
            website=f"https://supplier{number + 1}.demo.example",
            phone=f"+00 555 {1000 + number}",
            note="Invented for the demonstration.",
            categories=tuple(dict.fromkeys(codes)),
            regions=("FR", "DE", "PL", "ES", "RO", "GB"),
        ),
        now=now,
        accept_duplicates=True,
    )
    return supplier_id, tuple(dict.fromkeys(codes))


def _qualify(team: Team, supplier_id: str, codes: tuple[str, ...], number: int, now: datetime) -> list[str]:
    """Most are approved for a year or two, some only on conditions, a few wait or were turned down."""
    approved = []
    for place, code in enumerate(codes):
        asked = suppliers.ask_qualification(team["buyer"], supplier_id, category=code, now=now)
        kind = (number + place * 3) % 10
        if kind == 9:
            continue
        status = {7: "conditional", 8: "disqualified"}.get(kind, "qualified")
        until = (now + timedelta(days=380 + 35 * (number % 11))).date()
        decision = Decision(
            status,
            now.date(),
            until if status != "disqualified" else None,
            score=60 + (number * 13) % 40,
            reason="" if status == "qualified" else "Audit of the site found open points.",
        )
        suppliers.decide_qualification(team["manager"], asked, decision, now=now + timedelta(hours=2))
        if status != "disqualified":
            approved.append(code)
    return approved


def _marks(team: Team, supplier_id: str, number: int, chance: random.Random, now: datetime) -> None:
    level, drift = 58 + (number * 7) % 34, chance.uniform(-1.5, 2.0)
    for back in range(8, 0, -1):
        moment = now - timedelta(days=91 * back)
        quarter = f"{moment.year}-Q{(moment.month - 1) // 3 + 1}"
        marks: dict[str, int | None] = {
            name: max(20, min(99, round(level + drift * (8 - back) + chance.gauss(0, 5)))) for name in DIMENSIONS
        }
        suppliers.record_performance(team["buyer"], supplier_id, quarter, marks, now=moment, source="demonstration")


def register_suppliers(team: Team, now: datetime, chance: random.Random) -> Registry:
    """The registry. Each supplier has a contact with an account; the first of each category may bid."""
    suppliers.load_demonstration_categories(team["buyer"], now - timedelta(days=800))
    by_category: dict[str, list[str]] = {code: [] for code in invented.CATEGORIES}
    users: dict[str, Actor] = {}
    for number in range(60):
        start = now - timedelta(days=760 - number * 6)
        supplier_id, codes = _add_supplier(team, number, start)
        place = invented.PLACES[number % len(invented.PLACES)]
        contact_id = suppliers.add_contact(
            team["buyer"],
            supplier_id,
            name=invented.person_name(number),
            email=f"sales{number + 1}@demo.example",
            role="Sales",
            language=place.language,
            now=start,
        )
        user_id = suppliers.invite_contact(team["buyer"], contact_id, may_bid=True, now=start)
        with_password = number % 12 == 0 or number + 1 in invented.OPEN_TO_ALL
        users[supplier_id] = (
            people.give_password(user_id, start) if with_password else identity.actor_of_person(user_id)
        )
        for code in _qualify(team, supplier_id, codes, number, now - timedelta(days=330 - number)):
            by_category[code].append(supplier_id)
        if number % 3 != 2:
            _marks(team, supplier_id, number, chance, now)
    return Registry(by_category, users)


STAGES = ("lead", "qualified", "proposal", "negotiation", "won", "lost")


def register_customers(team: Team, now: datetime, chance: random.Random) -> list[tuple[str, str]]:
    """Customers with contacts, talks, orders and opportunities; returns (customer, opportunity) pairs still open."""
    open_ones: list[tuple[str, str]] = []
    orders: list[OrderRow] = []
    seller = team["buyer2"]
    for number, name in enumerate(invented.CUSTOMERS):
        start = now - timedelta(days=700 - number * 9)
        place = invented.PLACES[(number * 5) % len(invented.PLACES)]
        customer_id = customers.add_customer(
            seller,
            CustomerData(
                name=name,
                country=place.country,
                city=place.city,
                segment=("Key account", "Regular", "Small")[min(number % 5, 2)],
                note="Invented for the demonstration.",
            ),
            now=start,
            accept_duplicates=True,
        )
        customers.add_contact(
            seller, customer_id, name=invented.person_name(number + 40), email=f"customer{number + 1}@demo.example",
            role="Purchasing", now=start,
        )  # fmt: skip
        _talks(seller, customer_id, number, now, chance)
        orders += _orders(customer_id, number, now, chance)
        opportunity = _opportunity(seller, customer_id, number, now, chance)
        if opportunity:
            open_ones.append((customer_id, opportunity))
    customers.record_orders(seller, orders, now=now - timedelta(days=1), source="demonstration")
    _sales(seller, orders, now, chance)
    return open_ones


def _sales(seller: Actor, orders: list[OrderRow], now: datetime, chance: random.Random) -> None:
    """Quotations, contracts of sale and what customers think of us, two years of them."""
    known = list(dict.fromkeys(row.customer_id for row in orders))
    quotes, contracts = [], []
    for number, customer_id in enumerate(known):
        for back in range(1 + number % 3):
            on = (now - timedelta(days=40 + 150 * back + number)).date()
            state = ("open", "won", "lost", "expired")[(number + back) % 4]
            net = Decimal(4000 + 700 * number + chance.randrange(900))
            quotes.append(
                customers.QuoteRow(
                    customer_id,
                    f"Q-{number + 1:02d}-{back + 1}",
                    on,
                    net,
                    "EUR",
                    "Gearboxes and spare parts",
                    on + timedelta(days=60),
                    state,
                )
            )
        if number % 3 == 0:
            start = (now - timedelta(days=500 - 9 * number)).date()
            contracts.append(
                customers.ContractRow(
                    customer_id,
                    f"SC-{number + 1:02d}",
                    "Frame contract for spare parts",
                    start,
                    "EUR",
                    start + timedelta(days=730),
                    90,
                    Decimal(60000 + 5000 * number),
                )
            )
        for back in range(number % 4):
            on = (now - timedelta(days=30 + 200 * back + number)).date()
            score = min(10, max(2, round(chance.gauss(8, 2))))
            customers.record_satisfaction(seller, customer_id, score=score, said_on=on, now=now)
    customers.record_quotes(seller, quotes, now=now, source="demonstration")
    customers.record_contracts(seller, contracts, now=now, source="demonstration")


def _talks(seller: Actor, customer_id: str, number: int, now: datetime, chance: random.Random) -> None:
    for back in range(3 + number % 4):
        at = now - timedelta(days=25 + back * 90 + chance.randrange(40), hours=chance.randrange(6))
        kind = ("call", "mail", "meeting", "visit")[(number + back) % 4]
        subject = ("Prices for next year", "Delivery dates", "New product line", "Quality review")[(number + back) % 4]
        customers.log_interaction(seller, customer_id, kind=kind, subject=subject, at=at, now=at)
    if number % 6 == 2:
        at = now - timedelta(days=12)
        customers.log_interaction(
            seller, customer_id, kind="complaint", subject="Two housings with porosity", at=at, now=at
        )
        customers.add_task(
            seller, customer_id, title="Answer the complaint with an 8D report", now=at,
            due_on=(now + timedelta(days=4)).date(), assignee_id=seller.user_id,
        )  # fmt: skip


def _orders(customer_id: str, number: int, now: datetime, chance: random.Random) -> list[OrderRow]:
    size = 3000 + 240000 // (1 + number) + chance.randrange(2000)
    rows = []
    for month in range(24, 0, -1 - number % 3):
        on: date = (now - timedelta(days=30 * month)).date()
        net = Decimal(round(size * chance.uniform(0.6, 1.4))).quantize(Decimal("0.01"))
        product = ("Gearbox GX-3", "Gearbox GX-5", "Spare parts", "Service")[(number + month) % 4]
        rows.append(OrderRow(customer_id, f"SO-{number + 1:02d}-{25 - month:02d}", on, net, "EUR", product))
    return rows


def _opportunity(seller: Actor, customer_id: str, number: int, now: datetime, chance: random.Random) -> str | None:
    stage = STAGES[number % len(STAGES)]
    value = Decimal(40000 + 9000 * (number % 9))
    at = now - timedelta(days=120 - number)
    opportunity_id = customers.add_opportunity(
        seller,
        customer_id,
        OpportunityData(
            title=f"Gearboxes {now.year + 1} for {invented.CUSTOMERS[number]}",
            amount=value,
            currency="EUR",
            probability=(10, 30, 50, 70, 100, 0)[number % 6],
            expected_on=(now + timedelta(days=40 + number)).date(),
            target_margin=Decimal(22),
            category="42670000",
        ),
        now=at,
    )
    lines = [
        LineInput("Bracket B-114", Decimal(2400), price=Decimal("11.20")),
        LineInput("Housing H-7075", Decimal(600), price=Decimal(82)),
    ]
    customers.save_opportunity_lines(seller, opportunity_id, lines, version=None, now=at)
    way = STAGES[: STAGES.index(stage) + 1] if stage in STAGES[:5] else ("lead", *STAGES[1 : 2 + number % 3], "lost")
    for step, passed in enumerate(way[1:], start=1):
        reason = "Another maker was cheaper." if passed == "lost" else ""
        moment = at + timedelta(days=step * 8 + chance.randrange(5))
        customers.move_opportunity(seller, opportunity_id, passed, now=moment, reason=reason)
    return opportunity_id if stage not in ("won", "lost") else None
