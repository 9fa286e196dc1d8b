"""What buyers and suppliers know of each other: facts, plans, risks, questionnaires, pages, messages, registrations."""

from __future__ import annotations

import io
import random
from datetime import datetime, timedelta
from decimal import Decimal

from werkzeug.datastructures import FileStorage

from srm_portal.demonstration.parties import Registry
from srm_portal.demonstration.people import Team
from srm_portal.suppliers import services
from srm_portal.suppliers.domain.questionnaires import Option, Question
from srm_portal.suppliers.domain.record import SupplierData
from srm_portal.suppliers.domain.segmentation import FACTORS

_RATINGS = {
    "44470000": (4, 4, 3, 3, 5, 4), "42670000": (3, 4, 2, 2, 4, 3), "44617100": (1, 1, 1, 1, 2, 2),
    "60100000": (2, 2, 2, 4, 3, 3), "31711000": (4, 3, 5, 4, 3, 2), "14622000": (2, 2, 2, 2, 5, 4),
    "72500000": (3, 5, 2, 1, 2, 4), "30192000": (1, 1, 1, 1, 1, 1),
}  # fmt: skip
"""Factors of categories in the order of FACTORS."""
_SPEND = {
    "44470000": 900, "42670000": 420, "44617100": 40, "60100000": 210, "31711000": 75, "14622000": 510,
    "72500000": 130, "30192000": 12, "90919200": 30, "14721000": 160, "50530000": 55,
}  # fmt: skip
"""Thousands a year."""
_PAPER = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n0\n%%EOF\n"


def relate(team: Team, registry: Registry, now: datetime, chance: random.Random) -> None:
    """Additive: everything hangs on suppliers that are there already."""
    _deliveries(team, registry, now, chance)
    _ratings(team, now)
    first, second, third = (registry.by_category[code][0] for code in ("44470000", "42670000", "14622000"))
    _questionnaires(team, first, now)
    _papers(team, registry, first, second, now)
    _plans_and_risks(team, first, second, third, now)
    _shared(team, registry, first, now)
    _newcomers(team, now)


def _deliveries(team: Team, registry: Registry, now: datetime, chance: random.Random) -> None:
    number = 1000
    for code, thousands in _SPEND.items():
        for place, supplier_id in enumerate(registry.by_category[code][:3]):
            for back in (20, 110, 200, 290):
                number += 1
                due = (now - timedelta(days=back)).date()
                late = chance.choice((0, 0, 0, -1, 0, 3, 8)) if place else chance.choice((0, 0, 0, -1))
                ordered = Decimal(100 * (1 + number % 5))
                amount = Decimal(thousands) * 1000 * (Decimal("0.6"), Decimal("0.3"), Decimal("0.1"))[place] / 4
                services.keep_delivery(
                    team["buyer"], supplier_id, order_number=f"PO-{number}", line="10", due_on=due,
                    delivered_on=due + timedelta(days=late), ordered=ordered, received=ordered,
                    rejected=Decimal(chance.choice((0, 0, 0, 1, 2)) if place else 0), amount=amount, currency="EUR",
                    category=code, now=now - timedelta(days=back - 12),
                )  # fmt: skip


def _ratings(team: Team, now: datetime) -> None:
    for code, marks in _RATINGS.items():
        factors: dict[str, int | None] = dict(zip(FACTORS, marks, strict=True))
        services.rate_category(team["buyer"], code, factors, quadrant="", note="", now=now - timedelta(days=60))


def _questionnaires(team: Team, supplier_id: str, now: datetime) -> None:
    buyer, then = team["buyer"], now - timedelta(days=40)
    form = services.create_questionnaire(buyer, title="Newcomers", purpose="registration", now=then)
    yes_no = (Option("yes", 100), Option("no", 0))
    iso = services.save_question(
        buyer, form, Question("", "Do you hold ISO 9001?", "yes_no", "Quality", required=True, options=yes_no), now=then
    )
    for question in (
        Question("", "Since when?", "date", "Quality", show_if=iso, show_value="yes"),
        Question("", "Your certificate", "file", "Quality", show_if=iso, show_value="yes"),
        Question("", "People employed", "number", "Company", required=True),
        Question("", "How do you treat scrap and waste water?", "long_text", "Environment"),
    ):
        services.save_question(buyer, form, question, now=then)
    services.publish_questionnaire(buyer, form, now=then)
    yearly = services.create_questionnaire(buyer, title="Yearly statement", purpose="performance", now=then)
    services.save_question(buyer, yearly, Question("", "Any change of owners?", "yes_no", required=True), now=then)
    services.publish_questionnaire(buyer, yearly, now=then)
    due = (now + timedelta(days=12)).date()
    services.send_questionnaire(buyer, yearly, supplier_id, due_on=due, now=now - timedelta(days=2))


