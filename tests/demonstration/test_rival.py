"""Whatever one supplier has in the portal is for another supplier the same 404 as what nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from srm_portal.infra.db import db, new_id
from srm_portal.kernel.permissions import PERMISSIONS
from tests.support.company import Company

pytestmark = pytest.mark.once

TABLES = {
    "event_id": "rfx_event", "contract_id": "contract", "auction_id": "auction", "award_id": "award",
    "negotiation_id": "negotiation", "certificate_id": "supplier_certificate", "answer_id": "questionnaire_answer",
    "case_id": "disqualification", "contact_id": "supplier_contact", "page_id": "shared_publication",
    "task_id": "plan_task", "file_id": "stored_file", "proposal_id": "clause_proposal", "notice_id": "notice",
    "mail_id": "mail_message", "token_id": "api_token", "clarification_id": "clarification",
}  # fmt: skip
SHARED = {"/supplier/space/<page_id>", "/space/<page_id>/<file_id>", "/space/<page_id>/withdraw"}
"""What the buyer publishes in the shared space is for every supplier."""
EACH = 3


def rules_of_suppliers(company: Company) -> Iterator[tuple[Rule, str]]:
    for rule in company.app.url_map.iter_rules():
        guard = getattr(company.app.view_functions[rule.endpoint], "__guard__", ())
        opens = any("supplier_user" in PERMISSIONS.get(name, ()) for name in guard)
        page = not rule.rule.startswith("/api/")  # those take a token, not a browser; tests/api has them
        if page and opens and rule.arguments & TABLES.keys() and rule.rule not in SHARED:
            methods = (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}
            yield from ((rule, method) for method in sorted(methods))


def address(rule: Rule, values: dict[str, str]) -> str:
    made = rule.rule
    for name in rule.arguments:
        made = re.sub(rf"<(\w+:)?{name}>", values.get(name, "1"), made)
    return made


def leads_to(answer: TestResponse, ids: dict[str, str]) -> str:
    """Where a redirect goes, without the ids that were asked for."""
    place = answer.headers.get("Location", "")
    for one in ids.values():
        place = place.replace(one, "*")
    return place


def test_every_record_of_the_others_is_as_absent_as_none(company: Company) -> None:
    with company.app.app_context():
        ids = {
            name: list(db.session.scalars(text(f"SELECT id FROM {table} ORDER BY id LIMIT {EACH}")))
            for name, table in TABLES.items()
        }
        rival = the_rival(company)
        db.session.remove()
    browser, seen = company.browser(rival), 0
    browser.get("/s")
    for rule, method in rules_of_suppliers(company):
        named = rule.arguments & TABLES.keys()
        for at in range(max(len(ids[name]) for name in named)):
            real = {name: ids[name][at % len(ids[name])] if ids[name] else new_id() for name in named}
            other = {name: new_id() for name in named}
            theirs = browser.open(address(rule, real), method=method)
            nobodys = browser.open(address(rule, other), method=method)
            assert theirs.status_code == nobodys.status_code, (rule, method, real)
            assert theirs.status_code in (302, 404, 422), (rule, method)
            assert len(theirs.data) == len(nobodys.data), (rule, method, real)
            assert leads_to(theirs, real) == leads_to(nobodys, other), (rule, method)
            assert sorted(theirs.headers.keys()) == sorted(nobodys.headers.keys()), (rule, method)
            assert "ETag" not in theirs.headers
            seen += 1
    assert seen > 100


def the_rival(company: Company):
    """A supplier's user whose company was never asked, has no contract, and waits for nothing."""
    for number in range(60, 0, -1):
        try:
            actor = company.supplier_user(number)
        except AssertionError:
            continue
        asked = "SELECT count(*) FROM invitation WHERE supplier_id = :s"
        if not db.session.scalar(text(asked), {"s": actor.supplier_id}):
            return actor
    raise AssertionError("every supplier was asked")
