"""Making and changing records of suppliers."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from srm_portal.audit.services import record
from srm_portal.infra.db import db
from srm_portal.infra.jobs import publish
from srm_portal.infra.numbering import next_reference
from srm_portal.infra.transaction import command
from srm_portal.kernel.errors import FieldProblem, Invalid, Refused, Stale
from srm_portal.kernel.lifecycle import Lifecycle
from srm_portal.kernel.names import folded, name_key, search_key
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain import record as rules
from srm_portal.suppliers.domain.places import Point, degrees
from srm_portal.suppliers.domain.qualification import APPROVED
from srm_portal.suppliers.domain.record import SupplierData
from srm_portal.suppliers.models import (
    Category,
    Qualification,
    Supplier,
    SupplierCategory,
    SupplierRegion,
)
from srm_portal.suppliers.queries.registry import Duplicate, duplicates
from srm_portal.suppliers.services import bank, legal
from srm_portal.suppliers.services.loading import only_staff, supplier_row_for

STATES = Lifecycle(
    {
        "prospect": ("active", "blocked", "archived"),
        "active": ("prospect", "blocked", "archived"),
        "blocked": ("prospect", "active", "archived"),
        "archived": ("prospect", "active"),
    }
)
_PLAIN = tuple(
    field.name for field in fields(SupplierData) if field.name not in ("place", "iban", "categories", "regions")
)


def checked_record(data: SupplierData) -> SupplierData:
    """Tidied, with numbers in their usual form; raises Invalid with everything that is wrong."""
    tidy = rules.tidy(data)
    found, wrong = legal.checked(tidy)
    problems = {(problem.field, problem.code): problem for problem in [*rules.problems(tidy), *wrong]}
    known = set(db.session.scalars(select(Category.code).where(Category.code.in_(tidy.categories))))
    for code in tidy.categories:
        if code not in known:
            problems["categories", code] = FieldProblem("categories", "category_unknown", value=code)
    if problems:
        raise Invalid(list(problems.values()))
    return found


def refuse_duplicates(hits: list[Duplicate], accepted: bool) -> None:
    if hits and not accepted:
        names = ", ".join(f"{hit.name} ({hit.reference})" for hit in hits[:5])
        raise Invalid([FieldProblem("accept_duplicates", "looks_like_duplicate", facts=(("names", names),))])


def values_of(row: Supplier) -> SupplierData:
    """The record as it stands, as it would be typed; the IBAN stays sealed."""
    codes = select(SupplierCategory.code).where(SupplierCategory.supplier_id == row.id).order_by(SupplierCategory.code)
    regions = select(SupplierRegion.region).where(SupplierRegion.supplier_id == row.id).order_by(SupplierRegion.region)
    place = Point(row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
    return SupplierData(
        **{name: getattr(row, name) for name in _PLAIN},
        place=place,
        categories=tuple(db.session.scalars(codes)),
        regions=tuple(db.session.scalars(regions)),
    )


def _write(row: Supplier, data: SupplierData) -> None:
    for name in _PLAIN:
        setattr(row, name, getattr(data, name))
    row.latitude, row.longitude = (data.place.latitude, data.place.longitude) if data.place else (None, None)
    row.email_domain, row.name_key, row.sort_key = data.domain, name_key(data.name), folded(data.name)[:200]
    _index(row)


def _index(row: Supplier) -> None:
    row.search_key = search_key(
        row.name, row.legal_name, row.city, row.reference, row.vat, row.registration_number, row.email_domain
    )


def _write_lists(supplier_id: str, data: SupplierData) -> None:
    db.session.execute(delete(SupplierCategory).where(SupplierCategory.supplier_id == supplier_id))
    db.session.execute(delete(SupplierRegion).where(SupplierRegion.supplier_id == supplier_id))
    db.session.add_all(SupplierCategory(supplier_id=supplier_id, code=code) for code in data.categories)
    db.session.add_all(SupplierRegion(supplier_id=supplier_id, region=region) for region in data.regions)
    db.session.flush()


@command
def add_prospect(
    actor: Actor, data: SupplierData, *, now: datetime, source: str = "typed", accept_duplicates: bool = False
) -> str:
    """A new company in the registry, as a prospect; returns its id.

    Invalid: wrong values by field; `looks_like_duplicate` (on `accept_duplicates`) when the compared name, the VAT
    number, another number, the domain or the bank account is known already and the person did not say that it is
    another company. An account number waits for a second person.
    """
    only_staff(actor)
    found = checked_record(data)
    refuse_duplicates(duplicates(actor.organisation_id, found), accept_duplicates)
    row = Supplier(
        organisation_id=actor.organisation_id,
        reference=next_reference(actor.organisation_id, "S", now),
        state="prospect",
        source=source,
        created_at=now,
    )
    _write(row, found)
    db.session.add(row)
    db.session.flush()
    _write_lists(row.id, found)
    record(
        actor, "supplier.added", "supplier", row.id, now=now, label=row.name, source=source,
        categories=list(found.categories), country=row.country,
    )  # fmt: skip
    if found.iban:
        bank.ask(actor, row, found.iban, holder=row.legal_name or row.name, now=now)
    return row.id


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Point):
        return f"{degrees(value.latitude):.5f}, {degrees(value.longitude):.5f}"
    return "" if value is None else str(value)


def _differences(before: SupplierData, after: SupplierData) -> dict[str, tuple[str, str]]:
    """Field -> (as it was, as it will be); the IBAN is never written out."""
    pairs = {field.name: (getattr(before, field.name), getattr(after, field.name)) for field in fields(before)}
    pairs.pop("iban")
    return {name: (_text(old), _text(new)) for name, (old, new) in pairs.items() if old != new}


@command
def edit_supplier(
    actor: Actor,
    supplier_id: str,
    data: SupplierData,
    *,
    version: int | None,
    now: datetime,
    accept_duplicates: bool = False,
) -> None:
    """Change the record. Stale carries theirs and yours by field; Invalid as for `add_prospect`.

    Likeness to other companies is asked about only when name, a number, website or account changed.
    """
    only_staff(actor)
    row = supplier_row_for(actor, supplier_id)
    found = checked_record(data)
    before = values_of(row)
    changed = _differences(before, found)
    if not row.check_version(version):
        raise Stale(changed)
    if found.iban or changed.keys() & {"name", "legal_name", "vat", "lei", "registration_number", "website"}:
        refuse_duplicates(duplicates(actor.organisation_id, found, but=row.id), accept_duplicates)
    _write(row, found)
    _write_lists(row.id, found)
    row.touch()
    record(
        actor, "supplier.changed", "supplier", row.id, now=now, label=row.name,
        changed={name: list(pair) for name, pair in changed.items()},
    )  # fmt: skip
    if found.iban:
        bank.ask(actor, row, found.iban, holder=row.legal_name or row.name, now=now)
    elif found.iban == "" and row.iban_masked:
        bank.forget(actor, row, now=now)


def _move(actor: Actor, supplier_id: str, state: str, action: str, reason: str, now: datetime) -> Supplier:
    only_staff(actor)
    row = supplier_row_for(actor, supplier_id)
    before, row.state = row.state, STATES.move(row.state, state)
    row.state_reason = reason.strip()
    row.touch()
    record(actor, action, "supplier", row.id, now=now, label=row.name, reason=reason.strip(), before=before)
    return row


def _earned_state(supplier_id: str) -> str:
    """Active with an approval that no later decision took away, else a prospect."""
    query = select(Qualification.id).where(
        Qualification.supplier_id == supplier_id,
        Qualification.superseded_at.is_(None),
        Qualification.status.in_(APPROVED),
    )
    return "active" if db.session.scalar(query.limit(1)) else "prospect"


@command
def block_supplier(actor: Actor, supplier_id: str, *, reason: str, now: datetime) -> None:
    """No panel and no new bidding list holds a blocked supplier. The reason is kept and shown to staff."""
    if not reason.strip():
        raise Refused("reason_needed")
    row = _move(actor, supplier_id, "blocked", "supplier.blocked", reason, now)
    publish("SupplierBlocked", {"supplier": row.id, "organisation": row.organisation_id}, now=now)


@command
def unblock_supplier(actor: Actor, supplier_id: str, *, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise Refused("reason_needed")
    row = supplier_row_for(actor, supplier_id)
    if row.state != "blocked":
        raise Refused("wrong_state", current=row.state)
    _move(actor, supplier_id, _earned_state(supplier_id), "supplier.unblocked", reason, now)


@command
def archive_supplier(actor: Actor, supplier_id: str, *, reason: str = "", now: datetime) -> None:
    """Out of lists and panels; nothing is deleted."""
    _move(actor, supplier_id, "archived", "supplier.archived", reason, now)


@command
def restore_supplier(actor: Actor, supplier_id: str, *, now: datetime) -> None:
    row = supplier_row_for(actor, supplier_id)
    if row.state != "archived":
        raise Refused("wrong_state", current=row.state)
    _move(actor, supplier_id, _earned_state(supplier_id), "supplier.restored", "", now)


@command
def edit_own(actor: Actor, *, phone: str, website: str, version: int | None, now: datetime) -> None:
    """What suppliers may change about their company themselves."""
    row = supplier_row_for(actor, actor.supplier_id or "")
    before = values_of(row)
    after = rules.tidy(replace(before, phone=phone, website=website))
    changed = _differences(before, after)
    if not row.check_version(version):
        raise Stale(changed)
    problems = rules.problems(after)
    if problems:
        raise Invalid(problems)
    row.phone, row.website, row.email_domain = after.phone, after.website, after.domain
    _index(row)
    row.touch()
    record(
        actor, "supplier.changed_by_itself", "supplier", row.id, now=now, label=row.name,
        changed={name: list(pair) for name, pair in changed.items()},
    )  # fmt: skip
