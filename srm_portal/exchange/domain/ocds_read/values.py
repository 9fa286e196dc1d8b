"""What one OCDS release becomes: frozen values, ready for the services of the rooms that take them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from srm_portal.kernel.errors import FieldProblem
from srm_portal.kernel.money import Money

Kind = Literal["planning", "tender", "archive"]
Category = Literal["goods", "services", "works"]
Method = Literal["open", "selective", "limited", "direct"]


@dataclass(frozen=True, slots=True)
class ImportedClassification:
    scheme: str
    code: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPeriod:
    """An open end is None; `days` is a duration given without ends."""

    starts_at: datetime | None
    ends_at: datetime | None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document that is listed, never fetched. `url` is None where the address could not be trusted."""

    id: str
    section: Literal["planning", "tender", "award", "contract"]
    kind: str
    title: str
    description: str
    url: str | None
    format: str
    language: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedParty:
    """An organisation of the release, once, whatever number of times it is listed."""

    id: str
    name: str
    roles: tuple[str, ...]
    legal_name: str = ""
    also_named: tuple[str, ...] = ()
    scheme: str = ""
    identifier: str = ""
    street: str = ""
    locality: str = ""
    region: str = ""
    postal_code: str = ""
    country_name: str = ""
    contact_name: str = ""
    email: str = ""
    telephone: str = ""
    url: str | None = None
    scale: str = ""


@dataclass(frozen=True, slots=True)
class ImportedCriterion:
    """`weight` is a share (0..1) where the file gives one exactly, otherwise None."""

    kind: str
    name: str
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class ImportedLot:
    id: str
    title: str
    description: str
    status: str
    value: Money | None
    contract_period: ImportedPeriod | None
    criteria: tuple[ImportedCriterion, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """One line. `quantity` None: the file gives none, which means the line is bought as a whole."""

    id: str
    description: str
    classification: ImportedClassification | None
    additional: tuple[ImportedClassification, ...]
    quantity: Decimal | None
    unit_code: str
    unit_name: str
    unit_price: Money | None
    lot_id: str | None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedAward:
    id: str
    title: str
    description: str
    status: str
    awarded_at: datetime | None
    value: Money | None
    supplier_ids: tuple[str, ...]
    lot_ids: tuple[str, ...]
    contract_period: ImportedPeriod | None
    documents: tuple[ImportedDocument, ...]


@dataclass(frozen=True, slots=True)
class ImportedContract:
    id: str
    award_id: str
    title: str
    description: str
    status: str
    value: Money | None
    period: ImportedPeriod | None
    signed_at: datetime | None
    supplier_ids: tuple[str, ...]
    documents: tuple[ImportedDocument, ...]


@dataclass(frozen=True, slots=True)
class ImportedMilestone:
    id: str
    title: str
    kind: str
    due_at: datetime | None
    status: str


@dataclass(frozen=True, slots=True)
class ImportedBudgetLine:
    id: str
    description: str
    amount: Money | None
    period: ImportedPeriod | None


@dataclass(frozen=True, slots=True)
class ImportedRelease:
    """One release that may go in.

    `warnings` name what was mended or left out, `ignored` the paths that say something the portal has no place for.
    """

    row: int
    kind: Kind
    ocid: str
    id: str
    released_at: datetime
    tags: tuple[str, ...]
    language: str
    title: str
    description: str
    reference: str
    status: str
    buyer_id: str | None
    parties: tuple[ImportedParty, ...]
    classification: ImportedClassification | None
    additional: tuple[ImportedClassification, ...]
    category: Category | None
    method: Method | None
    method_details: str
    value: Money | None
    min_value: Money | None
    budget: Money | None
    budget_lines: tuple[ImportedBudgetLine, ...]
    tender_period: ImportedPeriod | None
    enquiry_period: ImportedPeriod | None
    contract_period: ImportedPeriod | None
    lots: tuple[ImportedLot, ...]
    items: tuple[ImportedItem, ...]
    documents: tuple[ImportedDocument, ...]
    milestones: tuple[ImportedMilestone, ...]
    awards: tuple[ImportedAward, ...]
    contracts: tuple[ImportedContract, ...]
    ignored: tuple[str, ...]
    warnings: tuple[FieldProblem, ...]

    def party(self, party_id: str | None) -> ImportedParty | None:
        return next((party for party in self.parties if party.id == party_id), None)


@dataclass(frozen=True, slots=True)
class PackageReading:
    """A whole package: what may go in, and why each of the others may not (`problems`, by row)."""

    rows: int
    imported: tuple[ImportedRelease, ...]
    problems: tuple[FieldProblem, ...]

    @property
    def refused_rows(self) -> tuple[int, ...]:
        return tuple(sorted({problem.row for problem in self.problems if problem.row is not None}))
