"""What an imported project said where it came from, ready to be written again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast, get_args

from srm_portal.exchange.domain.ocds_write import (
    ExportAward,
    ExportClassification,
    ExportContract,
    ExportCriterion,
    ExportDocument,
    ExportMilestone,
    ExportParty,
)
from srm_portal.exchange.domain.ocds_write.values import (
    AwardStatus,
    ContractStatus,
    MilestoneKind,
    TenderStatus,
)
from srm_portal.kernel.canonical import parse_moment
from srm_portal.kernel.money import Money

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The facts of an imported release that the need does not hold. Every reference leads to one of `parties`."""

    ocid: str
    status: TenderStatus
    kind: str
    language: str
    buyer: ExportParty | None
    category: Any
    method: Any
    method_details: str
    classification: ExportClassification | None
    additional: tuple[ExportClassification, ...]
    value: Money | None
    min_value: Money | None
    budget: Money | None
    tender: Period
    enquiries: Period
    contract: Period
    criteria: tuple[ExportCriterion, ...]
    parties: tuple[ExportParty, ...]
    awards: tuple[ExportAward, ...]
    contracts: tuple[ExportContract, ...]
    planning_documents: tuple[ExportDocument, ...]
    documents: tuple[ExportDocument, ...]
    milestones: tuple[ExportMilestone, ...]


def said(source: Json) -> Said:
    """Read `source` of a project that was imported from OCDS."""
    release: Json = source["release"]
    parties = {party["id"]: _party(party) for party in release.get("parties", ())}
    awards = tuple(_award(award) for award in release.get("awards", ()))
    known = {award.id: award for award in awards}
    return Said(
        ocid=release["ocid"],
        status=_code(release.get("status"), TenderStatus, "planning"),
        kind=source.get("kind", ""),
        language=release.get("language", ""),
        buyer=parties.get(release.get("buyer_id", "")),
        category=release.get("category"),
        method=release.get("method"),
        method_details=release.get("method_details", ""),
        classification=_classification(release.get("classification")),
        additional=tuple(one for item in release.get("additional", ()) if (one := _classification(item))),
        value=_money(release.get("value")),
        min_value=_money(release.get("min_value")),
        budget=_money(release.get("budget")),
        tender=_period(release.get("tender_period")),
        enquiries=_period(release.get("enquiry_period")),
        contract=_period(release.get("contract_period")),
        criteria=tuple(_criteria(release)),
        parties=tuple(parties.values()),
        awards=awards,
        contracts=tuple(
            _contract(one, known[one["award_id"]])
            for one in release.get("contracts", ())
            if one.get("award_id") in known
        ),
        planning_documents=_documents(release, "planning"),
        documents=_documents(release, "tender"),
        milestones=tuple(_milestone(one) for one in release.get("milestones", ()) if one.get("id")),
    )


def _criteria(release: Json) -> Iterator[ExportCriterion]:
    """Lots have numbers in the portal, in the order in which the release listed them."""
    for number, lot in enumerate(release.get("lots", ()), start=1):
        for place, one in enumerate(lot.get("criteria", ()), start=1):
            kind: Any = one.get("kind") if one.get("kind") in ("price", "cost", "quality") else "quality"
            weight = Decimal(one["weight"]) if "weight" in one else None
            yield ExportCriterion(f"{number}-{place}", one.get("name", ""), kind, weight, lot_id=str(number))


def _code(value: Any, codes: Any, other: str) -> Any:
    return value if value in get_args(codes) else other


def _money(value: Json | None) -> Money | None:
    return Money(Decimal(value["amount"]), value["currency"]) if value else None


def _moment(value: str | None) -> datetime | None:
    return parse_moment(value) if value else None


def _period(value: Json | None) -> Period:
    return Period(_moment(value.get("starts_at")), _moment(value.get("ends_at"))) if value else Period()


def _classification(value: Json | None) -> ExportClassification | None:
    if not value or not value.get("code"):
        return None
    return ExportClassification(value["code"], value.get("description", ""), value.get("scheme") or "CPV")


def _party(party: Json) -> ExportParty:
    texts = ("legal_name", "scheme", "identifier", "street", "locality", "region", "postal_code", "country_name",
             "contact_name", "email", "telephone")  # fmt: skip
    known = {name: party.get(name, "") for name in texts}
    return ExportParty(key=party["id"], name=party["name"], url=party.get("url"), **known)


def _documents(holder: Json, section: str) -> tuple[ExportDocument, ...]:
    """Ids that stand twice get a number, because a list of documents is one of unique ids."""
    found: dict[str, ExportDocument] = {}
    for entry in holder.get("documents", ()):
        if entry.get("section") != section:
            continue
        key = name = entry.get("id") or entry.get("title") or "document"
        number = 1
        while key in found:
            number += 1
            key = f"{name}-{number}"
        found[key] = ExportDocument(
            id=key,
            kind=entry.get("kind", ""),
            title=entry.get("title", ""),
            url=entry.get("url"),
            description=entry.get("description", ""),
            format=entry.get("format", ""),
            language=entry.get("language", ""),
            published_at=_moment(entry.get("published_at")),
        )
    return tuple(found.values())


def _milestone(entry: Json) -> ExportMilestone:
    kind = cast(MilestoneKind, _code(entry.get("kind"), MilestoneKind, ""))
    status = entry.get("status")
    known: Any = status if status in ("scheduled", "met", "notMet", "partiallyMet") else "scheduled"
    return ExportMilestone(entry["id"], entry.get("title", ""), kind, _moment(entry.get("due_at")), status=known)


def _award(entry: Json) -> ExportAward:
    """Lots of the portal have numbers of their own, so an award of elsewhere does not name any."""
    period = _period(entry.get("contract_period"))
    return ExportAward(
        id=entry["id"],
        title=entry.get("title", ""),
        status=cast(AwardStatus, _code(entry.get("status"), AwardStatus, "active")),
        supplier_keys=tuple(entry.get("supplier_ids", ())),
        decided_at=_moment(entry.get("awarded_at")),
        value=_money(entry.get("value")),
        description=entry.get("description", ""),
        contract_starts_at=period.starts_at,
        contract_ends_at=period.ends_at,
        documents=_documents(entry, "award"),
    )


def _contract(entry: Json, award: ExportAward) -> ExportContract:
    period = _period(entry.get("period"))
    return ExportContract(
        id=entry["id"],
        award_id=award.id,
        title=entry.get("title", ""),
        status=cast(ContractStatus, _code(entry.get("status"), ContractStatus, "active")),
        supplier_keys=tuple(entry.get("supplier_ids", ())) or award.supplier_keys,
        value=_money(entry.get("value")),
        description=entry.get("description", ""),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        signed_at=_moment(entry.get("signed_at")),
        documents=_documents(entry, "contract"),
    )
