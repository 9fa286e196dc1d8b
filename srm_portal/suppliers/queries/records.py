"""One supplier with everything that hangs on it; panels of approved suppliers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, select, union_all

from srm_portal.infra.db import db
from srm_portal.infra.once import once, once_each
from srm_portal.kernel.errors import NotFound
from srm_portal.kernel.period import Validity
from srm_portal.kernel.permissions import Actor
from srm_portal.suppliers.domain.categories import is_cpv, subtree
from srm_portal.suppliers.domain.qualification import APPROVED, Cell, covering, deciding_cell
from srm_portal.suppliers.models import (
    Performance,
    Qualification,
    Supplier,
    SupplierCategory,
    SupplierContact,
    SupplierRegion,
)
from srm_portal.suppliers.queries import cards
from srm_portal.suppliers.queries.cards import (
    ContactView,
    PanelEntry,
    PerformanceView,
    QualificationView,
    SupplierCard,
    SupplierView,
)


@dataclass(frozen=True, slots=True)
class PanelSize:
    """How many cells of a category approve somebody today, and how many suppliers that is."""

    category: str
    cells: int
    suppliers: int
    next_expiry_on: date | None


@dataclass(frozen=True, slots=True)
class WaitingCell:
    supplier: SupplierCard
    cell: QualificationView


@once
def supplier_for(actor: Actor, supplier_id: str) -> SupplierView:
    """The record, for the organisation's own people and for the supplier's; NotFound for all others."""
    row = db.session.get(Supplier, supplier_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id not in (None, row.id):
        raise NotFound
    offered = select(literal("category"), SupplierCategory.code).where(SupplierCategory.supplier_id == row.id)
    served = select(literal("region"), SupplierRegion.region).where(SupplierRegion.supplier_id == row.id)
    lists: dict[str, list[str]] = {"category": [], "region": []}
    for kind, value in db.session.execute(union_all(offered, served)):
        lists[kind].append(value)
    return SupplierView(
        row.id,
        row.organisation_id,
        row.reference,
        row.name,
        row.legal_name,
        row.country,
        row.region,
        row.city,
        row.postcode,
        row.street,
        cards.place_of(row),
        row.vat,
        row.lei,
        row.registration_number,
        row.iban_masked,
        row.website,
        row.email_domain,
        row.phone,
        row.note,
        row.state,
        row.state_reason,
        row.score,
        row.source,
        row.created_at,
        row.version,
        tuple(sorted(lists["category"])),
        tuple(sorted(lists["region"])),
    )


def contacts(supplier_ids: Iterable[str]) -> dict[str, list[ContactView]]:
    """The contacts of several suppliers, by name; every asked id has its list."""
    found: dict[str, list[ContactView]] = {one: [] for one in supplier_ids}
    query = select(SupplierContact).where(SupplierContact.supplier_id.in_(list(found)))
    for row in db.session.scalars(query.order_by(SupplierContact.name)):
        found[row.supplier_id].append(cards.contact(row))
    return found


@once_each
def cards_with_contacts(supplier_ids: Iterable[str]) -> dict[str, tuple[SupplierCard, list[ContactView]]]:
    """Suppliers by id with their contacts by name, in one read."""
    query = select(Supplier, SupplierContact).outerjoin(SupplierContact, SupplierContact.supplier_id == Supplier.id)
    found: dict[str, tuple[SupplierCard, list[ContactView]]] = {}
    wanted = query.where(Supplier.id.in_(list(supplier_ids))).order_by(SupplierContact.name)
    for row, person in db.session.execute(wanted):
        _card, people = found.setdefault(row.id, (cards.card(row), []))
        if person is not None:
            people.append(cards.contact(person))
    return found


def contact(contact_id: str) -> ContactView | None:
    row = db.session.get(SupplierContact, contact_id)
    return cards.contact(row) if row is not None else None


def contact_for(actor: Actor, contact_id: str) -> ContactView:
    row = db.session.get(SupplierContact, contact_id)
    if row is None:
        raise NotFound
    supplier_for(actor, row.supplier_id)
    return cards.contact(row)


def contact_of_user(user_id: str) -> ContactView | None:
    row = db.session.scalar(select(SupplierContact).where(SupplierContact.user_id == user_id))
    return cards.contact(row) if row is not None else None


def qualifications(supplier_id: str, on: date) -> list[QualificationView]:
    """The matrix as it stands: no superseded cells, by category."""
    query = select(Qualification).where(Qualification.supplier_id == supplier_id, Qualification.superseded_at.is_(None))
    ordered = query.order_by(Qualification.category, Qualification.region, Qualification.asked_at)
    return [cards.qualification(row, on) for row in db.session.scalars(ordered)]


def qualification_for(actor: Actor, qualification_id: str, on: date) -> QualificationView:
    row = db.session.get(Qualification, qualification_id)
    if row is None or row.organisation_id != actor.organisation_id or actor.supplier_id is not None:
        raise NotFound
    return cards.qualification(row, on)


def waiting(organisation_id: str, on: date) -> list[WaitingCell]:
    """Cells that wait for a decision, oldest first."""
    query = (
        select(Qualification, Supplier)
        .join(Supplier, Supplier.id == Qualification.supplier_id)
        .where(Qualification.organisation_id == organisation_id, Qualification.status == "applied")
        .order_by(Qualification.asked_at)
    )
    return [
        WaitingCell(cards.card(supplier), cards.qualification(cell, on)) for cell, supplier in db.session.execute(query)
    ]


def waiting_count(actor: Actor, but_own: bool = True) -> int:
    """Decisions that wait for this actor: others' requests only (four eyes)."""
    query = select(func.count()).select_from(Qualification)
    query = query.where(Qualification.organisation_id == actor.organisation_id, Qualification.status == "applied")
    return db.session.scalar(query.where(Qualification.asked_by != actor.user_id) if but_own else query) or 0


