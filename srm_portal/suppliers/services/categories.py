"""Loading the category tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import categories as rules
from srm_portal.suppliers.models import Category


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One line of an import; without `parent` the place of a CPV code follows from its digits."""

    code: str
    labels: dict[str, str]
    parent: str = ""
    scheme: str = rules.SCHEME


def _known_parent(code: str, known: set[str]) -> str:
    """The nearest code above that exists: public lists leave levels out."""
    return next((above for above in rules.ancestors(code)[1:] if above in known), "")


@command
def import_categories(actor: Actor, rows: Iterable[CategoryRow], now: datetime) -> int:
    """Add or update codes; labels of other languages stay. Returns how many rows were read.

    Invalid names every row without code or label, with its number counted from 1.
    """
    given = [CategoryRow(rules.bare(row.code), row.labels, rules.bare(row.parent), row.scheme) for row in rows]
    problems = [
        FieldProblem("code", "category_wrong", row=number, value=row.code)
        for number, row in enumerate(given, start=1)
        if not row.code or not any(row.labels.values()) or (row.scheme == rules.SCHEME and not rules.is_cpv(row.code))
    ]
    if problems:
        raise Invalid(problems)
    kept = {row.code: row for row in db.session.scalars(select(Category))}
    known = kept.keys() | {row.code for row in given}
    for row in given:
        target = kept.get(row.code)
        if target is None:
            target = kept[row.code] = Category(code=row.code, labels={})
            db.session.add(target)
        cpv = rules.is_cpv(row.code)
        target.scheme = row.scheme
        target.parent = row.parent or (_known_parent(row.code, known) if cpv else "")
        target.level = rules.level(row.code) if cpv else (2 if row.parent else 1)
        target.labels = dict(target.labels) | {language: text for language, text in row.labels.items() if text}
    db.session.flush()
    record(actor, "categories.imported", "category", "tree", now=now, label=rules.SCHEME, rows=len(given))
    return len(given)


@command
def load_demonstration_categories(actor: Actor, now: datetime) -> int:
    """The built-in part of the vocabulary."""
    rows = [CategoryRow(code, {"en": en, "fr": fr}) for code, (en, fr) in rules.DEMONSTRATION.items()]
    return import_categories(actor, rows, now)
