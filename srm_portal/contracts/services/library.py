"""The organisation's own clauses, and its Word templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from sqlalchemy import func, select

from srm_portal.audit.services import record
from srm_portal.contracts import queries
from srm_portal.contracts.domain.approval import RISKS
from srm_portal.contracts.domain.clauses import KINDS, VARIANTS
from srm_portal.contracts.domain.library import unknown_names
from srm_portal.contracts.models import ContractTemplate, LibraryClause, LibraryText
from srm_portal.documents import queries as files
from srm_portal.documents import services as documents
from srm_portal.documents.domain.inspection import inspect_file
from srm_portal.identity import queries as identity
from srm_portal.infra.db import db
from srm_portal.infra.docx_child import fill_template
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, NotFound, Refused, Stale
from srm_portal.kernel.permissions import Actor
from srm_portal.web import formats

LANGUAGES = ("en", "fr", "es", "pl", "ro", "ru")
_KEY = re.compile(r"^[a-z][a-z0-9_]{1,40}$")


@command
def save_entry(
    actor: Actor,
    key: str,
    *,
    kinds: Sequence[str],
    value_from: Decimal | None,
    category: str,
    risk: str,
    active: bool,
    version: int | None,
    now: datetime,
) -> None:
    """When a clause is needed: for which kinds, from which value, in which category, from which risk on."""
    problems = []
    if not _KEY.match(key):
        problems.append(FieldProblem("key", "clause_key"))
    if not kinds or not set(kinds) <= set(KINDS):
        problems.append(FieldProblem("kinds", "required"))
    if risk and risk not in RISKS:
        problems.append(FieldProblem("risk", "wrong_value"))
    if problems:
        raise Invalid(problems)
    row = _entry_row(actor, key)
    if row is None:
        before = next((one for one in queries.entries(actor.organisation_id) if one.key == key), None)
        position = before.position if before else 0
        row = LibraryClause(organisation_id=actor.organisation_id, key=key, position=position, kinds=[])
        db.session.add(row)
    elif not row.check_version(version):
        raise Stale({"kinds": (", ".join(row.kinds), ", ".join(kinds))})
    row.kinds, row.value_from, row.category = sorted(kinds), value_from or Decimal(0), category.strip()
    row.risk, row.active = risk, active
    db.session.flush()
    row.touch()
    facts = {"kinds": row.kinds, "value_from": row.value_from, "category": row.category, "risk": risk, "active": active}
    record(actor, "library.clause_saved", "library_clause", row.id, now=now, label=key, **facts)


def _entry_row(actor: Actor, key: str) -> LibraryClause | None:
    query = select(LibraryClause).where(
        LibraryClause.organisation_id == actor.organisation_id, LibraryClause.key == key
    )
    found: LibraryClause | None = db.session.scalar(query)
    return found


@command
def save_wording(actor: Actor, key: str, *, language: str, variant: str, title: str, text: str, now: datetime) -> int:
    """The next version of one wording; contracts drafted before keep theirs. Returns its number."""
    problems = []
    if language not in LANGUAGES:
        problems.append(FieldProblem("language", "wrong_value"))
    if variant not in VARIANTS:
        problems.append(FieldProblem("variant", "wrong_value"))
    if not title.strip() or not text.strip():
        problems.append(FieldProblem("title" if not title.strip() else "text", "required"))
    if unknown := unknown_names(text):
        problems.append(FieldProblem("text", "clause_name_unknown", value=", ".join(unknown)))
    if problems:
        raise Invalid(problems)
    entry = queries.entry(actor.organisation_id, key)
    if _entry_row(actor, key) is None:
        db.session.add(
            LibraryClause(
                organisation_id=actor.organisation_id,
                key=key,
                position=entry.position,
                kinds=sorted(entry.kinds),
                value_from=entry.value_from,
                category=entry.category,
                risk=entry.risk,
            )
        )
    newest = select(func.max(LibraryText.number)).where(
        LibraryText.organisation_id == actor.organisation_id,
        LibraryText.key == key,
        LibraryText.language == language,
        LibraryText.variant == variant,
    )
    built_in = entry.wordings.get((language, variant))
    number = max(db.session.scalar(newest) or 0, built_in.number if built_in else 0) + 1
    row = LibraryText(
        organisation_id=actor.organisation_id,
        key=key,
        language=language,
        variant=variant,
        number=number,
        title=title.strip(),
        text=text.strip(),
        author_name=actor.name,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    facts = {"language": language, "variant": variant, "number": number}
    record(actor, "library.wording_saved", "library_text", row.id, now=now, label=key, **facts)
    return number


def template_values(view: queries.ContractView, text: queries.VersionView, *, today: date) -> dict[str, Any]:
    """What a Word template may use: texts, numbers and lists, never an object."""
    organisation = identity.organisation(view.organisation_id)
    language = view.language
    with force_locale(language):
        return {
            "reference": view.reference,
            "title": view.title,
            "version": text.number,
            "sha256": text.sha256,
            "buyer": {"name": organisation.name, "country": organisation.country},
            "supplier": {"name": view.supplier_name},
            "value": formats.money(view.value, view.currency, language),
            "currency": view.currency,
            "starts_on": formats.day(view.starts_on, language),
            "ends_on": formats.day(view.ends_on, language),
            "notice_days": view.notice_days,
            "today": formats.day(today, language),
            "clauses": [
                {"number": number, "key": one.key, "title": one.title, "text": one.text}
                for number, one in enumerate(text.clauses, start=1)
            ],
            "prices": [
                {name: "" if value is None else str(value) for name, value in row.items()}
                for row in text.prices
                if "lot_total" not in row
            ],
            "totals": [
                {name: "" if value is None else str(value) for name, value in row.items()}
                for row in text.prices
                if "lot_total" in row
            ],
        }


_TRIAL: dict[str, Any] = {
    "reference": "CT-2026-0001",
    "title": "Trial",
    "version": 1,
    "sha256": "0" * 64,
    "buyer": {"name": "Buyer", "country": "FR"},
    "supplier": {"name": "Supplier"},
    "value": "1,000.00 EUR",
    "currency": "EUR",
    "starts_on": "1 Jan 2026",
    "ends_on": "31 Dec 2026",
    "notice_days": 90,
    "today": "1 Jan 2026",
    "clauses": [{"number": 1, "key": "subject", "title": "Subject", "text": "Text"}],
    "prices": [
        {
            "lot": "1",
            "number": "1",
            "title": "Item",
            "quantity": "1",
            "unit": "C62",
            "unit_price": "1",
            "source": "offer",
        }
    ],
    "totals": [{"lot": "1", "title": "Lot", "lot_total": "1", "source": "offer"}],
}


def add_template(actor: Actor, *, name: str, kind: str, upload: documents.Upload | None, now: datetime) -> str:
    """Take a Word template after a trial filling in the sandbox; returns its id. Refused: codes of `fill_template`."""
    if upload is None or not upload.filename:
        raise Invalid([FieldProblem("upload", "required")])
    if not name.strip() or kind not in KINDS:
        raise Invalid([FieldProblem("name", "required")])
    if inspect_file(upload.filename, upload.stream).kind.code != "docx":
        raise Invalid([FieldProblem("upload", "template_not_word")])
    upload.stream.seek(0)
    fill_template(upload.stream.read(), _TRIAL)  # before the write lock is taken: it may need seconds
    return _keep_template(actor, name.strip(), kind, upload, now)


@command
def _keep_template(actor: Actor, name: str, kind: str, upload: documents.Upload, now: datetime) -> str:
    organisation = actor.organisation_id
    file_id = documents.store(actor, "contract_template", organisation, upload, now=now, note=name)
    held = files.file_of("contract_template", organisation, file_id)
    row = ContractTemplate(
        organisation_id=organisation,
        name=name,
        kind=kind,
        file_id=file_id,
        sha256=held.sha256,
        author_name=actor.name,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "library.template_added", "contract_template", row.id, now=now, label=name, sha256=held.sha256)
    return row.id


@command
def retire_template(actor: Actor, template_id: str, *, now: datetime) -> None:
    row = db.session.get(ContractTemplate, template_id)
    if row is None or row.organisation_id != actor.organisation_id or row.retired_at is not None:
        raise NotFound
    row.retired_at = now
    record(actor, "library.template_retired", "contract_template", row.id, now=now, label=row.name)


def from_template(actor: Actor, view: queries.ContractView, template_id: str, *, now: datetime) -> bytes:
    """The contract's current version in the form of a template, filled in the sandbox."""
    template = queries.template_for(actor, template_id)
    held = files.file_of("contract_template", actor.organisation_id, template.file_id)
    with files.open_bytes(held) as stream:
        data = stream.read()
    if held.sha256 != template.sha256:
        raise Refused("signed_file_changed")
    return fill_template(data, template_values(view, queries.current_version(view.id), today=now.date()))
