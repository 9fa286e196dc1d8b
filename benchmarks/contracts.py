"""Contracts at size: a 40-page contract as PDF, the difference of two of them, search and lists among 10,000."""

from __future__ import annotations

import io
import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from benchmarks.portal import engine_of, recorded, temporary_portal
from benchmarks.table import Figure
from srm_portal.contracts import queries
from srm_portal.contracts.domain.clauses import Clause
from srm_portal.contracts.domain.library import draft
from srm_portal.contracts.domain.redline import difference
from srm_portal.contracts.domain.words import words_of
from srm_portal.contracts.models import Contract, ContractVersion, ContractWord
from srm_portal.contracts.services.paper import contract_pdf
from srm_portal.contracts.services.word import word_file
from srm_portal.identity.queries import active_actor
from srm_portal.identity.services import accounts
from srm_portal.infra.db import db, new_id
from srm_portal.infra.transaction import mark_audited
from srm_portal.kernel.clock import SystemClock
from srm_portal.kernel.permissions import Actor, system_actor
from srm_portal.suppliers import services as suppliers
from srm_portal.suppliers.domain.record import SupplierData

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONTRACTS, CLAUSES_LONG, TIMES = 10_000, 100, 7
FACTS = dict.fromkeys(
    (
        "event",
        "award",
        "payment_days",
        "starts_on",
        "ends_on",
        "notice_days",
        "value",
        "buyer",
        "supplier",
        "framework",
    ),
    "30",
)
WORDS = [
    "supplier",
    "buyer",
    "delivery",
    "acceptance",
    "warranty",
    "liability",
    "price",
    "index",
    "notice",
    "term",
    "order",
    "quantity",
    "quality",
    "drawing",
    "tolerance",
    "material",
    "certificate",
    "inspection",
    "packaging",
    "transport",
    "customs",
    "insurance",
    "force",
    "majeure",
    "audit",
    "record",
    "confidential",
    "personal",
    "data",
    "software",
    "licence",
    "source",
    "code",
    "escrow",
    "maintenance",
    "response",
    "service",
    "level",
    "penalty",
]


def _long(seed: int) -> list[Clause]:
    """A hundred clauses of about 190 words: more than forty pages."""
    chance = random.Random(seed)
    made = []
    for number in range(CLAUSES_LONG):
        sentences = [" ".join(chance.choices(WORDS, k=19)).capitalize() + "." for _ in range(10)]
        made.append(Clause(f"own-{number}", f"Clause {number}", " ".join(sentences), False, "free"))
    return made


def _changed(clauses: list[Clause]) -> list[Clause]:
    """Every third clause with a word changed in every sentence, one removed, one added."""
    made = [
        Clause(one.key, one.title, one.text.replace(".", " hereby."), False, "free") if place % 3 == 0 else one
        for place, one in enumerate(clauses)
    ]
    return [*made[1:], Clause("own-new", "New", "Added at the end.", False, "free")]


def _people(app: Any) -> tuple[Actor, str]:
    organisation = accounts.create_organisation("Nordwerk", now=NOW, second_factor_needed=False)
    user_id = accounts.create_user(
        system_actor(organisation),
        email="buyer@example.com",
        name="Buyer",
        roles=["buyer"],
        now=NOW,
        password="a long walk by the river 7",
    )
    actor = active_actor(user_id)
    assert actor is not None
    supplier = SupplierData(name="Acme", country="DE")
    return actor, suppliers.add_prospect(actor, supplier, now=NOW, source="bench", accept_duplicates=True)


