"""What suppliers must never see, looked for on every page that they can reach in the demonstration."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from srm_portal.customers.models import Customer
from srm_portal.infra.db import db
from srm_portal.sourcing.models import Project
from tests.support.company import Company, Visit

pytestmark = pytest.mark.once

SUPPLIERS = (1, 13, 25, 37, 49)


def _spellings(amount: Decimal) -> list[str]:
    """As pages, files and exports write an amount."""
    return [f"{amount:.2f}", f"{amount:,.2f}", f"{amount:,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}")]


def _text(visit: Visit) -> str:
    return visit.answer.get_data().decode("utf-8", "replace")


@pytest.fixture
def canaries(company: Company) -> list[str]:
    """The names of all customers, and what those for whom something is bought pay for it."""
    with company.app.app_context():
        names = list(db.session.scalars(select(Customer.name)))
        prices = db.session.scalars(select(Project.customer_price).where(Project.customer_price.is_not(None)))
        amounts = [text for price in set(prices) if price is not None for text in _spellings(price)]
    assert len(names) > 20
    assert len(amounts) > 6
    return names + amounts


def test_no_page_of_a_supplier_names_a_customer_or_their_price(company: Company, canaries: list[str]) -> None:
    shown = 0
    for number in SUPPLIERS:
        for visit in company.walk(f"supplier {number}", company.supplier_user(number), 20):
            shown += 1
            body = _text(visit)
            assert [one for one in canaries if one in body] == [], visit.path
    assert shown > 50


def test_the_buyer_sees_them_so_the_search_would_find_them(company: Company, canaries: list[str]) -> None:
    pages = [_text(one) for one in company.walk("buyer", company.team["buyer"], 12)]
    found = {one for one in canaries for page in pages if one in page}
    assert any("," in one for one in found)
    assert any(one[0].isalpha() for one in found)


def test_a_need_for_a_customer_links_to_customer_and_opportunity(company: Company) -> None:
    with company.app.app_context():
        project = db.session.scalar(select(Project).where(Project.customer_id.is_not(None), Project.stage != "need"))
        assert project is not None
    links = (f'href="/customers/{project.customer_id}"', f"/customers/opportunities/{project.opportunity_id}")
    page = company.browser(company.team["buyer"]).get(f"/projects/{project.id}").text
    assert all(link in page for link in links)
    assert "Margin aimed at" in page
    unauthorised = company.browser(company.team["evaluator"]).get(f"/projects/{project.id}").text
    assert not any(link in unauthorised for link in links)
    assert "Margin aimed at" not in unauthorised
