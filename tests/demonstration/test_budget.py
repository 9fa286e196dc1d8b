"""Every page of the demonstration company asks the database at most twelve times."""

from __future__ import annotations

import pytest

from tests.support.company import Company

pytestmark = pytest.mark.once

BUDGET = 12
STAFF = ("requester", "buyer", "evaluator", "manager", "auditor", "admin")
SUPPLIERS = (1, 13, 25, 37, 49)
EACH = 6


@pytest.mark.parametrize("name", STAFF)
def test_every_page_of_a_role_keeps_to_twelve_statements(company: Company, name: str) -> None:
    over = _over(company, name, company.team[name])
    assert over == {}


@pytest.mark.parametrize("number", SUPPLIERS)
def test_every_page_of_a_supplier_keeps_to_twelve_statements(company: Company, number: int) -> None:
    assert _over(company, f"supplier {number}", company.supplier_user(number)) == {}


def _over(company: Company, name: str, actor: object) -> dict[str, int]:
    """The pages over the budget. One that is over is asked once more: the first look at offers writes itself down."""
    visits = list(company.walk(name, actor, EACH))  # type: ignore[arg-type]
    broken = [(visit.path, visit.answer.status_code) for visit in visits if visit.answer.status_code >= 500]
    assert broken == []
    client = company.browser(actor)  # type: ignore[arg-type]
    again = [company.visit(name, client, one.path) for one in visits if len(one.statements) > BUDGET]
    return {f"{one.endpoint} {one.path}": len(one.statements) for one in again if len(one.statements) > BUDGET}
