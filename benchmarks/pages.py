"""Every page of the demonstration company, for every role: server milliseconds and SQL statements.

`run()` loads the company once into a temporary SQLite, signs in as each role and follows the links of the pages.
Of pages that differ only in their object, a few are visited. Each is asked once to warm and then three times.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from benchmarks.portal import engine_of, recorded, temporary_portal
from benchmarks.table import Figure
from srm_portal.demonstration.invented import PASSWORD
from srm_portal.demonstration.load import load
from srm_portal.demonstration.people import email_of
from srm_portal.infra.db import db
from srm_portal.kernel.clock import SystemClock

ROLES = ("requester", "buyer", "evaluator", "manager", "auditor", "admin")
SUPPLIERS = ("sales1@demo.example", "sales13@demo.example")
OBJECTS_MAX, TIMES, STATEMENTS_MAX = 3, 3, 12
_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Visit:
    """One page as one role got it."""

    role: str
    path: str
    rule: str
    status: int
    milliseconds: float
    statements: int


@dataclass
class Walk:
    """Follows links like somebody curious; `seen` counts the objects of each address by its pattern."""

    app: Flask
    client: FlaskClient
    role: str
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def visits(self) -> Iterator[Visit]:
        waiting, known = ["/"], {"/"}
        while waiting:
            path = waiting.pop(0)
            found = self._visit(path)
            if found is None:
                continue
            visit, text = found
            yield visit
            for link in map(unescape, _LINK.findall(text)):
                if link not in known and self._wanted(link):
                    known.add(link)
                    waiting.append(link)

    def _wanted(self, link: str) -> bool:
        path, _, query = link.partition("?")
        if path.startswith(("/static/", "/sign-", "/reset")):
            return False
        kinds = self.seen[self._rule(path) + "?" * bool(query)]
        kinds.add(link)
        return len(kinds) <= OBJECTS_MAX

    def _visit(self, path: str) -> tuple[Visit, str] | None:
        first = self._get(path)
        if first.status_code in (301, 302, 303):
            target = str(first.headers["Location"])
            return self._visit(target) if target.startswith("/") and not target.startswith("/sign-in") else None
        if first.mimetype != "text/html" or "attachment" in first.headers.get("Content-Disposition", ""):
            return None
        with recorded(engine_of(self.app)) as tape:
            self._get(path)
        taken = []
        for _ in range(TIMES):
            began = time.perf_counter()
            self._get(path)
            taken.append((time.perf_counter() - began) * 1000)
        visit = Visit(self.role, path, self._rule(path), first.status_code, statistics.median(taken), tape.statements)
        return visit, first.text

    def _rule(self, path: str) -> str:
        """The address as a pattern, or the path itself where there is none."""
        try:
            rule, _arguments = self.app.url_map.bind("localhost").match(path.partition("?")[0], "GET", return_rule=True)
        except HTTPException:
            return path
        return str(rule.rule)

    def _get(self, path: str) -> TestResponse:
        return self.client.get(path)


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    token = _TOKEN.search(client.get("/sign-in").text)
    assert token is not None
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token[1]})
    assert answer.status_code == 302, f"{email} could not sign in"
    return client


def walked(app: Flask) -> list[Visit]:
    people = [(role, email_of(role)) for role in ROLES] + [("supplier", email) for email in SUPPLIERS]
    return [visit for role, email in people for visit in Walk(app, signed_in(app, email), role).visits()]


def run() -> dict[str, Any]:
    clock = SystemClock()
    with temporary_portal(clock) as app:
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            load(clock.now(), lambda _text: None)
            db.session.remove()
        visits = walked(app)
    times = sorted(visit.milliseconds for visit in visits)
    slowest = sorted(visits, key=lambda visit: -visit.milliseconds)[:10]
    most: dict[str, Visit] = {}
    for visit in sorted(visits, key=lambda visit: visit.statements):
        most[visit.rule] = visit
    busy = sorted((one for one in most.values() if one.statements > STATEMENTS_MAX), key=lambda one: -one.statements)
    return {
        "pages": len(visits),
        "addresses": len({visit.rule for visit in visits}),
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
        "statements_max": max(visit.statements for visit in visits),
        "not_found": sorted({f"{visit.role} {visit.path}" for visit in visits if visit.status >= 400}),
        "slowest": [f"{visit.milliseconds:.1f} ms  {visit.role} {visit.path}" for visit in slowest],
        "over_budget": [f"{one.statements} statements  {one.role} {one.rule}" for one in busy],
    }


def figures(found: dict[str, Any]) -> list[Figure]:
    return [
        Figure("pages visited", found["pages"]),
        Figure("median server time", found["median_ms"], "ms", most=40),
        Figure("p95 server time", found["p95_ms"], "ms", most=100),
        Figure("most SQL statements on a page", found["statements_max"], most=STATEMENTS_MAX),
        Figure("addresses with more than that", len(found["over_budget"]), most=0),
        Figure("links that lead nowhere", len(found["not_found"]), most=0),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2, ensure_ascii=False))
