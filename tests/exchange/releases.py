"""A release and a project that are right in every respect; tests change the one fact they are about."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from srm_portal.exchange.domain.ocds_write import (
    ExportAward,
    ExportBid,
    ExportClassification,
    ExportContract,
    ExportCriterion,
    ExportDocument,
    ExportEnquiry,
    ExportItem,
    ExportLot,
    ExportMilestone,
    ExportParty,
    ExportProject,
    ExportPublisher,
    ExportStatistic,
)
from srm_portal.kernel.money import Money

PUBLISHER = ExportPublisher("Example Works", "ocds-a1b2c3", "https://portal.example", "https://licence.example/by")


def moment(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def tender_release(**changes: Any) -> dict[str, Any]:
    release: dict[str, Any] = {
        "ocid": "ocds-a1b2c3-001",
        "id": "001-tender",
        "date": "2026-03-01T09:00:00Z",
        "tag": ["tender"],
        "initiationType": "tender",
        "language": "en",
        "parties": [{"id": "B", "name": "Example Works", "roles": ["buyer"]}],
        "buyer": {"id": "B", "name": "Example Works"},
        "tender": {
            "id": "001",
            "title": "Gate valves",
            "description": "Valves for the cooling circuit",
            "status": "active",
            "classification": {"scheme": "CPV", "id": "42131230", "description": "Gate valves"},
            "value": {"amount": Decimal("20000.50"), "currency": "EUR"},
            "tenderPeriod": {"startDate": "2026-03-01T09:00:00Z", "endDate": "2026-03-20T12:00:00+01:00"},
            "items": [{"id": "1", "description": "DN50", "quantity": 100, "unit": {"id": "H87", "name": "piece"}}],
            "mainProcurementCategory": "goods",
            "procurementMethod": "selective",
        },
    }
    release.update(changes)
    return release


def with_tender(**changes: Any) -> dict[str, Any]:
    release = tender_release()
    release["tender"].update(changes)
    return release


def award_release(**changes: Any) -> dict[str, Any]:
    release = with_tender(status="complete")
    release.update(
        tag=["award"],
        date="2026-04-10T09:00:00Z",
        awards=[
            {
                "id": "A1",
                "status": "active",
                "date": "2026-04-01T00:00:00Z",
                "value": {"amount": 18500, "currency": "EUR"},
                "suppliers": [{"id": "S", "name": "Valve Makers"}],
            }
        ],
    )
    release["parties"].append({"id": "S", "name": "Valve Makers", "roles": ["supplier"]})
    release.update(changes)
    return release


def planning_release(**changes: Any) -> dict[str, Any]:
    release = with_tender(status="planning")
    release.update(
        tag=["planning"],
        planning={
            "rationale": "The circuit is renewed",
            "budget": {"amount": {"amount": 25000, "currency": "EUR"}},
            "milestones": [{"id": "1", "title": "Market day", "type": "engagement", "dueDate": "2026-03-10T00:00:00Z"}],
        },
    )
    release.update(changes)
    return release


def package(*releases: object) -> dict[str, object]:
    return {"uri": "https://portal.example/1", "version": "1.1", "releases": list(releases)}


def whole_project(**changes: Any) -> ExportProject:
    """A project that went all the way, with everything an export can hold."""
    facts: dict[str, Any] = {
        "reference": "P-2026-0001",
        "title": "Gate valves",
        "changed_at": moment(28),
        "status": "complete",
        "description": "Valves for the cooling circuit",
        "rationale": "The circuit is renewed",
        "buyer": ExportParty("own", "Example Works", scheme="FR-RCS", identifier="123456789", locality="Lyon"),
        "category": "goods",
        "method": "selective",
        "method_details": "Restricted, then electronic auction",
        "classification": ExportClassification("42131230", "Gate valves"),
        "additional": (ExportClassification("42131000", "Taps, cocks and valves"),),
        "value": euros("20000.50"),
        "min_value": euros("15000"),
        "budget": euros("25000"),
        "tender_starts_at": moment(1),
        "tender_ends_at": moment(20, 12),
        "enquiries_start_at": moment(1),
        "enquiries_end_at": moment(10),
        "opened_at": moment(20, 13),
        "has_auction": True,
        "auction_url": "https://portal.example/auctions/7",
        "parties": (
            ExportParty("s1", "Valve Makers", scheme="PL-KRS", identifier="0000123456", email="sales@valves.example"),
            ExportParty("s2", "Beta Valves"),
            ExportParty("s3", "Not in this game"),
        ),
        "tenderer_keys": ("s1", "s2"),
        "lots": (ExportLot("1", "DN50", status="complete", value=euros("12000")), ExportLot("2", "DN80")),
        "items": (
            ExportItem("1", "DN50", Decimal("100.5"), "H87", "piece", euros("120.25"), lot_id="1"),
            ExportItem("2", "DN80", Decimal(40), "H87", "piece", lot_id="2"),
        ),
        "criteria": (
            ExportCriterion("C1", "Price", "price", Decimal("0.6")),
            ExportCriterion("C2", "Technical", "quality", Decimal("0.4")),
            ExportCriterion("C3", "ISO 9001", "quality", None, knock_out=True),
        ),
        "enquiries": (
            ExportEnquiry("Q1", moment(3), "Steel", "Which grade?", "316L", moment(4), author_key="s2", lot_id="1"),
        ),
        "bids": (
            ExportBid("B1", "s1", moment(19), value=euros("18500"), lot_ids=("1", "2")),
            ExportBid("B2", "s2", moment(19, 10), value=euros("19000"), lot_ids=("1",)),
        ),
        "statistics": (
            ExportStatistic("validBids", Decimal(2)),
            ExportStatistic("lowestValidBidValue", euros("18500"), lot_id="1"),
        ),
        "awards": (
            ExportAward("A1", "Both lots", "active", ("s1",), moment(24), euros("18500"), lot_ids=("1", "2"),
                        item_ids=("1", "2"), bid_id="B1"),
        ),
        "contracts": (
            ExportContract("K1", "A1", "Supply of valves", "active", ("s1",), euros("18500"), starts_at=moment(27),
                           ends_at=datetime(2027, 3, 26, tzinfo=UTC), signed_at=moment(26),
                           signatory_keys=("own", "s1"),
                           milestones=(ExportMilestone("M1", "First delivery", "delivery", moment(30)),)),
        ),
        "documents": (
            ExportDocument("D1", "biddingDocuments", "Specification", "https://portal.example/d/1.pdf",
                           format="application/pdf", language="en", published_at=moment(1)),
        ),
        "planning_documents": (ExportDocument("D0", "needsAssessment", "Need"),),
        "milestones": (ExportMilestone("T1", "Site visit", "engagement", moment(5), moment(5), "met"),),
    }  # fmt: skip
    facts.update(changes)
    return ExportProject(**facts)