def performance(supplier_id: str) -> list[PerformanceView]:
    """All periods, oldest first."""
    query = select(Performance).where(Performance.supplier_id == supplier_id).order_by(Performance.period)
    return [cards.performance(row) for row in db.session.scalars(query)]


def _cells(organisation_id: str, category: str, supplier_id: str | None = None) -> list[tuple[Qualification, Supplier]]:
    query = (
        select(Qualification, Supplier)
        .join(Supplier, Supplier.id == Qualification.supplier_id)
        .where(
            Qualification.category.in_(covering(category)),
            Qualification.superseded_at.is_(None),
            Qualification.status != "applied",
            Supplier.state.not_in(("blocked", "archived")),
        )
        .order_by(Supplier.sort_key, Supplier.id)
    )
    narrowed = Supplier.id == supplier_id if supplier_id else Qualification.organisation_id == organisation_id
    return [(cell, supplier) for cell, supplier in db.session.execute(query.where(narrowed))]


def _entries(
    found: list[tuple[Qualification, Supplier]], category: str, region: str, on: date, unit: str = ""
) -> list[PanelEntry]:
    rows = {cell.id: cell for cell, _supplier in found}
    by_supplier: dict[str, tuple[Supplier, list[Cell]]] = {}
    for cell, supplier in found:
        assert cell.decided_at is not None
        valid = Validity(cell.valid_from_on, cell.valid_until_on)
        fact = Cell(cell.id, cell.category, cell.region, cell.status, valid, cell.decided_at, cell.business_unit)
        by_supplier.setdefault(supplier.id, (supplier, []))[1].append(fact)
    entries = []
    for supplier, cells in by_supplier.values():
        chosen = deciding_cell(cells, category, region, on, unit)
        if chosen is not None:
            row = rows[chosen.id]
            entries.append(
                PanelEntry(
                    cards.card(supplier), row.id, row.category, row.region, row.status, row.score, row.valid_until_on
                )
            )
    return entries


@once
def panel(organisation_id: str, category: str, region: str, on: date, unit: str = "") -> list[PanelEntry]:
    """The standing pool for a category on a day, by name: who may be invited without a waiver.

    An approval for one business unit counts for that unit, and where no unit is asked for.
    """
    return _entries(_cells(organisation_id, category), category, region, on, unit)


def is_qualified(supplier_id: str, category: str, region: str, on: date) -> bool:
    return bool(_entries(_cells("", category, supplier_id), category, region, on))


def panels(organisation_id: str, on: date) -> list[PanelSize]:
    """Every category with approved cells today."""
    query = (
        select(
            Qualification.category,
            func.count(),
            func.count(Qualification.supplier_id.distinct()),
            func.min(Qualification.valid_until_on),
        )
        .join(Supplier, Supplier.id == Qualification.supplier_id)
        .where(
            Qualification.organisation_id == organisation_id,
            Qualification.superseded_at.is_(None),
            Qualification.status.in_(APPROVED),
            Qualification.valid_from_on <= on,
            Qualification.valid_until_on >= on,
            Supplier.state.not_in(("blocked", "archived")),
        )
        .group_by(Qualification.category)
        .order_by(Qualification.category)
    )
    return [PanelSize(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One supplier's current cells in a part of the category tree."""

    supplier: SupplierCard
    cells: tuple[QualificationView, ...]


def matrix(actor: Actor, on: date, *, category: str = "", region: str = "", unit: str = "") -> list[MatrixRow]:
    """The qualification matrix: suppliers by name with their cells, at most 200 suppliers."""
    query = (
        select(Qualification, Supplier)
        .join(Supplier, Supplier.id == Qualification.supplier_id)
        .where(
            Qualification.organisation_id == actor.organisation_id,
            Qualification.superseded_at.is_(None),
            Supplier.state != "archived",
        )
        .order_by(Supplier.sort_key, Supplier.id, Qualification.category, Qualification.region)
    )
    if category:
        low, high = subtree(category) if is_cpv(category) else (category, category)
        query = query.where(Qualification.category.between(low, high))
    if region:
        query = query.where(Qualification.region.in_(("", region)))
    if unit:
        query = query.where(Qualification.business_unit.in_(("", unit)))
    rows: dict[str, tuple[SupplierCard, list[QualificationView]]] = {}
    for cell, supplier in db.session.execute(query.limit(2000)):
        rows.setdefault(supplier.id, (cards.card(supplier), []))[1].append(cards.qualification(cell, on))
    return [MatrixRow(card, tuple(cells)) for card, cells in list(rows.values())[:200]]