def _papers(team: Team, registry: Registry, first: str, second: str, now: datetime) -> None:
    for number, (supplier_id, days, checked) in enumerate(((first, 300, True), (first, 45, False), (second, 30, True))):
        upload = FileStorage(io.BytesIO(_PAPER), "certificate.pdf")
        one = services.add_certificate(
            registry.users[supplier_id], supplier_id, upload, kind=("ISO 9001", "ISO 14001", "ISO 9001")[number],
            number=f"Q-{4711 + number}", issuer="Invented Cert", issued_on=(now - timedelta(days=700)).date(),
            valid_until_on=(now + timedelta(days=days)).date(), now=now - timedelta(days=5),
        )  # fmt: skip
        if checked:
            services.check_certificate(team["buyer"], one, right=True, note="", now=now - timedelta(days=4))
    iban = "FR1420041010050500013M02606"
    services.name_account(registry.users[first], first, iban=iban, holder="Invented", now=now - timedelta(days=1))


def _plans_and_risks(team: Team, first: str, second: str, third: str, now: datetime) -> None:
    buyer, today = team["buyer"], now.date()
    plan = services.open_plan(
        buyer, second, title="Deliveries on the promised day", dimension="delivery", target=90,
        due_on=today + timedelta(days=80), now=now - timedelta(days=30),
    )  # fmt: skip
    for title, side, days in (("Weekly call on open orders", "buyer", 10), ("Second shift at the saw", "supplier", 40)):
        due = today + timedelta(days=days)
        services.add_task(buyer, plan, title=title, side=side, due_on=due, now=now - timedelta(days=30))
    for supplier_id, kind, level, text in (
        (second, "dependency", "medium", "Two thirds of its turnover come from one customer."),
        (third, "financial", "high", "The accounts of last year are not filed."),
    ):
        services.raise_flag(
            buyer, supplier_id, kind=kind, level=level, text=text, source="Trade register (invented)",
            seen_on=today - timedelta(days=20), review_on=today + timedelta(days=40), now=now - timedelta(days=19),
        )  # fmt: skip
    services.ask_colleagues(buyer, first, f"{now.year}", [team["requester"].user_id], now=now - timedelta(days=3))


def _shared(team: Team, registry: Registry, first: str, now: datetime) -> None:
    buyer, then = team["buyer"], now - timedelta(days=25)
    for kind, title, body, category, period in (
        ("profile", "Who we are", "We build pumps in three plants and buy in six countries.", "", ""),
        ("product", "Pumps DN50 to DN200", "Cast housings, turned shafts, electric drives.", "", ""),
        ("methodology", "How we choose", "Weighted criteria that are known before the offers are opened.", "", ""),
        ("term", "OTIF", "On time and in full: within two days before the promised day, 5 % tolerance.", "", ""),
        ("term", "PPM", "Rejected parts in a million received.", "", ""),
        ("forecast", "Castings", "About 4,000 housings, two thirds of them DN80.", "44470000", "2027"),
    ):
        services.publish_page(buyer, kind=kind, title=title, body=body, category=category, period=period, now=then)
    person = registry.users[first]
    for kind, title, period in (
        ("catalogue", "Ductile iron up to 80 kg", ""),
        ("capacity", "Line 2 half free", "2027-Q1"),
    ):
        services.publish_page(person, kind=kind, title=title, body="Ask for samples.", period=period, now=then)
    services.send_message(buyer, first, "Could you tell us more about line 2?", now=now - timedelta(days=3))
    services.send_message(person, first, "Gladly: forty hours a week from January.", now=now - timedelta(days=2))
    meeting = services.plan_meeting(
        buyer, first, title="Half-year review", starts_at=now - timedelta(days=15), place="Plant 1",
        participants="Purchasing, quality; sales of the supplier", agenda="Marks, scrap, forecast 2027", now=then,
    )  # fmt: skip
    text = "Scrap stays under 500 ppm. The next sample run is in March."
    services.write_minutes(buyer, meeting, text, version=None, now=now - timedelta(days=14))


def _newcomers(team: Team, now: datetime) -> None:
    welcome = "We look for foundries and makers of turned parts in Europe. Two people look at every application."
    services.open_registration(team["manager"], is_open=True, welcome=welcome, now=now - timedelta(days=50))
    data = SupplierData(name="Invented Hydraulics", country="ES", city="Zaragoza", categories=("42670000",))
    services.propose_supplier(
        team["requester"], data, contact_name="Lucía Invented", email="lucia@hydraulics.example",
        reason="Saw their cylinders at a fair; half the lead time of ours.", now=now - timedelta(days=1),
    )  # fmt: skip
