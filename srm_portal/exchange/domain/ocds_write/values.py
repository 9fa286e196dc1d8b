"""What an export needs to know of a project, whichever rooms it comes from. Only what may be published belongs here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from srm_portal.kernel.money import Money

TenderStatus = Literal["planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"]
AwardStatus = Literal["pending", "active", "cancelled", "unsuccessful"]
MilestoneKind = Literal["preProcurement", "approval", "engagement", "assessment", "delivery", "reporting", ""]
ContractStatus = Literal["pending", "active", "cancelled", "terminated"]
BidStatus = Literal["invited", "pending", "valid", "disqualified", "withdrawn"]
Measure = Literal[
    "requests", "bids", "validBids", "lowestValidBidValue", "highestValidBidValue", "bidders", "qualifiedBidders",
    "disqualifiedBidders", "electronicBids",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportPublisher:
    """Who publishes, under which registered prefix ("ocds-b5fd17") and address of the portal."""

    name: str
    ocid_prefix: str
    base_url: str
    license_url: str | None = None


@dataclass(frozen=True, slots=True)
class ExportClassification:
    code: str
    description: str = ""
    scheme: str = "CPV"


@dataclass(frozen=True, slots=True)
class ExportParty:
    """`key` is the portal's own id of the organisation; scheme and identifier are those of a register, if known."""

    key: str
    name: str
    legal_name: str = ""
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


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """`url` None: listed but not published. `kind` is a code of OCDS' documentType list."""

    id: str
    kind: str
    title: str
    url: str | None = None
    description: str = ""
    format: str = ""
    language: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportMilestone:
    id: str
    title: str
    kind: MilestoneKind = ""
    due_at: datetime | None = None
    met_at: datetime | None = None
    status: Literal["scheduled", "met", "notMet", "partiallyMet"] = "scheduled"


@dataclass(frozen=True, slots=True)
class ExportCriterion:
    """`weight` is a share of 1 inside its lot; a knock-out has none and must be fulfilled."""

    id: str
    name: str
    kind: Literal["price", "cost", "quality"]
    weight: Decimal | None
    description: str = ""
    knock_out: bool = False
    lot_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExportLot:
    id: str
    title: str
    description: str = ""
    status: TenderStatus = "active"
    value: Money | None = None
    contract_starts_at: datetime | None = None
    contract_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportItem:
    """One line. `unit_code` is a UN/CEFACT Recommendation 20 code."""

    id: str
    description: str
    quantity: Decimal | None = None
    unit_code: str = ""
    unit_name: str = ""
    unit_price: Money | None = None
    classification: ExportClassification | None = None
    lot_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExportEnquiry:
    """A clarification as published: the asking supplier is named only where that was published too."""

    id: str
    asked_at: datetime
    title: str
    question: str
    answer: str = ""
    answered_at: datetime | None = None
    author_key: str | None = None
    lot_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExportBid:
    """An opened offer, or the last bid of an auction."""

    id: str
    tenderer_key: str
    submitted_at: datetime | None = None
    status: BidStatus = "valid"
    value: Money | None = None
    lot_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportStatistic:
    """A count, or an amount with its currency."""

    measure: Measure
    value: Decimal | Money
    lot_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExportAward:
    id: str
    title: str
    status: AwardStatus
    supplier_keys: tuple[str, ...]
    decided_at: datetime | None = None
    value: Money | None = None
    description: str = ""
    lot_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    bid_id: str | None = None
    contract_starts_at: datetime | None = None
    contract_ends_at: datetime | None = None
    documents: tuple[ExportDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportContract:
    id: str
    award_id: str
    title: str
    status: ContractStatus
    supplier_keys: tuple[str, ...]
    value: Money | None = None
    description: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    signed_at: datetime | None = None
    signatory_keys: tuple[str, ...] = ()
    documents: tuple[ExportDocument, ...] = ()
    milestones: tuple[ExportMilestone, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportProject:
    """A sourcing project as it may be published. `changed_at` dates the release: no clock is read, bytes repeat."""

    reference: str
    title: str
    changed_at: datetime
    status: TenderStatus
    buyer: ExportParty
    language: str = "en"
    description: str = ""
    rationale: str = ""
    category: Literal["goods", "services", "works"] | None = None
    method: Literal["open", "selective", "limited", "direct"] | None = None
    method_details: str = ""
    classification: ExportClassification | None = None
    additional: tuple[ExportClassification, ...] = ()
    value: Money | None = None
    min_value: Money | None = None
    budget: Money | None = None
    tender_starts_at: datetime | None = None
    tender_ends_at: datetime | None = None
    enquiries_start_at: datetime | None = None
    enquiries_end_at: datetime | None = None
    opened_at: datetime | None = None
    contract_starts_at: datetime | None = None
    contract_ends_at: datetime | None = None
    has_auction: bool = False
    auction_url: str | None = None
    parties: tuple[ExportParty, ...] = ()
    tenderer_keys: tuple[str, ...] = ()
    lots: tuple[ExportLot, ...] = ()
    items: tuple[ExportItem, ...] = ()
    criteria: tuple[ExportCriterion, ...] = ()
    enquiries: tuple[ExportEnquiry, ...] = ()
    bids: tuple[ExportBid, ...] = ()
    statistics: tuple[ExportStatistic, ...] = ()
    awards: tuple[ExportAward, ...] = ()
    contracts: tuple[ExportContract, ...] = ()
    planning_documents: tuple[ExportDocument, ...] = ()
    documents: tuple[ExportDocument, ...] = ()
    milestones: tuple[ExportMilestone, ...] = ()
    imported_ocid: str | None = None
