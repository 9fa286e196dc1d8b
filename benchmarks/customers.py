"""Analysis of a million order lines, and lists of fifty thousand customers, on SQLite.

python -m benchmarks.customers
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from benchmarks.table import Figure
from config import Config
from srm_portal.app import create_app
from srm_portal.customers import queries
from srm_portal.customers.models import Customer
from srm_portal.customers.queries.analysis import Analysis
from srm_portal.identity import queries as identity
from srm_portal.identity.services import accounts
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import command, mark_audited
from srm_portal.kernel.names import search_key
from srm_portal.kernel.permissions import system_actor
from srm_portal.web.paging import Page

CUSTOMERS, LINES, PRODUCTS = 50_000, 1_000_000, 400
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROUNDS = 3


class _Settings(Config):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.VAR_DIR = folder
        self.KEYRING_FILE, self.UPLOAD_DIR = folder / "keys.json", folder / "uploads"
        self.SQLALCHEMY_DATABASE_URI = f"sqlite:///{folder / 'bench.sqlite3'}"


@command
def _fill(organisation_id: str) -> None:
    chance = random.Random(7)
    towns, segments = ("Lyon", "Łódź", "Ulm", "Cluj"), ("Key", "Regular", "Small", "Public", "")
    ids = [new_id() for _ in range(CUSTOMERS)]
    rows = []
    for number, one in enumerate(ids):
        name, reference = f"Company {number:05d} {chance.choice(('SA', 'GmbH', 'Sp. z o.o.'))}", f"C-{number:06d}"
        rows.append(
            {
                "id": one, "organisation_id": organisation_id, "reference": reference, "name": name, "country": "FR",
                "city": towns[number % 4], "segment": segments[number % 5], "roles": ["customer"],
                "role_key": "|customer|", "name_key": name.casefold(), "sort_key": name.casefold(),
                "search_key": search_key(name, reference, towns[number % 4]), "created_at": NOW, "version": 1,
            }
        )  # fmt: skip
    db.session.execute(insert(Customer), rows)
    days = [TODAY - timedelta(days=back) for back in range(720)]
    columns = "id, organisation_id, customer_id, number, line, ordered_on, product, net, currency, unit, source"
    texts = [day.isoformat() for day in days]
    cursor = db.session.connection().connection.cursor()
    cursor.executemany(
        f"INSERT INTO sales_order ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'EUR', 'C62', 'bench')",
        (
            (
                f"{number:020d}", organisation_id, ids[number % CUSTOMERS], f"SO-{number // 3}", number % 3,
                texts[chance.randrange(720)], f"P-{chance.randrange(PRODUCTS)}", chance.randrange(1, 5000) * 1_000_000,
            )
            for number in range(LINES)
        ),
    )  # fmt: skip
    mark_audited()


def _least(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(ROUNDS):
        db.session.rollback()
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _everything(found: Analysis) -> None:
    found.rows(25)
    found.matrix()
    found.groups()
    found.segments({})
    found.kept([TODAY - timedelta(days=90 * back) for back in range(8, 0, -1)])


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(_Settings(Path(folder)))
        with app.app_context():
            db.create_all()
            organisation = accounts.create_organisation("Bench", now=NOW, second_factor_needed=False)
            user = accounts.create_user(
                system_actor(organisation), email="a@example.com", name="A", roles=["buyer"], now=NOW, password=new_id()
            )
            actor = identity.actor_of_person(user)
            _fill(organisation)
            since = TODAY - timedelta(days=720)
            whole = _least(lambda: _everything(Analysis(actor, "EUR", since, TODAY)))
            read = Analysis(actor, "EUR", since, TODAY)
            counted = _least(lambda: _everything(_fresh(read)))
            wanted = queries.CustomerFilter
            return {
                "customers": CUSTOMERS,
                "lines": LINES,
                "analysis_s": whole,
                "analysis_counting_s": counted,
                "list_ms": _least(lambda: queries.search(actor, wanted(), Page(1))) * 1e3,
                "last_page_ms": _least(lambda: queries.search(actor, wanted(), Page(CUSTOMERS // 50))) * 1e3,
                "search_ms": _least(lambda: queries.search(actor, wanted(text="company 4217"), Page(1))) * 1e3,
                "search_none_ms": _least(lambda: queries.search(actor, wanted(text="absent"), Page(1))) * 1e3,
            }


def _fresh(read: Analysis) -> Analysis:
    """The same lines without what was counted before."""
    again = object.__new__(Analysis)
    kept = ("currency", "since", "today", "lines", "_ids", "product_names", "_segment_of")
    again.__dict__.update({name: read.__dict__[name] for name in kept})
    return again


def figures(found: dict[str, Any]) -> list[Figure]:
    return [
        Figure("analysis of 1,000,000 order lines", found["analysis_s"], "s", 2.0),
        Figure("50,000 customers, first page of the list", found["list_ms"], "ms", 100.0),
        Figure("50,000 customers, last page", found["last_page_ms"], "ms", 100.0),
        Figure("50,000 customers, search", found["search_ms"], "ms", 100.0),
    ]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
