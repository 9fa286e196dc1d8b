"""What others may know of suppliers: views built field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from srm_portal.kernel.period import Validity
from srm_portal.suppliers.domain.performance import DIMENSIONS
from srm_portal.suppliers.domain.places import Point
from srm_portal.suppliers.domain.qualification import state_on
from srm_portal.suppliers.models import Performance, Qualification, Supplier, SupplierContact


@dataclass(frozen=True, slots=True)
class SupplierCard:
    """The little that other rooms show beside their own facts."""

    id: str
    organisation_id: str
    reference: str
    name: str
    country: str
    region: str
    city: str
    state: str
    score: int | None
    place: Point | None
    email_domain: str
    state_reason: str


@dataclass(frozen=True, slots=True)
class SupplierView:
    id: str
    organisation_id: str
    reference: str
    name: str
    legal_name: str
    country: str
    region: str
    city: str
    postcode: str
    street: str
    place: Point | None
    vat: str
    lei: str
    registration_number: str
    iban_masked: str
    website: str
    email_domain: str
    phone: str
    note: str
    state: str
    state_reason: str
    score: int | None
    source: str
    created_at: datetime
    version: int
    categories: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    id: str
    supplier_id: str
    name: str
    email: str
    phone: str
    role: str
    language: str
    user_id: str | None
    version: int


@dataclass(frozen=True, slots=True)
class QualificationView:
    """One cell; `state` is what it is worth on the day that was asked for."""

    id: str
    supplier_id: str
    category: str
    region: str
    business_unit: str
    status: str
    state: str
    score: int | None
    scores: dict[str, int]
    valid_from_on: date | None
    valid_until_on: date | None
    asked_by: str
    asked_name: str
    asked_at: datetime
    decided_by: str | None
    decided_name: str
    decided_at: datetime | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class PerformanceView:
    period: str
    marks: tuple[tuple[str, int | None], ...]
    overall: int
    note: str
    source: str
    facts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """A supplier that may answer for a category without a waiver, and the cell that says so."""

    supplier: SupplierCard
    cell_id: str
    category: str
    region: str
    status: str
    score: int | None
    valid_until_on: date | None


def place_of(row: Supplier) -> Point | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Point(row.latitude, row.longitude)


def card(row: Supplier) -> SupplierCard:
    return SupplierCard(
        row.id,
        row.organisation_id,
        row.reference,
        row.name,
        row.country,
        row.region,
        row.city,
        row.state,
        row.score,
        place_of(row),
        row.email_domain,
        row.state_reason,
    )


def contact(row: SupplierContact) -> ContactView:
    return ContactView(
        row.id, row.supplier_id, row.name, row.email, row.phone, row.role, row.language, row.user_id, row.version
    )


def qualification(row: Qualification, on: date) -> QualificationView:
    return QualificationView(
        row.id,
        row.supplier_id,
        row.category,
        row.region,
        row.business_unit,
        row.status,
        state_on(row.status, Validity(row.valid_from_on, row.valid_until_on), on),
        row.score,
        dict(row.scores or {}),
        row.valid_from_on,
        row.valid_until_on,
        row.asked_by,
        row.asked_name,
        row.asked_at,
        row.decided_by,
        row.decided_name,
        row.decided_at,
        row.reason,
        row.version,
    )


def performance(row: Performance) -> PerformanceView:
    marks = tuple((name, getattr(row, name)) for name in DIMENSIONS)
    return PerformanceView(row.period, marks, row.overall, row.note, row.source, tuple(row.facts or ()))