def _fill(actor: Actor, supplier_id: str) -> str:
    """Ten thousand contracts with the standard text and some words of their own; the first has forty pages."""
    from srm_portal.infra.transaction import command

    chance = random.Random(7)
    standard = draft("purchase", "en", FACTS)
    plain = [
        {"key": c.key, "title": c.title, "text": c.text, "standard": True, "variant": "standard", "number": 1}
        for c in standard
    ]
    shared = words_of([f"{c.title} {c.text}" for c in standard])
    rows, versions, words = [], [], []
    for number in range(CONTRACTS):
        contract_id, day = new_id(), NOW.date() + timedelta(days=chance.randrange(-400, 900))
        title = f"{chance.choice(WORDS)} {chance.choice(WORDS)} lot{number}"
        rows.append(
            {
                "id": contract_id,
                "organisation_id": actor.organisation_id,
                "supplier_id": supplier_id,
                "reference": f"CT-{number:05}",
                "title": title,
                "kind": "purchase",
                "category": "",
                "risk": "low",
                "relation": "",
                "language": "en",
                "state": "active",
                "pen": "buyer",
                "shared_version": 0,
                "currency": "EUR",
                "value": Decimal(chance.randrange(1000, 900_000)),
                "starts_on": day - timedelta(days=365),
                "ends_on": day,
                "notice_days": 90,
                "notice_on": day - timedelta(days=90),
                "renews_months": 0,
                "sign_first": "supplier",
                "index_name": "",
                "index_share": 100,
                "owner_id": actor.user_id,
                "current_version": 1,
                "created_at": NOW,
                "version": 1,
            }
        )
        versions.append(
            {
                "id": new_id(),
                "contract_id": contract_id,
                "number": 1,
                "clauses": plain,
                "prices": [],
                "facts": {},
                "sha256": f"{number:064}",
                "author_id": actor.user_id,
                "author_name": actor.name,
                "note": "",
                "at": NOW,
            }
        )
        own = shared | words_of([title]) | set(chance.choices(WORDS, k=6))
        words += [{"word": word, "contract_id": contract_id} for word in own]

    @command
    def write() -> None:
        db.session.execute(insert(Contract), rows)
        db.session.execute(insert(ContractVersion), versions)
        for start in range(0, len(words), 50_000):
            db.session.execute(insert(ContractWord), words[start : start + 50_000])
        mark_audited()

    write()
    return str(rows[0]["id"])


def _best(work: Any) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def run() -> dict[str, Any]:
    old = _long(1)
    new = _changed(old)
    found: dict[str, Any] = {"difference_s": _best(lambda: difference(old, new))}
    with temporary_portal(SystemClock()) as app, app.app_context():
        actor, supplier_id = _people(app)
        contract_id = _fill(actor, supplier_id)
        view = queries.contract(contract_id)
        base = queries.current_version(contract_id)
        text = queries.VersionView(
            1, tuple(old), (), {}, base.sha256, base.author_id, base.author_name, base.note, base.at
        )
        other = queries.VersionView(
            2, tuple(new), (), {}, "f" * 64, base.author_id, base.author_name, base.note, base.at
        )
        began = time.perf_counter()
        pdf = contract_pdf(view, text)
        found["pdf_s"], found["pdf_pages"] = time.perf_counter() - began, _pages(pdf)
        began = time.perf_counter()
        word_file(view, other, before=text, author="A", now=NOW)
        found["word_s"] = time.perf_counter() - began
        asked = {
            "list": {},
            "list, page 150": {"offset": 7450},
            "ends soon": {"phase": "expiring"},
            "search, common word": {"text": "warranty"},
            "search, beginning of a word": {"text": "toler"},
            "search, three words": {"text": "acceptance escrow customs"},
            "search, one contract": {"text": "lot7777"},
        }
        found["reads"] = {}
        for name, given in asked.items():
            seconds = _best(lambda given=given: queries.contracts(actor, now=NOW, **given))  # type: ignore[misc]
            with recorded(engine_of(app)) as tape:
                total = queries.contracts(actor, now=NOW, **given)[1]  # type: ignore[arg-type]
            found["reads"][name] = {"ms": seconds * 1000, "statements": tape.statements, "found": total}
        found["due_ms"] = _best(lambda: queries.due(actor, NOW.date(), 90)) * 1000
        db.session.remove()
    return found


def _pages(pdf: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


def figures(found: dict[str, Any]) -> list[Figure]:
    shown = [
        Figure(f"contract of {found['pdf_pages']} pages to PDF/A", found["pdf_s"], "s", most=5),
        Figure("difference of two versions of 40 pages", found["difference_s"], "s", most=1),
        Figure("the same as Word with tracked changes", found["word_s"], "s"),
        Figure("what falls due among 10,000 contracts", found["due_ms"], "ms", most=100),
    ]
    for name, one in found["reads"].items():
        shown.append(Figure(f"{name} ({one['found']} of 10,000)", one["ms"], "ms", most=100))
    return shown
