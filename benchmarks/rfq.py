"""The RFQ job through the JSON API, beside the bare SQL that it needs.

A job: a need of 20 lines, 10 suppliers on the list, publication, 10 offers of 20 lines, opening, comparison, list.
Its statements and their values are recorded, then run once more by the driver alone on a copy of the database as it
was before the job: the same transactions, every row fetched. Both are told in CPU seconds of this process.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.portal import Tape, engine_of, recorded, temporary_portal
from benchmarks.table import Figure
from srm_portal.identity.services.tokens import create_token
from srm_portal.infra.db import db, prepare_sqlite
from srm_portal.kernel.canonical import moment_text
from srm_portal.kernel.clock import FixedClock, SystemClock
from tests.support import database
from tests.support.factories.suppliers import MACHINE_TOOLS, a_contact, a_qualified_supplier
from tests.support.world import World

LINES, SUPPLIERS, JOBS = 20, 10, 5
NEED = {
    "title": "Machined brackets",
    "category": MACHINE_TOOLS,
    "product": "Brackets",
    "market": "Many small machining firms",
    "strategic_aim": "A second source",
    "sector": "Machinery",
    "region": "FR",
    "budget": "120000",
    "needed_on": "2027-09-01",
    "lines": [{"title": f"Bracket {at}", "quantity": str(at), "unit": "C62"} for at in range(1, LINES + 1)],
}
CRITERIA = [
    {"name": "Price", "kind": "price", "weight": "60", "worst": "100000", "best": "100"},
    {"name": "Lead time", "kind": "lead_time", "weight": "40", "worst": "60", "best": "5"},
]


@dataclass
class Office:
    """A buyer, a manager and ten suppliers, each a program with a token."""

    app: Flask
    client: FlaskClient
    clock: FixedClock
    tokens: dict[str, str] = field(default_factory=dict)
    suppliers: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, app: Flask, clock: FixedClock) -> Office:
        office = cls(app, app.test_client(), clock)
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            world = World(app, clock)
            until = (clock.now() + timedelta(days=500)).date()
            people = {"buyer": world.buyer, "manager": world.manager}
            for number in range(SUPPLIERS):
                one = a_qualified_supplier(world, f"Works {number}", category=MACHINE_TOOLS, until=until)
                a_contact(world, one)
                people[one] = world.supplier_user(one)
                office.suppliers.append(one)
            for name, actor in people.items():
                office.tokens[name] = create_token(actor, "bench", days=300, now=clock.now())
            db.session.remove()
        return office

    def say(self, who: str, method: str, path: str, document: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        answer = self.client.open(f"/api/v1{path}", method=method, json=document, headers=headers)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json


def job(office: Office) -> None:
    """One RFQ from the need to the comparison."""

    def buyer(method: str, path: str, document: Any = None) -> Any:
        return office.say("buyer", method, path, document)

    project = f"/projects/{buyer('POST', '/projects', NEED)['id']}"
    buyer("POST", f"{project}/submit")
    office.say("manager", "POST", f"{project}/approve")
    for one in office.suppliers:
        buyer("PUT", f"{project}/shortlist/{one}")
    buyer("POST", f"{project}/steps/potential/pass")
    buyer("POST", f"{project}/steps/bidding_list/pass")
    buyer("PUT", f"{project}/criteria", {"criteria": CRITERIA})
    deadline = moment_text(office.clock.now() + timedelta(hours=1))
    event = f"/events/{buyer('POST', f'{project}/events', {'kind': 'rfq', 'deadline': deadline})['id']}"
    buyer("POST", f"{event}/publication")
    for place, one in enumerate(office.suppliers):
        office.say(one, "POST", f"{event}/invitation/accept")
        asked = office.say(one, "GET", f"{event}/offer")["draft"]["lines"]
        lines = [{"line": line["line"], "unit_price": f"{10 + place}.25", "lead_days": 20} for line in asked]
        terms = {"payment_days": 30, "validity_on": "2029-12-31", "delivery": "DAP"}
        office.say(one, "POST", f"{event}/offer/submit", {"lines": lines} | terms)
    office.clock.advance(hours=1)
    assert buyer("POST", f"{event}/opening") == {"opened": SUPPLIERS}
    assert len(buyer("GET", f"{event}/comparison")["suppliers"]) == SUPPLIERS
    buyer("GET", f"{event}/offers")
    buyer("GET", "/projects")


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


# the bare statements


class Replay:
    """Runs a tape on raw connections of a driver: one for each connection that was recorded."""

    def __init__(self, connect: Callable[[], Any], tape: Tape) -> None:
        self._acts = tape.acts
        self._open = {number: connect() for number in dict.fromkeys(act[0] for act in tape.acts)}

    def run(self) -> None:
        for number, act, text, values in self._acts:
            connection = self._open[number]
            if act in ("one", "many", "edge"):
                cursor = connection.cursor()
                (cursor.executemany if act == "many" else cursor.execute)(text, values)
                if cursor.description is not None:
                    cursor.fetchall()
                cursor.close()
            elif act == "commit":
                self._end(connection, "COMMIT")
            elif act == "rollback":
                self._end(connection, "ROLLBACK")

    def _end(self, connection: Any, word: str) -> None:
        if isinstance(connection, sqlite3.Connection):
            if connection.in_transaction:
                connection.execute(word)
        elif word == "COMMIT":
            connection.commit()
        else:
            connection.rollback()

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()


def _sqlite(path: Path) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        prepare_sqlite(connection)
        return connection

    return connect


def _replayed(connect: Callable[[], Any], tape: Tape) -> float:
    replay = Replay(connect, tape)
    try:
        return _spent(replay.run)
    finally:
        replay.close()


def on_sqlite() -> dict[str, Any]:
    clock, rows = FixedClock(SystemClock().now()), []
    with tempfile.TemporaryDirectory(prefix="srm-bench-") as folder, temporary_portal(clock) as app:
        office = Office.of(app, clock)
        engine = engine_of(app)
        job(office)
        for number in range(JOBS):
            copy = Path(folder) / f"before{number}.sqlite3"
            with sqlite3.connect(str(engine.url.database)) as source, sqlite3.connect(copy) as target:
                source.backup(target)
            with recorded(engine) as tape:
                job(office)
            ours = _spent(lambda: job(office))
            rows.append((ours, _replayed(_sqlite(copy), tape), tape.statements))
    return _summary(rows)


@contextmanager
def _postgres() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="srm-bench-pg-") as folder,
        database.empty_postgres(Path(folder), "bench") as uri,
    ):
        yield uri


def on_postgres() -> dict[str, Any]:
    """The copies are made by the server from the database as a template; nobody is connected meanwhile."""
    import psycopg

    clock, rows = FixedClock(SystemClock().now()), []
    with _postgres() as uri, temporary_portal(clock, uri.replace("postgresql://", "postgresql+psycopg://")) as app:
        office, engine = Office.of(app, clock), engine_of(app)
        job(office)
        plain = engine.url.set(drivername="postgresql")
        admin = plain.set(database="postgres").render_as_string(hide_password=False)
        for number in range(JOBS):
            engine.dispose()
            copy = f"{plain.database}_{number}"
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{plain.database}"')
            with recorded(engine) as tape:
                job(office)
            ours = _spent(lambda: job(office))
            address = plain.set(database=copy).render_as_string(hide_password=False)
            rows.append((ours, _replayed(lambda to=address: psycopg.connect(to), tape), tape.statements))
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')
    return _summary(rows)


def _summary(rows: list[tuple[float, float, int]]) -> dict[str, Any]:
    ours, bare = (statistics.median(row[place] for row in rows) for place in (0, 1))
    return {
        "cpu_seconds_a_job": round(ours, 4),
        "bare_sql_cpu_seconds": round(bare, 4),
        "ratio": round(statistics.median(row[0] / row[1] for row in rows), 2),
        "statements": rows[-1][2],
    }


def run() -> dict[str, Any]:
    return {"sqlite": on_sqlite(), "postgresql": on_postgres()}


def figures(found: dict[str, Any]) -> list[Figure]:
    shown = []
    for name, one in found.items():
        shown += [
            Figure(f"CPU of a job, {name}", one["cpu_seconds_a_job"], "s"),
            Figure(f"CPU of its {one['statements']} statements alone, {name}", one["bare_sql_cpu_seconds"], "s"),
            Figure(f"job / bare statements, {name}", one["ratio"], most=4),
        ]
    return shown


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
